"""How several measures close the same thing, and how long it stays open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.policy.timing import DAYS_PER_MONTH, NEVER, Phase, Span
from sim.world.calendar import Array, Calendar, Mask

Stamps = tuple[int, ...]
Announced = tuple[Phase, Span, Mask]


def sealed(values: Array, shape: tuple[int, ...]) -> Array:
    """A read-only view of ``values`` in full shape: answers are kept and shared."""
    view = np.broadcast_to(values, shape)
    view.flags.writeable = False
    return view


class Kept:
    """An answer kept as long as the arrays that it follows from are the same ones."""

    def __init__(self) -> None:
        self._given: tuple[Array, ...] = ()
        self._answer: Any = None

    def of[Answer: npt.NDArray[Any]](self, answer: Callable[..., Answer], *given: Array) -> Answer:
        """The answer to ``given``, read-only; arrays are compared by identity."""
        same = len(given) == len(self._given) and all(map(is_, given, self._given))
        if self._answer is None or not same:
            self._given, self._answer = given, answer(*given)
            self._answer.flags.writeable = False
        kept: Answer = self._answer
        return kept


@dataclass
class Entry:
    """One measure's part in a closure."""

    span: Span
    pattern: Array  # share closed while fully in force, (*shape, 1 or members)


@dataclass
class Closures:
    """Closed shares [0..1] of one thing under all measures that bear on it.

    Measures with the same ``basis`` close the same part of it, so the strictest counts.
    Parts closed on different bases are independent of each other: 1 - prod(1 - closed).
    With ``combine="sum"`` they are different parts (countries of a region) and add up.

    Args:
        shape: shape of the answer, the member axis last.
    """

    shape: tuple[int, ...]
    combine: Literal["union", "sum"] = "union"
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    _known: tuple[Stamps, Array] | None = None
    _asked: int | None = None  # month of the answer, until a measure's dates are set anew

    def add(self, span: Span, pattern: Array, basis: str) -> None:
        """Enter a measure that closes the share ``pattern`` while it is in force."""
        self.entries.setdefault(basis, []).append(Entry(span, pattern))
        span.followers.append(self.look_again)
        self.look_again()

    def look_again(self) -> None:
        """Compare stamps before the next answer."""
        self._asked = None

    def stamps(self, month: int) -> Stamps:
        """Equal stamps mean an equal answer."""
        return tuple([e.span.stamps[month] for part in self.entries.values() for e in part])

    def at(self, month: int) -> Array:
        """Closed share in a month, read-only, ``shape``; the same array until it changes."""
        if self._known is None or self._asked != month:
            stamps = self.stamps(month)
            if self._known is None or self._known[0] != stamps:
                self._known = (stamps, sealed(self._closed(month), self.shape))
            self._asked = month
        return self._known[1]

    def _closed(self, month: int) -> Array:
        parts = [p for p in (_strictest(part, month) for part in self.entries.values()) if p.size]
        if not parts:
            return np.zeros(1)
        if len(parts) == 1:
            return parts[0]
        if self.combine == "sum":
            return np.minimum(sum(parts[1:], parts[0]), 1.0)
        left = 1.0 - parts[0]
        for part in parts[1:]:
            left = left * (1.0 - part)
        return 1.0 - left


def _strictest(entries: list[Entry], month: int) -> Array:
    """Largest closed share among measures of one basis; empty if none is in force."""
    found = np.empty(0)
    for entry in entries:
        if entry.span.active[month]:
            closed = entry.pattern * entry.span.shares[month]
            found = np.maximum(found, closed) if found.size else closed
    return found


@dataclass
class Announcements:
    """Closures that are known but not yet in force: when they come, how long they leave."""

    calendar: Calendar
    shape: tuple[int, ...]
    entries: list[Announced] = field(default_factory=list)
    windows: Closures = field(init=False)
    _edges: Array = field(init=False)
    _known: tuple[Stamps, int, Array] | None = None

    def __post_init__(self) -> None:
        self.windows = Closures(self.shape)
        self._edges = self.calendar.edges.astype(float)

    def add(self, phase: Phase, delay: Array | float, pattern: Array) -> Span:
        """Enter a measure that closes the part of ``shape`` where ``pattern`` is positive."""
        span = Span(self.calendar, phase, delay, window=True)
        reached = (pattern > 0).any(axis=-1, keepdims=True)
        self.windows.add(span, reached.astype(float), "window")
        self.entries.append((phase, span, reached))
        return span

    def window(self, month: int) -> Array:
        """Share of the month's days announced and still open, read-only, ``shape``."""
        return self.windows.at(month)

    def months(self, month: int, closures: Closures) -> Array:
        """Months from mid-month to the next announced closing, read-only, ``shape``.

        0 where all is closed, or some is and no more is announced; inf where nothing is.
        """
        pending = [entry for entry in self.entries if entry[1].active[month]]
        when = month if pending else -1
        stamps = closures.stamps(month)
        if self._known is None or self._known[:2] != (stamps, when):
            answer = sealed(self._months(month, closures.at(month), pending), self.shape)
            self._known = (stamps, when, answer)
        return self._known[2]

    def _months(self, month: int, closed: Array, pending: list[Announced]) -> Array:
        left = np.full((1,), NEVER)
        for phase, span, reached in pending:
            left = np.minimum(left, np.where(reached, self._left(month, phase, span), NEVER))
        now = np.where(closed > 0, 0.0, NEVER)
        return np.where((closed > 0.999) | np.isinf(left), now, left)

    def _left(self, month: int, phase: Phase, span: Span) -> Array:
        begin, end = self._edges[month], self._edges[month + 1]
        days = phase.effective + span.delay - (begin + end) / 2
        coming = (phase.announced < end) & (days > 0) & (phase.ended > begin)
        return np.where(coming, days / DAYS_PER_MONTH, NEVER)
