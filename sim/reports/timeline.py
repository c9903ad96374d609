"""The regime's timeline: each measure from its announcement over its effect to its end."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.outcomes.dataset import OutcomeError
from sim.reports import style
from sim.reports.axes import add_lines, day_number, day_numbers, inches, time_axis, window
from sim.reports.frame import Grid, Words, lay_out, shorten, source_line
from sim.reports.marks import Entry, entries_of, undated
from sim.reports.names import display
from sim.reports.series import Run, months_of

ROW = 0.165
INSIDE = "Decided inside the model (documented dates, for comparison)"
CONTEXT = "Context without effect in the model"
_LEFT = 4.1


@style.styled
def figure_timeline(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Measures by kind with a bar from announcement to effect and on to the end; context light.

    ``documented`` is not used; it is there so that all figures are called alike.

    Raises:
        OutcomeError: if the manifest has no dated timeline within the run.
    """
    begin, end = window(run)
    entries = [entry for entry in entries_of(run) if touches(entry, begin, end)]
    if not entries:
        raise OutcomeError("the manifest of this run has no timeline")
    rows = rows_of(entries)
    words = Words(
        "Regime timeline",
        "measures by kind, from announcement to effect and to their end",
        legend=_legend(entries),
        notes=[*_undated(run), source_line(run, "")],
    )
    figure, (ax,) = lay_out([""], words, Grid(height=ROW * len(rows) + 0.1, left=_LEFT))
    time_axis(ax, run, above=True)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    _draw_years(ax, run)
    for place, row in enumerate(rows):
        _draw_row(ax, row, place, begin, end)
    return figure


def _draw_years(ax: Axes, run: Run) -> None:
    years = np.unique(months_of(run).astype("datetime64[Y]"))
    days = [day for day in day_numbers(years) if day >= window(run)[0]]
    add_lines(
        ax, [[(day, 0.0), (day, 1.0)] for day in days], ax.get_xaxis_transform(),
        color=style.GRID, linewidth=0.7, zorder=0.4,
    )  # fmt: skip


def _undated(run: Run) -> list[str]:
    titles = [entry.title for entry in undated(run)]
    if not titles:
        return []
    return [f"Without a date, because they answer acts inside the model: {'; '.join(titles)}."]


def touches(entry: Entry, begin: float, end: float) -> bool:
    """Whether any day of the entry falls into the run; only a measure lasts beyond its day."""
    if entry.first is None or day_number(entry.first) >= end:
        return False
    if entry.acts and not entry.decided_inside and entry.effective:
        return entry.ended is None or day_number(entry.ended) > begin
    day = entry.effective or entry.first
    return begin <= day_number(day) < end


def _group(entry: Entry) -> tuple[int, str]:
    """Rank and heading of the group that an entry stands in."""
    if entry.decided_inside:
        return (1, INSIDE)
    if not entry.acts:
        return (2, CONTEXT)
    return (0, display(entry.kind) if entry.kind else "Measures")


def rows_of(entries: Sequence[Entry]) -> list[Entry | str]:
    """Headings and entries from top to bottom: acting kinds by first date, inside, context."""
    order: dict[tuple[int, str], int] = {}
    for entry in entries:
        order.setdefault(_group(entry), len(order))
    ranked = sorted(entries, key=lambda entry: (_group(entry)[0], order[_group(entry)]))
    rows: list[Entry | str] = []
    for (_, heading), group in itertools.groupby(ranked, key=_group):
        rows += [heading, *group]
    return rows


def _draw_row(ax: Axes, row: Entry | str, place: int, begin: float, end: float) -> None:
    if isinstance(row, str):
        _write(ax, row, place, weight="bold", color=style.INK)
        return
    light = not row.acts and not row.decided_inside
    color = style.FAINT if light else style.INK
    _write(ax, shorten(row.title, _LEFT - 0.45), place, color=style.MUTED if light else style.INK)
    if row.decided_inside:
        _marker(ax, row, place, "D", "white", style.INK, begin)
    elif light:
        _marker(ax, row, place, "o", color, color, begin)
    elif row.effective is None:
        _marker(ax, row, place, "o", style.VERMILION, style.VERMILION, begin)
    else:
        _bars(ax, row, place, begin, end)


def _write(ax: Axes, text: str, place: int, *, color: str, weight: str = "normal") -> None:
    indent = 0 if weight == "bold" else 0.12
    ax.text(
        (-_LEFT + 0.22 + indent) / inches(ax)[0],
        place,
        text,
        transform=ax.get_yaxis_transform(),
        size=7.2,
        weight=weight,
        color=color,
        va="center",
    )


def _marker(
    ax: Axes, entry: Entry, place: int, shape: str, face: str, edge: str, begin: float
) -> None:
    day = entry.effective or entry.announced
    if day is not None and day_number(day) >= begin:
        ax.plot(
            [day_number(day)],
            [place],
            shape,
            markersize=4.2,
            markerfacecolor=face,
            markeredgecolor=edge,
            label=entry.id,
        )


def _bars(ax: Axes, entry: Entry, place: int, begin: float, end: float) -> None:
    binds = day_number(entry.binds) if entry.binds else end
    known = day_number(entry.first) if entry.first else binds
    over = day_number(entry.ended) if entry.ended else end
    if known < binds:
        _bar(ax, entry, place, max(known, begin), min(binds, over, end), waiting=True)
    if binds < over:
        _bar(ax, entry, place, max(binds, begin), min(over, end), waiting=False)
    if entry.ended is None and binds < end:
        ax.plot([end], [place], ">", color=style.BLUE, markersize=3.6, clip_on=False)


def _bar(ax: Axes, entry: Entry, place: int, left: float, right: float, *, waiting: bool) -> None:
    if right <= left:
        return
    # A measure of a few days is still to be seen.
    (bar,) = ax.barh(
        place,
        max(right - left, 12.0),
        left=left,
        height=0.62,
        facecolor="white" if waiting else style.BLUE,
        edgecolor=style.VERMILION if waiting else style.BLUE,
        hatch="//////" if waiting else "",
        linewidth=0.7,
    )
    bar.set_label(entry.id)


def _legend(entries: Sequence[Entry]) -> list[Artist]:
    handles: list[Artist] = [
        Patch(
            facecolor="white",
            edgecolor=style.VERMILION,
            hatch="//////",
            label="announced or in grace",
        ),
        Patch(color=style.BLUE, label="in force (arrow: beyond the run)"),
    ]
    if any(entry.decided_inside for entry in entries):
        handles.append(
            Line2D(
                [],
                [],
                marker="D",
                ls="",
                mfc="white",
                mec=style.INK,
                ms=4.5,
                label="decided inside the model",
            )
        )
    if any(entry.acts and entry.effective is None for entry in entries):
        dot: dict[str, Any] = {"marker": "o", "ls": "", "ms": 4}
        handles.append(Line2D([], [], color=style.VERMILION, label="announcement", **dot))
    if any(not entry.acts and not entry.decided_inside for entry in entries):
        handles.append(Line2D([], [], marker="o", ls="", color=style.FAINT, ms=4, label="context"))
    return handles
