"""Commands of experiments: fit, search, write pages and files; parse, then call one function."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.options import DEFAULT_CASE, CaseName, Cluster, NewCode, Overrides, Workers, named


def sensitivity(
    case: CaseName = DEFAULT_CASE,
    overrides: Overrides = None,
    method: Annotated[
        Literal["morris", "sobol", "both"],
        typer.Option(help="Screen all inputs; shares of variance; or one after the other."),
    ] = "both",
    trajectories: Annotated[int, typer.Option(help="Trajectories of the screening.")] = 10,
    points: Annotated[int, typer.Option(help="Base points of the shares; a power of two.")] = 256,
    factors: Annotated[int, typer.Option(help="Inputs taken from screening to shares.")] = 12,
    replicates: Annotated[int, typer.Option(help="Lucks to average over at each point.")] = 2,
    seed: Annotated[int, typer.Option(help="Seed of design and luck.")] = 1,
    end: Annotated[str, typer.Option(metavar="YYYY-MM", help="Last month reported.")] = "",
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="An input of the shares, again for more; nothing is screened then."
        ),
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN", help="An outcome, as revenue|segment=total; again for more."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; out/CASE-sensitivity if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Start over.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    new_code: NewCode = False,
) -> None:
    """Say which uncertain inputs carry the spread of the outcomes (Morris, then Sobol)."""
    from sim.analysis.sensitivity.designs import HEADLINES, Study
    from sim.cli.sensitivity import Order, analyse, checked

    name, changes = named(case, overrides)
    study = Study(
        name, changes, trajectories, points, factors, replicates, seed,
        tuple(outcome or HEADLINES), end,
    )  # fmt: skip
    order = Order(
        checked(study), method, tuple(parameter or ()), out, force, workers, cluster, new_code
    )
    raise typer.Exit(analyse(order))


def exceed(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN...", help="Folders of runs or experiments, or scenarios."),
    ],
    outcome: Annotated[
        str, typer.Option(metavar="COLUMN", help="An outcome, as revenue|segment=total.")
    ] = "",
    by: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Chance of amounts by the end of it.")
    ] = None,
    at_least: Annotated[
        list[float] | None,
        typer.Option(metavar="AMOUNT", help="An amount, again for more; round ones if none."),
    ] = None,
    above: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Chance to pass the value of that year.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; that of the first run if not given.")
    ] = None,
) -> None:
    """Say how likely at least so much by a year is, or a level to be passed; draw the curves."""
    from sim.cli.exceed import Question
    from sim.cli.exceed import exceed as tell

    tell(runs, Question(outcome, by, above, tuple(at_least or ())), out)


def calibrate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Calibration; a built-in one, or a path.")
    ] = "calibrate",
    overrides: Overrides = None,
    identify: Annotated[
        bool, typer.Option("--identify", help="Find out what the targets can tell; fit nothing.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write that study, or that of shuffled years, as Markdown."
        ),
    ] = None,
    shuffled_years: Annotated[
        bool, typer.Option("--shuffled-years", help="Fit to wrong data, to see it score worse.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Leave the posterior of the case as it is.")
    ] = False,
    figures: Annotated[bool, typer.Option("--figures", help="Draw marginals and pairs.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; out/NAME if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Start over.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    new_code: NewCode = False,
) -> None:
    """Fit a case to what is documented of its first years, and write its posterior."""
    from sim.cli import calibrate as command

    name, changes = named(file, overrides, "calibrate")
    order = command.Order(
        name, changes, out, force, workers, cluster, new_code, draft, figures, shuffled_years, page
    )
    if identify:
        command.identify(order)
    else:
        command.calibrate(order)


def search(
    experiment: Annotated[
        str, typer.Argument(metavar="FILE", help="Experiment with levers and a search.")
    ],
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; out/NAME if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier search.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Search for regimes that no other regime beats on several aims."""
    from sim.cli.search import search

    search(experiment, tuple(overrides or ()), out, force, workers, cluster)


def explorer(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="Experiment with a grid of levers.")
    ] = "explorer",
    overrides: Overrides = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page.")] = Path("explorer.html"),
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the runs; out/NAME if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier folder.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    new_code: NewCode = False,
) -> None:
    """Write a what-if page that needs only a browser: one file, no server, no network."""
    from sim.cli.experiment import ExperimentOrder
    from sim.cli.explorer import make_explorer

    name, changes = named(experiment, overrides, "explorer")
    order = ExperimentOrder(name, changes, folder, force, workers, cluster, new_code)
    raise typer.Exit(make_explorer(order, out))


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment or run.")],
    form: Annotated[
        Literal["csv", "parquet", "netcdf"], typer.Option("--format", help="Form of the file.")
    ] = "csv",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write; DIR/export.csv (.parquet, .nc) if not given."
        ),
    ] = None,
) -> None:
    """Write every member of an experiment or run as one file."""
    from sim.cli.experiment import export

    export(folder, form, out)
