"""Playing the network: which month comes next, and when it stops."""

import pytest

pytest.importorskip("streamlit")
import streamlit as st

from sim.web import network_panel as panel

MONTHS = ["2020-01", "2020-02", "2020-03", "2020-04"]


@pytest.fixture(autouse=True)
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_network_at_rest_stays_where_it_is(session):
    session[panel.MONTH] = "2020-02"
    panel._advance(MONTHS)
    assert session[panel.MONTH] == "2020-02"
    assert session[panel.PLAYING] is False


def test_a_playing_network_moves_on_and_stops_at_the_end(session):
    session |= {panel.MONTH: "2020-01", panel.PLAYING: True}
    panel._advance(MONTHS)
    assert (session[panel.MONTH], session[panel.PLAYING]) == ("2020-03", True)
    panel._advance(MONTHS)
    assert (session[panel.MONTH], session[panel.PLAYING]) == ("2020-04", False)


def test_play_at_the_end_begins_anew(session):
    session |= {panel.MONTH: "2020-04", panel.PLAYING: False}
    panel._toggle(MONTHS)
    assert (session[panel.MONTH], session[panel.PLAYING]) == ("2020-01", True)


def test_a_month_that_a_shorter_run_lacks_is_replaced(session):
    session[panel.MONTH] = "2026-12"
    panel._advance(MONTHS)
    assert session[panel.MONTH] == "2020-04"


def test_a_click_chooses_a_maker_once_and_only_a_known_one(session):
    event = {"selection": {"chosen": [{"actor": "smic"}]}}
    panel._take_click(event, {"smic": "SMIC"})
    assert session[panel.ACTOR] == "smic"
    session[panel.ACTOR] = "tsmc"  # by the list, while the click is still marked
    panel._take_click(event, {"smic": "SMIC"})
    assert session[panel.ACTOR] == "tsmc"
    panel._take_click({"selection": {"chosen": [{"actor": "../x"}]}}, {"smic": "SMIC"})
    assert session[panel.ACTOR] == "tsmc"
