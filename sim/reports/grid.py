"""Several fans in one figure, drawn alike: the shape of most figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.dataset import OutcomeError
from sim.outcomes.periods import Every, periods_in
from sim.reports.axes import time_axis, value_axis
from sim.reports.fan import Steps, fan_legend, fan_panel, shown_rows, steps_of
from sim.reports.frame import Grid, Words, lay_out, source_line
from sim.reports.marks import MARKS_NOTE, Entry, draw_marks, main_measures, measure_key
from sim.reports.points import Rows, source_names
from sim.reports.series import Array, Run, members_of, months_of
from sim.reports.stack import STACK_NOTE, draw_stack, layers_of, stack_legend

YEAR = "a calendar year"


@dataclass(frozen=True)
class Panel:
    """One outcome at one label of each dimension; a ``stack`` splits it by one more."""

    title: str
    outcome: str
    labels: Mapping[str, str] = field(default_factory=dict)
    stack: tuple[str, tuple[str, ...]] | None = None  # dimension and its labels
    every: Every = "quarter"  # periods of a stack
    top: float | None = None  # end of the axis of values; None: that of the data

    def parts(self) -> list[dict[str, str]]:
        """Labels of everything that the panel draws."""
        dim, names = self.stack or ("", ())
        return [{**self.labels, dim: name} for name in names] or [dict(self.labels)]

    def present(self, run: Run) -> bool:
        """Whether the run can fill this panel with at least one number that is not nil."""
        try:
            values = [members_of(run, self.outcome, part).values for part in self.parts()]
        except OutcomeError:
            return False
        return any(bool((np.nan_to_num(part) != 0).any()) for part in values)


@dataclass(frozen=True)
class Sheet:
    """One figure as data: its panels and the words around them."""

    title: str
    subtitle: str
    panels: Sequence[Panel]
    grid: Grid = field(default_factory=Grid)
    notes: Sequence[str] = ()

    def of(self, run: Run) -> Sheet:
        """The same without panels that the run cannot fill; a note names the empty ones.

        Raises:
            OutcomeError: if there is none left, naming the first outcome that is missing.
        """
        found = [panel for panel in self.panels if panel.present(run)]
        if not found:
            raise self._nothing(run)
        columns = min(self.grid.columns, len(found))
        whole_year = bool(periods_in(months_of(run), "year"))
        empty = [panel.title for panel in self.panels if panel not in found and panel.title]
        notes = [*self.notes, f"Nothing to show in this run: {'; '.join(empty)}."]
        return replace(
            self,
            subtitle=self.subtitle if whole_year else self.subtitle.replace(YEAR, "a month"),
            panels=found,
            grid=replace(self.grid, columns=columns),
            notes=notes if empty else self.notes,
        )

    def _nothing(self, run: Run) -> OutcomeError:
        for panel in self.panels[:1]:
            members_of(run, panel.outcome, panel.parts()[0])
        names = ", ".join(dict.fromkeys(panel.outcome for panel in self.panels)) or "this figure"
        return OutcomeError(f"this run has no values for {names}")

    def stacks(self) -> tuple[str, ...]:
        """Names of all layers of stacked panels."""
        layers = [name for panel in self.panels if panel.stack for name in panel.stack[1]]
        return tuple(dict.fromkeys(layers))


@dataclass(frozen=True)
class Filled:
    """A panel with its numbers: a fan and documented rows, or layers of a stack."""

    panel: Panel
    steps: Steps | None
    edges: Array | None
    layers: Mapping[str, Array]
    rows: Rows


def fill(run: Run, documented: pd.DataFrame | None, panel: Panel) -> Filled:
    """Numbers of a panel.

    Raises:
        OutcomeError: if the run lacks the outcome or a label.
    """
    if panel.stack:
        dim, names = panel.stack
        edges, layers = layers_of(run, panel.outcome, panel.labels, dim, names, panel.every)
        return Filled(panel, None, edges, layers, [])
    steps = steps_of(run, panel.outcome, panel.labels)
    rows = shown_rows(documented, steps, panel.outcome, panel.labels)
    return Filled(panel, steps, None, {}, rows)


def fan_figure(run: Run, documented: pd.DataFrame | None, sheet: Sheet) -> Figure:
    """Panels with fans (or stacks), documented points and measures, and the text around.

    Raises:
        OutcomeError: if the run can fill none of the panels.
    """
    sheet = sheet.of(run)
    measures = main_measures(run)
    filled = [fill(run, documented, panel) for panel in sheet.panels]
    rows = [one.rows for one in filled]
    notes = [*sheet_notes(sheet, bool(measures)), source_line(run, source_names(rows))]
    words = Words(
        sheet.title, sheet.subtitle, sheet_legend(run, sheet, rows), measure_key(measures), notes
    )
    figure, axes = lay_out([panel.title for panel in sheet.panels], words, sheet.grid)
    for k, (ax, one) in enumerate(zip(axes, filled, strict=True)):
        draw_panel(ax, run, one, measures, numbers=k < sheet.grid.columns)
    return figure


def draw_panel(
    ax: Axes, run: Run, filled: Filled, measures: Sequence[Entry], *, numbers: bool
) -> None:
    """Fan or stack, documented points, measures and axes of one panel."""
    time_axis(ax, run)
    if filled.steps is not None:
        fan_panel(ax, filled.steps, filled.rows)
    elif filled.edges is not None:
        draw_stack(ax, filled.edges, filled.layers)
    value_axis(ax, filled.panel.top)
    draw_marks(ax, run, measures, numbers=numbers)


def sheet_legend(run: Run, sheet: Sheet, shown: Sequence[Rows]) -> list[Artist]:
    """Handles that explain fans, documented points and layers."""
    fans = any(panel.stack is None for panel in sheet.panels)
    layers = sheet.stacks()
    names = dict(run.manifest.get("names") or {})
    return [*(fan_legend(shown) if fans else []), *stack_legend(layers, names)]


def sheet_notes(sheet: Sheet, measured: bool) -> list[str]:
    """What needs saying under the panels."""
    notes = list(sheet.notes)
    if sheet.stacks():
        notes.append(STACK_NOTE)
    if measured:
        notes.append(MARKS_NOTE)
    return notes
