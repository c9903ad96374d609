"""Replacing part types: a population of classes, each with its own difficulty."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def redesigned(progress: Array, months: Array, effort: Array) -> Array:
    """Progress of every class toward a qualified substitute after a month [0..1].

    Args:
        progress: share of the way done, (classes, members).
        months: months each class takes at the effort of calm times, (classes, members).
        effort: engineering effort against calm times [ratio], (members,).

    Source:
        Lags of 6-18 months for passive, 18-36 for radio, power and small logic parts: priors
        (assumption A-16).
    """
    return np.minimum(1.0, progress + effort / months)


@replaceable
def speed_up(extra: Array, base: float, elasticity: Array) -> Array:
    """Speed of a programme that gets ``extra`` of R&D on top of ``base`` [ratio].

    Source:
        Decreasing returns to R&D: elasticity 0.2-0.6 (``behaviour.research.speed_elasticity``).
    """
    return ((base + extra) / base) ** elasticity
