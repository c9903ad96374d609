"""Sections on what goes in: assumptions that matter, parameters, sources, how to repeat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sim.reports.answers import TOTAL
from sim.reports.blocks import to_csv
from sim.reports.content import (
    Block,
    Cell,
    Code,
    Column,
    Link,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
)
from sim.reports.context import Context
from sim.reports.facts import signed_text
from sim.reports.influence import Influence, Target, influences, yearly
from sim.reports.marks import parse_day
from sim.reports.names import display
from sim.reports.supply import low_after_peak
from sim.runs.inputs import Input, inputs_of

MOST_INPUTS, STALE_DAYS = 12, 180
GRADES = {
    "high": "seen, and trusted",
    "medium": "seen, with doubts",
    "low": "seen, weak",
    "recall": "from memory, no page seen",
}


def assumptions_section(ctx: Context) -> Section | None:
    """Inputs that move the result most, then every assumption."""
    case = ctx.material.case
    if case is None or not case.assumptions:
        return None
    targets = targets_of(ctx)
    found = influences(ctx.material.results, case, targets) if ctx.material.results else []
    blocks: list[Block] = []
    if ctx.material.results is not None:
        blocks.append(Paragraph([INFLUENCE_NOTE if found else NO_INFLUENCE]))
    if found:
        blocks.append(influence_table(ctx, found[:MOST_INPUTS], targets))
    blocks.append(assumptions_table(ctx, found))
    title = "Assumptions that matter most" if found else "Assumptions"
    return Section("assumptions", title, blocks)


INFLUENCE_NOTE = (
    "The table compares the third of the members that drew an input highest with the third that "
    "drew it lowest: by so much their means differ. Only inputs whose rank correlation is beyond "
    "what chance gives one time in a thousand are shown; effects of several inputs together do not "
    "show here."
)
NO_INFLUENCE = (
    "This run has too few members, or no input moves its results by more than chance: the effect "
    "of single inputs cannot be read off it."
)


def targets_of(ctx: Context) -> list[Target]:
    """Results that are looked at: revenue at its low and its end, chips and accelerators."""
    results = ctx.material.results
    years = ctx.facts.years(*TOTAL)
    if results is None or not years:
        return []
    low = years[low_after_peak([ctx.facts.value(*TOTAL, year) for year in years])[1]]
    wanted: list[tuple[str, str, str, dict[str, str]]] = [
        (f"Revenue {low}", "revenue", low, {"segment": "total"}),
        (f"Revenue {years[-1]}", "revenue", years[-1], {"segment": "total"}),
        (f"Phones {years[-1]}", "phones_shipped", years[-1], {"region": "total"}),
        (f"Accelerators {years[-1]}", "accelerators", years[-1], {"die_origin": "total"}),
    ]
    found = {}
    for name, outcome, year, labels in wanted:
        values = yearly(results, outcome, year, **labels)
        if values is not None:
            found[name] = Target(name, ctx.unit(outcome), values)
    return list(found.values())


def influence_table(ctx: Context, found: Sequence[Influence], targets: Sequence[Target]) -> Table:
    """The strongest inputs with their effects."""
    columns = [
        Column("Input", width=3.6),
        Column("Range", width=2.4),
        Column("Rests on", width=1.2),
        *(Column(f"{t.name} [{t.unit}]", "right", 1.3) for t in targets),
    ]
    rows, records = [], []
    for one in found:
        path = one.input.path
        cells: list[Cell] = [_path_words(ctx, path), f"{one.input.text} {one.input.number.unit}"]
        cells.append(ctx.refs.keys(one.input.number.source, "inputs"))
        for target, effect in zip(targets, one.effects, strict=True):
            cells.append([Number(signed_text(effect), effect, f"influence|{path}|||{target.name}")])
        rows.append(Row(cells))
        ranks = {f"rank correlation, {t.name}": r for t, r in zip(targets, one.ranks, strict=True)}
        effects = {t.name: effect for t, effect in zip(targets, one.effects, strict=True)}
        records.append({"input": path, **effects, **ranks})
    return Table("influence", "Inputs with the largest effect", columns, rows, to_csv(records),
                 cards=True)  # fmt: skip


def _path_words(ctx: Context, path: str) -> str:
    """A dotted path in words that may break: ``Behaviour: Stock: Adjust``."""
    return ": ".join(display(part, ctx.names) for part in path.split("."))


def assumptions_table(ctx: Context, found: Sequence[Influence]) -> Table:
    """Every assumption with its reason, and its strongest input where inputs were ranked."""
    case = ctx.material.case
    assert case is not None
    strongest: dict[str, Influence] = {}
    for one in found:
        for key in one.input.number.source:
            strongest.setdefault(key, one)
    order = sorted(case.assumptions, key=lambda key: -_strength(strongest.get(key)))
    rows = []
    for key in order:
        entry = case.assumptions[key]
        effect = [_effect(ctx, strongest.get(key))] if found else []
        rows.append(Row([key, entry.text, entry.reason, *effect], id=key))
    columns = [
        Column("", width=0.6),
        Column("Assumption", width=4),
        Column("Why it is held", width=4),
        *([Column("Strongest input", width=2)] if found else []),
    ]
    records = [
        {"key": key, "text": case.assumptions[key].text, "reason": case.assumptions[key].reason}
        for key in order
    ]
    caption = "All assumptions, the strongest first" if found else "All assumptions"
    return Table(
        "all-assumptions", caption, columns, rows, to_csv(records),
        folded=True, cards=True,
    )  # fmt: skip


def _strength(one: Influence | None) -> float:
    return 0.0 if one is None else one.strength


def _effect(ctx: Context, one: Influence | None) -> str:
    if one is None:
        return ""
    return f"{_path_words(ctx, one.input.path)} (rank correlation {one.strength:.2f})"


def parameters_section(ctx: Context) -> Section | None:
    """Every number that went in, with unit, standing and source."""
    case = ctx.material.case
    if case is None:
        return None
    found = list(inputs_of(case))
    standing = {kind: sum(i.number.standing == kind for i in found) for kind in STANDINGS}
    words = ", ".join(f"{number} {kind}" for kind, number in standing.items())
    drawn = sum(one.uncertain for one in found)
    intro = Paragraph(
        [
            f"{len(found)} numbers and series go in: {words}. {drawn} of them are uncertain: "
            f"{drawing_text(ctx)}"
        ]
    )
    return Section("parameters", "Parameters", [intro, parameters_table(ctx, found)])


def drawing_text(ctx: Context) -> str:
    """How members draw their uncertain inputs: from ranges, and from what was fitted."""
    ranges = "from the ranges given, most often near the value before the range."
    if not ctx.material.manifest.get("posterior"):
        return f"members draw them {ranges}"
    return (
        "those fitted to documented values are drawn together from the result of the fit, which "
        f"fills only part of their ranges; members draw the others {ranges}"
    )


STANDINGS = ("documented", "estimated", "assumed")


def parameters_table(ctx: Context, found: Sequence[Input]) -> Table:
    """One row an input, grouped by what it belongs to."""
    columns = [
        Column("Input", width=4),
        Column("Value and range", width=2.6),
        Column("Unit", width=1.8),
        Column("Standing", width=1.1),
        Column("Source", width=1.6),
    ]
    rows, records, group = [], [], ""
    for one in found:
        head, _, rest = one.path.partition(".")
        if head != group:
            group = head
            rows.append(Row([display(head)], "group"))
        links = ctx.refs.keys(one.number.source, "inputs")
        cells = [_path_words(ctx, rest), one.text, one.number.unit, one.number.standing, links]
        rows.append(Row(cells))
        records.append({"path": one.path, "value": one.text, "unit": one.number.unit,
                        "standing": one.number.standing, "source": "; ".join(one.number.source),
                        "note": one.number.note})  # fmt: skip
    return Table("inputs", "All inputs", columns, rows, to_csv(records), True, True)


def sources_section(ctx: Context) -> Section:
    """Every page behind a number, in the order of first mention, and how old they are."""
    rows, records = [], []
    for number, one in ctx.refs.all():
        uses = ", ".join(sorted(ctx.refs.used_for[number]))
        linked = one.address.startswith(("http://", "https://"))
        address: Cell = [Link(one.address, one.address)] if linked else one.address
        title = [one.title]
        rows.append(Row([str(number), title, address, one.date, one.grade, uses],
                        id=f"source-{number}"))  # fmt: skip
        records.append({"number": number, "title": one.title, "address": one.address,
                        "date": one.date, "grade": one.grade, "used for": uses})  # fmt: skip
    columns = [
        Column("", "right", 0.4),
        Column("Title", width=3.4),
        Column("Address", width=3),
        Column("Date", width=0.9),
        Column("Grade", width=0.7),
        Column("Used for", width=1.2),
    ]
    grades = "; ".join(f"{grade}: {words}" for grade, words in GRADES.items())
    blocks: list[Block] = [
        Paragraph([age_words(ctx.refs.newest(), made_on(ctx))], "note"),
        Paragraph([f"Grades of trust in the figures taken from a page: {grades}."]),
        Table("source-list", f"{len(rows)} sources", columns, rows, to_csv(records), True, True),
    ]
    return Section("sources", "Sources", blocks)


def made_on(ctx: Context) -> date | None:
    """Day on which the run was made."""
    return parse_day(ctx.material.manifest.get("created"))


def age_words(newest: str, made: date | None) -> str:
    """How old the evidence is, with a warning if it is stale."""
    if not newest:
        return "No source of this report is dated, so nobody can tell how old the evidence is."
    words = f"The newest source of this report is dated {newest}"
    day = parse_day(newest)
    if made is None or day is None:
        return words + "."
    days = (made - day).days
    if days < 0:
        return f"{words}; the run was made on {made:%d %B %Y}."
    stale = ". Newer evidence may change the picture" if days > STALE_DAYS else ""
    return f"{words}, {days} days before the run was made on {made:%d %B %Y}{stale}."


def repeat_section(ctxs: Sequence[Context]) -> Section:
    """The commands that make the report again, and what was run."""
    blocks: list[Block] = []
    folders = " ".join(str(ctx.material.folder) for ctx in ctxs)
    commands = [str(ctx.material.manifest.get("command") or "") for ctx in ctxs]
    lines = [f"{command} --force" for command in commands if command]
    blocks += [
        Paragraph(["These commands make this report again:"]),
        Code("\n".join([*lines, f"chokepoint report {folders}"])),
    ]
    for ctx in ctxs:
        blocks.append(manifest_table(ctx))
    return Section("repeat", "How to repeat it", blocks)


_LEFT_OUT = ("timeline", "names", "measures")


def manifest_table(ctx: Context) -> Table:
    """The manifest without its long lists."""
    about = {k: v for k, v in ctx.material.manifest.items() if k not in _LEFT_OUT}
    rows = [Row([key, _value(value)]) for key, value in about.items()]
    columns = [Column("Entry"), Column("Value", width=4)]
    name = ctx.material.folder.name
    text = json.dumps(about, indent=1, ensure_ascii=False, default=str)
    data = to_csv([{"manifest": text}])
    return Table(f"manifest-{name}", f"Manifest of {name}", columns, rows, data, folded=True)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    return str(value)


NOTHING = "none"
