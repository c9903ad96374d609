"""The regimes that a search has tried, kept as it goes on: a second start tries none again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.folder import FolderError
from sim.runs.lines import JsonLines
from sim.runs.manifest import code_hash
from sim.runs.plan import Plan
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.analysis.policy_search import Regime

Levels = tuple[float, ...]


@dataclass(frozen=True)
class SearchLedger:
    """A file beside the folder of a search: what was searched, then a line a regime.

    The optimiser asks the same again with the same seed, so the regimes of an earlier start
    answer at once.
    """

    path: Path

    @classmethod
    def beside(cls, folder: Path) -> SearchLedger:
        """The ledger of the search that will be written to a folder."""
        return cls(folder.parent / f"{folder.name}.tried.jsonl")

    def tried(self, plan: Plan) -> dict[Levels, Array]:
        """Bands (3, aims) by levels, of the regimes of an earlier start; none if there was none.

        Raises:
            FolderError: if it was another search, or the program has changed since.
        """
        head, *lines = list(JsonLines(self.path)) or [subject(plan)]
        if changed := [name for name, now in subject(plan).items() if head.get(name) != now]:
            raise FolderError(
                f"{self.path} belongs to another search (changed: {', '.join(changed)}); "
                f"--force starts over, --out names another folder"
            )
        return {tuple(map(float, line["levels"])): np.array(line["bands"]) for line in lines}

    def add(self, plan: Plan, regimes: Iterable[Regime]) -> None:
        """Keep regimes that were just tried.

        Raises:
            FolderError: if the file cannot be written.
        """
        lines = JsonLines(self.path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                lines.append(subject(plan))
            for regime in regimes:
                lines.append({"levels": regime.levels, "bands": regime.bands.tolist()})
        except OSError as error:
            raise FolderError(f"cannot write {self.path}: {error.strerror}") from error

    def forget(self) -> None:
        """Start over, or be done."""
        self.path.unlink(missing_ok=True)


def subject(plan: Plan) -> dict[str, Any]:
    """What decides how a regime does: experiment and case, aims, program."""
    search = plan.loaded.experiment.search
    aims = [aim.model_dump(mode="json") for aim in search.aims] if search else []
    return {"experiment": plan.fingerprint, "aims": aims, "program": code_hash()}
