"""``chokepoint list``: what there is to run, to change and to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sim.case.load import case_folder, list_cases, list_scenarios, load_case
from sim.cli.terminal import console, table
from sim.runs.experiment_file import list_experiments
from sim.runs.inputs import inputs_of


def _print(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    console().print(table("", columns, rows, words=len(columns)))


def cases(_: str) -> None:
    """Built-in cases."""
    _print(("case", "title"), [(one.name, one.title) for one in list_cases()])


def scenarios(_: str) -> None:
    """Built-in scenarios."""
    rows = [(one.name, case_folder(one.name).name, one.title) for one in list_scenarios()]
    _print(("scenario", "case", "title"), rows)


def experiments(_: str) -> None:
    """Built-in experiments."""
    _print(("experiment", "title"), [(one.name, one.title) for one in list_experiments()])


def outcomes(name: str) -> None:
    """Declared outcomes with the labels they have in a case."""
    from sim.outcomes.declared import OUTCOMES

    case = load_case(name)
    rows = []
    for outcome in OUTCOMES:
        pairs = zip(outcome.dims, outcome.coords(case), strict=True)
        labels = "; ".join(f"{dim}: {', '.join(names)}" for dim, names in pairs)
        rows.append((outcome.csv_name, outcome.unit, outcome.kind, outcome.label, labels))
    _print(("outcome", "unit", "kind", "what", "labels"), rows)


def parameters(name: str) -> None:
    """Every input number of a case: ``path=value`` changes it on the command line."""
    rows = [
        (one.path, one.text, one.number.unit, one.number.standing, ", ".join(one.number.source))
        for one in inputs_of(load_case(name))
    ]
    _print(("parameter", "value", "unit", "standing", "source"), rows)


def measures(name: str) -> None:
    """Measures of a case in order of time."""
    found = load_case(name).measures.items()
    rows = [
        (key, one.kind, _day(one.announced), _day(one.effective), _day(one.ended), one.title)
        for key, one in sorted(found, key=lambda pair: (pair[1].known or date.max, pair[0]))
    ]
    _print(("measure", "kind", "announced", "effective", "ended", "title"), rows)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


LISTS: dict[str, Callable[[str], None]] = {
    "cases": cases,
    "scenarios": scenarios,
    "experiments": experiments,
    "outcomes": outcomes,
    "parameters": parameters,
    "measures": measures,
}
