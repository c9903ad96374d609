"""Charts of views as Vega-Lite specifications: plain data, drawn by the browser.

Text and axes take the page's theme (dark or light). Series differ in dash and shade as well
as in colour, so they read in grey and for the colour-blind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.summary import PROBS, member_quantiles
from sim.reports.points import points, rows_for
from sim.reports.style import BLUE, GREEN, ORANGE, VERMILION
from sim.web.setup import ChartSpec
from sim.web.view import MONTH, Mark, Track

Spec = dict[str, Any]
BANDS = ("q05", "q25", "q50", "q75", "q95")
GREY = "#8A8A8A"
NOW, PINNED = "B, now", "A, pinned"
HEIGHT = 260  # pixels with axes and title, as Streamlit fits a chart into it


def band_rows(track: Track, who: str = NOW) -> list[Spec]:
    """Quantiles over members as rows: time, run, q05 ... q95; a year at its middle."""
    values = member_quantiles(track.values.astype(np.float64), PROBS)
    times = _middles(track)
    return [
        {"time": time, "run": who, "period": period}
        | {name: number(column) for name, column in zip(BANDS, values[:, k], strict=True)}
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
    known = _documented(spec, now, documented, unit)
    bands = _bands(names, unit)
    if not known and _nothing(rows):
        _fix_axis(bands, [0, 1])
    return _chart(spec.title, [_rules(marks, now), *bands, *known], rows, _span(now))


def difference_fan(
    spec: ChartSpec, now: Track, before: Track, marks: Sequence[Mark], name: str
) -> Spec:
    """The band of the paired difference."""
    change = difference(now, before)
    unit = f"{now.unit} a year" if now.kind == "flow" else now.unit
    rows, bands = band_rows(change, name), _bands((name, name), f"change, {unit}")
    if _nothing(rows):
        _fix_axis(bands, [-1, 1])
    layers = [_rules(marks, now), _zero(), *bands]
    return _chart(f"{spec.title}: change", layers, rows, _span(now))


def _nothing(rows: Sequence[Spec]) -> bool:
    """Whether every band is zero all the time."""
    return not any(row[name] for row in rows for name in BANDS)


def _fix_axis(layers: Sequence[Spec], domain: list[int]) -> None:
    """Give the value axis ends: without any, a browser draws one tick called 0.000000."""
    for layer in layers:
        layer["encoding"]["y"]["scale"] = {"domain": domain}


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
            "encoding": {"x": time_axis(), "y": _value(low, unit), "y2": {"field": high},
                         "color": color},
        }  # fmt: skip

    line = {
        "mark": {"type": "line", "strokeWidth": 2.2, "interpolate": "monotone"},
        "encoding": {"x": time_axis(), "y": _value("q50", unit), "color": color,
                     "strokeDash": dash},
    }  # fmt: skip
    hover = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0},
        "encoding": {"x": time_axis(), "y": _value("q50", unit), "tooltip": _band_tips()},
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
    x = time_axis()
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
            "x": time_axis(),
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
        "title": heading(title),
        "data": {"values": rows},
        "height": HEIGHT,
        "layer": layers,
        "config": {"view": {"stroke": None}},
    }


def heading(text: str) -> Spec:
    """The title of a chart."""
    return {"text": text, "anchor": "start", "fontSize": 15}


def time_axis() -> Spec:
    """Years, from the field ``time``, each under its own January: none is moved inward."""
    return {
        "field": "time",
        "type": "temporal",
        "title": None,
        "axis": {
            "format": "%Y",
            "tickCount": "year",
            "grid": False,
            "labelOverlap": True,
            "labelFlush": False,
        },
    }


def _value(name: str, unit: str) -> Spec:
    return {"field": name, "type": "quantitative", "title": unit, "scale": {"zero": True}}


def _middles(track: Track) -> list[tuple[str, str]]:
    if track.kind == "flow":
        return [(f"{time + 6 * MONTH}-01", str(time)[:4]) for time in track.times]
    return [(f"{time}-01", str(time)) for time in track.times]


def number(value: Any) -> float | None:
    """JSON knows no NaN; five digits are more than a chart shows."""
    return None if not np.isfinite(value) else float(f"{float(value):.5g}")
