"""The ledger of an experiment's blocks: one line for each thing that happened, only appended.

The states have the names that Mesa gives to its runs. A block is done when its file is
there; the ledger tells when, how long it took, and what went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sim.runs.lines import JsonLines

State = Literal["SUCCEEDED", "FAILED", "ABORTED"]
LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    block: int
    state: State
    members: int
    seconds: float = 0.0
    worker: int = 0
    at: str = ""
    error: str = ""


class Ledger:
    """Appends to the ledger of one folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER
        self._lines = JsonLines(self.path)

    def write(self, entry: Entry) -> None:
        """Append one entry and see to it that it is on disk.

        Raises:
            OSError: if it cannot be written.
        """
        line = {**asdict(entry), "at": datetime.now(UTC).isoformat(timespec="seconds")}
        self._lines.append({key: value for key, value in line.items() if value != ""})

    def entries(self) -> Iterator[Entry]:
        """All entries in order; a line that a kill cut short is passed over."""
        for line in self._lines:
            with suppress(TypeError):
                yield Entry(**line)

    def last(self) -> dict[int, Entry]:
        """The last entry of each block."""
        return {entry.block: entry for entry in self.entries()}

    def failed(self) -> dict[int, Entry]:
        """Blocks whose last try failed."""
        return {n: entry for n, entry in self.last().items() if entry.state == "FAILED"}
