"""Pictures of an experiment: one lever as a curve, two as a map, anything else row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.reports import style
from sim.reports.axes import number
from sim.reports.facts import QUANTILES
from sim.reports.lever_map import figure_map
from sim.runs.experiment_results import ExperimentResults

ROW, LEFT, WIDTH = 0.235, 2.45, 5.0
_PER_INCH = 15.0  # characters
Drawn = list[tuple[str, Figure]]


@dataclass(frozen=True)
class Condition:
    """One scenario at one choice of levers, with the bands of a headline."""

    scenario: str
    point: int
    levers: Mapping[str, Any]
    bands: tuple[float, ...]
    name: str

    @property
    def median(self) -> float:
        """The middle of the members."""
        return self.bands[2]

    def record(self) -> dict[str, float]:
        """The bands by name."""
        return dict(zip(QUANTILES, self.bands, strict=True))


def draw_sweep(
    results: ExperimentResults,
    column: str,
    period: str,
    conditions: Sequence[Condition],
    levers: Sequence[str],
) -> Drawn | None:
    """A map or curves where levers are numbers; None where rows say more."""
    if len(levers) == 2 and results.shape[0] == 1 and _is_grid(conditions, levers):
        return [("map", figure_map(results, levers[0], levers[1], column, period))]
    levels = {c.levers[name] for c in conditions for name in levers[:1]}
    few = len(levels) < 3 or not _numeric(conditions, levers)
    if len(levers) != 1 or few or results.is_event(column):
        return None
    several = len(results.scenarios) > 1
    return [
        (
            scenario if several else "",
            draw_curve([c for c in conditions if c.scenario == scenario], levers[0]),
        )
        for scenario in results.scenarios
    ]


def _is_grid(conditions: Sequence[Condition], levers: Sequence[str]) -> bool:
    """Whether all pairs of levels are there, more than two of one of them, and not too many."""
    levels = [{c.levers[name] for c in conditions} for name in levers]
    sizes = [len(found) for found in levels]
    whole = sizes[0] * sizes[1] == len(conditions)
    return whole and 2 < max(sizes) <= 12 and _numeric(conditions, levers)


def _numeric(conditions: Sequence[Condition], levers: Sequence[str]) -> bool:
    values = [c.levers[name] for c in conditions for name in levers]
    return all(isinstance(v, int | float | np.number) and v == v for v in values)


@style.styled
def draw_curve(conditions: Sequence[Condition], lever: str) -> Figure:
    """Bands and median over the levels of one lever."""
    ranked = sorted(conditions, key=lambda c: float(c.levers[lever]))
    levels = np.array([float(c.levers[lever]) for c in ranked])
    low, lower, median, upper, high = np.array([c.bands for c in ranked]).T
    figure = style.new_figure(4.5, 2.6)
    ax = figure.add_axes((0.14, 0.2, 0.83, 0.76))
    for bottom, top, alpha in ((low, high, 0.22), (lower, upper, 0.32)):
        ax.fill_between(levels, bottom, top, facecolor=style.BLUE, alpha=alpha, lw=0)
    ax.plot(levels, median, color=style.BLUE, lw=1.9, marker="o", markersize=3.5)
    _plain_axes(ax)
    ax.set_xlabel(lever.rpartition(".")[2].replace("_", " "), size=8.2)
    if low.min() >= 0:
        ax.set_ylim(0, 1.06 * high.max() if high.max() > 0 else 1)
    return figure


def _plain_axes(ax: Axes) -> None:
    ax.tick_params(labelsize=8.2)
    ax.grid(axis="y", color=style.GRID, linewidth=0.7)
    ax.locator_params(axis="y", nbins=5)
    ax.yaxis.set_major_formatter(lambda value, place: number(value))


@style.styled
def draw_conditions(conditions: Sequence[Condition], start: np.datetime64 | None = None) -> Figure:
    """One row a condition: bands and median.

    Args:
        conditions: what to draw, from the top.
        start: first month of the run where the bands are months of an event; None otherwise.
    """
    height = 0.36 + ROW * len(conditions)
    figure = style.new_figure(WIDTH, height)
    ax = figure.add_axes(
        (LEFT / WIDTH, 0.28 / height, (WIDTH - LEFT - 0.15) / WIDTH, 1 - 0.34 / height)
    )
    for row, one in enumerate(conditions):
        low, lower, median, upper, high = one.bands
        if median == median:
            ax.barh(row, high - low, 0.62, left=low, color=style.BLUE, alpha=0.22, lw=0)
            ax.barh(row, upper - lower, 0.62, left=lower, color=style.BLUE, alpha=0.32, lw=0)
            ax.plot([median, median], [row - 0.31, row + 0.31], color=style.BLUE, lw=2)
        ax.text(-0.02, row, _fitting(one.name), transform=ax.get_yaxis_transform(), ha="right",
                va="center", size=7.6)  # fmt: skip
    ax.set_ylim(len(conditions) - 0.4, -0.6)
    ax.yaxis.set_visible(False)
    ax.tick_params(axis="x", labelsize=8)
    ax.grid(axis="x", color=style.GRID, linewidth=0.7)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(
        (lambda value, place: number(value)) if start is None else _months_from(start)
    )
    return figure


def _months_from(start: np.datetime64) -> Any:
    return lambda value, place: str(start + np.timedelta64(int(value), "M"))


def _fitting(text: str) -> str:
    limit = int((LEFT - 0.1) * _PER_INCH * 1.1)
    return text if len(text) <= limit else "…" + text[-limit + 1 :].lstrip(" ,")
