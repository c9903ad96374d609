"""``chokepoint sensitivity``: which uncertain inputs carry the spread of the outcomes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim import __version__
from sim.analysis.sensitivity.designs import (
    HEADLINES,
    INDICES,
    SCREENING,
    Method,
    Study,
    indices,
    screening,
    unit_design,
)
from sim.analysis.sensitivity.indices import morris_table, ranked, sobol_table
from sim.analysis.sensitivity.targets import Target, targets_of
from sim.case.load import fingerprint, load_case
from sim.cli.experiment import ExperimentOrder, run_missing
from sim.cli.terminal import console, notes, table
from sim.outcomes.folder import FORMAT, MANIFEST, PROGRAM, FolderError
from sim.reports.sensitivity import never_words, save_heat_maps, settled_words
from sim.runs.experiment_file import Loaded
from sim.runs.experiment_folder import write_whole
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import Plan, make_plan

if TYPE_CHECKING:
    import pandas as pd

KIND = "sensitivity"
EFFECTS, SHARES = "screening.csv", "sensitivity.csv"
_SHOWN = 5


@dataclass(frozen=True)
class Order:
    """What the user asked for."""

    study: Study
    method: Method
    parameters: tuple[str, ...]
    out: Path | None
    force: bool
    workers: int | None
    cluster: str | None
    new_code: bool

    @property
    def folder(self) -> Path:
        """Where it all goes."""
        return self.out or Path("out") / f"{Path(self.study.case).stem}-{KIND}"

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        s = self.study
        words = ["chokepoint", KIND, s.case, *s.overrides, "--method", self.method]
        for name in ("trajectories", "points", "factors", "replicates", "seed"):
            words += [f"--{name}", str(getattr(s, name))]
        words += ["--end", s.end] if s.end else []
        for option, given in (("--parameter", self.parameters), ("--outcome", s.outcomes)):
            if option == "--parameter" or given != HEADLINES:
                words += [word for name in given for word in (option, name)]
        return shlex.join([*words, "--out", str(self.folder)])


def analyse(order: Order) -> int:
    """Run what is missing of both designs, write tables and figures, say what matters.

    Returns:
        Exit code: 0, or 1 if a block failed.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    chosen: Sequence[str] = order.parameters
    if not chosen:
        effects = _screen(order)
        if effects is None:
            return 1
        chosen = list(ranked(effects).index[: order.study.factors])
    if order.method == "morris":
        _sign(order, chosen)
        return 0
    found = _run(order, indices(order.study, chosen), INDICES)
    if found is None:
        return 1
    shares = sobol_table(found[1], found[0].uncertainties.names)
    _write(shares, order.folder / SHARES)
    save_heat_maps(shares, order.folder / "figures")
    _sign(order, chosen)
    _tell_shares(shares)
    typer.echo(f"Written to {order.folder}")
    return 0


def _screen(order: Order) -> pd.DataFrame | None:
    found = _run(order, screening(order.study), SCREENING)
    if found is None:
        return None
    plan, targets = found
    effects = morris_table(targets, plan.uncertainties.names, unit_design(plan))
    _write(effects, order.folder / EFFECTS)
    shares = ranked(effects)
    rows = [(str(name), f"{100 * share:.1f} %") for name, share in shares.head(20).items()]
    title = f"Screening of {len(shares)} inputs: share of squared effects"
    console().print(table(title, ("input", "share"), rows))
    kept = shares.head(order.study.factors)
    typer.echo(f"The first {len(kept)} have {100 * kept.sum():.0f} % of it.")
    return effects


def _run(order: Order, loaded: Loaded, name: str) -> tuple[Plan, list[Target]] | None:
    """Run what is missing of a design; None if a block failed."""
    with notes():
        plan = make_plan(loaded)
    part = ExperimentOrder(
        name, (), order.folder / name, order.force, order.workers, order.cluster,
        order.new_code, part_of=order.command,
    )  # fmt: skip
    plan, report = run_missing(plan, part)
    if report.failed:
        return None
    targets = targets_of(ExperimentResults(order.folder / name))
    if constant := [f"{one.column} {one.period}".strip() for one in targets if not one.varies]:
        typer.echo(f"The same at all points, so left out: {', '.join(constant)}.")
    return plan, targets


def _write(frame: pd.DataFrame, path: Path) -> None:
    # Half a sample may not vary: its indices are no numbers, and the column is one all the same.
    text = frame.to_csv(index=False, float_format="%.6g", na_rep="nan")
    write_whole(path, text.encode())


def _tell_shares(shares: pd.DataFrame) -> None:
    last = shares.groupby(["outcome", "labels"], sort=False)["period"].transform("max")
    for (outcome, labels, period), part in shares[shares["period"] == last].groupby(
        ["outcome", "labels", "period"], sort=False
    ):
        top = part.sort_values("ST", ascending=False).head(_SHOWN)
        rows = [
            (str(row.parameter), *(f"{x:.2f}" for x in (row.S1, row.ST, row.ST_conf, row.ST_half)))
            for row in top.itertuples()
        ]
        title = " ".join(part for part in (str(outcome), str(labels), str(period)) if part)
        columns = ("input", "first order", "total", "95 % interval ±", "at half the sample")
        console().print(table(title, columns, rows))
    for words in (settled_words(shares), never_words(shares)):
        if words:
            typer.echo(words)


def _sign(order: Order, chosen: Sequence[str]) -> None:
    case = load_case(order.study.case, order.study.overrides)
    about: dict[str, Any] = {
        "program": PROGRAM,
        "format": FORMAT,
        "kind": KIND,
        "version": __version__,
        "case": case.id,
        "title": case.title,
        "fingerprint": fingerprint(case),
        "overrides": list(order.study.overrides),
        "command": order.command,
        "method": order.method,
        "parameters": list(chosen),
        "trajectories": order.study.trajectories,
        "points": order.study.points,
        "replicates": order.study.replicates,
        "seed": order.study.seed,
    }
    write_whole(order.folder / MANIFEST, json.dumps(about, indent=1).encode())


def checked(study: Study) -> Study:
    """The study, if its numbers make designs.

    Raises:
        FolderError: if they do not.
    """
    if study.points < 2 or study.points & (study.points - 1):
        raise FolderError(f"--points is a power of two from 2 on, not {study.points}")
    if study.trajectories < 2 or study.factors < 1 or study.replicates < 1:
        raise FolderError("take at least two trajectories, one factor and one replicate")
    return study
