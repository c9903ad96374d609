"""Documented outcomes as points on a figure: which rows, where on the time axis, whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.dataset import TOTAL, parse_labels
from sim.outcomes.periods import Period

WEAK_GRADES = ("low", "recall")


def _same_labels(written: object, wanted: Mapping[str, str]) -> bool:
    pairs = parse_labels(written) if isinstance(written, str) else {}
    if pairs == dict(wanted):
        return True
    return not pairs and set(wanted.values()) == {TOTAL}


def rows_for(
    documented: pd.DataFrame | None, outcome: str, labels: Mapping[str, str]
) -> pd.DataFrame:
    """Documented rows of one outcome and label, in the order of the table."""
    if documented is None or documented.empty:
        return pd.DataFrame(columns=["period", "value", "low", "high", "grade", "source"])
    rows = documented[documented["outcome"] == outcome]
    return rows[[_same_labels(written, labels) for written in rows["labels"]]]


@dataclass(frozen=True)
class Point:
    """One documented figure on the time axis."""

    at: np.datetime64
    value: float
    low: float
    high: float
    weak: bool


def points(rows: pd.DataFrame, kind: str, months: int | None = None) -> list[Point]:
    """Rows as points: a stock at the end of its period, a flow or share in the middle.

    Args:
        rows: documented rows of one outcome and label.
        kind: flow, stock or share.
        months: keep only periods of this length (a yearly total fits no monthly axis).

    Raises:
        ValueError: if a row's period is none of the four forms.
    """
    found = []
    for row in rows.to_dict("records"):
        period = Period.parse(str(row["period"]))
        if months is None or period.months == months:
            found.append(_point(row, period, kind))
    return found


def _point(row: Mapping[Any, Any], period: Period, kind: str) -> Point:
    begin = period.first.astype("datetime64[D]")
    end = (period.first + period.months).astype("datetime64[D]")
    at = end if kind == "stock" else begin + (end - begin) // 2
    low, value, high = (_number(row.get(key)) for key in ("low", "value", "high"))
    return Point(at, value, low, high, str(row.get("grade", "")) in WEAK_GRADES)


def _number(value: Any) -> float:
    return float("nan") if value is None or value == "" else float(value)


def source_names(rows: Iterable[pd.DataFrame], limit: int = 3, width: int = 48) -> str:
    """Sources of the rows drawn, the most used first, shortened; '' without rows."""
    kept = [frame["source"] for frame in rows if not frame.empty]
    if not kept:
        return ""
    counts = pd.concat(kept).dropna().astype(str).value_counts(sort=True)
    names = [_shortened(str(name), width) for name in counts.index[:limit]]
    more = len(counts) - len(names)
    return "; ".join(names) + (f"; and {more} more" if more else "")


def _shortened(text: str, width: int) -> str:
    clean = re.split(r"[;|(]", text)[0].strip().replace("$", r"\$")
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"
