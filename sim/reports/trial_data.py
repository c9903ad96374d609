"""What the report of an experiment looks up in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.reports.answers import month_name
from sim.reports.facts import number_text
from sim.reports.names import display, parts_of
from sim.reports.sweeps import Condition
from sim.runs.columns import split_column
from sim.runs.experiment_results import ExperimentResults

MOST_HEADLINES = 6


@dataclass(frozen=True)
class Headline:
    """A column and period that the report looks at."""

    column: str
    period: str
    title: str
    unit: str
    event: bool

    @property
    def place(self) -> str:
        """Where its numbers stand: outcome, labels and period."""
        outcome, labels = split_column(self.column)
        return f"quantiles|{outcome}|{labels}|{self.period}"


class Trial:
    """An experiment with what the report looks up in it.

    Args:
        folder: folder of the experiment.

    Raises:
        FolderError: if it is damaged or newer than this code.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = ExperimentResults(folder)
        self.about = self.results.experiment
        self.bands = self.results.quantiles() if self.results.columns else pd.DataFrame()
        self.start = np.datetime64(str(self.results.manifest["start"])[:7], "M")

    def headlines(self) -> list[Headline]:
        """What the experiment shows, or its first columns in their last period."""
        shown = [(str(s["outcome"]), str(s.get("period") or "")) for s in self.about["show"]]
        if not shown:
            last = self.results.periods[-1]
            columns = self.results.columns[:MOST_HEADLINES]
            shown = [(c, "" if self.results.is_event(c) else last) for c in columns]
        found = [self._headline(*one) for one in shown if one[0] in self.results.columns]
        return found[:MOST_HEADLINES]

    def _headline(self, column: str, period: str) -> Headline:
        outcome, labels = split_column(column)
        about = self.results.select(column).attrs
        label = str(about.get("label") or "")
        head = display(outcome) if label.startswith("Month: ") or not label else label
        parts = [display(part) for part in parts_of(labels)]
        title = f"{head}: {', '.join(parts)}" if parts else head
        event = self.results.is_event(column)
        unit = "" if event else str(about.get("unit", ""))
        return Headline(column, period, f"{title} in {period}" if period else title, unit, event)

    def conditions(self, headline: Headline, differences: bool = False) -> list[Condition]:
        """Bands of a headline by scenario and lever point, in the order of the design."""
        table = self.results.differences() if differences else self.bands
        outcome, labels = split_column(headline.column)
        rows = table[
            (table["outcome"] == outcome)
            & (table["labels"] == labels)
            & (table["period"].astype(str) == headline.period)
        ]
        return [self._condition(row) for row in rows.to_dict("records")]

    def names(self) -> list[str]:
        """What the scenarios are called at each choice of levers, in the order of the design."""
        return [one.name for first in self.headlines()[:1] for one in self.conditions(first)]

    def _condition(self, row: dict[Any, Any]) -> Condition:
        levers = {name: row[name] for name in self.results.levers}
        bands = tuple(float(row[q]) for q in ("q05", "q25", "q50", "q75", "q95"))
        point = int(row["lever_point"])
        return Condition(str(row["scenario"]), point, levers, bands, self._name(row, levers))

    def _name(self, row: dict[Any, Any], levers: dict[str, Any]) -> str:
        parts = [display(str(row["scenario"]).replace("-", "_"))] if self._several() else []
        if self.switches:
            on = [lever_name(name).lower() for name, value in levers.items() if float(value) == 1]
            some = " + ".join(on) if on else "none of them"
            parts.append("all of them" if len(on) == len(levers) > 1 else some)
        else:
            parts += [f"{lever_name(n).lower()} {level_text(v)}" for n, v in levers.items()]
        return ", ".join(parts) or "all members"

    @cached_property
    def switches(self) -> bool:
        """Whether every lever is a switch, on or off."""
        points = self.results.points
        levels = [set(points[name]) for name in self.results.levers]
        return bool(levels) and all(found == {0.0, 1.0} for found in levels)

    def _several(self) -> bool:
        return len(self.results.scenarios) > 1

    def text(self, headline: Headline, value: float) -> str:
        """A number of a headline: a month for an event."""
        if not headline.event:
            return number_text(value)
        if value != value:
            return "never"
        return month_name(str(self.start + np.timedelta64(int(value), "M")))


def lever_name(name: str) -> str:
    """The last part of a lever's dotted name, in words."""
    return display(name.rpartition(".")[2])


def level_text(value: Any) -> str:
    """A level of a lever."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.number):
        return f"{float(value):g}"
    return str(value)
