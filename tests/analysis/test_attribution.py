"""Attribution on the shipped case, few replicates."""

import pytest

from sim import load_case, simulate
from sim.analysis.attribution import HEADLINES, Headline, attribute, headlines_of
from sim.analysis.players import GROUPS, players
from sim.case.behaviour import Mechanisms
from sim.reports.waterfall import figure_waterfall

HEADS = (
    Headline("revenue", "segment=total", "2021"),
    Headline("rerouted_dies", "", "2024"),
    Headline("domestic_advanced_phone_chip", "", ""),
)


@pytest.fixture(scope="module")
def shares():
    return attribute(load_case("huawei"), "groups", replicates=3, headlines=HEADS)


def test_every_mechanism_belongs_to_one_group():
    grouped = [name for parts in GROUPS.values() for name in parts]
    assert sorted(grouped) == sorted(Mechanisms.model_fields)


def test_measures_that_act_are_grouped_by_what_they_do():
    case = load_case("huawei")
    found = players(case, "measures")
    assert "measures.direct_product_rule_may_2020.enabled" in found["product rules"]
    assert not any("settlement_offer" in path for paths in found.values() for path in paths)


def test_shares_sum_to_the_difference_for_every_replicate(shares):
    whole = shares.with_all - shares.without
    assert shares.shares.sum(axis=1) == pytest.approx(whole, rel=1e-9, abs=1e-9)


def test_stock_and_licences_carried_the_year_after_the_cut_off(shares):
    strategy = shares.shares[0, shares.names.index("own strategy")]
    assert (strategy > 0.5 * shares.with_all[0]).all()


def test_without_any_mechanism_nothing_is_rerouted(shares):
    assert (shares.without[1] == 0.0).all()


def test_a_period_that_the_case_does_not_reach_is_left_out():
    case = load_case("huawei", {"calendar.end": "2019-12"})
    late = Headline("revenue", "segment=total", "2030")
    with pytest.raises(ValueError, match="no headline falls into the case's years 2018-2019"):
        attribute(case, "groups", replicates=1, headlines=[late])


def test_the_table_names_every_player_and_both_ends(shares):
    frame = shares.frame()
    assert set(frame.player) == {"(none)", *GROUPS, "(all)"}
    assert len(frame) == len(HEADS) * (len(GROUPS) + 2)


def test_the_waterfall_ends_where_the_run_does(shares):
    figure = figure_waterfall(shares, HEADS[0])
    last = figure.axes[0].patches[1]
    assert last.get_width() == pytest.approx(shares.with_all[0].mean())
    with pytest.raises(ValueError, match="was not attributed"):
        figure_waterfall(shares, Headline("cash", "", "2021"))


def test_the_waterfall_is_titled_in_words(shares):
    said = [" ".join(text.get_text() for text in figure_waterfall(shares, one).texts)
            for one in HEADS]  # fmt: skip
    assert "Revenue, 2021 [bn CNY]" in said[0]
    assert "Advanced phone chip from a domestic foundry, to the end [months]" in said[2]
    assert not any("=" in text for text in said)


def test_an_event_counts_by_the_months_from_it_to_the_end(shares):
    case = load_case("huawei")
    run = simulate(case, members=3, seed=1)
    months = run.dataset["domestic_advanced_phone_chip"].to_numpy()
    assert shares.with_all[2] == pytest.approx(run.dataset.sizes["month"] - months)
    assert (shares.without[2] == 0.0).all()
    assert shares.units[2] == "months"


def test_what_a_player_brings_alone_and_what_leaves_with_it_stand_beside_its_share(shares):
    strategy = shares.names.index("own strategy")
    assert (shares.leaves[0, strategy] > 0).all()
    # Without chips from stock or under licence there is nothing to support.
    support = shares.names.index("government support")
    assert shares.alone[0, support] == pytest.approx(0.0, abs=shares.with_all[0].max() / 20)
    assert (shares.alone[0] + shares.without[0] <= shares.with_all[0].max()).all()


def test_a_case_of_other_years_has_the_revenue_of_its_own_years_shared_out():
    heads = headlines_of(load_case("example"))
    years = [head.period for head in heads if head.outcome == "revenue"]
    assert years == ["2030", "2031", "2032", "2033", "2034"]
    assert headlines_of(load_case("huawei")) == HEADLINES


def test_the_second_case_has_the_year_of_its_denial_order_shared_out():
    found = {(head.outcome, head.period) for head in headlines_of(load_case("zte"))}
    assert ("revenue", "2018") in found


def test_an_event_alone_can_be_shared_out():
    event = Headline("domestic_advanced_phone_chip", "", "")
    found = attribute(load_case("example"), "groups", replicates=1, headlines=[event])
    assert found.units == ("months",)
    assert (found.with_all >= 0).all()
