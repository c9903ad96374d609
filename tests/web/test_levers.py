from datetime import date

import pytest

from sim.case.load import load_case
from sim.web.compute import case_of
from sim.web.levers import add_months, changes, position, scaled
from sim.web.setup import load_page
from sim.web.words import tooltip
from sim.world.inputs import Quantity

LEVERS = load_page("huawei").levers


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("listing_date", 0),
        ("product_rule_grace", 123),
        ("general_licence_days", 452),
        ("tool_strength", 1),
        ("detection", 1),
        ("rerouting", 1),
    ],
)
def test_a_lever_stands_in_history_where_history_was(name, usual, history):
    assert position(LEVERS[name], history, history) == usual


def test_a_preset_shows_as_levers_that_have_moved(history):
    assert position(LEVERS["product_rule_grace"], case_of("no-grace"), history) == 0
    assert position(LEVERS["allies"], case_of("allies-never-align"), history) == 0
    assert position(LEVERS["detection"], case_of("strict-enforcement"), history) == 2
    assert position(LEVERS["stockpiling"], case_of("no-stockpile"), history) == 0


@pytest.mark.parametrize("name", LEVERS)
def test_both_ends_of_a_lever_make_a_sound_case_that_differs_from_history(name, history):
    lever = LEVERS[name]
    usual = position(lever, history, history)
    assert lever.low <= usual <= lever.high
    for end in {lever.low, lever.high} - {usual}:
        assert load_case("huawei", changes(lever, end, history, history)) != history


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_put_to_its_end_is_read_back_there(name, history):
    lever = LEVERS[name]
    changed = load_case("huawei", changes(lever, lever.low, history, history))
    assert position(lever, changed, history) == pytest.approx(lever.low)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2019, 5, 16), 6, date(2019, 11, 16)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2019, 5, 16), -12, date(2018, 5, 16)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
    ],
)
def test_a_date_moves_by_months_and_stays_in_its_month(day, months, later):
    assert add_months(day, months) == later


def test_a_later_listing_takes_its_general_licence_along(history):
    changed = changes(LEVERS["listing_date"], 6, history, history)
    assert changed["measures.entity_listing_2019.effective"] == date(2019, 11, 16)
    assert changed["measures.general_licence_2019.ended"] == date(2021, 2, 14)


def test_less_grace_shortens_the_second_window_too_but_not_below_none(history):
    changed = changes(LEVERS["product_rule_grace"], 100, history, history)
    assert changed["measures.direct_product_rule_may_2020.grace_days"] == 100
    assert changed["measures.direct_product_rule_aug_2020.grace_days"] == 6
    none = changes(LEVERS["product_rule_grace"], 0, history, history)
    assert none["measures.direct_product_rule_aug_2020.grace_days"] == 0


def test_a_measure_without_strength_never_comes(history):
    changed = changes(LEVERS["hbm_strength"], 0.0, history, history)
    assert changed == {"measures.hbm_control_2024.enabled": False}


def test_a_factor_scales_the_range_with_the_number_up_to_its_cap():
    number = Quantity(value=0.3, low=0.2, high=0.6, unit="share", standing="assumed", source="A-1")
    assert scaled(number, 2) == {"value": 0.6, "low": 0.4, "high": 1.2}
    assert scaled(number, 2, most=1)["high"] == 1.0


def test_a_factor_on_a_market_scales_every_year(history):
    changed = changes(LEVERS["ai_demand"], 2, history, history)
    values = history.markets["ai_computing"].regions["china"].values
    assert changed["markets.ai_computing.regions.china.values"] == {
        year: pytest.approx(2 * value) for year, value in values.items()
    }


@pytest.mark.parametrize("name", LEVERS)
def test_a_tooltip_tells_help_and_historical_value(name, history):
    text = tooltip(LEVERS[name], history)
    assert LEVERS[name].help in text
    assert "Historical value" in text


def test_a_tooltip_tells_number_range_standing_and_assumption_of_the_case(history):
    text = tooltip(LEVERS["detection"], history)
    number = history.intermediaries.detection
    assert f"{number.value:g} ({number.low:g} to {number.high:g}) 1/month, assumed" in text
    assert history.assumptions["A-11"].text.rstrip(".") in text


def test_a_tooltip_follows_the_case(history):
    changed = load_case("huawei", {"intermediaries.detection": 0.11})
    assert "0.11" in tooltip(LEVERS["detection"], changed)
    assert "0.11" not in tooltip(LEVERS["detection"], history)
