"""Predictive bands: the members with the error that the form of the model has shown.

Members differ in parameters and luck and share one form. How far the form is off is learned from
the sample, outcome by outcome, and judged on what comes later.

Source:
    Model discrepancy: Kennedy and O'Hagan (2001), Bayesian Calibration of Computer Models;
    what leaving it out does to bands: Brynjarsdottir and O'Hagan (2014).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sim.documented.align import Aligned
from sim.world.calendar import Array

WORTH = 2.0  # values of an outcome that weigh as much as what all outcomes have in common
NODES = 41  # equally likely errors laid on each member
ENDS = (0.05, 0.95)
_NORMAL = NormalDist()
_ERRORS = np.array([_NORMAL.inv_cdf((k + 0.5) / NODES) for k in range(NODES)])


@dataclass(frozen=True)
class FormErrors:
    """Standard deviation of the model's own error, as a share of the median.

    ``common`` holds for outcomes of which the sample has no value.
    """

    by_outcome: Mapping[str, float]
    common: float

    def of(self, outcome: str) -> float:
        """That of an outcome."""
        return self.by_outcome.get(outcome, self.common)


def form_errors(sample: Iterable[Aligned]) -> FormErrors | None:
    """What the values of the sample say of the model's own error; None if it has none.

    The squared error of a median less what the spread of the members accounts for, drawn
    toward the middle outcome where values are few. Events are left out.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for one in sample:
        excess = _excess(one)
        if excess is not None:
            found[one.observation.outcome].append(excess)
    if not found:
        return None
    common = max(0.0, float(np.median([np.mean(each) for each in found.values()])))
    squares = {name: (sum(each) + WORTH * common) / (len(each) + WORTH)
               for name, each in found.items()}  # fmt: skip
    roots = {name: float(np.sqrt(max(0.0, square))) for name, square in squares.items()}
    return FormErrors(roots, float(np.sqrt(common)))


def _excess(one: Aligned) -> float | None:
    """Squared relative error beyond the spread of the members; None where there is none."""
    if one.members is None or one.observation.is_event:
        return None
    median = float(np.nanmedian(one.members))
    missed = one.observation.distance(median)
    size = (abs(median) + abs(median - missed)) / 2  # the same for half and for twice the value
    if not size > 0.0:
        return None
    return (missed**2 - float(np.nanvar(one.members))) / size**2


def predictive_band(members: Array, error: float) -> tuple[float, float]:
    """Ends of the band of 90 % with the model's own error.

    Args:
        members: one value a member; NaN is left out.
        error: standard deviation of that error, as a share of the median.

    Returns:
        Its ends in the members' unit; not below nil where no member is.
    """
    median = abs(float(np.nanmedian(members)))
    low, high = np.nanquantile(members[:, None] + error * median * _ERRORS, ENDS)
    floor = 0.0 if np.nanmin(members) >= 0.0 else -np.inf
    return max(float(low), floor), float(high)
