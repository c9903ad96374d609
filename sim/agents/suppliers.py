"""Makers abroad who sell to the firm: suppliers and foundries under foreign law."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.stock import rush_room, sold_to_others
from sim.world.calendar import Array
from sim.world.floor import LICENSED, USUAL
from sim.world.groups import rows_at

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
        self.here = rows_at(routes)
        self.limited = bool(np.isfinite(model.inputs.route_limit[:, self.here]).any())
        self.rerouted = model.layout.rerouted[self.here][:, None]
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
        floor, here = self.model.floor, self.here
        floor.open[here] = (1.0 - barred) * (1.0 - self._caution()) * self._discreet()
        floor.licensed[here] = barred * self._allowed_all_the_same()
        floor.capacity[here] = self._capacity()
        floor.unit_price[here] = self.model.prices.by_route()[here]

    def accept_orders(self) -> None:
        """Start what was ordered and may be sold; remember it as usual business."""
        floor, here = self.model.floor, self.here
        offered = floor.open[here] + floor.licensed[here]
        freely = floor.open[here] / np.maximum(offered, 1e-300)
        ordered = floor.orders[here]
        floor.started[USUAL, here] = ordered * freely
        floor.started[LICENSED, here] = ordered * (1.0 - freely)
        self._remember(ordered)

    def count_losses(self) -> None:
        """Value of sales that the law, not the market, kept it from [bn USD]."""
        usd = self.model.prices.usd(self.model.floor.unit_price[self.here])
        self.lost = (self.model.floor.refused[self.here] * usd).sum(axis=0) / 1000.0

    def _barred(self) -> Array:
        """Share of its trade with the firm that the law bars [0..1], (routes, members)."""
        barred = self.model.law.barred(self.month)[self.here]
        self.months_barred += barred > 0
        return barred

    def _caution(self) -> Array:
        """Sales stopped beyond the legal need [0..1], high at first."""
        p = self.behaviour.suppliers
        early = self.months_barred <= p.over_compliance_months
        caution = np.where(early, p.over_compliance, p.over_compliance_late)
        return np.where(self.months_barred > 0, caution, 0.0)

    def _discreet(self) -> Array | float:
        """Routes through others' hands exist only as far as the firm reroutes [0..1]."""
        if not self.rerouted.any():
            return 1.0
        return np.where(self.rerouted, self.switches.rerouting, 1.0)

    def _allowed_all_the_same(self) -> Array:
        """Share of barred goods that licences and maintenance permits let through [0..1]."""
        return self.model.licences.let_through(self.month)[self.here]

    def _capacity(self) -> Array:
        """What it could sell in a month if it sold all it may [m units], (routes, members)."""
        floor, here = self.model.floor, self.here
        free, licensed = floor.open[here], floor.licensed[here]
        in_use = self.model.inputs.utilisation[self.month]
        diverted = self.behaviour.stock.diverted
        rush = rush_room(self.base, self.for_others, diverted, in_use)
        # A licence names quantities, those of usual trade: nobody rushes under it.
        mixed = (free * rush + licensed * self.base) / np.maximum(free + licensed, 1e-300)
        most = np.where(licensed > 0, mixed, rush)
        if not self.limited:
            return most
        limit = self.model.inputs.route_limit[self.month, here]
        return np.where(np.isfinite(limit), limit, most)

    def _remember(self, ordered: Array) -> None:
        """Usual sales follow orders; what a licence leaves out is no order that stayed away."""
        floor, here = self.model.floor, self.here
        could = self.base * np.where(floor.licensed[here] > 0, floor.tradable(here), 1.0)
        growing = np.maximum(ordered - self.base, 0.0) * self.behaviour.stock.slack_growth
        self.base += growing - FORGETTING * np.maximum(could - ordered, 0.0)


class Foundry(Supplier):
    """A foundry abroad: makes the firm's own designs to order, under foreign law."""
