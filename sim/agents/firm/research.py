"""The firm's research desk: what R&D is moved to when supply is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.firm.sites import ResearchSites
from sim.rules.research import redesigned, speed_up
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain

CALM_SHARE = 0.05  # of R&D for each programme in calm times (assumption A-16)


class ResearchDesk:
    """Programmes beside the product work: design-out, home chip making, new businesses."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        members = model.ensemble.members
        parts = model.case.components
        path = "components"
        median = model.inputs.draws.quantity(f"{path}.redesign_months", parts.redesign_months)
        spread = model.inputs.draws.quantity(f"{path}.redesign_spread", parts.redesign_spread)
        # Difficulty belongs to the class, not to the member: every member has the same parts.
        ranks = (np.arange(parts.classes) + 0.5) / parts.classes
        self.months = median * np.exp(spread * _normal_quantile(ranks)[:, None])
        self.progress = np.zeros((parts.classes, members))
        self.replaced = np.zeros(members)  # share of part types with a substitute [0..1]
        self.new_business = np.ones(members)  # speed of new businesses [ratio]
        self.process_help = np.ones(members)  # speed of home process development [ratio]
        self.sites = ResearchSites(model)
        self.use = {name: np.zeros(members) for name in ("products", *PROGRAMMES)}

    def allocate(self, budget: Array) -> None:
        """Split this month's ``budget`` [bn CNY] and let the programmes advance."""
        model, p, switches = self.model, self.model.behaviour.research, self.model.switches
        need = np.maximum(model.firm.supply.cut_off, 0.5 * model.firm.supply.threat)
        extra = {
            "design_out": p.design_out * need * switches.design_out,
            "process_help": p.process_help * need * switches.domestic_foundry,
            "new_business": p.diversification * need * switches.diversification,
        }
        self._book(budget, extra)
        self.sites.move()
        people = self.sites.output()
        effort = people * speed_up(extra["design_out"], CALM_SHARE, p.speed_elasticity)
        active = effort * need * switches.design_out
        self.progress = redesigned(self.progress, self.months, active)
        self.replaced = np.count_nonzero(self.progress >= 1.0, axis=0) / len(self.progress)
        self.new_business = people * speed_up(extra["new_business"], CALM_SHARE, p.speed_elasticity)
        help_ = np.minimum(extra["process_help"] / CALM_SHARE, 1.0)
        self.process_help = 1.0 + model.behaviour.home_foundries.firm_help * help_

    def _book(self, budget: Array, extra: dict[str, Array]) -> None:
        for name, share in extra.items():
            self.use[name] = (CALM_SHARE + share) * budget
        self.use["products"] = budget - sum(self.use[name] for name in PROGRAMMES)


PROGRAMMES = ("design_out", "process_help", "new_business")


def _normal_quantile(rank: Array) -> Array:
    """Approximate standard normal quantile (logistic with matched slope), same shape."""
    return np.log(rank / (1.0 - rank)) / 1.702
