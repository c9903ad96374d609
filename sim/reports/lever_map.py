"""A sweep over two levers as a map: one cell a pair of levels, its median and band in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.summary import event_quantiles, member_quantiles, month_text
from sim.reports.style import INK, MUTED, new_figure, save, styled
from sim.runs.experiment_results import ExperimentResults
from sim.world.calendar import Array

NAME = "map"
FORMATS = ("svg", "png")
_PROBS = (0.05, 0.5, 0.95)
_CELL = 0.85  # inches
_DARK = 0.45  # of the colour scale, beyond which letters are white


@styled
def figure_map(
    results: ExperimentResults, x: str, y: str, outcome: str, period: str = ""
) -> Figure:
    """Draw one outcome over two levers; other levers and scenarios at their first level.

    Args:
        results: a finished experiment.
        x: lever along the map.
        y: lever up the map.
        outcome: column such as ``revenue|segment=total``.
        period: 2024, 2021Q3 ...; empty for an event.
    """
    columns, rows = _levels(results, x), _levels(results, y)
    bands = _bands(results, (x, y), (columns, rows), outcome, period)
    figure = new_figure(1.9 + _CELL * len(columns), 1.7 + 0.62 * _CELL * len(rows))
    axes = figure.add_subplot()
    axes.pcolormesh(bands[1], cmap="cividis_r", edgecolors="white", linewidth=1.5)
    _write_cells(axes, bands, results, outcome)
    _label(axes, results, (x, y), (columns, rows))
    axes.set_title(_title(results, outcome, period), loc="left", color=INK)
    figure.text(0.01, 0.01, "Cells: median, 90 % band over replicates.", color=MUTED, size=7)
    figure.tight_layout(rect=(0, 0.03, 1, 1))
    return figure


def draw_map(results: ExperimentResults, folder: Path) -> list[Path]:
    """Draw the map that an experiment asks for into a folder; nothing if it asks for none."""
    drawn = results.experiment.get("map")
    if not drawn or not results.complete:
        return []
    figure = figure_map(results, drawn["x"], drawn["y"], drawn["outcome"], drawn["period"])
    return save(figure, folder, NAME, FORMATS)


def _levels(results: ExperimentResults, lever: str) -> list[float]:
    return sorted({_number(level) for level in results.points[lever]})


def _number(level: object) -> float:
    return float(level.toordinal()) if isinstance(level, date) else float(str(level))


def _bands(
    results: ExperimentResults, levers: tuple[str, str], levels: tuple[list[float], list[float]],
    outcome: str, period: str,
) -> Array:  # fmt: skip
    """Quantiles by level of y and of x, (3, rows, columns)."""
    values = results.select(outcome).isel(scenario=0)
    if not results.is_event(outcome):
        values = values.sel(period=period)
    quantiles = event_quantiles if results.is_event(outcome) else member_quantiles
    bands = np.full((3, len(levels[1]), len(levels[0])), np.nan)
    points = results.points.iloc[:: results.shape[2]]
    for point in range(results.shape[1])[::-1]:  # the first level of other levers wins
        column, row = (
            held.index(_number(points[lever].iloc[point]))
            for lever, held in zip(levers, levels, strict=True)
        )
        here = values.isel(lever_point=point).values.ravel()
        bands[:, row, column] = quantiles(here, _PROBS)
    return bands


def _write_cells(axes: Axes, bands: Array, results: ExperimentResults, outcome: str) -> None:
    low, high = np.nanmin(bands[1]), np.nanmax(bands[1])
    for row, column in np.ndindex(*bands.shape[1:]):
        texts = [_text(value, results, outcome) for value in bands[:, row, column]]
        shade = (bands[1, row, column] - low) / max(high - low, 1e-300)
        colour = "white" if shade > _DARK else INK
        axes.text(column + 0.5, row + 0.58, texts[1], ha="center", va="center", color=colour)
        band = f"{texts[0]} to {texts[2]}"
        axes.text(column + 0.5, row + 0.3, band, ha="center", va="center", color=colour, size=6)


def _text(value: float, results: ExperimentResults, outcome: str) -> str:
    if results.is_event(outcome):
        return month_text(results.manifest["start"], value) or "never"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _label(
    axes: Axes, results: ExperimentResults, levers: tuple[str, str],
    levels: tuple[list[float], list[float]],
) -> None:  # fmt: skip
    about = results.manifest["factors"]
    for lever, held, axis in zip(levers, levels, (axes.xaxis, axes.yaxis), strict=True):
        texts = [_level(level, about[lever]["date"]) for level in held]
        axis.set_ticks(np.arange(len(held)) + 0.5, texts)
        how = about[lever]["how"]
        unit = {"months": " [months moved]", "days": " [days moved]", "scale": " [times]"}
        axis.set_label_text(lever.replace("_", " ").split(".")[-1] + unit.get(how, ""))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _level(level: float, is_date: bool) -> str:
    return date.fromordinal(int(level)).isoformat() if is_date else f"{level:g}"


def _title(results: ExperimentResults, outcome: str, period: str) -> str:
    about = results.select(outcome).attrs
    unit = "" if results.is_event(outcome) else f" [{about['unit']}]"
    labels = [pair.partition("=")[2] for pair in outcome.partition("|")[2].split(";")]
    words = [about["label"], *(label.replace("_", " ") for label in labels), period]
    return ", ".join(word for word in words if word) + unit
