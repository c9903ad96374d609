"""The facts of a case that the law looks at: who is who, and what each route contains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sim.world.calendar import Array


@dataclass(frozen=True)
class Party:
    """Somebody whom a measure may name: by id, by country or by one of the tags."""

    id: str
    country: str
    tags: tuple[str, ...] = ()

    def named_in(self, targets: Collection[str]) -> bool:
        """Whether ``targets`` name this party."""
        return any(name in targets for name in (self.id, self.country, *self.tags))


@dataclass(frozen=True)
class Route:
    """One way to the focal firm for one item.

    A ``direct`` route is reached by measures that name the focal firm, a ``rerouted`` one by
    measures that name the intermediary it runs through (``via``, or any intermediary if none
    is given), a ``domestic`` one by none: foreign law does not bind makers at home.
    """

    id: str
    item: str
    maker: Party
    origin: Literal["direct", "domestic", "rerouted"] = "direct"
    own_design: bool = False
    control_class: Literal["low", "high"] = "low"
    node_nm: float = np.inf
    via: Party | None = None


@dataclass(frozen=True)
class ToolType:
    """A type of chip-making tool and the country that controls its sale."""

    id: str
    country: str


@dataclass(frozen=True)
class FoundryLine:
    """One process node of one foundry."""

    foundry: Party
    node_nm: float


@dataclass(frozen=True)
class Region:
    """A market region; the tags hold the countries that measures may name."""

    id: str
    tags: tuple[str, ...] = ()

    def named_in(self, targets: Collection[str]) -> bool:
        """Whether ``targets`` name this region."""
        return any(name in targets for name in (self.id, *self.tags))


@dataclass(frozen=True)
class Scope:
    """What the regime needs to know of a case.

    Args:
        focal: the sanctioned firm.
        routes: ways by which items reach it (R).
        content: country -> share of each route that is that country's produce [0..1],
            (R, 1) or (R, members). A country that is missing counts its own makers in full.
        made_with: country -> share of each route made with that country's tools or software
            [0..1], (R, 1) or (R, members); missing as in ``content``.
        tools: tool types (K).
        lines: lines of the foundries that buy tools (F).
        products: product lines of the focal firm (L).
        regions: market regions (G).
        intermediaries: who may order on the focal firm's behalf (I).
        states: governments abroad (S).
    """

    focal: Party
    routes: tuple[Route, ...] = ()
    content: Mapping[str, Array] = field(default_factory=dict)
    made_with: Mapping[str, Array] = field(default_factory=dict)
    tools: tuple[ToolType, ...] = ()
    lines: tuple[FoundryLine, ...] = ()
    products: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    intermediaries: tuple[Party, ...] = ()
    states: tuple[Party, ...] = ()

    def hit(self, targets: Collection[str]) -> bool:
        """Whether ``targets`` name the focal firm."""
        return self.focal.named_in(targets)

    def produce(self, issuers: Collection[str]) -> Array:
        """Share of each route that is the issuers' produce, (R, 1 or members)."""
        return self._share(self.content, issuers)

    def tooled(self, issuers: Collection[str]) -> Array:
        """Share of each route made with the issuers' tools, (R, 1 or members)."""
        return self._share(self.made_with, issuers)

    def made_in(self, issuers: Collection[str]) -> Array:
        """Mask of routes whose maker belongs to the issuers, (R, 1)."""
        return _column(route.maker.country in issuers for route in self.routes)

    def _share(self, facts: Mapping[str, Array], issuers: Collection[str]) -> Array:
        total = np.zeros((len(self.routes), 1))
        for country in issuers:
            home = [[float(route.maker.country == country)] for route in self.routes]
            total = total + facts.get(country, np.array(home).reshape(-1, 1))
        return np.minimum(total, 1.0)

    def direct(self, targets: Collection[str]) -> Array:
        """Mask of the direct routes to the focal firm if it is named, (R, 1)."""
        named = self.hit(targets)
        return _column(named and route.origin == "direct" for route in self.routes)

    def rerouted(self, targets: Collection[str]) -> Array:
        """Mask of the rerouted routes whose intermediary is named, (R, 1)."""
        return _column(
            route.origin == "rerouted" and self._via_named(route, targets) for route in self.routes
        )

    def _via_named(self, route: Route, targets: Collection[str]) -> bool:
        parties = self.intermediaries if route.via is None else (route.via,)
        return any(party.named_in(targets) for party in parties)

    def items(self, names: Collection[str], max_node_nm: float | None = None) -> Array:
        """Mask of routes for these items (all if none) at this node or finer, (R, 1)."""
        finest = np.inf if max_node_nm is None else max_node_nm
        return _column(
            (not names or route.item in names) and (max_node_nm is None or route.node_nm <= finest)
            for route in self.routes
        )

    def markets(self, products: Collection[str], regions: Collection[str]) -> Array:
        """Mask of markets: these product lines in these regions (all if none), (L, G, 1)."""
        sold = np.array([not products or name in products for name in self.products])
        where = np.array([not regions or region.named_in(regions) for region in self.regions])
        return (sold[:, None] & where[None, :]).astype(float)[..., None]


def _column(flags: Iterable[bool]) -> Array:
    return np.array([float(flag) for flag in flags]).reshape(-1, 1)
