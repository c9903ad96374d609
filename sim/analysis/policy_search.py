"""Search for sanctions regimes that no other regime beats on several aims at once.

The regimes of one generation are members of the same few blocks, each with the same luck, so
a generation costs little more than a single run. The optimiser is NSGA-II as pymoo has it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.analysis.search_ledger import SearchLedger
from sim.outcomes.summary import member_quantiles
from sim.runs.block import BlockResult, run_task
from sim.runs.design import Points
from sim.runs.dimensions import Dimension
from sim.runs.experiment import Aim, Search
from sim.runs.plan import Plan
from sim.runs.pools import Pool, SerialPool
from sim.runs.simulate import RunError
from sim.world.calendar import Array

Tell = Callable[[int, int], None]
"""Called with generations done and in all."""

_PROBS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Regime:
    """One regime: the level of each lever, and what it does to each aim."""

    levels: tuple[float, ...]
    bands: Array  # (3, aims): 5 %, median and 95 % over replicates and uncertainties


@dataclass
class Front:
    """Every regime that was tried, and those that none of them beats."""

    dimensions: tuple[Dimension, ...]
    aims: tuple[Aim, ...]
    tried: dict[tuple[float, ...], Regime] = field(default_factory=dict)

    @property
    def best(self) -> list[Regime]:
        """Regimes that are not beaten on all aims by any other, by the first aim.

        Regimes alike to the third digit of every aim, which levers that lie idle tell apart,
        count as one: the one tried first.
        """
        regimes = list(self.tried.values())
        if not regimes:
            return []
        costs = three_digits(np.array([self.costs(regime) for regime in regimes]))
        costs, first = np.unique(costs, axis=0, return_index=True)
        kept = [regimes[k] for k in first[unbeaten(costs)]]
        return sorted(kept, key=lambda regime: tuple(self.costs(regime)))

    def costs(self, regime: Regime) -> Array:
        """Medians of the aims, signed so that less is better, (aims,)."""
        signs = np.array([1.0 if aim.want == "least" else -1.0 for aim in self.aims])
        return signs * regime.bands[1]


def three_digits(values: Array) -> Array:
    """Values rounded to three significant digits, same shape."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
    unit = 10.0 ** (size - 2.0)
    return np.asarray(np.round(values / unit) * unit)


def unbeaten(costs: Array) -> Array:
    """Which rows of ``costs`` (regimes, aims) no other row beats; less is better, (regimes,)."""
    no_worse = (costs[:, None, :] >= costs[None, :, :]).all(axis=2)
    worse = (costs[:, None, :] > costs[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & worse).any(axis=1))


def search_regimes(
    plan: Plan,
    pool: Pool | None = None,
    tell: Tell | None = None,
    ledger: SearchLedger | None = None,
) -> Front:
    """Search over the levers of an experiment.

    Args:
        plan: the experiment; its file has a ``search`` and levers, its design is not used.
        pool: where blocks run; this process if not given. It is closed in the end.
        tell: told how far the search is.
        ledger: keeps what was tried, and answers for what an earlier start tried.

    Raises:
        RunError: if the experiment has nothing to search, pymoo is missing, or a block fails.
        FolderError: if the ledger belongs to another search or cannot be written.
    """
    search = _search_of(plan)
    pool = pool or SerialPool()
    earlier = ledger.tried(plan) if ledger else {}
    tried = {levels: Regime(levels, bands) for levels, bands in earlier.items()}
    front = Front(plan.levers.dimensions, search.aims, tried)
    clean = False
    try:
        for generation, (ask, answer) in enumerate(_generations(front, search, plan)):
            fresh = _try_out(plan, pool, front, ask)
            if ledger is not None:
                ledger.add(plan, fresh)
            answer(np.array([front.costs(front.tried[levels]) for levels in ask]))
            if tell is not None:
                tell(generation + 1, search.generations)
        clean = True
    finally:
        pool.close(wait=clean)
    return front


def _search_of(plan: Plan) -> Search:
    search = plan.loaded.experiment.search
    if search is None:
        raise RunError("the experiment has no 'search': name its aims there")
    if not plan.levers.dimensions:
        raise RunError("a search needs levers")
    if list(plan.loaded.experiment.scenarios.values()) != [{}]:
        raise RunError("a search departs from its 'case': leave 'scenarios' out")
    return search


Ask = list[tuple[float, ...]]


def _generations(
    front: Front, search: Search, plan: Plan
) -> Iterator[tuple[Ask, Callable[[Array], None]]]:
    """Levels to try, generation by generation, and where to send their costs."""
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.evaluator import Evaluator
        from pymoo.core.problem import Problem
        from pymoo.problems.static import StaticProblem
    except ImportError:
        raise RunError("a search needs pymoo: pip install 'chokepoint-sim[search]'") from None

    problem = Problem(n_var=len(front.dimensions), n_obj=len(front.aims), xl=0.0, xu=1.0)
    algorithm = NSGA2(pop_size=search.population)
    seed = plan.loaded.experiment.seed
    algorithm.setup(problem, termination=("n_gen", search.generations), seed=seed, verbose=False)
    while algorithm.has_next():
        asked = algorithm.ask()
        ask = _levels(front.dimensions, np.asarray(asked.get("X"), dtype=float))

        def answer(costs: Array, asked: Any = asked) -> None:
            Evaluator().eval(StaticProblem(problem, F=costs), asked)
            algorithm.tell(infills=asked)

        yield ask, answer


def _levels(dimensions: Sequence[Dimension], luck: Array) -> Ask:
    """Positions in the unit cube as levels of the levers."""
    below_one = np.minimum(luck, np.nextafter(1.0, 0.0))
    columns = [one.at(below_one[:, k]) for k, one in enumerate(dimensions)]
    return [tuple(map(float, row)) for row in np.column_stack(columns)]


def _try_out(plan: Plan, pool: Pool, front: Front, ask: Ask) -> list[Regime]:
    """Simulate the regimes that were not tried before, all in one plan."""
    new = [levels for levels in dict.fromkeys(ask) if levels not in front.tried]
    if not new:
        return []
    points = Points(plan.levers.dimensions, np.array(new))
    values = _aims_by_member(_fresh(plan, points), pool, front.aims)
    by_regime = values.reshape(len(front.aims), len(new), -1)
    bands = np.asarray(member_quantiles(by_regime, _PROBS), dtype=float)  # (3, aims, regimes)
    for place, levels in enumerate(new):
        front.tried[levels] = Regime(levels, bands[:, :, place])
    return [front.tried[levels] for levels in new]


def _fresh(plan: Plan, points: Points) -> Plan:
    """The plan with other lever points and the columns that the aims read."""
    search = _search_of(plan)
    columns = tuple(dict.fromkeys(text for aim in search.aims for text in aim.outcomes))
    experiment = plan.loaded.experiment.model_copy(update={"outcomes": columns})
    return replace(plan, levers=points, loaded=replace(plan.loaded, experiment=experiment))


def _aims_by_member(plan: Plan, pool: Pool, aims: Sequence[Aim]) -> Array:
    """What each aim is for each member, (aims, members)."""
    values = np.full((len(aims), plan.members), np.nan)
    for result in pool.executor().map(run_task, plan.tasks()):
        _fill(values, result, aims)
    return values


def _fill(values: Array, result: BlockResult, aims: Sequence[Aim]) -> None:
    import pyarrow.parquet as pq

    if result.error:
        raise RunError(f"a block of the search failed: {result.error.strip().splitlines()[-1]}")
    frame = pq.read_table(io.BytesIO(result.table)).to_pandas()
    for place, aim in enumerate(aims):
        rows = frame[frame["period"].isin(aim.periods)]
        summed = rows[list(aim.outcomes)].sum(axis=1).groupby(rows["member"]).sum()
        values[place, summed.index.to_numpy()] = summed.to_numpy()
