"""One command per intention: parse, call one function, say what happened.

Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

DEFAULT_CASE = "huawei"
WRONG_INPUT = 2  # exit code

app = typer.Typer(
    name="chokepoint",
    help="Simulate a technology firm's chip supply under sanctions, as an ensemble.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain help answers in half the time
)

CaseName = Annotated[
    str, typer.Argument(metavar="CASE|SCENARIO", help="Name of a built-in one, or a path.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE", help="Inputs to change, by dotted name."),
]


@app.command()
def run(
    case: CaseName = DEFAULT_CASE,
    overrides: Overrides = None,
    members: Annotated[int, typer.Option(help="Members of the ensemble.")] = 256,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    start: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="First month reported.")
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Last month.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run folder; out/NAME if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier run folder.")] = False,
) -> None:
    """Run a case or scenario; write results and figures."""
    from sim.cli.run import Order, run_order

    name, changes = _named(case, overrides)
    run_order(Order(name, changes, members, seed, start, end, out, force))


@app.command()
def compare(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="OTHER", help="Another run folder.")
    ] = None,
) -> None:
    """Compare a run with what is documented, or with another."""
    from sim.cli.compare import compare_runs, compare_with_documented

    if other is None:
        compare_with_documented(run)
    else:
        compare_runs(run, other)


@app.command()
def check(
    case: Annotated[
        str, typer.Argument(metavar="FILE|CASE", help="Case, scenario, folder or file.")
    ] = DEFAULT_CASE,
    overrides: Overrides = None,
    members: Annotated[int, typer.Option(help="Members to estimate for.")] = 256,
) -> None:
    """Check an input and say what is in it, without a run."""
    from sim.cli.check import check_case

    name, changes = _named(case, overrides)
    check_case(name, changes, members)


@app.command()
def schema() -> None:
    """Print the JSON schema of a case, for completion in an editor."""
    import json

    from sim.case.load import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command("list")
def list_(
    what: Annotated[
        Literal["cases", "scenarios", "outcomes", "parameters", "measures"],
        typer.Argument(help="What to list."),
    ],
    case: CaseName = DEFAULT_CASE,
) -> None:
    """List what there is to run, to change and to read."""
    from sim.cli.listing import LISTS

    LISTS[what](case)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 wrong input, 130 or 143 stopped.

    Args:
        arguments: words after the program's name; those of the process if None.
    """
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        app(None if arguments is None else list(arguments), prog_name="chokepoint")
    except Exception as error:
        if not isinstance(error, _user_errors()):
            raise
        _fail(str(error) or type(error).__name__, WRONG_INPUT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    sys.exit(0)


def _stop(number: int, _: object) -> NoReturn:
    """Unwind like an error, so that no draft of a run folder stays behind."""
    _fail("stopped; nothing half-written is left", 128 + number)


def _user_errors() -> tuple[type[Exception], ...]:
    """What a user can cause and mend; everything else is a fault of the program."""
    from sim.case.errors import ConfigError
    from sim.outcomes.dataset import OutcomeError
    from sim.outcomes.folder import FolderError
    from sim.runs.simulate import RunError

    return (ConfigError, FolderError, OutcomeError, RunError, MemoryError)


def _fail(message: str, code: int) -> NoReturn:
    paragraph = " ".join(line.strip() for line in message.splitlines())
    print(f"chokepoint: {paragraph}", file=sys.stderr)
    sys.exit(code)


def _named(case: str, overrides: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """Case and overrides; the case may be left out before ``key=value``."""
    words: tuple[Any, ...] = tuple(overrides or ())
    return (DEFAULT_CASE, (case, *words)) if "=" in case else (case, words)
