"""The parameters of a fit, as the case gives them and as standard normal coordinates.

In normal coordinates every prior is N(0, 1): there is no edge to fall over, and a move of
one means the same for all parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from sim.analysis.calibration.file import LoadedCalibration
from sim.case.schema import Case
from sim.runs.inputs_varied import Varied, varied_inputs
from sim.runs.posterior import Range, prior_range
from sim.world.calendar import Array
from sim.world.ensemble import Ensemble, triangular

_EDGE = 1e-9  # luck of 0 would lie at minus infinity


@dataclass(frozen=True)
class Space:
    """Parameters by dotted name with the range of their priors."""

    ranges: Mapping[str, Range]

    @property
    def paths(self) -> tuple[str, ...]:
        """Names, in the order of the columns."""
        return tuple(self.ranges)

    def __len__(self) -> int:
        return len(self.ranges)

    def values(self, normal: Array) -> dict[str, Array]:
        """Normal coordinates (members, parameters) as values by dotted name, (members,)."""
        luck = ndtr(normal)
        return {
            path: triangular(luck[:, k], *ends)
            for k, (path, ends) in enumerate(self.ranges.items())
        }

    def drawn(self, ensemble: Ensemble) -> Array:
        """What members draw by themselves, in normal coordinates, (members, parameters)."""
        luck = np.stack([ensemble.uniform(f"input:{path}")[0] for path in self.paths], axis=1)
        return np.asarray(ndtri(np.clip(luck, _EDGE, 1 - _EDGE)))


def fitted_space(loaded: LoadedCalibration, case: Case) -> Space:
    """The parameters that a file names.

    Raises:
        ConfigError: for one that the case does not have or gives no range, or that is named twice.
    """
    known = varied_inputs(case)
    ranges: dict[str, Range] = {}
    for place, path in enumerate(loaded.calibration.parameters):
        trail = ("parameters", place)
        if path not in known:
            what = f"'{path}' is no input in which members can differ"
            raise loaded.problem(what, trail, tuple(known), path)
        if path in ranges:
            raise loaded.problem(f"'{path}' is named twice", trail)
        ends = prior_range(known[path].held)
        if ends is None:
            raise loaded.problem(f"the case gives no range for '{path}'", trail)
        ranges[path] = ends
    return Space(ranges)


def whole_space(case: Case) -> Space:
    """Every input of a case from whose range members draw."""
    return Space(dict(_ranges(varied_inputs(case))))


def _ranges(known: Mapping[str, Varied]) -> list[tuple[str, Range]]:
    found = ((path, prior_range(one.held)) for path, one in known.items())
    return [(path, ends) for path, ends in found if ends is not None]
