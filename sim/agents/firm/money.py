"""The firm's treasury: revenue, costs, profit, cash, the sale of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.money import (
    LAST_YEAR_BACK,
    overhead,
    paid_to_suppliers,
    research_budget,
    wanted_debt,
)
from sim.rules.support import keep_value
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain

YEAR = 12
USUAL_COST = 0.6  # parts and chips in revenue: gross margin of 40 % in the accounts to 2017
MEMORY = 24.0  # months over which fixed costs follow revenue (assumption A-15)


class Treasury:
    """Flows of the month and the trailing twelve months, (members,) or (lines, members)."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        members = model.ensemble.members
        start = model.inputs.draws.group("initial", model.case.initial)
        self.start = start
        shape = (len(model.layout.lines), len(model.layout.regions), members)
        self.by_cell = np.zeros(shape)  # revenue of the month by line and region
        self.by_line = np.zeros((len(model.layout.lines), members))
        self.by_region = np.zeros((len(model.layout.regions), members))
        self.revenue = start.revenue / YEAR
        self.last_year = np.repeat(self.revenue[None], YEAR, axis=0)  # ring of months
        self.year_revenue = start.revenue.copy()
        self.peak_revenue = start.revenue.copy()
        self.growth = np.log(start.revenue / start.earlier_revenue) / YEAR  # a month, at first
        # The usual month stands two years back, last year only half a year.
        self.usual_revenue = start.revenue / YEAR * np.exp(-self.growth * (MEMORY - LAST_YEAR_BACK))
        self.rd_year = np.repeat(start.rd_expense[None] / YEAR, YEAR, axis=0)
        self.research = start.rd_expense / YEAR
        self.unit_revenue = np.zeros(members)  # of the divestible unit, calm-time year [bn CNY]
        self.unit_waiting = np.zeros(members)  # months its chips have been short
        self.net_profit = np.zeros(members)
        self.other_income = np.zeros(members)
        self.grants = np.zeros(members)
        self.purchases = np.zeros(members)  # parts and chips bought this month [bn CNY]
        self.material = np.zeros(members)
        self.material_share = model.inputs.lines("material_share")
        self.stock_before = np.zeros(members)
        self.other_parts = np.zeros(members)  # raw materials besides chips [bn CNY]
        self.owed = np.zeros(members)  # to suppliers [bn CNY]
        self.debt = np.zeros(members)  # to banks [bn CNY]
        self.goods = np.zeros(members)  # work in progress and finished goods [bn CNY]
        model.ledger.open_account("firm", start.cash)

    def open_for_business(self) -> None:
        """Value the opening stock, so that the first month's cost counts what was used."""
        self.stock_before = self.model.firm.supply.chip_value()
        p = self.model.behaviour.money
        self.owed = p.payable_months * USUAL_COST * self.revenue
        self.debt = p.debt_calm * self.peak_revenue

    def book_sales(self) -> None:
        """Turn what was sold into revenue by line and region [bn CNY]."""
        model, floor = self.model, self.model.floor
        price = model.prices.of_lines(model.month) * floor.scarcity
        value = floor.sales * price[:, None] / 1000.0
        self.by_cell, self.by_line, self.by_region = value, value.sum(axis=1), value.sum(axis=0)
        self.revenue = self.by_line.sum(axis=0)
        self._remember(self.revenue)
        self._follow_unit(floor.fill)

    def set_research(self) -> Array:
        """R&D budget of the month [bn CNY], (members,)."""
        p = self.model.behaviour.research
        # Last year stands half a year back; the usual month stands two years back, so a third of
        # the growth between them (in logs) brings revenue to today.
        grown = self.year_revenue / np.maximum(YEAR * self.usual_revenue, 1e-9)
        planned = self.year_revenue * np.cbrt(grown)
        self.research = research_budget(
            self.rd_year.sum(axis=0), planned, p.base_share, p.growth, p.most_share
        )
        self.rd_year[self.model.month % YEAR] = self.research
        return self.research

    def receive_from_state(self, grants: Array, instalment: Array) -> None:
        """Take in grants and what is paid for a sold unit [bn CNY]."""
        self.grants, self.other_income = grants, instalment
        self.model.ledger.pay("home_state", "firm", grants + instalment)

    def settle(self) -> None:
        """Pay for everything, book profit, pay the owners."""
        ledger, p = self.model.ledger, self.model.behaviour.money
        chips = self.model.floor.delivered * self.model.floor.unit_price / 1000.0
        self.material = (self.by_line * self.material_share).sum(axis=0)
        self.purchases = chips.sum(axis=0) + self.material
        fixed = overhead(self.revenue, self.usual_revenue, p.overhead, p.overhead_fixed)
        ledger.pay("customers", "firm", self.revenue)
        self._pay_suppliers()
        self._borrow()
        ledger.pay("firm", "staff", fixed + self.research)
        profit = self._profit(chips.sum(axis=0), fixed)
        tax = p.tax * np.maximum(profit, 0.0)
        self.net_profit = profit - tax
        dividend = p.payout * np.maximum(self.net_profit, 0.0)
        ledger.pay("firm", "home_state", tax)
        ledger.pay("firm", "owners", dividend)

    def _pay_suppliers(self) -> None:
        """Pay the bills that fall due; what was bought is owed until then."""
        self.owed = self.owed + self.purchases
        due = paid_to_suppliers(self.owed, self.model.behaviour.money.payable_months)
        self.owed = self.owed - due
        self.model.ledger.pay("firm", "suppliers", due)

    def _borrow(self) -> None:
        """Move debt toward what the firm wants to have borrowed."""
        p = self.model.behaviour.money
        threat = self.model.firm.supply.threat
        wanted = wanted_debt(p.debt_calm, p.debt_alarm, threat, self.peak_revenue)
        raised = (wanted - self.debt) / p.debt_months
        self.debt = self.debt + raised
        self.model.ledger.pay("banks", "firm", raised)

    def cash_factor(self) -> Array:
        """Share of stock building that cash allows [0..1]."""
        p = self.model.behaviour.stock
        cost = np.maximum(self.usual_revenue * 0.9, 1e-9)  # of all kinds
        spare = self.model.ledger.account("firm") - p.cash_months * cost
        return np.clip(spare / cost, 0.0, 1.0)

    def sell_unit_if_better(self) -> None:
        """Sell the divestible unit once its chips stay short and the offer beats its worth."""
        model, p = self.model, self.model.behaviour.home_state
        state, sales = model.home_state, model.firm.sales
        outlook = sales.unit_outlook()
        short = outlook < p.unit_supply_floor
        owns = sales.owns_unit > 0
        self.unit_waiting = np.where(short & owns, self.unit_waiting + 1.0, 0.0)
        keep = keep_value(self.unit_revenue, self._margin(), outlook, p.unit_profit_years)
        agreed = owns & (self.unit_waiting >= p.unit_months) & state.buys(keep)
        state.agree_price(agreed)
        sales.owns_unit = np.where(agreed, 0.0, sales.owns_unit)
        if agreed.any():  # a running business goes with the chips of its products
            model.ledger.hand_over(sales.unit_part * p.unit_stock * agreed)
        model.floor.happen("unit_sold", model.month, agreed)

    def _profit(self, chips_bought: Array, fixed: Array) -> Array:
        chip_stock = self.model.firm.supply.chip_value()
        used = chips_bought - (chip_stock - self.stock_before)
        self.stock_before = chip_stock
        cost = used + self.material
        self.goods = cost * self.start.goods_cover
        self.other_parts = cost * self.start.parts_cover
        income = self.revenue + self.grants + self.other_income
        return income - cost - fixed - self.research

    def _remember(self, revenue: Array) -> None:
        self.last_year[self.model.month % YEAR] = revenue
        self.year_revenue = self.last_year.sum(axis=0)
        self.peak_revenue = np.maximum(self.peak_revenue, self.year_revenue)
        self.usual_revenue += (revenue - self.usual_revenue) / MEMORY

    def _follow_unit(self, fill: Array) -> None:
        unit = self.model.inputs.divestible
        full = (self.by_line[unit] / np.maximum(fill[unit], 0.05)).sum(axis=0) * YEAR
        speed = 1.0 / YEAR * self.model.firm.sales.owns_unit
        self.unit_revenue += np.where(self._unit_fill() > 0.8, speed, 0.0) * (
            full - self.unit_revenue
        )

    def _unit_fill(self) -> Array:
        fill = self.model.floor.fill[self.model.inputs.divestible]
        return fill.min(axis=0) if len(fill) else np.ones(self.model.ensemble.members)

    def _margin(self) -> Array:
        profit = np.maximum(self.net_profit, 0.0) / np.maximum(self.revenue, 1e-9)
        return np.clip(profit, 0.02, 0.2)
