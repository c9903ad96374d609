"""Licences, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.licensing import approval_under_lobbying, designed_in, newly_licensed, outlawed

unit = st.floats(0, 1)


@pytest.mark.parametrize(
    ("held", "applied", "approval", "deciding", "new"),
    [
        (0.0, 1.0, 0.6, 1.0, 0.1),  # a sixth of the 60 % that will be approved
        (0.0, 0.5, 0.6, 1.0, 0.05),
        (0.0, 1.0, 0.6, 0.5, 0.05),  # decisions for half the month
        (0.4, 1.0, 0.6, 0.0, 0.0),  # nothing decided
        (0.3, 1.0, 0.6, 1.0, 0.05),
        (0.8, 1.0, 0.6, 1.0, 0.0),  # more is held than would now be approved
        (0.4, 0.0, 0.6, 1.0, 0.0),  # nobody applies
        (0.4, 1.0, 0.0, 1.0, 0.0),  # all is refused
    ],
)
def test_licences_come_in_a_queue(held, applied, approval, deciding, new):
    got = newly_licensed(np.array([held]), applied, approval, deciding, 6.0)
    assert got == pytest.approx([new])


@given(unit, unit, unit, unit, unit, st.floats(1, 12))
def test_a_kinder_practice_never_leaves_less_under_licence(
    held, applied, approval, kinder, deciding, lag
):
    held = np.array([held])
    hard = held + newly_licensed(held, applied, min(approval, kinder), deciding, lag)
    kind = held + newly_licensed(held, applied, max(approval, kinder), deciding, lag)
    assert 0 <= hard <= kind + 1e-12
    assert kind <= max(held, applied) + 1e-12


def designs(held, months, length):
    """Share in products month by month when licences for ``held`` come at once."""
    stages, reached = np.zeros((3, 1, 1)), []
    for _ in range(length):
        stages = designed_in(stages, np.array([[held]]), months)
        reached.append(stages[-1, 0, 0])
    return np.array(reached)


def test_a_licensed_chip_is_in_hardly_any_product_at_first_and_in_most_after_its_design():
    reached = designs(0.8, 9.0, 60)
    # A first month passes a cube of 1/(1 + 8/3), the part of a stage that gets on in a month.
    assert reached[0] == pytest.approx(0.8 * (3 / 11) ** 3)
    assert reached[8] < 0.8 * 0.7 < reached[12]
    assert reached[-1] == pytest.approx(0.8)
    assert (np.diff(reached) > 0).all()
    # The mean delay is the time asked for, of which the first month is this one.
    assert (1 - reached / 0.8).sum() + 1 == pytest.approx(9.0, abs=0.01)


def test_goods_that_are_the_same_as_before_need_no_design():
    assert designs(0.8, 0.0, 1) == pytest.approx([0.8])


def test_what_is_no_longer_licensed_leaves_the_products_at_once():
    full = np.full((3, 1, 1), 0.8)
    assert designed_in(full, np.array([[0.1]]), 9.0)[-1] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("approval", "lost", "eased"),
    [
        (0.5, 0.0, 0.5),
        (0.5, 10.0, 0.6),
        (0.9, 100.0, 0.95),  # never quite certain
        (0.0, 100.0, 0.0),  # a plain refusal is not lobbied away
    ],
)
def test_lost_sales_ease_the_practice(approval, lost, eased):
    got = approval_under_lobbying(np.array([approval]), lost, 0.01)
    assert got == pytest.approx([eased])


@given(unit, st.floats(0, 50), st.floats(0, 0.05))
def test_complaints_never_lower_the_approval(approval, lost, slope):
    assert approval_under_lobbying(np.array([approval]), lost, slope) >= approval


@pytest.mark.parametrize(
    ("stopped", "barred", "lost"),
    [
        (0.0, 0.0, 0.0),
        (0.9, 0.0, 0.9),  # ordered before the rule
        (0.9, 0.9, 0.0),  # ordered under it: only what is lawful
        (0.95, 0.9, 0.5),  # a stricter rule since
        (0.5, 0.9, 0.0),  # a milder one
        (1.0, 0.2, 1.0),
        (1.0, 1.0, 1.0),  # nothing was ordered
    ],
)
def test_goods_are_lost_for_what_became_unlawful_under_way_only(stopped, barred, lost):
    assert outlawed(np.array([stopped]), np.array([barred])) == pytest.approx([lost])


@given(unit, unit, unit)
def test_a_harder_law_never_lets_more_of_the_same_order_through(one, other, barred):
    mild, hard = np.array([min(one, other)]), np.array([max(one, other)])
    assert 0 <= outlawed(mild, np.array([barred])) <= outlawed(hard, np.array([barred])) <= 1
