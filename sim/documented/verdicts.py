"""PASS, WARN or MISS: how a documented value and the band of a run agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

Verdict = Literal["PASS", "WARN", "MISS", ""]

PERCENT, MONTHS = 15.0, 9.0
RULE = (
    f"PASS: the documented range meets the band of 90 % of the members, and the median is within "
    f"its tolerance of the range: {PERCENT:.0f} % unless the case states another for the outcome "
    f"(events: {MONTHS:.0f} months). WARN: one of the two. MISS: neither."
)


def verdict(row: Mapping[Any, Any]) -> Verdict:
    """Verdict on one row of a scorecard; '' where the run does not simulate the value."""
    inside = known(row.get("in_band90"))
    return "" if inside is None else of_two(inside, _near(row))


def of_two(first: bool, second: bool) -> Verdict:
    """PASS if both hold, WARN if one does, MISS if neither."""
    if first and second:
        return "PASS"
    return "WARN" if first or second else "MISS"


def _near(row: Mapping[Any, Any]) -> bool:
    percent = row.get("tolerance", PERCENT)  # cards of earlier versions do not state it
    limits = {"error_months": MONTHS, "error_pct": PERCENT if percent != percent else percent}
    for column, tolerance in limits.items():
        error = row.get(column)
        if isinstance(error, (int, float)) and error == error:
            return bool(abs(error) <= tolerance)
    return False


def known(flag: Any) -> bool | None:
    """A flag of a scorecard, also one read back from its file; None if it is not known."""
    if flag is None or flag is pd.NA or flag != flag or str(flag) == "":
        return None
    return str(flag) == "True"


def counts(card: pd.DataFrame) -> dict[str, int]:
    """Number of rows by verdict, for one sample or all."""
    found = {"PASS": 0, "WARN": 0, "MISS": 0, "": 0}
    for row in card.to_dict("records"):
        found[verdict(row)] += 1
    return found
