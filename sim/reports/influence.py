"""Which uncertain inputs move the result most, read off the members of a run.

Members draw their inputs independently (those fitted together: nearly so), so a run is its own
sensitivity analysis of first order: an input matters if members that drew it high fare
differently from those that drew it low. The draws are not stored; they are made again from
the seed and the posterior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.case.schema import Case
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.results import Results
from sim.reports.series import Array
from sim.runs.inputs import Input, inputs_of
from sim.runs.posterior import case_posterior
from sim.world.ensemble import Ensemble, triangular
from sim.world.inputs import Quantity

LEAST_MEMBERS = 60
CHANCE = 3.3  # standard errors of a rank correlation: one in a thousand by chance


@dataclass(frozen=True)
class Target:
    """A result that inputs may move, (members,)."""

    name: str
    unit: str
    values: Array


@dataclass(frozen=True)
class Influence:
    """How far an input moves each target.

    ``effects``: mean of the members in the upper third of the input less that of the lower
    third, in the target's unit; ``ranks``: rank correlations.
    """

    input: Input
    effects: tuple[float, ...]
    ranks: tuple[float, ...]

    @property
    def strength(self) -> float:
        """The largest rank correlation, without its sign."""
        return max(abs(rank) for rank in self.ranks)


def influences(results: Results, case: Case, targets: Sequence[Target]) -> list[Influence]:
    """Inputs that move any target by more than chance, the strongest first.

    Empty for small runs, and for inputs that the run set itself instead of drawing them.
    """
    members = int(results.dataset.sizes["member"])
    seed = results.manifest.get("seed")
    if members < LEAST_MEMBERS or seed is None or not targets:
        return []
    ensemble = Ensemble.of(members, int(seed), _fitted(results, case, members))
    varied = set(results.manifest.get("varied") or ())
    places = np.stack([_ranks(target.values) for target in targets])
    limit = CHANCE / np.sqrt(members)
    found = []
    for one in inputs_of(case):
        if not one.uncertain or one.path in varied:
            continue
        drawn = draws(ensemble, one)
        ranks = places @ _ranks(drawn) / members
        if np.abs(ranks).max() > limit:
            found.append(_influence(one, drawn, ranks, targets))
    return sorted(found, key=lambda influence: -influence.strength)


def _fitted(results: Results, case: Case, members: int) -> dict[str, Array]:
    """What the run drew from the posterior of its case."""
    told = results.manifest.get("posterior")
    posterior = case_posterior(case) if told else None
    if posterior is None or told is None or posterior.digest != told["digest"]:
        return {}
    return posterior.values(np.arange(members, dtype=np.int64))


def draws(ensemble: Ensemble, one: Input) -> Array:
    """What each member drew for an input; for a series the factor on all its years."""
    if isinstance(one.number, Quantity):
        return ensemble.value(one.path, one.number)
    if one.path in ensemble.values:
        return np.asarray(ensemble.values[one.path], dtype=np.float64)
    luck = ensemble.uniform(f"input:{one.path}")[0]
    return triangular(luck, 1 - one.number.spread, 1.0, 1 + one.number.spread)


def _influence(one: Input, drawn: Array, ranks: Array, targets: Sequence[Target]) -> Influence:
    order = np.argsort(drawn)
    third = len(order) // 3
    low, high = order[:third], order[-third:]
    effects = tuple(float(t.values[high].mean() - t.values[low].mean()) for t in targets)
    return Influence(one, effects, tuple(float(rank) for rank in ranks))


def _ranks(values: Array) -> Array:
    """Ranks scaled to mean 0 and variance 1; nil where all are equal."""
    places = np.argsort(np.argsort(values)).astype(float)
    if np.ptp(values) == 0:
        return np.zeros_like(places)
    return np.asarray((places - places.mean()) / places.std())


def yearly(results: Results, outcome: str, year: str, **labels: str) -> Array | None:
    """One outcome of a year by member; None if the run does not hold it."""
    try:
        array = results.annual_members(outcome, "year", **labels).sel(period=year)
    except (OutcomeError, KeyError):
        return None
    values = np.asarray(array.values, dtype=np.float64)
    return None if np.isnan(values).any() else values
