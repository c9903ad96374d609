"""Orders come back after their lead time, each on its own route."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.world.ledger import LedgerError
from sim.world.orders import OrderBook

LEAD = np.array([1, 4, 2])
MEMBERS = 2


def book(kinds=2):
    return OrderBook(LEAD, kinds, MEMBERS)


def start(route, amount, kind=0):
    out = np.zeros((2, len(LEAD), MEMBERS))
    out[kind, route] = amount
    return out


@pytest.mark.parametrize(("route", "lead"), list(enumerate(LEAD)))
@pytest.mark.parametrize("month", [0, 3, 17])
def test_what_is_started_falls_due_after_the_lead_time_and_once(route, lead, month):
    orders = book()
    orders.start(month, start(route, 7.0))
    due = {month + k: orders.due(month + k)[0, route, 0] for k in range(1, 12)}
    assert {k: v for k, v in due.items() if v} == {month + lead: 7.0}
    orders.assert_balanced("orders")


def test_kinds_and_members_are_kept_apart():
    orders = book()
    orders.start(0, start(0, [1.0, 2.0], kind=0) + start(0, [30.0, 40.0], kind=1))
    due = orders.due(1)
    np.testing.assert_array_equal(due[:, 0], [[1, 2], [30, 40]])
    assert due[:, 1:].sum() == 0


def test_a_pipeline_may_be_filled_with_orders_of_months_before_the_run():
    orders = book()
    orders.start(-3, start(1, 5.0))
    orders.start(-2, start(1, 6.0))
    assert [orders.due(month)[0, 1, 0] for month in range(4)] == [0, 5, 6, 0]


def test_under_way_is_what_has_started_and_not_come():
    orders = book()
    for month in range(5):
        orders.due(month)
        orders.start(month, start(1, 10.0))
    # Started in months 0 to 4; the first came in month 4.
    np.testing.assert_array_equal(orders.under_way()[:, 0], [0, 40, 0])


def test_what_falls_due_is_the_takers_to_change():
    orders = book()
    orders.start(0, start(0, 5.0))
    taken = orders.due(1)
    taken[:] = 99.0
    assert orders.under_way().sum() == 0
    orders.assert_balanced("orders")


def test_an_order_that_vanished_is_found():
    orders = book()
    orders.start(0, start(2, 5.0))
    orders.wip[:] = 0.0
    with pytest.raises(LedgerError, match="5 wafers appeared or vanished"):
        orders.assert_balanced("wafers")


@given(arrays(float, (10, 2, len(LEAD), MEMBERS), elements=st.floats(0, 100)))
def test_everything_started_comes_back(starts):
    orders = book()
    came = np.zeros((2, len(LEAD), MEMBERS))
    for month in range(10 + LEAD.max()):
        came += orders.due(month)
        if month < 10:
            orders.start(month, starts[month])
        orders.assert_balanced("orders")
    np.testing.assert_allclose(came, starts.sum(axis=0), atol=1e-9)
