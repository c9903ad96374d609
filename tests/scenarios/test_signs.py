"""Signs on common luck: what more control, warning, support and enforcement may never do."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from docs.mechanisms import CASE, beyond_noise
from tests.scenarios.runs import scenarios_run, total, variants

MEMBERS = 24
LAST = "2026-12"
EXACT = 1e-9


def day(year, month, dom):
    return float(date(year, month, dom).toordinal())


# The harder of two controls never brings the firm more of what it closes: (softer, harder,
# outcome, first month, labels). Member by member.
FOREIGN = {"origin": ["direct", "licensed"], "stage": "received"}
# Closing the traders sends orders back to licensed makers, so all origins count together.
ALL_ORIGINS = {"stage": "received"}
HARDER = [
    ("no-sanctions", CASE, "chips", "2020-10", FOREIGN | {"item": "own_advanced_soc"}),
    ("no-foreign-direct-product-rule", CASE, "chips", "2020-10",
     FOREIGN | {"item": "own_advanced_soc"}),
    ("no-foreign-direct-product-rule", CASE, "chips", "2020-10",
     FOREIGN | {"item": "own_midrange_soc"}),
    ("no-foreign-direct-product-rule", CASE, "chips", "2020-10",
     FOREIGN | {"item": "network_logic"}),
    (CASE, "no-grace", "chips", "2020-05", FOREIGN | {"item": "own_advanced_soc"}),
    (CASE, "no-licences", "chips", "2020-10", FOREIGN | {"item": "memory"}),
    (CASE, "no-licences", "chips", "2020-10", FOREIGN | {"item": "merchant_soc"}),
    ("hbm-never-controlled", CASE, "chips", "2025-01", ALL_ORIGINS | {"item": "hbm"}),
    (CASE, "hbm-control-in-2022", "chips", "2022-11", ALL_ORIGINS | {"item": "hbm"}),
    ("controls-lifted-2025", CASE, "chips", "2025-01", FOREIGN | {"item": "memory"}),
    ("settlement-accepted", CASE, "chips", "2020-10", FOREIGN | {"item": "own_advanced_soc"}),
    (CASE, "full-decoupling-2030", "tools_received", "2027-01", {}),
]  # fmt: skip


def name_of(pair):
    softer, harder, outcome, _, labels = pair
    return f"{softer} to {harder}: {labels.get('item', outcome)}"


@pytest.mark.slow
@pytest.mark.parametrize("pair", HARDER[:-1], ids=map(name_of, HARDER[:-1]))
def test_a_harder_control_never_brings_more_of_what_it_closes(pair):
    softer, harder, outcome, first, labels = pair
    runs = scenarios_run()
    much = total(runs[softer], outcome, first, LAST, **labels)
    little = total(runs[harder], outcome, first, LAST, **labels)
    # In single members an earlier control of stacked memory moves orders rather than stops them.
    enough = 0.75 if labels["item"] == "hbm" else 1.0
    assert (little <= much * (1 + EXACT) + EXACT).mean() >= enough, little - much
    assert little.mean() < much.mean()


@pytest.mark.slow
def test_no_foreign_tool_arrives_after_full_decoupling():
    data = scenarios_run()["full-decoupling-2030"]
    before = total(data, "tools_received", "2026-01", "2026-12")
    after = total(data, "tools_received", "2027-02", "2030-12", type="duv_immersion")
    assert str(data["month"].values[-1])[:7] == "2030-12"
    assert (before > 0).all()
    # What covert access brings is all that is left.
    assert (after / 4 < 0.3 * before).all()


@pytest.mark.slow
def test_the_calendar_may_be_extended_beyond_the_last_documented_measure():
    """Series stay at their last value: the far future is an extrapolation, not a forecast."""
    run = scenarios_run()["full-decoupling-2030"]
    revenue = total(run, "revenue", "2030-01", "2030-12", segment="total")
    assert np.isfinite(revenue).all()
    assert (revenue > 0).all()


@pytest.mark.slow
def test_open_tools_bring_more_tools_but_not_more_chips_to_the_firm():
    """The exception to "harder control, less supply".

    A home foundry that may still buy foreign tools has something to lose and keeps to the rules
    on the firm (``rules.fabrication.dares``, assumption A-10). Without tool controls more
    tools come, and the firm gets fewer advanced chips. Capacity itself need not be larger: under
    threat fabs order more tools than their plans need (A-09).
    """
    runs = scenarios_run()
    chips = {"item": "own_advanced_soc", "origin": "domestic", "stage": "received"}
    fewer = [total(runs[n], "chips", "2023-01", LAST, **chips) for n in ("no-tool-controls", CASE)]
    tools = [
        total(runs[n], "tools_received", "2024-01", LAST, type="duv_immersion")
        for n in ("no-tool-controls", CASE)
    ]
    assert beyond_noise(tools[0] - tools[1]) > 3
    assert beyond_noise(fewer[0] - fewer[1]) < -3


STRENGTHS = (0.25, 0.5, 0.75, 1.0)
RULES = ("direct_product_rule_may_2020", "direct_product_rule_aug_2020")
HBM_LEADS = (0, 30, 60, 120)
FUNDS = (0.0, 70.0, 200.0, 340.0)
DETECTION = (0.0, 0.03, 0.07, 0.14, 0.3)
GRANTS = (0.0, 0.5, 1.0)
TOOL_LEADS = (0, 90, 180, 360)


def tool_window(days):
    start = day(2023, 3, 8)
    key = "measures.dutch_immersion_control"
    return {f"{key}.effective": start + days, f"{key}.grace_days": 0.0}


FAMILIES = {
    **{f"rules {s}": {f"measures.{r}.strength": s for r in RULES} for s in STRENGTHS},
    **{f"hbm {d}": {"measures.hbm_control_2024.announced": day(2025, 3, 1) - d,
                    "measures.hbm_control_2024.effective": day(2025, 3, 1),
                    "measures.hbm_plan_leak_2024.enabled": 0.0} for d in HBM_LEADS},
    **{f"tools {d}": tool_window(d) for d in TOOL_LEADS},
    **{f"fund {f}": {"behaviour.home_state.fab_fund": f} for f in FUNDS},
    **{f"grants {g}": {"mechanisms.grants": g} for g in GRANTS},
    **{f"detection {d}": {"intermediaries.detection": d} for d in DETECTION},
}  # fmt: skip
READ = ("chips", "chips_stock", "wafer_capacity", "tools_received", "cash", "rerouted_dies")


@pytest.fixture(scope="module")
def families():
    return variants(FAMILIES, MEMBERS, outcomes=READ)


@pytest.mark.slow
@pytest.mark.parametrize("item", ["own_advanced_soc", "own_midrange_soc", "memory"])
def test_supply_from_abroad_falls_with_the_strength_of_the_rules(families, item):
    for softer, harder in pairwise(STRENGTHS):
        much, little = (
            total(families[f"rules {s}"], "chips", "2020-10", "2022-12", item=item, **FOREIGN)
            for s in (softer, harder)
        )
        assert (little <= much * (1 + EXACT) + EXACT).mean() >= 0.8
        assert beyond_noise(little - much) < -3


@pytest.mark.slow
def test_a_rule_with_holes_does_not_stop_what_is_needed_in_small_numbers(families):
    """A few dies pass through any hole, and fear makes the firm want more of them."""
    came = {
        s: total(families[f"rules {s}"], "chips", "2020-11", "2022-12", item="ai_die", **FOREIGN)
        for s in STRENGTHS
    }
    for strength in STRENGTHS[1:-1]:
        np.testing.assert_allclose(came[strength], came[STRENGTHS[0]], rtol=0.3)
    assert (came[1.0] == 0).all()


@pytest.mark.slow
def test_a_longer_warning_never_lowers_the_stock_of_stacked_memory_at_the_cut_off(families):
    held = [total(families[f"hbm {d}"], "chips_stock", "2025-02", item="hbm") for d in HBM_LEADS]
    for shorter, longer in pairwise(held):
        # Other orders shift by hundredths of a per mille with the news.
        assert (longer >= shorter * (1 - 1e-4)).all()


@pytest.mark.slow
def test_a_longer_warning_never_lowers_what_tools_arrive_before_a_closure(families):
    came = [
        total(families[f"tools {d}"], "tools_received", "2023-03", "2024-03", type="duv_immersion")
        for d in TOOL_LEADS
    ]
    for shorter, longer in pairwise(came):
        assert (longer >= shorter * (1 - EXACT)).all()
    assert beyond_noise(came[-1] - came[0]) > 3


@pytest.mark.slow
@pytest.mark.parametrize("foundry", ["smic", "shenzhen_fabs"])
def test_a_subsidy_never_lowers_domestic_capacity(families, foundry):
    built = [
        total(families[f"fund {f}"], "wafer_capacity", LAST, foundry=foundry, node="n7")
        for f in FUNDS
    ]
    for less, more in pairwise(built):
        assert (more >= less * (1 - EXACT) - EXACT).all()
    assert beyond_noise(built[-1] - built[0]) > 3


@pytest.mark.slow
def test_more_grants_never_leave_less_cash(families):
    cash = [total(families[f"grants {g}"], "cash", LAST) for g in GRANTS]
    for less, more in pairwise(cash):
        assert (more >= less - 1e-6).all()


@pytest.mark.slow
def test_more_enforcement_never_raises_diverted_volume_beyond_noise(families):
    """On average; in a single member a front found out early may be back when others are not.

    Fronts that were found out may enter again after ``intermediaries.reentry_months``, so an
    early find can move trade to months in which it escapes notice.
    """
    sent = [total(families[f"detection {d}"], "rerouted_dies", "2018-01", LAST) for d in DETECTION]
    for lax, strict in pairwise(sent):
        assert beyond_noise(strict - lax) < 3
    assert beyond_noise(sent[-1] - sent[0]) < -3
    assert sent[-1].mean() < 0.5 * sent[0].mean()


@pytest.mark.slow
def test_more_enforcement_never_raises_what_arrives_beyond_noise(families):
    came = [
        total(families[f"detection {d}"], "chips", "2018-01", LAST, item="ai_die",
              origin="rerouted", stage="received")
        for d in DETECTION
    ]  # fmt: skip
    for lax, strict in pairwise(came):
        assert beyond_noise(strict - lax) < 3
    assert beyond_noise(came[-1] - came[0]) < -3
