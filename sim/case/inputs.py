"""All inputs of a run as arrays over members, and the flags that sort lines, items, regions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.case.draw import Draws
from sim.case.layout import Layout
from sim.case.schema import Case
from sim.world.calendar import Array, Calendar
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity


class Inputs:
    """Reads a case for one ensemble: what the agents start from.

    Flags have a trailing member axis of length one where they meet arrays over members.
    """

    def __init__(self, case: Case, ensemble: Ensemble, calendar: Calendar, layout: Layout) -> None:
        self.case, self.ensemble, self.calendar, self.layout = case, ensemble, calendar, layout
        self.draws = Draws(ensemble, calendar)
        self._sort_lines()
        self._sort_items()
        self._sort_regions()
        self._sort_routes()

    # Numbers by route, item, line, need and market.

    def routes(self, field: str, default: float = 0.0) -> Array:
        """A quantity of every route, (routes, members); the default where a route has none."""
        found = self.some_routes(field, range(len(self.layout.routes)))
        given = [getattr(route, field) is not None for route in self.case.routes.values()]
        return np.where(np.array(given)[:, None], found, default)

    def some_routes(self, field: str, routes: Sequence[int]) -> Array:
        """A quantity of some routes, (routes, members); 0 where a route has none."""
        rows = [
            self._optional(f"routes.{name}.{field}", getattr(self.case.routes[name], field))
            for name in (self.layout.routes[r] for r in routes)
        ]
        return np.stack(rows) if rows else np.zeros((0, self.ensemble.members))

    def items(self, field: str) -> Array:
        """A quantity of every item, (items, members)."""
        quantities = {name: getattr(item, field) for name, item in self.case.items.items()}
        return np.stack([self._optional(f"items.{k}.{field}", q) for k, q in quantities.items()])

    def actor(self, name: str, field: str) -> Array:
        """A quantity of an actor, (members,); 0 where it has none."""
        return self._optional(f"actors.{name}.{field}", getattr(self.case.actors[name], field))

    def firm_share(self, maker: str) -> Array:
        """Share of a maker's sales that the firm buys at first [0..1], (members,); else 1."""
        share = self.actor(maker, "firm_share")
        return np.where(share > 0, share, 1.0)

    def lines(self, field: str, lines: Sequence[int] | None = None) -> Array:
        """A quantity of every line or of some, (lines, members); 0 where a line has none."""
        names = self._line_names(lines)
        quantities = {name: getattr(self.case.lines[name], field) for name in names}
        return np.stack([self._optional(f"lines.{k}.{field}", q) for k, q in quantities.items()])

    def _line_names(self, lines: Sequence[int] | None) -> list[str]:
        names = list(self.case.lines)
        return names if lines is None else [names[k] for k in lines]

    def needs(self) -> Array:
        """Chips per unit, then usual shares of stand-ins, (needs, members)."""
        lines = self.case.lines
        fixed = [(f"lines.{k}.bill.{i}", lines[k].bill[i]) for k, i in self.layout.fixed]
        either = [
            (f"lines.{k}.processor.{i}", lines[k].processor[i]) for k, i in self.layout.either
        ]
        must = [self._optional(path, q) for path, q in fixed]
        return np.stack(must + list(self._split_processors(either)))

    def _split_processors(self, either: list[tuple[str, Quantity]]) -> Array:
        """Stand-ins by (line, item) pair; draws shift the mix, not the chips per unit."""
        if not either:
            return np.zeros((0, self.ensemble.members))
        drawn = np.stack([self._optional(path, q) for path, q in either])
        by_line = self.layout.either_of_line
        usual = by_line.sum(np.array([[q.value] for _, q in either]))
        scale = usual / np.maximum(by_line.sum(drawn), 1e-300)
        return drawn * by_line.spread(scale)

    def shares(self, field: str, lines: Sequence[int] | None = None) -> Array:
        """Market shares by line and region, (lines, regions, members); 0 where absent.

        Args:
            field: which shares.
            lines: positions of the lines; all if not given.
        """
        names = self._line_names(lines)
        out = np.zeros((len(names), len(self.layout.regions), self.ensemble.members))
        for row, name in enumerate(names):
            for region, quantity in getattr(self.case.lines[name], field).items():
                path = f"lines.{name}.{field}.{region}"
                out[row, self.layout.region[region]] = self.draws.quantity(path, quantity)
        return out

    def market_sizes(self, market: str) -> Array:
        """Size of a market per month, (months, regions, members)."""
        spec = self.case.markets[market]
        first = self.calendar.start.month - 1
        season = np.array(spec.seasonality)[(first + np.arange(self.calendar.months)) % 12]
        shape = (self.calendar.months, len(self.layout.regions), self.ensemble.members)
        out = np.zeros(shape)
        for region, series in spec.regions.items():
            path = f"markets.{market}.regions.{region}"
            out[:, self.layout.region[region]] = self.draws.series(path, series)
        return out * season[:, None, None] / 12.0

    def market_luck(self, market: str, yearly: Array) -> Array:
        """A slowly moving factor on a market, mean one, (months, members)."""
        shocks = self.ensemble.normal(f"market:{market}", self.calendar.months)
        log = np.zeros_like(shocks)
        level = np.zeros(self.ensemble.members)
        for month, shock in enumerate(shocks):
            level = LUCK_MEMORY * level + np.sqrt(1.0 - LUCK_MEMORY**2) * shock
            log[month] = level
        return np.exp(yearly * log - 0.5 * yearly**2)

    def luck(self, stream: str) -> Array:
        """One uniform number a member, (members,)."""
        return self.ensemble.uniform(stream)[0]

    def _optional(self, path: str, quantity: Quantity | None) -> Array:
        if quantity is None:
            return np.zeros(self.ensemble.members)
        return self.draws.quantity(path, quantity)

    # Flags.

    def _sort_lines(self) -> None:
        lines = self.case.lines.values()
        self.consumer = np.array([[line.consumer] for line in lines])
        self.phone = np.array([line.phone for line in lines])
        self.divestible = np.array([line.divestible for line in lines])
        parts = self.case.components.country_shares.items()
        self.part_shares = {
            country: self.draws.quantity(f"components.country_shares.{country}", share)
            for country, share in parts
        }
        self.accelerator = np.array([line.accelerator for line in lines])

    def _sort_items(self) -> None:
        items = list(self.case.items.values())
        self.five_g = np.array([[item.five_g] for item in items])
        self.own_design = np.array([item.own_design for item in items])
        self.leading = np.array([[item.leading_edge] for item in items])
        self.crucial = np.array([[item.crucial] for item in items])
        dies = [
            self.layout.item[item]
            for line in self.case.lines.values()
            for item in line.bill
            if line.accelerator and self.case.items[item].own_design
        ]
        self.accelerator_die = dies[0] if dies else None
        own = [k for k, item in enumerate(items) if item.leading_edge and item.own_design]
        self.own_leading = np.array(own, dtype=int)
        self.designed_out = self.items("designed_out")[self.layout.need_item]
        licensed = [not i.own_design and i.control_class == "low" and i.shows for i in items]
        self.shows_licence = np.flatnonzero(licensed)

    def _sort_regions(self) -> None:
        regions = self.case.regions.items()
        self.home_region = next(k for k, (_, r) in enumerate(regions) if r.home)
        self.at_home = np.array([r.home for _, r in regions], dtype=float)[None, :, None]
        self.abroad = 1.0 - self.at_home
        paths = [(f"regions.{name}", region) for name, region in regions]
        self.buyers_want_5g = np.stack(
            [self.draws.series(f"{p}.five_g", r.five_g) for p, r in paths], axis=1
        )
        self.platform_dependence = np.stack(
            [
                self.draws.quantity(f"{p}.platform_dependence", r.platform_dependence)
                for p, r in paths
            ]
        )

    def _sort_routes(self) -> None:
        layout = self.layout
        direct = np.array([origin == "direct" for origin in layout.origin])
        self.direct = direct[:, None]
        self.leading_routes = np.flatnonzero(direct & np.isin(layout.route_item, self.own_leading))
        self.licensed_shows = np.flatnonzero(np.isin(layout.route_item, self.shows_licence))
        parts = np.flatnonzero(self.items("designed_out").max(axis=1) > 0)
        self.upkeep_routes = np.flatnonzero(direct & np.isin(layout.route_item, parts))
        platform = layout.item[self.case.platform]
        self.platform_routes = np.flatnonzero(layout.route_item == platform)
        limits = [
            self.draws.series(f"routes.{k}.capacity", r.capacity) if r.capacity else None
            for k, r in self.case.routes.items()
        ]
        shape = (self.calendar.months, self.ensemble.members)
        endless = np.full(shape, np.inf)
        industry = self.case.industry
        self.utilisation = self.draws.series("industry.utilisation", industry.utilisation)
        self.route_limit = np.stack([endless if x is None else x for x in limits], axis=1)


LUCK_MEMORY = 0.9  # monthly memory of market luck: half of it is gone in seven months
