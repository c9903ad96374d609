"""Run folders: everything a run leaves behind, written all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.outcomes.folder import FolderError, check_target, new_folder, read_manifest
from sim.outcomes.results import Results
from sim.outcomes.store import write_run
from sim.runs.experiment_folder import KIND as EXPERIMENT
from sim.runs.experiment_results import ExperimentResults

__all__ = ["FolderError", "check_target", "open_results", "open_run", "write_folder"]

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


def open_results(folder: str | Path) -> Results | ExperimentResults:
    """Open the folder of a run or of an experiment; it is read when it is first needed.

    Raises:
        FolderError: if it is neither, is damaged, or is newer than this code.
    """
    if read_manifest(folder).get("kind") == EXPERIMENT:
        return ExperimentResults(folder)
    return Results.open(folder)


def open_run(folder: str | Path) -> Results:
    """Open a run folder.

    Raises:
        FolderError: as :func:`open_results`, or if it is the folder of an experiment.
    """
    opened = open_results(folder)
    if isinstance(opened, ExperimentResults):
        raise FolderError(f"{folder} holds an experiment; give the folder of a single run")
    return opened
