"""The firm's R&D sites: where the people are, and what moving them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.sites import closing, refilled
from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.model import SupplyChain


class ResearchSites:
    """Posts by site (sites, members); a site under the listing state's law has to close."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        draws, spec = model.inputs.draws, model.case.research
        self.close_months = draws.quantity("research.close_months", spec.close_months)
        self.hire_months = draws.quantity("research.hire_months", spec.hire_months)
        fields = ("staff", "growth", "receives", "productivity")
        self.staff, self.growth, self.receives, self.productivity = (
            np.stack([draws.quantity(f"research.sites.{k}.{f}", getattr(s, f))
                      for k, s in spec.sites.items()])
            for f in fields
        )  # fmt: skip
        issuers = {a.country for a in model.case.actors.values() if _sanctions(a.kind)}
        self.exposed = np.array([[float(s.country in issuers)] for s in spec.sites.values()])
        self.open_posts = np.zeros(model.ensemble.members)
        self.calm = self.staff.copy()  # posts had nothing been closed [persons]

    def move(self) -> None:
        """Close what the law closes, fill posts elsewhere, grow as in calm times."""
        listed = self.model.law.listed(self.model.month).astype(float)
        leaving = closing(self.staff, self.exposed * listed, self.close_months)
        self.open_posts = self.open_posts + leaving.sum(axis=0)
        filled = refilled(self.open_posts, self.hire_months)
        self.open_posts = self.open_posts - filled
        free = self.receives * (1.0 - self.exposed * listed)
        share = free / np.maximum(free.sum(axis=0), 1e-9)
        calm_growth = self.growth / 12.0
        self.calm = self.calm * (1.0 + calm_growth)
        self.staff = self.staff * (1.0 + calm_growth) - leaving + share * filled

    def output(self) -> Array:
        """Research output against the same sites undisturbed [ratio], (members,)."""
        undisturbed = (self.calm * self.productivity).sum(axis=0)
        return (self.staff * self.productivity).sum(axis=0) / undisturbed


def _sanctions(kind: str) -> bool:
    return kind == "sanctioning_government"
