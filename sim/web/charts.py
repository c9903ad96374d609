"""Charts of views as Vega-Lite specifications: plain data, drawn by the browser.

Text and axes take the page's theme (dark or light). Series differ in dash and shade as well
as in colour, so they read in grey and for the colour-blind.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.summary import PROBS, member_quantiles
from sim.reports.names import display
from sim.reports.points import points, rows_for
from sim.reports.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, YELLOW
from sim.web.setup import ChartSpec
from sim.web.view import MONTH, Mark, Track, View

Spec = dict[str, Any]
BANDS = ("q05", "q25", "q50", "q75", "q95")
GREY = "#8A8A8A"
NOW, PINNED = "B, now", "A, pinned"
HEIGHT = 260  # pixels with axes and title, as Streamlit fits a chart into it
LEGEND = 120
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
_ORIGIN_COLORS = (BLUE, SKY, GREEN, VERMILION)


def band_rows(track: Track, who: str = NOW) -> list[Spec]:
    """Quantiles over members as rows: time, run, q05 ... q95; a year at its middle."""
    values = member_quantiles(track.values.astype(np.float64), PROBS)
    times = _middles(track)
    return [
        {"time": time, "run": who, "period": period}
        | {name: _number(column) for name, column in zip(BANDS, values[:, k], strict=True)}
        for k, (time, period) in enumerate(times)
    ]


def difference(now: Track, before: Track) -> Track:
    """What ``now`` adds to ``before``, member by member on common luck.

    Raises:
        ValueError: if the runs have other periods or members.
    """
    if now.values.shape != before.values.shape:
        raise ValueError("runs of other length cannot be subtracted")
    return Track(now.kind, now.unit, now.times, now.values - before.values)


def fan(
    spec: ChartSpec,
    now: Track,
    before: Track | None,
    documented: pd.DataFrame | None,
    marks: Sequence[Mark],
    names: tuple[str, str] = (PINNED, NOW),
) -> Spec:
    """Bands of one or two runs with documented points and the measures' dates."""
    rows = [] if before is None else band_rows(before, names[0])
    rows += band_rows(now, names[1])
    unit = f"{now.unit} a year" if now.kind == "flow" else now.unit
    layers = [*_bands(names, unit), *_documented(spec, now, documented, unit)]
    return _chart(spec.title, [_rules(marks, now), *layers], rows, _span(now))


def difference_fan(
    spec: ChartSpec, now: Track, before: Track, marks: Sequence[Mark], name: str
) -> Spec:
    """The band of the paired difference."""
    change = difference(now, before)
    unit = f"{now.unit} a year" if now.kind == "flow" else now.unit
    layers = [_rules(marks, now), _zero(), *_bands((name, name), f"change, {unit}")]
    return _chart(f"{spec.title}: change", layers, band_rows(change, name), _span(now))


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


def _strip(rows: list[Spec], domain: list[str]) -> Spec:
    present = [name for name in domain if any(row["binds"] == name for row in rows)]
    colors = [_CONSTRAINT_COLORS[domain.index(name) % len(_CONSTRAINT_COLORS)] for name in present]
    lines = len({row["line"] for row in rows})
    return {
        "data": {"values": rows},
        "height": 26 * lines + LEGEND,
        "mark": {"type": "rect", "tooltip": True},
        "encoding": {
            "x": _time_axis() | {"title": None},
            "x2": {"field": "until"},
            "y": {"field": "line", "type": "nominal", "title": None,
                  "axis": {"labelLimit": 110}},
            "color": {"field": "binds", "type": "nominal", "title": "What limits output",
                      "scale": {"domain": present, "range": colors},
                      "legend": {"orient": "bottom", "columns": 3}},
            "tooltip": [
                {"field": "time", "type": "temporal", "format": "%B %Y", "title": "From"},
                {"field": "until", "type": "temporal", "format": "%B %Y", "title": "before"},
                {"field": "line", "title": "Line"},
                {"field": "binds", "title": "Limited by"},
                {"field": "share", "title": "in % of members"},
            ],
        },
    }  # fmt: skip


def origins(view: View, name: str, title: str) -> Spec:
    """Chips received a month by origin, stacked; the mean over members."""
    rows = [
        {"time": f"{month}-01", "origin": display(origin), "chips": _number(value)}
        for origin, series in zip(view.origin_names, view.origins[name], strict=True)
        for month, value in zip(view.months, series, strict=True)
    ]
    domain = [display(origin) for origin in view.origin_names]
    return {
        "title": _title(title),
        "data": {"values": rows},
        "height": HEIGHT + LEGEND // 2,
        "mark": {"type": "area", "tooltip": True, "line": {"strokeWidth": 0.8}},
        "encoding": {
            "x": _time_axis(),
            "y": {"field": "chips", "type": "quantitative", "title": "million a month"},
            "color": {"field": "origin", "type": "nominal", "title": None, "sort": domain,
                      "scale": {"domain": domain, "range": list(_ORIGIN_COLORS)},
                      "legend": {"orient": "bottom", "columns": 2}},
            "order": {"field": "origin"},
            "tooltip": [
                {"field": "time", "type": "temporal", "format": "%B %Y", "title": "Month"},
                {"field": "origin", "title": "Origin"},
                {"field": "chips", "format": ".3~f", "title": "million chips, mean"},
            ],
        },
    }  # fmt: skip


def _bands(names: tuple[str, str], unit: str) -> list[Spec]:
    color = {"field": "run", "type": "nominal", "title": None,
             "scale": {"domain": list(names), "range": [ORANGE, BLUE]},
             "legend": None}  # fmt: skip
    if names[0] == names[1]:
        color["scale"] = {"domain": [names[0]], "range": [GREEN]}
    dash = {"field": "run", "type": "nominal", "legend": None,
            "scale": {"domain": list(names), "range": [[6, 3], [1, 0]]}}  # fmt: skip

    def area(low: str, high: str, opacity: float) -> Spec:
        return {
            "mark": {"type": "area", "opacity": opacity, "interpolate": "monotone"},
            "encoding": {"x": _time_axis(), "y": _value(low, unit), "y2": {"field": high},
                         "color": color},
        }  # fmt: skip

    line = {
        "mark": {"type": "line", "strokeWidth": 2.2, "interpolate": "monotone"},
        "encoding": {"x": _time_axis(), "y": _value("q50", unit), "color": color,
                     "strokeDash": dash},
    }  # fmt: skip
    hover = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0},
        "encoding": {"x": _time_axis(), "y": _value("q50", unit), "tooltip": _band_tips()},
    }
    return [area("q05", "q95", 0.16), area("q25", "q75", 0.28), line, hover]


def _band_tips() -> list[Spec]:
    words = {"q50": "median", "q25": "half of members from", "q75": "to",
             "q05": "90 % from", "q95": "to "}  # fmt: skip
    tips = [{"field": "run", "title": "Run"}, {"field": "period", "title": "Period"}]
    return [
        *tips,
        *({"field": key, "format": ",.3~r", "title": text} for key, text in words.items()),
    ]


def _documented(
    spec: ChartSpec, now: Track, documented: pd.DataFrame | None, unit: str
) -> list[Spec]:
    rows = rows_for(documented, spec.outcome, spec.labels)
    months = 12 if now.kind == "flow" else None
    end = now.times[-1] + _step(now)
    values = [
        {"time": str(point.at)[:10], "value": point.value, "low": point.low, "high": point.high,
         "what": "documented, weak source" if point.weak else "documented"}
        for point in points(rows.to_dict("records"), now.kind, months)
        if point.end <= np.datetime64(end, "D") and point.begin >= now.times[0]
    ]  # fmt: skip
    if not values:
        return []
    tips = [
        {"field": "time", "type": "temporal", "format": "%Y", "title": "Year"},
        {"field": "value", "format": ",.4~r", "title": "documented"},
        {"field": "low", "format": ",.4~r", "title": "from"},
        {"field": "high", "format": ",.4~r", "title": "to"},
        {"field": "what", "title": "standing"},
    ]
    x = _time_axis()
    return [
        {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 1.5, "color": GREY},
         "encoding": {"x": x, "y": _value("low", unit), "y2": {"field": "high"}}},
        {"data": {"values": values},
         "mark": {"type": "point", "shape": "diamond", "size": 75, "filled": True,
                  "color": VERMILION, "stroke": "white", "strokeWidth": 1, "opacity": 1},
         "encoding": {"x": x, "y": _value("value", unit), "tooltip": tips}},
    ]  # fmt: skip


def _span(track: Track) -> list[str]:
    """First day shown and the day after the last."""
    return [f"{track.times[0]}-01", f"{track.times[-1] + _step(track)}-01"]


def _step(track: Track) -> np.timedelta64:
    return (12 if track.kind == "flow" else 1) * MONTH


def _rules(marks: Sequence[Mark], now: Track) -> Spec:
    end = now.times[-1] + _step(now)
    rows = [
        {"time": mark.effective, "measure": mark.title}
        for mark in marks
        if mark.effective and np.datetime64(mark.effective) < end
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5, "color": GREY,
                 "opacity": 0.65},
        "encoding": {
            "x": _time_axis(),
            "tooltip": [
                {"field": "measure", "title": "Measure"},
                {"field": "time", "type": "temporal", "format": "%d %B %Y", "title": "in force"},
            ],
        },
    }  # fmt: skip


def _zero() -> Spec:
    return {
        "data": {"values": [{"value": 0}]},
        "mark": {"type": "rule", "color": GREY, "strokeWidth": 1},
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }


def _chart(title: str, layers: list[Spec], rows: list[Spec], span: list[str]) -> Spec:
    for layer in layers:
        if "x" in layer["encoding"]:
            layer["encoding"]["x"] = {**layer["encoding"]["x"], "scale": {"domain": span}}
    return {
        "title": _title(title),
        "data": {"values": rows},
        "height": HEIGHT,
        "layer": layers,
        "config": {"view": {"stroke": None}},
    }


def _title(text: str) -> Spec:
    return {"text": text, "anchor": "start", "fontSize": 15}


def _time_axis() -> Spec:
    return {
        "field": "time",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%Y", "tickCount": "year", "grid": False, "labelOverlap": True},
    }


def _value(name: str, unit: str) -> Spec:
    return {"field": name, "type": "quantitative", "title": unit, "scale": {"zero": True}}


def _middles(track: Track) -> list[tuple[str, str]]:
    if track.kind == "flow":
        return [(f"{time + 6 * MONTH}-01", str(time)[:4]) for time in track.times]
    return [(f"{time}-01", str(time)) for time in track.times]


def _constraint(name: str) -> str:
    words = {"demand": "Demand (all served)", "ban": "Market bans", "processors": "Processors"}
    return words.get(name, display(name))


def _number(value: Any) -> float | None:
    """JSON knows no NaN; five digits are more than a chart shows."""
    return None if not np.isfinite(value) else float(f"{float(value):.5g}")
