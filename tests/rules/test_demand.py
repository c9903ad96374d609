"""What buyers want, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.demand import (
    after_lost_buyers,
    deserved_share,
    drifting_share,
    growing_share,
    loss_to_odds,
    patriotic_pull,
    scarcity_price,
)

share = st.floats(0.0, 0.95)
unit = st.floats(0.0, 1.0)


def test_an_unimpaired_offer_deserves_its_potential():
    assert deserved_share(np.array([0.0, 0.4]), 0.0) == pytest.approx([0.0, 0.4])


def test_doubled_odds_move_a_share_of_two_fifths_to_four_sevenths():
    assert deserved_share(np.array([0.4]), np.log(2.0)) == pytest.approx([4 / 7])


def test_a_loss_of_demand_is_a_loss_of_odds():
    assert loss_to_odds(np.array([0.0, 0.5])) == pytest.approx([0.0, -np.log(2.0)])
    # With a small share, odds and share are the same: losing 30 % of demand is losing 30 %.
    assert deserved_share(np.array([1e-4]), loss_to_odds(np.array([0.3]))) == pytest.approx(
        [0.7e-4], rel=1e-3
    )


@given(share, st.floats(-5, 5), st.floats(0, 3))
def test_more_appeal_never_lowers_the_deserved_share(potential, appeal, more):
    low, high = deserved_share(potential, appeal), deserved_share(potential, appeal + more)
    assert 0 <= low <= high * (1 + 1e-12) < 1.0 + 1e-9


@pytest.mark.parametrize(
    ("start", "goal", "after"), [(0.2, 0.4, 0.22), (0.4, 0.2, 0.38), (0.3, 0.3, 0.3)]
)
def test_a_share_closes_a_tenth_of_the_gap_both_ways(start, goal, after):
    assert drifting_share(np.array([start]), goal, 0.1) == pytest.approx([after])


@pytest.mark.parametrize(
    ("start", "goal", "after"),
    [
        (0.1, 0.2, 0.1 * (1 + 0.05 * 0.5)),  # half-way up: half of 0.6/12 a month
        (0.001, 0.2, 0.001 * (1 + 0.05 * 0.995)),  # far below: nearly the whole rate
        (0.2, 0.2, 0.2),
        (0.3, 0.2, 0.3 * (1 - 0.05 * 0.5)),  # above: it shrinks
        (0.9, 0.2, 0.9 * 0.95),  # never faster than it grows
        (0.0, 0.2, 0.0),  # nothing grows from nothing
        (0.3, 0.0, 0.3 * 0.95),
    ],
)
def test_a_new_business_grows_along_an_s_curve(start, goal, after):
    assert growing_share(np.array([start]), goal, 0.6) == pytest.approx([after])


@pytest.mark.parametrize(
    ("unserved", "lost", "after"),
    [(0.5, 0.1, 0.19), (0.0, 1.0, 0.2), (1.0, 1.0, 0.0), (1, 0, 0.2)],
)
def test_a_part_of_those_who_leave_empty_handed_never_comes_back(unserved, lost, after):
    assert after_lost_buyers(np.array([0.2]), unserved, lost) == pytest.approx([after])


@pytest.mark.parametrize(
    ("fill", "price"),
    [
        (1.0, 1.0),
        (0.25, 2.0),  # a quarter served at elasticity 2: twice the price clears the market
        (0.0, 6.0),  # nothing to sell: the cap
    ],
)
def test_the_price_rises_as_less_can_be_served(fill, price):
    assert scarcity_price(np.array([fill]), 2.0, 5.0) == pytest.approx([price])


@given(unit, unit, st.floats(0.5, 10), st.floats(0, 2))
def test_a_scarcity_price_never_falls_below_the_list_price_nor_above_the_cap(a, b, elasticity, cap):
    scarce, plenty = scarcity_price(np.array([min(a, b), max(a, b)]), elasticity, cap)
    assert 1.0 <= plenty <= scarce <= 1.0 + cap + 1e-12


def test_a_visible_step_restores_half_of_the_missing_pull():
    got = patriotic_pull(np.array([0.0, 0.4, 1.0]), 1.0, 0.5, np.inf)
    assert got == pytest.approx([0.5, 0.7, 1.0])


def test_without_steps_half_of_the_pull_is_gone_after_its_half_life():
    pull = np.array([0.8])
    for _ in range(30):
        pull = patriotic_pull(pull, 0.0, 0.5, 30.0)
    assert pull == pytest.approx([0.4])


@given(unit, unit, unit, unit, st.floats(1, 100))
def test_a_step_never_lowers_the_pull_and_never_lifts_it_over_its_peak(
    pull, visible, more, restore, half_life
):
    low = patriotic_pull(pull, min(visible, more), restore, half_life)
    high = patriotic_pull(pull, max(visible, more), restore, half_life)
    assert 0 <= low <= high + 1e-15 <= 1 + 1e-12


def test_a_potential_of_a_whole_market_deserves_all_of_it():
    potential, appeal = np.array([1.0, 1.0, 0.0]), np.array([0.0, -3.0, 2.0])
    assert deserved_share(potential, appeal).tolist() == [1.0, 1.0, 0.0]
