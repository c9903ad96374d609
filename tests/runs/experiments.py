"""Small experiments on a built-in case, short enough for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sim.runs.execute import Report, run_plan
from sim.runs.experiment_file import Loaded, parse_experiment
from sim.runs.experiment_folder import ExperimentFolder
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import Plan, make_plan
from sim.runs.pools import Pool

GRACE = "measures.direct_product_rule_may_2020.grace_days"
REVENUE = "revenue|segment=total"
# A stock below nothing is refused by the ledger when the model is built.
BREAKS = "items.memory.initial_cover"


def content(**changes: Any) -> dict[str, Any]:
    """An experiment of two lever points and four replicates over a year."""
    plain: dict[str, Any] = {
        "name": "small",
        "question": "Is this a question of ten letters?",
        "case": "huawei",
        "levers": {GRACE: [0, 120]},
        "replicates": 4,
        "end": "2018-12",
        "outcomes": [REVENUE],
    }
    whole = {**plain, **changes}
    return {key: value for key, value in whole.items() if value is not None}


def loaded(**changes: Any) -> Loaded:
    """The experiment as if read from a file."""
    return parse_experiment(content(**changes))


def planned(block: int = 4, **changes: Any) -> Plan:
    """The experiment expanded."""
    return make_plan(loaded(**changes), block)


def run(
    plan: Plan, path: Path, pool: Pool | None = None, **options: Any
) -> tuple[Report, ExperimentResults]:
    """Run what is missing of a plan in a folder."""
    folder = ExperimentFolder(path)
    force, new_code = options.get("force", False), options.get("new_code", False)
    plan = folder.prepare(plan, "chokepoint run small", force, new_code)
    report = run_plan(plan, folder, pool)
    return report, ExperimentResults(path)


def write_file(path: Path, **changes: Any) -> Path:
    """The experiment as a file."""
    path.write_text(yaml.safe_dump(content(**changes)))
    return path
