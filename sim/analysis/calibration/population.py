"""From members and what would be documented of them to draws of the posterior.

The parameters are forecast from the targets by regression; members whose forecast is near
that of the documented values are kept and moved onto it. So many targets count only as far
as they tell something about the parameters, not by the luck that they hold as well.

Source:
    Form: Fearnhead and Prangle (2012), forecasts of the parameters as summary statistics;
    Beaumont, Zhang and Balding (2002), local linear adjustment; Wilkinson (2013), the error
    of the targets added to the simulated values, so that only the kernel is approximate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.calibration.weights import bandwidth, effective, normalised
from sim.world.calendar import Array

_RIDGE = 5.0  # members' worth of doubt about each coefficient
_CLIPPED = 4.0  # standard deviations beyond which a target tells nothing more


@dataclass(frozen=True)
class Population:
    """Draws of the posterior from all members so far.

    ``places`` are moved members in normal coordinates (members, parameters), ``weights`` sum
    to one, ``width`` is the kernel's, in prior standard deviations of the forecast, and
    ``widened`` the factor by which the error of each target grew, (targets,).
    """

    places: Array
    weights: Array
    width: float
    widened: Array

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return float(1.0 / (self.weights**2).sum())


@dataclass(frozen=True)
class Forecast:
    """Parameters as the targets foretell them, fitted to weighted members."""

    mean: Array  # of each target
    spread: Array
    slope: Array  # (features, parameters)

    @classmethod
    def of(cls, seen: Array, places: Array, weights: Array) -> Forecast:
        """Fit to members: targets (members, targets), parameters (members, parameters)."""
        mean = weights @ seen
        spread = np.sqrt(np.maximum(weights @ (seen - mean) ** 2, 1e-12))
        known = _features(seen, mean, spread)
        weighted = known * (weights * len(weights))[:, None]
        normal = weighted.T @ known + _RIDGE * np.eye(known.shape[1])
        return cls(mean, spread, np.linalg.solve(normal, weighted.T @ places))

    def at(self, seen: Array) -> Array:
        """Forecast for targets (members, targets), (members, parameters)."""
        return np.asarray(_features(seen, self.mean, self.spread) @ self.slope)


def _features(seen: Array, mean: Array, spread: Array) -> Array:
    """Constant, standardised targets and their squares, (members, 1 + 2 targets)."""
    scores = np.clip((seen - mean) / spread, -_CLIPPED, _CLIPPED)
    return np.concatenate([np.ones((len(seen), 1)), scores, scores**2 - 1.0], axis=1)


def widened(seen: Array, weights: Array, limit: float, seed: int) -> tuple[Array, Array]:
    """Blur targets further whose documented value (at nil) members miss by far.

    Args:
        seen: what would be documented, in standard deviations of the error, (members, targets).
        weights: of members.
        limit: standard deviations (of members and error together) that are no surprise.
        seed: of the added errors.

    Returns:
        Blurred targets, and the factor by which the error of each grew.
    """
    mean = weights @ seen
    variance = weights @ (seen - mean) ** 2
    more = np.sqrt(np.maximum((mean / limit) ** 2 - variance, 0.0))
    error = np.random.default_rng(seed).standard_normal(seen.shape)
    return seen + more * error, np.sqrt(1.0 + more**2)


def posterior(
    places: Array, seen: Array, log_base: Array, wanted: float, limit: float, seed: int
) -> Population:
    """Draws of the posterior, given what is documented (at nil of every target).

    Args:
        places: members in normal coordinates, (members, parameters).
        seen: what would be documented of them, (members, targets).
        log_base: log importance weights, (members,).
        wanted: effective draws.
        limit: as of :func:`widened`.
        seed: of added errors.
    """
    base = normalised(log_base)
    blurred, factors = widened(seen, base, limit, seed)
    forecast = Forecast.of(blurred, places, base)
    apart = forecast.at(blurred) - forecast.at(np.zeros((1, seen.shape[1])))
    moved, weights, width = moved_onto(places, apart, log_base, wanted)
    return Population(moved, weights, width, factors)


def moved_onto(
    places: Array, apart: Array, log_base: Array, wanted: float
) -> tuple[Array, Array, float]:
    """Members moved to where their forecast is right, their weights, and the kernel's width.

    Args:
        places: members, (members, parameters).
        apart: their forecast less the one wanted, (members, parameters).
        log_base: log importance weights, (members,).
        wanted: effective draws; at most half of those that the weights leave.
    """
    squared = (apart**2).sum(axis=1)
    width = bandwidth(log_base, squared, min(wanted, 0.5 * effective(log_base)))
    weights = normalised(log_base - 0.5 * squared / width**2)
    root = np.sqrt(weights)[:, None]
    regressors = np.concatenate([np.ones((len(apart), 1)), apart], axis=1)
    slope = np.linalg.lstsq(regressors * root, places * root, rcond=None)[0]
    return places - apart @ slope[1:], weights, width
