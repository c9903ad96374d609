"""Sums and extremes over groups of rows, without a Python loop where groups are alike in size.

Nor a matrix product: that would start threads for a few thousand additions, and its last
digits would depend on the size of the block.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array

MOST_SPARE = 64  # rows of padding; more cost more than a loop over the groups


class Groups:
    """Rows that belong to groups: gathered by group, then reduced in one call.

    Args:
        count: number of groups.
        belongs: group of each row, (rows,).
    """

    def __init__(self, count: int, belongs: npt.ArrayLike) -> None:
        self.count = count
        self.belongs = np.asarray(belongs, dtype=int)
        self.present = np.unique(self.belongs)
        rows = [np.flatnonzero(self.belongs == group) for group in self.present]
        width = max((len(row) for row in rows), default=0)
        # Short groups are filled up with one more row, which holds the neutral element.
        spare = len(self.belongs)
        filled = [np.pad(row, (0, width - len(row)), constant_values=spare) for row in rows]
        self.table = np.array(filled, dtype=int).reshape(len(rows), width)
        uneven = self.table.size - spare > MOST_SPARE
        self.alone = list(zip(self.present.tolist(), rows, strict=True)) if uneven else []

    def sum(self, values: Array) -> Array:
        """Sum of each group's rows, (groups, members)."""
        return self._reduce(np.add, values, 0.0, 0.0)

    def minimum(self, values: Array, empty: float) -> Array:
        """Smallest row of each group, (groups, members); ``empty`` for one without rows."""
        return self._reduce(np.minimum, values, np.inf, empty)

    def maximum(self, values: Array, empty: float) -> Array:
        """Largest row of each group, (groups, members); ``empty`` for one without rows."""
        return self._reduce(np.maximum, values, -np.inf, empty)

    def spread(self, values: Array) -> Array:
        """Each row's value of its group, (rows, members)."""
        return values[self.belongs]

    def _reduce(self, ufunc: np.ufunc, values: Array, neutral: float, empty: float) -> Array:
        out = np.full((self.count, values.shape[-1]), empty)
        for group, row in self.alone:
            ufunc.reduce(values[row], axis=0, out=out[group])
        if len(self.present) and not self.alone:
            filler = np.full((1, values.shape[-1]), neutral)
            rows = np.concatenate([values, filler])[self.table]
            out[self.present] = ufunc.reduce(rows, axis=1)
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
