"""A tree that remembers where it was read from."""

from __future__ import annotations

from pathlib import Path

from pydantic import PrivateAttr

from sim.world.inputs import Frozen


class Located(Frozen):
    """A tree that knows the folder it was read from; the folder is no part of its content."""

    _folder: Path | None = PrivateAttr(None)

    @property
    def folder(self) -> Path | None:
        """Folder of the case below all scenarios and overrides; None if it was made in code."""
        return self._folder

    def lies_in(self, folder: Path | None) -> None:
        """Note the folder."""
        self._folder = folder
