"""What all actors share: a name, a country, and a way to the model's common places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


class ActorAgent(mesa.Agent):  # type: ignore[type-arg]
    """An actor of the case on the stage of one model."""

    model: SupplyChain

    def __init__(self, model: SupplyChain, name: str, actor: Actor | None = None) -> None:
        super().__init__(model)
        self.name = name
        self.actor = actor
        self.country = actor.country if actor else ""

    @property
    def month(self) -> int:
        """Index of the current month."""
        return self.model.month

    @property
    def behaviour(self) -> Any:
        """Drawn parameters of behaviour, each (members,)."""
        return self.model.behaviour

    @property
    def switches(self) -> Any:
        """Mechanism switches, each (members,)."""
        return self.model.switches
