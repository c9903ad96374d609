"""The regime as the case's actors meet it: by route, by foundry, month by month."""

from __future__ import annotations

from collections import defaultdict
from itertools import batched

import numpy as np

from sim.case.inputs import Inputs
from sim.case.layout import states_abroad
from sim.case.schema import Case
from sim.policy.closures import Kept
from sim.policy.regime import Regime, around
from sim.policy.scope import FoundryLine, Party, Region, Route, Scope, ToolType
from sim.world.calendar import Array, Mask


class Law(Regime):
    """A regime whose scope is read off a case; answers by foundry as well as by line."""

    def __init__(self, inputs: Inputs) -> None:
        case = inputs.case
        self.inputs = inputs
        scope = scope_of(inputs)
        super().__init__(
            case.measures, inputs.calendar, inputs.ensemble, scope, enabled=case.regime.enabled
        )
        routes = case.routes.values()
        self.resourceable = np.array([[r.resourceable] for r in routes], dtype=float)
        self.foundry_lines = {
            name: [k for k, line in enumerate(scope.lines) if line.foundry.id == name]
            for name in case.foundries
        }
        self.listings = [
            key
            for key, measure in case.measures.items()
            if measure.kind in ("entity_listing", "denial_order") and scope.hit(measure.targets)
        ]
        self._month_ends = list(self.calendar.edges[:, None])
        self.settlement_offered = self._offers_settlement(case)
        self.twin = _direct_twins(inputs)
        self._kept: defaultdict[tuple[str, ...], Kept] = defaultdict(Kept)

    def _offers_settlement(self, case: Case) -> Mask:
        """Members in which some measure waits for the firm to settle, (members,)."""
        offered = np.zeros(self.members, dtype=bool)
        for key, measure in case.measures.items():
            if measure.trigger and measure.trigger.event == "settlement_accepted":
                offered |= self.phase(key).answers
        return offered

    def barred(self, month: int) -> Array:
        """Share of a route's new orders that is barred after lawful re-sourcing, (R, M)."""
        return self._after_resourcing("barred", month, self._book.other_orders.at(month))

    def _after_resourcing(self, key: str, month: int, others: Array) -> Array:
        def closed(workable: Array, others: Array, found: Array) -> Array:
            return around(workable, others, found * self.resourceable)

        workable, found = self.listing_closed(month), self.workaround(month)
        return self._kept[key,].of(closed, workable, others, found)

    def listed(self, month: int) -> Mask:
        """Whether the firm is under a listing or a denial order this month, (members,)."""
        phases = [self.phase(key) for key in self.listings]
        dates = [day for phase in phases for day in (phase.effective, phase.ended)]
        return self._kept["listed",].of(self._under, *self._month_ends[month : month + 2], *dates)

    def _under(self, first: Array, after: Array, *dates: Array) -> Mask:
        under = np.zeros(self.members, dtype=bool)
        for effective, ended in batched(dates, 2):
            under |= (effective < after) & (ended > first)
        return under

    def stopped(self, month: int) -> Array:
        """Share of a route's deliveries that the law stops, (R, M)."""
        return self._after_resourcing("stopped", month, self._book.other_deliveries.at(month))

    def barred_abroad(self, month: int, routes: Array) -> Array:
        """How far the same goods are barred from makers abroad, (routes, M)."""
        others = self._kept["abroad",].of(
            lambda workable, others: around(workable, others, 1.0),
            self.listing_closed(month),
            self._book.other_orders.at(month),
        )
        return others[self.twin[routes]] * (self.twin[routes] >= 0)[:, None]

    def upkeep(self, month: int) -> Array:
        """Share of a route's barred goods that a general licence lets through, (R, M).

        It keeps what is in use running: new products get nothing from it, nor do services,
        which cannot be told apart.
        """
        permitted = self.maintenance_open(month)
        return self._kept["upkeep",].of(np.multiply, permitted, self.resourceable)

    def market_open(self, month: int) -> Array:
        """Share of each market that no ban closes to the focal firm [0..1], (L, G, M)."""
        return self._kept["market",].of(lambda closed: 1.0 - closed, self.market_closed(month))

    def rival_open(self, month: int) -> Array:
        """Share of the rival's products that may be sold in each market [0..1], (L, G, M)."""
        return self._kept["rival",].of(lambda closed: 1.0 - closed, self.rival_closed(month))

    def tools_of(self, foundry: str, month: int) -> Array:
        """Share of each tool type closed to a foundry, (K, M).

        Tools pass as long as one of the foundry's nodes may still buy them: a tool for the
        coarser node also runs the finer one.
        """
        lines = self.foundry_lines[foundry]
        closed = self.tools_closed(month)
        return self._kept["closed", foundry].of(lambda every: every[:, lines].min(axis=1), closed)

    def tools_window_of(self, foundry: str, month: int) -> Array:
        """Share of the month in which a closing is announced for a foundry's tools, (K, M)."""
        lines = self.foundry_lines[foundry]
        window = self.tools_window(month)
        return self._kept["window", foundry].of(lambda every: every[:, lines].max(axis=1), window)

    def tools_share_of(self, foundry: str, month: int) -> Array:
        """Share of all tool types closed to a foundry, (M,)."""
        closed = self.tools_of(foundry, month)
        return self._kept["share", foundry].of(lambda kinds: kinds.mean(axis=0), closed)

    def tools_alarm_of(self, foundry: str, month: int) -> Array:
        """How far a foundry's tools are closed, or announced to be [0..1], (M,)."""
        closed, window = self.tools_of(foundry, month), self.tools_window_of(foundry, month)
        return self._kept["alarm", foundry].of(_closed_or_soon, closed, window)

    def tools_by_foundry(self, month: int) -> Array:
        """Share of each tool type closed to each foundry, (foundries, K, M)."""
        each = [self.tools_of(foundry, month) for foundry in self.foundry_lines]
        return self._kept["closed to",].of(self._by_foundry, *each)

    def tools_window_by_foundry(self, month: int) -> Array:
        """Share of the month in which a closing is announced, (foundries, K, M)."""
        each = [self.tools_window_of(foundry, month) for foundry in self.foundry_lines]
        return self._kept["windows of",].of(self._by_foundry, *each)

    def _by_foundry(self, *each: Array) -> Array:
        return np.array(each).reshape(len(each), len(self._book.scope.tools), self.members)

    def service_of(self, foundry: str, month: int) -> Array:
        """Share of tool service withdrawn from a foundry, (K, M)."""
        lines = self.foundry_lines[foundry]
        closed = self.service_closed(month)
        return self._kept["service", foundry].of(lambda every: every[:, lines].max(axis=1), closed)


def _closed_or_soon(closed: Array, window: Array) -> Array:
    return np.maximum(closed.max(axis=0), window.max(axis=0))


def scope_of(inputs: Inputs) -> Scope:
    """The facts of a case that the law looks at."""
    case = inputs.case
    issuer = sanctioning_country(inputs)
    return Scope(
        focal=_party(inputs, case.focal),
        routes=tuple(_route(inputs, name) for name in case.routes),
        content={issuer: inputs.routes("issuer_content")},
        made_with={issuer: inputs.routes("issuer_tools")},
        tools=tuple(ToolType(name, tool.country) for name, tool in case.tools.items()),
        lines=tuple(
            FoundryLine(_party(inputs, name), node.nm)
            for name, foundry in case.foundries.items()
            for node in foundry.nodes.values()
        ),
        products=tuple(case.lines),
        regions=tuple(Region(name, region.tags) for name, region in case.regions.items()),
        intermediaries=tuple(
            _party(inputs, name) for name, a in case.actors.items() if a.kind == "intermediary"
        ),
        states=tuple(_party(inputs, name) for name in states_abroad(case)),
    )


def sanctioning_country(inputs: Inputs) -> str:
    """Country of the government that sanctions."""
    actors = inputs.case.actors.values()
    return next(a.country for a in actors if a.kind == "sanctioning_government")


def _party(inputs: Inputs, name: str) -> Party:
    actor = inputs.case.actors[name]
    return Party(name, actor.country, actor.tags)


def _route(inputs: Inputs, name: str) -> Route:
    route = inputs.case.routes[name]
    item = inputs.case.items[route.item]
    return Route(
        id=name,
        item=route.item,
        maker=_party(inputs, route.maker),
        origin=route.origin,
        own_design=item.own_design,
        control_class=item.control_class,
        node_nm=item.nm,
    )


def _direct_twins(inputs: Inputs) -> Array:
    """For each route the first direct route of the same item, -1 if there is none."""
    layout = inputs.layout
    direct = np.flatnonzero(inputs.direct[:, 0])
    twins = [direct[layout.route_item[direct] == item] for item in layout.route_item]
    return np.array([t[0] if len(t) else -1 for t in twins], dtype=int)
