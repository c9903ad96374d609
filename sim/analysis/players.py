"""Who shares a result: groups of mechanisms, single mechanisms, or measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sim.case.behaviour import Mechanisms
from sim.case.schema import Case

By = Literal["groups", "mechanisms", "measures"]
Players = Mapping[str, tuple[str, ...]]
"""Name of a player -> input paths that are set to 0 while it is absent."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "government support": ("grants", "fab_funding", "unit_purchase", "procurement_preference"),
    "own strategy": ("stockpiling", "licences", "design_out", "diversification"),
    "home foundries": ("domestic_foundry",),
    "evasion": ("rerouting", "covert_access"),
    "patriotic demand": ("patriotic_demand",),
}
"""Home foundries stand by themselves: the state pays for them, and serving a listed firm
breaks foreign law, so they belong to support and to evasion alike."""

MEASURE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "listing": ("entity_listing",),
    "product rules": ("foreign_direct_product_rule", "denial_order"),
    "licence stop and revocation": ("licence_revocation",),
    "tool controls": ("tool_control", "tool_service_stop"),
    "memory control": ("hbm_control",),
    "market bans": ("market_ban", "rip_and_replace", "secondary_sanction"),
    "controls on the rival": ("compute_performance_control",),
    "due diligence": ("foundry_due_diligence", "affiliates_rule"),
}


def players(case: Case, by: By) -> Players:
    """The players of a case.

    Args:
        case: what is simulated.
        by: groups of mechanisms, single mechanisms, or kinds of measures that act.

    Raises:
        ValueError: if no measure of the case acts.
    """
    if by == "groups":
        return {name: _switches(parts) for name, parts in GROUPS.items()}
    if by == "mechanisms":
        return {name: _switches((name,)) for name in Mechanisms.model_fields}
    return _measures(case)


def _switches(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"mechanisms.{name}" for name in names)


def _measures(case: Case) -> Players:
    found = {}
    for name, kinds in MEASURE_GROUPS.items():
        paths = [
            f"measures.{key}.enabled"
            for key, measure in case.measures.items()
            if measure.kind in kinds and measure.enabled
        ]
        if paths:
            found[name] = tuple(paths)
    if not found:
        raise ValueError("this case has no measure whose effect could be shared out")
    return found
