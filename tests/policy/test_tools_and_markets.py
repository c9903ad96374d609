import numpy as np
import pytest

from sim.policy.timing import DAYS_PER_MONTH
from tests.policy.world import (
    HOME,
    SECRET,
    line,
    market,
    measure,
    month,
    number,
    regime,
    tool,
)

FINE = {"max_node_nm": 16}


def closed(law, key, place, day="2020-06", what="tools_closed"):
    return float(getattr(law, what)(month(day))[tool(key), line(*place), 0])


def test_listing_a_foundry_closes_the_issuers_tools_more_to_fine_lines():
    law = regime(
        {
            "a": measure(
                "entity_listing",
                targets=["smic"],
                scope={"max_node_nm": 10},
                strength=number(0.5),
                strength_above=number(0.1),
            )
        }
    )
    assert closed(law, "etch_deposition", (HOME, 7.0)) == 0.5
    assert closed(law, "process_control", (HOME, 28.0)) == 0.1
    assert closed(law, "duv_immersion", (HOME, 7.0)) == 0.0
    assert closed(law, "etch_deposition", (SECRET, 7.0)) == 0.0
    assert not law.orders_closed(month("2020-06")).any()


def test_a_control_closes_the_tools_it_names_wherever_they_are_made():
    control = measure("tool_control", targets=["china"], scope=FINE | {"tools": ["duv_immersion"]})
    law = regime({"a": control})
    assert closed(law, "duv_immersion", (HOME, 7.0)) == 1.0
    assert closed(law, "duv_immersion", (SECRET, 7.0)) == 1.0
    assert closed(law, "duv_immersion", (HOME, 28.0)) == 0.0
    assert closed(law, "etch_deposition", (HOME, 7.0)) == 0.0


def test_two_controls_of_one_tool_close_independent_parts():
    control = measure("tool_control", targets=["china"], strength=number(0.5))
    law = regime({"a": control, "b": control})
    assert closed(law, "etch_deposition", (HOME, 28.0)) == 0.75
    fine = control | {"scope": FINE}
    law = regime({"a": fine, "b": fine | {"strength_other": number(0.2)}})
    assert closed(law, "etch_deposition", (HOME, 7.0)) == pytest.approx(0.75)
    assert closed(law, "etch_deposition", (HOME, 28.0)) == pytest.approx(0.2)


def test_tools_ship_under_old_licences_for_the_grace():
    control = measure(
        "tool_control",
        issuer="netherlands",
        targets=["china"],
        announced="2023-03-08",
        effective="2023-09-01",
        grace_days=122,
    )
    law = regime({"a": control})
    place = (HOME, 7.0)
    assert closed(law, "duv_immersion", place, "2023-12") == 0.0
    assert closed(law, "duv_immersion", place, "2024-01") == 1.0
    assert closed(law, "duv_immersion", place, "2023-03", "tools_window") == pytest.approx(24 / 31)
    assert closed(law, "duv_immersion", place, "2023-12", "tools_window") == 1.0
    # From 16 June 2023 (mid-month) to 1 January 2024: 199 days.
    months = closed(law, "duv_immersion", place, "2023-06", "tools_months_to_closure")
    assert months == pytest.approx(199 / DAYS_PER_MONTH)
    assert closed(law, "home_tools", place, "2023-06", "tools_months_to_closure") == np.inf


def test_service_is_withdrawn_from_fine_lines_only():
    stop = measure("tool_service_stop", targets=["china"], scope=FINE, strength=number(0.7))
    law = regime({"a": stop})
    assert closed(law, "etch_deposition", (HOME, 7.0), what="service_closed") == 0.7
    assert closed(law, "etch_deposition", (HOME, 28.0), what="service_closed") == 0.0
    assert closed(law, "etch_deposition", (HOME, 7.0)) == 0.0


def ban(share, **fields):
    scope = {"lines": ["carrier_networks"], "regions": ["europe"]}
    return measure("market_ban", targets=["huawei"], scope=scope, share=number(share), **fields)


def test_bans_of_different_countries_of_a_region_add_up():
    law = regime({"a": ban(0.25), "b": ban(0.5), "c": ban(0.75) | {"targets": ["micron"]}})
    shut = law.market_closed(month("2020-06"))
    assert shut[*market("carrier_networks", "europe"), 0] == 0.75
    assert shut.sum() == 0.75
    law = regime({"a": ban(0.75), "b": ban(0.5)})
    assert law.market_closed(month("2020-06")).max() == 1.0


def test_a_ban_is_phased_in_linearly():
    phase = ban(1.0, effective="2020-01-01", phase_months=number(12, "months"))
    shut = [regime({"a": phase}).market_closed(month(m)).max() for m in ("2020-01", "2020-07")]
    # Mean of the rise over January: half of 31 of 365.25 days.
    assert shut[0] == pytest.approx(15.5 / 365.25)
    assert shut[1] == pytest.approx((182 + 15.5) / 365.25)
    assert regime({"a": phase}).market_closed(month("2021-02")).max() == 1.0


def test_the_rivals_products_are_barred_from_the_targets_region_by_the_strictest_rule():
    scope = {"lines": ["ai_computing"]}
    rule = measure("compute_performance_control", targets=["china"], scope=scope)
    law = regime({"a": rule | {"strength": number(0.3)}, "b": rule | {"strength": number(0.5)}})
    barred = law.rival_closed(month("2020-06"))
    assert barred[*market("ai_computing", "china"), 0] == 0.5
    assert barred.sum() == 0.5


def test_secondary_sanctions_put_a_hazard_on_a_market():
    law = regime(
        {"a": measure("secondary_sanction", scope={"regions": ["russia"]}, hazard=number(0.02))}
    )
    hazard = law.secondary_hazard(month("2020-06"))
    assert (hazard[:, market("ai_computing", "russia")[1], 0] == 0.02).all()
    assert hazard.sum() == pytest.approx(0.06)


def test_public_money_for_removal_is_paid_out_in_full_and_not_twice():
    removal = measure(
        "rip_and_replace",
        targets=["huawei"],
        effective="2021-07-01",
        scope={"lines": ["carrier_networks"], "regions": ["americas"]},
        removal=number(0.01),
        removal_months=number(24, "months"),
        public_cost=number(5, "bn USD"),
    )
    law = regime({"a": removal})
    paid = [law.public_cost(k)[0] for k in range(law.calendar.months)]
    assert sum(paid) == pytest.approx(5.0)
    assert paid[month("2021-07")] == pytest.approx(5 * 31 / 730.5)
    assert paid[month("2021-06")] == 0.0
    assert law.market_closed(month("2024-01")).sum() == pytest.approx(0.01)


def test_a_listed_intermediary_is_closed_and_factors_multiply_while_in_force():
    law = regime(
        {
            "a": measure("entity_listing", targets=["front"], strength=number(0.6)),
            "b": measure(
                "affiliates_rule",
                entry_factor=number(0.4, "ratio"),
                effective="2025-09-29",
                ended="2025-11-10",
            ),
            "c": measure("foundry_due_diligence", detection_factor=number(3, "ratio")),
        }
    )
    assert law.intermediary_closed(month("2020-06")).tolist() == [[0.6]]
    assert law.entry_factor(month("2025-10")).tolist() == [0.4]
    assert law.entry_factor(month("2025-11"))[0] == pytest.approx(1 - 0.6 * 9 / 30)
    assert law.entry_factor(month("2025-12")).tolist() == [1.0]
    assert law.detection_factor(month("2020-06")).tolist() == [3.0]
    # 21 of the 31 days of May.
    assert law.detection_factor(month("2020-05"))[0] == pytest.approx(1 + 2 * 21 / 31)


def test_a_counter_measure_withholds_inputs_from_the_states_it_names_while_it_is_in_force():
    step = measure(
        "counter_measure",
        issuer="china",
        targets=["south_korea"],
        strength=number(0.4),
        effective="2020-05-11",
        ended="2020-07-01",
    )
    law = regime({"a": step})
    assert law.withheld(month("2020-04")).tolist() == [[0.0], [0.0]]
    # 21 of the 31 days of May.
    assert law.withheld(month("2020-05"))[:, 0] == pytest.approx([0.0, 0.4 * 21 / 31])
    assert law.withheld(month("2020-06"))[:, 0] == pytest.approx([0.0, 0.4])
    assert law.withheld(month("2020-07")).tolist() == [[0.0], [0.0]]


def test_a_counter_measure_without_strength_withholds_nothing():
    law = regime({"a": measure("counter_measure", issuer="china", targets=["south_korea"])})
    assert not law.withheld(month("2020-06")).any()


def test_a_counter_measure_that_withholds_needs_a_day():
    step = measure("counter_measure", strength=number(0.4), announced="2020-05-11")
    with pytest.raises(ValueError, match="'strength' needs the date 'effective'"):
        regime({"a": step})
