"""The scorecard: every documented value beside the run, and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.documented.score import summary
from sim.documented.verdicts import counts as counts_of
from sim.documented.verdicts import verdict
from sim.reports.answers import month_name
from sim.reports.blocks import to_csv
from sim.reports.content import Cell, Column, Link, Number, Row, Table, Words
from sim.reports.context import Context
from sim.reports.facts import NONE, SPACE, number_text, percent_text

SIGNS = "+\N{MINUS SIGN}"


def scorecard_table(ctx: Context, card: pd.DataFrame) -> Table:
    """Every documented value beside the band of the run, with a verdict."""
    columns = [
        Column("Outcome", width=3.4),
        Column("Period", width=1),
        Column("Documented", "right", 1.5),
        Column("Median", "right", 1),
        Column("90 % band", "right", 1.9),
        Column("Error", "right", 1),
        Column("", "right", 0.8),
    ]
    rows: list[Row] = []
    sources = _sources_by_value(ctx)
    for sample, heading in (("in", "Years that inputs may be fitted to"), ("out", "Later years")):
        part = card[card["sample"] == sample].to_dict("records")
        if part:
            rows.append(Row([heading], "group"))
            rows += [_score_row(ctx, row, sources) for row in part]
    data = to_csv(card.to_dict("records"))
    caption = "Every documented value"
    return Table("scorecard", caption, columns, rows, data, folded=True, cards=True)


def outcomes_table(ctx: Context, card: pd.DataFrame) -> Table:
    """Verdicts by outcome: one line each, the most misses first, and a total."""
    columns = [
        Column("Outcome", width=4),
        *(Column(name, "right") for name in ("PASS", "WARN", "MISS")),
        Column("Median error", "right", 1.6),
    ]
    parts = [(ctx.outcome(str(name)), str(name), part) for name, part in card.groupby("outcome")]
    lines = [_outcome_row(label, name, part) for label, name, part in parts]
    shown = [(row, tally) for row, tally in lines if any(tally.values())]
    shown.sort(key=lambda pair: (-pair[1]["MISS"], -pair[1]["WARN"]))
    total, _ = _outcome_row("All", "", card)
    rows = [*(row for row, _ in shown), Row(total.cells, "total")]
    return Table("by-outcome", "Verdicts by outcome", columns, rows)


def _outcome_row(label: str, name: str, part: pd.DataFrame) -> tuple[Row, dict[str, int]]:
    tally = {key: number for key, number in counts_of(part).items() if key}
    cells: list[Cell] = [label]
    cells += [[Number(str(n), n, f"verdicts|{name}|||{key}")] for key, n in tally.items()]
    months, percent = part["error_months"].abs().median(), part["error_pct"].abs().median()
    errors: list[str | Number | Link] = []
    for value, unit, key in ((percent, "%", "pct"), (months, "months", "months")):
        if value == value and (unit == "%" or percent != percent):
            place = f"verdicts|{name}|||median_abs_error_{key}"
            digits = f"{value:.0f}"
            errors.append(Number(f"{digits}{SPACE}{_counted(digits, unit)}", float(value), place))
    return Row([*cells, errors or NONE]), tally


def _sources_by_value(ctx: Context) -> dict[tuple[str, str, str], Mapping[Any, Any]]:
    points = ctx.material.points
    if points is None:
        return {}
    return {
        (row["outcome"], row["labels"], row["period"]): row for row in points.to_dict("records")
    }


def _score_row(
    ctx: Context, row: Mapping[Any, Any], sources: Mapping[tuple[str, str, str], Mapping[Any, Any]]
) -> Row:
    labels = row["labels"] if isinstance(row["labels"], str) else ""
    key = (str(row["outcome"]), labels, str(row["period"]))
    where = f"scorecard|{'|'.join(key)}"
    said: list[str | Number | Link] = [_score_number(row["documented"], f"{where}|documented")]
    if key in sources:
        said += [" ", ctx.refs.documented(sources[key])]
    unit = str(row.get("unit") or "")
    name = ctx.outcome(*key[:2]) + (f" [{unit}]" if unit not in ("", "month", "share") else "")
    found = verdict(row)
    if not found:
        return Row([name, key[2], said, NONE, "not simulated", "", ""], "faint")
    low, middle, high = (_score_number(row[q], f"{where}|{q}") for q in ("q05", "q50", "q95"))
    cells: list[Cell] = [name, key[2], said, [middle], [low, " to ", high], _error(row, where)]
    return Row([*cells, found], found.lower())


def _score_number(value: Any, place: str) -> Number:
    try:
        return Number(number_text(float(value)), float(value), place)
    except (TypeError, ValueError):
        pass
    if isinstance(value, str) and value:
        return Number(month_name(value), value, place)
    return Number("never", "", place)


def _error(row: Mapping[Any, Any], where: str) -> Words:
    for column, unit in (("error_months", "months"), ("error_pct", "%")):
        value = row.get(column)
        if isinstance(value, (int, float)) and value == value:
            digits = f"{value:+.0f}".replace("-", "\N{MINUS SIGN}").replace("+0", "0")
            text = f"{digits}{SPACE}{_counted(digits.lstrip(SIGNS), unit)}"
            return [Number(text, float(value), f"{where}|{column}")]
    return []


def _counted(digits: str, unit: str) -> str:
    """The unit, in the singular for one month."""
    return unit.removesuffix("s") if digits == "1" else unit


SKILL = (
    "Median error: of the middle member. A value is beaten if the run comes nearer to it than a "
    "forecast that knows no model: one that repeats the last documented value, or one that goes "
    "on with the trend before the measures."
)


def summary_table(card: pd.DataFrame) -> Table:
    """Verdicts, coverage and skill, inside and outside the sample."""
    skill = summary(card)
    columns = [
        Column("", width=2.6),
        *(Column(name, "right") for name in ("PASS", "WARN", "MISS")),
        Column("Median error", "right", 1.2),
        Column("In 50 % band", "right", 1.2),
        Column("In 90 % band", "right", 1.2),
        Column("Beats the last value", "right", 1.4),
        Column("Beats the trend", "right", 1.4),
    ]
    rows: list[Row] = []
    records: list[dict[str, Any]] = []
    for sample, name in (("in", "Years that inputs may be fitted to"), ("out", "Later years")):
        part = card[card["sample"] == sample]
        tally = {key: number for key, number in counts_of(part).items() if key}
        row = skill.loc[sample]
        prefix = "out " if sample == "out" else "in "
        cells: list[Cell] = [name]
        cells += [[Number(str(n), n, f"verdicts|{prefix}{k}|||count")] for k, n in tally.items()]
        cells += [_summary_cell(row, key, sample) for key in _SUMMARY]
        rows.append(Row(cells))
        records.append({"sample": sample, **tally, **row.to_dict()})
    return Table("summary", "Summary of the scorecard", columns, rows, to_csv(records))


_SUMMARY = ("median_abs_error_pct", "coverage50", "coverage90", "beats_last_value", "beats_trend")


def _summary_cell(row: Any, key: str, sample: str) -> Words:
    value = float(row[key])
    if value != value:
        return [NONE]
    text = f"{value:.0f}{SPACE}%" if key.endswith("pct") else percent_text(value)
    return [Number(text, value, f"summary|{sample}|||{key}")]
