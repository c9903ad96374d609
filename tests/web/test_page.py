from pathlib import Path

import pytest

import sim.web
from sim.web.state import parse_state

pytest.importorskip("streamlit")
from streamlit.testing.v1 import AppTest

PAGE = Path(sim.web.__file__).with_name("page.py")


def open_page(**address):
    test = AppTest.from_file(str(PAGE), default_timeout=120)
    for name, value in {"members": "32", "end": "2022", **address}.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def address(test):
    """Names and values; a list of values before the page has written them, text after."""
    pairs = test.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in pairs}


def headline(test):
    return test.info[0].value


def grace(test):
    return test.slider(key="lever.product_rule_grace")


def test_a_lever_that_moves_changes_the_headline_and_the_address():
    test = open_page()
    assert not test.exception
    assert "instead of" not in headline(test)
    grace(test).set_value(0.0).run()
    assert not test.exception
    assert "2021 falls to" in headline(test)
    assert "compared with history" in headline(test)
    assert address(test)["product_rule_grace"] == "0"


def test_a_link_restores_levers_and_pin():
    test = open_page(detection="3", pin="preset=no-grace")
    assert test.slider(key="lever.detection").value == 3
    assert "A, pinned" in headline(test)


def test_a_preset_moves_the_levers_it_covers_and_reset_brings_history_back():
    test = open_page()
    test.selectbox(key="preset").set_value("no-grace").run()
    assert grace(test).value == 0
    assert "2021 falls to" in headline(test)
    next(b for b in test.button if b.label == "Reset all levers").click().run()
    assert grace(test).value == 123
    assert test.selectbox(key="preset").value == "huawei"


def test_a_pinned_run_is_what_the_page_compares_with():
    test = open_page(product_rule_grace="0")
    next(b for b in test.button if "Pin this as A" in b.label).click().run()
    assert "instead of" not in headline(test)  # the same run
    grace(test).set_value(123.0).run()
    assert "2021 rises to" in headline(test)
    next(b for b in test.button if b.label == "Unpin").click().run()
    assert "instead of" not in headline(test)


def test_a_lesson_hides_the_result_until_it_is_asked_for():
    test = open_page()
    test.segmented_control(key="section").set_value("Lessons").run()
    test.button(key="lesson.grace_window").click().run()
    assert grace(test).value == 0
    assert not test.info
    next(b for b in test.button if b.label == "Show what happens").click().run()
    assert "2021 falls to" in headline(test) or "short" in headline(test)
    assert any("To debate" in text.value for text in test.markdown)


@pytest.mark.parametrize(
    "section", ["Chips and products", "Who pays", "Network", "Why", "Take away", "About"]
)
def test_every_section_opens(section):
    test = open_page(product_rule_grace="0")
    test.segmented_control(key="section").set_value(section).run()
    assert not test.exception
    assert not test.error


def test_a_hostile_link_gets_a_note_and_the_page():
    test = open_page(preset="../../etc/passwd", members="10000000", detection="<script>")
    assert not test.exception
    assert len(test.warning) == 3
    assert headline(test).startswith("Revenue")
    assert address(test)["preset"] == "huawei"


def test_two_visitors_do_not_see_each_others_levers():
    one, two = open_page(), open_page()
    grace(one).set_value(0.0).run()
    two.run()
    assert grace(two).value == 123
    assert "instead of" not in headline(two)


def test_the_address_of_the_page_reads_back_as_its_state(page, history):
    test = open_page(detection="3")
    text = "&".join(f"{key}={value}" for key, value in address(test).items())
    state, notes = parse_state(text, page, history)
    assert (state.moved, state.members, notes) == ({"detection": 3.0}, 32, [])
