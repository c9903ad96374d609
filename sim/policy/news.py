"""What becomes known in a month: threats to the firm, steps that its home public notices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.policy.timing import Phase
from sim.world.calendar import Array, Calendar


@dataclass
class Item:
    """One measure as news."""

    phase: Phase
    threat: Array  # weight [0..1], (1,) or (members,); empty where it is no threat
    visible: bool


@dataclass
class News:
    """All measures by the month in which they become known."""

    calendar: Calendar
    members: int
    items: dict[str, Item] = field(default_factory=dict)
    _months: dict[int, list[str]] = field(default_factory=dict)
    _edges: Array = field(init=False)

    def __post_init__(self) -> None:
        self._edges = self.calendar.edges.astype(float)

    def add(self, key: str, item: Item) -> None:
        """Enter a measure under the months in which members come to know it."""
        self.items[key] = item
        self.index(key)

    def index(self, key: str) -> None:
        """Note in which months a measure becomes known; again after its dates were set."""
        days = np.unique(self.items[key].phase.announced)
        for month in np.unique(np.searchsorted(self._edges, days, side="right") - 1).tolist():
            keys = self._months.setdefault(month, [])
            if key not in keys:
                keys.append(key)

    def threats(self, month: int) -> list[tuple[str, Array]]:
        """Weight of each threat that becomes known this month, (members,) each."""
        return [
            (key, self._known(key, month) * self.items[key].threat)
            for key in self._months.get(month, ())
            if self.items[key].threat.size
        ]

    def visible(self, month: int) -> Array:
        """1 where a step that the public notices becomes known this month, (members,)."""
        seen = np.zeros(self.members)
        for key in self._months.get(month, ()):
            if self.items[key].visible:
                seen = np.maximum(seen, self._known(key, month))
        return seen

    def _known(self, key: str, month: int) -> Array:
        day = self.items[key].phase.announced
        now = (day >= self._edges[month]) & (day < self._edges[month + 1])
        return np.broadcast_to(now.astype(float), (self.members,))
