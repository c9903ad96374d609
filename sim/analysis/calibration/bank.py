"""Members simulated for a fit: only what the targets need, block by block, resumable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.calibration.file import LoadedCalibration
from sim.analysis.calibration.targets import Target, columns_of, target_name
from sim.case.errors import display
from sim.documented.align import member_values, run_span
from sim.documented.observation import Observation
from sim.outcomes.results import Results
from sim.runs.block import BlockTask, block_dataset
from sim.runs.execute import Tell, run_plan
from sim.runs.experiment_file import parse_experiment
from sim.runs.experiment_folder import ExperimentFolder
from sim.runs.plan import Plan, make_plan
from sim.runs.pools import Pool
from sim.runs.posterior_named import NONE
from sim.runs.simulate import RunError
from sim.world.calendar import Array

if TYPE_CHECKING:
    import pyarrow as pa

MakePool = Callable[[], Pool]
"""A pool for one round, which closes it; pools are started anew for each."""


@dataclass(frozen=True)
class Workplace:
    """Where a fit keeps its blocks, and how it goes on.

    Args:
        folder: folder of the fit.
        pool: makes the workers of a round.
        command: what the user gave, to be shown on how to go on.
        force: start over.
        new_code: go on although the program has changed.
        tell: told how far a round is.
    """

    folder: Path
    pool: MakePool
    command: str = ""
    force: bool = False
    new_code: bool = False
    tell: Tell | None = None


def simulated(
    loaded: LoadedCalibration,
    targets: Sequence[Target],
    members: int,
    name: str,
    seed: int,
    place: Workplace,
    proposals: Path | None = None,
) -> dict[str, Array]:
    """Values of all targets by name, (members,) each.

    Each member has its own luck, and draws from priors what ``proposals`` do not set.

    Args:
        loaded: the calibration.
        targets: what to keep.
        members: how many.
        name: of the folder below the fit's own.
        seed: seed of the luck.
        place: where blocks go.
        proposals: Parquet file with a row a member.

    Raises:
        RunError: if a block fails.
        FolderError: if the folder belongs to another fit, or cannot be written.
    """
    experiment = {
        "name": f"{loaded.calibration.name}-{name}",
        "question": loaded.calibration.question,
        "case": str(loaded.case),
        "posterior": str(proposals.resolve()) if proposals else NONE,
        "replicates": members,
        "seed": seed,
        "end": f"{loaded.calibration.until:%Y-%m}",
        "outcomes": list(columns_of(targets)),
        "resolution": "month",
    }
    plan = make_plan(parse_experiment(experiment, loaded.path))
    folder = ExperimentFolder(place.folder / name)
    plan = folder.prepare(plan, place.command, place.force, place.new_code)
    make = partial(target_table, [one.observation for one in targets])
    report = run_plan(plan, folder, place.pool(), place.tell, make)
    if not report.complete:
        number, error = next(iter(report.failed.items()))
        raise RunError(
            f"block {number} of {display(folder.path)} failed: {error.strip().splitlines()[-1]}"
        )
    return _read(folder, plan, targets)


def target_table(observations: Sequence[Observation], task: BlockTask) -> pa.Table:
    """Values of documented outcomes in one block, a row a member."""
    import pyarrow as pa

    results = Results(block_dataset(task), {"start": f"{task.window[0]:%Y-%m}"})
    run = run_span(results)
    columns: dict[str, Any] = {"member": task.member}
    for one in observations:
        values = member_values(results, one, run)
        # A share of nothing has no value; whether that is so everywhere is seen in the end.
        columns[target_name(one)] = np.full(task.members, np.nan) if values is None else values
    return pa.table(columns)


def _read(folder: ExperimentFolder, plan: Plan, targets: Sequence[Target]) -> dict[str, Array]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.concat_tables([pq.read_table(folder.block_path(n)) for n in range(plan.blocks)])
    order = np.argsort(table["member"].to_numpy(), kind="stable")
    values = {one.name: table[one.name].to_numpy()[order] for one in targets}
    for one in targets:
        if not one.observation.is_event and np.isnan(values[one.name]).all():
            raise RunError(f"no member has a value of {one.name}")
    return values
