"""The focal firm: one agent, four desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.agents.firm.money import Treasury
from sim.agents.firm.research import ResearchDesk
from sim.agents.firm.sales import SalesDesk
from sim.agents.firm.supply import SupplyDesk

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain

GROSS_MARGIN = 0.4  # of sales, as in the accounts to 2017
FALL = 0.9  # of the peak: a fall that a government would call a success
STOPPED = 0.1  # share of demand served below which major operations count as stopped


class FocalFirm(ActorAgent):
    """Reads threats, plans supply, builds, sells, and settles its accounts."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        model.firm = self
        self.research = ResearchDesk(model)
        self.supply = SupplyDesk(model)
        self.sales = SalesDesk(model)
        self.money = Treasury(model)
        shape = (len(model.layout.lines), len(model.layout.regions), model.ensemble.members)
        self.active = np.ones(shape)  # 0 where it has suspended its sales
        self.sight = model.ensemble.uniform("visible product", model.calendar.months)
        self.fell = np.zeros(model.ensemble.members, dtype=bool)  # revenue once far below its peak
        self.leading_use = np.zeros(model.ensemble.members)  # own phone processors, calm use

    def review_outlook(self) -> None:
        """Read signals, set R&D, decide where it still sells, and whether to sell a unit."""
        self.supply.hear_signals()
        self.research.allocate(self.money.set_research())
        self._weigh_secondary_sanctions()
        self._weigh_settlement()
        self.money.sell_unit_if_better()

    def plan_orders(self) -> None:
        """Order chips for the demand it sees."""
        wanted = self.model.floor.demand.sum(axis=1)
        self.supply.plan_orders(self.sales.needs_to_order_for(wanted), self.money.cash_factor())

    def receive_and_start(self) -> None:
        """Take deliveries in and book what makers started for it."""
        self.supply.receive()
        self.supply.start_production()

    def settle(self) -> None:
        """Pay and book the month's profit."""
        self.money.settle()

    def build_and_sell(self) -> None:
        """Build from the chips at hand and sell."""
        self.sales.build()
        self.sales.sell()
        self.money.book_sales()
        self._note_events()

    def _weigh_secondary_sanctions(self) -> None:
        """Suspend sales where a punishment would cost more than the market earns."""
        p, model = self.behaviour.secondary, self.model
        # A board decides a month after the law: it judges by last month's rules.
        hazard = model.law.secondary_hazard(max(model.month - 1, 0))  # (lines, regions, members)
        touched = hazard > 0
        if not touched.any():
            return
        earned = (self.money.by_cell * touched).sum(axis=0) * p.margin  # (regions, members)
        at_stake = hazard.max(axis=0) * p.stake * self.money.year_revenue
        leave = touched & (at_stake > earned)[None]
        sold = (self.money.by_cell * leave).sum(axis=(0, 1)) > 0
        self.active = np.where(leave, 0.0, self.active)
        model.floor.happen("market_left", model.month, sold)

    def _weigh_settlement(self) -> None:
        """Accept a monitor where the trade it would bring back is worth more than autonomy."""
        model, p, money = self.model, self.behaviour.settlement, self.money
        under_listing = model.law.listed(model.month)
        fall = np.maximum(money.peak_revenue - money.year_revenue, 0.0)
        lost = GROSS_MARGIN * (fall + self.supply.cut_off * money.peak_revenue)
        worth = p.autonomy * money.peak_revenue
        accepts = under_listing & model.law.settlement_offered & (p.relief * lost > worth)
        model.floor.happen("settlement_accepted", model.month, accepts)

    def _note_recovery(self, month: int) -> None:
        """Revenue back at its old peak after a fall is what a reactive government looks at."""
        money = self.money
        level = money.year_revenue / money.peak_revenue
        self.fell = self.fell | (level < FALL)
        back = self.fell & (level > self.behaviour.reaction.recovery)
        self.model.floor.happen("revenue_recovered", month, back)

    def _note_events(self) -> None:
        floor, month = self.model.floor, self.model.month
        leading = self.model.inputs.own_leading
        used = self.sales.used[leading].sum(axis=0)  # by origin
        closed = self.model.law.barred(month)[self.model.inputs.leading_routes].min(
            axis=0, initial=1.0
        )
        calm = (closed < 0.5).astype(float)
        self.leading_use += calm * (used.sum(axis=0) - self.leading_use) / 6.0
        stock = self.model.ledger.stock()[leading].sum(axis=(0, 1))
        run_out = (closed >= 0.5) & (stock < self.leading_use)
        floor.happen("own_advanced_soc_runs_out", month, run_out)
        floor.happen("domestic_advanced_phone_chip", month, used[2] > VOLUME_START)
        self._note_licensed_products(month)
        self._note_recovery(month)
        value = self.model.prices.of_lines(month)[:, None]
        sold, wanted = (floor.sales * value).sum((0, 1)), (floor.demand * value).sum((0, 1))
        served = (sold + 1e-12) / (wanted + 1e-12)
        floor.happen("operations_stopped", month, served < STOPPED)

    def _note_licensed_products(self, month: int) -> None:
        licensed = self.sales.used[self.model.inputs.shows_licence][:, 1].sum(axis=0)
        shown = self.model.licences.held[self.model.inputs.licensed_shows]
        held = shown.max(axis=0, initial=0.0) > 0.05
        hostile = held & (self.model.law.deciding(month) < 0.5)
        stirs = self.sight[month] < self.behaviour.suppliers.sight
        seen = (licensed > VOLUME_START) & stirs & hostile
        self.model.floor.happen("visible_licensed_product", month, seen)


VOLUME_START = 0.1  # a tenth of a million chips a month is a product, not a sample
