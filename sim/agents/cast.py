"""Who plays: one agent for each actor of the case, of the class that its kind calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.base import ActorAgent
from sim.agents.competitors import Competitor, DivestedUnit
from sim.agents.firm.firm import FocalFirm
from sim.agents.foundries import HomeFoundry
from sim.agents.fronts import FrontPopulation
from sim.agents.governments import AlliedGovernment, HomeGovernment, SanctioningGovernment
from sim.agents.markets import CarrierMarket, ComputeMarket, ConsumerMarket, Market
from sim.agents.suppliers import Foundry, Supplier
from sim.agents.tools import ToolMaker
from sim.case.plugins import own_agents

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


ROLES: dict[str, type[ActorAgent]] = {
    "focal_firm": FocalFirm,
    "sanctioning_government": SanctioningGovernment,
    "home_government": HomeGovernment,
    "allied_government": AlliedGovernment,
    "third_government": AlliedGovernment,
    "competitor": Competitor,
    "divested_unit": DivestedUnit,
    "foundry": Foundry,
    "home_foundry": HomeFoundry,
    "tool_maker": ToolMaker,
    "supplier": Supplier,
    "intermediary": FrontPopulation,
    "market": Market,
    "consumer_market": ConsumerMarket,
    "carrier_market": CarrierMarket,
    "compute_market": ComputeMarket,
}
"""Who plays which part, unless the case names a class of its own."""


def cast_agents(model: SupplyChain) -> None:
    """Create all agents of a model: actors in the order of the case, then markets.

    Raises:
        ConfigError: if a class that the case names cannot be had, or is none of the kind.
    """
    case = model.case
    cast: dict[str, Any] = own_agents(case.plugins, case.folder, ROLES)
    for name, actor in _in_order(model):
        _cast(model, cast, name, actor)
    for market in case.markets:
        lines = [k for k, line in enumerate(case.lines.values()) if line.market == market]
        if lines:
            cast[_market_role(model, lines)](model, market, lines)


def _in_order(model: SupplyChain) -> list[tuple[str, Actor]]:
    # The firm comes first: everybody else reads what it opens with.
    return sorted(model.case.actors.items(), key=lambda entry: entry[0] != model.case.focal)


def _cast(model: SupplyChain, cast: dict[str, Any], name: str, actor: Actor) -> None:
    if actor.kind == "bystander":
        return  # named by measures, plays no part
    routes = [k for k, maker in enumerate(model.layout.maker) if maker == name]
    if name in model.case.foundries:
        made = [k for k in routes if model.layout.is_foundry[k]]
        cast["home_foundry"](model, name, actor, model.case.foundries[name], made)
    elif actor.kind == "tool_maker":
        tools = model.case.tools.values()
        cast["tool_maker"](model, name, actor, [k for k, t in enumerate(tools) if t.maker == name])
    elif actor.kind == "home_government":
        model.home_state = cast["home_government"](model, name, actor)
    elif actor.kind in ("foundry", "supplier", "intermediary"):
        cast[actor.kind](model, name, actor, routes)
    else:
        cast[actor.kind](model, name, actor)


def _market_role(model: SupplyChain, lines: list[int]) -> str:
    specs = [list(model.case.lines.values())[k] for k in lines]
    if any(spec.consumer for spec in specs):
        return "consumer_market"
    if any(spec.accelerator for spec in specs):
        return "compute_market"
    return "carrier_market" if any(spec.networks for spec in specs) else "market"
