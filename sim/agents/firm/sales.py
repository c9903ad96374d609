"""The firm's sales desk: what to build from the chips at hand, for whom, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.allocation import allowance, buildable, ration, stand_ins
from sim.rules.demand import scarcity_price
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain

DOMESTIC = 2  # position of home-made chips in the ledger's origins
LICENSED = 1


class SalesDesk:
    """Bills of chips, rationing, and what was sold; arrays by line or need."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        layout, members = model.layout, model.ensemble.members
        self.quantity = model.inputs.needs()  # chips per unit, or usual share, (needs, members)
        self.fixed = len(layout.fixed)
        self.per_unit = layout.either_of_line.sum(self.quantity[self.fixed :])
        self.priority = model.inputs.lines("priority")
        self.weight = self.priority[layout.need_line]  # of each need
        self.either_line = layout.need_line[self.fixed :]
        self.either_item = layout.need_item[self.fixed :]
        self.processor_items = np.unique(self.either_item)  # items that serve as processors
        phones, own = (
            model.inputs.phone[self.either_line],
            model.inputs.own_design[self.either_item],
        )
        self.merchant, self.own = np.flatnonzero(phones & ~own), np.flatnonzero(phones & own)
        self.output = np.zeros((len(layout.lines), members))  # units built [market units]
        self.used = np.zeros((len(layout.items), 4, members))  # by origin [m units]
        self.processors = np.zeros((len(layout.either), members))  # built in, [m units]
        self.met = np.ones_like(self.quantity)  # share of each need that the ration met
        self.limits = np.ones((self.fixed, members))  # share of products each need allows
        self.enough_processors = np.ones((len(layout.lines), members))
        self.by_soc = np.zeros((4, members))  # phones by origin of their processor [m units]
        self.owns_unit = np.ones(members)  # 1 until the divestible unit is sold
        self.of_unit = model.inputs.divestible[layout.need_line][:, None]  # needs of its lines
        self.unit_part = np.zeros((len(layout.items), members))  # of what is built in [0..1]

    def needs(self, wanted: Array) -> Array:
        """Chips for ``wanted`` units of each line [m units], (needs, members)."""
        lines = self.model.layout.need_line
        return wanted.take(lines, axis=0) * self.quantity * self._needing()

    def item_needs(self, wanted: Array) -> Array:
        """The same by item, (items, members)."""
        return self.model.layout.needs_of_item.sum(self.needs(wanted))

    def needs_to_order_for(self, wanted: Array) -> Array:
        """Chips by item to plan orders for [m units/month], (items, members).

        Where the usual processors of a line are not to be had, its stand-ins are sought.
        """
        layout = self.model.layout
        need = self.needs(wanted)
        asked, by_item = need[self.fixed :], layout.needs_of_item.sum(need)
        stretch = self.model.behaviour.stock.stretch
        in_sight = self.model.ledger.total() / stretch + self._offered()
        met = np.minimum(1.0, in_sight / np.maximum(by_item, 1e-300))
        elsewhere = by_item - layout.either_of_item.sum(asked)
        left = np.maximum(in_sight - elsewhere, 0.0)
        got = asked * met[self.either_item]
        instead = stand_ins(asked, got, self.priority, left, layout.substitutes)
        return np.maximum(by_item, elsewhere + layout.either_of_item.sum(instead))

    def build(self) -> None:
        """Ration chips over lines and months, build what they allow, and use the chips."""
        model, layout = self.model, self.model.layout
        wanted = model.floor.demand.sum(axis=1)
        need = self.needs(wanted)
        supply = self._allowance(layout.needs_of_item.sum(need))
        share = ration(need, self.weight, supply, layout.needs_of_item)
        processors = self._processors(need, share, supply)
        self.met = share
        fill = self._fill(share, processors, wanted)
        self.output = wanted * fill
        share = np.minimum(share, fill.take(layout.need_line, axis=0))
        self._use(need * share, processors)
        model.floor.fill = np.where(wanted > 0, fill, 1.0)
        self._note_claims(need)

    def sell(self) -> None:
        """Serve home buyers first as far as the firm prefers them; raise prices in scarcity."""
        model, p = self.model, self.model.behaviour.demand
        demand, fill = model.floor.demand, model.floor.fill
        home = model.inputs.home_region
        at_home = demand[:, home]
        wanted = demand.sum(axis=1)
        abroad = wanted - at_home
        first = np.minimum(1.0, fill * (1.0 + p.home_first * (1.0 - fill)))
        enough = self.output / np.maximum(at_home, 1e-300)
        served = np.where(at_home > 0, np.minimum(np.minimum(1.0, first), enough), 0.0)
        rest = (self.output - served * at_home) / np.maximum(abroad, 1e-12)
        rest = rest.clip(0.0, 1.0)
        model.floor.sales = demand * rest[:, None]
        model.floor.sales[:, home] = at_home * served
        price = scarcity_price(np.minimum(fill, 1.0), p.price_elasticity, p.price_cap)
        model.floor.scarcity = np.where(model.inputs.consumer, price, 1.0)

    def unit_outlook(self) -> Array:
        """Processors in sight over a year for the divestible unit, after stronger claims [0..1].

        Stock and what makers now offer, against a year's need of all lines that may use them.
        """
        model = self.model
        wanted = model.floor.demand.sum(axis=1)[self.either_line]
        need = wanted * self.quantity[self.fixed :] * self._needing(self.fixed) * 12.0
        yearly = model.ledger.total() + 12.0 * self._offered()
        unit = model.inputs.divestible[self.either_line]
        own, others = need[unit].sum(axis=0), need[~unit].sum(axis=0)
        left = yearly[self.processor_items].sum(axis=0) - others
        return (left / np.maximum(own, 1e-300)).clip(0.0, 1.0)

    def _offered(self) -> Array:
        """What makers now offer a month by item [m units], (items, members)."""
        return self.model.layout.routes_of_item.sum(self.model.floor.offers())

    def _needing(self, first: int = 0, last: int | None = None) -> Array:
        """Share of products that still need each item as parts are replaced, (needs, members)."""
        designed_out = self.model.inputs.designed_out[first:last]
        return 1.0 - designed_out * self.model.firm.research.replaced

    def _allowance(self, need: Array) -> Array:
        model = self.model
        supply = model.firm.supply
        stock = model.ledger.total() * supply.usable()
        stretch = model.behaviour.stock.stretch
        return allowance(stock, supply.coming, supply.inflow, need, stretch)

    def _processors(self, need: Array, share: Array, supply: Array) -> Array:
        """Processors by (line, item) pair after stand-ins filled the gaps [m units]."""
        layout, fixed = self.model.layout, self.fixed
        got = share * need
        elsewhere = layout.needs_of_item.sum(got) - layout.either_of_item.sum(got[fixed:])
        left = np.maximum(supply - elsewhere, 0.0)
        return stand_ins(need[fixed:], got[fixed:], self.priority, left, layout.substitutes)

    def _fill(self, share: Array, processors: Array, wanted: Array) -> Array:
        """Share of each line's demand that can be built [0..1], (lines, members)."""
        layout, fixed = self.model.layout, self.fixed
        self.limits = buildable(share[:fixed], self._needing(0, fixed))
        fill = layout.must_of_line.minimum(self.limits, empty=1.0)
        per_unit = self.per_unit
        has = layout.either_of_line.sum(processors) / np.maximum(wanted * per_unit, 1e-300)
        self.enough_processors = np.where(layout.has_processor[:, None], np.minimum(has, 1.0), 1.0)
        return np.minimum(fill, self.enough_processors)

    def _use(self, used: Array, processors: Array) -> None:
        """Build in chips by need (``used`` is changed), processors as the output takes them."""
        layout, fixed, lines = self.model.layout, self.fixed, self.either_line
        total = layout.either_of_line.sum(processors)
        units = (self.output * self.per_unit)[lines]
        built = units * processors / np.maximum(total, 1e-300)[lines]
        used[fixed:] = built
        self.processors = built
        by_item = layout.needs_of_item.sum(used)
        self.unit_part = self._part_of_unit(used, by_item)
        stock = self.model.ledger.total()
        self.used = self.model.ledger.use(np.minimum(by_item, stock))
        self._note_offer(built)

    def _part_of_unit(self, used: Array, by_item: Array) -> Array:
        """Part of each item's use that goes into the divestible unit's lines, (items, members)."""
        if not self.of_unit.any():
            return self.unit_part
        mine = self.model.layout.needs_of_item.sum(used * self.of_unit)
        return mine / np.maximum(by_item, 1e-300)

    def _note_offer(self, built: Array) -> None:
        """What buyers see of this month's processors: 5G or not, generations behind."""
        model, layout, items = self.model, self.model.layout, self.either_item
        mix = self._mix_of_processors()
        no_five_g = np.where(model.inputs.five_g[items], mix[:, LICENSED], 1.0)
        lag = model.generation.lag(items, mix)
        line_total = np.maximum(layout.either_of_line.sum(built), 1e-300)
        offer = layout.either_of_line.sum(built * no_five_g) / line_total
        behind = layout.either_of_line.sum(built * lag) / line_total
        sells = layout.has_processor[:, None] & (line_total > 1e-9)
        floor = model.floor
        floor.no_five_g = np.where(sells, offer, floor.no_five_g)
        floor.lag = np.where(sells, behind, floor.lag)
        self._count_phones(built, mix)

    def _mix_of_processors(self) -> Array:
        """Origin shares of what each stand-in used this month, (stand-ins, origins, members)."""
        used = self.used[self.processor_items]
        mix = used / np.maximum(used.sum(axis=1), 1e-300)[:, None]
        return mix[np.searchsorted(self.processor_items, self.either_item)]

    def _count_phones(self, built: Array, mix: Array) -> None:
        merchant = built[self.merchant].sum(axis=0)
        mine = (built[self.own][:, None] * mix[self.own]).sum(axis=0)
        self.by_soc = np.stack([mine[0] + mine[1], mine[DOMESTIC], merchant, mine[3]])

    def _note_claims(self, need: Array) -> None:
        layout = self.model.layout
        weight = np.where(need > 0, self.weight, 0.1)
        self.model.floor.claim = layout.needs_of_item.maximum(weight, empty=0.1)
