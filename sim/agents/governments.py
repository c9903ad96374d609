"""Governments: the one that sanctions, the home state that supports, allies and third states."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from sim.agents.base import ActorAgent
from sim.case.layout import states_abroad
from sim.policy.steps import Event
from sim.rules.support import distress, grant_share
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.case.schema import Actor
    from sim.model import SupplyChain


class StateAbroad(ActorAgent):
    """A government abroad: what the regime and the answers to it cost its economy."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        self.burden = np.zeros(model.ensemble.members)  # sales lost so far [bn USD]
        self.retaliation = np.zeros(model.ensemble.members)  # cost this month [bn USD]
        self.at_stake = model.inputs.actor(name, "critical_inputs") * (
            1.0 - model.inputs.actor(name, "diversified")
        )
        self.place = states_abroad(model.case).index(name)

    def keep_account(self) -> None:
        """Add the month's lost sales and what counter-measures cost."""
        makers = [*self.model.suppliers, *self.model.tool_makers]
        own = (maker.lost for maker in makers if maker.country == self.country)
        self.burden = sum(own, self.burden)
        withheld = self.model.law.withheld(self.month)[self.place]
        self.retaliation = self.at_stake / 12.0 * withheld


class SanctioningGovernment(StateAbroad):
    """Decides licences under its suppliers' complaints; answers acts with triggered measures."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        self.complaints = np.zeros(model.ensemble.members)  # smoothed [bn USD/year]

    def review_licences(self) -> None:
        """Hear complaints of last month, then decide what is due."""
        self.complaints += (12.0 * self._own_losses() - self.complaints) / 6.0
        pain = self.complaints > self.behaviour.reaction.suffering
        self.model.floor.happen("suppliers_suffer", self.month, pain)
        self.model.licences.decide(self.month, self.complaints)

    def answer_acts(self) -> None:
        """Report this month's acts to the regime, which arms the measures that answer them."""
        self.model.licences.count_use()
        for event, first in self.model.floor.events.items():
            now = first == self.month
            if now.any():
                self.model.law.report(cast(Event, event), self.month, now)

    def _own_losses(self) -> Array:
        own = [s for s in self.model.suppliers if s.country == self.country]
        return sum((s.lost for s in own), np.zeros(self.model.ensemble.members))


class AlliedGovernment(StateAbroad):
    """An ally or third state: its measures are dated inputs, its account is its own."""


class HomeGovernment(ActorAgent):
    """Supports a firm in distress: grants, a fab fund, an offer for a unit, its own orders."""

    def __init__(self, model: SupplyChain, name: str, actor: Actor) -> None:
        super().__init__(model, name, actor)
        p = self.behaviour.home_state
        members = model.ensemble.members
        self.share = p.grant_share.copy()  # grants [of revenue]
        self.grants = np.zeros(members)  # this month [bn CNY]
        self.fund_left = np.zeros(members)  # fab fund not yet spent [bn CNY]
        self.fund_spent = np.zeros(members)  # this month [bn CNY]
        self.fund_set_up = np.zeros(members, dtype=bool)
        self.offer = np.zeros(members)  # price offered for the divestible unit [bn CNY]
        self.owed = np.zeros(members)  # of an agreed price, still to be paid [bn CNY]
        self.instalment = np.zeros(members)  # paid per month once agreed [bn CNY]

    def review_support(self) -> None:
        """Judge the firm's distress and set grants, fund and the offer for its unit."""
        firm, p = self.model.firm, self.behaviour.home_state
        need = distress(firm.money.year_revenue, firm.money.peak_revenue, firm.supply.cut_off)
        multiple = 1.0 + (p.grant_multiple - 1.0) * self.switches.grants
        self.share = grant_share(self.share, p.grant_share, multiple, need, p.grant_months)
        self._spend_fund()
        self.offer = p.unit_multiple * firm.money.unit_revenue * self.switches.unit_purchase

    def buys(self, keep: Array) -> Array:
        """Where its offer beats what the unit is worth to its owner, (members,) of bool."""
        return (self.offer > keep) & (self.switches.unit_purchase > 0)

    def agree_price(self, where: Array) -> None:
        """Owe the offered price where a sale was agreed."""
        self.owed = np.where(where, self.offer, self.owed)
        pay = self.offer / self.behaviour.home_state.unit_instalments
        self.instalment = np.where(where, pay, self.instalment)

    def pay_out(self) -> None:
        """Pay grants and what is due for the unit into the firm's account."""
        firm = self.model.firm
        self.grants = self.share * firm.money.revenue
        due = np.minimum(self.owed, self.instalment)
        self.owed = self.owed - due
        firm.money.receive_from_state(self.grants, due)

    def _spend_fund(self) -> None:
        p = self.behaviour.home_state
        listed = self.model.law.listed(self.month)
        new = listed & ~self.fund_set_up
        self.fund_left = np.where(new, p.fab_fund * self.switches.fab_funding, self.fund_left)
        self.fund_set_up |= listed
        rate = p.fab_fund * self.switches.fab_funding / p.fund_months
        self.fund_spent = np.minimum(self.fund_left, rate)
        self.fund_left = self.fund_left - self.fund_spent
