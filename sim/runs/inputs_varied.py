"""In which inputs of a case members may differ, and what an input is without a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from sim.case.schema import Case
from sim.policy.measures import Context, MonitoredSettlement, quantities
from sim.policy.steps import SHARES, Step
from sim.policy.timing import NEVER, VARIABLE
from sim.runs.inputs import inputs_of
from sim.world.calendar import Array
from sim.world.ensemble import Ensemble, triangular
from sim.world.inputs import Quantity, Series, is_share

Kind = Literal["number", "series", "switch", "flag", "date", "days"]
DATES = ("announced", "effective", "ended")

# Written down for readers, not read by any agent: a lever on them would do nothing.
UNREAD = frozenset({"components.part_types"})
UNREAD_OF_MEASURES = frozenset({"penalty"})


@dataclass(frozen=True)
class Varied:
    """One input in which members may differ.

    Args:
        path: dotted name.
        kind: number (a quantity), series (a factor on a path over years), switch (0 to 1),
            flag (on or off), date (ordinal), days (whole days).
        held: what the case holds: a quantity, a series, or a plain number; None if nothing.
        low, high: bounds that a level must respect.
    """

    path: str
    kind: Kind
    held: Quantity | Series | float | None
    low: float = -np.inf
    high: float = np.inf

    def usual(self, ensemble: Ensemble) -> Array:
        """What each member has without a change, (members,).

        Raises:
            ValueError: if the case does not give the input.
        """
        if isinstance(self.held, Quantity):
            return ensemble.value(self.path, self.held)
        if isinstance(self.held, Series):
            return _series_scale(self.path, self.held, ensemble)
        if self.held is None:
            raise ValueError(f"the case gives no {self.path}")
        return np.full(ensemble.members, self.held)


def _series_scale(path: str, series: Series, ensemble: Ensemble) -> Array:
    """The factor that each member draws on a whole path, (members,)."""
    if series.spread <= 0:
        return np.ones(ensemble.members)
    luck = ensemble.uniform(f"input:{path}")[0]
    return triangular(luck, 1 - series.spread, 1.0, 1 + series.spread)


def varied_inputs(case: Case) -> dict[str, Varied]:
    """Every input in which members may differ, by dotted name."""
    found = [*_numbers(case), *_switches(case), *_of_measures(case.measures)]
    return {one.path: one for one in found}


def _numbers(case: Case) -> Iterator[Varied]:
    for one in inputs_of(case):
        if one.path not in UNREAD and not one.path.startswith("measures."):
            if isinstance(one.number, Quantity):
                yield Varied(one.path, "number", one.number, *_limits(one.number))
            else:
                yield Varied(one.path, "series", one.number)


def _switches(case: Case) -> Iterator[Varied]:
    for name, value in case.mechanisms:
        yield Varied(f"mechanisms.{name}", "switch", float(value), 0.0, 1.0)
    yield Varied("regime.enabled", "flag", float(case.regime.enabled), 0.0, 1.0)


def _of_measures(measures: Mapping[str, Step]) -> Iterator[Varied]:
    for key, step in measures.items():
        if isinstance(step, Context):
            continue  # drawn on the timeline only
        for name, quantity in quantities(step):
            if name not in UNREAD_OF_MEASURES:
                limits = _bounds(name) if name in SHARES else _limits(quantity)
                yield Varied(f"measures.{key}.{name}", "number", quantity, *limits)
        for name in VARIABLE:
            if name in type(step).model_fields and not isinstance(getattr(step, name), Quantity):
                yield from _plain(key, step, name)


def _plain(key: str, step: Step, name: str) -> Iterator[Varied]:
    path, held = f"measures.{key}.{name}", getattr(step, name)
    if name in DATES:
        # What answers an act has no dates of its own: a lever on them would do nothing.
        if step.trigger is None:
            day = step.known if name == "announced" else held
            yield Varied(path, "date", _ordinal(day), 1.0)
    elif name == "enabled":
        # Whether a settlement is on offer at all is read once for all members.
        if not (isinstance(step, MonitoredSettlement) and step.trigger):
            yield Varied(path, "flag", float(held), 0.0, 1.0)
    elif name == "grace_days":
        yield Varied(path, "days", float(held), 0.0)
    else:
        yield Varied(path, "number", None if held is None else float(held), *_bounds(name))


def _limits(quantity: Quantity) -> tuple[float, float]:
    """What a case may hold there: nothing negative, and of a share not more than the whole."""
    return 0.0, 1.0 if is_share(quantity.unit) else np.inf


def _bounds(name: str) -> tuple[float, float]:
    return (0.0, 1.0) if name in SHARES else (-np.inf, np.inf)


def _ordinal(day: date | None) -> float:
    return NEVER if day is None else float(day.toordinal())
