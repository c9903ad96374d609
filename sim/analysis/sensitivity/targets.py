"""What a sensitivity analysis explains: one number a point, and none of them missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.runs.columns import split_column
from sim.runs.experiment_results import ExperimentResults
from sim.runs.simulate import RunError
from sim.world.calendar import Array

POINT = "uncertainty_point"
SAME = 1e-9  # relative spread below which an outcome does not vary


@dataclass(frozen=True)
class Target:
    """One outcome in one period.

    Args:
        column: such as ``revenue|segment=total``.
        period: a year; empty for an event.
        values: mean over the replicates, (points,).
        never: share of the members in which an event does not happen; they count as the month
            after the run.
    """

    column: str
    period: str
    unit: str
    values: Array
    never: float = 0.0

    @property
    def outcome(self) -> str:
        """Name without labels."""
        return split_column(self.column)[0]

    @property
    def labels(self) -> str:
        """Labels, as ``segment=total``."""
        return split_column(self.column)[1]

    @property
    def varies(self) -> bool:
        """Whether there is anything to explain."""
        return float(np.ptp(self.values)) > SAME * max(float(np.abs(self.values).max()), SAME)


def targets_of(results: ExperimentResults) -> list[Target]:
    """Everything that an experiment over uncertainties kept, by period.

    Raises:
        RunError: if members are missing, or an outcome has no value in some of them: an index
            over part of a design means nothing.
    """
    _refuse_missing(results)
    return [one for column in results.columns for one in _by_period(results, column)]


def _refuse_missing(results: ExperimentResults) -> None:
    blocks = int(results.manifest["plan"]["blocks"])
    if results.complete:
        return
    there = len(list((results.folder.path / "blocks").glob("block-*.parquet")))
    failed = f"; {len(results.failed)} failed" if results.failed else ""
    raise RunError(
        f"{results.folder.path} has {there} of {blocks} blocks{failed}: a design with missing rows "
        f"gives no indices. The same command runs what is missing"
    )


def _by_period(results: ExperimentResults, column: str) -> Iterator[Target]:
    array = results.select(column).isel(scenario=0, lever_point=0)
    if results.is_event(column):
        yield _event(results, column, array)
        return
    for period in results.periods:
        values = np.asarray(array.sel(period=period).transpose(POINT, "replicate").values)
        if missing := int(np.isnan(values).any(axis=1).sum()):
            raise RunError(
                f"{column} has no value in {period} at {missing} of {len(values)} points, so no "
                f"share of its spread can be told: leave it out, or begin later"
            )
        yield Target(column, period, str(array.attrs["unit"]), values.mean(axis=1))


def _event(results: ExperimentResults, column: str, array: xr.DataArray) -> Target:
    months = np.asarray(array.transpose(POINT, "replicate").values)
    start, end = (np.datetime64(str(results.manifest[name])[:7], "M") for name in ("start", "end"))
    after = float((end - start).astype(int) + 1)
    never = np.isnan(months)
    values = np.where(never, after, months).mean(axis=1)
    return Target(column, "", "months", values, float(never.mean()))
