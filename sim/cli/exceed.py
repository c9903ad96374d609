"""``chokepoint exceed``: the chance of at least so much by a year, or of a level passed by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from sim.analysis.exceedance import AMOUNT, LEVEL, Curve, amounts, passings
from sim.cli.pair import run_folder
from sim.cli.terminal import console, table
from sim.outcomes.folder import FolderError
from sim.outcomes.results import Results
from sim.reports.exceedance import (
    gathered,
    save_curves,
    standard_curves,
    step_text,
)
from sim.runs.experiment_results import ExperimentResults
from sim.runs.folder import open_results
from sim.runs.simulate import RunError


@dataclass(frozen=True)
class Question:
    """What is asked; both headline questions if it is empty.

    Args:
        outcome: column such as ``accelerators|die_origin=total``.
        by: year of amounts.
        above: year whose value is to be passed.
        at_least: thresholds of amounts.
    """

    outcome: str = ""
    by: int | None = None
    above: int | None = None
    at_least: tuple[float, ...] = ()


def exceed(names: Sequence[str], question: Question, out: Path | None) -> None:
    """Print the chances of runs, or of the scenarios of an experiment; write table and figures.

    Args:
        names: folders of runs and experiments; cases and scenarios are run if need be.
        question: what is asked.
        out: where table and figures go; the first folder if not given.

    Raises:
        ConfigError, FolderError, OutcomeError, RunError: if a folder cannot be read or cannot
            answer.
    """
    if question.above is not None and (question.by is not None or question.at_least):
        raise FolderError("ask either for amounts (--by, --at-least) or for a level (--above)")
    folders = [run_folder(name) for name in names]
    sources = [(_name(folder, folders), open_results(folder)) for folder in folders]
    groups = _curves(sources, question)
    if not groups:
        raise RunError(f"neither {AMOUNT} nor {LEVEL} can be asked of this; name one: --outcome")
    for curves in groups:
        _tell(curves)
    for path in save_curves(groups, out or folders[0]):
        typer.echo(f"Written: {path}")


def _name(folder: Path, folders: Sequence[Path]) -> str:
    """Name of a run: its folder's, or the whole path where two are called the same."""
    same = [other for other in folders if other.name == folder.name]
    return folder.name if len(same) == 1 else str(folder)


def _curves(
    sources: Sequence[tuple[str, Results | ExperimentResults]], question: Question
) -> list[list[Curve]]:
    q = question
    if q == Question():
        return standard_curves(sources)
    if q.above is not None:
        column = q.outcome or LEVEL
        return [passings(gathered(sources, column), column, q.above)]
    column = q.outcome or AMOUNT
    return [amounts(gathered(sources, column), column, q.by, q.at_least)]


def _tell(curves: Sequence[Curve]) -> None:
    columns = ("", *(one.scenario for one in curves))
    rows = [
        (step_text(curves[0], k), *(f"{100 * float(one.chances[k]):.0f} %" for one in curves))
        for k in range(len(curves[0].steps))
    ]
    console().print(table(curves[0].question, columns, rows))
    members = min(one.members for one in curves)
    error = 100 * 0.5 / members**0.5
    typer.echo(
        f"Shares of {members:,} members; counting alone has an error of up to {error:.0f} %."
    )
