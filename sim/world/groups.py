"""Extremes over groups of rows, without a Python loop and without ``ufunc.at``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array


class Groups:
    """Rows sorted into groups once, so that extremes by group are one ``reduceat``.

    Args:
        count: number of groups.
        belongs: group of each row.
    """

    def __init__(self, count: int, belongs: npt.ArrayLike) -> None:
        rows = np.asarray(belongs, dtype=int)
        self.count = count
        self.order = np.argsort(rows, kind="stable")
        self.present, self.starts = np.unique(rows[self.order], return_index=True)

    def minimum(self, values: Array, empty: float) -> Array:
        """Smallest row of each group, (groups, members); ``empty`` for a group without rows."""
        return self._extreme(np.minimum, values, empty)

    def maximum(self, values: Array, empty: float) -> Array:
        """Largest row of each group, (groups, members); ``empty`` for a group without rows."""
        return self._extreme(np.maximum, values, empty)

    def _extreme(self, ufunc: np.ufunc, values: Array, empty: float) -> Array:
        out = np.full((self.count, values.shape[-1]), empty)
        if len(self.starts):
            out[self.present] = ufunc.reduceat(values[self.order], self.starts, axis=0)
        return out
