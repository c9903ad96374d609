"""How generated pages are written: their head and their tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

CASE = "huawei"
NOTE = (
    f"<!-- Written by `make docs` from the code and the case `{CASE}`; changes here are lost. -->"
)


def head(title: str, text: str) -> str:
    """Title, a note that the page is generated, and a paragraph on how to read it."""
    return f"# {title}\n\n{NOTE}\n\n{textwrap.dedent(text).strip()}\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [_row(columns), _row(["---"] * len(columns)), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(str(c).split()).replace("|", r"\|") for c in cells) + " |"
