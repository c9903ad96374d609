"""Report and figures of a state: made in turn, and remembered."""

from dataclasses import replace

import pytest

from sim.web import take_away
from sim.web.compute import Desk
from sim.web.state import history_state
from sim.web.take_away import Counter


@pytest.fixture
def start(page, history):
    return replace(history_state(page, history), members=32, end=2021)


def test_files_are_made_once_and_the_oldest_forgotten(page, start, monkeypatch):
    made = []
    monkeypatch.setattr(take_away, "_make", lambda state, *_: made.append(state) or state)
    counter = Counter(Desk(), kept=1)
    other = replace(start, end=2022)
    for state in (start, start, other):
        assert counter.make(state, page, lambda done, before: None) is state
    assert made == [start, other]
    assert counter.ready(start) is None
