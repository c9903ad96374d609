"""The report of one run against another: what differs, by how much, how surely."""

from __future__ import annotations

from dataclasses import replace

from sim.documented.verdicts import RULE
from sim.reports.abbreviations import with_abbreviations
from sim.reports.changes import answer, changes_section
from sim.reports.content import Block, Figure, Number, Paragraph, Report, Row, Section
from sim.reports.context import Context
from sim.reports.exceedance import exceedance_section
from sim.reports.material import Material
from sim.reports.pairs import figures
from sim.reports.report import build_report, closing_sections, network_section, timeline_section
from sim.reports.scores import SKILL, summary_table


def build_comparison(a: Material, b: Material) -> Report:
    """The report of run ``b`` against run ``a``; of one alone if the other cannot be read."""
    if a.results is None or b.results is None:
        return _one_alone(a, b)
    first = Context.of(a)
    second = Context.of(b, first.refs)
    names = called(a, b)
    changes = a.results.compare(b.results)
    sections = [
        answer(first, second, names, changes),
        Section("figures", "Both runs and their difference", figures(first, second, names)),
        changes_section(first, names, changes),
        exceedance_section([(f"A: {names[0]}", a.results), (f"B: {names[1]}", b.results)]),
        _named(timeline_section(first), "Regime timeline of A"),
        _named(network_section(first), "The supply network of A"),
        *_network_of_other(second),
        scores_section(first, second, names),
        *closing_sections([first, second]),
    ]
    kept = with_abbreviations(sections)
    title = f"{names[1]} against {names[0]}"
    subtitle = f"{_about(a, 'A', names[0])}; {_about(b, 'B', names[1])}"
    return Report(title, subtitle, kept, [*a.notices, *b.notices])


def _one_alone(a: Material, b: Material) -> Report:
    """What is there when one of the two has no members."""
    whole, broken = (a, b) if a.results is not None else (b, a)
    report = build_report(whole)
    notice = f"{broken.folder} cannot be compared: its members cannot be read."
    return Report(report.title, report.subtitle, report.sections,
                  [notice, *broken.notices, *report.notices])  # fmt: skip


def _named(section: Section | None, title: str) -> Section | None:
    return None if section is None else Section(section.id, title, section.blocks)


def called(a: Material, b: Material) -> tuple[str, str]:
    """Names of the two runs: their titles, or their folders where these agree."""
    titles = a.title, b.title
    return titles if titles[0] != titles[1] else (a.folder.name or "A", b.folder.name or "B")


def _about(material: Material, key: str, name: str) -> str:
    about = material.manifest
    return f"{key}: {name}, {about.get('members')} members, seed {about.get('seed')}"


def _network_of_other(b: Context) -> list[Section]:
    """The network of the other run, with ids of its own."""
    figures = [block for block in network_section(b).blocks if isinstance(block, Figure)]
    blocks = [replace(one, id=f"{one.id}-b", name=f"{one.name}_b") for one in figures]
    return [Section("network-section-b", "The supply network of B", blocks)]


def scores_section(a: Context, b: Context, names: tuple[str, str]) -> Section:
    """The summary of both scorecards."""
    blocks: list[Block] = [Paragraph([RULE])]
    for ctx, name, key in ((a, f"A: {names[0]}", ""), (b, f"B: {names[1]}", "b:")):
        card = ctx.material.card
        if card is not None and not card.empty:
            table = summary_table(card)
            rows = [_retraced(row, key) for row in table.rows]
            about = {"id": f"summary-{key or 'a'}".rstrip(":"), "caption": name, "rows": rows}
            blocks.append(replace(table, **about))  # type: ignore[arg-type]
    return Section("score", "Scorecards", [*blocks, Paragraph([SKILL])] if len(blocks) > 1 else [])


def _retraced(row: Row, prefix: str) -> Row:
    """A row whose numbers say that they are of the other run."""
    cells = [
        [replace(w, place=f"{prefix}{w.place}") if isinstance(w, Number) else w for w in cell]
        if isinstance(cell, list)
        else cell
        for cell in row.cells
    ]
    return replace(row, cells=cells)
