import pytest
from pydantic import ValidationError

from sim.policy.measures import MEASURES, quantities, references
from tests.policy.world import measure, number


def read(**fields):
    return MEASURES.validate_python({"a": measure(**fields)})["a"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "entity_listing", "effective": "2020-05-01", "ended": "2020-04-30"}, "'ended'"),
        ({"kind": "signal", "announced": "2020-05-01", "ended": "2020-04-30"}, "'ended'"),
        (
            {"kind": "denial_order", "announced": "2018-04-16", "effective": "2018-04-15"},
            "announced_late",
        ),
        ({"kind": "entity_listing", "announced": "2020-05-01"}, "'effective'"),
        ({"kind": "signal", "announced": None}, "'announced' or 'effective'"),
        ({"kind": "context", "instrument": "fund", "visible": True}, "'context'"),
        ({"kind": "context", "instrument": "fund", "threat": number(0.5)}, "'context'"),
        ({"kind": "entity_listing", "strength": number(1.5)}, "between 0 and 1"),
        ({"kind": "licence_policy"}, "'approval'"),
        ({"kind": "tool_control", "scope": {"tool": ["a"]}}, "Extra inputs"),
        ({"kind": "entity_listing", "target": ["a"]}, "Extra inputs"),
        ({"kind": "hbm_control"}, "Field required"),
        ({"kind": "foreign_direct_product_rule", "grace_days": -1}, "greater than or equal"),
        ({"kind": "embargo"}, "does not match any of the expected tags"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused_in_words(fields, words):
    with pytest.raises(ValidationError, match=words):
        read(**fields)


def test_an_order_dated_before_its_publication_is_fine_when_it_says_so():
    dates = {"announced": "2018-04-16", "effective": "2018-04-15"}
    order = read(kind="denial_order", announced_late=True, **dates)
    assert (order.announced - order.effective).days == 1


def test_a_measure_that_answers_an_act_has_no_dates():
    trigger = {"event": "diversion_detected", "lag_months": number(3, "months")}
    assert read(kind="entity_listing", trigger=trigger).known is None
    with pytest.raises(ValidationError, match="no dates of its own"):
        read(kind="entity_listing", trigger=trigger, effective="2025-01-16")


def test_an_unknown_act_is_refused():
    trigger = {"event": "full_moon", "lag_months": number(3, "months")}
    with pytest.raises(ValidationError, match="diversion_detected"):
        read(kind="entity_listing", trigger=trigger)


def test_a_measure_lists_its_numbers_with_their_paths():
    approval = {"low": number(0.7), "high": number(0.1)}
    policy = read(kind="licence_policy", approval=approval, decision_months=number(4, "months"))
    assert {path: q.value for path, q in quantities(policy)} == {
        "approval.low": 0.7,
        "approval.high": 0.1,
        "decision_months": 4,
    }


def test_a_measure_lists_the_names_that_the_case_must_know():
    ban = read(kind="market_ban", scope={"lines": ["phones"], "regions": ["europe"]})
    assert references(ban) == {"lines": ("phones",), "regions": ("europe",)}
    assert references(read(kind="signal")) == {}
