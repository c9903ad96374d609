from datetime import date

import numpy as np
import pytest

from sim.case.errors import ConfigError


def refusal(load, overrides):
    with pytest.raises(ConfigError) as caught:
        load(overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    "overrides",
    [
        ["actors.alpha.capacity=25"],
        {"actors.alpha.capacity": 25},
        {"actors": {"alpha": {"capacity": 25}}},
    ],
)
def test_a_value_is_set_by_dotted_name_or_by_a_tree(load, overrides):
    case = load(overrides)
    assert case.actors["alpha"].capacity == 25
    assert case.actors["alpha"].kind == "maker"


def test_the_later_override_wins(load):
    assert (
        load(["actors.alpha.capacity=1", "actors.alpha.capacity=2"]).actors["alpha"].capacity == 2
    )


def test_a_default_that_no_file_gives_can_be_set(load):
    assert load().regime.enabled is True
    assert load(["regime.enabled=false"]).regime.enabled is False


def test_a_number_fixes_an_assumed_quantity_for_all_members(load):
    rate = load(["yield_rate=0.9"]).yield_rate
    assert (rate.value, rate.low, rate.high, rate.unit) == (0.9, 0.9, 0.9, "share")
    assert not rate.uncertain


def test_a_number_fixes_an_estimated_quantity_and_drops_its_range(load):
    price = load({"price": np.int64(9)}).price
    assert (price.value, price.low, price.high) == (9, None, None)


def test_a_mapping_changes_a_part_of_a_quantity(load):
    rate = load(["yield_rate={value: 0.5, low: 0.1}"]).yield_rate
    assert (rate.value, rate.low, rate.high) == (0.5, 0.1, 0.8)


def test_a_quantity_is_not_set_to_a_word(load):
    assert "override 'price=high': price: needs a number" in refusal(load, ["price=high"])
    assert "needs a number" in refusal(load, ["price=true"])


def test_a_quantity_outside_its_range_points_at_the_override(load):
    message = refusal(load, ["yield_rate.value=0.95"])
    assert message.startswith("override 'yield_rate.value=0.95': yield_rate: 'value' 0.95 must lie")


def test_a_path_over_years_is_not_set_to_one_number(load):
    message = refusal(load, ["market=3"])
    assert "cannot be set to one number" in message
    assert "market.values.2021" in message


def test_a_year_of_a_path_is_set_and_added(load):
    values = load(["market.values.2031=7", "market.values.2033=9"]).market.values
    assert values == {2030: 1.0, 2031: 7.0, 2033: 9.0}


def test_a_key_that_the_type_declares_is_added(load):
    assert load(["market.spread=0.1"]).market.spread == 0.1


def test_a_measure_is_added_as_a_whole(load):
    new = {"kind": "market_ban", "issuer": "orbit", "effective": date(2030, 3, 1)}
    assert load({"measures.new_ban": new}).measures["new_ban"].effective == date(2030, 3, 1)


def test_null_removes_a_measure(load):
    assert list(load(["measures.ban=null"]).measures) == ["stop"]
    assert list(load({"measures": {"ban": None}}).measures) == ["stop"]


def test_null_empties_what_may_be_empty_and_nothing_else(load):
    assert load(["measures.stop.ended=null"]).measures["stop"].ended is None
    assert "measures.stop.issuer" in refusal(load, ["measures.stop.issuer=null"])


def test_a_list_is_replaced_as_a_whole_or_by_position(load):
    assert load(["measures.stop.nodes=[3]"]).measures["stop"].nodes == (3,)
    assert load(["measures.stop.nodes.1=4"]).measures["stop"].nodes == (7, 4)
    assert "there is no '2' here" in refusal(load, ["measures.stop.nodes.2=4"])


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("actor.alpha.capacity=1", "actors"),
        ("actors.alhpa.capacity=1", "alpha"),
        ("actors.alpha.capcity=1", "capacity"),
        ("measures.bann.effective=2030-02-01", "ban"),
        ("measures.bann=null", "ban"),
        ("yield_rate.hihg=0.9", "high"),
        ("Price=3", "price"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(load, override, meant):
    message = refusal(load, [override])
    assert message.startswith(f"override '{override}': ")
    assert f"did you mean '{meant}'?" in message


def test_an_addition_that_was_a_misspelling_says_so(load):
    message = refusal(load, {"measures": {"bann": {"effective": date(2030, 2, 1)}}})
    assert "the override adds 'bann'; did you mean 'ban'?" in message


def test_nothing_lies_below_a_single_value(load):
    assert "'actors.alpha.capacity' holds a single value" in refusal(
        load, ["actors.alpha.capacity.more=1"]
    )


def test_a_mapping_is_not_set_to_one_number(load):
    assert "actors.alpha: holds several values (kind, capacity): set one" in refusal(
        load, ["actors.alpha=1"]
    )


@pytest.mark.parametrize("text", ["capacity", "capacity=", "=3", "actors..alpha=3", ""])
def test_an_override_without_name_or_value_is_explained(load, text):
    assert "write NAME=VALUE" in refusal(load, [text])


def test_a_value_that_is_no_yaml_is_refused(load):
    assert "override 'title=[': not valid YAML" in refusal(load, ["title=["])


def test_a_broken_rule_on_several_values_points_at_the_change(load):
    message = refusal(load, ["calendar.end=2029-01-01"])
    assert message.startswith("override 'calendar.end=2029-01-01': calendar: 'end' 2029-01-01")


def test_overrides_leave_the_files_and_the_next_load_alone(load):
    load(["actors.alpha.capacity=25"])
    assert load().actors["alpha"].capacity == 10
