"""Fronts: when they pay and when they are found out, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.evasion import detection_hazard, worth_entering

positive = st.floats(0.01, 10)


@pytest.mark.parametrize(
    ("hazard", "aversion", "gain"),
    [
        (0.1, 0.0, 2.0),  # ten months of 1 bn at a fifth, for a setup of 1 bn
        (0.1, 1.0, 1.0),  # a loss of the setup weighs as much again
        (0.01, 1.0, 2.4),  # nobody counts on more than two years
        (0.0, 1.0, 2.4),
        (1.0, 1.0, 0.1),  # found out in the first month
    ],
)
def test_a_front_pays_by_the_months_it_lives(hazard, aversion, gain):
    got = worth_entering(1.0, 0.2, np.array([hazard]), 1.0, 1.0, aversion)
    assert got == pytest.approx([gain])


@given(positive, positive, st.floats(0, 1), st.floats(0, 1), positive, positive, positive)
def test_more_risk_never_makes_it_pay_more(trade, markup, one, other, penalty, setup, aversion):
    safe = worth_entering(trade, markup, min(one, other), penalty, setup, aversion)
    risky = worth_entering(trade, markup, max(one, other), penalty, setup, aversion)
    fined = worth_entering(trade, markup, max(one, other), penalty * 2, setup, aversion)
    assert 0 <= fined <= risky * (1 + 1e-12) <= safe * (1 + 1e-9)


@given(positive, positive, positive)
def test_a_larger_trade_never_makes_it_pay_less(one, other, markup):
    small = worth_entering(min(one, other), markup, 0.1, 1.0, 1.0, 1.0)
    large = worth_entering(max(one, other), markup, 0.1, 1.0, 1.0, 1.0)
    assert small <= large


@pytest.mark.parametrize(
    ("volume", "visible", "factor", "hazard"),
    [
        (1.0, 1.0, 1.0, 0.08),
        (4.0, 1.0, 1.0, 0.16),  # with the square root of the volume
        (0.0, 1.0, 9.0, 0.0),  # who orders nothing is not found out
        (1.0, 0.5, 3.0, 0.12),
        (1e6, 1.0, 9.0, 0.9),  # never quite certain
    ],
)
def test_a_front_is_found_out_by_its_volume_and_the_enforcement(volume, visible, factor, hazard):
    got = detection_hazard(0.08, np.array([volume]), 1.0, visible, factor)
    assert got == pytest.approx([hazard])


@given(*[st.floats(0, 20)] * 4)
def test_more_volume_or_enforcement_never_hides_a_front(volume, more, factor, stricter):
    low = detection_hazard(0.08, min(volume, more), 1.0, 1.0, min(factor, stricter))
    high = detection_hazard(0.08, max(volume, more), 1.0, 1.0, max(factor, stricter))
    assert 0 <= low <= high <= 0.9
