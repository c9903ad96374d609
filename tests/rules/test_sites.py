"""Moving research from a barred site to others, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.sites import closing, refilled


@pytest.mark.parametrize(
    ("barred", "months", "closed"),
    [
        (1.0, 4.0, 300.0),  # a quarter of 1,200 posts a month
        (0.5, 4.0, 150.0),  # barred for half of the month
        (0.0, 4.0, 0.0),
        (1.0, 0.5, 1200.0),  # no more posts than there are
    ],
)
def test_a_barred_site_closes_by_and_by(barred, months, closed):
    assert closing(np.array([[1200.0]]), barred, months)[0, 0] == pytest.approx(closed)


@given(st.floats(0, 1e4), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 24))
def test_a_site_never_closes_posts_it_does_not_have(staff, barred, harder, months):
    soft = closing(staff, min(barred, harder), months)
    hard = closing(staff, max(barred, harder), months)
    assert 0 <= soft <= hard <= staff


def test_a_twelfth_of_the_open_posts_is_filled_each_month():
    assert refilled(np.array([600.0, 0.0]), 12.0) == pytest.approx([50.0, 0.0])
