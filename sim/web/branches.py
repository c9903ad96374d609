"""Runs that go on from a month which they share with an earlier run.

Most levers move measures. Until the first day on which anybody can know of such a change,
the run is the one without it, month by month and member by member. So a *trunk*, the run
without moved measures, leaves its model behind in some months, and a *branch* starts from
the last of them before the change, under its own law.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import xarray as xr

from sim.agents.law import Law
from sim.case.schema import Case
from sim.model import SupplyChain
from sim.outcomes.outcome import Outcome
from sim.outcomes.results import Results
from sim.policy.measures import MonitoredSettlement
from sim.policy.steps import Step
from sim.runs.simulate import simulate
from sim.world.ensemble import Ensemble

KEPT = 2  # trunks in memory, some 200 MB each at most
MOST_MEMBERS = 256  # of a trunk
WORTH = 12  # months that a branch must save
Tell = Callable[[int, int], None]


@dataclass
class Trunk:
    """A run and its model in some months: ``models[m]`` is about to step month m."""

    case: Case
    models: dict[int, SupplyChain] = field(default_factory=dict)
    dataset: xr.Dataset | None = None


@dataclass(frozen=True)
class Order:
    """A run as :func:`simulate` takes it."""

    case: Case
    members: int
    seed: int
    outcomes: Sequence[Outcome]
    tell: Tell


class Branches:
    """The last trunks, by name."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._trunks: OrderedDict[str, Trunk] = OrderedDict()

    def trunk(self, name: str) -> Trunk | None:
        """A trunk that has been laid."""
        return self._trunks.get(name)

    def lay(self, name: str, order: Order, months: Sequence[int]) -> Results:
        """Run a trunk and keep its model before each of ``months``."""
        trunk, running = Trunk(order.case), list[SupplyChain]()

        def make(case: Case, *, ensemble: Ensemble) -> SupplyChain:
            running.append(SupplyChain(case, ensemble=ensemble))
            return running[-1]

        def tell(done: int, total: int) -> None:
            order.tell(done, total)
            if (month := running[-1].month + 1) in months:
                trunk.models[month] = copy.deepcopy(running[-1], _shared(running[-1]))

        results = run(replace(order, tell=tell), make)
        trunk.dataset = results.dataset
        self._trunks[name] = trunk
        while len(self._trunks) > self._kept:
            self._trunks.popitem(last=False)
        return results

    def branch(self, name: str, order: Order, keys: set[str]) -> Results | None:
        """Run a case that differs from a trunk in measures only.

        Args:
            name: of the trunk.
            order: the run.
            keys: the measures that differ.

        Returns:
            None if there is no trunk, or nothing worth sharing with it.
        """
        trunk = self._trunks.get(name)
        model = None if trunk is None else _last_before(trunk, order.case, keys)
        if trunk is None or model is None:
            return None
        self._trunks.move_to_end(name)
        began: list[int] = []

        def make(case: Case, *, ensemble: Ensemble) -> SupplyChain:
            same = _same_members(model.ensemble, ensemble, keys)
            made = go_on(model, case, ensemble) if same else SupplyChain(case, ensemble=ensemble)
            began.append(made.month + 1)
            return made

        results = run(order, make)
        _fill(results.dataset, trunk.dataset, began[0])
        return results


def run(order: Order, make: Callable[..., SupplyChain] | None = None) -> Results:
    """Run an order from its first month."""
    return simulate(
        order.case,
        order.members,
        order.seed,
        outcomes=order.outcomes,
        progress=order.tell,
        model=make,
        dtype=np.float32,
    )


def go_on(model: SupplyChain, case: Case, ensemble: Ensemble) -> SupplyChain:
    """A copy of a model under the measures of another case, with the acts so far answered."""
    inputs = copy.copy(model.inputs)
    inputs.case, inputs.ensemble = case, ensemble
    law = Law(inputs)
    for event, month, happened in model.law.acts:
        law.report(event, month, happened)
    replaced: list[tuple[object, object]] = [
        (model.case, case),
        (model.ensemble, ensemble),
        (model.inputs, inputs),
        (model.law, law),
    ]
    return copy.deepcopy(model, _shared(model) | {id(old): new for old, new in replaced})


def _shared(model: SupplyChain) -> dict[int, Any]:
    """What copies of a model may share because nobody changes it, as a memo of deepcopy."""
    parts = (model.inputs, model.case, model.ensemble, model.calendar, model.layout,
             model.behaviour, model.switches)  # fmt: skip
    actors = (agent.actor for agent in model.agents)  # pieces of the case, as are these:
    specs = (foundry.spec for foundry in model.home_foundries)
    return {id(part): part for part in (*parts, *actors, *specs)}


def first_month(case: Case, keys: Iterable[str], other: Case | None = None) -> int | None:
    """Month of the first day on which anybody can know of measures, counted from the start.

    Args:
        case: a case.
        keys: its measures.
        other: a case in which they differ; the first day in either of the two counts.

    Returns:
        None if no day can be told, because a measure answers an act or has no day.
    """
    steps = [one.measures[key] for key in keys for one in (case, other or case)]
    if any(step.trigger is not None or isinstance(step, MonitoredSettlement) for step in steps):
        return None
    days = [day for step in steps for day in _days(step)]
    if not days:
        return None
    first, start = min(days), case.calendar.start
    return 12 * (first.year - start.year) + first.month - start.month


def _days(step: Step) -> list[date]:
    found = (step.known, step.announced, step.effective, step.ended)
    return [day for day in found if day is not None]


def _last_before(trunk: Trunk, case: Case, keys: set[str]) -> SupplyChain | None:
    month = first_month(trunk.case, keys, case)
    there = [] if month is None else [m for m in trunk.models if WORTH <= m <= month]
    return trunk.models[max(there)] if there else None


def _same_members(one: Ensemble, other: Ensemble, keys: set[str]) -> bool:
    """Whether members differ at most in measures that differ anyway."""
    if one.seed != other.seed or not np.array_equal(one.replicates, other.replicates):
        return False
    own = tuple(f"measures.{key}." for key in keys)
    mine, theirs = (
        {path: value for path, value in e.values.items() if not path.startswith(own)}
        for e in (one, other)
    )
    return mine.keys() == theirs.keys() and all(
        np.array_equal(value, theirs[path]) for path, value in mine.items()
    )


def _fill(dataset: xr.Dataset, trunk: xr.Dataset | None, months: int) -> None:
    """Months before a branch are those of its trunk."""
    assert trunk is not None
    for name, array in dataset.data_vars.items():
        if "month" in array.dims and months:
            array.values[:months] = trunk[name].values[:months]
