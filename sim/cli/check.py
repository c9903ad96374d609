"""``chokepoint check``: is an input sound, what is in it, what would a run cost?"""

from __future__ import annotations

from collections import Counter

import typer

from sim.case.load import fingerprint, load_case
from sim.case.schema import Case
from sim.cli.run import documented_of
from sim.cli.terminal import console, number, table
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.recorder import bytes_needed
from sim.runs.inputs import inputs_of
from sim.runs.simulate import BLOCK
from sim.runs.speed import crowding, pieces, seconds_of_a_piece
from sim.world.calendar import Calendar


def check_case(name: str, overrides: tuple[str, ...], members: int) -> None:
    """Load a case, its documented outcomes too, and print what is in it.

    Raises:
        ConfigError: with file, line and what is allowed.
    """
    case = load_case(name, overrides)
    documented = documented_of(name)
    counts = _counts(case) | ({"documented values": len(documented)} if documented else {})
    typer.echo(f"{case.title}: sound (fingerprint {fingerprint(case)})")
    rows = [(what, number(count)) for what, count in counts.items()]
    console().print(table("", ("what", "count"), rows))
    typer.echo(_cost(case, members))


def _counts(case: Case) -> dict[str, int]:
    kinds = Counter(actor.kind.replace("_", " ") for actor in case.actors.values())
    acting = sum(measure.kind != "context" for measure in case.measures.values())
    inputs = list(inputs_of(case))
    standing = Counter(f"inputs {one.number.standing}" for one in inputs)
    return {
        **{f"actors: {kind}": count for kind, count in kinds.items()},
        "items": len(case.items),
        "product lines": len(case.lines),
        "routes": len(case.routes),
        "measures with an effect": acting,
        "measures for context": len(case.measures) - acting,
        **dict(standing),
        "inputs that members draw": sum(one.uncertain for one in inputs),
        "assumptions": len(case.assumptions),
        "sources": len(case.sources),
    }


def _cost(case: Case, members: int) -> str:
    months = Calendar(case.calendar.start, case.calendar.end).months
    megabytes = bytes_needed(OUTCOMES, case, months, members) / 1e6
    seconds = pieces(-(-members // BLOCK), members, months) * seconds_of_a_piece() * crowding(1)
    return (
        f"A run of {members} members and {months} months takes about {seconds:.0f} s "
        f"and {megabytes:,.0f} MB for its results."
    )
