"""``chokepoint run``: simulate, write the run folder, say what came out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from sim.case.load import case_folder, load_case
from sim.cli.terminal import console, notes, number, progress_bar, table
from sim.documented.load import FOLDER, load_documented
from sim.documented.observation import Documented
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.results import Results
from sim.outcomes.store import write_csv
from sim.runs.folder import Part, check_target, write_folder
from sim.runs.manifest import with_recipe
from sim.runs.simulate import simulate

SCORECARD, FIGURES = "scorecard.csv", "figures"
MEMBERS, SEED = 256, 1  # if nobody says
HEADLINE = ("revenue", "segment=total")


@dataclass(frozen=True)
class Order:
    """What the user asked for."""

    case: str
    overrides: tuple[str, ...]
    members: int
    seed: int
    start: str | None
    end: str | None
    out: Path | None
    force: bool
    prior: bool = False

    @property
    def folder(self) -> Path:
        """Run folder; named after the case where none is given."""
        return self.out or Path("out") / Path(self.case).stem


def run_order(order: Order) -> None:
    """Run a case and write its folder.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong; nothing is written then.
    """
    case = load_case(order.case, order.overrides)
    documented = documented_of(order.case)
    check_target(order.folder, order.force)
    with progress_bar(f"Simulating {order.members} members") as tell, notes():
        results = simulate(
            case, order.members, order.seed, order.start, order.end,
            progress=tell, posterior=not order.prior,
        )  # fmt: skip
    with_recipe(results, order.case, order.overrides, str(order.folder), prior=order.prior)
    with Console(stderr=True).status("Writing tables and figures"):  # silent in a pipe
        write_folder(results, order.folder, parts_of(documented), order.force)
    print_headline(results)
    typer.echo(f"Written to {order.folder}")


def documented_of(case: str) -> Documented | None:
    """Documented outcomes of a case or scenario; None if it has none.

    Raises:
        ConfigError: if there is no such case, or they cannot be read.
    """
    folder = case_folder(case)
    return load_documented(folder) if (folder / FOLDER).is_dir() else None


def parts_of(documented: Documented | None) -> tuple[Part, ...]:
    """What a run folder holds beside the results: figures, and the scorecard if there is one."""

    def figures(results: Results, draft: Path) -> None:
        from sim.reports.figures import draw_figures

        points = None if documented is None else documented.frame()
        with notes():
            draw_figures(results, points, draft / FIGURES)

    def scorecard(results: Results, draft: Path) -> None:
        from sim.documented.score import score

        assert documented is not None
        write_csv(score(results, documented), draft / SCORECARD)

    return (figures,) if documented is None else (scorecard, figures)


def print_headline(results: Results) -> None:
    """Revenue by year with its band, and the events."""
    shown = console()
    annual = results.annual()
    outcome, labels = HEADLINE
    rows = annual[(annual["outcome"] == outcome) & (annual["labels"] == labels)]
    if len(rows):
        columns = ("year", "median", "50 % band", "90 % band")
        title = f"Revenue a year [{_unit(results)}]"
        shown.print(table(title, columns, [_band_row(row) for _, row in rows.iterrows()]))
    events = results.events()
    if len(events):
        columns = ("event", "median month", "90 % band", "members")
        shown.print(table("Events", columns, [_event_row(row) for _, row in events.iterrows()]))


def _unit(results: Results) -> str:
    try:
        return str(results.select(*HEADLINE).attrs.get("unit", ""))
    except OutcomeError:
        return ""


def _band_row(row: Any) -> tuple[str, ...]:
    inner = f"{number(row['q25'])} to {number(row['q75'])}"
    outer = f"{number(row['q05'])} to {number(row['q95'])}"
    return str(row["period"]), number(row["q50"]), inner, outer


def _event_row(row: Any) -> tuple[str, ...]:
    first, middle, last = (_month(row[name]) for name in ("q05", "q50", "q95"))
    band = first if first == last else f"{first} to {last}"
    return str(row["outcome"]), middle, band, f"{100 * row['share']:.0f} %"


def _month(text: object) -> str:
    return text if isinstance(text, str) else "never"
