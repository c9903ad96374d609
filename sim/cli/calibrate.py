"""``chokepoint calibrate``: fit the inputs of a case to documented outcomes of the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.analysis.calibration.bank import Workplace
from sim.analysis.calibration.file import load_calibration
from sim.analysis.calibration.fit import Fit, Problem, fit, problem_of
from sim.analysis.calibration.identify import bank_of, report
from sim.analysis.calibration.judge import MEMBERS, compared, scorecards
from sim.analysis.calibration.page import guard_page, identifiability_page
from sim.analysis.calibration.write import (
    diagnostics,
    install,
    read_diagnostics,
    target_rows,
    write_posterior,
)
from sim.case.errors import display
from sim.cli.options import Work
from sim.cli.terminal import console, notes, number, progress_bar, table
from sim.outcomes.store import write_csv
from sim.runs.pools import make_pool
from sim.runs.posterior import DRAWS, FOLDER
from sim.runs.speed import usable_cores

if TYPE_CHECKING:
    import pandas as pd

SHUFFLED = "shuffled-"
TABLE, _SCORES = "identifiability.csv", f"{FOLDER}-scores.csv"


@dataclass(frozen=True)
class Order(Work):
    """What the user asked for."""

    draft: bool = False
    figures: bool = False
    shuffled: bool = False
    page: Path | None = None

    @property
    def command(self) -> str:
        """The command that goes on with the fit."""
        options = {
            "--shuffled-years": self.shuffled,
            "--draft": self.draft,
            "--figures": self.figures,
        }
        return self.going_on("calibrate", *(word for word, given in options.items() if given))


def calibrate(order: Order) -> None:
    """Fit, write the posterior, and score it against the priors.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong.
    """
    problem = _problem(order, order.shuffled)
    with _workplace(order, problem) as place:
        found = fit(problem, place, typer.echo, SHUFFLED if order.shuffled else "")
        folder = place.folder / f"{SHUFFLED if order.shuffled else ''}{FOLDER}"
    draws = write_posterior(found, folder)
    _tell_fit(found)
    if order.shuffled:
        _score_shuffled(found, draws, place.folder, order.page)
    else:
        _tell_scores(problem, {"priors": None, "posterior": draws}, place.folder / _SCORES)
    if order.figures:
        _draw(found, place.folder / "figures")
    typer.echo(f"Written to {display(folder)}")
    if not (order.draft or order.shuffled):
        typer.echo(f"Members of {problem.case.id} are drawn from it: "
                   f"{display(install(draws, problem.folder))}")  # fmt: skip


def _score_shuffled(found: Fit, draws: Path, folder: Path, page: Path | None) -> None:
    """Priors, the fit to shuffled years and the right one, if there is one."""
    posteriors: dict[str, Path | None] = {"priors": None, "shuffled years": draws}
    right = _right_draws(folder, found.problem)
    posteriors |= {"posterior": right} if right else {}
    scores = _tell_scores(found.problem, posteriors, folder / f"{SHUFFLED}{_SCORES}")
    if page is None or right is None:
        return
    fits = {"right years": read_diagnostics(right), "shuffled years": diagnostics(found)}
    page.write_text(guard_page(scores, fits, MEMBERS), encoding="utf-8")
    typer.echo(f"Written to {display(page)}")


def _right_draws(folder: Path, problem: Problem) -> Path | None:
    """Draws of the fit to the right years: that of this folder, or that of the case."""
    places = (folder / FOLDER / DRAWS, problem.folder / FOLDER / DRAWS)
    return next((place for place in places if place.is_file()), None)


def identify(order: Order) -> None:
    """Find out what the targets could tell about the inputs, and write it down.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong.
    """
    problem = _problem(order, shuffled=False)
    with _workplace(order, problem) as place:
        found = report(bank_of(problem, place), problem)
    write_csv(found, place.folder / TABLE)
    shown = [
        (row.parameter, row.verdict, number(row.alone), number(row.together),
         number(row.coverage), "yes" if row.fitted else "")
        for row in found.itertuples()
    ]  # fmt: skip
    columns = ("input", "verdict", "alone", "together", "coverage", "fitted")
    console().print(table("Fall of the variance", columns, shown, words=2))
    typer.echo(f"Written to {display(place.folder / TABLE)}")
    if order.page is not None:
        order.page.write_text(identifiability_page(found, problem), encoding="utf-8")
        typer.echo(f"Written to {display(order.page)}")


def _problem(order: Order, shuffled: bool) -> Problem:
    with notes():
        return problem_of(load_calibration(order.name, order.overrides), shuffled)


@contextmanager
def _workplace(order: Order, problem: Problem) -> Iterator[Workplace]:
    folder = order.out or Path("out") / problem.loaded.calibration.name
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("Members") as tell, kept():
        yield Workplace(
            folder,
            lambda: make_pool(order.workers or usable_cores(), order.cluster),
            order.command,
            order.force,
            order.new_code,
            (lambda done, of, _: tell(done, of)) if tell else None,
        )


@contextmanager
def kept() -> Iterator[None]:
    """Say to whoever stops a fit that it is not lost."""
    try:
        yield
    except (SystemExit, KeyboardInterrupt):
        typer.echo("What is computed is kept: the same command goes on with it.", err=True)
        raise


def _tell_fit(found: Fit) -> None:
    met = sum(row["met"] for row in target_rows(found))
    seconds = sum(one.seconds for one in found.rounds)
    typer.echo(
        f"{found.members:,} members in {seconds:.0f} s ({found.members / seconds:.0f} a second). "
        f"Left by history matching: {100 * found.plausible:.1f} % (cutoff {found.cutoff:.1f}). "
        f"Acceptance {100 * found.acceptance:.2f} %, {found.population.effective:.0f} effective "
        f"draws. {met} of {len(found.problem.targets)} targets within the 90 % band."
    )


def _tell_scores(
    problem: Problem, posteriors: Mapping[str, Path | None], path: Path
) -> pd.DataFrame:
    cards = scorecards(problem.loaded.case, problem.folder, posteriors)
    scores = compared(cards)
    write_csv(scores, path)
    console().print(_score_table(scores))
    return scores


def _score_table(scores: pd.DataFrame) -> object:
    columns = tuple(scores.columns)
    rows = [tuple(number(value) for value in row) for row in scores.itertuples(index=False)]
    return table("Scorecard", columns, rows, words=2)


def _draw(found: Fit, folder: Path) -> None:
    from sim.reports.posterior import save_posterior_figures

    for path in save_posterior_figures(found, folder):
        typer.echo(f"Figure: {display(path)}")
