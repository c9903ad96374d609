"""The page of the second case: YAML alone, and no lever that does nothing."""

import numpy as np
import pytest

import sim.web
from sim import load_case, simulate
from sim.web.levers import changes, position
from sim.web.setup import CASE_VARIABLE, load_page
from sim.world.floor import EVENTS

CASE = "zte"
PAGE = load_page(CASE)


@pytest.fixture(scope="module")
def history():
    return load_case(CASE)


@pytest.fixture(scope="module")
def run(history):
    return short(history)


def short(case):
    """To the end of the year of the order."""
    return simulate(case, members=8, seed=1, end="2018-12")


def seen(run):
    """What the charts show, one array each."""
    return [run.select(spec.outcome, **spec.labels).values for spec in PAGE.charts.values()]


@pytest.mark.parametrize("name", PAGE.levers)
def test_every_lever_moves_what_a_chart_shows(name, history, run):
    lever = PAGE.levers[name]
    usual = position(lever, history, history)
    assert lever.low < usual <= lever.high
    moved = load_case(CASE, changes(lever, lever.low, history, history))
    assert position(lever, moved, history) == pytest.approx(lever.low)
    pairs = zip(seen(run), seen(short(moved)), strict=True)
    assert not all(np.array_equal(before, after, equal_nan=True) for before, after in pairs)


@pytest.mark.parametrize("name", PAGE.levers)
def test_the_other_end_of_every_lever_is_a_sound_case(name, history):
    lever = PAGE.levers[name]
    assert load_case(CASE, changes(lever, lever.high, history, history)).id == CASE


def test_lines_items_and_events_of_the_page_are_those_of_the_case(history):
    assert set(PAGE.lines) <= set(history.lines)
    assert {item for one in PAGE.origins.values() for item in one.items} <= set(history.items)
    assert set(PAGE.events) <= set(EVENTS)


@pytest.mark.slow
def test_the_page_opens_and_tells_what_the_order_cost(monkeypatch):
    testing = pytest.importorskip("streamlit.testing.v1")
    monkeypatch.setenv(CASE_VARIABLE, CASE)
    test = testing.AppTest.from_file(str(sim.web.__path__[0]) + "/page.py", default_timeout=120)
    test.query_params["members"] = "32"
    test.query_params["order_strength"] = "0"
    test.run()
    assert not test.exception
    assert not test.warning
    assert "2018 rises to" in test.info[0].value
    assert "Lessons" not in test.segmented_control(key="section").options  # the case has none
    for section in ("Chips and products", "Who pays", "Network", "Why", "About"):
        test.segmented_control(key="section").set_value(section).run()
        assert not test.exception, section
        assert not test.error, section
