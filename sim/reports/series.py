"""What a figure reads from a run: members of one outcome, totals of periods, quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.outcomes.dataset import TOTAL, OutcomeError, own_labels, select
from sim.outcomes.periods import Every, periods_in, reduce_months
from sim.outcomes.summary import PROBS, member_quantiles

Array = npt.NDArray[np.float64]
Months = npt.NDArray[np.datetime64]
MONTH = np.timedelta64(1, "M")


class Run(Protocol):
    """The part of a results object that figures need."""

    @property
    def dataset(self) -> xr.Dataset:
        """Outcomes with dims month, member and labels."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What was run: case, seed, members, timeline ..."""


def members_of(run: Run, outcome: str, labels: Mapping[str, str]) -> xr.DataArray:
    """One outcome, dims (month, member) or, for an event, (member,).

    Raises:
        OutcomeError: if the outcome or one of its labels is not in the run.
    """
    return select(run.dataset, outcome, labels)


def labels_of(run: Run, outcome: str, dim: str) -> list[str]:
    """Labels of an outcome along ``dim``, without ``total`` and without those never defined.

    Raises:
        OutcomeError: if no variable of the outcome is split by ``dim``.
    """
    for name, variable in run.dataset.variables.items():
        if outcome in (name, variable.attrs.get("csv_name", name)) and dim in variable.dims:
            array = run.dataset[name]
            names = [name for name in own_labels(array)[dim] if name != TOTAL]
            return [name for name in names if bool(array.sel({dim: name}).notnull().any())]
    raise OutcomeError(f"there is no outcome '{outcome}' by {dim}")


def kind_of(values: xr.DataArray) -> str:
    """``flow`` (summed), ``stock`` (last month) or ``share`` (mean); a flow if unsaid."""
    return str(values.attrs.get("kind", "flow"))


def unit_of(values: xr.DataArray) -> str:
    """Unit as the outcome declares it, or nothing."""
    return str(values.attrs.get("unit", ""))


def months_of(run: Run) -> Months:
    """First days of the run's months, to the month, (months,)."""
    return np.asarray(run.dataset["month"].values).astype("datetime64[M]")


def numbers_of(values: xr.DataArray) -> Array:
    """The values as an array, (months, members)."""
    return np.asarray(values.transpose("month", "member").values, dtype=np.float64)


def flow_by(
    months: Months, values: Array, every: Every, kind: str = "flow"
) -> tuple[Months, Array]:
    """Sums of a flow (or means of a share) over the complete years or quarters of a run.

    Args:
        months: first days of the months, (months,).
        values: a flow or share, (months, members).
        every: ``year`` or ``quarter``.
        kind: kind of the outcome.

    Returns:
        First months of the periods, then of the period after the last, (periods + 1,); and
        the values, (periods, members). Both empty if no period is complete.
    """
    periods = periods_in(months, every)
    if not periods:
        return months[:0], values[:0]
    sums = [reduce_months(values[period.place(months)], kind) for period in periods]
    last = periods[-1]
    firsts = [period.first for period in periods] + [last.first + last.months * MONTH]
    return np.array(firsts, dtype="datetime64[M]"), np.array(sums, dtype=np.float64)


def quantiles(values: Array) -> Array:
    """5, 25, 50, 75 and 95 % quantiles over members, (5, times); NaN members are left out."""
    return np.asarray(member_quantiles(values, PROBS), dtype=np.float64)
