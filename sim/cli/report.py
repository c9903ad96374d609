"""``chokepoint report``: one file that a person can send on."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from sim.reports.publish import publish


def write_report(
    run: Path, other: Path | None, out: Path | None, *, pdf: bool, bundle: bool
) -> None:
    """Write the report of a run, of a run against another, or of an experiment.

    Raises:
        FolderError: if a folder cannot be read or a file cannot be written.
    """
    folders = [run] if other is None else [run, other]
    with Console(stderr=True).status("Writing the report"):  # silent in a pipe
        report, paths = publish(folders, out, pdf=pdf, bundle=bundle)
    for notice in report.notices:
        typer.echo(f"Note: {notice}", err=True)
    for path in paths:
        typer.echo(f"Written: {path}{_size(path)}")


def _size(path: Path) -> str:
    return f" ({path.stat().st_size / 1e6:.1f} MB)" if path.is_file() else ""
