"""Records declared outcomes month by month into arrays laid out before the run.

The model knows nothing of it: the runner steps, then records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.outcomes.axes import Axes
from sim.outcomes.dataset import build_dataset, months_of
from sim.outcomes.outcome import Outcome
from sim.outcomes.periods import Every, periods_in, reduce_months
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

    def __init__(self, axes: Axes, calendar: Calendar, arrays: Mapping[str, Floats]) -> None:
        self.axes, self.calendar, self.arrays = axes, calendar, arrays
        self._place = {outcome.name: axes.place(outcome) for outcome in axes.outcomes}

    @classmethod
    def of(
        cls, outcomes: Sequence[Outcome], case: Case, calendar: Calendar, members: int,
        dtype: npt.DTypeLike = np.float64,
    ) -> Recorder:  # fmt: skip
        """An empty recorder for a run of ``members``; what is never recorded stays NaN."""
        axes = Axes.of(outcomes, case)
        return cls(axes, calendar, empty_arrays(axes, calendar.months, members, dtype))

    def block(self, first: int, last: int) -> Recorder:
        """A recorder of members ``first`` to ``last`` (not included) on the same arrays."""
        views = {name: array[..., first:last] for name, array in self.arrays.items()}
        return Recorder(self.axes, self.calendar, views)

    def record(self, model: SupplyChain) -> None:
        """Store the month that ``model`` has just simulated."""
        self._store(model, self.arrays, model.month)

    def finish(self, model: SupplyChain) -> None:
        """Store what is known only at the end of the run: the months of events."""
        for outcome in self.axes.outcomes:
            if outcome.kind == "event":
                self.arrays[outcome.name][...] = self._read(outcome, model)

    def dataset(self) -> xr.Dataset:
        """Everything recorded, as a labelled dataset."""
        return build_dataset(self.axes, {"month": months_of(self.calendar)}, self.arrays)

    def _store(self, model: SupplyChain, arrays: Mapping[str, Floats], row: int) -> None:
        for outcome in self.axes.outcomes:
            if outcome.kind != "event":
                place = self._place[outcome.name]
                arrays[outcome.name][row][place] = self._read(outcome, model)

    def _read(self, outcome: Outcome, model: SupplyChain) -> Floats:
        value = outcome.read(model)
        own = *map(len, self.axes.own[outcome.name]), self.arrays[outcome.name].shape[-1]
        # A wrong shape would broadcast silently into every member or label.
        if np.shape(value) != own:
            raise ValueError(f"outcome {outcome.name} read shape {np.shape(value)}, not {own}")
        return value


class PeriodRecorder(Recorder):
    """Records whole periods instead of months, (periods, *dims, members).

    The months of a period are gathered and reduced when it is over: a block of an experiment
    needs no room for all months of all outcomes.

    Args:
        outcomes, case, calendar, members: as for :meth:`Recorder.of`.
        every: length of a period.
        first: index of the first month that counts.
    """

    def __init__(
        self, outcomes: Sequence[Outcome], case: Case, calendar: Calendar, members: int,
        every: Every, first: int = 0,
    ) -> None:  # fmt: skip
        axes, months = Axes.of(outcomes, case), months_of(calendar)
        self.periods = periods_in(months[first:], every)
        super().__init__(axes, calendar, empty_arrays(axes, len(self.periods), members))
        length = max((period.months for period in self.periods), default=0)
        self._gathered = empty_arrays(axes, length, members)
        self._row: dict[int, tuple[int, int]] = {}  # month -> period, month of the period
        for number, period in enumerate(self.periods):
            place = period.place(months)
            assert place is not None, "periods lie within the run"
            self._row |= {m: (number, k) for k, m in enumerate(range(place.start, place.stop))}

    def record(self, model: SupplyChain) -> None:
        """Store the month that ``model`` has just simulated; months of no period are left out."""
        if model.month not in self._row:
            return
        number, row = self._row[model.month]
        self._store(model, self._gathered, row)
        if row + 1 == self.periods[number].months:
            for outcome in self.axes.outcomes:
                if outcome.kind != "event":
                    months = self._gathered[outcome.name]
                    self.arrays[outcome.name][number] = reduce_months(months, outcome.kind)

    def dataset(self) -> xr.Dataset:
        """Everything recorded, by ``period`` in place of ``month``."""
        texts = np.array([period.text for period in self.periods], dtype=object)
        return build_dataset(self.axes, {"period": texts}, self.arrays)


def empty_arrays(
    axes: Axes, times: int, members: int, dtype: npt.DTypeLike = np.float64
) -> dict[str, Floats]:
    """An array full of NaN for each outcome."""
    shapes = {one.name: axes.shape(one, times, members) for one in axes.outcomes}
    return {name: np.full(shape, np.nan, dtype) for name, shape in shapes.items()}


def bytes_needed(
    outcomes: Sequence[Outcome], case: Case, months: int, members: int, itemsize: int = 8
) -> int:
    """Memory that the recorded outcomes of a run take [bytes]."""
    return Axes.of(outcomes, case).bytes_needed(months, members, itemsize)
