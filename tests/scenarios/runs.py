"""Runs that several tests look at; each is made once per process."""

from functools import cache

import numpy as np

from docs.mechanisms import CASE, rows, run_all
from sim.case.load import list_scenarios, load_case
from sim.outcomes.declared import OUTCOMES
from sim.runs.inputs_varied import varied_inputs
from sim.runs.simulate import simulate_block
from sim.world.ensemble import Ensemble

SEED = 1


@cache
def base_case():
    return load_case(CASE)


@cache
def scenario_names():
    """Names of the shipped scenarios of the case."""
    return tuple(one.name for one in list_scenarios() if load_case(one.name).id == base_case().id)


@cache
def rows_run(members=32):
    """Outcomes of the case and of every row's change."""
    return run_all({row.id: row.case() for row in rows()}, members)


@cache
def scenarios_run(members=16):
    """Outcomes of the case and of every shipped scenario."""
    return run_all({name: load_case(name) for name in scenario_names()}, members)


def variants(changes, members, case=None, outcomes=None):
    """Outcomes of the case with several sets of numbers, same members and luck, in one model.

    Args:
        changes: name -> dotted path -> value.
        members: members of each.
    """
    case = case or base_case()
    names, known = list(changes), varied_inputs(case)
    alone = Ensemble.of(members, SEED)

    def usual(path):
        # A strength that the case does not give is 1.
        return np.ones(members) if known[path].held is None else known[path].usual(alone)

    values = {
        path: np.concatenate([
            np.broadcast_to(changes[n][path], members) if path in changes[n]
            else usual(path)
            for n in names
        ])
        for path in sorted({path for change in changes.values() for path in change})
    }  # fmt: skip
    ensemble = Ensemble(SEED, np.tile(np.arange(members), len(names)), values)
    chosen = [one for one in OUTCOMES if outcomes is None or one.name in outcomes]
    data = simulate_block(case, ensemble, chosen, case.calendar.start, case.calendar.end)
    cut = {name: slice(k * members, (k + 1) * members) for k, name in enumerate(names)}
    return {name: data.isel(member=here) for name, here in cut.items()}


def differs(one, other):
    """Names of the outcomes in which two runs differ in any member and month."""
    return [
        name
        for name in one.data_vars
        if not np.array_equal(one[name].values, other[name].values, equal_nan=True)
    ]


def total(data, outcome, first, last=None, **labels):
    """Sum of an outcome over months and the labels not named, by member."""
    chosen = data[outcome].sel(month=slice(first, last or first), **labels)
    return chosen.sum([dim for dim in chosen.dims if dim != "member"]).values
