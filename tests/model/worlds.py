"""Worlds to test the model in: many variants in one run, and a world in which nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np

from sim.case.load import load_case
from sim.case.schema import Case
from sim.model import SupplyChain
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.recorder import Recorder
from sim.runs.simulate import run_block
from sim.world.calendar import Array, Calendar
from sim.world.ensemble import Ensemble
from sim.world.inputs import Frozen, Series

Values = Mapping[str, float]


@cache
def huawei() -> Case:
    return load_case("huawei")


def switches(case: Case) -> list[str]:
    """Paths of all mechanism switches."""
    return [f"mechanisms.{name}" for name in type(case.mechanisms).model_fields]


class Variants:
    """The same members under several sets of values, run together on common luck.

    Args:
        variants: name -> dotted path -> value; a path that a variant leaves out keeps ``usual``.
        usual: dotted path -> value of everybody else, for each path that any variant sets.
    """

    def __init__(
        self, variants: Mapping[str, Values], usual: Values, members: int, end: date,
        outcomes: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.members, self.names = members, list(variants)
        case, total = huawei(), members * len(variants)
        replicates = np.tile(np.arange(members), len(variants))
        values = {
            path: np.repeat([float(one.get(path, value)) for one in variants.values()], members)
            for path, value in usual.items()
        }
        self.model = SupplyChain(case, ensemble=Ensemble(1, replicates, values), end=end)
        declared = [outcome for outcome in OUTCOMES if outcome.name in outcomes]
        calendar = Calendar(case.calendar.start, end)
        recorder = Recorder.of(declared, case, calendar, total)
        run_block(self.model, recorder)
        self.dataset = recorder.dataset()

    def sum(self, outcome: str, first: str, last: str, **labels: str) -> dict[str, Array]:
        """Sum of an outcome over months and labels not named, by variant, (members,)."""
        chosen = self.dataset[outcome].sel(month=slice(first, last), **labels)
        return self._split(chosen.sum([dim for dim in chosen.dims if dim != "member"]).values)

    def event(self, outcome: str) -> dict[str, Array]:
        """Month of an event by variant, (members,); NaN where it never happened."""
        return self._split(self.dataset[outcome].values)

    def _split(self, values: Array) -> dict[str, Array]:
        rows = values.reshape(len(self.names), self.members)
        return dict(zip(self.names, rows, strict=True))


def steady(case: Case) -> Case:
    """The case without measures, growth, seasons or new nodes; shares are where they belong."""
    lines = {
        name: line.model_copy(update={"potential_share": line.initial_share})
        for name, line in case.lines.items()
    }
    markets = {
        name: market.model_copy(update={"seasonality": (1.0,) * 12})
        for name, market in case.markets.items()
    }
    before = case.initial.model_copy(update={"earlier_revenue": case.initial.revenue})
    changes = {
        "lines": lines, "markets": markets, "measures": {}, "frontier": case.frontier[:1],
        "initial": before,
    }  # fmt: skip
    return _flat(case.model_copy(update=changes))


def steady_values(case: Case, ensemble: Ensemble) -> dict[str, Array]:
    """Values under which every member of a steady case has no reason to move."""
    calm = (
        "behaviour.demand.growth_noise",
        "behaviour.demand.security_drift",
        "behaviour.research.growth",
    )
    values = {path: np.zeros(ensemble.members) for path in calm}
    for name, line in case.lines.items():
        for region, share in line.initial_share.items():
            drawn = ensemble.value(f"lines.{name}.initial_share.{region}", share)
            values[f"lines.{name}.potential_share.{region}"] = drawn
    return values


def steady_model(case: Case, members: int, end: date, **changes: object) -> SupplyChain:
    """A model of the steady world; ``changes`` replace parts of the flattened case."""
    luck = Ensemble.of(members, 1)
    quiet = steady(case).model_copy(update=changes)
    values = steady_values(case, luck)
    return SupplyChain(quiet, ensemble=Ensemble.of(members, 1, values), end=end)


def _flat(part):
    """Every series at its value of early 2018 for ever, without spread."""
    if isinstance(part, Series):
        years = sorted(part.values)
        value = float(np.interp(2018.0, years, [part.values[year] for year in years]))
        return part.model_copy(update={"values": {2018: value}, "spread": 0.0})
    if isinstance(part, Frozen):
        fields = {name: _flat(getattr(part, name)) for name in type(part).model_fields}
        return part.model_copy(update=fields)
    if isinstance(part, dict):
        return {key: _flat(value) for key, value in part.items()}
    return part
