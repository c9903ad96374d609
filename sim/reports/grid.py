"""Several fans in one figure, drawn alike: the shape of most figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.dataset import OutcomeError
from sim.outcomes.periods import Every
from sim.reports.fan import fan_legend, fan_panel, shown_rows
from sim.reports.frame import Words, lay_out, panel_title, source_line, time_axis, value_axis
from sim.reports.marks import MARKS_NOTE, draw_marks, main_measures, measure_key
from sim.reports.points import source_names
from sim.reports.series import Run, members_of
from sim.reports.stack import STACK_NOTE, draw_stack, layers_of

Rows = list[pd.DataFrame]


@dataclass(frozen=True)
class Panel:
    """One outcome at one label of each dimension; a ``stack`` splits it by one more."""

    title: str
    outcome: str
    labels: Mapping[str, str] = field(default_factory=dict)
    stack: tuple[str, tuple[str, ...]] | None = None  # dimension and its labels
    every: Every = "quarter"  # periods of a stack

    def present(self, run: Run) -> bool:
        """Whether the run can fill this panel with at least one number."""
        try:
            return bool(members_of(run, self.outcome, self._probe()).notnull().any())
        except OutcomeError:
            return False

    def _probe(self) -> dict[str, str]:
        dim, names = self.stack or ("", ())
        return {**self.labels, **({dim: names[0]} if names else {})}


def panels_present(run: Run, panels: Sequence[Panel]) -> list[Panel]:
    """The panels that the run can fill.

    Raises:
        OutcomeError: if there is none, naming the first outcome that is missing.
    """
    found = [panel for panel in panels if panel.present(run)]
    if not found and panels:
        members_of(run, panels[0].outcome, panels[0]._probe())
    if not found:
        names = ", ".join(dict.fromkeys(panel.outcome for panel in panels)) or "this figure"
        raise OutcomeError(f"this run has no values for {names}")
    return found


def fan_figure(
    run: Run,
    documented: pd.DataFrame | None,
    panels: Sequence[Panel],
    words: Words,
    *,
    columns: int = 1,
    height: float = 3.6,
    titled: bool = True,
) -> Figure:
    """Panels with fans (or stacks), documented points and measures, and the text around.

    Raises:
        OutcomeError: if the run can fill none of the panels.
    """
    found = panels_present(run, panels)
    measures = main_measures(run)
    rows = [_rows(run, documented, panel) for panel in found]
    words = _complete(words, run, found, rows, bool(measures))
    words.key = measure_key(measures)
    columns = min(columns, len(found))
    figure, axes = lay_out(len(found), words, columns=columns, height=height, titled=titled)
    for k, (ax, panel) in enumerate(zip(axes, found, strict=True)):
        time_axis(ax, run)
        _draw(ax, run, rows[k], panel)
        value_axis(ax)
        if titled:
            panel_title(ax, panel.title, raised=k < columns and bool(measures))
        draw_marks(ax, run, measures, numbers=k < columns)
    return figure


def _rows(run: Run, documented: pd.DataFrame | None, panel: Panel) -> pd.DataFrame:
    if panel.stack:
        return pd.DataFrame()
    return shown_rows(run, documented, panel.outcome, panel.labels)


def _draw(ax: Axes, run: Run, rows: pd.DataFrame, panel: Panel) -> None:
    if panel.stack is None:
        fan_panel(ax, run, rows, panel.outcome, panel.labels)
        return
    dim, names = panel.stack
    edges, layers = layers_of(run, panel.outcome, panel.labels, dim, names, panel.every)
    draw_stack(ax, edges, layers)


def _complete(words: Words, run: Run, panels: Sequence[Panel], rows: Rows, measured: bool) -> Words:
    notes = list(words.notes)
    legend = list(words.legend)
    if any(panel.stack is None for panel in panels):
        legend = fan_legend(rows) + legend
    if any(panel.stack for panel in panels):
        notes.append(STACK_NOTE)
    if measured:
        notes.append(MARKS_NOTE)
    notes.append(source_line(run, source_names(rows)))
    return Words(words.title, words.subtitle, legend=legend, notes=notes)
