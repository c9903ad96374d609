"""Run folders on disk: made all at once or not at all, never overwritten silently."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
PROGRAM = "chokepoint"
FORMAT = 1  # raise when an older version could no longer read the folder


class FolderError(Exception):
    """A run folder that cannot be written or read."""


def check_target(folder: str | Path, force: bool = False) -> None:
    """Find out before a long run whether its folder can be written.

    Raises:
        FolderError: if it exists, unless ``force`` may replace it, or is not writable.
    """
    target = _absolute(folder)
    _refuse_existing(target, force)
    with _as_folder_error(target):
        os.rmdir(tempfile.mkdtemp(prefix=f".{PROGRAM}-", dir=_nearest_parent(target)))


@contextmanager
def new_folder(folder: str | Path, force: bool = False) -> Iterator[Path]:
    """A draft folder that takes its final name only when everything in it is written.

    After an error the draft is gone; after a kill it is left under a hidden name. With
    ``force`` an earlier run folder of the same name is replaced at the last moment.

    Raises:
        FolderError: if the target exists or cannot be written.
    """
    target = _absolute(folder)
    _refuse_existing(target, force)
    with _as_folder_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
    try:
        with _as_folder_error(target):
            yield draft
            draft.chmod(0o777 & ~_umask())  # mkdtemp makes it private
            _put_in_place(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent))
    target.rename(old / "run")
    try:
        draft.rename(target)
    except OSError:
        (old / "run").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """The manifest of a run folder.

    Raises:
        FolderError: if the folder is missing, foreign, damaged or newer than this code.
    """
    path = Path(folder)
    if not path.is_dir():
        raise FolderError(f"{path} is not a folder; give the folder of an earlier run")
    manifest = _read_json(path)
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM:
        raise FolderError(f"{path / MANIFEST} was not written by {PROGRAM}")
    version = manifest.get("format")
    if not isinstance(version, int) or version > FORMAT:
        raise FolderError(
            f"{path} has format {version}, this version of {PROGRAM} reads up to {FORMAT}; "
            f"upgrade {PROGRAM} to open it"
        )
    return manifest


def _read_json(path: Path) -> Any:
    try:
        return json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FolderError(f"{path} holds no {MANIFEST}, so it is not a run folder") from None
    except (OSError, ValueError) as error:
        raise FolderError(f"{path / MANIFEST} cannot be read: {error}") from None


def _refuse_existing(target: Path, force: bool) -> None:
    if not target.exists() and not target.is_symlink():
        return
    if not force:
        raise FolderError(f"{target} exists already; give another folder, or --force to replace it")
    if target.is_symlink() or not target.is_dir():
        raise FolderError(f"{target} is not a folder, so it is not replaced")
    if any(target.iterdir()) and not _is_run(target):
        raise FolderError(f"{target} is not a run folder of {PROGRAM}, so it is not replaced")


def _is_run(folder: Path) -> bool:
    try:
        return bool(_read_json(folder)["program"] == PROGRAM)
    except (FolderError, KeyError, TypeError):
        return False


@contextmanager
def _as_folder_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderError(f"cannot write {target}: {reason}") from error


def _nearest_parent(target: Path) -> Path:
    return next(parent for parent in target.parents if parent.exists())


def _absolute(folder: str | Path) -> Path:
    return Path(os.path.abspath(Path(folder).expanduser()))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
