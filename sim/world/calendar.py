"""Real dates: the months of a run, and the share of each month that a period covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month_number: int) -> date:
    return date(month_number // 12, month_number % 12 + 1, 1)


@dataclass(frozen=True)
class Calendar:
    """The months from ``start`` to ``end``, both included; month 0 holds ``start``.

    Raises:
        ValueError: if ``end`` lies before ``start``.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if _month_number(self.end) < _month_number(self.start):
            raise ValueError(f"end {self.end} lies before start {self.start}")

    @property
    def months(self) -> int:
        """Number of months in the run."""
        return _month_number(self.end) - _month_number(self.start) + 1

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Ordinal of the first day of each month and of the month after, (months + 1,)."""
        first = _month_number(self.start)
        days = [_first_day(first + k).toordinal() for k in range(self.months + 1)]
        edges = np.array(days)
        edges.flags.writeable = False  # shared by all who ask
        return edges

    def month_of(self, day: date) -> int:
        """Index of the month that holds ``day``; may lie outside the run."""
        return _month_number(day) - _month_number(self.start)

    def first_day(self, month: int) -> date:
        """First day of month ``month``."""
        return _first_day(_month_number(self.start) + month)

    def label(self, month: int) -> str:
        """Month as ``2020-05``."""
        return self.first_day(month).strftime("%Y-%m")

    def shares(self, begins: npt.ArrayLike, ends: npt.ArrayLike) -> Array:
        """Share of each month's days in [begins, ends), shape (months, *begins.shape).

        Args:
            begins: ordinals of the first day that counts.
            ends: ordinals of the first day that no longer counts.
        """
        left, right = np.asarray(begins, dtype=float), np.asarray(ends, dtype=float)
        edges = self.edges.reshape(-1, *([1] * max(left.ndim, right.ndim)))
        covered = np.minimum(edges[1:], right) - np.maximum(edges[:-1], left)
        return np.clip(covered, 0.0, None) / np.asarray(edges[1:] - edges[:-1], dtype=np.float64)

    def monthly(self, values: Mapping[int, float]) -> Array:
        """A yearly path read at the middle of each month, (months,); flat outside its years."""
        years = np.array(sorted(values), dtype=float)
        known = np.array([values[int(year)] for year in years])
        return np.interp(self._mid_months(), years + 0.5, known)

    def _mid_months(self) -> Array:
        first = _month_number(self.start)
        return np.asarray((first + np.arange(self.months) + 0.5) / 12.0, dtype=np.float64)
