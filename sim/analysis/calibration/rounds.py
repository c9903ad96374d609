"""The members of each round: a design over the prior, then perturbed survivors."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sim.analysis.calibration.file import Rounds
from sim.analysis.calibration.weights import Mixture, implausibility, systematic
from sim.world.calendar import Array

MOST_PARENTS = 1024
_EDGE = 1e-9
_FROM_PRIOR = 0.1  # part of the covariance: that of few draws is too narrow in some direction


def design(parameters: int, members: int, seed: int) -> tuple[Array, Mixture]:
    """A scrambled Sobol design over the prior, (members, parameters)."""
    luck = qmc.Sobol(parameters, rng=seed).random(members)
    places = ndtri(np.clip(luck, _EDGE, 1 - _EDGE))
    return np.asarray(places), Mixture(np.empty((0, parameters)), np.eye(parameters), 1.0, members)


def survivors(distance: Array, rule: Rounds) -> tuple[Array, float]:
    """Weights of the members that history matching does not rule out, and the cutoff.

    The cutoff is that of the file, or as wide as it takes to leave ``effective`` members.
    """
    worst = implausibility(distance, rule.spared)
    kept = min(rule.effective, len(worst))
    cutoff = max(rule.cutoff, float(np.partition(worst, kept - 1)[kept - 1]))
    inside = (worst <= cutoff).astype(float)
    return inside / inside.sum(), cutoff


def perturbed(
    places: Array, weights: Array, rule: Rounds, seed: int
) -> tuple[Array, Mixture]:  # fmt: skip
    """Members of the next round around the best of the population, (members, parameters)."""
    rng = np.random.default_rng(seed)
    count = min(MOST_PARENTS, len(places))
    parents = places[systematic(weights, count, rng)]
    covariance = np.atleast_2d(np.cov(parents.T))
    blurred = (1 - _FROM_PRIOR) * covariance + _FROM_PRIOR * np.eye(len(covariance))
    spread = rule.kernel * np.linalg.cholesky(blurred)
    mixture = Mixture(parents, spread, rule.from_prior, rule.members)
    return _from(mixture, rng), mixture


def _from(mixture: Mixture, rng: np.random.Generator) -> Array:
    """Members of a mixture; their innovations are a low-discrepancy sequence too."""
    members, parameters = mixture.members, mixture.parents.shape[1]
    luck = qmc.Sobol(parameters, rng=rng).random(members)
    steps = ndtri(np.clip(luck, _EDGE, 1 - _EDGE))
    parent = mixture.parents[rng.permutation(np.arange(members) % len(mixture.parents))]
    fresh = rng.random(members) < mixture.from_prior
    return np.where(fresh[:, None], steps, parent + steps @ mixture.spread.T)
