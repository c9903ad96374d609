from datetime import date

import numpy as np
import pytest

from sim.policy.timing import DAYS_PER_MONTH
from tests.policy.world import measure, month, number, regime, route

LISTING = measure("entity_listing", targets=["huawei"])
RULE = measure("foreign_direct_product_rule", targets=["huawei"])


def closed(law, key, day, what="orders_closed"):
    return float(getattr(law, what)(month(day))[route(key), 0])


def test_a_listing_closes_the_listing_countrys_content_for_orders_and_deliveries():
    law = regime({"a": LISTING})
    assert closed(law, "cpu", "2020-06") == 1.0
    assert closed(law, "memory", "2020-06") == pytest.approx(0.1)
    assert closed(law, "memory", "2020-06", "deliveries_closed") == pytest.approx(0.1)
    assert closed(law, "japan", "2020-06") == 0.0


def test_the_first_month_counts_the_days_in_force():
    # In force from 11 May: 21 of 31 days.
    assert closed(regime({"a": LISTING}), "cpu", "2020-05") == pytest.approx(21 / 31)


def test_the_day_on_which_a_measure_ends_is_free_again():
    law = regime({"a": LISTING | {"ended": "2020-06-10"}})
    assert closed(law, "cpu", "2020-06") == pytest.approx(9 / 30)
    assert closed(law, "cpu", "2020-07") == 0.0


@pytest.mark.parametrize("name", ["huawei", "china", "listed_firm"])
def test_the_firm_is_hit_by_its_name_its_country_or_a_tag(name):
    law = regime({"a": measure("entity_listing", targets=[name])})
    assert closed(law, "cpu", "2020-06") == 1.0


def test_a_listing_of_somebody_else_leaves_the_firms_routes_open():
    law = regime({"a": measure("entity_listing", targets=["zte"])})
    assert not law.orders_closed(month("2020-06")).any()


def test_a_country_without_content_facts_closes_its_own_makers():
    law = regime({"a": LISTING | {"issuer": "taiwan"}})
    assert closed(law, "bought_soc", "2020-06") == 1.0
    assert closed(law, "cpu", "2020-06") == 0.0


def test_the_same_legal_basis_is_not_counted_twice_but_two_bases_are():
    twice = regime({"a": LISTING, "b": LISTING})
    assert closed(twice, "memory", "2020-06") == pytest.approx(0.1)
    both = regime({"a": LISTING, "b": RULE})
    # 1 - (1 - 0.1) * (1 - 0.8)
    assert closed(both, "memory", "2020-06") == pytest.approx(0.82)


def test_suppliers_that_re_source_open_the_listings_part_only():
    law = regime({"a": LISTING, "b": RULE})
    assert not law.listing_closed(month("2020-06")).any()
    listing = LISTING | {"workaround": number(0.5), "workaround_months": number(2, "months")}
    law = regime({"a": listing, "b": RULE})
    # 1 - (1 - 0.1 * 0.5) * (1 - 0.8)
    assert law.orders_closed(month("2020-06"), 0.5)[route("memory"), 0] == pytest.approx(0.81)
    assert law.deliveries_closed(month("2020-06"), 0.5)[route("memory"), 0] == pytest.approx(0.81)


def test_the_workaround_is_ready_some_months_after_the_listing():
    listing = LISTING | {"workaround": number(0.7), "workaround_months": number(2, "months")}
    law = regime({"a": listing})
    assert law.workaround(month("2020-06"))[0] == 0.0
    # 11 May and 60.875 days: 10 July at 0.875 of the day; 31 - 9.875 days of July remain.
    assert law.workaround(month("2020-07"))[0] == pytest.approx(0.7 * 21.125 / 31)
    assert law.workaround(month("2020-08"))[0] == pytest.approx(0.7)


def test_a_general_licence_reopens_upkeep_of_what_the_listing_closed():
    licence = measure(
        "temporary_general_licence",
        targets=["huawei"],
        effective="2020-05-21",
        ended="2020-08-01",
        scope={"items": ["memory"]},
        maintenance=number(0.5),
    )
    law = regime({"a": LISTING, "b": licence})
    assert law.maintenance_open(month("2020-06"))[route("memory"), 0] == pytest.approx(0.05)
    assert law.maintenance_open(month("2020-06"))[route("cpu"), 0] == 0.0
    assert law.maintenance_open(month("2020-08"))[route("memory"), 0] == 0.0


def test_the_direct_product_rule_closes_orders_at_once_and_deliveries_after_the_grace():
    law = regime({"a": RULE | {"effective": "2020-05-15", "grace_days": 123}})
    assert closed(law, "own_soc", "2020-06") == 1.0
    assert closed(law, "own_soc", "2020-08", "deliveries_closed") == 0.0
    # First closed day 15 September.
    assert closed(law, "own_soc", "2020-09", "deliveries_closed") == pytest.approx(16 / 30)
    assert closed(law, "own_soc", "2020-10", "deliveries_closed") == 1.0


def test_a_rule_for_own_designs_leaves_bought_chips_open():
    law = regime({"a": RULE | {"own_design_only": True}})
    assert closed(law, "own_soc", "2020-06") == 1.0
    assert closed(law, "bought_soc", "2020-06") == 0.0


def test_measures_against_the_firm_reach_neither_makers_at_home_nor_front_firms():
    law = regime({"a": LISTING, "b": RULE, "c": measure("denial_order", targets=["huawei"])})
    for key in ("home_soc", "front_die", "front_hbm"):
        assert closed(law, key, "2020-06") == 0.0


def test_a_rule_against_front_firms_closes_their_routes_for_the_items_named():
    rule = measure("foreign_direct_product_rule", targets=["front"], scope={"items": ["ai_die"]})
    law = regime({"a": rule})
    assert closed(law, "front_die", "2020-06") == 1.0
    assert closed(law, "front_hbm", "2020-06") == 0.0
    assert closed(law, "own_soc", "2020-06") == 0.0


def test_a_rule_can_be_limited_to_fine_nodes():
    rule = RULE | {"scope": {"max_node_nm": 5}}
    assert closed(regime({"a": rule}), "own_soc", "2020-06") == 0.0
    rule = RULE | {"scope": {"max_node_nm": 7}}
    assert closed(regime({"a": rule}), "own_soc", "2020-06") == 1.0
    assert closed(regime({"a": rule}), "memory", "2020-06") == 0.0


def test_stacked_memory_is_closed_on_all_ways_to_the_country():
    control = measure("hbm_control", targets=["china"], scope={"items": ["hbm"]})
    law = regime({"a": control | {"strength": number(0.9)}})
    assert closed(law, "hbm", "2020-06") == pytest.approx(0.9)
    assert closed(law, "front_hbm", "2020-06") == pytest.approx(0.9)
    assert closed(law, "memory", "2020-06") == 0.0


def test_a_denial_order_closes_content_and_tools_together_until_a_settlement_lifts_it():
    order = measure("denial_order", targets=["huawei"])
    law = regime({"a": order})
    # 1 - (1 - 0.1) * (1 - 0.8)
    assert closed(law, "memory", "2020-07") == pytest.approx(0.82)
    settlement = measure("monitored_settlement", effective="2020-07-11", lifts="a")
    law = regime({"s": settlement, "a": order})
    assert closed(law, "memory", "2020-07") == pytest.approx(0.82 * 10 / 31)
    assert closed(law, "memory", "2020-08") == 0.0


def test_what_a_denial_order_names_may_not_be_used_where_it_lies():
    law = regime({"a": measure("denial_order", targets=["huawei"])})
    assert closed(law, "cpu", "2020-04", "use_closed") == 0.0
    assert closed(law, "cpu", "2020-07", "use_closed") == 1.0
    assert closed(law, "japan", "2020-07", "use_closed") == pytest.approx(0.2)
    listing = regime({"a": measure("entity_listing", targets=["huawei"])})
    assert not listing.use_closed(month("2020-07")).any()


def test_a_denial_order_may_reach_a_part_of_what_is_made_abroad_with_the_issuers_tools():
    order = measure("denial_order", targets=["huawei"], foreign_made=number(0.5))
    law = regime({"a": order})
    # 1 - (1 - 0.1) * (1 - 0.5 * 0.8)
    assert closed(law, "memory", "2020-07") == pytest.approx(0.46)
    assert closed(law, "cpu", "2020-07") == 1.0  # the issuer's own firms stop altogether


def test_a_general_licence_reopens_a_denial_order_for_upkeep():
    order = measure("denial_order", targets=["huawei"])
    upkeep = measure("temporary_general_licence", targets=["huawei"], maintenance=number(0.5))
    law = regime({"a": order, "b": upkeep})
    assert closed(law, "cpu", "2020-07", "maintenance_open") == pytest.approx(0.5)


def test_a_settlement_of_an_unknown_order_is_refused():
    settlement = measure("monitored_settlement", lifts="nothing")
    with pytest.raises(ValueError, match="'nothing', which is not a measure"):
        regime({"s": settlement})


ANNOUNCED = RULE | {"announced": "2024-12-02", "effective": "2024-12-31"}


def test_a_window_counts_the_days_from_the_announcement_to_the_closing():
    law = regime({"a": ANNOUNCED})
    k = route("own_soc")
    # 2 to 30 December are open, 31 December is closed.
    assert law.window_share(month("2024-12"))[k, 0] == pytest.approx(29 / 31)
    assert law.orders_closed(month("2024-12"))[k, 0] == pytest.approx(1 / 31)
    assert law.window_share(month("2024-11"))[k, 0] == 0.0
    assert law.window_share(month("2025-01"))[k, 0] == 0.0
    assert law.window_share(month("2024-12"))[route("home_soc"), 0] == 0.0


def test_months_to_closure_are_infinite_then_count_down_then_zero():
    law = regime({"a": RULE | {"announced": "2024-10-20", "effective": "2024-12-31"}})
    left = [law.months_to_closure(month(m))[route("own_soc"), 0] for m in ("2024-09", "2024-10")]
    # From 16 October noon to 31 December: 75.5 days.
    assert left[0] == np.inf
    assert left[1] == pytest.approx(75.5 / DAYS_PER_MONTH)
    assert law.months_to_closure(month("2025-01"))[route("own_soc"), 0] == 0.0
    assert law.months_to_closure(month("2025-01"))[route("home_soc"), 0] == np.inf


def test_a_closing_still_to_come_counts_where_a_route_is_closed_in_part():
    law = regime({"a": LISTING, "b": ANNOUNCED})
    december = law.months_to_closure(month("2024-12"))
    assert december[route("memory"), 0] == pytest.approx(14.5 / DAYS_PER_MONTH)
    assert december[route("cpu"), 0] == 0.0  # all closed by the listing


def test_a_rule_withdrawn_before_its_day_never_closes_and_is_no_longer_awaited():
    never = ANNOUNCED | {"announced": "2024-10-01", "effective": "2025-05-15"}
    law = regime({"a": never})
    assert law.orders_closed(month("2025-06"))[route("own_soc"), 0] == 1.0
    ended = [date(2025, 5, 13).toordinal()]
    law = regime({"a": never}, values={"measures.a.ended": ended})
    assert law.orders_closed(month("2025-06"))[route("own_soc"), 0] == 0.0
    assert law.window_share(month("2025-05"))[route("own_soc"), 0] == pytest.approx(12 / 31)
    assert law.months_to_closure(month("2025-06"))[route("own_soc"), 0] == np.inf


def test_answers_cannot_be_changed_by_who_asked():
    law = regime({"a": LISTING})
    with pytest.raises(ValueError, match="read-only"):
        law.orders_closed(month("2020-06"))[0, 0] = 0.5
