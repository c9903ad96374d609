"""A report as PDF, set by Typst: the same blocks, the drawings as vectors."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from pathlib import Path
from typing import Any

import matplotlib as mpl

from sim.outcomes.folder import FolderError
from sim.reports import content
from sim.reports.content import Figure, Key, Link, Number, Scale, Strip, Table, Words
from sim.reports.html import rules, sample_shape, scale_html, strip_html
from sim.reports.svg import inline, svg_text

STYLE = "report.typ"


def render_pdf(report: content.Report) -> bytes:
    """The report as PDF.

    Raises:
        FolderError: if Typst is not installed.
    """
    if importlib.util.find_spec("typst") is None:
        raise FolderError(
            "a PDF needs the package 'typst': pip install 'chokepoint-sim[pdf]', or print the HTML"
        )
    import typst

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.typ"
        source.write_text(typst_text(report, Path(folder)), encoding="utf-8")
        made = typst.compile(str(source), font_paths=[str(fonts)], ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def typst_text(report: content.Report, folder: Path) -> str:
    """The report in Typst's language; drawings go to ``folder``."""
    return _Setter(report, folder).text()


class _Setter:
    def __init__(self, report: content.Report, folder: Path) -> None:
        self.report, self.folder = report, folder
        self.labels = _labels(report)
        self.drawings = 0

    def text(self) -> str:
        style = _template(STYLE)
        head = (
            f"#cover({_string(self.report.title)}, {_string(self.report.subtitle)}, "
            f"({''.join(_string(notice) + ', ' for notice in self.report.notices)}))\n"
        )
        return "\n".join([style, head, *(self._section(s) for s in self.report.sections)])

    def _section(self, section: content.Section) -> str:
        blocks = "\n".join(self._block(block) for block in section.blocks)
        return f"#part({_string(section.title)}) {_label(section.id)}\n{blocks}\n"

    def _block(self, block: content.Block) -> str:
        if isinstance(block, content.Paragraph):
            kind = block.kind or "plain"
            return f"#say({_string(kind)})[{self._words(block.words)}]"
        if isinstance(block, content.Listing):
            return f"#list({', '.join(f'[{self._words(p)}]' for p in block.points)})"
        if isinstance(block, content.Code):
            return f"#command({_string(block.text)})"
        return self._table(block) if isinstance(block, Table) else self._figure(block)

    def _words(self, words: Words | str) -> str:
        if isinstance(words, str):
            return f"#{_string(words)}"
        return "".join(self._word(word) for word in words)

    def _word(self, word: str | Number | Link) -> str:
        if isinstance(word, str):
            return f"#{_string(word)}"
        if isinstance(word, Number):
            return f"#{_string(word.text)}"
        inner = f"#{_string(word.text)}"
        if not word.target.startswith("#"):
            return f"#link({_string(word.target)})[{inner}]"
        known = word.target[1:] in self.labels
        return f"#link({_label(word.target[1:])})[{inner}]" if known else inner

    def _table(self, table: Table) -> str:
        widths = ", ".join(f"{column.width}fr" for column in table.columns)
        aligns = ", ".join(column.align for column in table.columns)
        heads = ", ".join(f"[{self._head(column)}]" for column in table.columns)
        rows = ",\n".join(self._row(row, len(table.columns)) for row in table.rows)
        return (
            f"#sheet({_string(table.caption)}, ({widths},), ({aligns},), ({heads},)"
            f"{', ' if rows else ''}{rows}) {_label(table.id)}"
        )

    def _head(self, column: content.Column) -> str:
        if isinstance(column.title, Scale):
            return self._image(_standalone(scale_html(column.title)))
        return self._words(column.title)

    def _row(self, row: content.Row, columns: int) -> str:
        if row.kind == "group":
            return f"table.cell(colspan: {columns}, group[{self._cell(row.cells[0])}])"
        own = f"#metadata(none) {_label(row.id)}" if row.id else ""
        cells = [self._cell(cell) for cell in row.cells]
        cells[0] = f"{own}{cells[0]}"
        if row.kind in ("pass", "warn", "miss"):
            cells[-1] = f"#verdict({_string(row.kind)})[{cells[-1]}]"
        color = "faint" if row.kind == "faint" else ""
        return ", ".join(f"{color}[{cell}]" for cell in cells)

    def _cell(self, cell: content.Cell) -> str:
        if isinstance(cell, Strip):
            return self._image(_standalone(strip_html(cell)), cell.alt)
        return self._words(cell)

    def _figure(self, figure: Figure) -> str:
        pictures = ", ".join(
            f"picture({_string(p.title)}, [{self._image(_slim(p), p.alt)}])"
            for p in figure.pictures
        )
        columns = min(figure.columns, len(figure.pictures))
        legend = ", ".join(self._key(key) for key in figure.legend)
        notes = " ".join(self._words(note) for note in [*figure.notes, figure.sources] if note)
        return (
            f"#plate({_string(figure.title)}, {_string(figure.subtitle)}, {columns}, "
            f"{'bottom' if figure.even else 'top'}, "
            f"({legend}{',' if legend else ''}), [{notes}], {pictures}) {_label(figure.id)}"
        )

    def _key(self, key: Key) -> str:
        shape = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 12" width="24" height="12">'
            f"{sample_shape(key)}</svg>"
        )
        return f"key([{self._image(shape)}], {_string(key.text)})"

    def _image(self, svg: str, alt: str = "") -> str:
        self.drawings += 1
        name = f"{self.drawings}.svg"
        (self.folder / name).write_text(svg, encoding="utf-8")
        return f"#image({_string(name)}, width: 100%, alt: {_string(alt)})"


def _labels(report: content.Report) -> set[str]:
    """Everything in the report that a link can lead to."""
    found = {section.id for section in report.sections}
    found |= {figure.id for figure in report.figures()}
    for table in report.tables():
        found |= {table.id, *(row.id for row in table.rows if row.id)}
    return found


def _label(name: str) -> str:
    return f"<{name}>"


def _string(text: str) -> str:
    """A string literal of Typst, in which nothing is markup."""
    return json.dumps(text, ensure_ascii=False).replace("\\/", "/")


def _slim(picture: content.Picture) -> str:
    """A drawing in the font of all drawings."""
    return inline(svg_text(picture.drawing), "d", picture.alt).replace(
        "<svg ", '<svg font-family="DejaVu Sans" ', 1
    )


def _standalone(svg: Any) -> str:
    """A strip that needs no page around it."""
    style = f"<style>{rules()}</style>"
    head = '<svg xmlns="http://www.w3.org/2000/svg" '
    return str(svg).replace("<svg ", head, 1).replace(">", f">{style}", 1)


def _template(name: str) -> str:
    from importlib.resources import files

    return (files("sim.reports") / "templates" / name).read_text(encoding="utf-8")
