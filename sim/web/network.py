"""The network of a month: who supplied which chips by which way, as a Vega-Lite specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.case.schema import Case
from sim.reports.names import display
from sim.reports.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from sim.reports.supply import makers_of
from sim.web.charts import time_axis
from sim.web.supply_charts import ENTRIES, legend
from sim.web.view import View

WAYS = {"direct": "open", "licensed": "licensed", "domestic": "home", "rerouted": "covert"}
CLOSED = "closed"
_COLORS = {"open": BLUE, "licensed": SKY, "home": GREEN, "covert": VERMILION, CLOSED: "#9A9A9A"}
_DASHES = {"open": [1, 0], "licensed": [8, 3], "home": [1, 0], "covert": [2, 2], CLOSED: [1, 5]}
DRY = 0.02  # of its fullest month: less than that counts as nothing
ROW = 34  # pixels
LEFT, RIGHT = 0.52, 0.80  # where routes begin and end, of the width
_KINDS = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, "#8A5A2B", "#5E3C99"]
CHOSEN = "chosen"  # name of the selection: the route that the visitor has clicked
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
    for item, origin, series, fullest in _flows(view):
        so_far = float(series[: month + 1].max())
        if so_far >= DRY * fullest:
            units = float(series[month])
            way = CLOSED if units < DRY * so_far else WAYS[origin]
            makers = makers_of(case, item, origin)
            found.append(Route(item, way, makers, units, units / fullest))
    return found


def _flows(view: View) -> list[tuple[str, str, Any, float]]:
    """Item, origin, chips a month, and the fullest month of the item, all origins together."""
    return [
        (item, origin, series, float(flows.sum(axis=0).max()))
        for item, flows in view.flows.items()
        for origin, series in zip(view.origin_names, flows, strict=True)
        if flows.sum(axis=0).max() > 0
    ]


def actors_of(view: View, case: Case) -> dict[str, str]:
    """Makers that supply in some month, by id, in the order of the network."""
    makers = [
        maker
        for item, origin, series, fullest in _flows(view)
        if series.max() >= DRY * fullest
        for maker in makers_of(case, item, origin)
    ]
    return {maker: _name(maker, case) for maker in makers}


def _name(actor: str, case: Case) -> str:
    return display(actor, {key: one.label for key, one in case.actors.items()})


def actor_series(view: View, case: Case, actor: str) -> dict[str, Any]:
    """Chips a month that the firm received of the kinds and ways an actor makes.

    Kinds differ too much in number for one axis: each is shown against its fullest month.
    """
    rows = [
        {"time": f"{month}-01", "what": _item(item, case), "way": WAYS[origin],
         "share": round(100 * float(units) / fullest, 2), "units": float(f"{units:.3g}")}
        for item, origin, series, fullest in _flows(view)
        if series.max() >= DRY * fullest and actor in makers_of(case, item, origin)
        for month, units in zip(view.months, series, strict=True)
    ]  # fmt: skip
    kinds = list(dict.fromkeys(row["what"] for row in rows))
    ways = [way for way in WAYS.values() if any(row["way"] == way for row in rows)]
    return {
        "data": {"values": rows},
        "height": 240 + ENTRIES * (len(kinds) + 1),
        "mark": {"type": "line", "strokeWidth": 2, "tooltip": True},
        "encoding": {
            "x": time_axis(),
            "y": {"field": "share", "type": "quantitative", "title": "% of the fullest month"},
            "color": {"field": "what", "type": "nominal", "title": None, "sort": kinds,
                      "scale": {"domain": kinds, "range": _KINDS[: len(kinds)]},
                      "legend": legend()},
            "strokeDash": {"field": "way", "type": "nominal", "title": None,
                           "scale": {"domain": ways, "range": [_DASHES[way] for way in ways]},
                           "legend": {"orient": "top"} if len(ways) > 1 else None},
            "tooltip": [{"field": "time", "type": "temporal", "format": "%B %Y", "title": "Month"},
                        {"field": "what", "title": "Chips"}, {"field": "way", "title": "Way"},
                        {"field": "units", "title": "million a month"},
                        {"field": "share", "title": "% of the fullest month"}],
        },
        "config": {"view": {"stroke": None}},
    }  # fmt: skip


def _item(item: str, case: Case) -> str:
    return case.items[item].label.split(" (")[0]


def _by_way(ways: list[str]) -> dict[str, Any]:
    colors, dashes = [_COLORS[way] for way in ways], [_DASHES[way] for way in ways]
    return {
        "color": {"field": "way", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
                  "scale": {"domain": ways, "range": colors}},
        "strokeDash": {"field": "way", "type": "nominal", "legend": None,
                       "scale": {"domain": ways, "range": dashes}},
    }  # fmt: skip


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
    text = {"type": "text", "fontSize": 12, "color": "#8A8A8A"}
    room = {"expr": f"{LEFT} * width - 12"}  # left of the routes, however narrow the window
    firm = [{"x": RIGHT, "y": middle, "name": case.actors[case.focal].label}]
    return {
        "data": {"values": rows},
        "height": ROW * max(len(routes), 4) + 60,
        "layer": [
            {"mark": {"type": "rule", "opacity": 0.75, "tooltip": True},
             "encoding": {**ends, "x2": {"field": "x2"}, "y2": {"field": "y2"}, **_by_way(ways),
                          "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
                          "tooltip": _tips()}},
            {"params": [{"name": CHOSEN, "select": {"type": "point", "fields": ["actor"]}}],
             "mark": text | {"align": "right", "dx": -8, "limit": room, "fontWeight": "bold",
                             "cursor": "pointer", "dy": -7},
             "encoding": {**ends, "text": {"field": "maker"}, "tooltip": _tips()}},
            {"mark": text | {"align": "right", "dx": -8, "limit": room, "fontSize": 11, "dy": 7},
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
    names = [_name(maker, case) for maker in route.makers]
    more = f" (+{len(names) - 1})" if len(names) > 1 else ""
    return {
        "x": LEFT,
        "y": place,
        "x2": RIGHT,
        "y2": middle,
        "actor": route.makers[0] if route.makers else "",
        "maker": names[0] + more if names else "",
        "label": _item(route.item, case),
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
