"""Run folders: everything a run leaves behind, written all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.outcomes.folder import FolderError, check_target, new_folder
from sim.outcomes.results import Results
from sim.outcomes.store import write_run

__all__ = ["FolderError", "check_target", "open_results", "write_folder"]

Part = Callable[[Results, Path], None]
"""Adds files to the draft of a run folder: a scorecard, figures."""


def write_folder(
    results: Results, folder: str | Path, parts: tuple[Part, ...] = (), force: bool = False
) -> Path:
    """Write a run folder: manifest, members, bands, and what ``parts`` add.

    Nothing is left behind if any part fails.

    Args:
        results: what ``simulate`` gave.
        folder: where to; must not exist.
        parts: each adds files to the draft.
        force: replace an earlier run folder of this name.

    Raises:
        FolderError: if the folder exists or cannot be written.
    """
    with new_folder(folder, force) as draft:
        write_run(results, draft)
        for part in parts:
            part(results, draft)
    return Path(folder)


def open_results(folder: str | Path) -> Results:
    """Open a run folder; its members are read when they are first needed.

    Raises:
        FolderError: if it is not a run folder, is damaged, or is newer than this code.
    """
    return Results.open(folder)
