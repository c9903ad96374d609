"""The figures of a run: one function each, usable in a notebook, and all of them to files."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.outcomes.dataset import OutcomeError
from sim.reports import sheets
from sim.reports.compare import figure_compare
from sim.reports.events import figure_events
from sim.reports.grid import Sheet, fan_figure
from sim.reports.series import Run
from sim.reports.style import check_formats, save, styled
from sim.reports.timeline import figure_timeline

Draw = Callable[[Run, pd.DataFrame | None], Figure]


class FigureSkipped(UserWarning):
    """A figure was not drawn because the run does not hold its outcome."""


def _drawn(sheet: Callable[[Run], Sheet]) -> Draw:
    """The function that draws a sheet."""

    @styled
    def draw(run: Run, documented: pd.DataFrame | None = None) -> Figure:
        return fan_figure(run, documented, sheet(run))

    draw.__doc__ = sheet.__doc__
    return draw


figure_revenue = _drawn(sheets.revenue_sheet)
figure_segments = _drawn(sheets.segments_sheet)
figure_phones = _drawn(sheets.phones_sheet)
figure_chip_supply = _drawn(sheets.chip_supply_sheet)
figure_limits = _drawn(sheets.limits_sheet)
figure_stock_cover = _drawn(sheets.stock_cover_sheet)
figure_foundries = _drawn(sheets.foundries_sheet)
figure_tools = _drawn(sheets.tools_sheet)
figure_accelerators = _drawn(sheets.accelerators_sheet)
figure_shares = _drawn(sheets.shares_sheet)
figure_money = _drawn(sheets.money_sheet)
figure_purchases = _drawn(sheets.purchases_sheet)

FIGURES: dict[str, Draw] = {
    "timeline": figure_timeline,
    "revenue": figure_revenue,
    "segments": figure_segments,
    "phones": figure_phones,
    "chip_supply": figure_chip_supply,
    "limits": figure_limits,
    "stock_cover": figure_stock_cover,
    "foundries": figure_foundries,
    "tools": figure_tools,
    "accelerators": figure_accelerators,
    "shares": figure_shares,
    "money": figure_money,
    "purchases": figure_purchases,
    "events": figure_events,
}


def draw_figures(
    results: Run,
    documented: pd.DataFrame | None,
    folder: Path,
    formats: Sequence[str] = ("svg", "png"),
) -> list[Path]:
    """Draw all figures into ``folder``, as ``NAME.FORMAT``.

    Args:
        results: results of a run.
        documented: documented outcomes (outcome, labels, period, value, low, high, source,
            grade ...), or None.
        folder: where to; made if it is missing.
        formats: any of svg, png, pdf.

    Returns:
        Paths of the files written. A figure whose outcome the run does not hold is left
        out with a :class:`FigureSkipped` warning.

    Raises:
        ValueError: for an unknown format, before anything is written.
        OSError: if the folder cannot be written.
    """
    check_formats(formats)
    paths = []
    for name, draw in FIGURES.items():
        try:
            figure = draw(results, documented)
        except OutcomeError as error:
            message = f"figure '{name}' left out: {error}"
            warnings.warn(message, FigureSkipped, stacklevel=2)
            continue
        paths += save(figure, folder, name, formats)
    return paths


__all__ = [
    "FIGURES",
    "FigureSkipped",
    "draw_figures",
    "figure_accelerators",
    "figure_chip_supply",
    "figure_compare",
    "figure_events",
    "figure_foundries",
    "figure_limits",
    "figure_money",
    "figure_phones",
    "figure_purchases",
    "figure_revenue",
    "figure_segments",
    "figure_shares",
    "figure_stock_cover",
    "figure_timeline",
    "figure_tools",
]
