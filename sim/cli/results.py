"""A folder of results where a case is wanted: say what it is, and what reads it."""

from __future__ import annotations

import shlex
from pathlib import Path

from sim.outcomes.folder import MANIFEST

_TABLES = "read the CSV files in it"
_READERS = {
    "": ("a run", "chokepoint report {folder} (also compare, exceed) reads it"),
    "experiment": ("an experiment", "chokepoint report {folder} (also exceed, export) reads it"),
    "attribution": ("an attribution", _TABLES),
    "sensitivity": ("a sensitivity analysis", _TABLES),
}


def refuse_results(name: str) -> None:
    """Refuse the folder of a run or an experiment as a case.

    Args:
        name: as the user gave it; a built-in name is none of a folder.

    Raises:
        FolderError: if it is one.
    """
    folder = Path(name)
    if not (folder / MANIFEST).is_file() or any(folder.glob("*.y*ml")):
        return
    from sim.case.sources import list_cases, list_scenarios
    from sim.outcomes.folder import FolderError
    from sim.reports.material import loose_manifest

    if name in {one.name for one in (*list_cases(), *list_scenarios())}:
        return
    about = loose_manifest(folder)
    what, reader = _READERS.get(str(about.get("kind") or ""), ("another command", _TABLES))
    again = f"; what made it: {about['command']}" if about.get("command") else ""
    told = reader.format(folder=shlex.quote(name))
    raise FolderError(f"{name} holds the results of {what}, no case: {told}{again}")
