"""Arguments and options that several commands share."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
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
    typer.Option(metavar="ADDRESS", help="Address of a Dask scheduler, or the word local."),
]


NewCode = Annotated[bool, typer.Option("--new-code", help="Go on though the program has changed.")]


@dataclass(frozen=True)
class Work:
    """A file to run in blocks: what the user asked for."""

    name: str
    overrides: tuple[str, ...]
    out: Path | None
    force: bool
    workers: int | None
    cluster: str | None
    new_code: bool

    def going_on(self, verb: str, *options: str) -> str:
        """The command that goes on with it."""
        words = ["chokepoint", verb, self.name, *self.overrides, *options]
        return shlex.join([*words, "--out", str(self.out)] if self.out else words)


def named(
    name: str, overrides: Sequence[str] | None, default: str = DEFAULT_CASE
) -> tuple[str, tuple[str, ...]]:
    """Name and overrides; the name may be left out before ``key=value``.

    Raises:
        FolderError: if a case is wanted and the name is that of a folder of results.
    """
    words: tuple[Any, ...] = tuple(overrides or ())
    if "=" in name:
        return default, (name, *words)
    if default == DEFAULT_CASE:
        from sim.cli.results import refuse_results

        refuse_results(name)
    return name, words
