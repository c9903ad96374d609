"""Sums by group, and the months in which something happened first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.world.floor import EVENTS, Floor
from sim.world.groups import Groups

VALUES = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [8.0, 80.0]])
SPLIT = Groups(4, [2, 0, 2, 3])  # nobody belongs to group 1


def test_rows_are_added_up_by_group():
    np.testing.assert_array_equal(SPLIT.sum(VALUES), [[2, 20], [0, 0], [5, 50], [8, 80]])


def test_the_smallest_and_largest_row_of_a_group_or_what_an_empty_one_has():
    smallest, largest = SPLIT.minimum(VALUES, 3.0), SPLIT.maximum(VALUES, 5.0)
    np.testing.assert_array_equal(smallest, [[2, 20], [3, 3], [1, 10], [8, 80]])
    np.testing.assert_array_equal(largest, [[2, 20], [5, 5], [4, 40], [8, 80]])


def test_every_row_reads_the_value_of_its_group():
    by_group = np.array([[0.0], [1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(SPLIT.spread(by_group)[:, 0], [2, 0, 2, 3])


def test_no_rows_make_empty_groups():
    np.testing.assert_array_equal(Groups(2, []).sum(np.zeros((0, 3))), np.zeros((2, 3)))


@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    arrays(float, (6, 2), elements=st.floats(-1e6, 1e6)),
)
def test_group_sums_equal_a_loop(belongs, values):
    slow = np.zeros((5, 2))
    for row, group in enumerate(belongs):
        slow[group] += values[row]
    np.testing.assert_allclose(Groups(5, belongs).sum(values), slow, rtol=1e-9, atol=1e-6)


@pytest.fixture
def floor():
    return Floor(routes=1, items=1, lines=1, regions=1, foundries=1, tools=1, members=3)


def test_an_event_is_dated_by_its_first_month_for_each_member(floor):
    floor.happen("unit_sold", 4, np.array([False, True, False]))
    new = floor.happen("unit_sold", 6, np.array([True, True, False]))
    np.testing.assert_array_equal(new, [True, False, False])
    np.testing.assert_array_equal(floor.events["unit_sold"], [6, 4, np.nan])


def test_one_event_is_not_another(floor):
    floor.happen(EVENTS[0], 2, np.ones(3, dtype=bool))
    assert all(np.isnan(floor.events[name]).all() for name in EVENTS[1:])


def test_no_more_than_all_of_a_trade_is_open(floor):
    floor.open[0], floor.licensed[0] = [0.25, 0.75, 0.0], [0.5, 0.5, 0.0]
    floor.capacity[0] = [4.0, 4.0, 4.0]
    np.testing.assert_array_equal(floor.tradable()[0], [0.75, 1.0, 0.0])
    np.testing.assert_array_equal(floor.offers()[0], [3.0, 4.0, 0.0])
