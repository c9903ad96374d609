"""When things happen: the months of events over members, beside the documented month."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.outcomes.dataset import OutcomeError, csv_name
from sim.reports import style
from sim.reports.axes import add_lines, day_number, inches, time_axis, window
from sim.reports.fan import Look, band_legend, diamond, documented_legend
from sim.reports.frame import Grid, Words, lay_out, shorten, source_line
from sim.reports.marks import MARKS_NOTE, draw_marks, main_measures, measure_key
from sim.reports.names import display
from sim.reports.points import Rows, is_weak, rows_for, source_names
from sim.reports.series import MONTH, Array, Run, kind_of, months_of, quantiles

ROW, LEFT = 0.34, 4.2
_MONTH = re.compile(r"\d{4}-\d{2}")


@style.styled
def figure_events(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """One row an event: when it happens over members, and in what share of them.

    Raises:
        OutcomeError: if the run has no events.
    """
    events = [name for name, array in run.dataset.data_vars.items() if kind_of(array) == "event"]
    if not events:
        raise OutcomeError("this run has no events")
    measures = main_measures(run)
    rows = [
        rows_for(documented, csv_name(run.dataset[name]), {}).to_dict("records") for name in events
    ]
    words = _words(run, rows, bool(measures))
    words.key = measure_key(measures)
    figure, (ax,) = lay_out([""], words, Grid(height=ROW * len(events) + 0.15, left=LEFT))
    time_axis(ax, run)
    draw_marks(ax, run, measures, numbers=True)
    for place, name in enumerate(events):
        _draw_event(ax, run, str(name), place)
        _draw_documented(ax, run, rows[place], place)
    _name_rows(ax, run, [str(name) for name in events])
    return figure


def _words(run: Run, shown: Sequence[Rows], measured: bool) -> Words:
    legend = [
        Line2D([], [], color=style.BLUE, marker="|", markersize=9, lw=0, mew=2, label="median"),
        *band_legend(Look()),
        *documented_legend(shown),
    ]
    notes = [
        "Bands and median are over the members in which the event happens; "
        "the percentage says in how many it does."
    ]
    notes += [MARKS_NOTE] if measured else []
    notes.append(source_line(run, source_names(shown)))
    return Words("When things happen", "month of each event", legend=legend, notes=notes)


def event_days(run: Run, name: str) -> Array:
    """Day of the event in each member on the time axis, (members,); NaN for never."""
    since_start = np.asarray(run.dataset[name].values, dtype=np.float64)
    first = months_of(run)[0]
    known = np.nan_to_num(since_start)
    whole = np.floor(known).astype(int)
    begin = (first + whole * MONTH).astype("datetime64[D]").astype(np.float64)
    after = (first + (whole + 1) * MONTH).astype("datetime64[D]").astype(np.float64)
    days = begin + (known - whole + 0.5 * (known == whole)) * (after - begin)
    return np.where(np.isnan(since_start), np.nan, days)


def _draw_event(ax: Axes, run: Run, name: str, place: int) -> None:
    days = event_days(run, name)
    if np.isnan(days).all():
        return
    low, lower, median, upper, high = quantiles(days[None, :])[:, 0]
    for left, right, alpha in ((low, high, 0.22), (lower, upper, 0.32)):
        # A band of one month is still to be seen.
        width = max(right - left, 30.0)
        ax.barh(place, width, left=(left + right - width) / 2, height=0.52, color=style.BLUE,
                alpha=alpha, lw=0)  # fmt: skip
    ax.plot([median], [place], "|", color=style.BLUE, markersize=13, mew=2.2, label=name)


def _draw_documented(ax: Axes, run: Run, rows: Rows, place: int) -> None:
    begin, end = window(run)
    for row in rows:
        low, at, high = (_middle(row.get(key)) for key in ("low", "value", "high"))
        if begin <= at <= end:
            ax.plot([at], [place], **diamond(is_weak(row)))
        if low < high:
            ax.plot([low, high], [place, place], color=style.BLACK, lw=1.2, zorder=4)


def _middle(month: object) -> float:
    """Middle of a month such as ``2021-09`` on the time axis; NaN if there is none."""
    text = str(month)
    if not _MONTH.fullmatch(text):
        return float("nan")
    first = np.datetime64(text, "M")
    return (day_number(first) + day_number(first + MONTH)) / 2


def _name_rows(ax: Axes, run: Run, events: list[str]) -> None:
    ax.set_ylim(len(events) - 0.4, -0.6)
    ax.yaxis.set_visible(False)
    begin, end = window(run)
    rows = range(len(events))
    add_lines(
        ax, [[(begin, y), (end, y)] for y in rows], ax.transData, color=style.GRID,
        linewidth=0.7, zorder=0.4,
    )  # fmt: skip
    for y, name in zip(rows, events, strict=True):
        ax.text(
            -0.08 / inches(ax)[0], y, _row_name(run, name), transform=ax.get_yaxis_transform(),
            ha="right", va="center", size=7.6, label="row",
        )  # fmt: skip


def _row_name(run: Run, name: str) -> str:
    return f"{shorten(event_title(run, name), LEFT - 1.2)}, in {in_members(run, name)}"


def event_title(run: Run, name: str) -> str:
    """What an event is, in words; its declared label unless that only spells the name out."""
    label = str(run.dataset[name].attrs.get("label") or "")
    spelt = label.partition(": ")[2] or label
    known = run.manifest.get("names")
    return display(name, known) if spelt in ("", name.replace("_", " ")) else label


def in_members(run: Run, name: str) -> str:
    """Share of members that see an event, so that 100 % means each of them."""
    seen = ~np.isnan(np.asarray(run.dataset[name].values, dtype=np.float64))
    percent = 100 * float(np.mean(seen))
    if 99.5 <= percent < 100:
        return "over 99 %"
    return "under 1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"
