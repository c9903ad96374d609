"""Numbers for sentences and tables, each with the place where it stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from sim.reports.content import Number

NONE = "\N{EN DASH}"
SPACE = "\N{NO-BREAK SPACE}"
QUANTILES = ("q05", "q25", "q50", "q75", "q95")


def number_text(value: float) -> str:
    """A number with three digits or all before the point; a true minus sign."""
    if math.isnan(value):
        return NONE
    size = abs(value)
    text = f"{value:,.0f}" if size >= 100 else f"{value:.3g}"
    if size < 0.0005:
        text = "0"
    elif "e" in text:
        text = f"{value:.4f}"
    return text.replace("-", "\N{MINUS SIGN}")


def signed_text(value: float) -> str:
    """A change: with its sign."""
    text = number_text(value)
    return f"+{text}" if value > 0 and text != "0" else text


def percent_text(share: float) -> str:
    """A share in whole percent; nearly all is not all, nearly none is not none."""
    percent = 100 * share
    if 99.5 <= percent < 100:
        return f"over 99{SPACE}%"
    return f"under 1{SPACE}%" if 0 < percent < 0.5 else f"{percent:.0f}{SPACE}%"


Row = Mapping[Any, Any]


class Facts:
    """Looks up yearly bands and documented values, and says where each stands.

    Args:
        bands: yearly bands of one outcome and label: period, q05 ... q95.
        documented: documented outcomes, or None.
    """

    def __init__(
        self, bands: Callable[[str, str], pd.DataFrame], documented: pd.DataFrame | None
    ) -> None:
        self._bands = bands
        self._known: dict[tuple[str, str], dict[str, Row]] = {}
        self._documented = {} if documented is None else _by_key(documented)

    def _rows(self, outcome: str, labels: str) -> dict[str, Row]:
        key = (outcome, labels)
        if key not in self._known:
            rows = self._bands(outcome, labels).to_dict("records")
            self._known[key] = {str(row["period"]): row for row in rows if row["period"]}
        return self._known[key]

    def rows(self, outcome: str, labels: str) -> list[Row]:
        """Bands of all years of an outcome."""
        return list(self._rows(outcome, labels).values())

    def years(self, outcome: str, labels: str) -> list[str]:
        """Years of an outcome, in order."""
        return sorted(self._rows(outcome, labels))

    def value(self, outcome: str, labels: str, period: str, column: str = "q50") -> float:
        """A quantile; NaN if the run has no such year."""
        row = self._rows(outcome, labels).get(period)
        return float("nan") if row is None else _float(row.get(column))

    def number(self, outcome: str, labels: str, period: str, column: str = "q50") -> Number:
        """A quantile for a sentence."""
        value = self.value(outcome, labels, period, column)
        return Number(number_text(value), value, f"annual|{outcome}|{labels}|{period}|{column}")

    def documented(self, outcome: str, labels: str, period: str) -> Mapping[Any, Any] | None:
        """The documented row of a year, or None."""
        return self._documented.get((outcome, labels, period))

    def documented_number(self, row: Mapping[Any, Any]) -> Number:
        """A documented value for a sentence."""
        value = _float(row["value"])
        key = f"documented|{row['outcome']}|{row['labels'] or ''}|{row['period']}|value"
        return Number(number_text(value), value, key)


def _by_key(table: pd.DataFrame) -> dict[tuple[str, str, str], Mapping[Any, Any]]:
    if table.empty:
        return {}
    found = {}
    for row in table.to_dict("records"):
        labels = row.get("labels")
        key = (str(row["outcome"]), labels if isinstance(labels, str) else "", str(row["period"]))
        found[key] = row
    return found


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
