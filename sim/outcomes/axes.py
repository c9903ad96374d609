"""Where each outcome keeps its numbers: labels of a dimension are shared by all outcomes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.case.schema import Case
    from sim.outcomes.outcome import Outcome

Labels = tuple[tuple[str, ...], ...]
"""The labels of each dimension of an outcome."""


@dataclass(frozen=True)
class Axes:
    """Labels of the outcomes of a run.

    Outcomes that share a dimension share its labels in the dataset, so their arrays are laid
    out with all of them from the start; where an outcome lacks a label, NaN stays.
    """

    outcomes: tuple[Outcome, ...]
    own: Mapping[str, Labels]  # of each outcome

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], case: Case) -> Axes:
        """The labels of a case.

        Raises:
            ValueError: if an outcome has not one list of labels for each of its dimensions.
        """
        own = {outcome.name: outcome.coords(case) for outcome in outcomes}
        for outcome in outcomes:
            if len(own[outcome.name]) != len(outcome.dims):
                raise ValueError(
                    f"outcome {outcome.name} has dimensions {outcome.dims} but "
                    f"{len(own[outcome.name])} label lists"
                )
        return cls(tuple(outcomes), own)

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """All labels of each dimension, in the order in which outcomes declare them."""
        found: dict[str, dict[str, None]] = {}
        for outcome in self.outcomes:
            for dim, names in zip(outcome.dims, self.own[outcome.name], strict=True):
                found.setdefault(dim, {}).update(dict.fromkeys(names))
        return {dim: tuple(names) for dim, names in found.items()}

    def shape(self, outcome: Outcome, times: int, members: int) -> tuple[int, ...]:
        """Shape of an outcome's array, (times, *dims, members); an event has (members,)."""
        if outcome.kind == "event":
            return (members,)
        return (times, *(len(self.labels[dim]) for dim in outcome.dims), members)

    def bytes_needed(self, times: int, members: int, itemsize: int = 8) -> int:
        """Memory of all arrays [bytes]."""
        return itemsize * sum(math.prod(self.shape(o, times, members)) for o in self.outcomes)

    def place(self, outcome: Outcome) -> tuple[Any, ...]:
        """Where an outcome's own labels lie in its label dimensions, as an index."""
        positions = [
            [self.labels[dim].index(name) for name in names]
            for dim, names in zip(outcome.dims, self.own[outcome.name], strict=True)
        ]
        if all(_in_a_row(row) for row in positions):
            return tuple(slice(row[0], row[0] + len(row)) if row else slice(0) for row in positions)
        return np.ix_(*positions)


def _in_a_row(positions: list[int]) -> bool:
    return all(after == before + 1 for before, after in itertools.pairwise(positions))
