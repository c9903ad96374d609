"""Chances read off members: of at least so much by a year, of a level passed by a year.

Curves take a run, or every scenario of an experiment, each member with its own luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from sim.outcomes.dataset import OutcomeError
from sim.outcomes.periods import by_period
from sim.outcomes.results import Results
from sim.runs.columns import split_column
from sim.runs.experiment_results import ExperimentResults
from sim.runs.simulate import RunError
from sim.world.calendar import Array

AMOUNT, LEVEL = "accelerators|die_origin=total", "revenue|segment=total"  # asked if nobody says
STEPS = 12  # thresholds of a curve of amounts, about
_EVENT = "{} is an event, which has no value a year"


@dataclass(frozen=True)
class Yearly:
    """One outcome of one scenario by complete year, (years, members)."""

    years: tuple[int, ...]
    values: Array
    unit: str
    kind: str


@dataclass(frozen=True)
class Curve:
    """Chance of each step of a question, in one scenario.

    Args:
        question: in words.
        scenario: name of the run or scenario.
        steps: thresholds, or years by which something has happened, (steps,).
        chances: share of the members, (steps,).
        members: how many there are.
        unit: of the thresholds; 'year' where steps are years.
    """

    question: str
    scenario: str
    column: str
    steps: Array
    chances: Array
    members: int
    unit: str

    def frame(self) -> pd.DataFrame:
        """Tidy table; ``error`` is the standard error that comes from counting members."""
        spread = self.chances * (1.0 - self.chances)
        return pd.DataFrame(
            {
                "question": self.question,
                "scenario": self.scenario,
                "column": self.column,
                "step": self.steps,
                "unit": self.unit,
                "chance": self.chances,
                "error": np.sqrt(spread / self.members),
                "members": self.members,
            }
        )


Scenarios = Mapping[str, Yearly]


def yearly(
    source: Results | ExperimentResults, column: str, name: str = "run"
) -> dict[str, Yearly]:
    """An outcome of a run (called ``name``) or of each scenario of an experiment.

    Replicates and uncertainties of an experiment are members alike; each choice of levers is a
    scenario of its own.

    Raises:
        OutcomeError: if it is not there, or an event.
        RunError: if an experiment lacks members or was not kept by year.
    """
    if isinstance(source, Results):
        outcome, labels = split_column(column)
        array = source.select(outcome, labels)
        if "month" not in array.dims:
            raise OutcomeError(_EVENT.format(column))
        return {name: _of(by_period(array).rename(member="all"), column)}
    return _of_experiment(source, column)


def _of_experiment(source: ExperimentResults, column: str) -> dict[str, Yearly]:
    if not source.complete:
        raise RunError(f"{source.folder.path} is not finished: run it again, it goes on")
    array = source.select(column)
    if source.is_event(column):
        raise OutcomeError(_EVENT.format(column))
    if not all(str(period).isdigit() for period in source.periods):
        raise RunError("chances by a year need an experiment with 'resolution: year'")
    pooled = array.stack(all=("uncertainty_point", "replicate"), create_index=False)
    found = {}
    for place, scenario in enumerate(source.scenarios):
        for lever in range(source.shape[1]):
            name = scenario if source.shape[1] == 1 else f"{scenario}, {_levels(source, lever)}"
            found[name] = _of(pooled.isel(scenario=place, lever_point=lever), column)
    return found


def _levels(source: ExperimentResults, lever: int) -> str:
    row = source.points.iloc[lever * source.shape[2]]
    return ", ".join(f"{name.rpartition('.')[2]} {row[name]}" for name in source.levers)


def _of(array: xr.DataArray, column: str) -> Yearly:
    values = np.asarray(array.transpose("period", "all").values, dtype=float)
    if np.isnan(values).any():
        raise RunError(f"{column} has no value in some years of some members")
    years = tuple(int(str(period)) for period in array["period"].values)
    if not years:
        raise RunError("chances by a year need a run of at least one whole year")
    return Yearly(years, values, str(array.attrs.get("unit", "")), str(array.attrs.get("kind", "")))


def amounts(
    found: Scenarios, column: str, by: int | None = None, steps: Sequence[float] = ()
) -> list[Curve]:
    """Chance of at least each amount by the end of a year: summed up if it is a flow.

    Args:
        found: the outcome by scenario.
        column: its name.
        by: the year; the last one if not given.
        steps: thresholds; round numbers up to what hardly any member reaches if not given.

    Raises:
        RunError: if a scenario does not cover the year.
    """
    year = by if by is not None else min(one.years[-1] for one in found.values())
    reached = {name: _reached(one, year) for name, one in found.items()}
    unit, flow = _about(found)
    thresholds = np.asarray(steps or _round_steps(np.concatenate(list(reached.values()))))
    how = "in all by the end of" if flow else "in"
    return [
        Curve(
            f"{_words(column)} {how} {year}: chance of at least", name, column, thresholds,
            np.array([np.mean(values >= step) for step in thresholds]), len(values), unit,
        )
        for name, values in reached.items()
    ]  # fmt: skip


def _about(found: Scenarios) -> tuple[str, bool]:
    first = next(iter(found.values()))
    return first.unit, first.kind == "flow"


def _reached(one: Yearly, year: int) -> Array:
    if year not in one.years:
        raise RunError(f"{year} is not among the years {one.years[0]}-{one.years[-1]} of the run")
    place = one.years.index(year)
    return one.values[: place + 1].sum(axis=0) if one.kind == "flow" else one.values[place]


def _round_steps(values: Array) -> Array:
    """About ``STEPS`` round thresholds from a step up to what one member in a hundred has."""
    top = float(np.quantile(values, 0.99))
    if top <= 0.0:
        return np.zeros(0)
    rough = top / STEPS
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(k for k in (1.0, 2.0, 2.5, 5.0, 10.0) if k * power >= rough)
    return step * np.arange(1, int(np.ceil(top / step)) + 1)


def passings(found: Scenarios, column: str, above: int | None = None) -> list[Curve]:
    """Chance that a member has been above its own value of an earlier year, by year.

    Args:
        found: the outcome by scenario.
        column: its name.
        above: the earlier year; that of the peak before the deepest fall of the first
            scenario if not given. Without a fall there are no curves.

    Raises:
        RunError: if the year is not covered, or nothing comes after it.
    """
    year = above if above is not None else peak_year(next(iter(found.values())))
    if year is None:
        return []
    curves = []
    for name, one in found.items():
        _reached(one, year)
        place = one.years.index(year)
        if place + 1 == len(one.years):
            raise RunError(f"no year of the run comes after {year}")
        passed = np.maximum.accumulate(one.values[place + 1 :] > one.values[place], axis=0)
        question = f"{_words(column)} above its value of {year}: chance by the end of"
        later = np.array(one.years[place + 1 :], dtype=float)
        curves.append(
            Curve(question, name, column, later, passed.mean(axis=1), one.values.shape[1], "year")
        )
    return curves


def peak_year(one: Yearly) -> int | None:
    """Year of the highest median before the deepest fall; None if medians never fall."""
    medians = np.median(one.values, axis=1)
    falls = np.maximum.accumulate(medians) - medians
    low = int(falls.argmax())
    return one.years[int(medians[: low + 1].argmax())] if falls[low] > 0.0 else None


def table_of(curves: Sequence[Curve]) -> pd.DataFrame:
    """All curves as one tidy table."""
    return pd.concat([curve.frame() for curve in curves], ignore_index=True)


def _words(column: str) -> str:
    outcome, labels = split_column(column)
    parts = [pair.partition("=")[2] for pair in labels.split(";") if pair]
    told = [] if parts == ["total"] else parts
    return " ".join(word.replace("_", " ") for word in (outcome.capitalize(), *told))
