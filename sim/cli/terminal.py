"""Tables and progress on a terminal; plain and wide where the output is read by a program."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.runs.simulate import Progress as Tell

MISS = "MISS"
PATIENCE = 1.0  # seconds before a progress bar is worth showing
_PIPE_WIDTH = 160


def console(stream: IO[str] | None = None) -> Console:
    """Where tables go; wide enough for every column when it is not a terminal."""
    out = stream or sys.stdout
    return Console(file=out, width=None if out.isatty() else _PIPE_WIDTH, highlight=False)


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1
) -> Table:
    """A table whose first ``words`` columns are text and whose others are numbers.

    The cell ``MISS`` stands out.
    """
    # As Text: a unit in brackets is no markup.
    heading = Text(title, style="bold") if title else None
    made = Table(title=heading, box=box.SIMPLE, title_justify="left")
    for place, name in enumerate(columns):
        number = place >= words
        made.add_column(Text(name), justify="right" if number else "left", no_wrap=number)
    for row in rows:
        made.add_row(*(Text(cell, style="bold" if cell == MISS else "") for cell in row))
    return made


@contextmanager
def notes() -> Iterator[None]:
    """Tell warnings to the user in one line each, after what gave them."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        yield
    for text in dict.fromkeys(str(warning.message) for warning in said):
        print(f"Note: {text}", file=sys.stderr)


def number(value: object) -> str:
    """A number with about three digits; text and missing values as they are."""
    if value is None or value != value:  # NaN
        return ""
    if not isinstance(value, (int, float)):
        return str(value)
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@contextmanager
def progress_bar(what: str) -> Iterator[Tell | None]:
    """Tells how far a run is, once it takes longer than a second, and only to a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _bar()
    try:
        yield _teller(bar, what)
    finally:
        bar.stop()


def _bar() -> Progress:
    parts = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Progress(*parts, console=Console(stderr=True), transient=True)


def _teller(bar: Progress, what: str) -> Tell:
    began = time.monotonic()
    tasks = [bar.add_task(what, total=None)]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - began > PATIENCE:
            bar.start()  # harmless when it has started
            bar.update(tasks[0], completed=done, total=total)

    return tell
