"""The results of a run: labelled arrays, tidy tables, comparison, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes import summary
from sim.outcomes.dataset import select
from sim.outcomes.periods import Every, by_period
from sim.outcomes.summary import PROBS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class Results:
    """What an ensemble gave: every outcome by month and member, and what was run.

    Args:
        dataset: dims month and member beside the labels; or a function that reads it when
            it is first asked for.
        manifest: what was run: case, overrides, seed, members, start, end, versions ...
    """

    def __init__(
        self, dataset: xr.Dataset | Callable[[], xr.Dataset], manifest: Mapping[str, Any]
    ) -> None:
        self._source = dataset
        self.manifest = dict(manifest)

    @cached_property
    def dataset(self) -> xr.Dataset:
        """All outcomes, with unit, label and kind of each in its ``attrs``."""
        return self._source() if callable(self._source) else self._source

    @property
    def start(self) -> str:
        """First month, as ``2018-01``."""
        return str(self.manifest["start"])[:7]

    def select(self, outcome: str, labels: str = "", **by: str) -> xr.DataArray:
        """One outcome by month and member: ``select("revenue", segment="total")``.

        Raises:
            OutcomeError: if there is no such outcome or label.
        """
        return select(self.dataset, outcome, by or labels)

    def quantiles(self, probs: Sequence[float] = PROBS) -> pd.DataFrame:
        """Bands over members by month: outcome, labels, month, q05 ... q95."""
        return summary.monthly_table(self.dataset, probs)

    def annual(self, probs: Sequence[float] = PROBS, every: Every = "year") -> pd.DataFrame:
        """Bands by complete year (or half, quarter): outcome, labels, period, q05 ... q95.

        A year that the run covers only in part is left out.
        """
        return summary.period_table(self.dataset, probs, every)

    def annual_members(
        self, outcome: str, every: Every = "year", **labels: str
    ) -> xr.DataArray:  # fmt: skip
        """One outcome by complete period and member, (period, member).

        Raises:
            OutcomeError: if there is no such outcome or label, or it is an event.
        """
        return by_period(self.select(outcome, **labels), every)

    def events(self, probs: Sequence[float] = PROBS) -> pd.DataFrame:
        """Events: outcome, month by which 5 %, 25 % ... of members saw it, share that did.

        None means that fewer members than that see it within the run.
        """
        return summary.event_table(self.dataset, self.start, probs)

    def compare(self, other: Results) -> pd.DataFrame:
        """What ``other`` changes against this run, year by year.

        Runs of the same seed and number of members share their luck, and the bands are of
        the differences member by member. Otherwise only the medians are set side by side.

        Returns:
            outcome, labels, period ('' for events, in months), median, other_median, and
            quantiles of other - self.
        """
        return summary.difference_table(self.dataset, other.dataset, self.paired(other))

    def paired(self, other: Results) -> bool:
        """Whether member i has the same luck in both runs."""
        mine, theirs = (
            (run.manifest.get("seed"), run.manifest.get("members")) for run in (self, other)
        )
        return mine == theirs and None not in mine

    def to_frame(self) -> pd.DataFrame:
        """One row a member and month, one column an outcome (``revenue|segment=total``).

        A month is the date of its first day; an event repeats its value, in months since
        the start of the run, on every row of the member.
        """
        from sim.outcomes.store import members_table

        return members_table(self.dataset).to_pandas()

    def to_csv(self, path: str | Path) -> None:
        """Write :meth:`to_frame` as CSV."""
        self.to_frame().to_csv(path, index=False, date_format="%Y-%m")

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write manifest, members and tables to a new folder, all or nothing.

        Raises:
            FolderError: if the folder exists (``force`` replaces an earlier run) or cannot
                be written.
        """
        from sim.outcomes.folder import new_folder
        from sim.outcomes.store import write_run

        with new_folder(folder, force) as draft:
            write_run(self, draft)
        return Path(folder)

    @classmethod
    def open(cls, folder: str | Path) -> Results:
        """Read a run folder; the members are read when they are first needed.

        Raises:
            FolderError: if it is not a run folder, is damaged, or is newer than this code.
        """
        from sim.outcomes.folder import read_manifest
        from sim.outcomes.store import read_members

        manifest = read_manifest(folder)
        return cls(lambda: read_members(Path(folder)), manifest)

    def __repr__(self) -> str:
        known = self.manifest.get
        return (
            f"<Results of {known('case', '?')}: {known('members', '?')} members, "
            f"{known('start', '?')} to {known('end', '?')}, seed {known('seed', '?')}>"
        )
