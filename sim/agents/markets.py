"""Buyers by market: what they want of the firm's lines, month by month and region by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.policy.closures import Kept
from sim.rules.demand import (
    after_lost_buyers,
    deserved_share,
    drifting_share,
    growing_share,
    loss_to_odds,
    patriotic_pull,
)
from sim.world.calendar import Array
from sim.world.groups import rows_at

if TYPE_CHECKING:
    from sim.model import SupplyChain


LIFETIME = 96.0  # months a network is in use (assumption A-43)


class Market(ActorAgent):
    """All buyers of one market; arrays are (lines of the market, regions, members).

    Args:
        lines: positions of the firm's lines that this market buys.
    """

    def __init__(self, model: SupplyChain, name: str, lines: list[int]) -> None:
        super().__init__(model, name)
        self.lines = np.array(lines, dtype=int)
        self.rows, self.bought_lines = rows_at(lines), frozenset(lines)
        self.share = model.inputs.shares("initial_share", lines)
        self.potential = model.inputs.shares("potential_share", lines)
        self.adjust = model.inputs.lines("adjust", lines)[:, None]
        specs = [list(model.case.lines.values())[k] for k in lines]
        self.new = np.array([spec.new_business for spec in specs])[:, None, None]
        self.divestible = model.inputs.divestible[self.rows][:, None, None]
        # Unserved buyers leave as fast as shares move otherwise.
        self.speed = np.where(self.new, self.adjust / 12.0, self.adjust)
        self.public = model.inputs.lines("public_buyers", lines)[:, None]
        self.public_odds = np.log1p(self.public)
        spec = model.case.markets[name]
        path = f"markets.{name}.coverage"
        covered = spec.coverage and model.inputs.draws.quantity(path, spec.coverage)
        self.coverage = np.ones(model.ensemble.members) if covered is None else covered
        self.networks = any(s.networks for s in specs)
        self.size = model.inputs.market_sizes(name)  # (months, regions, members)
        self.luck = model.inputs.market_luck(
            name, self.behaviour.demand.growth_noise
        )  # (months, members)

    def form_demand(self) -> None:
        """Let shares drift toward what the offer deserves; ask for that much."""
        self._drift()
        demand = self.bought() * (self.share * self.reachable())
        if self.divestible.any():
            demand = demand * np.where(self.divestible, self.model.firm.sales.owns_unit, 1.0)
        self.model.floor.demand[self.rows] = demand

    def bought(self) -> Array:
        """All that buyers of this market buy this month [market units], (regions, members)."""
        return self.size[self.month] * self.luck[self.month]

    def opening_demand(self, months: int = 0) -> Array:
        """Demand of an average month of the first year, (lines, members).

        Args:
            months: for which shares have drifted, with nothing that impairs the offer.
        """
        year, share = self.size[:12].mean(axis=0), self.share
        for _ in range(months):
            share = self._drifted(share, self.potential, self.adjust)
        return (year * share).sum(axis=1)

    def remember_service(self) -> None:
        """Lose a part of the buyers who went away empty-handed."""
        floor = self.model.floor
        demand = floor.demand[self.rows]
        unserved = 1.0 - floor.sales[self.rows] / np.maximum(demand, 1e-300)
        unserved = np.where(demand > 0, unserved.clip(0.0, 1.0), 0.0)
        self.share = after_lost_buyers(self.share, unserved, self.speed)

    def sales_share(self) -> Array:
        """Share of the market that the firm sold this month, (lines, regions, members)."""
        return self.model.floor.sales[self.rows] / np.maximum(self.bought(), 1e-300)

    def left_over(self) -> Array:
        """What buyers get elsewhere this month [market units], (regions, members)."""
        sold = self.model.floor.sales[self.rows].sum(axis=0)
        return np.maximum(self.bought() - sold, 0.0)

    def appeal(self) -> Array:
        """Change of log-odds against an unimpaired offer, (lines, regions, members)."""
        return self._public_preference()

    def _drift(self) -> None:
        deserved = deserved_share(self.potential, self.appeal())
        growth = self.adjust * self.model.firm.research.new_business
        self.share = self._drifted(self.share, deserved, growth)

    def _drifted(self, share: Array, deserved: Array, growth: Array) -> Array:
        """Shares a month later; ``growth`` is the yearly one of new businesses."""
        if self.new.all():
            return growing_share(share, deserved, growth)
        drifted = drifting_share(share, deserved, self.adjust)
        if not self.new.any():
            return drifted
        return np.where(self.new, growing_share(share, deserved, growth), drifted)

    def reachable(self) -> Array:
        """Share of each market that is neither banned nor given up."""
        return self.model.law.market_open(self.month)[self.rows] * self._still_served()

    def _still_served(self) -> Array:
        return self.model.firm.active[self.rows]

    def _public_preference(self) -> Array:
        """Home state buyers lean to the firm once it is under attack."""
        preference = self.behaviour.home_state.preference * self.switches.procurement_preference
        alarm = np.maximum(self.model.firm.supply.threat, self.model.firm.supply.cut_off)
        gain = self.public_odds * (preference * alarm)
        return gain * self.model.inputs.at_home


class ConsumerMarket(Market):
    """Buyers of devices: platform services, 5G, chip generation, price, patriotism."""

    def __init__(self, model: SupplyChain, name: str, lines: list[int]) -> None:
        super().__init__(model, name, lines)
        self.pull = np.zeros(model.ensemble.members)  # patriotic demand, share of its peak
        self.platform_lost = np.zeros(model.ensemble.members)  # phased in [0..1]
        specs = [list(model.case.lines.values())[k] for k in lines]
        self.platform = np.array([s.needs_platform for s in specs], dtype=float)[:, None, None]
        p, premium = self.behaviour.demand, np.array([s.premium for s in specs], dtype=float)
        self.behind = np.log1p(-p.generation_lag)  # log-odds lost with each generation
        self.premium = 1.0 + (p.premium_lag_factor - 1.0) * premium[:, None, None]

    def appeal(self) -> Array:
        """Log-odds of devices: what law and chips take away, what patriotism adds."""
        floor, p, model = self.model.floor, self.behaviour.demand, self.model
        rows = self.rows
        lag = floor.lag[rows][:, None] * self.behind * self.premium
        wants = model.inputs.buyers_want_5g[self.month]
        missed = (floor.no_five_g[rows][:, None] * wants).clip(0.0, 1.0)
        radio = loss_to_odds(p.no_five_g * missed)
        price = -p.price_elasticity * np.log(floor.scarcity[rows])[:, None]
        total: Array = lag + radio + price + self._platform() + self._patriotism()
        return total + self._public_preference()

    def _platform(self) -> Array:
        """Services abroad: new models lack them, so the loss grows as models change."""
        p, model = self.behaviour.demand, self.model
        gone = 1.0 - self._platform_open()
        self.platform_lost = self.platform_lost + (gone - self.platform_lost) / p.platform_months
        loss = p.platform_loss * self.platform_lost * model.inputs.platform_dependence
        return self.platform * loss_to_odds(loss.clip(0.0, 0.99))[None]

    def _platform_open(self) -> Array:
        """Share of new models that may carry the platform's services [0..1], (members,)."""
        here = self.model.inputs.platform_routes
        return self.model.floor.tradable(here).min(axis=0, initial=1.0)

    def _patriotism(self) -> Array:
        p = self.behaviour.demand
        visible = self.model.law.visible_step(self.month)
        self.pull = patriotic_pull(self.pull, visible, p.patriotic_step, p.patriotic_half_life)
        gain = np.log1p(p.patriotic_peak * self.pull * self.switches.patriotic_demand)
        return gain * self.model.inputs.at_home

    def _still_served(self) -> Array:
        cut = self.behaviour.secondary.phone_cut
        return 1.0 - (1.0 - self.model.firm.active[self.rows]) * cut


class CarrierMarket(Market):
    """Network operators: bans, caution of allies, upkeep of what they have, removal."""

    def __init__(self, model: SupplyChain, name: str, lines: list[int]) -> None:
        super().__init__(model, name, lines)
        # Networks in use are about what was sold in half a lifetime before the start.
        yearly = (self.size[:12].sum(axis=0) * self.share).sum(axis=0)
        self.installed = yearly * LIFETIME / 24.0  # (regions, members) [market units]
        self.banned = np.zeros_like(self.installed)  # share of each region last month
        self.removed = np.zeros_like(self.installed)  # taken out this month [market units]
        self.unserved_upkeep = np.zeros_like(self.installed)  # of installed gear [0..1]
        self._barred, self._allowed = Kept(), Kept()

    def appeal(self) -> Array:
        """Log-odds of networks abroad and at home."""
        p, law = self.behaviour.demand, self.model.law
        years = self.month / 12.0
        listed = law.listed(self.month)
        caution = loss_to_odds(p.ally_caution) * listed - p.security_drift * years
        upkeep = loss_to_odds(p.upkeep_caution * self.unserved_upkeep)[None]
        return self._public_preference() + (caution + upkeep) * self.model.inputs.abroad

    def remember_service(self) -> None:
        """Age what is installed, take out what is banned, note upkeep that is not allowed."""
        super().remember_service()
        law = self.model.law
        ban = law.market_closed(self.month)[self.rows].max(axis=0)
        self.removed = self.installed * (ban - self.banned).clip(0.0, 1.0)
        self.banned = np.maximum(self.banned, ban)
        sold = self.model.floor.sales[self.rows].sum(axis=0)
        self.installed = self.installed * (1.0 - 1.0 / LIFETIME) - self.removed + sold
        barred = self._barred.of(self._most_of_parts, law.listing_closed(self.month))
        allowed = self._allowed.of(self._most_of_parts, law.maintenance_open(self.month))
        missing = (barred - allowed).clip(0.0, 1.0)
        self.unserved_upkeep = missing * self.model.inputs.abroad[0] * np.ones_like(self.installed)

    def _most_of_parts(self, share: Array) -> Array:
        """Largest of the routes' shares along which parts for upkeep come, (members,)."""
        return share[self.model.inputs.upkeep_routes].max(axis=0, initial=0.0)


class ComputeMarket(Market):
    """Buyers of accelerators: they come over as far as the rival is barred."""

    def __init__(self, model: SupplyChain, name: str, lines: list[int]) -> None:
        super().__init__(model, name, lines)
        self.rival = model.inputs.lines("rival_share", lines)[:, None]
        own = self.potential
        self.own_odds = np.log(np.maximum(own, 1e-6) / (1.0 - np.minimum(own, 0.99)))

    def appeal(self) -> Array:
        """Log-odds gained from what the law keeps the rival from selling."""
        closed = self.model.law.rival_closed(self.month)[self.rows]
        vacated = self.rival * closed * self.behaviour.demand.rival_capture
        wanted = (self.potential + vacated).clip(1e-6, 0.97)
        odds = np.log(wanted / (1.0 - wanted)) - self.own_odds
        return odds + self._public_preference()
