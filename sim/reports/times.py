"""Tables with a time axis in their last column: the timeline of measures, and events."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.reports.answers import event_number, month_name
from sim.reports.axes import day_number, window
from sim.reports.blocks import to_csv
from sim.reports.content import Cell, Column, Link, Number, Row, Scale, Strip, Table, Words
from sim.reports.context import Context
from sim.reports.events import event_title
from sim.reports.facts import NONE, percent_text
from sim.reports.marks import Entry, entries_of, main_measures, undated
from sim.reports.names import display
from sim.reports.timeline import CONTEXT, rows_of, touches

Span = tuple[float, float]


def timeline_tables(ctx: Context) -> list[Table]:
    """Every measure with its dates, as words and as a bar; those without effect apart, folded."""
    run = ctx.material.results
    if run is None:
        return []
    span = window(run)
    entries = [entry for entry in entries_of(run) if touches(entry, *span)]
    acting = [entry for entry in entries if entry.acts or entry.decided_inside]
    context = [entry for entry in entries if entry not in acting]
    data = to_csv([dict(raw) for raw in ctx.material.manifest.get("timeline") or []])
    numbers = {entry.id: k for k, entry in enumerate(main_measures(run), start=1)}
    columns = [
        Column("Measure", width=4.2),
        Column("Dates", width=2.6),
        Column(_scale(span), width=4),
    ]
    rows = _rows(ctx, acting, span, numbers) + _undated_rows(ctx)
    found = [Table("timeline", "The regime as the run saw it", columns, rows, data, cards=True)]
    if context:
        shown = [row for row in _rows(ctx, context, span, numbers) if row.kind != "group"]
        found.append(Table("context", CONTEXT, columns, shown, folded=True, cards=True))
    return found if entries else []


def _rows(
    ctx: Context, entries: Sequence[Entry], span: Span, numbers: Mapping[str, int]
) -> list[Row]:
    return [
        Row([entry], "group")
        if isinstance(entry, str)
        else _measure_row(ctx, entry, span, numbers.get(entry.id))
        for entry in rows_of(entries)
    ]


def _measure_row(ctx: Context, entry: Entry, span: Span, number: int | None) -> Row:
    mark = [f"({number}) "] if number else []
    title: list[str | Number | Link] = [*mark, entry.title, " "]
    title += ctx.refs.keys(entry.source, "measures")
    faint = not entry.acts and not entry.decided_inside
    return Row([title, [_dates(entry)], _strip(entry, span)], "faint" if faint else "", entry.id)


def _undated_rows(ctx: Context) -> list[Row]:
    """Measures that answer an act: without a date if nothing brought them about."""
    assert ctx.material.results is not None
    found = undated(ctx.material.results)
    rows = [Row(["Answer to an act inside the model that did not come about"], "group")]
    for entry in found:
        title = [entry.title, " ", *ctx.refs.keys(entry.source, "measures")]
        rows.append(Row([title, ["no date"], Strip("no date")], "faint", entry.id))
    return rows if found else []


def _dates(entry: Entry) -> str:
    parts = []
    if entry.announced and entry.announced != entry.effective:
        parts.append(f"announced {entry.announced:%d %b %Y}")
    if entry.effective:
        word = "in effect" if parts else "from"
        parts.append(f"{word} {entry.effective:%d %b %Y}")
    if entry.grace_days:
        parts.append(f"{entry.grace_days} days of grace")
    if entry.ended:
        parts.append(f"ended {entry.ended:%d %b %Y}")
    return ", ".join(parts)


def _strip(entry: Entry, span: Span) -> Strip:
    """Bars of a measure on the time of the run."""
    begin, end = span
    alt = f"{entry.title}: {_dates(entry)}"
    if entry.effective is None or not (entry.acts or entry.decided_inside) or entry.decided_inside:
        day = entry.effective or entry.first
        assert day is not None
        kind = "inside" if entry.decided_inside else "signal" if entry.acts else "context"
        return Strip(alt, marks=[(_place(day_number(day), span), kind)], lines=_years(span)[1])
    assert entry.binds is not None and entry.first is not None
    binds, first = day_number(entry.binds), day_number(entry.first)
    over = day_number(entry.ended) if entry.ended else end
    bars = [(first, min(binds, over), "waiting"), (binds, over, "force")]
    kept = [
        (max(b, begin), min(e, end), kind) for b, e, kind in bars if min(e, end) > max(b, begin)
    ]
    placed = [(_place(b, span), _place(e, span), kind) for b, e, kind in kept]
    return Strip(alt, bars=placed, lines=_years(span)[1])


def _place(day: float, span: Span) -> float:
    return (day - span[0]) / (span[1] - span[0])


def _years(span: Span) -> tuple[list[tuple[float, str]], list[float]]:
    """Names of the years with their middles, and where years begin, on a scale from 0 to 1."""
    first, last = (pd.Timestamp(day, unit="D").year for day in (span[0], span[1] - 1))
    starts = [
        day_number(pd.Timestamp(year, 1, 1).to_datetime64()) for year in range(first, last + 2)
    ]
    edges = [min(max(_place(day, span), 0.0), 1.0) for day in starts]
    names = [
        ((a + b) / 2, f"'{str(first + k)[2:]}")
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    ]
    return names, edges[1:-1]


def _scale(span: Span) -> Scale:
    return Scale(_years(span)[0])


def events_table(ctx: Context) -> Table | None:
    """Every event: month in the members, documented month, share of members, bar."""
    run, events = ctx.material.results, ctx.material.events
    if run is None or events.empty:
        return None
    rows = [_event_row(ctx, row) for row in events.to_dict("records")]
    data = to_csv(events.to_dict("records"))
    columns = [
        Column("Event", width=3),
        Column("Documented", width=1.5),
        Column("Simulated, middle member", width=1.4),
        Column("90 % of the members", width=2.2),
        Column("Happens in", "right", 1),
        Column(_scale(window(run)), width=3),
    ]
    return Table("events", "Month of each event", columns, rows, data, cards=True)


def _event_row(ctx: Context, row: Mapping[Any, Any]) -> Row:
    run = ctx.material.results
    assert run is not None
    name = str(row["outcome"])
    seen = _documented_events(ctx, name)
    month = event_number(ctx, name)
    early, late = event_number(ctx, name, "q05"), event_number(ctx, name, "q95")
    band: Words = [early, " to ", late or "later than the run, or never"] if early else []
    if early and late and early.text == late.text:
        band = [early]
    cells: list[Cell] = [
        event_title(run, name),
        _documented_cell(ctx, seen),
        [month] if month else [NONE],
        band,
        [Number(percent_text(row["share"]), float(row["share"]), f"events|{name}|||share")],
        _event_strip(ctx, name, row, seen),
    ]
    return Row(cells)


def _documented_events(ctx: Context, name: str) -> list[dict[Any, Any]]:
    points = ctx.material.points
    return [] if points is None else points[points["outcome"] == name].to_dict("records")


def _documented_cell(ctx: Context, rows: Sequence[Mapping[Any, Any]]) -> Words:
    words: list[str | Number | Link] = []
    for row in rows:
        months = [month_name(str(row[key])) for key in ("value", "low", "high")]
        span = f" ({months[1]} to {months[2]})" if months[1] != months[2] else ""
        place = f"documented|{row['outcome']}||{row['period']}|value"
        words += [" " if words else "", Number(months[0], str(row["value"]), place), span, " "]
        words += [ctx.refs.documented(row)]
    return words


def _event_strip(
    ctx: Context, name: str, row: Mapping[Any, Any], seen: Sequence[Mapping[Any, Any]]
) -> Strip:
    assert ctx.material.results is not None
    span = window(ctx.material.results)
    bars = []
    for low, high, kind in (("q05", "q95", "wide"), ("q25", "q75", "narrow")):
        if isinstance(row[low], str):
            end = _month_place(row[high], span, 1.0) if isinstance(row[high], str) else 1.0
            bars.append((_month_place(row[low], span, 0.0), end, kind))
    marks = [(_month_place(str(one["value"]), span, 0.5), "documented") for one in seen]
    if isinstance(row["q50"], str):
        marks.insert(0, (_month_place(row["q50"], span, 0.5), "median"))
    inside = [(place, kind) for place, kind in marks if 0 <= place <= 1]
    return Strip(_event_words(name, row), bars=bars, marks=inside, lines=_years(span)[1])


def _event_words(name: str, row: Mapping[Any, Any]) -> str:
    """When 5 %, half and 95 % of the members have seen an event, where they do."""
    told = (("q05", "5 %"), ("q50", "half"), ("q95", "95 %"))
    parts = [f"{share} by {month_name(row[q])}" for q, share in told if isinstance(row[q], str)]
    return f"{display(name)}, members that have seen it: {', '.join(parts) or 'under 5 %'}"


def _month_place(month: str, span: Span, part: float) -> float:
    """Place of a month's beginning (0), middle (0.5) or end (1) on the strip."""
    first = pd.Timestamp(f"{month}-01")
    day = day_number(first.to_datetime64()) + part * first.days_in_month
    return min(max(_place(day, span), 0.0), 1.0)
