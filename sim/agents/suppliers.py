"""Makers abroad who sell to the firm: suppliers and foundries under foreign law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.stock import sold_to_others
from sim.world.calendar import Array
from sim.world.floor import LICENSED, USUAL

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain

FORGETTING = 0.02  # monthly loss of a maker's base when orders stay away


class Supplier(ActorAgent):
    """Sells along its routes as far as the law, its own caution and its capacity allow.

    Args:
        routes: positions of its routes in the model's arrays.
    """

    def __init__(self, model: SupplyChain, name: str, actor: Actor, routes: list[int]) -> None:
        super().__init__(model, name, actor)
        self.routes = np.array(routes, dtype=int)
        shape = (len(routes), model.ensemble.members)
        self.base = np.zeros(shape)  # usual monthly sales [m units]
        self.for_others = np.zeros(shape)  # what other customers buy a month [m units]
        self.months_barred = np.zeros(shape)  # since the law first closed a part
        self.lost = np.zeros(model.ensemble.members)  # sales the law cost it [bn USD]

    def open_for_business(self) -> None:
        """Start from the sales that were agreed for the firm's first year."""
        supply = self.model.firm.supply
        self.base = supply.usual_orders(supply.agreed)[self.routes]
        share = self.model.inputs.firm_share(self.name)
        self.for_others = sold_to_others(self.base, share)

    def make_offer(self) -> None:
        """Say what it can sell this month, freely and under licence."""
        barred = self._barred()
        floor, here = self.model.floor, self.routes
        floor.open[here] = (1.0 - barred) * (1.0 - self._caution()) * self._discreet()
        floor.licensed[here] = barred * self._allowed_all_the_same()
        floor.capacity[here] = self._capacity()
        floor.unit_price[here] = self.model.prices.of_routes(here)

    def accept_orders(self) -> None:
        """Start what was ordered and may be sold; remember it as usual business."""
        floor, here = self.model.floor, self.routes
        offered = floor.open[here] + floor.licensed[here]
        freely = floor.open[here] / np.maximum(offered, 1e-300)
        ordered = floor.orders[here]
        floor.started[USUAL, here] = ordered * freely
        floor.started[LICENSED, here] = ordered * (1.0 - freely)
        self._remember(ordered)

    def count_losses(self) -> None:
        """Value of sales that the law, not the market, kept it from [bn USD]."""
        usd = self.model.prices.usd(self.model.floor.unit_price[self.routes])
        self.lost = (self.model.floor.refused[self.routes] * usd).sum(axis=0) / 1000.0

    def _barred(self) -> Array:
        """Share of its trade with the firm that the law bars [0..1], (routes, members)."""
        barred = self.model.law.barred(self.month)[self.routes]
        self.months_barred += barred > 0
        return barred

    def _caution(self) -> Array:
        """Sales stopped beyond the legal need [0..1], high at first."""
        p = self.behaviour.suppliers
        early = self.months_barred <= p.over_compliance_months
        caution = np.where(early, p.over_compliance, p.over_compliance_late)
        return np.where(self.months_barred > 0, caution, 0.0)

    def _discreet(self) -> Array:
        """Routes through others' hands exist only as far as the firm reroutes [0..1]."""
        rerouted = self.model.layout.rerouted[self.routes][:, None]
        return np.where(rerouted, self.switches.rerouting, 1.0)

    def _allowed_all_the_same(self) -> Array:
        """Share of barred goods that licences and maintenance permits let through [0..1]."""
        # A general licence keeps what is in use running; new products get nothing from it.
        goods = self.model.law.resourceable[self.routes]  # services cannot be told apart
        permitted = self.model.law.maintenance_open(self.month)[self.routes] * goods
        maintenance = permitted * self.behaviour.suppliers.upkeep_share
        return np.minimum(1.0, self.model.licences.in_use[self.routes] + maintenance)

    def _capacity(self) -> Array:
        """What it could sell in a month if it sold all it may [m units], (routes, members)."""
        floor, here = self.model.floor, self.routes
        free, licensed = floor.open[here], floor.licensed[here]
        rush = self.base + self.behaviour.stock.diverted * self.for_others
        # A licence names quantities, those of usual trade: nobody rushes under it.
        mixed = (free * rush + licensed * self.base) / np.maximum(free + licensed, 1e-300)
        most = np.where(licensed > 0, mixed, rush)
        limit = self.model.inputs.route_limit[self.month][self.routes]
        return np.where(np.isfinite(limit), limit, most)

    def _remember(self, ordered: Array) -> None:
        growing = ordered > self.base
        speed = np.where(growing, self.behaviour.stock.slack_growth, FORGETTING)
        self.base += speed * (ordered - self.base)


class Foundry(Supplier):
    """A foundry abroad: makes the firm's own designs to order, under foreign law."""
