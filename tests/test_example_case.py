"""A case of a firm that does not exist runs on YAML alone."""

import numpy as np
import pytest

from sim import SupplyChain, load_case, simulate

MEMBERS = 8


@pytest.fixture(scope="module")
def case():
    return load_case("example")


@pytest.fixture(scope="module")
def run(case):
    return simulate(case, members=32, seed=1)


def year(results, outcome, period, **labels):
    """Median over members of one year."""
    return float(results.annual_members(outcome, **labels).sel(period=period).median())


def chip_years(results, stage, period, origin):
    return year(results, "chips", period, item="phone_chip", origin=origin, stage=stage)


def test_the_example_balances_for_24_months_in_every_member(case):
    model = SupplyChain(case, members=MEMBERS, rng=3)
    for _ in range(24):
        model.step()  # raises where chips, wafers, tools or money appear or vanish
    ledger = model.ledger
    gone = ledger.used + ledger.forfeited + ledger.handed_over
    left = ledger.made - gone - ledger.chips.sum(axis=0)
    assert ledger.made.sum() > 0
    np.testing.assert_allclose(left, 0.0, atol=1e-9 * ledger.made.max())
    np.testing.assert_allclose(ledger.money.sum(axis=0), ledger.opening, rtol=1e-9)


def test_the_opening_year_sells_what_its_markets_and_shares_say(run):
    # 100 m phones at 20 to 30 % and 200 m at 10 to 15 %, 2,000 CNY each; networks of 60 to 70 bn.
    assert 2.0 * 40 + 60 < year(run, "revenue", "2030", segment="total") < 2.0 * 60 + 73


def test_the_foundry_abroad_gets_no_order_once_the_rule_binds(run):
    assert chip_years(run, "ordered", "2031", "direct") > 20
    assert chip_years(run, "ordered", "2033", "direct") == 0


def test_the_store_is_filled_before_the_rule_binds(run):
    cover = run.select("stock_cover", item="phone_chip").median("member")
    assert float(cover.sel(month="2031-12").item()) > 3 * float(cover.sel(month="2030-06").item())


def test_home_made_chips_come_after_the_cut_off(run):
    assert chip_years(run, "used", "2031", "domestic") == 0
    assert chip_years(run, "used", "2034", "domestic") > 5


def test_shells_order_in_some_members_and_are_found_out_in_some(run):
    ordered = run.annual_members("rerouted_dies").sum("period")
    assert 0.1 < float((ordered > 0).mean()) <= 1.0
    assert np.isfinite(run.dataset["diversion_detected"]).any()


WITHOUT = {
    "home foundries": {"tools.scanners": None, "foundries.home_works": None,
                       "routes.phone_chip_home": None, "actors.home_works": None},
    "a leading edge": {"items.phone_chip.leading_edge": False},
    "phones": {"lines.phones.phone": False, "lines.phones.consumer": False},
    "rivals": {"actors.other_vendors": None},
    "chips that show": {"items.bought_chip.shows": False},
    "parts to design out": {"items.radio_chip.designed_out": None},
}  # fmt: skip


@pytest.mark.parametrize("part", WITHOUT)
def test_a_case_may_do_without_a_part(part):
    lasting = simulate(load_case("example", WITHOUT[part]), members=2, seed=1, end="2032-06")
    assert float(lasting.select("revenue", segment="total").min()) > 0


def test_without_its_measures_the_firm_grows(case, run):
    free = simulate(load_case("example", ["regime.enabled=false"]), members=32, seed=1)
    kept = free.annual_members("revenue", segment="total").sel(period="2033")
    hit = run.annual_members("revenue", segment="total").sel(period="2033")
    assert (kept > hit).all()
