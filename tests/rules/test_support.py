"""What a home state gives, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.support import distress, grant_share, keep_value

money = st.floats(0, 2000)
unit = st.floats(0, 1)


@pytest.mark.parametrize(
    ("revenue", "threat", "need"),
    [
        (100, 0.0, 0.0),
        (90, 0.0, 0.4),  # a fall by a tenth, of the quarter that counts as full distress
        (75, 0.0, 1.0),
        (10, 0.0, 1.0),
        (100, 0.7, 0.7),  # a cut-off alarms before revenue falls
        (90, 0.2, 0.4),  # the worse of the two counts
        (120, 0.0, 0.0),
    ],
)
def test_a_fall_by_a_quarter_or_a_full_cut_off_is_full_distress(revenue, threat, need):
    got = distress(np.array([revenue], dtype=float), 100.0, threat)
    assert got == pytest.approx([need])


@given(money, money, money, unit, unit)
def test_less_revenue_or_more_threat_never_looks_better(one, other, peak, threat, worse):
    well = distress(max(one, other), peak, min(threat, worse))
    ill = distress(min(one, other), peak, max(threat, worse))
    assert 0 <= well <= ill <= 1


@pytest.mark.parametrize(
    ("share", "need", "after"),
    [
        (0.003, 0.0, 0.003),  # calm
        (0.003, 1.0, 0.0032),  # a thirtieth of the way to three times as much
        (0.009, 1.0, 0.009),
        (0.009, 0.0, 0.0088),  # distress over: it melts as slowly
    ],
)
def test_grants_move_slowly_to_what_distress_calls_for(share, need, after):
    assert grant_share(np.array([share]), 0.003, 3.0, need, 30.0) == pytest.approx([after])


@given(unit, st.floats(0, 0.01), st.floats(1, 5), unit, unit, st.floats(1, 60))
def test_more_distress_never_means_smaller_grants(share, calm, multiple, need, worse, months):
    little = grant_share(share, calm, multiple, min(need, worse), months)
    much = grant_share(share, calm, multiple, max(need, worse), months)
    assert 0 <= little <= much + 1e-15


def test_a_unit_is_worth_the_profits_that_its_chips_still_allow():
    got = keep_value(100.0, 0.1, np.array([0.0, 0.5, 1.0]), 12.0)
    assert got == pytest.approx([0.0, 60.0, 120.0])
