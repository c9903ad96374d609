"""Runs named in a comparison: a folder, or a case or scenario that is run if need be."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.case.load import load_case
from sim.cli.run import MEMBERS, SEED, Order, run_order
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.results import Results
from sim.reports.compare import figure_compare
from sim.reports.pairs import SHOWN
from sim.reports.style import save
from sim.runs.folder import open_run


def run_folder(name: str, like: Path | None = None) -> Path:
    """Folder of the run that ``name`` means; a case or scenario is run into ``out/NAME``.

    Args:
        name: a run folder, or a case or scenario.
        like: run folder whose members, seed and months a new run takes over.

    Raises:
        ConfigError: if there is neither such a folder nor such a case or scenario.
        FolderError: if a folder cannot be read or written.
    """
    folder = Path(name)
    if folder.exists() or len(folder.parts) > 1:
        return folder
    load_case(name)
    folder = Path("out") / name
    if folder.exists():
        typer.echo(f"{name}: the run in {folder} is taken", err=True)
    else:
        run_order(_order(name, folder, like))
    return folder


def _order(name: str, folder: Path, like: Path | None) -> Order:
    if like is None:
        return Order(name, (), MEMBERS, SEED, None, None, folder, force=False)
    about = open_run(like).manifest
    return Order(
        name, (), int(about["members"]), int(about["seed"]),
        str(about["start"])[:7], str(about["end"])[:7], folder, force=False,
    )  # fmt: skip


def draw_pair(a: Results, b: Results, names: tuple[str, str], folder: Path) -> list[Path]:
    """Draw both runs and their difference for the headline outcomes that they share.

    Raises:
        OSError: if the folder cannot be written.
    """
    paths: list[Path] = []
    for outcome, labels in SHOWN:
        try:
            figure = figure_compare(a, b, outcome, labels, names=names)
        except (OutcomeError, ValueError):  # one of them lacks it, or other months
            continue
        paths += save(figure, folder, outcome, ("svg", "png"))
    return paths
