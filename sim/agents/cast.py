"""Who plays: one agent for each actor of the case, of the class that its kind calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.competitors import Competitor, DivestedUnit
from sim.agents.firm.firm import FocalFirm
from sim.agents.foundries import HomeFoundry
from sim.agents.fronts import FrontPopulation
from sim.agents.governments import AlliedGovernment, HomeGovernment, SanctioningGovernment
from sim.agents.markets import CarrierMarket, ComputeMarket, ConsumerMarket, Market
from sim.agents.suppliers import Foundry, Supplier
from sim.agents.tools import ToolMaker

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


PLAIN = {
    "focal_firm": FocalFirm,
    "sanctioning_government": SanctioningGovernment,
    "allied_government": AlliedGovernment,
    "third_government": AlliedGovernment,
    "competitor": Competitor,
    "divested_unit": DivestedUnit,
}
SELLERS = {"foundry": Foundry, "supplier": Supplier, "intermediary": FrontPopulation}


def cast_agents(model: SupplyChain) -> None:
    """Create all agents of a model: markets, then actors in the order of the case."""
    case = model.case
    for name, actor in _in_order(model):
        _cast(model, name, actor)
    for market in case.markets:
        lines = [k for k, line in enumerate(case.lines.values()) if line.market == market]
        if lines:
            _market_class(model, lines)(model, market, lines)


def _in_order(model: SupplyChain) -> list[tuple[str, Actor]]:
    # The firm comes first: everybody else reads what it opens with.
    return sorted(model.case.actors.items(), key=lambda entry: entry[0] != model.case.focal)


def _cast(model: SupplyChain, name: str, actor: Actor) -> None:
    if actor.kind == "bystander":
        return  # named by measures, plays no part
    routes = [k for k, maker in enumerate(model.layout.maker) if maker == name]
    if actor.kind in PLAIN:
        PLAIN[actor.kind](model, name, actor)
    elif name in model.case.foundries:
        made = [k for k in routes if model.layout.is_foundry[k]]
        HomeFoundry(model, name, actor, model.case.foundries[name], made)
    elif actor.kind == "tool_maker":
        tools = model.case.tools.values()
        ToolMaker(model, name, actor, [k for k, t in enumerate(tools) if t.maker == name])
    elif actor.kind == "home_government":
        model.home_state = HomeGovernment(model, name, actor)
    else:
        SELLERS[actor.kind](model, name, actor, routes)


def _market_class(model: SupplyChain, lines: list[int]) -> type[Market]:
    specs = [list(model.case.lines.values())[k] for k in lines]
    if any(spec.consumer for spec in specs):
        return ConsumerMarket
    if any(spec.accelerator for spec in specs):
        return ComputeMarket
    return CarrierMarket if any(spec.networks for spec in specs) else Market
