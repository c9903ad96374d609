"""The folder of an experiment: a manifest, a ledger, and one file a block, each written at once.

A block's file appears under its name only when all of it is on disk, so whatever kills the
program, what is there is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.outcomes.folder import FORMAT, MANIFEST, PROGRAM, FolderError, read_manifest
from sim.runs.block import BlockResult
from sim.runs.ledger import Entry, Ledger
from sim.runs.manifest import versions
from sim.runs.plan import Plan

KIND = "experiment"
BLOCKS, FAILURES, LOCK = "blocks", "failures", ".lock"
SUMMARIES = ("quantiles.csv", "differences.csv")
# What numbers depend on: blocks of other versions are not mixed in unasked.
_DECISIVE = ("code", "numpy")


class ExperimentFolder:
    """Where one experiment keeps its blocks.

    Args:
        path: the folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.ledger = Ledger(self.path)

    def block_path(self, number: int) -> Path:
        """File of a block."""
        return self.path / BLOCKS / f"block-{number:06d}.parquet"

    def failure_path(self, number: int) -> Path:
        """File with the traceback of a failed block."""
        return self.path / FAILURES / f"block-{number:06d}.txt"

    @property
    def manifest(self) -> dict[str, Any]:
        """What is run here.

        Raises:
            FolderError: if this is no folder of an experiment.
        """
        manifest = read_manifest(self.path)
        if manifest.get("kind") != KIND:
            raise FolderError(f"{self.path} holds a single run, not an experiment")
        return manifest

    # Opening.

    def prepare(self, plan: Plan, command: str, force: bool, new_code: bool) -> Plan:
        """Make the folder, or find out whether it can be gone on with.

        Args:
            plan: the experiment as it is now.
            command: what the user gave, to be shown on how to go on.
            force: start over in a folder of an experiment.
            new_code: go on although the program has changed.

        Returns:
            The plan, with the block size of the blocks that are there.

        Raises:
            FolderError: if the folder is not this experiment's, or cannot be written.
        """
        if force and self.path.is_dir() and any(self.path.iterdir()):
            self._clear()
        if not self.path.exists() or not any(_visible(self.path)):
            self._make(plan, command)
            return plan
        return self._go_on(plan, command, new_code)

    def _clear(self) -> None:
        held = self.manifest  # refuses what is no experiment
        del held
        with self.locked(), _told(self.path):
            (self.path / MANIFEST).unlink()
            for name in (BLOCKS, FAILURES):
                shutil.rmtree(self.path / name, ignore_errors=True)
            for path in (self.ledger.path, *(self.path / name for name in SUMMARIES)):
                path.unlink(missing_ok=True)

    def _make(self, plan: Plan, command: str) -> None:
        with _told(self.path):
            (self.path / BLOCKS).mkdir(parents=True, exist_ok=True)
        self.write_manifest(first_manifest(plan, command))

    def _go_on(self, plan: Plan, command: str, new_code: bool) -> Plan:
        manifest = self.manifest
        name = manifest.get("experiment", {}).get("name")
        if name != plan.loaded.experiment.name:
            raise FolderError(
                f"{self.path} holds the experiment '{name}', not "
                f"'{plan.loaded.experiment.name}'; give another folder with --out"
            )
        if manifest["fingerprint"] != plan.fingerprint:
            raise FolderError(
                f"the experiment or its case has changed since {self.path} was begun; give "
                f"another folder with --out, or --force to start over"
            )
        self._refuse_other_code(manifest, new_code)
        return replace(plan, block=int(manifest["plan"]["block"]))

    def _refuse_other_code(self, manifest: dict[str, Any], new_code: bool) -> None:
        now, then = versions(), manifest.get("versions", {})
        changed = [name for name in _DECISIVE if now.get(name) != then.get(name)]
        if not changed:
            return
        if not new_code:
            raise FolderError(
                f"the program has changed since {self.path} was begun ({', '.join(changed)}): "
                f"--new-code goes on with it, --force starts over"
            )
        mixed = [*manifest.get("earlier_versions", []), then]
        self.write_manifest({**manifest, "versions": now, "earlier_versions": mixed})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second program out of the folder; a kill opens it again.

        Raises:
            FolderError: if another program is at work in it.
        """
        with _told(self.path):
            file = (self.path / LOCK).open("ab")
        try:
            if not _lock(file.fileno()):
                raise FolderError(f"another program is at work in {self.path}")
            yield
        finally:
            file.close()

    # Writing.

    def keep(self, result: BlockResult) -> None:
        """Write a finished block, or the traceback of a failed one, and note it.

        Raises:
            FolderError: if the disk is full or cannot be written; what is there stays whole.
        """
        with _told(self.path):
            if result.error:
                write_whole(self.failure_path(result.number), result.error.encode())
            else:
                write_whole(self.block_path(result.number), result.table)
                self.failure_path(result.number).unlink(missing_ok=True)
            self.ledger.write(
                Entry(
                    block=result.number,
                    state="FAILED" if result.error else "SUCCEEDED",
                    members=result.members,
                    seconds=round(result.seconds, 3),
                    worker=result.worker,
                    error=_last_line(result.error),
                )
            )

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Replace the manifest at once.

        Raises:
            FolderError: if it cannot be written.
        """
        text = json.dumps(manifest, indent=2, ensure_ascii=False, default=str) + "\n"
        with _told(self.path):
            write_whole(self.path / MANIFEST, text.encode())

    # Reading.

    def done(self, plan: Plan) -> set[int]:
        """Blocks that are there and whole; a damaged one is computed again."""
        numbers = (_number_of(path) for path in (self.path / BLOCKS).glob("block-*.parquet"))
        return {n for n in numbers if 0 <= n < plan.blocks and self._is_whole(n)}

    def _is_whole(self, number: int) -> bool:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return bool(pq.read_metadata(self.block_path(number)).num_rows > 0)
        except (OSError, pa.ArrowException):
            return False


def first_manifest(plan: Plan, command: str) -> dict[str, Any]:
    """What an experiment writes down about itself before its first block."""
    experiment = plan.loaded.experiment
    first, last = plan.window
    return {
        "program": PROGRAM,
        "format": FORMAT,
        "kind": KIND,
        "title": experiment.title or experiment.question,
        "case": plan.groups[0].case.id,
        "seed": experiment.seed,
        "members": plan.members,
        "start": f"{first:%Y-%m}",
        "end": f"{last:%Y-%m}",
        "fingerprint": plan.fingerprint,
        "experiment": experiment.model_dump(mode="json"),
        "factors": plan.describe_factors(),
        "plan": plan.describe(),
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "state": "RUNNING",
    }


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there in full or not at all.

    Raises:
        OSError: if it cannot be written; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:  # also after Ctrl-C
        draft.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror or error}") from error


def _lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # a system without it goes without a lock
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _visible(path: Path) -> Iterator[Path]:
    return (inside for inside in path.iterdir() if not inside.name.startswith("."))


def _number_of(path: Path) -> int:
    digits = path.stem.removeprefix("block-")
    return int(digits) if digits.isdigit() else -1


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
