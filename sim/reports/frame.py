"""The frame of a figure: title, unit, legend, panels, and the lines of text underneath.

Everything is placed in inches, so text never meets a panel whatever the number of panels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from sim.reports import style
from sim.reports.axes import inches
from sim.reports.series import Run

LEFT, RIGHT, GAP, WIDTH = 0.72, 0.22, 0.62, 9.4
LINE, LEGEND_LINE, FOOT_SIZE = 0.152, 0.22, 7.2
TITLE_SIZE, TITLE_LINE, OUTDENT = 8.8, 0.15, 0.45
ABOVE_FIRST, ABOVE, BELOW = 0.36, 0.16, 0.34
_PER_INCH, _BOLD_PER_INCH = 17.5, 12.2  # characters


@dataclass
class Words:
    """The text around the panels."""

    title: str
    subtitle: str
    legend: Sequence[Artist] = ()
    key: Sequence[str] = ()
    notes: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """How panels share the width of a figure [inches]."""

    columns: int = 1
    height: float = 3.6
    left: float = LEFT

    def width(self) -> float:
        """Width of one panel."""
        gaps = GAP * (self.columns - 1)
        return (WIDTH - self.left - RIGHT - gaps) / self.columns

    def wrapped(self, titles: Sequence[str]) -> list[list[str]]:
        """Each title in lines that fit above its panel."""
        limit = int((self.width() + OUTDENT) * _BOLD_PER_INCH)
        return [textwrap.wrap(title, limit) for title in titles]


def lay_out(titles: Sequence[str], words: Words, grid: Grid) -> tuple[Figure, list[Axes]]:
    """A figure with one panel for each of ``titles``, which may be empty."""
    lines = grid.wrapped(titles)
    rows = [lines[k : k + grid.columns] for k in range(0, len(lines), grid.columns)]
    above = [_above(row, first=k == 0) for k, row in enumerate(rows)]
    foot = _foot_lines(words)
    head = 0.62 + LEGEND_LINE * len(_legend_lines(words.legend))
    bottom = 0.14 + LINE * len(foot)
    total = head + sum(above) + len(rows) * (grid.height + BELOW) + bottom
    figure = style.new_figure(WIDTH, total)
    _write_head(figure, words, total)
    _write_foot(figure, foot, bottom, total)
    axes, top = [], head
    for room, row in zip(above, rows, strict=True):
        top += room
        for column, title in enumerate(row):
            x = grid.left + column * (grid.width() + GAP)
            place = (x, total - top - grid.height, grid.width(), grid.height)
            axes.append(_add_panel(figure, place, total))
            panel_title(axes[-1], title, raised=room == above[0])
        top += grid.height + BELOW
    return figure, axes


def _above(titles: Sequence[Sequence[str]], *, first: bool) -> float:
    """Room over a row of panels; numbered marks stand above the first row only."""
    return (ABOVE_FIRST if first else ABOVE) + TITLE_LINE * max(map(len, titles))


def _add_panel(figure: Figure, place: tuple[float, float, float, float], total: float) -> Axes:
    x, y, width, height = place
    return figure.add_axes((x / WIDTH, y / total, width / WIDTH, height / total))


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
    width = int((WIDTH - 0.4) * _PER_INCH)
    for note in words.notes:
        lines += [(line, "") for line in textwrap.wrap(note, width)]
    return lines


def _write_foot(
    figure: Figure, lines: Sequence[tuple[str, str]], bottom: float, total: float
) -> None:
    for k, (left, right) in enumerate(lines):
        y = (bottom - 0.04 - LINE * (k + 0.5)) / total
        for x, text in ((0.18, left), (WIDTH / 2 + 0.1, right)):
            if text:
                figure.text(x / WIDTH, y, text, size=FOOT_SIZE, color=style.MUTED, va="center")


def panel_title(ax: Axes, lines: Sequence[str], *, raised: bool) -> None:
    """Title at the left above a panel; ``raised`` leaves room for numbered marks."""
    width, height = inches(ax)
    ax.text(
        -OUTDENT / width,
        1 + (0.24 if raised else 0.08) / height,
        "\n".join(lines),
        transform=ax.transAxes,
        size=TITLE_SIZE,
        weight="bold",
        va="bottom",
        linespacing=1.15,
        label="title",
    )


def shorten(text: str, width: float) -> str:
    """Text cut to what fits in ``width`` inches at the size of the footer."""
    limit = int(width * _PER_INCH)
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
