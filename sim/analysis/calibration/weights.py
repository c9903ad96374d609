"""Weights: implausibility, kernel, importance of members from pooled rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from sim.world.calendar import Array

_AT_ONCE = 4096  # members whose densities are computed in one pass
_STEPS = 60


def implausibility(distance: Array, spared: int) -> Array:
    """Largest absolute distance but for the ``spared`` worst targets, (members,).

    Source:
        Form: Vernon, Goldstein and Bower (2010), Galaxy formation: a Bayesian uncertainty
        analysis (second-largest implausibility, lest one target decides alone).
    """
    ordered = np.sort(np.abs(distance), axis=1)
    return np.asarray(ordered[:, -1 - min(spared, distance.shape[1] - 1)])


def effective(log_weight: Array) -> float:
    """Effective number of draws, 1 / sum of squared normalised weights (Kong 1992)."""
    return float(np.exp(2 * logsumexp(log_weight) - logsumexp(2 * log_weight)))


def bandwidth(log_base: Array, squared: Array, wanted: float) -> float:
    """Narrowest normal kernel that leaves as many effective draws as are wanted.

    Args:
        log_base: log importance weights, (members,).
        squared: squared distances from where the draws should lie, (members,).
        wanted: effective draws; fewer than ``log_base`` itself leaves.
    """
    largest = float(np.sqrt(squared.max())) or 1.0
    low, high = 1e-6 * largest, 1e3 * largest
    for _ in range(_STEPS):
        middle = float(np.sqrt(low * high))
        enough = effective(log_base - 0.5 * squared / middle**2) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


@dataclass(frozen=True)
class Mixture:
    """What a round draws from: normals around its parents, and a part from the prior.

    Args:
        parents: (parents, parameters) in normal coordinates; none in a first round.
        spread: Cholesky factor of the perturbation, (parameters, parameters).
        from_prior: share drawn from the prior [0..1].
        members: how many members it drew.
    """

    parents: Array
    spread: Array
    from_prior: float
    members: int

    def log_density(self, places: Array) -> Array:
        """Log density at places (members, parameters), (members,)."""
        prior = log_prior(places)
        if self.from_prior >= 1.0:
            return prior
        around = np.concatenate([
            self._around(places[first : first + _AT_ONCE])
            for first in range(0, len(places), _AT_ONCE)
        ])  # fmt: skip
        parts = np.stack([
            np.log(max(self.from_prior, 1e-300)) + prior,
            np.log1p(-self.from_prior) + around,
        ])  # fmt: skip
        return np.asarray(logsumexp(parts, axis=0))

    def _around(self, places: Array) -> Array:
        """Log density of the mean over parents of their normals."""
        inverse = np.linalg.inv(self.spread)
        here, there = places @ inverse.T, self.parents @ inverse.T
        apart = (here**2).sum(1)[:, None] + (there**2).sum(1)[None, :] - 2 * here @ there.T
        size = places.shape[1] * np.log(2 * np.pi) / 2 + np.log(np.diag(self.spread)).sum()
        return np.asarray(logsumexp(-0.5 * apart, axis=1) - np.log(len(there)) - size)


def log_prior(places: Array) -> Array:
    """Log density of N(0, I), (members,)."""
    return np.asarray(-0.5 * (places**2).sum(axis=1) - 0.5 * places.shape[1] * np.log(2 * np.pi))


def log_importance(places: Array, rounds: Sequence[Mixture]) -> Array:
    """Log of prior over what all rounds together drew from, (members,).

    Source:
        Form: Cornuet, Marin, Mira and Robert (2012), Adaptive multiple importance sampling;
        each round is the population Monte Carlo step of Beaumont et al. (2009).
    """
    members = np.array([one.members for one in rounds], dtype=float)
    densities = np.stack([one.log_density(places) for one in rounds])
    pooled = logsumexp(densities + np.log(members / members.sum())[:, None], axis=0)
    return np.asarray(log_prior(places) - pooled)


def systematic(weights: Array, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows drawn as often as they weigh, with the least luck (Kitagawa 1996), (count,)."""
    below = np.cumsum(weights) / weights.sum()
    places = (np.arange(count) + rng.random()) / count
    return np.minimum(np.searchsorted(below, places), len(weights) - 1)


def normalised(log_weight: Array) -> Array:
    """Weights that sum to one, (members,)."""
    return np.asarray(np.exp(log_weight - logsumexp(log_weight)))


def weighted_quantiles(values: Array, weights: Array, probs: Sequence[float]) -> Array:
    """Quantiles of weighted values, (probs,)."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    places = np.searchsorted(below / below[-1], probs)
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])
