"""A file of JSON lines that only grows and survives a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class JsonLines:
    """Appends mappings to a file, one a line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, line: Mapping[str, Any]) -> None:
        """Append one line and see to it that it is on disk.

        Raises:
            OSError: if it cannot be written.
        """
        with self.path.open("ab") as file:
            # A kill may have cut the last line short: start on a new one.
            file.write(f"{self._break(file.tell())}{json.dumps(line)}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def _break(self, size: int) -> str:
        if size == 0:
            return ""
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All lines in order; one that a kill cut short is passed over."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict):
                    yield found
