"""The two axes of a panel, drawn as a few lines and words.

Matplotlib's own ticks are five artists each, and took most of the time that a figure needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import StepPatch
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Transform

from sim.reports import style
from sim.reports.series import MONTH, Array, Months, Run, months_of

TICK, SIZE = 0.045, 8.2
_SPACE = 0.42  # inches that a year written in full needs

Segments = Sequence[Sequence[tuple[float, float]]]


def day_number(day: date | np.datetime64) -> float:
    """A day on Matplotlib's time axis: days since 1970."""
    return float(np.datetime64(day, "D").astype(int))


def day_numbers(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """Days on Matplotlib's time axis, (days,)."""
    return days.astype("datetime64[D]").astype(np.float64)


def window(run: Run) -> tuple[float, float]:
    """First day of the run and first day after it, on the time axis."""
    months = months_of(run)
    return day_number(months[0]), day_number(months[-1] + MONTH)


def inches(ax: Axes) -> tuple[float, float]:
    """Width and height of a panel [inches]."""
    box = ax.get_position()
    width, height = ax.figure.get_size_inches()  # type: ignore[union-attr]
    return float(box.width * width), float(box.height * height)


def add_lines(
    ax: Axes, segments: Segments, transform: Transform, *, clip: bool = False, **look: object
) -> LineCollection:
    """Many lines as one artist, without a say in the limits of the axes."""
    lines = LineCollection(segments, transform=transform, clip_on=clip, **look)  # type: ignore[arg-type]
    ax.add_collection(lines, autolim=False)
    return lines


def add_steps(ax: Axes, edges: Array, bottom: Array | None, top: Array, **look: object) -> None:
    """Levels over intervals, filled down to ``bottom``; a line alone if that is None.

    ``Axes.stairs`` draws the same, but measures each level as a curve to find its limits.
    """
    patch = StepPatch(top, edges, baseline=bottom, fill=bottom is not None, **look)  # type: ignore[arg-type]
    ax.add_artist(patch)
    levels = top if bottom is None else np.append(bottom, top)
    known = levels[np.isfinite(levels)]
    if known.size:
        ax.update_datalim([(edges[0], known.min()), (edges[-1], known.max())])


def time_axis(ax: Axes, run: Run, *, above: bool = False) -> None:
    """Years under the axis: a tick where each begins, its number in the middle.

    A run of less than two years shows months. ``above`` repeats the numbers at the top.
    """
    ax.set_xlim(*window(run))
    ax.xaxis.set_visible(False)
    months = months_of(run)
    few = len(months) < 24
    ticks, places, names = (_few_months if few else _years)(months, inches(ax)[0])
    tall = TICK / inches(ax)[1]
    across = ax.get_xaxis_transform()
    add_lines(ax, [[(x, 0.0), (x, -tall)] for x in ticks], across, color=style.MUTED, linewidth=0.7)
    for level, align in ((-1.6 * tall, "top"), (1 + tall, "bottom"))[: 1 + above]:
        for x, name in zip(places, names, strict=True):
            ax.text(
                x, level, name, transform=across, ha="center", va=align, size=SIZE, color=style.INK
            )


def _years(months: Months, width: float) -> tuple[list[float], list[float], list[str]]:
    years = np.unique(months.astype("datetime64[Y]"))
    every = -(-len(years) // 12)
    shown = years[::every]
    narrow = width < _SPACE * len(years) / every
    names = [f"'{str(year)[2:]}" if narrow else str(year) for year in shown]
    begin, end = day_number(months[0]), day_number(months[-1] + MONTH)
    firsts = day_numbers(years)
    ticks = [*firsts[firsts >= begin], end]
    middles = np.clip(day_numbers(shown) + 182, begin, end)
    return ticks, list(middles), names


def _few_months(months: Months, width: float) -> tuple[list[float], list[float], list[str]]:
    every = max(-(-len(months) // 6), int(np.ceil(0.62 * len(months) / width)))
    shown = months[::every]
    days = list(day_numbers(shown))
    return days, days, [str(month) for month in shown]


def value_axis(ax: Axes, top: float | None = None) -> None:
    """Few round ticks, thousands separated, faint lines; zero is on the axis.

    Comes after everything is drawn, for it reads the limits off the data, unless the axis
    goes from zero to ``top``.
    """
    ax.yaxis.set_visible(False)
    low, high = _limits(ax) if top is None else (0.0, top)
    ax.set_ylim(low, high)
    ticks = [tick for tick in MaxNLocator(5).tick_values(low, high) if low <= tick <= high]
    begin, end = ax.get_xlim()
    add_lines(
        ax, [[(begin, y), (end, y)] for y in ticks], ax.transData, color=style.GRID,
        linewidth=0.7, zorder=0.4,
    )  # fmt: skip
    if low < 0 < high:
        add_lines(ax, [[(begin, 0), (end, 0)]], ax.transData, color=style.MUTED, linewidth=0.7)
    _value_labels(ax, ticks)


def _limits(ax: Axes) -> tuple[float, float]:
    low, high = float(ax.dataLim.y0), float(ax.dataLim.y1)
    if not np.isfinite(low + high):
        return 0.0, 1.0
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return 0.0, 1.0
    room = 0.06 * (high - low)
    return (low - room if low < 0 else 0.0), (high + room if high > 0 else 0.0)


def _value_labels(ax: Axes, ticks: Sequence[float]) -> None:
    wide = TICK / inches(ax)[0]
    upward = ax.get_yaxis_transform()
    add_lines(ax, [[(0.0, y), (-wide, y)] for y in ticks], upward, color=style.MUTED, linewidth=0.7)
    for y in ticks:
        ax.text(
            -1.9 * wide, y, number(y), transform=upward, ha="right", va="center", size=SIZE,
            color=style.INK,
        )  # fmt: skip


def number(value: float) -> str:
    """A tick's number: thousands separated, a true minus sign."""
    rounded = 0.0 if abs(value) < 1e-12 else value
    return f"{rounded:,.10g}".replace("-", "\N{MINUS SIGN}")
