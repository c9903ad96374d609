"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.world.builtin import default_case

DEFAULT_CASE = default_case()

CaseName = Annotated[
    str, typer.Argument(metavar="CASE|SCENARIO", help="Name of a built-in one, or a path.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE", help="Inputs to change, by dotted name."),
]

Workers = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Processes of an experiment; all cores if not given."),
]

Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Dask scheduler of an experiment, or local."),
]
