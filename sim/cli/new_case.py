"""``chokepoint new-case``: a commented skeleton of a case that runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new_case(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the case and its folder.")],
    at: Annotated[
        Path, typer.Option("--at", metavar="DIR", help="Folder that it is written into.")
    ] = Path(),
) -> None:
    """Write a small case of your own to start from; it runs as it stands."""
    from sim.case.skeleton import write_skeleton

    folder = write_skeleton(name, at)
    typer.echo(f"Written to {folder}: edit its files, then run")
    typer.echo(f"  chokepoint check {folder}")
    typer.echo(f"  chokepoint run {folder}")
