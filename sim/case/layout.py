"""Where each named thing of a case sits in the model's arrays, and what belongs to what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.case.schema import Case
from sim.world.calendar import Array
from sim.world.groups import Groups, Substitutes
from sim.world.ledger import ORIGINS


def place(names: Sequence[str]) -> dict[str, int]:
    """Position of each name."""
    return {name: index for index, name in enumerate(names)}


class Layout:
    """Names and groupings of a case; holds no state and no draws.

    ``needs`` are the (line, item) pairs of the bills of chips, sorted by line: first what a
    unit cannot do without, then the processors that stand in for one another.
    """

    def __init__(self, case: Case) -> None:
        self.items = tuple(case.items)
        self.lines = tuple(case.lines)
        self.regions = tuple(case.regions)
        self.routes = tuple(case.routes)
        self.item, self.line = place(self.items), place(self.lines)
        self.region, self.route = place(self.regions), place(self.routes)
        self._place_needs(case)
        self._place_routes(case)

    def _place_needs(self, case: Case) -> None:
        fixed = [(name, item) for name, line in case.lines.items() for item in line.bill]
        either = [(name, item) for name, line in case.lines.items() for item in line.processor]
        self.fixed, self.either = tuple(fixed), tuple(either)
        needs = fixed + either
        self.need_line = np.array([self.line[line] for line, _ in needs])
        self.need_item = np.array([self.item[item] for _, item in needs])
        self.must_of_line = Groups(len(self.lines), self.need_line[: len(fixed)])
        self.substitutes = Substitutes(
            len(self.lines),
            len(self.items),
            self.need_line[len(fixed) :],
            self.need_item[len(fixed) :],
        )
        self.either_of_line = self.substitutes.by_line
        self.either_of_item = self.substitutes.by_kind
        self.needs_of_item = Groups(len(self.items), self.need_item)
        self.has_processor = np.isin(np.arange(len(self.lines)), self.need_line[len(fixed) :])

    def _place_routes(self, case: Case) -> None:
        routes = list(case.routes.values())
        self.route_item = np.array([self.item[route.item] for route in routes])
        self.routes_of_item = Groups(len(self.items), self.route_item)
        self.lead = np.array([route.lead_months for route in routes])
        self.maker = tuple(route.maker for route in routes)
        self.origin = tuple(route.origin for route in routes)
        self.is_foundry = np.array([route.die_mm2 is not None for route in routes])
        self.rerouted = np.array([route.origin == "rerouted" for route in routes])
        self.home = np.array([route.origin == "domestic" for route in routes])
        self.to_origin = self._to_stock([ORIGINS.index(route.origin) for route in routes])
        licensed = ORIGINS.index("licensed")
        self.to_licensed = self._to_stock([licensed] * len(routes))

    def _to_stock(self, origin: Sequence[int]) -> Groups:
        slots = [item * len(ORIGINS) + o for item, o in zip(self.route_item, origin, strict=True)]
        return Groups(len(self.items) * len(ORIGINS), slots)

    def stock_of(self, usual: Array, licensed: Array | None = None) -> Array:
        """Amounts by route (routes, members) as chips by (item, origin, member)."""
        flat = self.to_origin.sum(usual)
        if licensed is not None:
            flat += self.to_licensed.sum(licensed)
        return flat.reshape(len(self.items), len(ORIGINS), -1)


STATES = ("sanctioning_government", "allied_government", "third_government")


def states_abroad(case: Case) -> tuple[str, ...]:
    """Governments other than the firm's own."""
    return tuple(name for name, actor in case.actors.items() if actor.kind in STATES)
