"""Designs: at which levels of its factors an experiment runs, as a table of points."""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.case.errors import ConfigError, Problem
from sim.runs.dimensions import Dimension
from sim.runs.experiment import SAMPLED, Method
from sim.world.calendar import Array

MORRIS_LEVELS = 4
_SUBSET_LEVELS = 2


@dataclass(frozen=True)
class Points:
    """Design points of some factors, (points, factors); NaN leaves an input as the case has it."""

    dimensions: tuple[Dimension, ...]
    values: Array

    def __len__(self) -> int:
        return len(self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors, in the order of the columns."""
        return tuple(one.name for one in self.dimensions)


def count(method: Method, dimensions: Sequence[Dimension], points: int) -> int:
    """Number of points of a design, without making them."""
    if not dimensions:
        return 1
    factors = len(dimensions)
    if method in ("grid", "subsets"):
        return math.prod(len(one.levels) for one in dimensions)
    if method == "one_at_a_time":
        return 1 + sum(len(one.levels) for one in dimensions)
    if method == "saltelli":
        return points * (factors + 2)
    return points * (factors + 1) if method == "morris" else points


def make_points(
    method: Method, dimensions: Sequence[Dimension], points: int, seed: int, role: str = "levers"
) -> Points:
    """Lay out the points of a design.

    Args:
        method: the design.
        dimensions: its factors; without any there is one point.
        points: points, or trajectories, of a sampled design.
        seed: seed of the experiment; the same seed gives the same points.
        role: levers or uncertainties, so that the two are sampled apart.

    Raises:
        ConfigError: if the design needs a package that is not installed, or two levels.
    """
    if not dimensions:
        return Points((), np.empty((1, 0)))
    if method in SAMPLED:
        luck = unit_points(method, len(dimensions), points, seed, role)
        columns = [one.at(luck[:, k]) for k, one in enumerate(dimensions)]
        return Points(tuple(dimensions), np.column_stack(columns))
    if method == "one_at_a_time":
        return Points(tuple(dimensions), _one_at_a_time(dimensions))
    if method == "subsets":
        _refuse_unswitchable(dimensions)
    grid = list(itertools.product(*(one.levels for one in dimensions)))
    return Points(tuple(dimensions), np.array(grid, dtype=float))


def unit_points(
    method: Method, factors: int, points: int, seed: int, role: str = "levers"
) -> Array:  # fmt: skip
    """A sampled design in the unit cube, (points, factors), as :func:`make_points` lays it out.

    Raises:
        ConfigError: if the design needs a package that is not installed.
    """
    return _sampled(method, factors, points, zlib.crc32(f"{seed}:{role}".encode()))


def _one_at_a_time(dimensions: Sequence[Dimension]) -> Array:
    rows = [np.full(len(dimensions), np.nan)]
    for place, one in enumerate(dimensions):
        for level in one.levels:
            row = np.full(len(dimensions), np.nan)
            row[place] = level
            rows.append(row)
    return np.array(rows)


def _refuse_unswitchable(dimensions: Sequence[Dimension]) -> None:
    for one in dimensions:
        if len(one.levels) != _SUBSET_LEVELS:
            what = f"'{one.name}' has {len(one.levels)} levels; subsets need two, off and on"
            raise ConfigError(Problem(what, None, ("levers", one.name)))


def _sampled(method: Method, factors: int, points: int, key: int) -> Array:
    """Points in the unit cube, (points, factors)."""
    try:
        if method == "saltelli":
            return _saltelli(factors, points, key)
        if method == "morris":
            return _morris(factors, points, key)
        from scipy.stats import qmc
    except ImportError as error:
        what = f"the design {method} needs {error.name}: pip install 'chokepoint-sim[analysis]'"
        raise ConfigError(Problem(what, None, ("design",))) from error
    if method == "sobol":
        return np.asarray(qmc.Sobol(factors, rng=key).random(points))
    return np.asarray(qmc.LatinHypercube(factors, rng=key).random(points))


def _unit_problem(factors: int) -> dict[str, Any]:
    names = [f"x{place}" for place in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def _saltelli(factors: int, points: int, key: int) -> Array:
    from SALib.sample import sobol

    problem = _unit_problem(factors)
    return np.asarray(sobol.sample(problem, points, calc_second_order=False, seed=key))


def _morris(factors: int, points: int, key: int) -> Array:
    from SALib.sample import morris

    problem = _unit_problem(factors)
    return np.asarray(morris.sample(problem, points, num_levels=MORRIS_LEVELS, seed=key))
