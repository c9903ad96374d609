"""The law of a run as the regime keeps it: closures, windows, licences, factors, news."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.policy.closures import Announcements, Closures
from sim.policy.licensing import Licensing
from sim.policy.news import News
from sim.policy.scope import Scope
from sim.policy.timing import Phase, Span
from sim.world.calendar import Array, Calendar, Mask


@dataclass
class Factor:
    """Product of factors of the measures in force."""

    parts: list[tuple[Span, Array]] = field(default_factory=list)

    def at(self, month: int, members: int) -> Array:
        """The product in a month, weighted by days in force, (members,)."""
        total = np.ones(members)
        for span, factor in self.parts:
            if span.active[month]:
                total = total * (1.0 + span.shares[month] * (factor - 1.0))
        return total


@dataclass
class Outlay:
    """Public money [bn USD] paid evenly over some days from the effective date."""

    phase: Phase
    total: Array
    days: Array

    def paid(self, begin: float, end: float) -> Array:
        """Money paid between two ordinals [bn USD], (1,) or (members,)."""
        done = np.clip((np.array([[begin], [end]]) - self.phase.effective) / self.days, 0.0, 1.0)
        return self.total * (done[1] - done[0])


@dataclass
class Book:
    """Everything that is closed, announced, licensed, multiplied, paid or known.

    Routes are (R, members), tools (K, F, members), markets (L, G, members), states (S, members).
    """

    calendar: Calendar
    scope: Scope
    members: int
    spans: dict[str, list[Span]] = field(default_factory=dict)
    acting: set[str] = field(default_factory=set)
    revocations: list[tuple[Phase, Array]] = field(default_factory=list)
    outlays: list[Outlay] = field(default_factory=list)
    entry: Factor = field(default_factory=Factor)
    detection: Factor = field(default_factory=Factor)

    def __post_init__(self) -> None:
        scope, members = self.scope, self.members
        routes = (len(scope.routes), members)
        tools = (len(scope.tools), len(scope.lines), members)
        markets = (len(scope.products), len(scope.regions), members)
        # Suppliers re-source around some listings only, so these are kept apart as well.
        self.orders, self.workable = Closures(routes), Closures(routes)
        self.other_orders, self.other_deliveries = Closures(routes), Closures(routes)
        self.listings, self.upkeep = Closures(routes), Closures(routes)
        self.use = Closures(routes)
        self.resourcing = Closures((members,))
        self.closing = Announcements(self.calendar, routes)
        self.tools, self.service = Closures(tools), Closures(tools)
        self.tool_closing = Announcements(self.calendar, tools)
        self.market, self.rival = Closures(markets, "sum"), Closures(markets)
        self.hazard = Closures(markets)
        self.intermediaries = Closures((len(scope.intermediaries), members))
        self.withheld = Closures((len(scope.states), members))
        self.licensing = Licensing(self.calendar, members)
        self.news = News(self.calendar, members)

    def refresh(self, key: str, members: Mask) -> None:
        """Read a measure's dates anew after an act set them for some members."""
        for span in self.spans.get(key, ()):
            span.refresh(members)
        if key in self.news.items:
            self.news.index(key)
