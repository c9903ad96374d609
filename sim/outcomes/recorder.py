"""Records declared outcomes month by month into arrays laid out before the run.

The model knows nothing of it: the runner steps, then records.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.outcomes.dataset import Labels, build_dataset
from sim.outcomes.outcome import Outcome
from sim.world.calendar import Calendar

if TYPE_CHECKING:
    import xarray as xr

    from sim.case.schema import Case
    from sim.model import SupplyChain

Floats = npt.NDArray[np.floating]


class Recorder:
    """Arrays of all outcomes of a run, (months, *dims, members); events (members,).

    Blocks of the ensemble write into views of the same arrays (:meth:`block`), so a run of
    many blocks holds its results once.
    """

    def __init__(
        self, outcomes: Sequence[Outcome], labels: Mapping[str, Labels],
        calendar: Calendar, arrays: Mapping[str, Floats],
    ) -> None:  # fmt: skip
        self.outcomes = tuple(outcomes)
        self.labels = labels
        self.calendar = calendar
        self.arrays = arrays

    @classmethod
    def of(
        cls, outcomes: Sequence[Outcome], case: Case, calendar: Calendar, members: int,
        dtype: npt.DTypeLike = np.float64,
    ) -> Recorder:  # fmt: skip
        """An empty recorder for a run of ``members``; what is never recorded stays NaN."""
        labels = {outcome.name: outcome.coords(case) for outcome in outcomes}
        arrays = {
            outcome.name: np.full(
                _shape(outcome, labels[outcome.name], calendar.months, members), np.nan, dtype
            )
            for outcome in outcomes
        }
        return cls(outcomes, labels, calendar, arrays)

    def block(self, first: int, last: int) -> Recorder:
        """A recorder of members ``first`` to ``last`` (not included) on the same arrays."""
        views = {name: array[..., first:last] for name, array in self.arrays.items()}
        return Recorder(self.outcomes, self.labels, self.calendar, views)

    def record(self, model: SupplyChain) -> None:
        """Store the month that ``model`` has just simulated."""
        for outcome in self.outcomes:
            if outcome.kind != "event":
                self._write(outcome, self.arrays[outcome.name][model.month], model)

    def finish(self, model: SupplyChain) -> None:
        """Store what is known only at the end of the run: the months of events."""
        for outcome in self.outcomes:
            if outcome.kind == "event":
                self._write(outcome, self.arrays[outcome.name], model)

    def dataset(self) -> xr.Dataset:
        """Everything recorded, as a labelled dataset."""
        return build_dataset(self.outcomes, self.labels, self.calendar, self.arrays)

    @staticmethod
    def _write(outcome: Outcome, target: Floats, model: SupplyChain) -> None:
        value = outcome.read(model)
        # A wrong shape would broadcast silently into every member or label.
        if np.shape(value) != target.shape:
            raise ValueError(
                f"outcome {outcome.name} read shape {np.shape(value)}, not {target.shape}"
            )
        target[...] = value


def bytes_needed(
    outcomes: Sequence[Outcome], case: Case, months: int, members: int, itemsize: int = 8
) -> int:
    """Memory that the recorded outcomes of a run take [bytes]."""
    shapes = (_shape(outcome, outcome.coords(case), months, members) for outcome in outcomes)
    return itemsize * sum(math.prod(shape) for shape in shapes)


def _shape(outcome: Outcome, labels: Labels, months: int, members: int) -> tuple[int, ...]:
    if len(labels) != len(outcome.dims):
        raise ValueError(
            f"outcome {outcome.name} has dimensions {outcome.dims} but {len(labels)} label lists"
        )
    if outcome.kind == "event":
        return (members,)
    return (months, *(len(names) for names in labels), members)
