"""What an experiment would take: time, memory and disk, before anything runs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sim.outcomes.outcome import Outcome
from sim.outcomes.periods import MONTHS
from sim.outcomes.recorder import bytes_needed
from sim.runs.columns import declared_for
from sim.runs.plan import Plan
from sim.runs.simulate import RunError, installed_memory
from sim.runs.speed import PIECES_PER_START, crowding, pieces, seconds_of_a_piece
from sim.world.calendar import Calendar

BYTES_PER_PROCESS = 200e6  # the program itself with its libraries
BYTES_PER_MEMBER = 0.4e6  # of a model's inputs, state and luck at 100 months
COPIES = 3  # of what a block keeps, until it is a file
COMPRESSED = 0.75  # size of a kept number on disk against eight bytes
MOST_OF_MEMORY = 0.8


@dataclass(frozen=True)
class Cost:
    """Estimates: seconds [s], peak memory of all processes and disk space [bytes]."""

    seconds: float
    memory: float
    disk: float


def estimate(plan: Plan, workers: int) -> Cost:
    """What a plan takes with a number of workers; a running case is not looked at."""
    workers = max(min(workers, plan.blocks), 1)
    case = plan.groups[0].case
    months = Calendar(case.calendar.start, plan.window[1]).months
    outcomes = declared_for(plan.loaded.experiment.outcomes)
    block = min(plan.block, plan.members)
    # The last round of blocks may leave workers idle.
    rounds = -(-plan.blocks // workers) / plan.blocks
    work = PIECES_PER_START + rounds * pieces(plan.blocks, plan.members, months)
    every = MONTHS[plan.loaded.experiment.resolution]
    recorded = bytes_needed(outcomes, case, every + COPIES * periods_kept(plan), block)
    memory = workers * (BYTES_PER_PROCESS + block * BYTES_PER_MEMBER * months / 100 + recorded)
    seconds = work * seconds_of_a_piece() * crowding(workers)
    return Cost(seconds, memory, disk_needed(plan, outcomes))


def periods_kept(plan: Plan) -> int:
    """Periods of which an experiment keeps its outcomes, at least one."""
    first, last = plan.window
    return max(Calendar(first, last).months // MONTHS[plan.loaded.experiment.resolution], 1)


def disk_needed(plan: Plan, outcomes: list[Outcome]) -> float:
    """Disk space that the blocks take [bytes]."""
    numbers = bytes_needed(outcomes, plan.groups[0].case, periods_kept(plan), plan.members)
    return COMPRESSED * numbers + 5_000.0 * plan.blocks


def refuse_unaffordable(plan: Plan, folder: Path, done: int = 0) -> None:
    """Refuse what this machine cannot hold.

    Args:
        plan: the experiment.
        folder: where its blocks go.
        done: blocks that are there already.

    Raises:
        RunError: if a block does not fit into memory or the blocks not on the disk.
    """
    alone, installed = estimate(plan, 1), installed_memory()
    if installed is not None and alone.memory > MOST_OF_MEMORY * installed:
        raise RunError(
            f"a block of {plan.block} members needs {alone.memory / 1e9:,.1f} GB and this machine "
            f"has {installed / 1e9:,.1f} GB of memory; give a smaller 'block'"
        )
    place = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    needed = alone.disk * (1 - done / plan.blocks)
    if needed > free:
        raise RunError(
            f"the blocks need about {needed / 1e6:,.1f} MB and {place} has {free / 1e6:,.1f} MB "
            f"free; keep fewer outcomes or a coarser resolution"
        )
