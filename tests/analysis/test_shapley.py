"""Shapley values against games whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.analysis.shapley import all_coalitions, along, exact, orders, sampled

GLOVES = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0])  # two left (0, 1), one right (2)


def test_coalitions_are_the_bits_of_their_number():
    assert all_coalitions(2).tolist() == [
        [False, False],
        [True, False],
        [False, True],
        [True, True],
    ]


def test_the_owner_of_the_only_right_glove_gets_two_thirds():
    assert exact(GLOVES) == pytest.approx([1 / 6, 1 / 6, 2 / 3])


def test_players_who_add_up_get_what_they_add():
    worth = np.array([3.0, 5.0, -2.0])
    assert exact(all_coalitions(3) @ worth) == pytest.approx(worth)


@given(arrays(float, (16, 2), elements=st.floats(-100, 100)))
def test_shares_sum_to_the_whole_for_any_game(values):
    assert exact(values).sum(axis=0) == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_all_orders_give_the_exact_shares():
    order = orders(3, 6, np.random.default_rng(0))
    weights = 1 << np.arange(3)
    values = np.stack([GLOVES[along(one) @ weights] for one in order])
    assert len(order) == 6
    assert sampled(values, order) == pytest.approx(exact(GLOVES))


def test_sampled_orders_come_with_their_mirror_images():
    order = orders(8, 10, np.random.default_rng(0))
    assert order.shape == (10, 8)
    assert (order[:5] == order[5:, ::-1]).all()
