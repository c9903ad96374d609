"""Put a report together: which sections there are, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from sim.documented.verdicts import RULE
from sim.reports.abbreviations import with_abbreviations
from sim.reports.answers import answer_section
from sim.reports.bars import bars_of, bars_table
from sim.reports.blocks import flows_figure, network_figure, sheet_figure
from sim.reports.content import Block, Paragraph, Report, Section
from sim.reports.context import Context
from sim.reports.exceedance import exceedance_section
from sim.reports.extras import extra_sections
from sim.reports.inputs import (
    assumptions_section,
    parameters_section,
    repeat_section,
    sources_section,
)
from sim.reports.limits import limits_section
from sim.reports.material import Material
from sim.reports.scores import SKILL, outcomes_table, scorecard_table, summary_table
from sim.reports.tables import origins_table, revenue_table
from sim.reports.times import events_table, timeline_tables

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("revenue-section", "Revenue", ("segments",)),
    (
        "chips-section",
        "Chips and what is built of them",
        ("chip_supply", "limits", "phones", "accelerators"),
    ),
    ("stocks-section", "Stocks, foundries and tools", ("stock_cover", "foundries", "tools")),
    ("markets-section", "Markets and money", ("shares", "money", "purchases")),
)


def build_report(material: Material) -> Report:
    """The report of a single run, with what the run holds."""
    ctx = Context.of(material)
    sections = [
        answer_section(ctx),
        timeline_section(ctx),
        *figure_sections(ctx),
        events_section(ctx),
        scorecard_section(ctx),
        chances_section(ctx),
        *extra_sections(ctx),
        *closing_sections([ctx]),
    ]
    kept = with_abbreviations(sections)
    return Report(material.title, subtitle_of(material), kept, list(material.notices))


def subtitle_of(material: Material) -> str:
    """Members, months and seed of a run in one line."""
    about = material.manifest
    parts = [
        f"{about['members']} members" if about.get("members") else "",
        f"{about['start']} to {about['end']}" if about.get("start") else "",
        f"seed {about['seed']}" if about.get("seed") is not None else "",
        f"scenario {about['scenario']}" if about.get("scenario") else "",
    ]
    return ", ".join(part for part in parts if part)


def timeline_section(ctx: Context) -> Section | None:
    """The measures on the time axis."""
    tables = timeline_tables(ctx)
    if not tables:
        return None
    words = (
        "Measures by kind. Dotted outline: announced, or in grace. Solid: in force. Dots: signals "
        "that bind nobody but can be read. Diamonds: decided inside the model, shown on their "
        "documented dates for comparison. Numbers in brackets are those above the figures; a "
        "measure that answers an act has the date of the middle member."
    )
    return Section("regime", "Regime timeline", [Paragraph([words]), *tables])


def figure_sections(ctx: Context) -> list[Section]:
    """Fans, stacks, network and flows."""
    found = []
    for key, title, names in GROUPS:
        figures = [figure for name in names if (figure := sheet_figure(ctx, name))]
        blocks: list[Block] = list(figures)
        if key == "revenue-section" and (table := revenue_table(ctx)):
            blocks.insert(0, table)
        found.append(Section(key, title, blocks))
        if key == "chips-section":
            found.append(network_section(ctx))
    return found


def network_section(ctx: Context) -> Section:
    """Who supplies whom, and what rests on it."""
    supply = ctx.material.supply
    if supply is None:
        return Section("network-section", "The supply network", [])
    blocks: list[Block] = [network_figure(supply), flows_figure(supply), origins_table(ctx, supply)]
    return Section("network-section", "The supply network", blocks)


def events_section(ctx: Context) -> Section | None:
    """When things happen."""
    table = events_table(ctx)
    if table is None:
        return None
    words = (
        "A month is the one by which that share of all members has seen the event. Light bar: 90 % "
        "of the members, dark bar: half of them, line: the middle one, diamond: documented."
    )
    return Section("events-section", "When things happen", [Paragraph([words]), table])


def scorecard_section(ctx: Context) -> Section | None:
    """The run beside everything that is documented."""
    card = ctx.material.card
    if card is None or card.empty:
        return None
    blocks: list[Block] = [Paragraph([RULE]), summary_table(card), Paragraph([SKILL])]
    if bars := bars_of(ctx):
        blocks.append(bars_table(bars))
    blocks.append(outcomes_table(ctx, card))
    blocks.append(scorecard_table(ctx, card))
    return Section("score", "Scorecard", blocks)


def chances_section(ctx: Context) -> Section | None:
    """Chances of amounts and of levels passed."""
    results = ctx.material.results
    return None if results is None else exceedance_section([("run", results)])


def closing_sections(ctxs: Sequence[Context]) -> list[Section | None]:
    """Limits, inputs, sources and how to repeat it; the last three close every report."""
    first = ctxs[0]
    assumptions = assumptions_section(first)
    parameters = parameters_section(first)
    limits = limits_section(first)
    # The list of sources comes after everything that cites one.
    return [limits, assumptions, parameters, sources_section(first), repeat_section(ctxs)]
