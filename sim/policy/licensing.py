"""Licences while several policies follow each other: the latest in force decides."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.policy.closures import Stamps, sealed
from sim.policy.timing import Span
from sim.world.calendar import Array, Calendar


@dataclass
class Policy:
    """How one policy decides."""

    span: Span
    deciding: float
    approval: Array  # probability by control class low, high, (2, 1 or members)
    months: Array  # months to a decision, (1,) or (members,)


@dataclass(frozen=True)
class Decisions:
    """How applications are decided in one month.

    Attributes:
        approval: probability by control class low, high [0..1], (2, members); 0 where nothing
            is decided.
        deciding: share of the month in which applications are decided [0..1], (members,).
        months: months to a decision, (members,); 1 where nothing is decided.
    """

    approval: Array
    deciding: Array
    months: Array


@dataclass
class Licensing:
    """The licence policies of a regime."""

    calendar: Calendar
    members: int
    policies: list[Policy] = field(default_factory=list)
    _known: tuple[Stamps, Decisions] | None = None

    def at(self, month: int) -> Decisions:
        """Decisions of a month under the latest policy in force on each day."""
        stamps = tuple(policy.span.stamps[month] for policy in self.policies)
        if self._known is None or self._known[0] != stamps:
            self._known = (stamps, self._decide(month))
        return self._known[1]

    def _decide(self, month: int) -> Decisions:
        weights = self._weights(month)
        total = sum(weights, np.zeros(1))
        pairs = list(zip(weights, self.policies, strict=True))
        approval = sum((w * p.approval for w, p in pairs), np.zeros((2, 1)))
        months = sum((w * p.months for w, p in pairs), np.zeros(1))
        decided = np.where(total > 0, total, 1.0)
        return Decisions(
            sealed(approval / decided, (2, self.members)),
            sealed(total, (self.members,)),
            sealed(np.where(total > 0, months / decided, 1.0), (self.members,)),
        )

    def _weights(self, month: int) -> list[Array]:
        """Share of the month's days that each policy decides, each (1,) or (members,)."""
        edges = self.calendar.edges
        days = np.arange(edges[month], edges[month + 1], dtype=float)[:, None]
        latest, since = np.full((1, 1), -1), np.full((1, 1), -np.inf)
        for k, policy in enumerate(self.policies):
            begins, ends = policy.span.phase.effective, policy.span.phase.ended
            rules = (days >= begins) & (days < ends) & (begins >= since)
            latest, since = np.where(rules, k, latest), np.where(rules, begins, since)
        return [p.deciding * (latest == k).mean(axis=0) for k, p in enumerate(self.policies)]
