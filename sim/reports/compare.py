"""Two runs over each other, and their difference where they share all luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.outcomes.dataset import parse_labels
from sim.reports import style
from sim.reports.axes import time_axis, value_axis
from sim.reports.fan import (
    Look,
    Steps,
    band_legend,
    documented_legend,
    draw_fan,
    draw_points,
    shown_rows,
    steps_of,
)
from sim.reports.frame import Grid, Words, lay_out, source_line
from sim.reports.names import display
from sim.reports.points import Point, Rows, points, source_names
from sim.reports.series import Run, kind_of, members_of, months_of, unit_of

LOOK_A = Look(style.BLUE, "-", 0.16, 0.26)
LOOK_B = Look(style.VERMILION, (0, (4, 1.5)), 0.14, 0.24, hatch="////")
LOOK_DIFFERENCE = Look(style.INK, "-", 0.14, 0.22)


@style.styled
def figure_compare(
    a: Run,
    b: Run,
    outcome: str,
    labels: Mapping[str, str] | str = "",
    documented: pd.DataFrame | None = None,
    names: tuple[str, str] | None = None,
) -> Figure:
    """Fans of two runs, and under them B minus A member by member if they share seed and size.

    Args:
        a: one run; its measures are not marked, as the two may differ in them.
        b: the other, over the same months.
        outcome: name of an outcome with months.
        labels: a label for each dimension, as a mapping or as ``segment=total``.
        documented: documented outcomes, or None.
        names: what to call the two; their scenarios by default.

    Raises:
        OutcomeError: if one of the runs lacks the outcome or label.
        ValueError: if the outcome is an event or the runs cover different months.
    """
    wanted = parse_labels(labels) if isinstance(labels, str) else dict(labels)
    values = members_of(a, outcome, wanted)
    _check(a, b, outcome, kind_of(values))
    called = names or _names(a, b)
    pair = (steps_of(a, outcome, wanted), steps_of(b, outcome, wanted))
    rows = shown_rows(documented, pair[0], outcome, wanted)
    paired = _paired(a, b)
    titles = [f"{called[0]} and {called[1]}", f"Difference: {called[1]} minus {called[0]}"]
    words = _words(a, b, outcome, wanted, called, rows, paired)
    figure, axes = lay_out(titles[: 1 + paired], words, Grid(height=3.0))
    draw_both(axes[0], a, pair, points(rows, kind_of(values)))
    if paired:
        draw_difference(axes[1], a, pair)
    return figure


def _check(a: Run, b: Run, outcome: str, kind: str) -> None:
    if kind == "event":
        raise ValueError(f"{outcome} is an event: it has no course over months to compare")
    if not np.array_equal(months_of(a), months_of(b)):
        raise ValueError("the two runs cover different months")


def _names(a: Run, b: Run) -> tuple[str, str]:
    first, second = (
        str(run.manifest.get("scenario") or run.manifest.get("title") or "") for run in (a, b)
    )
    return (first, second) if first and second and first != second else ("A", "B")


def _paired(a: Run, b: Run) -> bool:
    """Whether member k of both runs had the same luck, so that a difference means something."""
    seeds = a.manifest.get("seed"), b.manifest.get("seed")
    same_size = a.dataset.sizes["member"] == b.dataset.sizes["member"]
    return same_size and seeds[0] is not None and seeds[0] == seeds[1]


def _words(
    a: Run,
    b: Run,
    outcome: str,
    labels: Mapping[str, str],
    called: tuple[str, str],
    rows: Rows,
    paired: bool,
) -> Words:
    values = members_of(a, outcome, labels)
    about = ", ".join(display(label) for label in labels.values())
    title = str(values.attrs.get("label") or display(outcome)) + (f": {about}" if about else "")
    period = " a calendar year" if kind_of(values) == "flow" else ""
    legend = [
        Line2D([], [], color=look.color, linestyle=look.dash, lw=1.9, label=name)
        for look, name in zip((LOOK_A, LOOK_B), called, strict=True)
    ]
    bands = band_legend(Look(style.MUTED))
    shown = documented_legend([rows])
    notes = [source_line(a, source_names([rows])), source_line(b, "")]
    if paired:
        notes.insert(0, "The difference is taken member by member: both runs share all luck.")
    return Words(title, f"{unit_of(values)}{period}", [*legend, *bands, *shown], notes=notes)


def draw_both(ax: Axes, run: Run, pair: tuple[Steps, Steps], found: Sequence[Point]) -> None:
    """Fans of two runs over each other, with documented points."""
    time_axis(ax, run)
    for steps, look in zip(pair, (LOOK_A, LOOK_B), strict=True):
        draw_fan(ax, steps, look)
    draw_points(ax, found)
    value_axis(ax)


def draw_difference(ax: Axes, run: Run, pair: tuple[Steps, Steps]) -> None:
    """Fan of the second less the first, member by member."""
    time_axis(ax, run)
    first, second = pair
    draw_fan(ax, Steps(first.edges, second.values - first.values), LOOK_DIFFERENCE)
    value_axis(ax)
