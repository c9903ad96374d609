"""The network of a month: who supplied which chips by which way, as a Vega-Lite specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.case.schema import Case
from sim.reports.names import display
from sim.reports.style import BLUE, GREEN, SKY, VERMILION
from sim.reports.supply import makers_of
from sim.web.view import View

WAYS = {"direct": "open", "licensed": "licensed", "domestic": "home", "rerouted": "covert"}
CLOSED = "closed"
_COLORS = {"open": BLUE, "licensed": SKY, "home": GREEN, "covert": VERMILION, CLOSED: "#9A9A9A"}
_DASHES = {"open": [1, 0], "licensed": [8, 3], "home": [1, 0], "covert": [2, 2], CLOSED: [1, 5]}
DRY = 0.02  # of its fullest month: less than that counts as nothing
ROW = 26  # pixels
LEFT, RIGHT = 0.47, 0.80  # where routes begin and end, of the width
_WIDEST = 16


@dataclass(frozen=True)
class Route:
    """Chips of one item by one way in a month.

    Args:
        item: what.
        way: open, licensed, home, covert; or closed once it has gone dry.
        makers: who makes them.
        units: received [million a month], mean over members.
        fullness: against the fullest month of the item, all ways together [0..1].
    """

    item: str
    way: str
    makers: tuple[str, ...]
    units: float
    fullness: float


def routes_of(view: View, case: Case, month: int) -> list[Route]:
    """Every route that brought chips by then, in the order of items and ways.

    Args:
        view: the run.
        case: names of makers.
        month: index of the month.
    """
    found = []
    for item, flows in view.flows.items():
        fullest = float(flows.sum(axis=0).max())
        for origin, series in zip(view.origin_names, flows, strict=True):
            so_far = float(series[: month + 1].max())
            if fullest <= 0 or so_far < DRY * fullest:
                continue
            units = float(series[month])
            way = CLOSED if units < DRY * so_far else WAYS[origin]
            makers = makers_of(case, item, origin)
            found.append(Route(item, way, makers, units, units / fullest))
    return found


def draw(view: View, case: Case, month: int) -> dict[str, Any]:
    """Routes from makers on the left to the firm on the right; width is the flow."""
    routes = routes_of(view, case, month)
    middle = (len(routes) - 1) / 2
    rows = [_row(route, place, middle, case) for place, route in enumerate(routes)]
    ways = [way for way in _COLORS if any(row["way"] == way for row in rows)]
    y = {"type": "quantitative", "axis": None,
         "scale": {"domain": [-0.7, max(len(routes), 1) - 0.3], "reverse": True}}  # fmt: skip
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    ends = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    names = {"color": {"field": "way", "type": "nominal", "title": None,
                       "scale": {"domain": ways, "range": [_COLORS[way] for way in ways]},
                       "legend": {"orient": "bottom"}}}  # fmt: skip
    text = {"type": "text", "fontSize": 12, "color": "#8A8A8A"}
    firm = [{"x": RIGHT, "y": middle, "name": case.actors[case.focal].label}]
    return {
        "data": {"values": rows},
        "height": ROW * max(len(routes), 4) + 60,
        "layer": [
            {"mark": {"type": "rule", "opacity": 0.75, "tooltip": True},
             "encoding": {**ends, "x2": {"field": "x2"}, "y2": {"field": "y2"}, **names,
                          "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
                          "strokeDash": {"field": "way", "type": "nominal", "legend": None,
                                         "scale": {"domain": ways,
                                                   "range": [_DASHES[way] for way in ways]}},
                          "tooltip": _tips()}},
            {"mark": text | {"align": "right", "dx": -8, "limit": 300},
             "encoding": {**ends, "text": {"field": "label"}}},
            {"data": {"values": firm}, "mark": {"type": "point", "filled": True, "size": 220,
                                                "color": "#8A8A8A"}, "encoding": ends},
            {"data": {"values": firm}, "mark": text | {"dx": 12, "align": "left",
                                                       "fontWeight": "bold"},
             "encoding": {**ends, "text": {"field": "name"}}},
        ],
        "config": {"view": {"stroke": None}},
    }  # fmt: skip


def _row(route: Route, place: int, middle: float, case: Case) -> dict[str, Any]:
    names = [display(maker, {key: one.label for key, one in case.actors.items()})
             for maker in route.makers]  # fmt: skip
    return {
        "x": LEFT,
        "y": place,
        "x2": RIGHT,
        "y2": middle,
        "label": case.items[route.item].label.split(" (")[0],
        "makers": ", ".join(names),
        "way": route.way,
        "units": float(f"{route.units:.3g}"),
        "width": 1 + _WIDEST * float(np.clip(route.fullness, 0, 1)),
        "share": round(100 * route.fullness),
    }


def _tips() -> list[dict[str, str]]:
    words = {"label": "Chips", "way": "Way", "makers": "Makers", "units": "million a month",
             "share": "% of the fullest month"}  # fmt: skip
    return [{"field": name, "title": title} for name, title in words.items()]
