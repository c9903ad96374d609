"""The licence desk of a sanctioning government."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.policy.closures import Kept
from sim.rules.licensing import approval_under_lobbying, designed_in, newly_licensed
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain


DESIGN_STAGES = 3  # the first product comes after the design, not with its beginning


class LicenceDesk:
    """Share of each route's barred trade that licences cover, and what they are worth."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        shape = (len(model.layout.routes), model.ensemble.members)
        self.held = np.zeros(shape)
        self.designing = np.zeros((DESIGN_STAGES, *shape))  # the part that got as far as each
        self.in_use = self.designing[-1]  # the part for which products have been designed
        self.barred = np.zeros(shape)
        self.applied = np.zeros(model.ensemble.members)  # for and decided [bn USD/month]
        self.granted = np.zeros(model.ensemble.members)
        self.used = np.zeros(model.ensemble.members)
        routes = model.case.routes.values()
        high = [model.case.items[route.item].control_class == "high" for route in routes]
        self.control = np.array(high, dtype=int)
        # (routes, members), 0 where the licensed goods are the same as before.
        self.redesign = model.inputs.items("licensed_after")[model.layout.route_item]
        self._let_through, self._approval = Kept(), Kept()
        self.licensable = np.array([route.licensable for route in routes], dtype=float)[:, None]
        life = np.rint(model.behaviour.suppliers.licence_life)
        self.life = np.maximum(life, 1.0).astype(int)  # [months]
        self.rows = np.flatnonzero(self.licensable * model.inputs.direct)
        # A ring by month of issue: a licence runs for its whole term, then it is void.
        terms = (int(self.life.max()) + 1, len(self.rows), model.ensemble.members)
        self.issued = np.zeros(terms)

    def let_through(self, month: int) -> Array:
        """Share of barred goods that licences and permits for upkeep let through, (routes, M)."""
        return self._let_through.of(self._permitted, self.in_use, self.model.law.upkeep(month))

    def _permitted(self, in_use: Array, upkeep: Array) -> Array:
        maintenance = upkeep * self.model.behaviour.suppliers.upkeep_share
        return np.minimum(1.0, in_use + maintenance)

    def decide(self, month: int, lost_sales: Array) -> None:
        """Decide the applications that are due; void what was revoked."""
        regime, p = self.model.law, self.model.behaviour.suppliers
        approval = self._approval.of(self._by_route, regime.approval(month))
        approval = approval_under_lobbying(approval, lost_sales, p.lobbying)
        applied = self.model.switches.licences * (regime.orders_closed(month) > 0)
        self._dilute(regime.barred(month))
        running = np.maximum(self.held - self._run_out(month), 0.0)
        lag = np.maximum(regime.decision_months(month), 1.0)
        new = newly_licensed(running, applied, approval, regime.deciding(month), lag)
        self.held = running + new
        self.issued[month % len(self.issued)] = new[self.rows]
        self._void(regime.revoked(month))
        # What a licence allows may be another chip than a product has.
        self.designing = designed_in(self.designing, self.held, self.redesign)
        self.in_use = self.designing[-1]
        self._count(new, approval)

    def _run_out(self, month: int) -> Array:
        """Share whose licences end this month [0..1], (routes, members)."""
        ended = np.zeros_like(self.held)
        of_month = (month - self.life) % len(self.issued)
        ended[self.rows] = self.issued[of_month, :, np.arange(len(self.life))].T
        return ended

    def _void(self, revoked: Array) -> None:
        if revoked.any():
            kept = 1.0 - revoked
            self.held, self.issued = self.held * kept, self.issued * kept[self.rows]

    def _by_route(self, approval: Array) -> Array:
        return approval[self.control] * self.licensable

    def _dilute(self, barred: Array) -> None:
        """A licence names goods: when more is barred, it covers a smaller share of it."""
        if barred is self.barred:  # the law keeps its answer until it changes
            return
        covers = np.where(barred > 0, self.barred / np.maximum(barred, 1e-300), 1.0)
        covers = np.minimum(1.0, covers)
        self.held, self.designing = self.held * covers, self.designing * covers
        self.issued = self.issued * covers[self.rows]
        self.barred = barred

    def _count(self, new: Array, approval: Array) -> None:
        """Value of the applications that were decided this month, and of those granted."""
        # Firms ask for about twice what they ship: only a share of approved value is used.
        asked = self._yearly_trade() / self.model.behaviour.suppliers.licence_use
        granted = asked * new * self.model.law.orders_closed(self.model.month)
        decided = np.where(approval > 0, granted / np.maximum(approval, 1e-300), 0.0)
        self.applied, self.granted = decided.sum(axis=0), granted.sum(axis=0)

    def _yearly_trade(self) -> Array:
        """Trade wanted along each route in a year [bn USD], (routes, members)."""
        model = self.model
        usd = model.prices.usd(model.floor.unit_price)
        wanted = model.floor.orders + model.floor.refused
        return wanted * usd / 1000.0 * 12.0

    def count_use(self) -> None:
        """Value started under licences this month [bn USD]."""
        usd = self.model.prices.usd(self.model.floor.unit_price)
        self.used = (self.model.floor.started[1] * usd).sum(axis=0) / 1000.0
