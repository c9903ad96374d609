"""Figures of a run as blocks of a report: drawings, legend, sources, and the data behind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.dataset import OutcomeError
from sim.reports import sheets
from sim.reports.alone import Size, keys, sheet_pictures, wanted
from sim.reports.content import Figure, Key, Link, Picture, Words
from sim.reports.context import Context
from sim.reports.facts import QUANTILES
from sim.reports.fan import steps_of
from sim.reports.flows import COLORS as FLOW_COLORS
from sim.reports.flows import ORIGIN_NAMES, draw_flows, flow_scale
from sim.reports.grid import Panel, Sheet, sheet_legend, sheet_notes
from sim.reports.marks import main_measures
from sim.reports.network import COLORS, STATES, draw_network, makers_text, nodes_of
from sim.reports.network import network_scale as scale_of_network
from sim.reports.series import Run, quantiles
from sim.reports.stack import layers_of
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
    pictures, rows = sheet_pictures(run, ctx.material.points, sheet, size)
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
        data=to_csv([*simulated(run, sheet), *documented(sheet, rows)]),
    )


MARKS = (
    "Numbers above a panel: measures on the day they take effect, with a thick bar from the "
    "announcement until they bind; they are named in "
)


def sources_of(ctx: Context, rows: Iterable[pd.DataFrame]) -> Words:
    """Links to the sources of the documented values that are drawn."""
    found: dict[str, Link] = {}
    for frame in rows:
        for row in frame.to_dict("records"):
            link = ctx.refs.documented(row)
            found[link.target] = link
    if not found:
        return []
    words: list[str | Link] = ["Documented: "]
    for k, link in enumerate(found.values()):
        words += [" " if k else "", link]
    return words


def simulated(run: Run, sheet: Sheet) -> Records:
    """What the panels draw, as rows of a table."""
    return [row for panel in sheet.panels for row in _panel_data(run, panel)]


def _panel_data(run: Run, panel: Panel) -> Records:
    if panel.stack:
        return _stack_data(run, panel)
    steps = steps_of(run, panel.outcome, panel.labels)
    bands = quantiles(steps.values)
    yearly = len(steps.edges) > 1 and steps.edges[1] - steps.edges[0] > 300
    head = {"panel": panel.title, "outcome": panel.outcome, "labels": wanted(panel.labels)}
    times = [_time(edge, 4 if yearly else 7) for edge in steps.edges[:-1]]
    return [
        {**head, "time": time, **dict(zip(QUANTILES, bands[:, k], strict=True))}
        for k, time in enumerate(times)
    ]


def _stack_data(run: Run, panel: Panel) -> Records:
    assert panel.stack is not None
    dim, names = panel.stack
    edges, layers = layers_of(run, panel.outcome, panel.labels, dim, names, panel.every)
    rows = []
    for name, values in layers.items():
        labels = wanted({**panel.labels, dim: name})
        head = {"panel": panel.title, "outcome": panel.outcome, "labels": labels}
        for edge, value in zip(edges[:-1], values, strict=True):
            rows.append({**head, "time": _time(edge, 7), "mean": value})
    return rows


def _time(day: float, length: int) -> str:
    return str(np.datetime64(int(day), "D"))[:length]


def documented(sheet: Sheet, rows: Sequence[pd.DataFrame]) -> Records:
    """The documented values that the panels draw, as rows of a table."""
    found = []
    for panel, frame in zip(sheet.panels, rows, strict=True):
        for row in frame.to_dict("records"):
            head = {"panel": panel.title, "outcome": panel.outcome, "labels": wanted(panel.labels)}
            values = {f"documented_{k}": row.get(k) for k in ("value", "low", "high")}
            found.append({**head, "time": row["period"], **values, "source": row.get("source")})
    return found


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
