"""Competitors: they take what the firm cannot serve, and lose what bans give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


class Competitor(ActorAgent):
    """Sells a fixed part of what the firm leaves on each line; revenue per month [bn CNY]."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        path = f"actors.{name}.rivals"
        self.part = {
            model.layout.line[line]: model.inputs.draws.quantity(f"{path}.{line}", share)
            for line, share in actor.rivals.items()
        }
        self.revenue = np.zeros(model.ensemble.members)

    def sell(self) -> None:
        """Take its part of what the market buys elsewhere this month."""
        model = self.model
        price = model.prices.of_lines(self.month)
        total = np.zeros_like(self.revenue)
        for line, part in self.part.items():
            market = next(m for m in model.markets if line in m.bought_lines)
            left = market.left_over() * model.law.rival_open(self.month)[line]
            total += part * left.sum(axis=0) * price[line] / 1000.0
        self.revenue = total


class DivestedUnit(ActorAgent):
    """The unit once sold: free of the listing, it rebuilds its sales on its own chips."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        self.revenue = np.zeros(model.ensemble.members)
        self.strength = np.zeros(model.ensemble.members)  # of its old demand it serves [0..1]

    def sell(self) -> None:
        """Sell to its old buyers as its own supply recovers over a year."""
        sold = 1.0 - self.model.firm.sales.owns_unit
        self.strength += (sold - self.strength) / 12.0
        self.revenue = self.strength * self.model.firm.money.unit_revenue / 12.0
