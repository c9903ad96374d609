"""A fan: the median over members, the middle half and 90 % of them, and documented points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.reports import style
from sim.reports.axes import add_steps, day_number, day_numbers
from sim.reports.points import WEAK_GRADES, Point, Rows, points, rows_for
from sim.reports.series import (
    MONTH,
    Run,
    flow_by,
    kind_of,
    members_of,
    months_of,
    numbers_of,
    quantiles,
)

Array = npt.NDArray[np.float64]


WIDE, NARROW = "90 %", "50 %"


@dataclass(frozen=True)
class Look:
    """How one run's fan is drawn."""

    color: str = style.BLUE
    dash: Any = "-"
    wide: float = 0.22
    narrow: float = 0.32
    hatch: str = ""


@dataclass(frozen=True)
class Steps:
    """Values on intervals of time: ``edges`` (times + 1,) and ``values`` (times, members)."""

    edges: Array
    values: Array
    kind: str = "flow"

    @cached_property
    def bands(self) -> Array:
        """5, 25, 50, 75 and 95 % quantiles over members, (5, times)."""
        return quantiles(self.values)

    @property
    def yearly(self) -> bool:
        """Whether an interval is a year."""
        return bool(self.edges[1] - self.edges[0] > 300)

    def times(self) -> list[str]:
        """The intervals by name: ``2021``, or ``2021-09`` for a month."""
        return [day_text(edge, 4 if self.yearly else 7) for edge in self.edges[:-1]]


def day_text(day: float, length: int) -> str:
    """The beginning of a day on the time axis as text: 4 letters give the year, 7 the month."""
    return str(np.datetime64(int(day), "D"))[:length]


def steps_of(run: Run, outcome: str, labels: Mapping[str, str]) -> Steps:
    """A flow by calendar year, anything else by month.

    A yearly total compares with a documented annual figure as it is; a curve of monthly
    values times twelve, or a moving total, would not. A run without a full calendar year
    shows its months.

    Raises:
        OutcomeError: if the run lacks the outcome or label.
    """
    values = members_of(run, outcome, labels)
    months, numbers, kind = months_of(run), numbers_of(values), kind_of(values)
    if kind == "flow":
        edges, sums = flow_by(months, numbers, "year")
        if len(edges):
            return Steps(day_numbers(edges), sums, kind)
    return Steps(day_numbers(np.append(months, months[-1] + MONTH)), numbers, kind)


def draw_fan(ax: Axes, steps: Steps, look: Look | None = None) -> None:
    """Bands and median of ``steps``; yearly values as steps, monthly ones as curves."""
    look = look or Look()
    low, lower, median, upper, high = steps.bands
    for bottom, top, alpha, name in (
        (low, high, look.wide, WIDE),
        (lower, upper, look.narrow, NARROW),
    ):
        _band(ax, steps.edges, bottom, top, look, alpha, name)
    line: dict[str, Any] = {"color": look.color, "linestyle": look.dash, "linewidth": 1.9}
    if steps.yearly:
        ax.plot(*_levels(steps.edges, median), label="median", solid_capstyle="butt", **line)
    else:
        ax.plot(_middles(steps.edges), median, label="median", **line)


def _levels(edges: Array, values: Array) -> tuple[Array, Array]:
    """A level line over each interval as one line with gaps."""
    gap = np.full(len(values), np.nan)
    places = np.stack([edges[:-1], edges[1:], gap], axis=1)
    return places.ravel(), np.stack([values, values, gap], axis=1).ravel()


def _band(
    ax: Axes, edges: Array, bottom: Array, top: Array, look: Look, alpha: float, name: str
) -> None:
    fill: dict[str, Any] = {
        "facecolor": to_rgba(look.color, alpha),
        "edgecolor": to_rgba(look.color, 2 * alpha),
        "lw": 0,
        "label": name,
    }
    if look.hatch and name == WIDE:
        fill["hatch"] = look.hatch
    if _yearly(edges):
        add_steps(ax, edges, bottom, top, **fill)
    else:
        ax.fill_between(_middles(edges), bottom, top, **fill)


def _yearly(edges: Array) -> bool:
    return bool(edges[1] - edges[0] > 300)


def _middles(edges: Array) -> Array:
    return (edges[1:] + edges[:-1]) / 2


def draw_points(ax: Axes, found: Sequence[Point], *, periods: bool = False) -> None:
    """Documented points: diamonds, hollow for weak grades; bars show what sources span.

    Args:
        ax: panel with days on its axis.
        found: the points.
        periods: draw a thin line over the period of each point that is a mean over it.
    """
    for weak in (False, True):
        group = [point for point in found if point.weak == weak and np.isfinite(point.value)]
        if group:
            days = [day_number(point.at) for point in group]
            ax.plot(days, [point.value for point in group], **diamond(weak))
    line: dict[str, Any] = {"color": style.BLACK, "zorder": 4}
    for point in found:
        day = day_number(point.at)
        if point.high > point.low:
            ax.plot([day, day], [point.low, point.high], lw=1.2, label="documented range", **line)
        if periods:
            days = [day_number(point.begin), day_number(point.end)]
            ax.plot(days, [point.value] * 2, lw=0.7, label="documented period", **line)


def diamond(weak: bool) -> dict[str, Any]:
    """Marker of a documented point."""
    return {
        "linestyle": "",
        "marker": "D",
        "label": "documented, weak source" if weak else "documented",
        "markersize": 5,
        "markerfacecolor": "white" if weak else style.BLACK,
        "markeredgecolor": style.BLACK if weak else "white",
        "markeredgewidth": 1.0 if weak else 0.8,
        "zorder": 5,
        "clip_on": False,
    }


def shown_rows(
    documented: pd.DataFrame | None, steps: Steps, outcome: str, labels: Mapping[str, str]
) -> Rows:
    """Documented rows that fit the fan of this outcome.

    They lie within the run; a yearly axis takes yearly figures only, a monthly flow monthly
    ones only (other periods are in the scorecard).
    """
    length = (12 if steps.yearly else 1) if steps.kind == "flow" else None
    begin, end = steps.edges[0], steps.edges[-1]
    return [
        row
        for row in rows_for(documented, outcome, labels).to_dict("records")
        if any(begin <= day_number(point.at) <= end for point in points([row], steps.kind, length))
    ]


def fan_panel(ax: Axes, steps: Steps, rows: Rows) -> None:
    """Fan of one outcome with documented ``rows`` of :func:`shown_rows` as points."""
    draw_fan(ax, steps)
    found = points(rows, steps.kind)
    draw_points(ax, found, periods=steps.kind == "share")


def fan_legend(shown: Sequence[Rows] = (), look: Look | None = None) -> list[Artist]:
    """Handles that explain a fan and the documented rows drawn with it."""
    look = look or Look()
    return [
        Line2D([], [], color=look.color, linestyle=look.dash, linewidth=1.9, label="median"),
        *band_legend(look),
        *documented_legend(shown),
    ]


def band_legend(look: Look) -> list[Artist]:
    """Handles that explain the bands."""
    return [
        Patch(color=look.color, alpha=look.wide + look.narrow, lw=0, label="half of the members"),
        Patch(color=look.color, alpha=look.wide, lw=0, label="90 % of the members"),
    ]


def documented_legend(shown: Sequence[Rows]) -> list[Artist]:
    """Handles that explain documented points, for the rows that are shown."""
    grades = {str(row["grade"]) for rows in shown for row in rows}
    common: dict[str, Any] = {"linestyle": "", "marker": "D", "markersize": 5}
    handles: list[Artist] = []
    if grades.difference(WEAK_GRADES):
        name = "documented (bar: range of sources)"
        handles.append(Line2D([], [], color=style.BLACK, label=name, **common))
    if grades.intersection(WEAK_GRADES):
        name = "documented, weak source"
        handles.append(Line2D([], [], mfc="white", mec=style.BLACK, label=name, **common))
    return handles
