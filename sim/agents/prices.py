"""Prices of the month: chips in CNY by route, products in CNY by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain


class Prices:
    """Exogenous prices by month and member, read through exchange rates."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        case, draws = model.case, model.inputs.draws
        self.fx = draws.series("exchange.cny_per_usd", case.exchange.cny_per_usd)
        self.ntd = draws.series("exchange.ntd_per_usd", case.exchange.ntd_per_usd)
        self.eur = draws.series("exchange.usd_per_eur", case.exchange.usd_per_eur)
        items = [draws.series(f"items.{k}.price", i.price) for k, i in case.items.items()]
        self.items = np.stack(items, axis=1) * self.fx[:, None]  # (months, items, members)
        lines = [draws.series(f"lines.{k}.price", v.price) for k, v in case.lines.items()]
        self.lines = np.stack(lines, axis=1)
        self.factor = model.inputs.routes("price_factor", 1.0)
        self._month, self._by_route = -1, self.factor  # prices along routes of a month

    def of_items(self, month: int) -> Array:
        """Open price by item [CNY], (items, members)."""
        return self.items[month].copy()

    def by_route(self) -> Array:
        """Price along every route this month [CNY], (routes, members); not to be changed."""
        month = self.model.month_or_first
        if self._month != month:
            items = self.items[month].take(self.model.layout.route_item, axis=0)
            self._month, self._by_route = month, items * self.factor
        return self._by_route

    def of_lines(self, month: int) -> Array:
        """List price by line [CNY], (lines, members)."""
        return self.lines[month]

    def usd(self, cny: Array) -> Array:
        """CNY of this month in USD."""
        return cny / self.fx[self.model.month_or_first]

    def cny(self, usd: Array) -> Array:
        """USD of this month in CNY."""
        return usd * self.fx[self.model.month_or_first]

    def in_currency(self, cny: Array, currency: str) -> Array:
        """CNY of this month in the currency of an actor's books."""
        usd = self.usd(cny)
        month = self.model.month_or_first
        per_usd = {"usd": 1.0, "ntd": self.ntd[month], "eur": 1.0 / self.eur[month]}
        return cny if currency == "cny" else usd * per_usd[currency]
