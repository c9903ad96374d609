"""Writes docs/generated from the code and a case, so that tables cannot disagree with them.

Run by ``make docs``; ``python docs/generate.py FOLDER`` writes somewhere else.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import sim.agents.cast as cast
from docs.evidence import evidence
from docs.readme import write_scorecard
from docs.tables import CASE, head, table
from sim.case.load import load_case
from sim.case.schema import Case
from sim.model import SupplyChain
from sim.outcomes.declared import OUTCOMES
from sim.policy.measures import quantities
from sim.runs.inputs import Input, inputs_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "generated"


@dataclass(frozen=True)
class Described:
    """An input number with what its field says about itself."""

    one: Input
    what: str

    @property
    def group(self) -> str:
        """First step of the path; two steps where the first holds hundreds of numbers."""
        steps = self.one.path.split(".")
        return ".".join(steps[: 2 if steps[0] in {"behaviour", "lines", "markets"} else 1])


def main(folder: Path = FOLDER) -> None:
    """Write all tables to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(load_case(CASE)).items():
        (folder / name).write_text(text, encoding="utf-8")
    if folder == FOLDER:
        write_scorecard()


def pages(case: Case) -> dict[str, str]:
    """Text of each page by file name."""
    return {f"{name}.md": write(case) for name, write in PAGES.items()}


def parameters(case: Case) -> str:
    """Every input number, by group, in the order of the schema."""
    parts = [head("Parameters", _PARAMETERS)]
    for group, rows in groupby(_described(case), key=lambda row: row.group):
        parts += [f"## {group}", "", _input_table(rows), ""]
    return "\n".join(parts)


def measures(case: Case) -> str:
    """Measures in order of time, those that act before those for context."""
    found = sorted(case.measures.items(), key=lambda pair: (pair[1].known or date.max, pair[0]))
    acting = [pair for pair in found if pair[1].kind != "context"]
    context = [pair for pair in found if pair[1].kind == "context"]
    columns = ("measure", "kind", "issuer", "announced", "in force", "until", "numbers", "grade")
    parts = [head("Measures", _MEASURES), "## Measures with an effect", ""]
    parts += [table(columns, map(_measure_row, acting)), "", "## For context only", ""]
    other = ("entry", "instrument", "issuer", "announced", "in force", "decided inside")
    return "\n".join([*parts, table(other, map(_context_row, context)), ""])


def outcomes(case: Case) -> str:
    """Declared outcomes with their labels in the case."""
    rows = []
    for outcome in OUTCOMES:
        pairs = zip(outcome.dims, outcome.coords(case), strict=True)
        labels = "; ".join(f"{dim}: {', '.join(names)}" for dim, names in pairs)
        rows.append(
            (f"`{outcome.csv_name}`", f"`{outcome.name}`", outcome.label, outcome.unit,
             outcome.kind, labels)
        )  # fmt: skip
    columns = ("outcome", "variable", "what", "unit", "kind", "labels")
    return "\n".join([head("Outcomes", _OUTCOMES), table(columns, rows), ""])


def assumptions(case: Case) -> str:
    """Numbered assumptions, why each is held, and how many numbers rest on it."""
    used = Counter(_sources_named(case))
    rows = [
        (key, one.text, one.reason, str(used[key])) for key, one in sorted(case.assumptions.items())
    ]
    columns = ("key", "assumption", "why it is held", "numbers")
    return "\n".join([head("Assumptions", _ASSUMPTIONS), table(columns, rows), ""])


def sources(case: Case) -> str:
    """Where things were seen, and how often each source is named; then those not named."""
    used = Counter(_sources_named(case))
    rows = [
        (f"`{key}`", one.title, one.address, one.date, one.grade, str(used[key]))
        for key, one in sorted(case.sources.items())
        if used[key]
    ]
    others = ", ".join(f"`{key}`" for key in sorted(case.sources) if not used[key])
    columns = ("key", "title", "address", "date", "grade", "named")
    parts = [head("Sources", _SOURCES), table(columns, rows), ""]
    return "\n".join([*parts, f"Read, but behind no input of the case: {others}.", ""])


def entities(case: Case) -> str:
    """Actors of the case and the class that plays each, then the places of the world."""
    model = SupplyChain(case, members=1)
    rows = []
    for agent in model.agents:
        actor = case.actors.get(agent.name)
        said = (actor.kind, actor.label, actor.country) if actor else ("market", "", "")
        rows.append((f"`{agent.name}`", *said, f"`{type(agent).__name__}`"))
    named = {agent.name for agent in model.agents}
    silent = ", ".join(f"`{key}`" for key in case.actors if key not in named)
    parts = [
        head("Entities", _ENTITIES),
        table(("name", "kind", "label", "country", "class"), rows),
    ]
    if silent:
        parts += ["", f"Actors that no agent plays: {silent}."]
    sizes = [(what, str(len(things)), ", ".join(things)) for what, things in _places(case)]
    return "\n".join([*parts, "", table(("collection", "number", "names"), sizes), ""])


def schedule(case: Case) -> str:
    """What happens in a month, read off ``SupplyChain.step``."""
    source = textwrap.dedent(inspect.getsource(SupplyChain.step))
    comments = {
        number: line.strip("# ")
        for number, line in enumerate(map(str.strip, source.splitlines()), 1)
        if line.startswith("#")
    }
    parts, rows = [head("Schedule", _SCHEDULE)], list[tuple[str, ...]]()
    order, last, model = 0, 0, SupplyChain(case, members=1)
    for statement in ast.walk(ast.parse(source)):
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            continue
        between = [text for number, text in comments.items() if last < number < statement.lineno]
        if between:
            parts, rows = _flush(parts, rows, " ".join(between))
        order, last = order + 1, statement.lineno
        rows.append((str(order), *_act(model, statement.value)))
    return "\n".join(_flush(parts, rows, "")[0])


def constants(case: Case) -> str:
    """Numbers that modules of the model hold themselves, with their comments."""
    rows = []
    for part in ("rules/*", "policy/*", "agents/**/*", "case/inputs"):
        for path in sorted((ROOT / "sim").glob(f"{part}.py")):
            lines = path.read_text(encoding="utf-8").splitlines()
            rows += [(str(path.relative_to(ROOT)), *found) for found in _numbers_in(lines)]
    return "\n".join(
        [head("Constants", _CONSTANTS), table(("file", "name", "value", "what"), rows)]
    )


def _numbers_in(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for place, line in enumerate(lines):
        if found := re.match(r"([A-Z][A-Z_]+) = (-?\d[\d._* /]*?)(?:\s+# (.*))?$", line):
            above = lines[place - 1] if place and lines[place - 1].startswith("# ") else ""
            yield f"`{found[1]}`", found[2].strip(), found[3] or above.removeprefix("# ")


def _flush(
    parts: list[str], rows: list[tuple[str, ...]], title: str
) -> tuple[list[str], list[tuple[str, ...]]]:
    if rows:
        parts = [*parts, table(("step", "who", "call", "what"), rows), ""]
    return ([*parts, title, ""] if title else parts), []


def _act(model: SupplyChain, call: ast.Call) -> tuple[str, str, str]:
    """Who acts, by which method, and the first line of what it says about itself."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr == "do":
        named = call.args[0]  # verb(Class.method)
        method = ast.unparse(named.args[0] if isinstance(named, ast.Call) else named)
        owner, name = method.split(".")
        who = ast.unparse(call.func.value).removeprefix("self.")
        return who, f"`{method}`", _first_line(getattr(_class(owner), name))
    name = ast.unparse(call.func).removeprefix("self.")
    return "model", f"`{name}`", _first_line(attrgetter(name)(model))


def _class(name: str) -> type:
    found = getattr(sys.modules["sim.model"], name, None) or getattr(cast, name)
    assert isinstance(found, type)
    return found


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def _described(case: Case) -> Iterator[Described]:
    words = dict(_words(case, "", ""))
    for one in inputs_of(case):
        yield Described(one, words.get(one.path, ""))


def _words(tree: object, path: str, what: str) -> Iterator[tuple[str, str]]:
    """Path and field description of everything below a tree."""
    yield path, what
    if isinstance(tree, BaseModel):
        for name, field in type(tree).model_fields.items():
            below = f"{path}.{name}" if path else name
            yield from _words(getattr(tree, name), below, field.description or "")
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _words(value, f"{path}.{key}", what)


def _sources_named(tree: object) -> Iterator[str]:
    """Keys in every field ``source`` below a tree."""
    if isinstance(tree, BaseModel):
        for name, value in tree:
            if name in {"source", "seasonality_source"}:
                yield from value
            else:
                yield from _sources_named(value)
    elif isinstance(tree, Mapping | tuple):
        for value in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _sources_named(value)


def _input_table(rows: Iterable[Described]) -> str:
    columns = ("path", "value (range)", "unit", "standing", "source", "what")
    cells = (
        (f"`{row.one.path}`", row.one.text, row.one.number.unit, row.one.number.standing,
         ", ".join(row.one.number.source), row.what)
        for row in rows
    )  # fmt: skip
    return table(columns, cells)


def _measure_row(pair: tuple[str, Any]) -> tuple[str, ...]:
    key, one = pair
    begins = f"after {one.trigger.event}" if one.trigger else _day(one.effective)
    numbers = "; ".join(f"{name} {Input('', q).text}" for name, q in quantities(one))
    if grace := getattr(one, "grace_days", 0):
        numbers = f"grace {grace} days; {numbers}".rstrip("; ")
    return (
        f"`{key}`: {one.title}", one.kind, ", ".join(one.issuer), _day(one.announced), begins,
        _day(one.ended), numbers, one.grade,
    )  # fmt: skip


def _context_row(pair: tuple[str, Any]) -> tuple[str, ...]:
    key, one = pair
    inside = "yes" if one.decided_inside else ""
    days = _day(one.announced), _day(one.effective)
    return f"`{key}`: {one.title}", one.instrument, ", ".join(one.issuer), *days, inside


def _places(case: Case) -> Iterator[tuple[str, Sequence[str]]]:
    for name in ("regions", "items", "routes", "lines", "markets", "foundries", "tools"):
        yield name, tuple(getattr(case, name))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_PARAMETERS = """
    Every input number of the case by its dotted path. `path=value` after `chokepoint run` fixes a
    number for all members; in Python, `values={path: array}` gives each member its own. Where a
    range stands in brackets, members draw from a triangular distribution with that range and the
    value as its mode; where a path over years has a percentage, each member scales the whole path
    by one draw. Keys in the column `source` stand for the
    [sources](sources.md), those that begin with `A-` for the [assumptions](assumptions.md).
"""
_MEASURES = """
    The regime as data, in order of time. Agents may react from the day a measure is announced; it
    binds from the day it is in force until the day on which it ends. A measure that waits for an
    act inside the model (`after ...`) has no date of its own.
"""
_OUTCOMES = """
    What a run records each month. `outcome` is the name in CSV files, `variable` the one in the
    dataset. A year of a `flow` is the sum of its months, of a `stock` its last month, of a `share`
    the mean of its months; an `event` has one value a member, the month in which it first happened.
"""
_ASSUMPTIONS = """
    Judgements that nobody has documented. The last column counts the inputs that rest on the
    assumption; 0 means that a constant in the code does.
"""
_SOURCES = """
    Where numbers and measures were seen. Grade `recall` means from general knowledge, not checked
    against a page. The last column counts the inputs and measures that name the source.
"""
_CONSTANTS = """
    Numbers that no case can change. They are part of the form of a rule, a tolerance or a unit.
"""
_ENTITIES = """
    The agents of the case and the class that plays each. The engine knows the kinds; the names come
    from the case.
"""
_SCHEDULE = """
    One month, in the order of `SupplyChain.step`.
"""

PAGES: dict[str, Callable[[Case], str]] = {
    "entities": entities,
    "schedule": schedule,
    "parameters": parameters,
    "measures": measures,
    "outcomes": outcomes,
    "assumptions": assumptions,
    "sources": sources,
    "constants": constants,
    "evidence": evidence,
}

if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:2]))
