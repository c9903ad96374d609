"""``chokepoint run`` and ``check`` on an experiment file: expand it, run it, go on with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sim.cli.options import Work
from sim.cli.terminal import console, notes, number, table
from sim.outcomes.folder import FolderError
from sim.outcomes.summary import month_text
from sim.runs.columns import split_column
from sim.runs.cost import refuse_unaffordable
from sim.runs.execute import Report, Tell, run_one, run_plan
from sim.runs.experiment_file import load_experiment
from sim.runs.experiment_folder import ExperimentFolder
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import Plan, make_plan
from sim.runs.pools import make_pool
from sim.runs.speed import usable_cores

_MOST_ROWS = 40  # of a table on a terminal


@dataclass(frozen=True)
class ExperimentOrder(Work):
    """What the user asked for."""

    only_block: int | None = None
    part_of: str = ""  # the command of a larger work, if this is part of one

    @property
    def command(self) -> str:
        """The command that goes on with the experiment."""
        return self.part_of or self.going_on("run")


def run_experiment(order: ExperimentOrder) -> int:
    """Run what is missing of an experiment and say what came out.

    Returns:
        Exit code: 0, or 1 if a block failed.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong; nothing is run then.
    """
    with notes():
        plan = make_plan(load_experiment(order.name, order.overrides))
    if order.only_block is not None:
        return _run_alone(plan, order.only_block)
    plan, report = run_missing(plan, order)
    if report.complete:
        results = ExperimentResults(order.out or plan.default_folder)
        print_results(results)
        _draw(results)
    return 1 if report.failed else 0


def run_missing(plan: Plan, order: ExperimentOrder) -> tuple[Plan, Report]:
    """Run what is missing of an expanded experiment and tell of it.

    Returns:
        The plan, with the block size of the blocks that were there, and what was done.

    Raises:
        RunError, FolderError: if this machine cannot run it, or the folder is another's.
    """
    folder = ExperimentFolder(order.out or plan.default_folder)
    refuse_unaffordable(plan, folder.path, len(folder.done(plan)))
    plan = folder.prepare(plan, order.command, order.force, order.new_code)
    report = _run(plan, folder, order)
    _tell_report(report, folder, order)
    return plan, report


def _draw(results: ExperimentResults) -> None:
    """Draw the map that the experiment asks for, if it asks for one."""
    if not results.experiment.get("map"):
        return
    from sim.reports.lever_map import draw_map

    for path in draw_map(results, results.folder.path / "figures"):
        typer.echo(f"Map: {path}")


def _run_alone(plan: Plan, block: int) -> int:
    """Compute one block here, so that its error is seen."""
    if not 0 <= block < plan.blocks:
        raise FolderError(f"there is no block {block}; the experiment has {plan.blocks}")
    rows = run_one(plan, block)
    typer.echo(f"Block {block} runs: {rows} rows. Nothing was written.")
    return 0


def _run(plan: Plan, folder: ExperimentFolder, order: ExperimentOrder) -> Report:
    pool = make_pool(min(order.workers or usable_cores(), plan.blocks), order.cluster)
    try:
        with _progress(plan.loaded.experiment.name) as tell:
            return run_plan(plan, folder, pool, tell)
    except FolderError as error:
        raise FolderError(f"{error}. {_kept(plan, folder, order)}") from error
    except (SystemExit, KeyboardInterrupt):
        typer.echo(_kept(plan, folder, order), err=True)
        raise


def _kept(plan: Plan, folder: ExperimentFolder, order: ExperimentOrder) -> str:
    done = len(folder.done(plan))
    return f"{done} of {plan.blocks} blocks are kept; go on with: {order.command}"


def _tell_report(report: Report, folder: ExperimentFolder, order: ExperimentOrder) -> None:
    words = [f"{len(report.computed)} blocks computed in {report.seconds:.0f} s"]
    if report.earlier:
        words.append(f"{report.earlier} were there")
    typer.echo(f"{', '.join(words)}. Written to {folder.path}")
    for block, error in sorted(report.failed.items()):
        typer.echo(f"Block {block} failed: {error.strip().splitlines()[-1]}", err=True)
        typer.echo(f"  traceback: {folder.failure_path(block)}", err=True)
        if not order.part_of:
            typer.echo(f"  reproduce: {order.command} --only-block {block}", err=True)
    if report.failed:
        typer.echo(f"The same command tries the {len(report.failed)} failed again", err=True)


@contextmanager
def _progress(what: str) -> Iterator[Tell | None]:
    """A bar with rate and remaining time; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    parts = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} members, {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1, rate=0.0)
        started: list[int] = []

        def tell(done: int, total: int, seconds: float) -> None:
            # Members of an earlier start took no time of this one.
            started.append(done)
            rate = (done - started[0]) / max(seconds, 1e-9)
            bar.update(task, completed=done, total=total, rate=rate)

        yield tell


def print_results(results: ExperimentResults) -> None:
    """The columns that answer the question, by scenario and lever point."""
    asked = results.experiment["show"]
    if not asked:  # a large experiment without headlines is not read at all
        return
    frame = results.quantiles()
    for shown in asked:
        outcome, labels = split_column(shown["outcome"])
        here = (frame["outcome"] == outcome) & (frame["labels"] == labels)
        here &= frame["period"] == shown["period"]
        _print_column(results, shown, frame[here])


def _print_column(results: ExperimentResults, shown: dict[str, Any], rows: Any) -> None:
    event = results.is_event(shown["outcome"])
    unit = "month" if event else results.select(shown["outcome"]).attrs["unit"]
    title = " ".join(part for part in (shown["outcome"], shown["period"], f"[{unit}]") if part)
    columns = ("scenario", *results.levers, "median", "90 % band", "share")
    cells = [_cells(results, row, event) for _, row in rows.head(_MOST_ROWS).iterrows()]
    console().print(table(title, columns, cells, words=1 + len(results.levers)))
    if len(rows) > _MOST_ROWS:
        typer.echo(f"{len(rows) - _MOST_ROWS} more rows are in {results.folder.path}")


def _cells(results: ExperimentResults, row: Any, event: bool) -> tuple[str, ...]:
    def text(value: Any) -> str:
        if event:
            return month_text(results.manifest["start"], float(value)) or "never"
        return number(value)

    levels = [number(row[name]) for name in results.levers]
    band = f"{text(row['q05'])} to {text(row['q95'])}"
    return (row["scenario"], *levels, text(row["q50"]), band, f"{100 * row['share']:.0f} %")


def export(folder: Path, form: str, out: Path | None) -> None:
    """Write the members of an experiment or run as one file.

    Raises:
        FolderError: if the folder cannot be read or the file not be written.
    """
    from sim.runs.export import export_folder

    began = time.monotonic()
    path = export_folder(folder, form, out)
    typer.echo(f"Written to {path} ({path.stat().st_size / 1e6:,.1f} MB, "
               f"{time.monotonic() - began:.0f} s)")  # fmt: skip
