"""Sums and extremes over groups of rows, in few array calls whatever the sizes of the groups.

No matrix product: that would start threads for a few thousand additions, and its last digits
would depend on the size of the block.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array

Places = npt.NDArray[np.int64]
Rows = slice | Places


class Groups:
    """Rows that belong to groups: gathered once, then reduced layer by layer.

    The first layer holds one row of each group, large groups first; the second one more row of
    each group that has two; and so on, so that every layer is a slice of the rows gathered.

    Args:
        count: number of groups.
        belongs: group of each row, (rows,).
    """

    def __init__(self, count: int, belongs: npt.ArrayLike) -> None:
        self.count = count
        self.belongs = np.asarray(belongs, dtype=int)
        sizes = np.bincount(self.belongs, minlength=count)
        self.by_size = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
        place = np.empty(count, dtype=int)
        place[self.by_size] = np.arange(len(self.by_size))
        self.order = np.lexsort((place[self.belongs], _places_within(self.belongs, sizes)))
        ends = np.cumsum([np.count_nonzero(sizes > k) for k in range(sizes.max(initial=0))])
        self.layers = list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
        self._parts: dict[bytes, tuple[Places, Groups]] = {}
        self.everywhere = place if len(self.by_size) == count else None  # no group is empty

    def sum(self, values: Array) -> Array:
        """Sum of each group's rows, (groups, members)."""
        return self._reduce(np.add, values, 0.0)

    def minimum(self, values: Array, empty: float) -> Array:
        """Smallest row of each group, (groups, members); ``empty`` for one without rows."""
        return self._reduce(np.minimum, values, empty)

    def maximum(self, values: Array, empty: float) -> Array:
        """Largest row of each group, (groups, members); ``empty`` for one without rows."""
        return self._reduce(np.maximum, values, empty)

    def spread[Kind: np.generic](self, values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """Each row's value of its group, (rows, members)."""
        return values.take(self.belongs, axis=0)

    def only(self, groups: Places) -> tuple[Places, Groups]:
        """The rows of some groups, in ascending order, and how these rows belong to them."""
        key = groups.tobytes()
        if key not in self._parts:
            rows = np.flatnonzero(np.isin(self.belongs, groups))
            belongs = np.searchsorted(groups, self.belongs[rows])
            self._parts[key] = rows, Groups(len(groups), belongs)
        return self._parts[key]

    @cached_property
    def by_turns(self) -> list[Places]:
        """Rows turn by turn: the first row of each group, then the second of each, and so on."""
        starts = [0, *(first for first, _ in self.layers)]
        return [self.order[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]

    def _reduce(self, ufunc: np.ufunc, values: Array, empty: float) -> Array:
        rows = values.take(self.order, axis=0)
        for first, last in self.layers:
            reduced = rows[: last - first]
            ufunc(reduced, rows[first:last], out=reduced)
        heads = rows[: len(self.by_size)]
        if self.everywhere is not None:
            return heads.take(self.everywhere, axis=0)
        out = np.full((self.count, values.shape[-1]), empty)
        out[self.by_size] = heads
        return out


class Substitutes:
    """Lines and the kinds of goods that stand in for one another in them, as (line, kind) pairs.

    Args:
        lines: number of lines.
        kinds: number of kinds.
        line: line of each pair, (pairs,).
        kind: kind of each pair, (pairs,).
    """

    def __init__(
        self, lines: int, kinds: int, line: npt.NDArray[np.int_], kind: npt.NDArray[np.int_]
    ) -> None:
        self.by_line, self.by_kind = Groups(lines, line), Groups(kinds, kind)
        pool = np.arange(lines + kinds)
        for _ in range(lines + kinds):  # what a pair connects is one pool
            for one, other in zip(line, lines + kind, strict=True):
                pool[[one, other]] = pool[[one, other]].min()
        self.lines_of_pool = Groups(lines + kinds, pool[:lines])
        self.kinds_of_pool = Groups(lines + kinds, pool[lines:])


def rows_at(positions: Sequence[int] | Places) -> Rows:
    """Index of some rows: a slice where they follow one another, for a view costs no copy."""
    places = np.asarray(positions, dtype=int)
    first = int(places[0]) if len(places) else 0
    if np.array_equal(places, np.arange(first, first + len(places))):
        return slice(first, first + len(places))
    return places


def _places_within(belongs: Places, sizes: Places) -> Places:
    """How many earlier rows belong to the same group, for each row."""
    places = np.empty(len(belongs), dtype=int)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    places[np.argsort(belongs, kind="stable")] = np.arange(len(belongs)) - first
    return places
