"""Figures of a run as blocks of a report: drawings, legend, sources, and the data behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.outcomes.dataset import OutcomeError
from sim.reports import sheets
from sim.reports.alone import Size, keys, sheet_pictures, wanted
from sim.reports.content import Figure, Key, Link, Picture, Words
from sim.reports.context import Context
from sim.reports.facts import QUANTILES
from sim.reports.fan import Steps, day_text
from sim.reports.flows import COLORS as FLOW_COLORS
from sim.reports.flows import ORIGIN_NAMES, draw_flows, flow_scale
from sim.reports.grid import Filled, sheet_legend, sheet_notes
from sim.reports.marks import main_measures
from sim.reports.network import COLORS, STATES, draw_network, makers_text, nodes_of
from sim.reports.network import network_scale as scale_of_network
from sim.reports.points import Rows
from sim.reports.supply import Supply

Records = list[dict[str, Any]]


def sheet_figure(ctx: Context, name: str, size: Size | None = None) -> Figure | None:
    """A sheet of the run as a figure; None if the run cannot fill it."""
    run = ctx.material.results
    if run is None:
        return None
    try:
        sheet = sheets.SHEETS[name](run).of(run)
    except OutcomeError:
        return None
    pictures, filled = sheet_pictures(run, ctx.material.points, sheet, size)
    rows = [one.rows for one in filled]
    legend = keys(sheet_legend(run, sheet, rows))
    notes: list[Words] = [[note] for note in sheet_notes(sheet, False)]
    if main_measures(run):
        notes.append([MARKS, Link("the timeline", "#timeline"), "."])
    return Figure(
        id=f"figure-{name.replace('_', '-')}",
        name=name,
        title=sheet.title,
        subtitle=sheet.subtitle,
        pictures=pictures,
        columns=sheet.grid.columns,
        legend=legend,
        notes=notes,
        sources=sources_of(ctx, rows),
        data=to_csv([row for one in filled for row in panel_data(one)]),
    )


MARKS = (
    "Dotted lines: measures on the day they take effect, numbered above the first panel "
    "with a thick bar from the announcement until they bind; their names stand in "
)


def sources_of(ctx: Context, shown: Iterable[Rows]) -> Words:
    """Links to the sources of the documented values that are drawn."""
    found: dict[str, Link] = {}
    for rows in shown:
        for row in rows:
            link = ctx.refs.documented(row)
            found[link.target] = link
    if not found:
        return []
    words: list[str | Link] = ["Documented: "]
    for k, link in enumerate(found.values()):
        words += [" " if k else "", link]
    return words


def panel_data(filled: Filled) -> Records:
    """What a panel draws, as rows of a table: the run first, then what is documented."""
    panel = filled.panel
    head = {"panel": panel.title, "outcome": panel.outcome, "labels": wanted(panel.labels)}
    rows = _fan_data(filled.steps, head) if filled.steps else _stack_data(filled, head)
    for row in filled.rows:
        values = {f"documented_{key}": row.get(key) for key in ("value", "low", "high")}
        rows.append({**head, "time": row["period"], **values, "source": row.get("source")})
    return rows


def _fan_data(steps: Steps, head: dict[str, Any]) -> Records:
    return [
        {**head, "time": time, **dict(zip(QUANTILES, steps.bands[:, k], strict=True))}
        for k, time in enumerate(steps.times())
    ]


def _stack_data(filled: Filled, head: dict[str, Any]) -> Records:
    assert filled.edges is not None and filled.panel.stack is not None
    dim = filled.panel.stack[0]
    times = [day_text(edge, 7) for edge in filled.edges[:-1]]
    return [
        {**head, "labels": wanted({**filled.panel.labels, dim: name}), "time": time, "mean": value}
        for name, values in filled.layers.items()
        for time, value in zip(times, values, strict=True)
        if value != 0.0  # most parts are nil most of the time
    ]


def to_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV with all their columns; numbers with five digits."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.5g}"
    return value


def network_figure(supply: Supply) -> Figure:
    """The supply network in the telling years of a run."""
    years = supply.telling_years()
    scale = scale_of_network(supply, years)
    drawn = [(year, *draw_network(supply, year, scale)) for year in years]
    shown = {state for year in years for node in nodes_of(supply, year) for state in node.states()}
    return Figure(
        id="figure-network",
        name="network",
        title="Who supplies chips, and how",
        subtitle="value of chips received in a year [bn USD at open prices], means over members",
        pictures=[Picture(str(year), figure, alt) for year, figure, alt in drawn],
        columns=2,
        legend=[Key("fill", STATES[s], COLORS[s]) for s in STATES if s in shown],
        notes=[[NETWORK_NOTE]],
        data=to_csv(network_data(supply, years)),
        even=False,
    )


NETWORK_NOTE = (
    "Years shown: the first, the lowest in revenue, the fullest of covert supply, the last. The "
    "run counts chips by kind and by way; makers of the same kind of chip form one node."
)


def network_data(supply: Supply, years: Sequence[int]) -> Records:
    """Chips received by node, state and year."""
    return [
        {"year": year, "makers": makers_text(supply, node), "items": "; ".join(node.items),
         "state": state, "bn_usd": value}
        for year in years
        for node in nodes_of(supply, year)
        for state, value in node.states().items()
    ]  # fmt: skip


def flows_figure(supply: Supply) -> Figure:
    """From the origin of chips over product lines to segments, in the telling years."""
    years = supply.telling_years()
    scale = flow_scale(supply, years)
    drawn = [(year, *draw_flows(supply, year, scale)) for year in years]
    used = [o for o in ORIGIN_NAMES if any(supply.by_origin(year)[o] > 0 for year in years)]
    return Figure(
        id="figure-flows",
        name="flows",
        title="From the origin of the chips to revenue",
        subtitle="revenue of a year [bn CNY], means over members",
        pictures=[Picture(str(year), figure, alt) for year, figure, alt in drawn],
        columns=2,
        legend=[Key("fill", ORIGIN_NAMES[o], FLOW_COLORS[o]) for o in used],
        notes=[[FLOWS_NOTE]],
        data=to_csv(flows_data(supply, years)),
    )


FLOWS_NOTE = (
    "A line's revenue is split by the cost of the chips in it, at open prices; a chip of a line "
    "came by the ways on which all used chips of its kind came. The processors of a line count by "
    "their usual place in it and by how many of each were used."
)


def flows_data(supply: Supply, years: Sequence[int]) -> Records:
    """Revenue by origin of the chips, line and year."""
    return [
        {"year": year, "origin": origin, "line": line, "bn_cny": value}
        for year in years
        for (origin, line), value in supply.resting_on(year).items()
    ]
