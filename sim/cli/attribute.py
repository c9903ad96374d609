"""``chokepoint attribute``: how much of a result each mechanism or measure carried."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from sim import __version__
from sim.analysis.attribution import Attribution, attribute
from sim.analysis.players import By
from sim.case.load import fingerprint, load_case
from sim.case.schema import Case
from sim.cli.terminal import console, number, progress_bar, table
from sim.outcomes.folder import MANIFEST, PROGRAM, FolderError, new_folder
from sim.outcomes.store import write_csv
from sim.reports.waterfall import save_waterfalls

COLUMNS = ("player", "mean", "q05", "q50", "q95", "alone", "leaves")

READING = (
    "mean, q05 ... q95: share of a player over draws of parameters and luck; alone: what it brings "
    "with no other; leaves: what is lost when it goes and all others stay (both medians)"
)


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    name: str
    overrides: tuple[str, ...]
    by: By
    replicates: int
    seed: int
    permutations: int
    out: Path | None
    force: bool


def attribute_case(order: Order) -> None:
    """Run all coalitions, print shares of revenue, write table and figures.

    Raises:
        ConfigError: if the case is wrong.
        FolderError: if the folder cannot be written or is there already.
    """
    case = load_case(order.name, order.overrides)
    if order.replicates < 1 or order.permutations < 1:
        raise FolderError("replicates and permutations are whole numbers from 1 on")
    out = order.out or Path("out") / f"{Path(order.name).stem}-{order.by}"
    with new_folder(out, order.force) as draft:
        with progress_bar("attributing") as tell:
            shares = attribute(
                case,
                order.by,
                order.replicates,
                order.seed,
                permutations=order.permutations,
                progress=tell,
            )
        write_csv(shares.frame(), draft / "attribution.csv")
        (draft / "figures").mkdir()
        (draft / MANIFEST).write_text(json.dumps(_about(order, case), indent=1), encoding="utf-8")
        save_waterfalls(shares, draft / "figures", case.title)
    print_shares(shares)
    typer.echo(f"Written to {out}")


def _about(order: Order, case: Case) -> dict[str, object]:
    return {
        "program": PROGRAM,
        "kind": "attribution",
        "version": __version__,
        "case": case.id,
        "title": case.title,
        "fingerprint": fingerprint(case),
        "overrides": list(order.overrides),
        "by": order.by,
        "replicates": order.replicates,
        "seed": order.seed,
        "permutations": order.permutations,
    }


def print_shares(shares: Attribution) -> None:
    """Shares of total revenue by year; the other headlines are in the table on disk."""
    frame: Any = shares.frame()
    for period, rows in frame[frame.outcome == "revenue"].groupby("period"):
        lines = [
            (str(row.player), *(number(float(getattr(row, name))) for name in COLUMNS[1:]))
            for row in rows.itertuples()
        ]
        console().print(table(f"Revenue {period} [bn CNY]", COLUMNS, lines))
    typer.echo(READING)
