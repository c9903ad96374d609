"""Intermediaries: a population of front designers who order abroad for the barred firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.evasion import detection_hazard, worth_entering
from sim.world.calendar import Array
from sim.world.floor import USUAL

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


class FrontPopulation(ActorAgent):
    """Many fronts as arrays (fronts, members): idle, being set up, trading, found out."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor, routes: list[int]) -> None:
        super().__init__(model, name, actor)
        spec = model.case.intermediaries
        self.routes = np.array(routes, dtype=int)
        same = [k for k, a in model.case.actors.items() if a.kind == "intermediary"]
        self.place = same.index(name)  # among the intermediaries that the law knows
        self.numbers = model.inputs.draws.group("intermediaries", spec)
        shape = (spec.count, model.ensemble.members)
        luck = model.ensemble.normal("front size", spec.count)
        self.size = self.numbers.capacity * np.exp(self.numbers.capacity_spread * luck)
        self.taste = np.exp(0.5 * model.ensemble.normal("front taste", spec.count))
        self.wait = np.full(shape, np.inf)  # months until trading; inf: has not entered
        self.idle = np.zeros(shape)  # months before it may enter again
        self.trading = np.zeros(shape)
        self.diverted = np.zeros(model.ensemble.members)  # dies started this month [m]
        self.detections = np.zeros(model.ensemble.members)  # fronts found out this month
        self.luck = model.ensemble.uniform("detection", model.calendar.months * spec.count).reshape(
            model.calendar.months, *shape
        )
        items = model.layout.route_item[self.routes]
        self.visible = model.inputs.items("visible")[items].max(axis=0, initial=0.0)
        self.case_known = np.zeros(model.ensemble.members)

    def make_offer(self) -> None:
        """Enter where it pays, and offer what the trading fronts can order."""
        floor, here = self.model.floor, self.routes
        if not len(here):
            return
        self._enter()
        closed = self.model.law.orders_closed(self.month)[here]
        listed = self.model.law.intermediary_closed(self.month)[self.place]
        allowed = self.switches.rerouting * (1.0 - closed) * (1.0 - listed)
        floor.open[here] = allowed * (self.trading.sum(axis=0) > 0)
        floor.capacity[here] = (self.trading * self.size).sum(axis=0) / len(here)
        mark_up = 1.0 + self.numbers.markup
        floor.unit_price[here] = self.model.prices.by_route()[here] * mark_up

    def pass_on_orders(self) -> None:
        """Order abroad in its own name what the firm ordered from it."""
        floor, here = self.model.floor, self.routes
        floor.started[:, here] = 0.0
        floor.started[USUAL, here] = floor.orders[here]
        self.diverted = floor.orders[here].sum(axis=0)

    def face_detection(self) -> None:
        """Some are found out; the foundry then stops whoever looks alike."""
        volume = self.trading * self.size * self._use_of_capacity()
        visible = self.visible
        hazard = detection_hazard(
            self.numbers.detection,
            volume,
            self.numbers.capacity,
            visible,
            self._enforcement(),
        )
        caught = (self.luck[self.month] < hazard) & (self.trading > 0) & (volume > 0)
        self.detections = caught.sum(axis=0).astype(float)
        found = self.detections > 0
        self.model.floor.happen("diversion_detected", self.month, found)
        self.case_known = np.where(found, 1.0, self.case_known)
        self._close(np.where(found, self.trading, caught))

    def _enter(self) -> None:
        self.idle = np.maximum(self.idle - 1.0, 0.0)
        self.wait = self.wait - 1.0
        self.trading = ((self.wait <= 0) & (self.idle <= 0)).astype(float)
        gain = self._gain() * self.taste
        factor = self.model.law.entry_factor(self.month)
        enters = (gain * factor * self.switches.rerouting > 1.0) & np.isinf(self.wait)
        enters &= self.idle <= 0
        self.wait = np.where(enters, self.numbers.setup_months, self.wait)

    def _gain(self) -> Array:
        """What opening a front would bring, in units of what it costs, (fronts, members)."""
        model, n = self.model, self.numbers
        items = model.layout.route_item[self.routes]
        unmet = model.firm.supply.sought[items].sum(axis=0)
        price = model.floor.unit_price[self.routes].mean(axis=0)
        price = np.where(price > 0, price, model.prices.by_route()[self.routes].mean(axis=0))
        trade = np.minimum(self.size, unmet) * price / 1000.0
        hazard = n.detection * self._enforcement()
        return worth_entering(trade, n.markup, hazard, n.penalty, n.setup_cost, n.risk_aversion)

    def _enforcement(self) -> Array:
        known = 1.0 + (self.numbers.vigilance - 1.0) * self.case_known
        return known * self.model.law.detection_factor(self.month)

    def _use_of_capacity(self) -> Array:
        most = (self.trading * self.size).sum(axis=0)
        return np.minimum(1.0, self.diverted / np.maximum(most, 1e-300))

    def _close(self, closing: Array) -> None:
        stops = closing > 0
        self.wait = np.where(stops, np.inf, self.wait)
        self.idle = np.where(stops, self.numbers.reentry_months, self.idle)
        self.trading = np.where(stops, 0.0, self.trading)
