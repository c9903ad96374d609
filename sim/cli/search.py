"""``chokepoint search``: regimes that no other regime beats, as a table and as scenarios."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.analysis.policy_search import search_regimes
from sim.analysis.regime_files import REGIMES, TABLE, front_table, write_front
from sim.analysis.search_ledger import SearchLedger
from sim.cli.terminal import console, number, progress_bar, table
from sim.runs.experiment_file import load_experiment
from sim.runs.folder import check_target
from sim.runs.plan import make_plan
from sim.runs.pools import make_pool
from sim.runs.speed import usable_cores


def search(
    name: str, overrides: tuple[str, ...], out: Path | None, force: bool,
    workers: int | None, cluster: str | None,
) -> None:  # fmt: skip
    """Search over the levers of an experiment and write the front.

    A search that was stopped or killed goes on with the same command.

    Raises:
        ConfigError, RunError, FolderError: if the input is wrong; nothing is run then.
    """
    plan = make_plan(load_experiment(name, overrides))
    folder = out or Path("out") / plan.loaded.experiment.name
    check_target(folder, force)
    ledger = SearchLedger.beside(folder)
    if force:
        ledger.forget()
    earlier = len(ledger.tried(plan))
    pool = make_pool(workers or usable_cores(), cluster)
    with progress_bar("Generations") as tell:
        front = search_regimes(plan, pool, tell, ledger)
    write_front(front, plan, folder, force)
    ledger.forget()
    found = front_table(front)
    columns = ("regime", *(aim.name for aim in front.aims))
    rows = [tuple(number(row[name]) for name in columns) for _, row in found.iterrows()]
    console().print(table("Medians of the regimes that none beats", columns, rows))
    before = f" ({earlier} in an earlier start)" if earlier else ""
    typer.echo(f"{len(front.tried)} regimes tried{before}, {len(found)} unbeaten. Written to "
               f"{folder / TABLE} and {folder / REGIMES}")  # fmt: skip
