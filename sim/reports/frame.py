"""The frame of a figure: title, unit, legend, panels, and the lines of text underneath.

Everything is placed in inches, so text never meets a panel whatever the number of panels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from sim.reports import style
from sim.reports.series import MONTH, Months, Run, months_of

LEFT, RIGHT, GAP, WIDTH = 0.72, 0.22, 0.62, 9.4
LINE, LEGEND_LINE, FOOT_SIZE = 0.152, 0.22, 7.2
_CHARACTERS_PER_INCH = 17.5


@dataclass
class Words:
    """The text around the panels."""

    title: str
    subtitle: str
    legend: Sequence[Artist] = ()
    key: Sequence[str] = ()
    notes: Sequence[str] = field(default_factory=list)


def lay_out(
    count: int,
    words: Words,
    *,
    columns: int = 1,
    height: float = 3.6,
    titled: bool = True,
    left: float = LEFT,
) -> tuple[Figure, list[Axes]]:
    """A figure with ``count`` panels of ``height`` inches, ``left`` inches from its edge."""
    columns = min(columns, count)
    rows = -(-count // columns)
    foot = _foot_lines(words)
    head = 0.62 + LEGEND_LINE * len(_legend_lines(words.legend))
    # Numbered marks stand above the first row only.
    first, above, below = (0.5, 0.36, 0.3) if titled else (0.28, 0.28, 0.3)
    bottom = 0.16 + LINE * len(foot)
    total = head + first + (rows - 1) * above + rows * (height + below) + bottom
    figure = style.new_figure(WIDTH, total)
    _write_head(figure, words, total)
    _write_foot(figure, foot, bottom, total)
    width = (WIDTH - left - RIGHT - GAP * (columns - 1)) / columns
    axes = []
    for k in range(count):
        row, column = divmod(k, columns)
        x = left + column * (width + GAP)
        y = total - head - first - height - row * (above + height + below)
        axes.append(figure.add_axes((x / WIDTH, y / total, width / WIDTH, height / total)))
    return figure, axes


def _write_head(figure: Figure, words: Words, total: float) -> None:
    figure.text(0.18 / WIDTH, 1 - 0.26 / total, words.title, size=12.5, weight="bold", va="center")
    figure.text(
        0.18 / WIDTH, 1 - 0.5 / total, words.subtitle, size=8.5, color=style.MUTED, va="center"
    )
    for k, line in enumerate(_legend_lines(words.legend)):
        legend = Legend(
            figure,
            handles=line,
            labels=[str(handle.get_label()) for handle in line],
            loc="center left",
            bbox_to_anchor=(0.18 / WIDTH, 1 - (0.74 + LEGEND_LINE * k) / total),
            ncols=len(line),
            fontsize=8,
            columnspacing=1.4,
            borderpad=0,
            borderaxespad=0,
        )
        figure.add_artist(legend)


def _legend_lines(handles: Sequence[Artist]) -> list[list[Artist]]:
    """Handles in lines that fit the width of the figure."""
    lines: list[list[Artist]] = []
    room = 0.0
    for handle in handles:
        width = 0.55 + len(str(handle.get_label())) * 0.062
        if width > room:
            lines.append([])
            room = WIDTH - 0.3
        lines[-1].append(handle)
        room -= width
    return lines


def _foot_lines(words: Words) -> list[tuple[str, str]]:
    """Lines under the panels: the key in two columns, then the notes wrapped."""
    half = -(-len(words.key) // 2)
    left, right = list(words.key[:half]), list(words.key[half:])
    right += [""] * (half - len(right))
    lines = list(zip(left, right, strict=True))
    width = int((WIDTH - 0.4) * _CHARACTERS_PER_INCH)
    for note in words.notes:
        lines += [(line, "") for line in textwrap.wrap(note, width)]
    return lines


def _write_foot(
    figure: Figure, lines: Sequence[tuple[str, str]], bottom: float, total: float
) -> None:
    for k, (left, right) in enumerate(lines):
        y = (bottom - 0.06 - LINE * (k + 0.5)) / total
        for x, text in ((0.18, left), (WIDTH / 2 + 0.1, right)):
            if text:
                figure.text(x / WIDTH, y, text, size=FOOT_SIZE, color=style.MUTED, va="center")


def shorten(text: str, inches: float) -> str:
    """Text cut to what fits in ``inches`` at the size of the footer."""
    limit = int(inches * _CHARACTERS_PER_INCH)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def source_line(run: Run, documented: str) -> str:
    """Where the figure's numbers come from, in one line."""
    about: Mapping[str, Any] = run.manifest
    case = about.get("title") or about.get("case") or "unnamed case"
    parts = [f"Simulated: {case}"]
    scenario = about.get("scenario")
    if scenario and scenario not in (case, about.get("case")):
        parts.append(f"scenario {scenario}")
    parts.append(f"{run.dataset.sizes['member']} members")
    if about.get("seed") is not None:
        parts.append(f"seed {about['seed']}")
    shown = f"Documented: {documented}. " if documented else ""
    return shown + ", ".join(parts) + "."


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


def time_axis(ax: Axes, run: Run) -> None:
    """Years under the axis: a tick where each begins, its number in the middle.

    A run of less than two years shows months.
    """
    months = months_of(run)
    ax.set_xlim(*window(run))
    ax.tick_params(axis="x", which="minor", length=0)
    if len(months) < 24:
        _month_ticks(ax, months)
        return
    years = np.unique(months.astype("datetime64[Y]"))
    every = -(-len(years) // 12)
    narrow = ax.get_position().width * WIDTH < 0.42 * len(years) / every
    shown = years[::every]
    ax.xaxis.set_major_locator(FixedLocator(list(day_numbers(years))))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, place: ""))
    ax.xaxis.set_minor_locator(FixedLocator(list(day_numbers(shown) + 182)))
    names = [f"'{str(year)[2:]}" if narrow else str(year) for year in shown]
    ax.xaxis.set_minor_formatter(FixedFormatter(names))


def _month_ticks(ax: Axes, months: Months) -> None:
    shown = months[:: -(-len(months) // 6)]
    ax.xaxis.set_major_locator(FixedLocator(list(day_numbers(shown))))
    ax.xaxis.set_major_formatter(FixedFormatter([str(month) for month in shown]))


def value_axis(ax: Axes) -> None:
    """Few round ticks, thousands separated, faint lines; zero is on the axis."""
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, place: _number(value)))
    ax.grid(axis="y", color=style.GRID, linewidth=0.7)
    ax.use_sticky_edges = False
    ax.autoscale_view(scalex=False)
    low, high = float(ax.dataLim.y0), float(ax.dataLim.y1)
    if low >= 0:
        ax.set_ylim(0, 1.06 * high if high > 0 else 1)
    elif high <= 0:
        ax.set_ylim(1.06 * low, 0)
    else:
        ax.axhline(0, color=style.MUTED, linewidth=0.7)


def _number(value: float) -> str:
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def panel_title(ax: Axes, text: str, *, raised: bool) -> None:
    """Title at the left above a panel; ``raised`` leaves room for numbered marks."""
    ax.set_title(text, loc="left", size=9, weight="bold", pad=19 if raised else 6)
