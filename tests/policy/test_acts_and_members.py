import copy
from datetime import date

import numpy as np
import pytest

from tests.policy.world import calendar, huawei_regime, measure, month, number, regime, route

FRONTS = measure(
    "entity_listing",
    targets=["front"],
    trigger={"event": "diversion_detected", "lag_months": number(3, "months")},
    threat=number(0.5),
    visible=True,
)


def happened(*flags):
    return np.array(flags, dtype=bool)


def test_nothing_happens_until_the_act_is_reported():
    law = regime({"a": FRONTS})
    assert not any(law.intermediary_closed(k).any() for k in range(law.calendar.months))
    assert law.timeline()[0].effective is None


def test_an_act_is_answered_after_the_lag_in_its_members_only():
    law = regime({"a": FRONTS}, members=2)
    law.report("diversion_detected", month("2024-10"), happened(True, False))
    assert law.intermediary_closed(month("2024-12")).tolist() == [[0.0, 0.0]]
    # 16 October and 91.3 days: 15 January, 17 of 31 days.
    assert law.intermediary_closed(month("2025-01")).tolist() == [[pytest.approx(17 / 31), 0.0]]
    assert law.intermediary_closed(month("2025-02")).tolist() == [[1.0, 0.0]]


def test_only_the_first_act_of_a_member_is_answered():
    law = regime({"a": FRONTS}, members=2)
    law.report("diversion_detected", month("2024-01"), happened(True, False))
    law.report("diversion_detected", month("2024-10"), happened(True, True))
    assert law.intermediary_closed(month("2024-06")).tolist() == [[1.0, 0.0]]
    assert law.intermediary_closed(month("2025-02")).tolist() == [[1.0, 1.0]]


def test_another_act_is_not_answered():
    law = regime({"a": FRONTS})
    law.report("visible_licensed_product", month("2024-10"), happened(True))
    assert not law.intermediary_closed(month("2025-06")).any()


def test_the_answer_is_news_when_it_comes():
    law = regime({"a": FRONTS}, members=2)
    law.report("diversion_detected", month("2024-10"), happened(True, False))
    assert law.threats(month("2024-10")) == []
    (key, weight), *rest = law.threats(month("2025-01"))
    assert (key, weight.tolist(), rest) == ("a", [0.5, 0.0], [])
    assert law.visible_step(month("2025-01")).tolist() == [1.0, 0.0]


def test_an_accepted_settlement_lifts_the_denial_order_where_it_was_accepted():
    settlement = measure(
        "monitored_settlement",
        lifts="order",
        trigger={"event": "settlement_accepted", "lag_months": number(0, "months")},
    )
    order = measure("denial_order", targets=["huawei"])
    law = regime({"settlement": settlement, "order": order}, members=2)
    assert law.orders_closed(month("2020-09"))[route("cpu")].tolist() == [1.0, 1.0]
    law.report("settlement_accepted", month("2020-07"), happened(True, False))
    assert law.orders_closed(month("2020-09"))[route("cpu")].tolist() == [0.0, 1.0]


def test_threats_are_counted_once_in_the_month_in_which_they_become_known():
    arrest = measure("signal", announced="2018-12-01", threat=number(0.6), visible=True)
    law = regime({"a": arrest, "b": arrest | {"threat": number(0.2), "visible": False}})
    total = [law.threat(k)[0] for k in range(law.calendar.months)]
    assert total[month("2018-12")] == pytest.approx(0.8)
    assert sum(total) == pytest.approx(0.8)
    assert [law.visible_step(k)[0] for k in (10, 11, 12)] == [0.0, 1.0, 0.0]


def test_what_is_announced_early_is_known_then_not_when_it_takes_effect():
    rule = measure("entity_listing", announced="2020-03-03", effective="2020-06-01")
    law = regime({"a": rule | {"threat": number(0.6)}})
    assert [law.threat(month(m))[0] for m in ("2020-03", "2020-06")] == [0.6, 0.0]


LISTING = measure("entity_listing", targets=["huawei"], effective="2020-05-11")


def test_members_may_differ_in_dates_strength_and_presence():
    july = date(2020, 7, 1).toordinal()
    dates = {"measures.a.effective": [july, date(2020, 5, 11).toordinal()]}
    law = regime({"a": LISTING}, 2, dates)
    assert law.orders_closed(month("2020-06"))[route("cpu")].tolist() == [0.0, 1.0]
    law = regime({"a": LISTING}, 2, {"measures.a.strength": [0.25, 1.0]})
    assert law.orders_closed(month("2020-06"))[route("cpu")].tolist() == [0.25, 1.0]
    for path in ("measures.a.enabled", "regime.enabled"):
        law = regime({"a": LISTING}, 2, {path: [0.0, 1.0]})
        assert law.orders_closed(month("2020-06"))[route("cpu")].tolist() == [0.0, 1.0]


def test_members_may_differ_in_the_grace():
    rule = measure("foreign_direct_product_rule", targets=["huawei"], effective="2020-05-15")
    law = regime({"a": rule}, 2, {"measures.a.grace_days": [0, 123]})
    assert law.deliveries_closed(month("2020-07"))[route("own_soc")].tolist() == [1.0, 0.0]


def test_a_measure_moved_before_its_news_is_known_when_it_binds():
    rule = LISTING | {"announced": "2020-05-01", "threat": number(0.6)}
    law = regime({"a": rule}, values={"measures.a.effective": [date(2019, 1, 10).toordinal()]})
    assert law.threat(month("2019-01")).tolist() == [0.6]
    assert law.window_share(month("2020-05")).max() == 0.0


@pytest.mark.parametrize("switch", [{"enabled": False}, {}])
def test_a_measure_or_a_regime_switched_off_does_nothing(switch):
    off = {} if switch else {"enabled": False}
    law = regime({"a": LISTING | switch | {"threat": number(0.6)}}, **off)
    months = range(law.calendar.months)
    assert not any(law.orders_closed(k).any() or law.threat(k).any() for k in months)
    assert np.isinf(law.months_to_closure(month("2021-01"))).all()
    assert not any(entry.acts for entry in law.timeline())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("measures.lsting.effective", "did you mean 'listing'"),
        ("measures.listing.grace_days", "cannot differ in 'grace_days'"),
    ],
)
def test_members_cannot_differ_in_what_no_measure_has(path, words):
    with pytest.raises(ValueError, match=words):
        regime({"listing": LISTING}, values={path: [1.0]})


def test_a_copy_of_the_regime_goes_its_own_way():
    law = regime({"a": FRONTS})
    twin = copy.deepcopy(law)
    twin.report("diversion_detected", month("2024-10"), happened(True))
    assert twin.intermediary_closed(month("2025-06")).all()
    assert not law.intermediary_closed(month("2025-06")).any()


ANSWERS = [
    "orders_closed",
    "deliveries_closed",
    "maintenance_open",
    "months_to_closure",
    "window_share",
    "approval",
    "deciding",
    "decision_months",
    "revoked",
    "tools_closed",
    "tools_months_to_closure",
    "tools_window",
    "service_closed",
    "market_closed",
    "rival_closed",
    "threat",
    "visible_step",
    "intermediary_closed",
    "entry_factor",
    "detection_factor",
    "secondary_hazard",
    "public_cost",
    "listing_closed",
    "workaround",
]


def test_a_members_answers_do_not_depend_on_the_members_beside_it():
    many, one = huawei_regime(8), huawei_regime(1)
    for law in (many, one):
        flags = np.ones(law.members, dtype=bool)
        law.report("diversion_detected", month("2024-10"), flags)
    for name in ANSWERS:
        for k in range(0, calendar().months, 7):
            ours, theirs = getattr(many, name)(k), getattr(one, name)(k)
            assert ours.shape[-1] == 8
            np.testing.assert_allclose(ours[..., :1], theirs, rtol=1e-12)


def test_shares_stay_shares_in_every_month_and_member():
    law = huawei_regime(16)
    law.report("diversion_detected", month("2024-10"), np.ones(16, dtype=bool))
    shares = [n for n in ANSWERS if "closed" in n or n in ("window_share", "revoked", "approval")]
    for name in shares:
        for k in range(calendar().months):
            answer = getattr(law, name)(k)
            assert answer.min() >= 0.0, (name, k)
            assert answer.max() <= 1.0, (name, k)
