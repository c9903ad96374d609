"""What a change does, and in which direction, with all luck in common."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from tests.model.worlds import Variants, huawei, switches

RULE = "measures.direct_product_rule_may_2020"
STRENGTHS = (f"{RULE}.strength", "measures.direct_product_rule_aug_2020.strength")
GRACES = (0, 60, 90, 240)
MECHANISMS = [path.removeprefix("mechanisms.") for path in switches(huawei())]


def as_announced():
    return float(huawei().measures["direct_product_rule_may_2020"].grace_days)


@pytest.fixture(scope="module")
def early():
    """The case, without sanctions, and with other grace periods, to the end of 2021."""
    variants = {"base": {}, "no sanctions": {"regime.enabled": 0.0}}
    variants |= {f"grace {days}": {f"{RULE}.grace_days": float(days)} for days in GRACES}
    usual = {"regime.enabled": 1.0, f"{RULE}.grace_days": as_announced()}
    outcomes = ("revenue", "chips", "chips_stock", "phones_shipped", "perceived_threat")
    return Variants(variants, usual, 12, date(2021, 12, 1), outcomes)


@pytest.fixture(scope="module")
def ablated():
    """The case, with each mechanism off in turn, and under rules of half the strength."""
    variants = {"base": {}, "no sanctions": {"regime.enabled": 0.0}}
    variants |= {f"no {name}": {f"mechanisms.{name}": 0.0} for name in MECHANISMS}
    variants |= {"half rules": dict.fromkeys(STRENGTHS, 0.5)}
    usual = dict.fromkeys((*switches(huawei()), *STRENGTHS, "regime.enabled"), 1.0)
    outcomes = (
        "revenue", "revenue_line", "revenue_region", "phones_shipped", "chips", "chips_stock",
        "rerouted_dies", "domestic_advanced_phone_chip", "unit_sold", "diversion_detected",
        "unit_proceeds", "grants", "fab_fund", "wafer_capacity", "parts_replaced", "licences",
    )  # fmt: skip
    return Variants(variants, usual, 32, date(2024, 12, 1), outcomes)


def assert_less(change, base, members=0.9):
    """Lower on average, and in nine of ten members or as many as are given."""
    assert change.mean() < base.mean()
    assert (change < base).mean() >= members


def compare(run, variant, outcome, first, last, **labels):
    found = run.sum(outcome, first, last, **labels)
    return found[f"no {variant}"], found["base"]


def stock(run, item, month):
    return run.sum("chips_stock", month, month, item=item, stage="stock")


def received(run, item, first, last):
    return run.sum("chips", first, last, item=item, stage="received")


# The regime as a whole, and the grace of one rule.


def test_until_the_first_measure_a_world_without_sanctions_is_the_same_world(early):
    for outcome in ("revenue", "chips_stock"):
        found = early.sum(outcome, "2018-01", "2018-03")
        np.testing.assert_allclose(found["no sanctions"], found["base"], rtol=1e-12)


def test_the_fall_of_2021_is_the_work_of_the_regime(early):
    before = early.sum("revenue", "2020-01", "2020-12", segment="total")
    after = early.sum("revenue", "2021-01", "2021-12", segment="total")
    growth = {name: after[name] / before[name] - 1 for name in after}
    assert np.median(growth["base"]) < -0.1
    assert (growth["base"] < 0).mean() > 0.9
    assert (growth["no sanctions"] > 0).all()


def test_nobody_is_alarmed_without_sanctions(early):
    threat = early.sum("perceived_threat", "2018-01", "2021-12")
    assert (threat["no sanctions"] == 0).all()
    assert (threat["base"] > 0).all()


def test_without_grace_the_stock_at_the_cut_off_is_visibly_smaller(early):
    held = stock(early, "own_advanced_soc", "2020-09")
    assert (held["grace 0"] < held["base"]).all()
    assert np.median(held["grace 0"]) < 0.6 * np.median(held["base"])


def test_the_announced_grace_is_the_base(early):
    held = stock(early, "own_advanced_soc", "2020-09")
    assert 90 <= as_announced() <= 130
    assert np.median(held["grace 90"]) <= np.median(held["base"]) <= np.median(held["grace 240"])


def test_a_longer_grace_never_lowers_the_stock_at_the_cut_off(early):
    held = stock(early, "own_advanced_soc", "2020-09")
    for shorter, longer in pairwise(GRACES):
        little, much = held[f"grace {shorter}"], held[f"grace {longer}"]
        assert (much >= little * (1 - 1e-9)).all(), (shorter, longer)


# Mechanisms, one by one.

NOTHING_AT_ALL = [
    ("rerouting", "rerouted_dies", {}),
    ("domestic_foundry", "chips", {
        "item": "own_advanced_soc", "origin": "domestic", "stage": "received",
    }),
    ("unit_purchase", "unit_proceeds", {}),
    ("fab_funding", "fab_fund", {}),
    ("design_out", "parts_replaced", {}),
    ("licences", "licences", {"stage": "granted"}),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("mechanism", "outcome", "labels"), NOTHING_AT_ALL)
def test_what_only_one_mechanism_brings_is_not_there_without_it(
    ablated, mechanism, outcome, labels
):
    without, base = compare(ablated, mechanism, outcome, "2018-01", "2024-12", **labels)
    assert (without == 0).all()
    # In a member whose home foundries serve it from the start, no front has orders to live on.
    assert (base > 0).mean() >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mechanism", "event"),
    [
        ("domestic_foundry", "domestic_advanced_phone_chip"),
        ("unit_purchase", "unit_sold"),
        ("rerouting", "diversion_detected"),
    ],
)
def test_an_event_that_needs_a_mechanism_never_comes_without_it(ablated, mechanism, event):
    months = ablated.event(event)
    assert np.isnan(months[f"no {mechanism}"]).all()
    assert np.isfinite(months["base"]).mean() > 0.5


WHOLE = ("2018-01", "2024-12")
LESS = [
    ("stockpiling", "chips_stock", "2020-06", "2020-12", {"item": "network_logic"}),
    ("stockpiling", "chips_stock", "2020-06", "2020-12", {"item": "cpu"}),
    ("licences", "chips", "2021-01", "2022-12", {"item": "merchant_soc", "stage": "received"}),
    ("patriotic_demand", "phones_shipped", "2019-06", "2020-12", {"region": "china"}),
    ("patriotic_demand", "revenue_region", "2019-06", "2020-12", {"region": "china"}),
    ("procurement_preference", "revenue_region", "2019-06", "2021-12", {"region": "china"}),
    ("grants", "grants", *WHOLE, {}),
    ("fab_funding", "wafer_capacity", "2024-01", "2024-12", {"foundry": "smic", "node": "n7"}),
    ("covert_access", "wafer_capacity", "2024-01", "2024-12", {"foundry": "smic", "node": "n7"}),
    ("diversification", "revenue_line", "2024-01", "2024-12", {"line": "automotive"}),
    ("diversification", "revenue_line", "2024-01", "2024-12", {"line": "cloud"}),
    ("design_out", "revenue", "2022-01", "2024-12", {"segment": "total"}),
    ("domestic_foundry", "revenue", "2023-01", "2024-12", {"segment": "total"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("mechanism", "outcome", "first", "last", "labels"), LESS)
def test_without_a_mechanism_there_is_less_of_what_it_brings(
    ablated, mechanism, outcome, first, last, labels
):
    # Where home foundries serve anyway, wafers that redesign frees become phones, and these
    # take memory from the cloud.
    members = 0.7 if mechanism == "design_out" else 0.9
    assert_less(*compare(ablated, mechanism, outcome, first, last, **labels), members)


@pytest.mark.slow
def test_calm_grants_go_on_without_the_support_in_distress(ablated):
    without, base = compare(ablated, "grants", "grants", *WHOLE)
    assert (without > 0.3 * base).all()


@pytest.fixture(scope="module")
def peace():
    """No sanctions, and each mechanism off in turn."""
    variants = {"base": {}} | {name: {f"mechanisms.{name}": 0.0} for name in MECHANISMS}
    calm = {name: {"regime.enabled": 0.0, **values} for name, values in variants.items()}
    usual = dict.fromkeys((*switches(huawei()), "regime.enabled"), 1.0)
    return Variants(calm, usual, 8, date(2021, 12, 1), ("revenue",))


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_no_answer_to_sanctions_matters_where_there_are_none(peace, mechanism):
    found = peace.sum("revenue", "2018-01", "2021-12", segment="total")
    # A growing firm takes a few chips from home foundries where its usual makers are full.
    close = 1e-5 if mechanism == "domestic_foundry" else 1e-12
    np.testing.assert_allclose(found[mechanism], found["base"], rtol=close)


# Harder controls.


@pytest.mark.slow
@pytest.mark.parametrize("item", ["own_advanced_soc", "own_midrange_soc"])
def test_a_harder_rule_never_lets_more_foreign_chips_through(ablated, item):
    rules = ("2020-10", "2024-12")
    found = ablated.sum("chips", *rules, item=item, stage="received", origin="direct")
    assert (found["base"] <= found["half rules"] * (1 + 1e-9)).all()
    assert (found["half rules"] <= found["no sanctions"] * (1 + 1e-9)).mean() >= 0.9
    assert found["base"].mean() < 0.5 * found["half rules"].mean()


@pytest.mark.slow
def test_revenue_lies_in_order_of_the_strength_of_the_rules(ablated):
    found = ablated.sum("revenue", "2021-01", "2022-12", segment="total")
    assert_less(found["base"], found["half rules"])
    assert_less(found["half rules"], found["no sanctions"])
