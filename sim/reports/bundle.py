"""A report as files for a paper: Markdown, vector figures, tables as CSV and LaTeX."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sim.outcomes.folder import FolderError
from sim.reports import content
from sim.reports.content import Figure, Link, Number, Strip, Table, Words, plain
from sim.reports.style import save

FORMATS = ("pdf", "svg")
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "\N{MINUS SIGN}": "$-$", "\N{NO-BREAK SPACE}": "~", "\N{EN DASH}": "--", "…": r"\dots{}",
    "“": "``", "”": "''", "±": r"$\pm$", "²": r"\textsuperscript{2}",
}  # fmt: skip


def write_bundle(report: content.Report, folder: Path) -> Path:
    """Write ``report.md``, ``figures/`` and ``tables/`` into a folder; give it.

    Drawings keep the width they were made for: 3.5 inches, a column of a journal, up to 5.

    Raises:
        FolderError: if the folder is there and was not made by this, or cannot be written.
    """
    if folder.exists() and not (folder / "report.md").is_file():
        raise FolderError(f"{folder} exists already and is no bundle, so it is not replaced")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
            draft = Path(place) / "bundle"
            _fill(report, draft)
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)
    except OSError as error:
        raise FolderError(f"cannot write {folder}: {error.strerror or error}") from error
    return folder


def _fill(report: content.Report, folder: Path) -> None:
    (folder / "tables").mkdir(parents=True)
    for figure in report.figures():
        for name, picture in zip(file_names(figure), figure.pictures, strict=True):
            save(picture.drawing, folder / "figures", name, FORMATS)
        (folder / "figures" / f"{figure.name}.csv").write_text(figure.data, encoding="utf-8")
    for table in report.tables():
        if table.data:
            (folder / "tables" / f"{table.id}.csv").write_text(table.data, encoding="utf-8")
        (folder / "tables" / f"{table.id}.tex").write_text(latex(table), encoding="utf-8")
    (folder / "report.md").write_text(markdown(report), encoding="utf-8")


def file_names(figure: Figure) -> list[str]:
    """Name of each drawing of a figure, without ending."""
    if len(figure.pictures) == 1:
        return [figure.name]
    return [f"{figure.name}-{k}" for k in range(1, len(figure.pictures) + 1)]


def markdown(report: content.Report) -> str:
    """The report as Markdown with links to the files beside it."""
    parts = [f"# {report.title}", report.subtitle, *(f"> {notice}" for notice in report.notices)]
    for section in report.sections:
        parts.append(f"## {section.title}")
        parts += [_block(block) for block in section.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: content.Block) -> str:
    if isinstance(block, content.Paragraph):
        words = _words(block.words)
        return f"*{words}*" if block.kind == "question" else words
    if isinstance(block, content.Listing):
        return "\n".join(f"- {_words(point)}" for point in block.points)
    if isinstance(block, content.Code):
        return f"```sh\n{block.text}\n```"
    return _table(block) if isinstance(block, Table) else _figure(block)


def _words(words: Words | str) -> str:
    if isinstance(words, str):
        return _escaped(words)
    return "".join(_word(word) for word in words)


def _word(word: str | Number | Link) -> str:
    if isinstance(word, Link) and not word.target.startswith("#"):
        return f"<{word.target}>" if word.text == word.target else f"[{word.text}]({word.target})"
    return _escaped(word if isinstance(word, str) else word.text)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _figure(figure: Figure) -> str:
    lines = [f"### {figure.title}", figure.subtitle]
    for name, picture in zip(file_names(figure), figure.pictures, strict=True):
        title = f"**{picture.title}**\n\n" if picture.title else ""
        lines.append(f"{title}![{_escaped(picture.alt)}](figures/{name}.svg)")
    legend = "; ".join(key.text for key in figure.legend)
    notes = " ".join(_words(note) for note in [*figure.notes, figure.sources] if note)
    lines += [f"Shown: {legend}." if legend else "", notes]
    lines.append(f"Data: [figures/{figure.name}.csv](figures/{figure.name}.csv)")
    return "\n\n".join(line for line in lines if line)


def _table(table: Table) -> str:
    """A table in place if it is short, else a link to its files."""
    files = f"[CSV](tables/{table.id}.csv), [LaTeX](tables/{table.id}.tex)"
    if len(table.rows) > 60 or not table.data:
        files = files if table.data else f"[LaTeX](tables/{table.id}.tex)"
        return f"### {table.caption}\n\n{len(table.rows)} rows: {files}"
    kept = _kept(table)
    heads = [str(table.columns[k].title) or " " for k in kept]
    marks = ["---:" if table.columns[k].align == "right" else "---" for k in kept]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(marks)} |"]
    for row in table.rows:
        cells = [_words(cell) for cell in row.cells if not isinstance(cell, Strip)]
        cells += [""] * (len(kept) - len(cells))
        bold = [f"**{cell}**" if row.kind == "group" and cell else cell for cell in cells]
        lines.append(f"| {' | '.join(bold)} |")
    return f"### {table.caption}\n\n" + "\n".join(lines) + f"\n\n{files}"


def _kept(table: Table) -> list[int]:
    """Columns that are words and not strips of a time axis."""
    return [k for k, column in enumerate(table.columns) if isinstance(column.title, str)]


def latex(table: Table) -> str:
    """A table for LaTeX, with the packages booktabs and longtable."""
    kept = _kept(table)
    columns = "".join("r" if table.columns[k].align == "right" else "l" for k in kept)
    heads = " & ".join(_tex(str(table.columns[k].title)) for k in kept)
    lines = [rf"\begin{{longtable}}{{{columns}}}", rf"\caption{{{_tex(table.caption)}}}\\"]
    lines += [r"\toprule", rf"{heads} \\", r"\midrule", r"\endhead"]
    for row in table.rows:
        words = [_tex(plain(cell)) for cell in row.cells if not isinstance(cell, Strip)]
        if row.kind == "group":
            lines.append(rf"\multicolumn{{{len(kept)}}}{{l}}{{\textbf{{{words[0]}}}}} \\")
        else:
            lines.append(" & ".join(words) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}", ""])


def _tex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
