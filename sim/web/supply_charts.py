"""Charts of what supply is made of: what limits output, and where chips came from.

Vega-Lite specifications like those of :mod:`sim.web.charts`.
"""

from __future__ import annotations

import itertools
import json
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np

from sim.reports.names import display
from sim.reports.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, YELLOW
from sim.web.charts import HEIGHT, Spec, heading, number, time_axis
from sim.web.view import MONTH, View

LEGEND = 84  # pixels of the years, a legend's title and the room between
ENTRIES = 18  # pixels of one row of a legend
_CONSTRAINT_COLORS = (
    "#B8B8B8",
    PURPLE,
    VERMILION,
    SKY,
    YELLOW,
    GREEN,
    "#8A5A2B",
    BLUE,
    ORANGE,
    "#5E3C99",
)
_LETTERS = 20  # of a line's name beside its strip, before it goes on below
_ORIGIN_COLORS = (BLUE, SKY, GREEN, VERMILION)


def strip(view: View, lines: Sequence[str], labels: Mapping[str, str] | None = None) -> Spec:
    """What binds each line: stretches of months with the constraint that most members meet."""
    rows = [
        {"line": display(line, labels), **stretch}
        for line in lines
        for stretch in stretches(view, line)
    ]
    return _strip(rows, [_constraint(name) for name in view.constraints])


def stretches(view: View, line: str) -> list[Spec]:
    """Stretches of months in which the same constraint binds most members of a line.

    Returns:
        time and until (first days), binds, and the mean share of members [%].
    """
    shares = np.nan_to_num(view.binding[line])
    most = shares.argmax(axis=0)
    edges = [0, *(np.flatnonzero(np.diff(most)) + 1), len(most)]
    return [
        {
            "time": f"{view.months[first]}-01",
            "until": f"{view.months[last - 1] + MONTH}-01",
            "binds": _constraint(view.constraints[most[first]]),
            "share": round(100 * float(shares[most[first], first:last].mean())),
        }
        for first, last in itertools.pairwise(edges)
    ]


def legend(columns: int = 1) -> Spec:
    """A legend below that finds room on a phone: a colour whose name is cut off says nothing."""
    return {"orient": "bottom", "columns": columns, "columnPadding": 8, "labelLimit": 230,
            "labelFontSize": 12, "symbolSize": 90}  # fmt: skip


def _strip(rows: list[Spec], domain: list[str]) -> Spec:
    present = [name for name in domain if any(row["binds"] == name for row in rows)]
    colors = [_CONSTRAINT_COLORS[domain.index(name) % len(_CONSTRAINT_COLORS)] for name in present]
    names = {row["line"]: textwrap.wrap(row["line"], _LETTERS) for row in rows}
    deepest = max(map(len, names.values()), default=1)
    return {
        "data": {"values": rows},
        "height": max(26, 20 * deepest) * len(names) + LEGEND + ENTRIES * len(present),
        "mark": {"type": "rect", "tooltip": True},
        "encoding": {
            "x": time_axis() | {"title": None},
            "x2": {"field": "until"},
            "y": {"field": "line", "type": "nominal", "title": None,
                  # Names in lines of words: half a name says nothing, and a phone has no room.
                  "axis": {"labelExpr": f"({json.dumps(names)})[datum.label]",
                           "labelLimit": 150, "labelOverlap": False,
                           # A name of two lines begins at the middle of its strip.
                           "labelOffset": -3.5 * (deepest - 1)}},
            "color": {"field": "binds", "type": "nominal", "title": "What limits output",
                      "scale": {"domain": present, "range": colors},
                      "legend": legend()},
            "tooltip": [
                {"field": "time", "type": "temporal", "format": "%B %Y", "title": "From"},
                {"field": "until", "type": "temporal", "format": "%B %Y", "title": "before"},
                {"field": "line", "title": "Line"},
                {"field": "binds", "title": "Limited by"},
                {"field": "share", "title": "in % of members"},
            ],
        },
    }  # fmt: skip


def most_chips(view: View, name: str) -> float:
    """Chips received in the fullest month, all origins together [million]; mean over members."""
    return float(view.origins[name].sum(axis=0).max())


def origins(view: View, name: str, title: str, top: float | None = None) -> Spec:
    """Chips received a month by origin, stacked; the mean over members.

    Args:
        view: the run.
        name: which chips.
        title: above the chart.
        top: where the axis ends at least [million], so that two runs can be compared by eye.
    """
    rows = [
        {"time": f"{month}-01", "origin": display(origin), "chips": number(value)}
        for origin, series in zip(view.origin_names, view.origins[name], strict=True)
        for month, value in zip(view.months, series, strict=True)
    ]
    domain = [display(origin) for origin in view.origin_names]
    return {
        "title": heading(title),
        "data": {"values": rows},
        "height": HEIGHT + 2 * ENTRIES,
        "mark": {"type": "area", "tooltip": True, "line": {"strokeWidth": 0.8}},
        "encoding": {
            "x": time_axis(),
            "y": {"field": "chips", "type": "quantitative", "title": "million a month",
                  "scale": {"domainMax": top} if top else {}},
            "color": {"field": "origin", "type": "nominal", "title": None, "sort": domain,
                      "scale": {"domain": domain, "range": list(_ORIGIN_COLORS)},
                      "legend": legend(2)},
            "order": {"field": "origin"},
            "tooltip": [
                {"field": "time", "type": "temporal", "format": "%B %Y", "title": "Month"},
                {"field": "origin", "title": "Origin"},
                {"field": "chips", "format": ".3~f", "title": "million chips, mean"},
            ],
        },
    }  # fmt: skip


def _constraint(name: str) -> str:
    words = {"demand": "Demand (all served)", "ban": "Market bans", "processors": "Processors"}
    return words.get(name, display(name))
