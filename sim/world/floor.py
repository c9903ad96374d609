"""The trading floor: what agents tell each other within a month, as arrays.

Agents never hold each other; they read and write here. Everything is rewritten each month
except the events, which remember the first month in which something happened.
"""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array, Mask
from sim.world.groups import Rows

USUAL, LICENSED = 0, 1
"""Kinds of orders: under the route's usual law, or under a licence."""

EVENTS = (
    "own_advanced_soc_runs_out",
    "domestic_advanced_phone_chip",
    "unit_sold",
    "diversion_detected",
    "operations_stopped",
    "market_left",
    "visible_licensed_product",
    "settlement_accepted",
    "revenue_recovered",
    "suppliers_suffer",
)


class Floor:
    """Offers, orders, demand and events of one month.

    Args:
        routes, items, lines, regions, foundries, tools, members: sizes of the arrays.
    """

    def __init__(
        self,
        *,
        routes: int,
        items: int,
        lines: int,
        regions: int,
        foundries: int,
        tools: int,
        members: int,
    ) -> None:
        self.open = np.ones((routes, members))  # share of a route's trade free of licences
        self.licensed = np.zeros((routes, members))  # share allowed under licences
        self.capacity = np.zeros((routes, members))  # most a maker sells [m units/month]
        self.unit_price = np.zeros((routes, members))  # price of a chip [CNY]
        self.orders = np.zeros((routes, members))  # what the firm orders [m units/month]
        self.started = np.zeros((2, routes, members))  # what makers start, by kind
        self.finished = np.zeros((routes, members))  # dies home foundries finished [m]
        self.dies_per_start = np.zeros((routes, members))  # good dies per 1,000 wafers [m]
        self.delivered = np.zeros((routes, members))  # what arrived [m units]
        self.refused = np.zeros((routes, members))  # what the law kept makers from selling
        self.wafer_starts = np.zeros((routes, members))  # [thousand wafers/month]
        self.tool_orders = np.zeros((foundries, tools, members))  # new this month [systems]
        self.tool_backlog = np.zeros((foundries, tools, members))  # ordered, unshipped [systems]
        self.tool_shipments = np.zeros((foundries, tools, members))  # this month [systems]
        self.claim = np.ones((items, members))  # priority of the item's neediest line
        self.demand = np.zeros((lines, regions, members))  # what buyers want [market units]
        self.sales = np.zeros((lines, regions, members))  # what they got
        self.fill = np.ones((lines, members))  # share of demand that was served
        self.no_five_g = np.zeros((lines, members))  # share of the offer without 5G
        self.lag = np.zeros((lines, members))  # chip generations behind the frontier
        self.scarcity = np.ones((lines, members))  # price against the list price
        self.events = {name: np.full(members, np.nan) for name in EVENTS}

    def tradable(self, routes: Rows = slice(None)) -> Array:
        """Share of a route's trade open freely or under a licence [0..1], (routes, members)."""
        return np.minimum(1.0, self.open[routes] + self.licensed[routes])

    def offers(self) -> Array:
        """What makers may and can sell [m units/month], (routes, members)."""
        return self.capacity * self.tradable()

    def happen(self, event: str, month: int, mask: Mask) -> Mask:
        """Note the first month in which ``mask`` is true; returns where it is new."""
        first = self.events[event]
        new = mask & np.isnan(first)
        first[new] = month
        return new
