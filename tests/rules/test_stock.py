"""How much to hold and to order, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.stock import (
    last_time_buy,
    orders_wanted,
    perceived_threat,
    rush_room,
    sold_to_others,
    target_cover,
)

unit = st.floats(0, 1)
amount = st.floats(0, 1e3)


@pytest.mark.parametrize(
    ("threat", "noticed", "after"),
    [
        (0.0, 0, 0.0),
        (0.0, 1, 0.5),  # one event takes half of the doubt
        (0.0, 2, 0.75),  # and another half of what is left
        (0.5, 0, 0.45),  # a tenth fades
        (0.5, 1, 0.725),  # fades to 0.45, then half of 0.55 goes
        (1.0, 9, 1 - 0.1 / 512),
    ],
)
def test_each_hostile_event_takes_half_of_the_remaining_doubt(threat, noticed, after):
    assert perceived_threat(np.array([threat]), noticed, 0.5, 0.1) == pytest.approx([after])


@given(unit, st.integers(0, 5), unit, unit)
def test_an_event_never_calms_and_threat_stays_a_share(threat, noticed, step, fade):
    quiet = perceived_threat(threat, noticed, step, fade)
    loud = perceived_threat(threat, noticed + 1, step, fade)
    assert -1e-12 <= quiet <= loud + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize(("threat", "cover"), [(0.0, 1.0), (0.5, 8.0), (1.0, 15.0)])
def test_cover_runs_from_habit_to_precaution(threat, cover):
    assert target_cover(1.0, 15.0, np.array([threat])) == pytest.approx([cover])


@given(st.floats(0, 30), st.floats(0, 30), unit, unit)
def test_more_threat_never_lowers_the_cover_below_habit(normal, precaution, one, other):
    calm = target_cover(normal, precaution, min(one, other))
    alarmed = target_cover(normal, precaution, max(one, other))
    assert normal <= calm <= alarmed


@pytest.mark.parametrize(
    ("position", "orders"),
    [
        (50, 10.0),  # two months of cover and three under way: nothing is missing
        (0, 20.0),  # a fifth of the missing 50
        (75, 5.0),  # a fifth of the excess is not ordered
        (200, 0.0),  # nobody orders less than nothing
    ],
)
def test_orders_are_the_use_and_a_fifth_of_the_gap(position, orders):
    got = orders_wanted(10.0, 2.0, np.array([position]), 3.0, 0.2)
    assert got == pytest.approx([orders])


@given(amount, st.floats(0, 24), amount, amount, st.floats(0, 12), unit)
def test_more_in_stock_never_means_more_orders(use, target, one, other, lead, adjust):
    little = orders_wanted(use, target, min(one, other), lead, adjust)
    much = orders_wanted(use, target, max(one, other), lead, adjust)
    assert 0 <= much <= little


@pytest.mark.parametrize(
    ("position", "months_left", "orders"),
    [
        (20, 3.0, 20.0),  # 30 missing over three months, besides the use
        (20, 1.0, 40.0),
        (20, 0.25, 40.0),  # not more than the whole gap in a month
        (20, np.inf, 10.0),  # no closure announced: no rush
        (80, 1.0, 10.0),  # the stock is full already
    ],
)
def test_the_gap_is_filled_in_the_months_that_remain(position, months_left, orders):
    got = last_time_buy(10.0, 5.0, np.array([position]), np.array([months_left]))
    assert got == pytest.approx([orders])


@given(amount, st.floats(0, 24), amount, st.floats(0, 60), st.floats(0, 60))
def test_a_closure_that_comes_sooner_never_means_smaller_orders(use, target, position, one, other):
    sooner = last_time_buy(use, target, position, np.array(min(one, other)))
    later = last_time_buy(use, target, position, np.array(max(one, other)))
    assert use <= later <= sooner + 1e-9


@pytest.mark.parametrize(("share", "others"), [(0.05, 190.0), (0.2, 40.0), (0.5, 10.0), (1.0, 0.0)])
def test_the_smaller_a_customer_the_more_there_is_to_outbid(share, others):
    assert sold_to_others(np.array([10.0]), np.array([share])) == pytest.approx([others])


@pytest.mark.parametrize(
    ("others", "diverted", "in_use", "room"),
    [
        (190.0, 0.0, 1.0, 10.0),  # full fabs, nobody outbid: usual trade
        (190.0, 0.05, 1.0, 19.5),
        (190.0, 0.0, 0.8, 60.0),  # a quarter of all 200 stands idle
        (190.0, 0.05, 0.8, 69.5),
        (0.0, 0.5, 0.8, 12.5),
        (190.0, 0.0, 1.03, 10.0),  # reported above full
    ],
)
def test_a_hurried_firm_gets_what_others_give_up_and_what_stands_idle(
    others, diverted, in_use, room
):
    assert rush_room(np.array([10.0]), others, diverted, in_use) == pytest.approx([room])
