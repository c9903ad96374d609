"""The state of the page: what a visitor has chosen, in the address and as a scenario file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import yaml

from sim.case.schema import Case
from sim.case.sources import list_scenarios
from sim.web.levers import Changes, changes, position
from sim.web.setup import Lever, Page

MEMBERS = (32, 64, 128, 256, 512, 1024)
DEFAULT_MEMBERS = 128
SEED = 1
FIRST_END = 2021
LONGEST_ADDRESS = 4000  # characters
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class State:
    """What to simulate: a preset, the levers moved away from it, the horizon, the members."""

    preset: str
    end: int
    moved: Mapping[str, float] = field(default_factory=dict)
    members: int = DEFAULT_MEMBERS

    def text(self) -> str:
        """The state in one line, the same for equal states: ``preset=huawei&end=2026...``."""
        pairs: list[tuple[str, str]] = [("preset", self.preset), ("end", str(self.end))]
        pairs += [(name, f"{self.moved[name]:g}") for name in sorted(self.moved)]
        return urlencode([*pairs, ("members", str(self.members))])

    def with_lever(self, name: str, value: float, usual: float) -> State:
        """With one lever at ``value``; back at ``usual`` it counts as not moved."""
        moved = {key: held for key, held in self.moved.items() if key != name}
        if abs(value - usual) > _TOLERANCE:
            moved[name] = float(value)
        return replace(self, moved=moved)


def presets(page: Page) -> dict[str, str]:
    """Name and title of history and of every built-in scenario of the page's case."""
    return {page.case: "History"} | _scenarios(page.case)


@cache
def _scenarios(case: str) -> dict[str, str]:
    return {one.name: one.title for one in list_scenarios(case)}


def history_state(page: Page, history: Case) -> State:
    """The state that moves nothing."""
    return State(page.case, history.calendar.end.year)


def parse_state(text: str, page: Page, history: Case) -> tuple[State, list[str]]:
    """Read a state from an address; what is wrong is left out and told.

    Args:
        text: as :meth:`State.text` writes it, from anybody.
        page: the levers that exist.
        history: the case without changes.

    Returns:
        The state and one friendly note for each thing that was left out.
    """
    state, notes = history_state(page, history), []
    if len(text) > LONGEST_ADDRESS:
        return state, ["The link is too long to be one of ours; the page starts with history."]
    for name, value in parse_qsl(text, keep_blank_values=True)[: len(page.levers) + 5]:
        try:
            state = _with(state, name, value, page, history)
        except ValueError as error:
            notes.append(f"The link said {_short(name)} = {_short(value)}: {error}.")
    return state, notes


def _with(state: State, name: str, value: str, page: Page, history: Case) -> State:
    if name == "preset":
        return replace(state, preset=_known(value, presets(page)))
    if name == "end":
        return replace(state, end=_year(value, history))
    if name == "members":
        if value not in map(str, MEMBERS):
            raise ValueError(f"members are one of {', '.join(map(str, MEMBERS))}")
        return replace(state, members=int(value))
    if name not in page.levers:
        raise ValueError("there is no such lever")
    return replace(state, moved={**state.moved, name: _level(value, page.levers[name])})


def _known(value: str, choices: Mapping[str, str]) -> str:
    if value not in choices:
        raise ValueError("there is no such preset")
    return value


def _year(value: str, history: Case) -> int:
    last = history.calendar.end.year
    if not (value.isascii() and value.isdigit() and FIRST_END <= int(value) <= last):
        raise ValueError(f"a run ends in {FIRST_END} to {last}")
    return int(value)


def _level(value: str, lever: Lever) -> float:
    try:
        level = float(value)
    except ValueError:
        raise ValueError("that is no number") from None
    if not (math.isfinite(level) and lever.low <= level <= lever.high):
        raise ValueError(f"this lever goes from {lever.low:g} to {lever.high:g}")
    return level


def _short(text: str) -> str:
    clean = "".join(letter for letter in text if letter.isalnum() or letter in " ._-+")
    return f"“{clean[:40]}”"


def overrides(state: State, page: Page, preset: Case, history: Case) -> Changes:
    """Inputs that the state changes in its preset, by dotted path."""
    found: Changes = {}
    for name, lever in page.levers.items():
        if name not in state.moved:
            continue
        value = state.moved[name]
        if abs(value - position(lever, preset, history)) > _TOLERANCE:
            found |= changes(lever, value, preset, history)
    if state.end != preset.calendar.end.year:
        found["calendar.end"] = f"{state.end}-12"
    return _consistent(found, page, state, preset)


def _consistent(found: Changes, page: Page, state: State, preset: Case) -> Changes:
    """A measure that both moves and has a new length ends that long after its new start."""
    for name, lever in page.levers.items():
        if lever.kind != "duration" or f"measures.{lever.measures[0]}.announced" not in found:
            continue
        place = f"measures.{lever.measures[0]}"
        step = preset.measures[lever.measures[0]]
        start, ended = step.effective or step.known, found.get(f"{place}.ended")
        if name in state.moved and start is not None and isinstance(ended, date):
            name = "effective" if f"{place}.effective" in found else "announced"
            found[f"{place}.ended"] = found[f"{place}.{name}"] + (ended - start)
    return found


def scenario_yaml(state: State, page: Page, changed: Changes) -> str:
    """The state as a scenario file that ``chokepoint run`` takes."""
    tree: dict[str, Any] = {
        "extends": state.preset,
        "title": "A what-if from the page",
        "description": _description(state, page),
    }
    if changed:
        tree["set"] = changed
    head = (
        "# Run it and get the numbers of the page:\n"
        f"#   chokepoint run FILE --members {state.members} --seed {SEED}\n"
    )
    return head + yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=100)


def _description(state: State, page: Page) -> str:
    moved = [f"{page.levers[name].label} {value:g}" for name, value in state.moved.items()]
    return f"Preset {state.preset}; " + ("; ".join(moved) if moved else "no lever moved") + "."
