"""Tool makers: ship what is ordered as far as the law allows; hurry before a door closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.fabrication import shipped_tools
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


class ToolMaker(ActorAgent):
    """Ships its kinds of tools to the home foundries.

    Args:
        kinds: positions of its kinds among the case's tool types.
    """

    def __init__(self, model: SupplyChain, name: str, actor: Actor, kinds: list[int]) -> None:
        super().__init__(model, name, actor)
        self.kinds = kinds
        self.substitutes = self._substitutes()
        self.price = self._prices()
        self.shipped = np.zeros((len(kinds), model.ensemble.members))  # to all home foundries
        self.lost = np.zeros(model.ensemble.members)  # sales the law cost it [bn USD]

    def ship(self) -> None:
        """Ship to each foundry this month; home-made tools fill a part of what is barred."""
        self.shipped, self.lost = np.zeros_like(self.shipped), np.zeros_like(self.lost)
        for place, foundry in enumerate(self.model.case.foundries):
            for row, kind in enumerate(self.kinds):
                self.shipped[row] += self._ship(foundry, place, row, kind)

    def _ship(self, foundry: str, place: int, row: int, kind: int) -> Array:
        model, p = self.model, self.behaviour.home_foundries
        closed = model.law.tools_of(foundry, self.month)[kind]
        closed = closed * (1.0 - p.covert_tools * self.switches.covert_access)
        window = model.law.tools_window_of(foundry, self.month)[kind]
        backlog = model.floor.tool_backlog[place][kind]
        foreign = shipped_tools(backlog, p.tool_lead, window, p.tool_surge, closed)
        at_home = self._home_share(row)
        substitute = backlog / p.tool_lead * closed * at_home
        self.lost = self.lost + model.floor.tool_orders[place][kind] * closed * self.price[row]
        model.floor.tool_shipments[place][kind] = foreign + substitute
        return foreign

    def _home_share(self, row: int) -> Array:
        """Share of a barred kind of tool that home makers can replace by now [0..1]."""
        start, growth = self.substitutes[row]
        return np.clip(start + growth * self.month / 12.0, 0.0, 1.0)

    def _prices(self) -> list[Array]:
        draws, tools = self.model.inputs.draws, list(self.model.case.tools.items())
        found = (tools[kind] for kind in self.kinds)
        return [draws.quantity(f"tools.{name}.price", tool.price) for name, tool in found]

    def _substitutes(self) -> list[tuple[Array, Array]]:
        draws, tools = self.model.inputs.draws, list(self.model.case.tools.items())
        return [
            (
                draws.quantity(f"tools.{name}.home_substitute", tool.home_substitute),
                draws.quantity(f"tools.{name}.home_growth", tool.home_growth),
            )
            for name, tool in (tools[kind] for kind in self.kinds)
        ]
