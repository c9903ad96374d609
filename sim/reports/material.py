"""Everything a report can draw on: what a run folder holds, and what of it cannot be read.

A report shows what is there. What is missing or damaged is said in a notice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from sim.case.errors import ConfigError
from sim.case.load import case_folder, fingerprint, load_case
from sim.case.schema import Case
from sim.documented.load import FOLDER, load_documented
from sim.documented.observation import Documented
from sim.documented.score import score
from sim.outcomes.dataset import OutcomeError, parse_labels
from sim.outcomes.folder import MANIFEST, FolderError, read_manifest
from sim.outcomes.results import Results
from sim.outcomes.store import ANNUAL
from sim.outcomes.summary import period_table
from sim.reports.series import members_of
from sim.reports.supply import Supply, supply_of
from sim.runs.experiment_folder import KIND as EXPERIMENT

SCORECARD = "scorecard.csv"


@dataclass
class Material:
    """A run and what belongs to it; parts that cannot be had are None or empty.

    Args:
        folder: run folder, or where a run would lie that is only in memory.
        manifest: what was run.
        results: the run, if its members can be read.
        notices: what is missing, in words for the reader.
    """

    folder: Path
    manifest: Mapping[str, Any]
    results: Results | None
    notices: list[str] = field(default_factory=list)

    @cached_property
    def case(self) -> Case | None:
        """The case that was run; None if it can no longer be loaded."""
        name = str(self.manifest.get("scenario") or self.manifest.get("case") or "")
        try:
            case = load_case(name, tuple(self.manifest.get("overrides") or ()))
        except (ConfigError, OSError) as error:
            self.notices.append(
                f"The case of this run cannot be loaded, so inputs and sources are missing: {error}"
            )
            return None
        self._compare(case)
        return case

    def _compare(self, case: Case) -> None:
        wanted = self.manifest.get("fingerprint")
        start, end = self.manifest.get("start"), self.manifest.get("end")
        span = (f"{case.calendar.start:%Y-%m}", f"{case.calendar.end:%Y-%m}")
        if wanted and (start, end) == span and fingerprint(case) != wanted:
            self.notices.append(
                "The inputs have changed since this run: the tables of inputs show them as they "
                "are now, not as they were run. Run again to bring them together."
            )

    @cached_property
    def documented(self) -> Documented | None:
        """Documented outcomes of the case; None if it has none."""
        for key in ("scenario", "case"):
            try:
                folder = case_folder(str(self.manifest.get(key) or ""))
                return load_documented(folder) if (folder / FOLDER).is_dir() else None
            except (ConfigError, OSError):
                continue
        return None

    @cached_property
    def points(self) -> pd.DataFrame | None:
        """Documented outcomes as a table."""
        return None if self.documented is None else self.documented.frame()

    @cached_property
    def annual(self) -> pd.DataFrame:
        """Yearly bands that the run folder holds: outcome, labels, period, q05 ... q95."""
        return self._table(ANNUAL)

    def bands(self, outcome: str, labels: str) -> pd.DataFrame:
        """Yearly bands of one outcome: period, q05 ... q95; empty if there are none."""
        if self.results is None:
            rows = self.annual
            if rows.empty:
                return rows
            return rows[(rows["outcome"] == outcome) & (rows["labels"].fillna("") == labels)]
        try:
            values = members_of(self.results, outcome, parse_labels(labels))
        except OutcomeError:
            return pd.DataFrame()
        return period_table(xr.Dataset({outcome: values}))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Months of events: outcome, labels, q05 ... q95, share."""
        return pd.DataFrame() if self.results is None else self.results.events()

    @cached_property
    def card(self) -> pd.DataFrame | None:
        """The scorecard; None where there is nothing to compare with."""
        if self.results is not None and self.documented is not None:
            return score(self.results, self.documented)
        table = self._table(SCORECARD)
        return None if table.empty else table

    @cached_property
    def supply(self) -> Supply | None:
        """Chips by year, maker and origin."""
        return None if self.results is None else supply_of(self.results, self.case)

    @property
    def title(self) -> str:
        """What was run, in words."""
        return str(self.manifest.get("title") or self.manifest.get("case") or self.folder.name)

    @property
    def firm(self) -> str:
        """Name of the focal firm."""
        if self.case is None:
            return "the firm"
        return self.case.actors[self.case.focal].label

    def _table(self, name: str) -> pd.DataFrame:
        path = self.folder / name
        try:
            return pd.read_csv(path, keep_default_na=False, na_values=["", "nan"])
        except FileNotFoundError:
            return pd.DataFrame()
        except (OSError, ValueError) as error:
            self.notices.append(f"{name} cannot be read: {error}")
            return pd.DataFrame()


def material_of(results: Results, folder: str | Path = "out/run") -> Material:
    """A run in memory as material of a report."""
    return Material(Path(folder), results.manifest, results)


def open_material(folder: str | Path) -> Material:
    """A run folder as material; damage is noted, not raised.

    Raises:
        FolderError: if it holds neither a manifest nor a table of this program.
    """
    path = Path(folder)
    try:
        results = Results.open(path)
    except FolderError as error:
        return _remains(path, error)
    try:
        results.dataset  # noqa: B018 - read here, so that damage shows now
    except FolderError as error:
        notices = [f"The members of this run are missing: {error}. Figures need them."]
        return Material(path, results.manifest, None, notices)
    return Material(path, results.manifest, results)


def _remains(path: Path, error: FolderError) -> Material:
    """What is left of a folder that is damaged or newer than this code."""
    manifest = loose_manifest(path)
    material = Material(path, manifest, None, [f"{error}. This report shows what can be read."])
    if not manifest.get("case") and material.annual.empty and material.card is None:
        raise error
    return material


def loose_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a folder, of any version; nothing if it cannot be read."""
    try:
        read = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def is_experiment(folder: str | Path) -> bool:
    """Whether a folder holds an experiment, as far as its manifest tells."""
    try:
        return read_manifest(folder).get("kind") == EXPERIMENT
    except FolderError:
        return False
