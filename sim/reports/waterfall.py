"""Waterfalls: from the result without any response to the result with all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.attribution import Attribution, Headline
from sim.outcomes.declared import OUTCOMES
from sim.reports import style
from sim.reports.frame import Grid, Words, lay_out
from sim.reports.names import display, parts_of
from sim.world.calendar import Array

BAR = 0.62
TITLES = {
    "groups": "What carried the result",
    "mechanisms": "What each mechanism carried",
    "measures": "What each kind of measure did",
}


@style.styled
def figure_waterfall(shares: Attribution, headline: Headline, case: str = "") -> Figure:
    """Mean shares of one headline as steps, with the 90 % band of each share.

    Args:
        shares: an attribution.
        headline: which of its headlines.
        case: title of the case, for the source line.

    Raises:
        ValueError: if the attribution does not hold the headline.
    """
    if headline not in shares.headlines:
        raise ValueError(f"{headline} was not attributed")
    place = shares.headlines.index(headline)
    words = Words(
        title=TITLES[shares.by],
        subtitle=f"{_named(headline)}, {headline.span} [{shares.units[place]}]",
        legend=[
            Patch(color=style.SKY, label="with and without"),
            Patch(color=style.GREEN, label="raises it"),
            Patch(color=style.VERMILION, hatch="///", fill=False, label="lowers it"),
        ],
        notes=[
            "Shapley shares: mean over draws of parameters and luck; the line through a bar is "
            "the 90 % band of that share.",
            "Without: nothing of what is listed acts. With all: the run as it is.",
            f"Simulated: {case}." if case else "",
        ],
    )
    rows = len(shares.names) + 2
    figure, (ax,) = lay_out([""], words, Grid(height=0.3 * rows + 0.3, left=2.1))
    _draw(ax, shares, place)
    return figure


def _named(headline: Headline) -> str:
    """The outcome in the words of its own figure: ``Revenue``, ``Revenue: Consumer``."""
    alike = (o.label for o in OUTCOMES if o.csv_name == headline.outcome and o.kind != "event")
    name = next(alike, display(headline.outcome))  # the first is the one without a split
    about = ", ".join(display(part) for part in parts_of(headline.labels))
    return f"{name}: {about}" if about else name


@style.styled
def save_waterfalls(shares: Attribution, folder: Path, case: str = "") -> list[Path]:
    """Write a waterfall of every headline as SVG and PNG; returns the paths."""
    paths = []
    for headline in shares.headlines:
        figure = figure_waterfall(shares, headline, case)
        label = headline.labels.split("=")[-1].replace("_", "-")
        name = "-".join(p for p in ("waterfall", headline.outcome, label, headline.period) if p)
        paths += style.save(figure, folder, name, ("svg", "png"))
    return paths


def _draw(ax: Axes, shares: Attribution, place: int) -> None:
    parts = shares.shares[place]
    means = parts.mean(axis=-1)
    start = float(shares.without[place].mean())
    levels = start + np.concatenate([[0.0], np.cumsum(means)])
    names = ["Without", *(name.capitalize() for name in shares.names), "With all"]
    rows = np.arange(len(names))
    ax.barh(rows[0], start, BAR, color=style.SKY)
    ax.barh(rows[-1], levels[-1], BAR, color=style.SKY)
    for k, mean in enumerate(means):
        _step(ax, rows[k + 1], levels[k], float(mean), parts[k])
    for k, level in enumerate(levels):
        ax.plot([level, level], [rows[k], rows[k + 1]], color=style.FAINT, linewidth=0.6)
    ax.set_yticks(rows, names)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=style.GRID)
    _write_numbers(ax, rows.astype(float), [start, *means, levels[-1]], levels)


def _step(ax: Axes, row: float, base: float, mean: float, values: Array) -> None:
    rises = mean >= 0
    ax.barh(
        row,
        mean,
        BAR,
        left=base,
        color=style.GREEN if rises else "none",
        edgecolor=style.GREEN if rises else style.VERMILION,
        hatch=None if rises else "///",
    )
    low, high = np.quantile(values, [0.05, 0.95])
    ax.plot([base + low, base + high], [row, row], color=style.INK, linewidth=1.1)


def _write_numbers(ax: Axes, rows: Array, values: list[float], levels: Array) -> None:
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, 0.0), high + 0.12 * (high - low))
    right = float(ax.get_xlim()[1])
    for k, (row, value) in enumerate(zip(rows, values, strict=True)):
        ends = 0 < k < len(values) - 1
        text = f"{value:+,.0f}" if ends else f"{value:,.0f}"
        if abs(value) < 10:
            text = f"{value:+.2g}" if ends else f"{value:.2g}"
        ax.text(right, float(row), f"{text} ", ha="right", va="center", size=8, color=style.INK)
