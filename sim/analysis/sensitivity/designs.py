"""The two experiments of a sensitivity analysis, from a case and a few numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.case.load import parse_overrides
from sim.runs.design import unit_points
from sim.runs.experiment_file import Loaded, parse_experiment
from sim.runs.plan import Plan
from sim.world.calendar import Array

Method = Literal["morris", "sobol", "both"]

# By year, or once for an event: what the case is asked about.
HEADLINES = (
    "revenue|segment=total",
    "phones_shipped|soc=own_domestic_foundry",
    "accelerators|die_origin=total",
    "telecom_equipment_share",
    "own_advanced_soc_runs_out",
    "domestic_advanced_phone_chip",
)
SCREENING, INDICES = "screening", "indices"  # names of the experiments and of their folders


@dataclass(frozen=True)
class Study:
    """What is asked of a sensitivity analysis.

    Args:
        case: name or path of a case or scenario.
        overrides: ``name=value`` texts, set for all members.
        trajectories: of the screening; each takes one member more than there are inputs.
        points: of the indices, a power of two; each takes two members more than inputs.
        factors: inputs taken from the screening into the indices.
        replicates: lucks over which the answer at a point is averaged.
        outcomes: columns.
    """

    case: str
    overrides: tuple[str, ...] = ()
    trajectories: int = 10
    points: int = 256
    factors: int = 12
    replicates: int = 2
    seed: int = 1
    outcomes: tuple[str, ...] = HEADLINES
    end: str = ""


def screening(study: Study) -> Loaded:
    """Morris trajectories over every uncertain input of the case, each over its own range.

    Raises:
        ConfigError: if the case or an outcome does not exist, or nothing in it is uncertain.
    """
    everything = {"all": {"paths": ["*"], "distribution": "own"}}
    design = {"uncertainties": "morris", "points": study.trajectories}
    return _experiment(study, SCREENING, everything, design)


def indices(study: Study, parameters: Sequence[str]) -> Loaded:
    """Saltelli's points over some inputs; all others stay at one draw a replicate.

    Raises:
        ConfigError: if one of them is not uncertain.
    """
    chosen = dict.fromkeys(parameters, "own")
    design = {"uncertainties": "saltelli", "points": study.points}
    return _experiment(study, INDICES, chosen, design)


def _experiment(
    study: Study, name: str, uncertainties: Mapping[str, Any], design: Mapping[str, Any]
) -> Loaded:
    tree: dict[str, Any] = {
        "name": name,
        "question": "Which uncertain inputs carry the spread of the outcomes?",
        "case": study.case,
        "constants": parse_overrides(study.overrides),
        "uncertainties": dict(uncertainties),
        "posterior": "none",  # inputs that were fitted together are no longer independent
        "design": dict(design),
        "replicates": study.replicates,
        "seed": study.seed,
        "outcomes": list(study.outcomes),
    }
    return parse_experiment(tree | ({"end": study.end} if study.end else {}))


def unit_design(plan: Plan) -> Array:
    """Where the points of a plan lie in the unit cube, (points, inputs)."""
    experiment, factors = plan.loaded.experiment, len(plan.uncertainties.dimensions)
    design = experiment.design
    role = "uncertainties"
    return unit_points(design.uncertainties, factors, design.points, experiment.seed, role)
