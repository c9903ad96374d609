"""Bring a run to the shape of each documented value: same outcome, same labels, same months."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.documented.observation import OF, Documented, Observation
from sim.documented.span import Span
from sim.world.calendar import Array

if TYPE_CHECKING:
    import xarray as xr

LAST_DELIVERY = "last_foundry_delivery"
DERIVED = {LAST_DELIVERY: "foundry_sales"}
"""Documented outcomes read off another outcome of the run."""

RESIDUE = 0.01  # of the best month: a trickle of samples is no delivery


class Simulated(Protocol):
    """What is asked of the results of a run."""

    @property
    def dataset(self) -> xr.Dataset:
        """Outcomes by month and member."""

    @property
    def start(self) -> str:
        """First month, as ``2018-01``."""

    def select(self, outcome: str, labels: str = "") -> xr.DataArray:
        """One outcome, (month, member), or (member,) for an event.

        Raises:
            LookupError: if there is no such outcome or label.
        """


@dataclass(frozen=True)
class Aligned:
    """A documented value beside the simulated ones."""

    observation: Observation
    members: Array | None
    """(members,), in the value's unit; events as month numbers, NaN for never. None: the run
    has no such outcome."""


def align(results: Simulated, documented: Documented) -> list[Aligned]:
    """Each documented value whose months the run covers, with the value of every member.

    A flow is summed over the months, a stock is that of the last month, a share the mean.
    """
    run = run_span(results)
    return [
        Aligned(one, member_values(results, one, run)) for one in documented if one.span.within(run)
    ]


def run_span(results: Simulated) -> Span:
    """First and last month of a run."""
    first = Span.parse(results.start[:7]).first
    return Span(first, first + int(results.dataset.sizes["month"]) - 1)


def member_values(results: Simulated, observation: Observation, run: Span) -> Array | None:
    """Value of every member, (members,); None if the run lacks the outcome or its labels."""
    try:
        if observation.outcome in DERIVED:
            return _last_delivery(results, observation, run)
        if observation.is_event:
            return _event(results.select(observation.outcome, observation.labels), run)
        return _defined(_over_span(results, observation, run))
    except LookupError:
        return None


def _over_span(results: Simulated, observation: Observation, run: Span) -> Array:
    if OF not in observation.by_label:
        array = results.select(observation.outcome, observation.labels)
        return _reduce(_months(array, observation.span, run), str(array.attrs["kind"]))
    part, whole = (
        _reduce(_months(results.select(observation.outcome, labels), observation.span, run), "flow")
        for labels in ratio_labels(observation)
    )
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0.0)


def ratio_labels(observation: Observation) -> tuple[str, str]:
    """Labels of the part and of the whole: ``stage=granted;of=applied`` names both."""
    (key, part), *others = [item for item in observation.by_label.items() if item[0] != OF]
    if others:
        raise ValueError(f"a ratio has one label beside 'of', not {observation.labels}")
    return f"{key}={part}", f"{key}={observation.by_label[OF]}"


def _months(array: xr.DataArray, span: Span, run: Span) -> Array:
    """The months of a span, (months, members)."""
    inside = slice(span.first - run.first, span.last - run.first + 1)
    values = array.transpose("month", "member").isel(month=inside).values
    return np.asarray(values, dtype=np.float64)


def _reduce(values: Array, kind: str) -> Array:
    if kind == "stock":
        return np.asarray(values[-1])
    if kind == "flow":
        return np.asarray(values.sum(axis=0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no month defined: NaN is meant
        return np.asarray(np.nanmean(values, axis=0))


def _defined(values: Array) -> Array | None:
    """None where no member has a value: the labels do not exist together."""
    return None if np.isnan(values).all() else values


def _event(array: xr.DataArray, run: Span) -> Array:
    """Months since the start become month numbers."""
    return run.first + np.floor(np.asarray(array.values, dtype=np.float64))


def _last_delivery(results: Simulated, observation: Observation, run: Span) -> Array:
    """Last month with sales; NaN for a member that has none, or has them to the end."""
    sales = _months(results.select(DERIVED[LAST_DELIVERY], observation.labels), run, run)
    delivered = sales > RESIDUE * sales.max(axis=0)
    last = len(sales) - 1 - np.argmax(delivered[::-1], axis=0)
    ended = delivered.any(axis=0) & (last < len(sales) - 1)
    return np.where(ended, run.first + last, np.nan)
