"""How each outcome is read off a model in the month just simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.case.layout import states_abroad
from sim.world.calendar import Array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.agents.foundries import HomeFoundry
    from sim.case.schema import Case
    from sim.model import SupplyChain


def by_segment(model: SupplyChain) -> Array:
    """Revenue by reported segment, old and new reporting, and in total [bn CNY]."""
    by_line = model.firm.money.by_line
    rows = [_segment(model, name) @ by_line for name in segments(model.case)[:-1]]
    return np.stack([*rows, by_line.sum(axis=0)])


def segments(case: Case) -> tuple[str, ...]:
    """Names of the segments, old ones first, and ``total``."""
    names: dict[str, None] = {}
    for old in (True, False):
        for line in case.lines.values():
            names.update(dict.fromkeys(line.old_segment if old else line.new_segment))
    return (*names, "total")


def _segment(model: SupplyChain, name: str) -> Array:
    # A segment of both reportings has the same lines in both.
    lines = model.case.lines.values()
    return np.array([line.new_segment.get(name, line.old_segment.get(name, 0.0)) for line in lines])


def by_reporting_region(model: SupplyChain) -> Array:
    """Revenue by region as the firm reports them [bn CNY]."""
    by_region = model.firm.money.by_region
    regions = list(model.case.regions.values())
    names = dict.fromkeys(region.reporting for region in regions)
    return np.stack(
        [by_region[[r.reporting == name for r in regions]].sum(axis=0) for name in names]
    )


def phones_by_region(model: SupplyChain) -> Array:
    """Phones sold at home, abroad and in all [m units]."""
    phones = model.floor.sales[model.inputs.phone].sum(axis=0)
    home = phones[model.inputs.home_region]
    return np.stack([home, phones.sum(axis=0) - home, phones.sum(axis=0)])


def phones_by_soc(model: SupplyChain) -> Array:
    """Phones by maker of the processor [m units]: own abroad, own at home, bought."""
    own_abroad, own_home, merchant, rerouted = model.firm.sales.by_soc
    return np.stack([own_abroad + rerouted, own_home, merchant])


def phone_shares(model: SupplyChain) -> Array:
    """Share of phones at home, abroad and in the world [0..1]."""
    home = model.inputs.home_region
    size, world = _phone_market(model)
    sold = model.floor.sales[model.inputs.phone].sum(axis=0)
    abroad = (sold.sum(axis=0) - sold[home]) / (size.sum(axis=0) - size[home])
    return np.stack([sold[home] / size[home], abroad, sold.sum(axis=0) / world])


def own_soc_share(model: SupplyChain) -> Array:
    """Share of the world's phone processors of the firm's own design [0..1]."""
    own_abroad, own_home, _, rerouted = model.firm.sales.by_soc
    return (own_abroad + own_home + rerouted) / _phone_market(model)[1]


def _phone_market(model: SupplyChain) -> tuple[Array, Array]:
    """Phones of all vendors by region, and in the world [m units/month]."""
    markets = [m for m in model.markets if model.inputs.phone[m.lines].any()]
    sizes = [m.size[model.month] * m.luck[model.month] for m in markets]
    if not markets:
        nothing = np.full((len(model.layout.regions), model.ensemble.members), np.nan)
        return nothing, nothing[0]
    world = sum(s.sum(axis=0) / m.coverage for m, s in zip(markets, sizes, strict=True))
    return np.sum(sizes, axis=0), np.asarray(world)


def network_share(model: SupplyChain) -> Array:
    """Share of the world's telecom equipment [0..1].

    Markets of networks are as wide as the segment in which the firm reports its networks (A-M03),
    so all that it reports there is its part of them.
    """
    markets = [m for m in model.markets if m.networks]
    if not markets:
        return np.zeros(model.ensemble.members)
    now = model.month
    world = sum((m.size[now] * m.luck[now]).sum(axis=0) / m.coverage for m in markets)
    lines = [list(model.case.lines.values())[k] for m in markets for k in np.unique(m.lines)]
    beside = sum(_segment(model, name) for name in {s for line in lines for s in line.old_segment})
    return np.asarray(beside @ model.firm.money.by_line / world)


def networks(model: SupplyChain, field: str) -> Array:
    """A state of carriers' networks by region, all network markets together."""
    shape = (len(model.layout.regions), model.ensemble.members)
    markets = [getattr(m, field) for m in model.markets if m.networks]
    return np.sum(markets, axis=0) if markets else np.zeros(shape)


def accelerator_share(model: SupplyChain) -> Array:
    """Share of the home market's accelerators [0..1]."""
    markets = [m for m in model.markets if model.inputs.accelerator[m.lines].any()]
    home = model.inputs.home_region
    rows = [m.sales_share()[:, home].sum(axis=0) for m in markets]
    return np.sum(rows, axis=0) if rows else np.zeros(model.ensemble.members)


def stock_values(model: SupplyChain) -> Array:
    """Raw materials and all stock [bn CNY].

    What is held for fear lies all along the chain, as parts, boards and products, in the
    proportions of calm times.
    """
    money, chips = model.firm.money, model.firm.supply.chip_value()
    calm = model.firm.supply.calm_value()
    raw = calm + money.start.raw_share * (chips - calm)
    return np.stack([raw + money.other_parts, chips + money.goods])


def supplier_countries(case: Case) -> tuple[str, ...]:
    """Countries that sell to the firm, and ``total``."""
    actors = case.actors
    makers = [actors[route.maker].country for route in case.routes.values()]
    others = list(case.components.country_shares)
    home = actors[case.focal].country
    return (*dict.fromkeys([*makers, *others, home]), "total")


def purchases(model: SupplyChain) -> Array:
    """Purchases by supplier country and in all [bn USD]."""
    names = supplier_countries(model.case)[:-1]
    out = np.zeros((len(names), model.ensemble.members))
    chips = model.prices.usd(model.floor.delivered * model.floor.unit_price) / 1000.0
    for route, maker in enumerate(model.layout.maker):
        out[names.index(model.case.actors[maker].country)] += chips[route]
    material = model.prices.usd(model.firm.money.material)
    left = np.ones(model.ensemble.members)
    for country, share in model.inputs.part_shares.items():
        out[names.index(country)] += material * share
        left = left - share
    out[names.index(model.firm.country)] += material * left
    return np.concatenate([out, out.sum(axis=0)[None]])


def foundries(case: Case) -> tuple[str, ...]:
    """Foundries that sell to the firm."""
    actors = case.actors
    makers = dict.fromkeys(route.maker for route in case.routes.values())
    return tuple(name for name in makers if actors[name].kind == "foundry")


def foundry_sales(model: SupplyChain) -> Array:
    """Sales to the firm by foundry [bn of the foundry's currency]."""
    value = model.floor.delivered * model.floor.unit_price / 1000.0
    rows = []
    for name in foundries(model.case):
        here = [k for k, maker in enumerate(model.layout.maker) if maker == name]
        total = value[here].sum(axis=0)
        rows.append(model.prices.in_currency(total, model.case.actors[name].currency))
    return np.stack(rows)


def chips(model: SupplyChain) -> Array:
    """Chips by item, origin and stage (ordered, received, used) [m units]."""
    supply = model.firm.supply
    stages = (supply.ordered, supply.received, model.firm.sales.used)
    return np.stack(stages, axis=2)


def accelerators(model: SupplyChain) -> Array:
    """Accelerators by origin of the die and in all [thousand units]."""
    if model.inputs.accelerator_die is None:
        return np.zeros((4, model.ensemble.members))
    used = model.firm.sales.used[model.inputs.accelerator_die] * 1000.0
    abroad, home, rerouted = used[0] + used[1], used[2], used[3]
    return np.stack([abroad, home, rerouted, used.sum(axis=0)])


def nodes(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Home foundries and their nodes."""
    specs = case.foundries
    names = dict.fromkeys(node for spec in specs.values() for node in spec.nodes)
    return tuple(specs), tuple(names)


def wafer_capacity(model: SupplyChain) -> Array:
    """Wafers a foundry can run on a node, if it runs only that [thousand/month]."""
    return _by_node(model, lambda foundry: foundry.capacities())


def yields(model: SupplyChain) -> Array:
    """Share of good dies of a 1 cm2 design in volume production [0..1]."""
    return _by_node(
        model,
        lambda foundry: np.where(
            np.stack([p.running(model.month) for p in foundry.processes]) > 0,
            foundry.yields(),
            np.nan,
        ),
    )


def wafers_started(model: SupplyChain) -> Array:
    """Wafers started by foundry and node, all customers [thousand/month]."""
    return _by_node(model, lambda foundry: np.stack([p.starts for p in foundry.processes]))


def _by_node(model: SupplyChain, read: Callable[[HomeFoundry], Iterable[Array]]) -> Array:
    names, keys = nodes(model.case)
    out = np.full((len(names), len(keys), model.ensemble.members), np.nan)
    for foundry in model.home_foundries:
        values = read(foundry)
        for process, value in zip(foundry.processes, values, strict=True):
            out[names.index(foundry.name), keys.index(process.name)] = value
    return out


def tool_kinds(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds of tools and the countries that make them."""
    tools = case.tools
    return tuple(tools), tuple(dict.fromkeys(tool.country for tool in tools.values()))


def tools_received(model: SupplyChain) -> Array:
    """Foreign tools received by kind and country [systems]; in lithography equivalents."""
    kinds, countries = tool_kinds(model.case)
    out = np.full((len(kinds), len(countries), model.ensemble.members), np.nan)
    for maker in model.tool_makers:
        for row, kind in enumerate(maker.kinds):
            country = model.case.tools[kinds[kind]].country
            out[kind, countries.index(country)] = maker.shipped[row]
    return out


def supplier_losses(model: SupplyChain) -> Array:
    """Sales the law cost suppliers, by country and in all [bn USD]."""
    names = loss_countries(model.case)[:-1]
    out = np.zeros((len(names), model.ensemble.members))
    for supplier in model.suppliers:
        if supplier.country in names:
            out[names.index(supplier.country)] += supplier.lost
    return np.concatenate([out, out.sum(axis=0)[None]])


def loss_countries(case: Case) -> tuple[str, ...]:
    """Countries of suppliers abroad, and ``total``."""
    actors = case.actors
    home = actors[case.focal].country
    return (*(c for c in supplier_countries(case)[:-1] if c != home and _sells(case, c)), "total")


def _sells(case: Case, country: str) -> bool:
    actors, routes = case.actors, case.routes
    return any(actors[route.maker].country == country for route in routes.values())


def allied(case: Case) -> tuple[tuple[str, ...], ...]:
    """Allied and third governments."""
    kinds = ("allied_government", "third_government")
    return (tuple(name for name, actor in case.actors.items() if actor.kind in kinds),)


def burdens(model: SupplyChain) -> Array:
    """Sales that each allied or third state's suppliers lost so far [bn USD]."""
    sums = [government.burden for government in model.allies]
    return np.stack(sums) if sums else np.zeros((0, model.ensemble.members))


def states(case: Case) -> tuple[tuple[str, ...], ...]:
    """All governments abroad."""
    return (states_abroad(case),)


def retaliation(model: SupplyChain) -> Array:
    """What counter-measures cost each state abroad [bn USD]."""
    found = {state.name: state.retaliation for state in [*model.allies, *model.sanctioners]}
    return np.stack([found[name] for name in states_abroad(model.case)])


def tool_losses(model: SupplyChain) -> Array:
    """Tool sales that controls cost, by country of the maker [bn USD]."""
    countries = tool_countries(model.case)[0]
    out = np.zeros((len(countries), model.ensemble.members))
    for maker in model.tool_makers:
        if maker.country in countries:
            out[countries.index(maker.country)] += maker.lost
    return out


def tool_countries(case: Case) -> tuple[tuple[str, ...], ...]:
    """Countries of tool makers."""
    return (tuple(dict.fromkeys(case.actors[tool.maker].country for tool in case.tools.values())),)


def rival_sales(model: SupplyChain) -> Array:
    """Sales of competitors and of the divested unit [bn CNY]."""
    sales = [r.revenue for r in [*model.rivals, *model.divested]]
    return np.stack(sales) if sales else np.zeros((0, model.ensemble.members))


def rivals(case: Case) -> tuple[str, ...]:
    """Names of competitors, then of the divested unit."""
    actors = case.actors.items()
    named = [k for k, a in actors if a.kind == "competitor"]
    return (*named, *(k for k, a in actors if a.kind == "divested_unit"))
