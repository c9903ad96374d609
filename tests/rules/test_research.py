"""Replacing part types, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.research import redesigned, speed_up


def test_every_class_goes_its_own_way_and_stops_at_the_end():
    progress = np.array([[0.5], [0.5], [1.0]])
    got = redesigned(progress, np.array([[10.0], [1.0], [5.0]]), np.array([2.0]))
    assert got[:, 0] == pytest.approx([0.7, 1.0, 1.0])


def test_without_effort_nothing_is_redesigned():
    assert redesigned(np.full((2, 1), 0.3), np.ones((2, 1)), np.zeros(1)) == pytest.approx(0.3)


@given(st.floats(0, 1), st.floats(0, 5), st.floats(0, 5), st.floats(1, 60))
def test_more_effort_never_goes_backwards(progress, one, other, months):
    less = redesigned(progress, months, min(one, other))
    more = redesigned(progress, months, max(one, other))
    assert progress <= less <= more <= 1


@pytest.mark.parametrize(
    ("extra", "elasticity", "speed"), [(0.0, 0.5, 1.0), (0.15, 0.5, 2.0), (0.15, 0.0, 1.0)]
)
def test_four_times_the_budget_doubles_the_speed_at_elasticity_one_half(extra, elasticity, speed):
    assert speed_up(np.array([extra]), 0.05, elasticity) == pytest.approx([speed])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_money_never_slows_a_programme_down(one, other, elasticity):
    less = speed_up(min(one, other), 0.05, elasticity)
    more = speed_up(max(one, other), 0.05, elasticity)
    assert 1.0 <= less <= more
