"""Tool makers: ship what is ordered as far as the law allows; hurry before a door closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.fabrication import shipped_tools
from sim.world.calendar import Array
from sim.world.groups import rows_at

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
        self.rows = rows_at(kinds)
        self.price = self._numbers("price")
        self.home_start = self._numbers("home_substitute")
        self.home_growth = self._numbers("home_growth")
        self.shipped = np.zeros((len(kinds), model.ensemble.members))  # to all home foundries
        self.lost = np.zeros(model.ensemble.members)  # sales the law cost it [bn USD]

    def ship(self) -> None:
        """Ship to each foundry this month; home-made tools fill a part of what is barred."""
        p, law, floor = self.behaviour.home_foundries, self.model.law, self.model.floor
        closed = law.tools_by_foundry(self.month)[:, self.rows]
        closed = closed * (1.0 - p.covert_tools * self.switches.covert_access)
        window = law.tools_window_by_foundry(self.month)[:, self.rows]
        backlog = floor.tool_backlog[:, self.rows]  # (foundries, kinds, members)
        foreign = shipped_tools(backlog, p.tool_lead, window, p.tool_surge, closed)
        substitute = backlog / p.tool_lead * closed * self._home_share()
        floor.tool_shipments[:, self.rows] = foreign + substitute
        self.shipped = foreign.sum(axis=0)
        lost = floor.tool_orders[:, self.rows] * closed * self.price
        self.lost = lost.reshape(-1, lost.shape[-1]).sum(axis=0)

    def _home_share(self) -> Array:
        """Share of a barred kind of tool that home makers can replace by now [0..1]."""
        return (self.home_start + self.home_growth * self.month / 12.0).clip(0.0, 1.0)

    def _numbers(self, field: str) -> Array:
        """A quantity of each of its kinds of tools, (kinds, members)."""
        draws, tools = self.model.inputs.draws, list(self.model.case.tools.items())
        own = [tools[kind] for kind in self.kinds]
        rows = [draws.quantity(f"tools.{name}.{field}", getattr(t, field)) for name, t in own]
        return np.array(rows).reshape(len(rows), self.model.ensemble.members)
