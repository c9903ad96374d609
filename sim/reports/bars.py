"""Bars of a case as a table: what a run must show, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from sim.documented.bars import Bar, Judged, judge, load_bars
from sim.reports.blocks import to_csv
from sim.reports.content import Column, Number, Row, Table, Words
from sim.reports.context import Context
from sim.reports.facts import NONE, SPACE

PLACE = "bars"
_SHARES = ("coverage90", "predictive90", "direction")


def bars_of(ctx: Context) -> dict[str, Judged]:
    """The bars of a run's case, measured; empty if the case states none."""
    material = ctx.material
    ready = material.results is not None and material.documented is not None
    if not ready or material.case is None or material.case.folder is None:
        return {}
    assert material.results is not None and material.documented is not None
    assert material.card is not None
    bars = load_bars(material.case.folder)
    return judge(bars, material.results, material.documented, material.card)


def bars_table(found: Mapping[str, Judged]) -> Table:
    """One row a bar: what is asked, what was measured, PASS, WARN or MISS."""
    columns = [
        Column("Bar", width=4),
        Column("Asked", width=1.6),
        Column("Measured", "right", 1.2),
        Column("Values", "right", 0.8),
        Column("", "right", 0.8),
    ]
    rows = []
    for name, one in found.items():
        verdict = one.verdict or "not measured"
        cells = [one.bar.title, asked(one.bar), _measured(name, one), str(one.values), verdict]
        rows.append(Row(cells, verdict.lower() if one.verdict else "faint"))
    data = to_csv([record(name, one) for name, one in found.items()])
    return Table("bars", "What was to be shown", columns, rows, data, cards=True)


def record(name: str, one: Judged) -> dict[str, object]:
    """A bar as a row of a table."""
    return {
        "bar": name,
        "title": one.bar.title,
        "asked": asked(one.bar),
        "measured": one.measured,
        "values": one.values,
        "members": one.members,
        "verdict": one.verdict,
    }


def asked(bar: Bar) -> str:
    """What a bar asks, in words."""
    low, high = (text_of(bar, end) for end in (bar.low, bar.high))
    if bar.low == -inf:
        return f"at most {high}"
    if bar.high == inf:
        return f"at least {low}"
    return low if low == high else f"{low} to {high}"


def text_of(bar: Bar, value: float) -> str:
    """A measured value or an end in the unit of the bar."""
    if value != value:
        return NONE
    if bar.measure in ("low_year", "months_off"):
        return f"{value:.0f}" + ("" if bar.measure == "low_year" else f"{SPACE}months")
    percent = 100.0 * value if bar.measure in _SHARES else value
    return f"{percent:.1f}".removesuffix(".0") + f"{SPACE}%"


def _measured(name: str, one: Judged) -> Words:
    text = text_of(one.bar, one.measured)
    return [NONE if text == NONE else Number(text, one.measured, f"{PLACE}|{name}|||measured")]
