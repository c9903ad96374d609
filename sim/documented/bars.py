"""Bars: what a run must show beside the documented outcomes, stated before it is run.

A case states its own in ``documented/bars.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from sim.case.validate import validate
from sim.case.yamltext import read_file
from sim.documented.align import Aligned, Simulated, align
from sim.documented.load import FOLDER
from sim.documented.observation import Documented, Sample
from sim.documented.verdicts import Verdict
from sim.world.calendar import Array
from sim.world.inputs import Frozen, Keys

if TYPE_CHECKING:
    import pandas as pd

FILE = "bars.yaml"
Measure = Literal[
    "mean_error", "largest_error", "median_error", "coverage90", "predictive90", "months_off",
    "direction", "low_year",
]  # fmt: skip


class Bar(Frozen):
    """One bar: what is measured, and between which ends it must lie."""

    title: str = Field(min_length=1)
    measure: Measure
    outcomes: Keys = Field((), description="Outcomes or columns (revenue|segment=total); all.")
    periods: tuple[str, ...] = Field((), description="Periods; all if none is given.")
    sample: Sample | None = Field(None, description="in or out of the sample; both.")
    low: float = Field(-inf, description="Least that passes.")
    high: float = Field(inf, description="Most that passes.")
    warn_low: float | None = Field(None, description="Least that is a warning, not a miss.")
    warn_high: float | None = Field(None, description="Most that is a warning, not a miss.")
    aim: str = ""
    weakness: str = Field("", description="Structural weakness behind it, told if it is missed.")


class Bars(Frozen):
    """The bars of a case, by name."""

    bars: dict[str, Bar]


@dataclass(frozen=True)
class Judged:
    """A bar with what a run measured; NaN where it has nothing to measure.

    ``members`` is the share of single members that would clear it, where that has a meaning.
    """

    bar: Bar
    measured: float
    values: int
    members: float = nan

    @property
    def verdict(self) -> Verdict:
        """PASS, WARN or MISS; '' if there was nothing to measure."""
        if self.measured != self.measured:
            return "" if not self.values else "MISS"
        if self.bar.low <= self.measured <= self.bar.high:
            return "PASS"
        bottom = self.bar.low if self.bar.warn_low is None else self.bar.warn_low
        top = self.bar.high if self.bar.warn_high is None else self.bar.warn_high
        return "WARN" if bottom <= self.measured <= top else "MISS"


def load_bars(case_folder: str | Path) -> dict[str, Bar]:
    """The bars of a case; none if it states none.

    Raises:
        ConfigError: if the file is wrong; names file and line.
    """
    path = Path(case_folder) / FOLDER / FILE
    return validate(read_file(path), Bars).bars if path.is_file() else {}


def judge(
    bars: Mapping[str, Bar], results: Simulated, documented: Documented, card: pd.DataFrame
) -> dict[str, Judged]:
    """Measure a run by its bars.

    Args:
        bars: by name.
        results: the run.
        documented: what it is laid beside.
        card: its scorecard.
    """
    paths = _paths(align(results, documented))
    return {name: _judge(bar, card, paths) for name, bar in bars.items()}


def _judge(bar: Bar, card: pd.DataFrame, paths: Paths) -> Judged:
    if bar.measure in _OF_PATHS:
        return _OF_PATHS[bar.measure](bar, [p for key, p in paths.items() if _named(bar, *key)])
    rows = card[[_wanted(bar, row) for row in card.to_dict("records")]]
    rows = rows[rows["in_band90"].notna()]
    if bar.measure in _FLAGS:
        flags = rows[rows["occurred"].isna()][_FLAGS[bar.measure]].astype("float64")
        return Judged(bar, float(flags.mean()), len(flags))
    column = "error_months" if bar.measure == "months_off" else "error_pct"
    errors = rows[column].abs()
    how = {"mean_error": errors.mean, "median_error": errors.median}.get(bar.measure, errors.max)
    return Judged(bar, nan if errors.isna().any() else float(how()), len(rows))


_FLAGS = {"coverage90": "in_band90", "predictive90": "in_predictive90"}


def _wanted(bar: Bar, row: Mapping[object, object]) -> bool:
    labels = row["labels"] if isinstance(row["labels"], str) else ""
    periods = not bar.periods or str(row["period"]) in bar.periods
    return periods and _named(bar, str(row["outcome"]), labels) and _sampled(bar, row["sample"])


def _sampled(bar: Bar, sample: object) -> bool:
    return bar.sample in (None, sample)


def _named(bar: Bar, outcome: str, labels: str) -> bool:
    return not bar.outcomes or outcome in bar.outcomes or f"{outcome}|{labels}" in bar.outcomes


@dataclass(frozen=True)
class _Path:
    """Yearly values of one outcome: documented (years,), and of the members (years, members)."""

    years: tuple[int, ...]
    documented: Array
    members: Array


Paths = Mapping[tuple[str, str], _Path]


def _paths(aligned: Sequence[Aligned]) -> Paths:
    found: dict[tuple[str, str], dict[int, Aligned]] = {}
    for one in aligned:
        year = one.observation.span.year
        if year is not None and one.members is not None and not one.observation.is_event:
            found.setdefault(one.observation.key, {})[year] = one
    return {key: _path(by_year) for key, by_year in found.items()}


def _path(by_year: Mapping[int, Aligned]) -> _Path:
    years = tuple(sorted(by_year))
    documented = np.array([by_year[year].observation.value for year in years])
    members = [by_year[year].members for year in years]
    return _Path(years, documented, np.stack([m for m in members if m is not None]))


def _direction(bar: Bar, paths: Sequence[_Path]) -> Judged:
    """Share of the years in which the median moves the way the documented value does."""
    right, by_member = [], []
    for path in paths:
        median = np.median(path.members, axis=1)
        for k, year in enumerate(path.years):
            if k and path.years[k - 1] == year - 1 and str(year) in bar.periods:
                way = np.sign(path.documented[k] - path.documented[k - 1])
                right.append(np.sign(median[k] - median[k - 1]) == way)
                by_member.append(np.sign(path.members[k] - path.members[k - 1]) == way)
    if not right:
        return Judged(bar, nan, 0)
    return Judged(bar, float(np.mean(right)), len(right), float(np.mean(by_member)))


def _low_year(bar: Bar, paths: Sequence[_Path]) -> Judged:
    """Year of the lowest value after the highest one, of the medians."""
    if not paths:
        return Judged(bar, nan, 0)
    path = paths[0]
    years = np.array(path.years)
    low = years[low_after_high(np.median(path.members, axis=1)[:, None])[0]]
    each = years[low_after_high(path.members)]
    inside = (each >= bar.low) & (each <= bar.high)
    return Judged(bar, float(low), len(years), float(np.mean(inside)))


def low_after_high(values: Array) -> Array:
    """Place of the lowest value after the highest one, (members,), of (places, members)."""
    later = np.arange(len(values))[:, None] >= values.argmax(axis=0)
    return np.asarray(np.where(later, values, np.inf).argmin(axis=0))


_OF_PATHS: dict[str, Callable[[Bar, Sequence[_Path]], Judged]] = {
    "direction": _direction,
    "low_year": _low_year,
}
