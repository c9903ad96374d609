"""A second case on YAML alone: same world, same behaviour, another firm."""

import numpy as np
import pytest

from sim import SupplyChain, load_case, simulate
from sim.case.load import case_folder
from sim.documented.load import load_documented

SCENARIOS = (
    "zte-no-denial-order",
    "zte-no-settlement",
    "zte-settlement-decided",
    "zte-twelve-months-stock",
)


@pytest.fixture(scope="module")
def case():
    return load_case("zte")


@pytest.fixture(scope="module")
def run(case):
    return simulate(case, members=64, seed=1)


def served(run, month):
    """Median share of the demand for networks that is served in a month."""
    share = run.select("served", line="carrier_networks").sel(month=month)
    return float(share.median())


def total(run, month):
    """Revenue of some months, by member [bn CNY]."""
    return run.select("revenue", segment="total").sel(month=month).sum("month")


def test_behaviour_is_that_of_the_first_case_unchanged(case):
    assert case.behaviour == load_case("huawei").behaviour


def test_the_world_is_that_of_the_first_case_with_one_region_added(case):
    first = load_case("huawei")
    mine, theirs = case.markets["phones_volume"].regions, first.markets["phones_volume"].regions
    assert {name: mine[name] for name in theirs} == theirs
    assert mine.keys() - theirs.keys() == {"north_america"}


def test_nothing_that_was_reported_after_the_order_is_in_the_folder():
    rows = load_documented(case_folder("zte")).frame()
    late = rows[rows["period"].str[:4] > "2017"]
    assert late["outcome"].tolist() == []
    assert len(rows) > 20


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_lays_over_the_case(name, case):
    assert load_case(name) != case
    assert load_case(name).id == "zte"


def test_a_first_half_year_balances_and_sells_what_the_accounts_say(case):
    model = SupplyChain(case, members=8, rng=3)
    revenue = []
    for _ in range(6):
        model.step()  # raises where chips, tools or money appear or vanish
        revenue.append(model.firm.money.revenue)
    assert np.median(np.sum(revenue, axis=0)) == pytest.approx(54.0, rel=0.1)


@pytest.mark.slow
def test_the_year_before_the_order_comes_near_the_accounts(run):
    # 2017: 108.82 in all, networks 64, devices 35, government and corporate 10 bn CNY.
    for segment, documented in [("total", 108.8), ("carrier", 64), ("consumer", 35)]:
        year = run.annual_members("revenue", segment=segment).sel(period="2017")
        assert float(year.median()) == pytest.approx(documented, rel=0.08)


@pytest.mark.slow
def test_purchases_in_the_sanctioning_country_are_two_to_three_bn_a_year(run):
    year = run.annual_members("purchases", country="united_states").sel(period="2017")
    assert 2.0 < float(year.median()) < 3.0


@pytest.mark.slow
def test_the_order_stops_operations_within_weeks(run):
    assert served(run, "2018-03") > 0.95
    stopped = run.dataset["operations_stopped"].to_numpy()
    months = [str(run.dataset["month"].values[int(k)])[:7] for k in stopped]
    assert set(months) <= {"2018-04", "2018-05"}


@pytest.mark.slow
def test_the_settlement_brings_relief(run):
    stuck = simulate(load_case("zte-no-settlement"), members=64, seed=1)
    late = slice("2018-10", "2018-12")
    assert float(total(stuck, late).median()) < 0.25 * float(total(run, late).median())
    assert served(run, "2018-12") > 0.95


@pytest.mark.slow
def test_a_year_of_stock_helps_after_the_order_but_may_not_be_used_under_it(run):
    stored = simulate(load_case("zte-twelve-months-stock"), members=64, seed=1)
    during, after = slice("2018-05", "2018-06"), slice("2018-08", "2018-09")
    assert float(total(stored, during).max()) < 0.1 * float(total(run, "2018-03").max())
    assert (total(stored, after) > total(run, after)).mean() > 0.9
