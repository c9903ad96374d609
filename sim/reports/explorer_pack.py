"""The numbers of an explorer: bands of every scenario, and members to subtract pair by pair.

Scenarios share many of their years (a control of 2024 changes nothing in 2020), so each
chart keeps a table of different years and, for each scenario and period, the row it shows.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.outcomes.summary import PROBS, member_quantiles
from sim.world.calendar import Array

MISSING = 65_535  # stands for a member without a number
STEPS = MISSING - 1
_SAME = 1e-7  # of the largest number: closer than that counts as the same year
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """One chart's numbers.

    Args:
        index: row of each scenario and period, (scenarios, periods).
        bands: quantiles of all members, (rows, quantiles).
        members: every member, (rows, members).
    """

    index: Places
    bands: Array
    members: Array

    @property
    def rows(self) -> int:
        """Number of different years."""
        return len(self.bands)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest number of any member."""
        known = self.members[~np.isnan(self.members)]
        return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def make_table(values: Array) -> Table:
    """The table of one chart.

    Args:
        values: (scenarios, members, periods).
    """
    scenarios, members, periods = values.shape
    rows = np.moveaxis(values, 1, 2).reshape(scenarios * periods, members)
    size = np.nanmax(np.abs(rows), initial=0.0) if rows.size else 0.0
    coarse = np.round(np.nan_to_num(rows, nan=-2 * size - 1) / max(size * _SAME, 1e-300))
    _, first, place = np.unique(coarse, axis=0, return_index=True, return_inverse=True)
    kept = rows[first]
    bands = np.asarray(np.moveaxis(member_quantiles(kept, PROBS), 0, -1), dtype=float)
    return Table(place.reshape(scenarios, periods), bands, kept)


def packed_bytes(tables: list[Table], members: int) -> int:
    """Size of the numbers in the page if ``members`` of every scenario are kept [bytes]."""
    raw = sum(t.rows * (2 * members + 4 * len(PROBS)) + 2 * t.index.size for t in tables)
    return 4 * raw // 3


def chosen(pooled: int, members: int) -> Places:
    """Places of ``members`` of all pooled ones, evenly over uncertainties and replicates."""
    return np.arange(members, dtype=np.int64) * pooled // members


def pack_table(table: Table, members: Places) -> dict[str, Any]:
    """A table as the page reads it: base64 of little-endian numbers."""
    low, high = table.range
    width = (high - low) or 1.0
    steps = np.round((table.members[:, members] - low) / width * STEPS)
    small = table.rows < MISSING
    return {
        "wide": not small,
        "index": _text(table.index, "<u2" if small else "<u4"),
        "bands": _text(table.bands, "<f4"),
        "members": _text(np.where(np.isnan(steps), MISSING, steps), "<u2"),
        "low": low,
        "step": width / STEPS,
    }


def unpack(chart: dict[str, Any], scenarios: int) -> Table:
    """What :func:`pack_table` wrote, as the page reads it; members at the page's precision."""
    index = _array(chart["index"], "<u4" if chart["wide"] else "<u2")
    bands = _array(chart["bands"], "<f4").reshape(-1, len(PROBS)).astype(float)
    steps = _array(chart["members"], "<u2").reshape(len(bands), -1).astype(float)
    members = chart["low"] + chart["step"] * np.where(steps == MISSING, np.nan, steps)
    return Table(index.reshape(scenarios, -1).astype(np.int64), bands, members)


def _text(values: npt.NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode("ascii")


def _array(text: str, dtype: str) -> npt.NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype=dtype)
