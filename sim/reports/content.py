"""What a report is made of, before it is HTML, PDF or Markdown.

A number in the text is a :class:`Number`: it carries the value it shows and the place in a
table where that value stands, so that no number can drift away from its run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure as Drawing


@dataclass(frozen=True)
class Number:
    """A number in a sentence.

    Args:
        text: as it is printed.
        value: the number itself, or a month such as ``2021-09``.
        place: where it stands: ``table|outcome|labels|period|column``.
    """

    text: str
    value: float | str
    place: str


@dataclass(frozen=True)
class Link:
    """Words that lead to a place in the report (``#source-12``) or to a page."""

    text: str
    target: str
    title: str = ""


Words = Sequence["str | Number | Link"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is ``lead``, ``note`` or nothing."""

    words: Words
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """Points one under another."""

    points: Sequence[Words]


@dataclass(frozen=True)
class Code:
    """A command or file, letter by letter."""

    text: str


@dataclass(frozen=True)
class Strip:
    """A time axis as narrow as a line of text, in a cell of a table.

    Bars are (begin, end, kind) on a scale from 0 to 1; marks are (place, kind).
    """

    alt: str
    bars: Sequence[tuple[float, float, str]] = ()
    marks: Sequence[tuple[float, str]] = ()
    lines: Sequence[float] = ()


@dataclass(frozen=True)
class Scale:
    """The years over a column of strips: (middle of the year from 0 to 1, name)."""

    names: Sequence[tuple[float, str]]


Cell = Words | str | Strip


@dataclass(frozen=True)
class Row:
    """A row of a table; ``kind`` sets it apart: ``group``, ``faint``, ``pass``, ``miss`` ..."""

    cells: Sequence[Cell]
    kind: str = ""
    id: str = ""


@dataclass(frozen=True)
class Column:
    """A column: ``align`` is left or right, ``width`` its share of the page."""

    title: str | Scale
    align: str = "left"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table; ``folded`` hides it behind its caption where that is possible.

    ``cards``: on a narrow screen each row becomes a card under its first cell.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    data: str = ""  # as CSV, for download
    folded: bool = False
    cards: bool = False


@dataclass(frozen=True)
class Picture:
    """One drawing with its heading and what it shows in words."""

    title: str
    drawing: Drawing
    alt: str


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a sample (``line``, ``band``, ``point``, ``fill``) and its words.

    ``dashes`` are the lengths of strokes and gaps of a line, in widths of it; none if solid.
    """

    sample: str
    text: str
    color: str = ""
    hatch: str = ""
    opacity: float = 1.0
    dashes: Sequence[float] = ()


@dataclass(frozen=True)
class Figure:
    """Pictures that belong together, with legend, notes, sources and data.

    ``name`` is the file name of its data and of its vector files.
    """

    id: str
    name: str
    title: str
    subtitle: str
    pictures: Sequence[Picture]
    columns: int = 1
    legend: Sequence[Key] = ()
    notes: Sequence[Words] = ()
    sources: Words = ()
    data: str = ""
    wide: bool = False  # needs the whole page to be read
    even: bool = True  # pictures of one height, which line up at their feet


Block = Paragraph | Listing | Code | Table | Figure


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    notices: Sequence[str] = field(default_factory=tuple)

    def figures(self) -> list[Figure]:
        """All figures in order."""
        return [b for s in self.sections for b in s.blocks if isinstance(b, Figure)]

    def tables(self) -> list[Table]:
        """All tables in order."""
        return [b for s in self.sections for b in s.blocks if isinstance(b, Table)]


def plain(words: Words | str) -> str:
    """Words without links and traces."""
    if isinstance(words, str):
        return words
    return "".join(word if isinstance(word, str) else word.text for word in words)
