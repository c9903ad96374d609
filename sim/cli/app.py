"""One command per intention: parse, call one function, say what happened.

Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import errno
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from sim.cli import commands
from sim.cli.examples import FIRST, words_of
from sim.cli.new_case import new_case
from sim.cli.options import DEFAULT_CASE, CaseName, Cluster, NewCode, Overrides, Workers, named

WRONG_INPUT = 2  # exit code
# A disk that is full or may not be written is no fault of the program.
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENOTDIR})

app = typer.Typer(
    name="chokepoint",
    help="Simulate a technology firm's chip supply under sanctions, as an ensemble.",
    epilog=FIRST,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain help answers in half the time
)


@app.command(**words_of("run"))
def run(
    case: CaseName = DEFAULT_CASE,
    overrides: Overrides = None,
    members: Annotated[
        int | None, typer.Option(help="Members of the ensemble; 256 if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all luck; 1 if not given.")] = None,
    start: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="First month reported.")
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Last month reported.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run folder; out/NAME if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier run folder.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    new_code: NewCode = False,
    only_block: Annotated[
        int | None, typer.Option(metavar="N", help="Compute one block of an experiment, to look.")
    ] = None,
    prior: Annotated[
        bool, typer.Option("--prior", help="Draw members from priors, not from the posterior.")
    ] = False,
) -> None:
    """Run a case, scenario or experiment file; a stopped experiment goes on where it was."""
    from sim.runs.experiment_file import is_experiment

    name, changes = named(case, overrides)
    if is_experiment(name):
        _refuse_own_words(members=members, seed=seed, start=start, end=end)
        from sim.cli.experiment import ExperimentOrder, run_experiment

        changes += ("posterior=none",) if prior else ()
        order = ExperimentOrder(name, changes, out, force, workers, cluster, new_code, only_block)
        raise typer.Exit(run_experiment(order))
    from sim.cli.run import MEMBERS, SEED, Order, run_order

    count, luck = MEMBERS if members is None else members, SEED if seed is None else seed
    run_order(Order(name, changes, count, luck, start, end, out, force, prior))


@app.command(**words_of("compare"))
def compare(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder, case or scenario.")],
    other: Annotated[
        str | None, typer.Argument(metavar="OTHER", help="Another, to set against it.")
    ] = None,
) -> None:
    """Compare a run with what is documented, or with another; run what is only named."""
    from sim.cli.compare import compare_runs, compare_with_documented
    from sim.cli.pair import run_folder

    first = run_folder(run)
    if other is None:
        compare_with_documented(first)
    else:
        compare_runs(first, run_folder(other, like=first))


@app.command(**words_of("report"))
def report(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder of a run or of an experiment.")
    ],
    other: Annotated[
        Path | None, typer.Argument(metavar="OTHER", help="Another run folder, to set against it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="HTML file; RUN/report.html if not given.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write it as PDF too.")] = False,
    bundle: Annotated[
        bool, typer.Option("--bundle", help="Write Markdown, vector figures and tables too.")
    ] = False,
) -> None:
    """Write a report that a person can send on, as one HTML file."""
    from sim.cli.report import write_report

    write_report(run, other, out, pdf=pdf, bundle=bundle)


@app.command(**words_of("attribute"))
def attribute(
    case: CaseName = DEFAULT_CASE,
    overrides: Overrides = None,
    by: Annotated[
        Literal["groups", "mechanisms", "measures"], typer.Option(help="Whose shares.")
    ] = "groups",
    replicates: Annotated[int, typer.Option(help="Draws of parameters and luck.")] = 32,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    permutations: Annotated[
        int, typer.Option(help="Orders of entry where there are more than six players.")
    ] = 24,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; out/CASE-BY if not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier folder.")] = False,
) -> None:
    """Say how much of the result each mechanism or measure carried (Shapley shares)."""
    from sim.cli.attribute import Order, attribute_case

    name, changes = named(case, overrides)
    attribute_case(Order(name, changes, by, replicates, seed, permutations, out, force))


@app.command(**words_of("check"))
def check(
    case: Annotated[
        str, typer.Argument(metavar="FILE|CASE", help="Case, scenario, folder or file.")
    ] = DEFAULT_CASE,
    overrides: Overrides = None,
    members: Annotated[int, typer.Option(help="Members to estimate for.")] = 256,
    workers: Workers = None,
) -> None:
    """Check a case, scenario or experiment and say what is in it, without a run."""
    from sim.runs.experiment_file import is_experiment

    name, changes = named(case, overrides)
    if is_experiment(name):
        from sim.cli.check_experiment import check_experiment

        check_experiment(name, changes, workers)
        return
    from sim.cli.check import check_case

    check_case(name, changes, members)


@app.command(**words_of("app"))
def app_(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="Built-in case that has a page.")
    ] = DEFAULT_CASE,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine's are asked for.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=1024, max=65535, help="Port; the first free from 8501.")
    ] = None,
) -> None:
    """Start the what-if page: move levers, see the bands move, see why."""
    from sim.cli.page import serve

    serve(host, port, case)


@app.command(**words_of("schema"))
def schema(
    what: Annotated[
        Literal["case", "experiment"], typer.Argument(help="Of which kind of file.")
    ] = "case",
) -> None:
    """Print the JSON schema of a case or experiment, for completion in an editor."""
    import json

    from sim.case.load import json_schema
    from sim.runs.experiment_file import experiment_schema

    made = json_schema() if what == "case" else experiment_schema()
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))


@app.command(**words_of("list"))
def list_(
    what: Annotated[
        Literal["cases", "scenarios", "experiments", "outcomes", "parameters", "measures"],
        typer.Argument(help="What to list."),
    ],
    case: CaseName = DEFAULT_CASE,
) -> None:
    """List what there is to run, to change and to read."""
    from sim.cli.listing import LISTS

    LISTS[what](case)


app.command(**words_of("new-case"))(new_case)
app.command(**words_of("sensitivity"))(commands.sensitivity)
app.command(**words_of("exceed"))(commands.exceed)
app.command(**words_of("calibrate"))(commands.calibrate)
app.command(**words_of("search"))(commands.search)
app.command(**words_of("explorer"))(commands.explorer)
app.command(**words_of("export"))(commands.export)


def _refuse_own_words(**given: object) -> None:
    """An experiment's file says how many members there are, and from when to when."""
    from sim.runs.simulate import RunError

    said = [f"--{name}" for name, value in given.items() if value is not None]
    if said:
        raise RunError(
            f"{said[0]} is of no use to an experiment: its file says it; change that with "
            f"KEY=VALUE, such as replicates=8 or seed=2"
        )


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 wrong input, 130 or 143 stopped.

    Args:
        arguments: words after the program's name; those of the process if None.
    """
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        app(None if arguments is None else list(arguments), prog_name="chokepoint")
    except Exception as error:
        message = _refused(error)
        if not message and not isinstance(error, _user_errors()):
            raise
        from sim.cli.told import told

        _fail(message or told(error) or type(error).__name__, WRONG_INPUT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if arguments is None:
            gc.freeze()  # the process ends: to search what it leaves for garbage is of no use
    sys.exit(0)


def _stop(number: int, _: object) -> NoReturn:
    """Unwind like an error, so that no draft of a run folder stays behind."""
    _fail("stopped; nothing half-written is left", 128 + number)


def _refused(error: Exception) -> str:
    """What the machine refused, in words; empty if it is something else."""
    if not isinstance(error, OSError) or error.errno not in _REFUSALS:
        return ""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror}; choose another folder or make room"


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
