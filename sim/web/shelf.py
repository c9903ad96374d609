"""The first view on disk, so that the page shows something at once.

The file is named after the case's and the code's fingerprint: what has changed is not found.
Where nothing can be written, the first visitor waits a second.
"""

from __future__ import annotations

import json
import os
import zipfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from sim.case.load import fingerprint
from sim.case.schema import Case
from sim.runs.manifest import code_hash
from sim.runs.posterior import case_posterior
from sim.web.state import SEED, State
from sim.web.view import Mark, Track, View


def folder() -> Path:
    """Where views lie: ``$XDG_CACHE_HOME/chokepoint``, by default ``~/.cache/chokepoint``."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "chokepoint"


def path_of(case: Case, state: State) -> Path:
    """File of a state's view."""
    posterior = case_posterior(case)
    drawn = posterior.digest if posterior else "prior"
    name = f"page-{fingerprint(case)}-{code_hash()}-{drawn}-{state.members}-{SEED}.npz"
    return folder() / name


def take(case: Case, state: State) -> View | None:
    """The stored view, or None if there is none or it cannot be read."""
    try:
        with np.load(path_of(case, state), allow_pickle=False) as arrays:
            return _view({name: arrays[name] for name in arrays.files})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def put(case: Case, state: State, view: View) -> None:
    """Store a view if that is possible; whole, or not at all."""
    path = path_of(case, state)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            np.savez_compressed(file, **_arrays(view))
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()


def _arrays(view: View) -> dict[str, Any]:
    about = {
        "tracks": {name: [track.kind, track.unit] for name, track in view.tracks.items()},
        "origin_names": view.origin_names,
        "constraints": view.constraints,
        "marks": [asdict(mark) for mark in view.marks],
        "seconds": view.seconds,
    }
    found: dict[str, Any] = {"about": np.array(json.dumps(about)), "months": view.months}
    for name, track in view.tracks.items():
        found |= {f"times/{name}": track.times, f"values/{name}": track.values}
    for group in ("origins", "flows", "binding", "events"):
        found |= {f"{group}/{name}": array for name, array in getattr(view, group).items()}
    return found


def _view(arrays: dict[str, Any]) -> View:
    about = json.loads(str(arrays["about"]))
    tracks = {
        name: Track(kind, unit, arrays[f"times/{name}"], arrays[f"values/{name}"])
        for name, (kind, unit) in about["tracks"].items()
    }
    return View(
        months=arrays["months"],
        tracks=tracks,
        origins=_group(arrays, "origins/"),
        flows=_group(arrays, "flows/"),
        origin_names=tuple(about["origin_names"]),
        binding=_group(arrays, "binding/"),
        constraints=tuple(about["constraints"]),
        events=_group(arrays, "events/"),
        marks=tuple(Mark(**mark) for mark in about["marks"]),
        seconds=float(about["seconds"]),
    )


def _group(arrays: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
