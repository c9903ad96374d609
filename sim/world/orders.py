"""Orders under way: what was started when, and falls due after the route's lead time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array
from sim.world.ledger import LedgerError, balanced


class OrderBook:
    """A ring of months by route; ``kinds`` keeps apart what the law treats differently.

    Args:
        lead: months from start to delivery of each route, (routes,).
        kinds: number of kinds kept apart (usual and licensed).
        members: number of members.
    """

    def __init__(self, lead: npt.NDArray[np.int64], kinds: int, members: int) -> None:
        self.lead = lead
        self.slots = int(lead.max()) + 1
        self.started = np.zeros((len(lead), members))  # all that was ever started
        self.finished = np.zeros((len(lead), members))  # all that ever fell due
        self.wip = np.zeros((self.slots, kinds, len(lead), members))
        self._under_way: Array | None = None  # until something starts or falls due

    def start(self, month: int, amount: Array) -> None:
        """Start ``amount`` (kinds, routes, members) in ``month``; due after the lead time."""
        slots = (month + self.lead) % self.slots
        kinds, routes, members = amount.shape
        rows = (slots * kinds + np.arange(kinds)[:, None]) * routes + np.arange(routes)
        # One row for each slot, kind and route: whole rows are faster to find than parts of them.
        self.wip.reshape(-1, members)[rows.ravel()] += amount.reshape(-1, members)
        self.started += amount.sum(axis=0)
        self._under_way = None

    def due(self, month: int) -> Array:
        """What falls due in ``month``, (kinds, routes, members); it leaves the book."""
        slot = month % self.slots
        amount = self.wip[slot].copy()
        self.wip[slot] = 0.0
        self.finished += amount.sum(axis=0)
        self._under_way = None
        return amount

    def under_way(self) -> Array:
        """Everything started and not yet due, (routes, members); not to be changed."""
        if self._under_way is None:
            self._under_way = self._count()
        return self._under_way

    def _count(self) -> Array:
        counted = self.wip.sum(axis=(0, 1))
        counted.flags.writeable = False  # shared by all who ask
        return counted

    def assert_balanced(self, what: str) -> None:
        """Check that what was started is finished or under way.

        Raises:
            LedgerError: naming ``what`` and the size of the gap.
        """
        gap = np.abs(self.started - self.finished - self.under_way())
        if not balanced(gap, self.started):
            raise LedgerError(f"{gap.max():.3g} {what} appeared or vanished")
