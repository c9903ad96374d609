"""What one run changes against another: in three sentences, and outcome by outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.reports.answers import TOTAL, lower_first, month_name
from sim.reports.blocks import to_csv
from sim.reports.content import (
    Block,
    Cell,
    Column,
    Link,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
)
from sim.reports.context import Context
from sim.reports.facts import NONE, SPACE, number_text, signed_text
from sim.reports.material import Material
from sim.reports.names import display, parts_of
from sim.runs.manifest import differences

Parts = list["str | Number | Link"]
Names = tuple[str, str]
MOST_ROWS, NEGLIGIBLE, LEAST, SMALL_PART = 40, 1e-9, 0.01, 0.05
FINE = ("chips", "binding", "served")


def identical(a: Material, b: Material) -> bool:
    """Whether every number of every member agrees."""
    assert a.results is not None and b.results is not None
    return bool(a.results.dataset.equals(b.results.dataset))


def answer(a: Context, b: Context, names: tuple[str, str], changes: pd.DataFrame) -> Section:
    """The question, and three sentences on what differs."""
    question = [f"What does “{names[1]}” (B) change against “{names[0]}” (A)?"]
    blocks: list[Block] = [Paragraph(question, "question")]
    if identical(a.material, b.material):
        words = "The two runs are identical: every number of every member agrees."
        return Section("answer", "Question and answer", [*blocks, Paragraph([words], "lead")])
    sentences = [
        _revenue(a, changes, names),
        _widest(a, changes),
        _shifts(a, changes),
    ]
    blocks += [Paragraph(words, "lead") for words in sentences if words]
    blocks.append(Paragraph([_pairing(a, b)], "note"))
    return Section("answer", "Question and answer", blocks)


def _pairing(a: Context, b: Context) -> str:
    """Whether a difference is one of the regime or of luck."""
    assert a.material.results is not None and b.material.results is not None
    notes = differences(a.material.manifest, b.material.manifest)
    told = f" Beyond their inputs the runs differ: {'; '.join(notes)}." if notes else ""
    if a.material.results.paired(b.material.results):
        return (
            "Both runs share all luck, so differences are taken member by member and their bands "
            f"are those of the change itself.{told}"
        )
    return (
        "The runs do not share their luck, so only medians are set side by side, without a band "
        f"of the difference.{told}"
    )


def _yearly(changes: pd.DataFrame, outcome: str, labels: str) -> list[dict[Any, Any]]:
    rows = changes[(changes["outcome"] == outcome) & (changes["labels"] == labels)]
    return list(rows[rows["period"] != ""].to_dict("records"))


def change_of(row: Mapping[Any, Any]) -> float:
    """Median change of a row; of the medians where members are not paired."""
    middle = float(row["q50"])
    return middle if middle == middle else float(row["other_median"]) - float(row["median"])


def _change_number(row: Mapping[Any, Any], column: str = "q50", scale: float = 1.0) -> Number:
    value = change_of(row) if column == "q50" else float(row[column])
    place = f"difference|{row['outcome']}|{row['labels']}|{row['period']}|{column}"
    return Number(signed_text(scale * value), value, place)


def _scale_and_units(unit: str) -> tuple[float, str, str]:
    """What numbers are told in: their factor, their unit, and the unit of a change.

    Shares are told in percent, so a change of them in percentage points.
    """
    if unit == "share":
        return 100.0, "%", "percentage points"
    return (1.0, "", "") if unit == "ratio" else (1.0, unit, unit)


def _revenue(ctx: Context, changes: pd.DataFrame, names: tuple[str, str]) -> Words:
    """Revenue in the year of the largest change, and at the end."""
    rows = _yearly(changes, *TOTAL)
    if not rows:
        return []
    most = max(rows, key=lambda row: abs(change_of(row)))
    if abs(change_of(most)) <= NEGLIGIBLE * abs(float(most["median"])):
        return ["Revenue is the same in every year."]
    words: Parts = ["It changes revenue most in ", f"{most['period']}: by "]
    paired = float(most["q50"]) == float(most["q50"])
    how = "in the middle member" if paired else "between the medians"
    words += [_change_number(most), f"{SPACE}bn CNY {how}", *_band(most), ", from ", _median(most)]
    if rows[-1] is not most:
        words += [f"; in {rows[-1]['period']} by ", _change_number(rows[-1]), *_band(rows[-1])]
    return [*words, "."]


def _median(row: Mapping[Any, Any], column: str = "median", scale: float = 1.0) -> Number:
    value = float(row[column])
    place = f"difference|{row['outcome']}|{row['labels']}|{row['period']}|{column}"
    return Number(number_text(scale * value), value, place)


def _band(row: Mapping[Any, Any], scale: float = 1.0) -> Parts:
    if float(row["q05"]) != float(row["q05"]):
        return []
    ends = _change_number(row, "q05", scale), _change_number(row, "q95", scale)
    return [f" (90{SPACE}% of the members: ", ends[0], " to ", ends[1], ")"]


def ranked(changes: pd.DataFrame) -> list[dict[Any, Any]]:
    """The year of the largest change of each outcome, the largest against its median first.

    Changes of less than a hundredth of the outcome's largest median are left out, and so are
    small parts of an outcome and the counts of single chips.
    """
    yearly = changes[(changes["period"] != "") & ~changes["outcome"].isin(FINE)]
    sizes = yearly[["median", "other_median"]].abs().max(axis=1)
    whole = sizes.groupby(yearly["outcome"]).max()
    best: list[tuple[float, dict[Any, Any]]] = []
    seen: set[tuple[str, ...]] = set()
    for (outcome, labels), part in yearly.groupby(["outcome", "labels"], sort=False):
        own = (str(outcome), *parts_of(str(labels)))
        if own in seen:
            continue  # the total of another split
        seen.add(own)
        rows = part.to_dict("records")
        scale = float(sizes[part.index].max())
        row = max(rows, key=lambda r: abs(change_of(r)))
        size = abs(change_of(row)) / scale if scale else 0.0
        if size >= LEAST and scale >= SMALL_PART * float(whole[outcome]):
            best.append((size, row))
    return [row for _, row in sorted(best, key=lambda pair: -pair[0])]


def _widest(ctx: Context, changes: pd.DataFrame, most: int = 3) -> Words:
    """Other outcomes that change most against their own size."""
    total = {labels for labels in changes["labels"] if "total" in str(labels)} | {""}
    rows = [r for r in ranked(changes) if r["labels"] in total and r["outcome"] != "revenue"]
    if not rows:
        return ["No other outcome changes by more than a hundredth of its size."]
    words: Parts = ["Of the other outcomes these change most for their size: "]
    for k, row in enumerate(rows[:most]):
        scale, _, unit = _scale_and_units(ctx.unit(row["outcome"]))
        name = ctx.outcome(row["outcome"], row["labels"])
        words += ["; " if k else "", f"{lower_first(name)} ({row['period']}: "]
        words += [_change_number(row, scale=scale), f"{SPACE}{unit}" if unit else "", ")"]
    return [*words, "."]


def _shifts(ctx: Context, changes: pd.DataFrame) -> Words:
    """Events that come earlier or later."""
    rows = [r for r in changes[changes["period"] == ""].to_dict("records") if _known(r)]
    moved = [row for row in rows if abs(change_of(row)) >= 1]
    if not moved:
        return ["No event moves by a month or more in the middle member."]
    words: Parts = ["Of the events, "]
    for k, row in enumerate(moved):
        months = change_of(row)
        place = f"difference|{row['outcome']}|||q50"
        later = "later" if months > 0 else "earlier"
        words += ["; " if k else "", f"“{display(row['outcome'], ctx.names)}” comes "]
        text = f"{abs(months):.0f}"
        words += [Number(text, months, place), f" month{'' if text == '1' else 's'} {later}"]
    return [*words, "."]


def _known(row: Mapping[Any, Any]) -> bool:
    value = change_of(row)
    return value == value


def changes_section(ctx: Context, names: tuple[str, str], changes: pd.DataFrame) -> Section:
    """The largest changes by outcome, and events."""
    rows = ranked(changes)
    if not rows and not len(changes[changes["period"] == ""]):
        return Section("changes", "What changes", [])
    words = (
        "For each outcome the year of its largest change, the largest for its size first. A and B "
        "are medians; the change is that of the middle member where runs share their luck, so it "
        "need not be the difference of the two; that of a share is in percentage points. Changes "
        "of less than a hundredth, small parts of an outcome and counts of single chips are left "
        "out. Everything is in the data."
    )
    blocks: list[Block] = [
        Paragraph([words]),
        _changes_table(ctx, names, rows[:MOST_ROWS], changes),
    ]
    events = _events_table(ctx, names, changes)
    return Section("changes", "What changes", [*blocks, *([events] if events else [])])


def _changes_table(
    ctx: Context, names: tuple[str, str], rows: Sequence[dict[Any, Any]], changes: pd.DataFrame
) -> Table:
    columns = [
        Column("Outcome", width=3.4),
        Column("Year", width=0.8),
        Column("A", "right", 1.3),
        Column("B", "right", 1.3),
        Column("Change", "right", 1.2),
        Column("90 % of the members", "right", 2),
    ]
    shown = []
    for row in rows:
        scale, unit, _ = _scale_and_units(ctx.unit(row["outcome"]))
        name = ctx.outcome(row["outcome"], row["labels"])
        cells: list[Cell] = [
            f"{name} [{unit}]" if unit else name,
            str(row["period"]),
            [_median(row, scale=scale)],
            [_median(row, "other_median", scale)],
            [_change_number(row, scale=scale)],
            _band(row, scale)[1:4] or NONE,
        ]
        shown.append(Row(cells))
    data = to_csv(changes.to_dict("records"))
    return Table("changes-table", "Largest changes", columns, shown, data, cards=True)


def _events_table(ctx: Context, names: tuple[str, str], changes: pd.DataFrame) -> Table | None:
    rows = changes[changes["period"] == ""].to_dict("records")
    if not rows or ctx.material.results is None:
        return None
    start = np.datetime64(ctx.material.results.start, "M")
    columns = [
        Column("Event", width=3.4),
        Column("A", "right", 1.3),
        Column("B", "right", 1.3),
        Column("Months later", "right", 1.2),
        Column("90 % of the members", "right", 2),
    ]
    shown = []
    for row in rows:
        months = [_month(start, float(row[key])) for key in ("median", "other_median")]
        change: Cell = [_change_number(row)] if _known(row) else NONE
        shown.append(Row([display(row["outcome"], ctx.names), *months, change,
                          _band(row)[1:4] or NONE]))  # fmt: skip
    return Table("event-changes", "Events", columns, shown)


def _month(start: np.datetime64, months: float) -> str:
    if months != months:
        return "never"
    return month_name(str(start + np.timedelta64(int(months), "M")))
