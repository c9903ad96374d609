"""Documented outcomes as points on a figure: which rows, where on the time axis, whose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.documented.span import Span
from sim.outcomes.dataset import TOTAL, parse_labels

WEAK_GRADES = ("low", "recall")

Row = Mapping[Any, Any]
Rows = Sequence[Row]


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
    """One documented figure on the time axis; ``begin`` and ``end`` bound its period."""

    at: np.datetime64
    begin: np.datetime64
    end: np.datetime64
    value: float
    low: float
    high: float
    weak: bool


def points(rows: Iterable[Row], kind: str, months: int | None = None) -> list[Point]:
    """Rows as points: a stock at the end of its period, a flow or share in the middle.

    Args:
        rows: documented rows of one outcome and label.
        kind: flow, stock or share.
        months: keep only periods of this length (a yearly total fits no monthly axis).

    Raises:
        ValueError: if a row's period has none of the forms of documented periods.
    """
    found = []
    for row in rows:
        span = Span.parse(str(row["period"]))
        if months is None or span.last + 1 - span.first == months:
            found.append(_point(row, span, kind))
    return found


def _point(row: Row, span: Span, kind: str) -> Point:
    begin, end = first_day(span.first), first_day(span.last + 1)
    # A stock "in 2020/2021" was seen at some day of these years, not on the last.
    at_end = kind == "stock" and span.last - span.first < 12
    at = end if at_end else begin + (end - begin) // 2
    low, value, high = (_number(row.get(key)) for key in ("low", "value", "high"))
    return Point(at, begin, end, value, low, high, is_weak(row))


def is_weak(row: Row) -> bool:
    """Whether a documented row rests on a weak source or on memory."""
    return str(row.get("grade", "")) in WEAK_GRADES


def first_day(number: int) -> np.datetime64:
    """First day of a month given as year x 12 + month - 1."""
    return np.datetime64(number - 1970 * 12, "M").astype("datetime64[D]")


def _number(value: Any) -> float:
    return float("nan") if value is None or value == "" else float(value)


def source_names(shown: Iterable[Rows], limit: int = 3, width: int = 48) -> str:
    """Sources of the rows drawn, the most used first, shortened; '' without rows."""
    said = [row["source"] for rows in shown for row in rows]
    counts = Counter(source for source in said if isinstance(source, str))
    names = [_shortened(name, width) for name, _ in counts.most_common(limit)]
    more = len(counts) - len(names)
    return "; ".join(names) + (f"; and {more} more" if more else "")


def _shortened(text: str, width: int) -> str:
    clean = re.split(r"[;|(]", text)[0].strip().replace("$", r"\$")
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"
