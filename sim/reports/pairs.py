"""Figures of two runs over each other, and of their difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.outcomes.dataset import OutcomeError
from sim.reports import style
from sim.reports.alone import LARGE, SMALL, keys, one_panel, wanted
from sim.reports.blocks import sources_of, to_csv
from sim.reports.compare import LOOK_A, LOOK_B, LOOK_DIFFERENCE, draw_both, draw_difference
from sim.reports.content import Block, Figure, Key, Paragraph, Picture
from sim.reports.context import Context
from sim.reports.facts import QUANTILES
from sim.reports.fan import documented_legend, shown_rows, steps_of
from sim.reports.points import Rows, points
from sim.reports.series import kind_of, members_of, months_of, quantiles, unit_of

SHOWN: tuple[tuple[str, dict[str, str]], ...] = (
    ("revenue", {"segment": "total"}),
    ("phones_shipped", {"region": "total"}),
    ("accelerators", {"die_origin": "total"}),
    ("net_profit", {}),
    ("stock_value", {"kind": "total"}),
    ("supplier_losses", {"country": "total"}),
    ("telecom_equipment_share", {}),
    ("cut_off", {}),
)


def figures(a: Context, b: Context, names: tuple[str, str]) -> list[Block]:
    """Both runs over each other for the headline outcomes, and their difference."""
    runs = a.material.results, b.material.results
    assert runs[0] is not None and runs[1] is not None
    if not np.array_equal(months_of(runs[0]), months_of(runs[1])):
        words = (
            "The two runs cover different months, so no figure lays them over each other; the "
            "table below compares the years that they share."
        )
        return [Paragraph([words])]
    found: list[Block] = []
    for outcome, labels in SHOWN:
        try:
            found.append(pair_figure(a, b, outcome, labels, names))
        except OutcomeError:
            continue
    return found


@style.styled
def pair_figure(
    a: Context, b: Context, outcome: str, labels: Mapping[str, str], names: tuple[str, str]
) -> Figure:
    """One outcome of both runs, and of their difference if they share their luck.

    Raises:
        OutcomeError: if either run lacks it.
    """
    first, second = a.material.results, b.material.results
    assert first is not None and second is not None
    values = members_of(first, outcome, labels)
    pair = steps_of(first, outcome, labels), steps_of(second, outcome, labels)
    rows = shown_rows(a.material.points, pair[0], outcome, labels)
    paired = first.paired(second)
    size = SMALL if paired else LARGE
    drawing, ax = one_panel(size)
    draw_both(ax, first, pair, points(rows, kind_of(values)))
    title = a.outcome(outcome, wanted(labels))
    both = f"{title}: {names[0]} and {names[1]}, median with bands over members."
    pictures = [Picture("Both runs", drawing, both)]
    if paired:
        drawing, ax = one_panel(size)
        draw_difference(ax, first, pair)
        text = f"{title}: {names[1]} less {names[0]}, member by member, with bands."
        pictures.append(Picture("Difference: B less A", drawing, text))
    key = "-".join([outcome.replace("_", "-"), *labels.values()])
    period = " a calendar year" if kind_of(values) == "flow" else ""
    return Figure(
        f"figure-{key}", f"compare_{key}", title, f"{unit_of(values)}{period}", pictures, 2,
        _legend(names, rows, paired), [], sources_of(a, [rows]),
        to_csv(_pair_data(pair, names, paired)),
    )  # fmt: skip


def _legend(names: tuple[str, str], documented: Rows, paired: bool) -> list[Key]:
    found = [
        Key("line", f"A: {names[0]}", LOOK_A.color),
        Key("dash", f"B: {names[1]}", LOOK_B.color),
    ]
    if paired:
        found.append(Key("line", "difference", LOOK_DIFFERENCE.color))
    found += [
        Key("band", "half of the members", style.MUTED, opacity=0.5),
        Key("band", "90 % of the members", style.MUTED, opacity=0.22),
    ]
    return [*found, *keys(documented_legend([documented]))]


def _pair_data(pair: Any, names: tuple[str, str], paired: bool) -> list[dict[str, Any]]:
    courses = dict(zip(names, (steps.values for steps in pair), strict=True))
    if paired:
        courses["difference"] = pair[1].values - pair[0].values
    times = [str(np.datetime64(int(day), "D"))[:7] for day in pair[0].edges[:-1]]
    rows = []
    for name, values in courses.items():
        bands = quantiles(values)
        for k, time in enumerate(times):
            rows.append({"run": name, "time": time,
                         **dict(zip(QUANTILES, bands[:, k], strict=True))})  # fmt: skip
    return rows
