"""A visitor's session: the state in Streamlit's session and in the address, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from sim.case.schema import Case
from sim.web.compute import case_of
from sim.web.levers import position
from sim.web.setup import Page
from sim.web.state import State, history_state, parse_state

PIN, STATE, NOTES, LESSON, SHOWN = "pin", "state", "notes", "lesson", "shown"


def lever_key(name: str) -> str:
    """Key of a lever's widget."""
    return f"lever.{name}"


def begin(page: Page, history: Case) -> None:
    """Read the address, once a session."""
    if STATE in st.session_state:
        return
    given = st.query_params.to_dict()
    pinned = given.pop(PIN, None)
    state, notes = parse_state(_query(given), page, history)
    put(state, page)
    if pinned is not None:
        pin, more = parse_state(pinned, page, history)
        st.session_state[PIN], notes = pin, [*notes, *more]
    st.session_state[NOTES] = notes


def _query(given: Mapping[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(dict(given))


def put(state: State, page: Page) -> None:
    """Make ``state`` the visitor's: widgets and all."""
    st.session_state[STATE] = state
    st.session_state["preset"] = state.preset
    st.session_state["end"] = state.end
    st.session_state["members"] = state.members
    preset, history = case_of(state.preset), case_of(page.case)
    for name, lever in page.levers.items():
        value = state.moved.get(name, position(lever, preset, history))
        st.session_state[lever_key(name)] = bool(value) if lever.kind == "switch" else value


def current() -> State:
    """The visitor's state."""
    state: State = st.session_state[STATE]
    return state


def pinned() -> State | None:
    """The state that the visitor has pinned as A."""
    pin: State | None = st.session_state.get(PIN)
    return pin


def reference(page: Page) -> State | None:
    """What the page compares with: the pinned state, else history; None if that is the same.

    Horizon and members follow the current state, or the two could not be subtracted.
    """
    now = current()
    other = pinned() or history_state(page, case_of(page.case))
    other = replace(other, end=now.end, members=now.members)
    return None if other.text() == now.text() else other


def read_widgets(page: Page) -> None:
    """Take over what the visitor has just changed."""
    state = State(
        st.session_state["preset"], st.session_state["end"], {}, st.session_state["members"]
    )
    if state.preset != current().preset:
        put(state, page)  # a preset starts with its own levers
        return
    preset, history = case_of(state.preset), case_of(page.case)
    for name, lever in page.levers.items():
        usual = position(lever, preset, history)
        state = state.with_lever(name, float(st.session_state[lever_key(name)]), usual)
    st.session_state[STATE] = state


def reset(page: Page, name: str | None = None) -> None:
    """Put one lever back to its preset, or everything back to history."""
    now = current()
    if name is None:
        put(replace(history_state(page, case_of(page.case)), members=now.members), page)
    else:
        kept = {key: value for key, value in now.moved.items() if key != name}
        put(replace(now, moved=kept), page)


def start_lesson(page: Page, name: str | None) -> None:
    """Begin a lesson at its start state, its charts hidden; None leaves the lesson."""
    st.session_state[LESSON], st.session_state[SHOWN] = name, False
    if name is None:
        return
    start = page.lessons[name].start
    history = history_state(page, case_of(page.case))
    st.session_state[PIN] = None
    put(replace(history, preset=start.preset, moved=start.levers, members=current().members), page)


def write_address() -> None:
    """Let the address say the state, so that a copied link restores it."""
    from urllib.parse import parse_qsl

    pairs = dict(parse_qsl(current().text()))
    if pin := pinned():
        pairs[PIN] = pin.text()
    if st.query_params.to_dict() != pairs:
        st.query_params.from_dict(pairs)
