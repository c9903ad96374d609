from datetime import date

import pytest

from sim.case.load import load_case
from sim.web.compute import case_for, case_of, changes_of
from sim.web.state import LONGEST_ADDRESS, State, history_state, parse_state, scenario_yaml


@pytest.fixture
def start(page, history):
    return history_state(page, history)


def test_a_link_restores_the_state(page, history):
    state = State("no-grace", 2024, {"detection": 3.0, "rerouting": 0.0}, 64)
    assert parse_state(state.text(), page, history) == (state, [])


def test_a_lever_put_back_counts_as_not_moved(start):
    assert start.with_lever("detection", 3, usual=1).with_lever("detection", 1, usual=1) == start


@pytest.mark.parametrize(
    "text",
    [
        "preset=../../etc/passwd",
        "preset=/tmp/mine.yaml",
        "preset=no-such",
        "end=1999",
        "end=9999",
        "end=2e3",
        "members=1000000",
        "members=-1",
        "detection=nan",
        "detection=1e999",
        "detection=__import__('os')",
        "detection=7",
        "unknown=1",
        "<script>=1",
    ],
)
def test_what_a_link_must_not_say_is_left_out_with_a_note(text, page, history, start):
    state, notes = parse_state(text, page, history)
    assert state == start
    assert len(notes) == 1
    assert "<" not in notes[0]


def test_a_link_of_any_length_is_answered(page, history, start):
    state, notes = parse_state("x" * (LONGEST_ADDRESS + 1), page, history)
    assert state == start
    assert "too long" in notes[0]


def test_good_parts_of_a_bad_link_are_kept(page, history):
    state, notes = parse_state("preset=no-grace&detection=x&rerouting=0", page, history)
    assert (state.preset, state.moved) == ("no-grace", {"rerouting": 0.0})
    assert len(notes) == 1


def test_history_changes_no_input(page, start):
    assert changes_of(start, page) == {}
    assert case_for(start, page) is case_of("huawei")


def test_a_lever_at_the_position_of_its_preset_changes_no_input(page):
    state = State("no-grace", 2026, {"product_rule_grace": 0.0})
    assert changes_of(state, page) == {}


def test_the_licence_keeps_its_chosen_length_when_the_listing_moves(page, start):
    state = State(start.preset, start.end, {"listing_date": 6.0, "general_licence_days": 30.0})
    changed = changes_of(state, page)
    assert changed["measures.general_licence_2019.effective"] == date(2019, 11, 20)
    assert changed["measures.general_licence_2019.ended"] == date(2019, 12, 20)


def test_the_scenario_file_means_the_same_case(page, tmp_path):
    moved = {"listing_date": 6.0, "general_licence_days": 30.0, "allies": 0.5, "ai_demand": 2.0,
             "detection": 3.0, "tool_strength": 0.0, "rerouting": 0.0}  # fmt: skip
    state = State("no-grace", 2024, moved)
    file = tmp_path / "what-if.yaml"
    file.write_text(scenario_yaml(state, page, changes_of(state, page)))
    words = {"title": "", "description": ""}
    loaded, meant = load_case(file), case_for(state, page)
    assert loaded.model_copy(update=words) == meant.model_copy(update=words)
