"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

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


def named(case: str, overrides: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """Case and overrides; the case may be left out before ``key=value``."""
    words: tuple[Any, ...] = tuple(overrides or ())
    return (DEFAULT_CASE, (case, *words)) if "=" in case else (case, words)
