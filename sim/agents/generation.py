"""Chip generations: how far behind the frontier the firm's processors are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain


class Generations:
    """Frontier by month, and the generation of chips by origin; counted from the first step."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        months = model.calendar.months
        steps = [model.calendar.month_of(step.month) for step in model.case.frontier]
        when = np.arange(months)[:, None]
        self.frontier = (when >= np.array(steps)[None]).sum(axis=1) - 1.0  # (months,)
        self.bought = np.full(model.ensemble.members, self.frontier[0])

    def follow(self) -> None:
        """While orders abroad are open, the firm's newest designs stay at the frontier."""
        model = self.model
        free = model.floor.open[model.inputs.leading_routes].max(axis=0, initial=0.0)
        front = self.frontier[model.month]
        self.bought = np.where(free > 0.5, front, self.bought)

    def lag(self, items: Array, mix: Array) -> Array:
        """Generations behind the frontier of some items, (some items, members).

        Args:
            items: their positions.
            mix: shares of origins in this month's use of each, (some items, origins, members).
        """
        front = self.frontier[self.model.month]
        abroad = np.maximum(front - self.bought, 0.0)
        at_home = np.maximum(front - self.at_home(), 0.0)
        lag = mix[:, 0] * abroad + mix[:, 1] * abroad + mix[:, 2] * at_home + mix[:, 3] * abroad
        return np.where(self.model.inputs.leading[items], lag, 0.0)

    def at_home(self) -> Array:
        """Generation of the finest node at home that makes leading designs, (members,)."""
        best = np.zeros(self.model.ensemble.members)
        for foundry in self.model.home_foundries:
            for process in foundry.leading:
                running = process.running(self.model.month)
                best = np.maximum(best, running * process.generation)
        return best
