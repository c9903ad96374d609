"""Which formulation of a doubtful rule a case runs with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field

from sim.rules import alternatives
from sim.world.inputs import Frozen

Rule = Callable[..., Any]


class Structure(Frozen):
    """Formulations by name; the first of each pair is the shipped one."""

    stock: Literal["linear", "newsvendor"] = Field(
        "linear", description="How cover follows threat: in proportion, or as its worth says."
    )
    shares: Literal["drift", "replicator"] = Field(
        "drift", description="How shares move: a part of the gap, or as buyers copy buyers."
    )
    learning: Literal["time", "volume"] = Field(
        "time", description="How yield is learned: by time at work, or by all wafers ever made."
    )
    rush: Literal["share", "uniform"] = Field(
        "share", description="Makers' room for rush orders: by the firm's share, or alike."
    )


SECOND: Mapping[str, tuple[str, str, Rule]] = {
    "stock": ("newsvendor", "stock.target_cover", alternatives.newsvendor_cover),
    "shares": ("replicator", "demand.drifting_share", alternatives.replicator_share),
    "learning": ("volume", "fabrication.learned_defects", alternatives.power_law_defects),
    "rush": ("uniform", "stock.sold_to_others", alternatives.uniform_room),
}
"""Part of the structure -> name of its second formulation, rule it replaces, function."""


def chosen_rules(structure: Structure) -> dict[str, Rule]:
    """Replacements of shipped rules that a structure asks for, by ``module.name``."""
    return {
        rule: function
        for part, (name, rule, function) in SECOND.items()
        if getattr(structure, part) == name
    }
