"""The books: every chip and every yuan has a place, and the books balance every month.

Chips live in one array (holder, item, origin, member). They enter by :meth:`Ledger.make`,
move between holders, and leave by :meth:`Ledger.use`, :meth:`Ledger.forfeit` or
:meth:`Ledger.hand_over`. Money only moves between accounts. Nothing else may change either array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sim.world.calendar import Array

ORIGINS = ("direct", "licensed", "domestic", "rerouted")
"""How a chip was obtained: open sale, licensed sale, made at home, through a front."""
HOLDERS = ("transit", "firm")
TOLERANCE = 1e-9

Holder = Literal["transit", "firm"]


class LedgerError(ValueError):
    """A movement of something that is not there, or books that do not balance."""


def balanced(gap: Array, size: Array) -> bool:
    """Whether a gap [>= 0] is no more than rounding of amounts of some size, in their unit."""
    # The usual month needs no scale.
    return bool((gap <= TOLERANCE).all() or (gap <= TOLERANCE * (1.0 + size)).all())


@dataclass
class Ledger:
    """Chips by holder, item and origin [m units] and money by account [bn CNY].

    Args:
        items: names of the items.
        accounts: names of the accounts; "rest" is the world outside.
        members: number of members.
    """

    items: Sequence[str]
    accounts: Sequence[str]
    members: int
    chips: Array = field(init=False)  # (holder, item, origin, member)
    made: Array = field(init=False)  # cumulative, (item, origin, member)
    used: Array = field(init=False)
    forfeited: Array = field(init=False)
    handed_over: Array = field(init=False)  # with a unit that was sold
    money: Array = field(init=False)  # (account, member)
    opening: Array = field(init=False)  # sum of money at the start, (member,)

    def __post_init__(self) -> None:
        shape = (len(self.items), len(ORIGINS), self.members)
        self.chips = np.zeros((len(HOLDERS), *shape))
        self.made, self.used, self.forfeited = (np.zeros(shape) for _ in range(3))
        self.handed_over = np.zeros(shape)
        self._totals: dict[str, Array] = {}
        self.money = np.zeros((len(self.accounts), self.members))
        self.opening = np.zeros(self.members)

    def make(self, holder: Holder, amount: Array) -> None:
        """New chips come into the books; ``amount`` (item, origin, member)."""
        self._no_negative(amount, "make")
        self._totals.clear()
        self.chips[HOLDERS.index(holder)] += amount
        self.made += amount

    def move(self, giver: Holder, taker: Holder, amount: Array, why: str) -> None:
        """Chips change hands; ``amount`` (item, origin, member).

        Raises:
            LedgerError: if the giver does not hold them.
        """
        self._take(giver, amount, why)
        self.chips[HOLDERS.index(taker)] += amount

    def forfeit(self, amount: Array) -> None:
        """Chips under way that the law stops; the maker keeps them."""
        self._take("transit", amount, "forfeit")
        self.forfeited += amount

    def hand_over(self, share: Array) -> None:
        """A ``share`` of the firm's stock [0..1], (item, member), goes to whom it sold a unit."""
        amount = self.stock() * share[:, None]
        self._take("firm", amount, "hand_over")
        self.handed_over += amount

    def use(self, amount: Array) -> Array:
        """The firm builds in ``amount`` (item, member), drawn on origins in proportion.

        Returns:
            What was drawn, by origin (item, origin, member).
        """
        self._no_negative(amount, "use")
        held, total = self.stock(), self.total()
        self._totals.clear()
        share = held / np.maximum(total, 1e-300)[:, None]
        drawn = share * np.minimum(amount, total)[:, None]
        self._refuse(amount - total, "use", "firm", total)
        np.subtract(held, drawn, out=held)
        np.maximum(held, 0.0, out=held)
        self.used += drawn
        return drawn

    def stock(self, holder: Holder = "firm") -> Array:
        """What a holder has, (item, origin, member)."""
        return self.chips[HOLDERS.index(holder)]

    def total(self, holder: Holder = "firm") -> Array:
        """What a holder has of all origins, (item, member); shared, not to be changed."""
        if holder not in self._totals:
            self._totals[holder] = self.chips[HOLDERS.index(holder)].sum(axis=1)
        return self._totals[holder]

    def open_account(self, account: str, amount: Array) -> None:
        """Money an account starts with [bn CNY]."""
        self.money[self.accounts.index(account)] += amount
        self.opening += amount

    def pay(self, payer: str, payee: str, amount: Array) -> None:
        """Money changes accounts [bn CNY], (member,); debt is allowed, creation is not."""
        self.money[self.accounts.index(payer)] -= amount
        self.money[self.accounts.index(payee)] += amount

    def account(self, name: str) -> Array:
        """Balance of an account [bn CNY], (member,)."""
        return self.money[self.accounts.index(name)]

    def assert_balanced(self) -> None:
        """Check that nothing appeared or vanished.

        Raises:
            LedgerError: naming the item or the money and the size of the gap.
        """
        left = self.used + self.forfeited + self.handed_over
        gap = np.abs(self.made - left - self.chips.sum(axis=0))
        if not balanced(gap, self.made):
            scale = TOLERANCE * (1.0 + self.made)
            item = self.items[int(np.argmax((gap / scale).max(axis=(1, 2))))]
            raise LedgerError(f"{item}: {gap.max():.3g} m units appeared or vanished")
        if not (self.chips >= -TOLERANCE).all():
            raise LedgerError("somebody holds less than nothing")
        drift = np.abs(self.money.sum(axis=0) - self.opening)
        if not (drift <= TOLERANCE * (1.0 + np.abs(self.money).max(axis=0))).all():
            raise LedgerError(f"{drift.max():.3g} bn CNY appeared or vanished")

    def _take(self, giver: Holder, amount: Array, why: str) -> None:
        held = self.chips[HOLDERS.index(giver)]
        self._no_negative(amount, why)
        self._refuse(amount - held, why, giver, held)
        self._totals.clear()
        np.subtract(held, amount, out=held)
        np.maximum(held, 0.0, out=held)

    def _refuse(self, excess: Array, why: str, giver: str, held: Array) -> None:
        if (excess > TOLERANCE).any() and (excess > TOLERANCE * (1.0 + held)).any():
            item = self.items[int(np.argmax(excess.reshape(len(self.items), -1).max(axis=1)))]
            raise LedgerError(
                f"{giver} cannot give {excess.max():.3g} m more {item} ({why}) than it holds"
            )

    def _no_negative(self, amount: Array, why: str) -> None:
        if not (amount >= 0).all():
            raise LedgerError(f"{why}: an amount is negative or not a number")
