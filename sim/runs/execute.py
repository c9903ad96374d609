"""Runs the blocks of an experiment that are missing, and keeps each as it is finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field

from sim.runs.block import BlockResult, MakeTable, block_table, run_task
from sim.runs.experiment_folder import ExperimentFolder
from sim.runs.ledger import Entry
from sim.runs.plan import Plan
from sim.runs.pools import Pool, SerialPool

Tell = Callable[[int, int, float], None]
"""Called with members done, members in all, and seconds since the start."""

MOST_TRIES = 3  # of a block whose workers die


@dataclass
class Report:
    """What a start of an experiment did."""

    blocks: int
    earlier: int = 0  # blocks that were there before
    computed: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every block is there."""
        return self.earlier + len(self.computed) == self.blocks


def run_plan(
    plan: Plan,
    folder: ExperimentFolder,
    pool: Pool | None = None,
    tell: Tell | None = None,
    make: MakeTable | None = None,
) -> Report:
    """Run what is missing of an experiment.

    Args:
        plan: the experiment, as :meth:`ExperimentFolder.prepare` returned it.
        folder: where the blocks go.
        pool: where they run; this process if not given. It is closed in the end.
        tell: told how far the run is.
        make: computes a block's table; one row a member and period if not given.

    Raises:
        FolderError: if another program is at work in the folder, or the disk is full.
    """
    with folder.locked():
        return _Run(plan, folder, pool or SerialPool(), tell, make).all()


class _Run:
    """One start of an experiment."""

    def __init__(
        self, plan: Plan, folder: ExperimentFolder, pool: Pool, tell: Tell | None,
        make: MakeTable | None,
    ) -> None:  # fmt: skip
        self.plan, self.folder, self.pool, self.tell = plan, folder, pool, tell
        self.make = make
        self.flying: dict[Future[BlockResult], int] = {}
        self.tries: dict[int, int] = {}
        self.again: list[int] = []
        self.began = time.monotonic()
        done = folder.done(plan)
        self.members = sum(plan.rows_of(number) for number in done)
        self.fresh = (number for number in range(plan.blocks) if number not in done)
        self.report = Report(plan.blocks, earlier=len(done))

    def all(self) -> Report:
        """Run until nothing is left to do."""
        clean = False
        try:
            self._work()
            clean = True
        finally:
            # After an error or Ctrl-C what is in flight is given up at once.
            self.pool.close(wait=clean)
            self._give_up()
        self.report.seconds = time.monotonic() - self.began
        self._sign()
        return self.report

    def _work(self) -> None:
        while True:
            for number in self._next():
                self._submit(number)
            if not self.flying:
                return
            finished, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenExecutor) for future in finished):
                self._replace_workers()
            else:
                for future in finished:
                    self._take(future)

    def _next(self) -> Iterator[int]:
        """Blocks to start now: one more than there are workers, so that none has to wait.

        Blocks whose worker died run alone, so that the guilty one is found.
        """
        if self.again:
            if not self.flying:
                yield self.again.pop()
            return
        room = 1 if self.pool.workers == 1 else self.pool.workers + 1
        while len(self.flying) < room and (number := next(self.fresh, None)) is not None:
            yield number

    def _submit(self, number: int) -> None:
        self.tries[number] = self.tries.get(number, 0) + 1
        task = self.plan.task(number)
        try:
            future = self.pool.executor().submit(run_task, task, self.make)
        except BrokenExecutor:  # a worker died while there was nothing to do
            self.pool.renew()
            future = self.pool.executor().submit(run_task, task, self.make)
        self.flying[future] = number

    def _replace_workers(self) -> None:
        """A worker died and took all others with it: start anew with what was in flight."""
        wait(self.flying)
        for future in list(self.flying):
            self._take(future)
        self.pool.renew()

    def _take(self, future: Future[BlockResult]) -> None:
        number, error = self.flying.pop(future), future.exception()
        if error is None:
            self._keep(future.result())
        elif isinstance(error, BrokenExecutor) and self.tries[number] < MOST_TRIES:
            self.again.append(number)
        else:
            words = f"{type(error).__name__}: {error}"
            self._keep(BlockResult(number, self.plan.rows_of(number), error=words, worker=0))

    def _give_up(self) -> None:
        """Note what was in flight; if the disk is full there is no place for the note."""
        for number in self.flying.values():
            with suppress(OSError):
                members = self.plan.rows_of(number)
                self.folder.ledger.write(Entry(number, "ABORTED", members))

    def _keep(self, result: BlockResult) -> None:
        self.folder.keep(result)
        if result.error:
            self.report.failed[result.number] = result.error
        else:
            self.report.computed.append(result.number)
            self.members += result.members
        if self.tell is not None:
            self.tell(self.members, self.plan.members, time.monotonic() - self.began)

    def _sign(self) -> None:
        """Write the state into the manifest, and how long it took altogether."""
        manifest = self.folder.manifest
        before = manifest.get("timings", {})
        timings = {
            "wall_s": round(before.get("wall_s", 0.0) + self.report.seconds, 3),
            "starts": before.get("starts", 0) + 1,
        }
        state = "SUCCEEDED" if self.report.complete else "FAILED"
        self.folder.write_manifest({**manifest, "state": state, "timings": timings})


def run_one(plan: Plan, number: int) -> int:
    """Compute one block here and now, and let its error be seen.

    Returns:
        Rows of its table; nothing is written.
    """
    rows: int = block_table(plan.task(number)).num_rows
    return rows
