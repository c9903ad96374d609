"""The abbreviations of a report, spelt out at its end: those that occur in it, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sim.reports.content import Figure, Listing, Paragraph, Scale, Section, Strip, Table, plain

WORDS = {
    "4G": "fourth generation of mobile networks",
    "5G": "fifth generation of mobile networks",
    "AI": "artificial intelligence; an AI accelerator is the chip on which it is computed",
    "bn": "billion, a thousand million",
    "CNY": "yuan, by its currency code",
    "CPU": "central processing unit, the main processor of a computer",
    "DUV": "deep ultraviolet, the light of the lithography systems before the newest",
    "EDA": "electronic design automation, the software with which chips are designed",
    "EMEA": "Europe, Middle East and Africa",
    "FPGA": "field-programmable gate array, a chip that is wired after it is made",
    "HBM": "high-bandwidth memory, stacks of memory beside an accelerator",
    "ICT": "information and communication technology",
    "nm": "nanometre; a generation of chips is called by it, smaller is newer",
    "R&D": "research and development",
    "RF": "radio frequency; chips that send and receive",
    "SoC": "system on a chip, the main processor of a phone",
    "USD": "US dollar, by its currency code",
    "x86": "the family of processors in most notebooks and servers",
}
_WORD = re.compile(r"R&D|\w+")


def with_abbreviations(sections: Iterable[Section | None]) -> list[Section]:
    """Sections that have anything in them, and a last one that spells out abbreviations."""
    kept = [section for section in sections if section and section.blocks]
    said = {word for section in kept for text in _texts(section) for word in _WORD.findall(text)}
    points = [[f"{short}: {words}."] for short, words in WORDS.items() if short in said]
    if not points:
        return kept
    return [*kept, Section("abbreviations", "Abbreviations", [Listing(points)])]


def _texts(section: Section) -> Iterator[str]:
    """Everything that a section says, but for the words inside its drawings."""
    yield section.title
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield plain(block.words)
        elif isinstance(block, Listing):
            yield from map(plain, block.points)
        elif isinstance(block, Figure):
            yield from _of_figure(block)
        elif isinstance(block, Table):
            yield from _of_table(block)


def _of_figure(figure: Figure) -> Sequence[str]:
    titles = [picture.title for picture in figure.pictures]
    return [figure.title, figure.subtitle, *titles, *(key.text for key in figure.legend)]


def _of_table(table: Table) -> Iterator[str]:
    yield table.caption
    yield from (c.title for c in table.columns if not isinstance(c.title, Scale))
    for row in table.rows:
        yield from (plain(cell) for cell in row.cells if not isinstance(cell, Strip))
