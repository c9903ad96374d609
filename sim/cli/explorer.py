"""``chokepoint explorer``: run a grid of scenarios and pack it into one page for any browser."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd
import typer

from sim.case.load import case_folder
from sim.cli.experiment import ExperimentOrder, run_experiment
from sim.documented.load import has_documented, load_documented
from sim.reports.explorer import build_explorer, write_explorer
from sim.runs.experiment_file import load_experiment
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import Plan, make_plan
from sim.runs.simulate import RunError
from sim.web.explorer import explorer_words

MOST_SCENARIOS = 1000


def make_explorer(order: ExperimentOrder, page: Path) -> int:
    """Run what is missing of the experiment and write its page.

    Returns:
        Exit code: 0, or 1 if a block failed; no page is written then.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong or the page cannot be made.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the run below tells them
        plan = make_plan(load_experiment(order.name, order.overrides))
    _refuse_unfit(plan)
    # All that is read of files is read before the long part.
    words, documented = explorer_words(plan), _documented(plan.loaded.case().id)
    folder = order.out or plan.default_folder
    if code := run_experiment(replace(order, out=folder)):
        return code
    made = build_explorer(ExperimentResults(folder), words, documented)
    write_explorer(made, page)
    typer.echo(
        f"Explorer: {page} ({page.stat().st_size / 1e6:.2f} MB, {made.scenarios} "
        f"scenarios of {made.members} members, {made.paired} of them to subtract pair by pair)"
    )
    return 0


def _documented(case: str) -> pd.DataFrame | None:
    folder = case_folder(case)
    return load_documented(folder).frame() if has_documented(folder) else None


def _refuse_unfit(plan: Plan) -> None:
    dimensions = plan.levers.dimensions
    cells = math.prod(len(one.levels) for one in dimensions)
    if plan.loaded.experiment.design.levers not in ("grid", "subsets") or len(plan.levers) != cells:
        raise RunError("an explorer needs a grid of levers: leave the design out, or say 'grid'")
    if cells * len(plan.names) > MOST_SCENARIOS:
        raise RunError(
            f"{cells * len(plan.names):,} scenarios are more than the {MOST_SCENARIOS:,} that an "
            f"explorer holds: take fewer levers or levels"
        )
