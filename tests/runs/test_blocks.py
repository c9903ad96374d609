"""A member is the same member in whatever block it runs."""

import numpy as np
import pytest

from sim.case.load import load_case
from sim.runs.simulate import simulate

MEMBERS = 14  # two blocks of seven


@pytest.fixture(scope="module")
def case():
    return load_case("huawei")


@pytest.fixture(scope="module")
def whole(case):
    return simulate(case, MEMBERS, seed=3).dataset


def assert_same_members(one, other):
    members = slice(min(one.sizes["member"], other.sizes["member"]))
    for name in one.data_vars:
        ours, theirs = (data[name].isel(member=members) for data in (one, other))
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12, err_msg=str(name))


@pytest.mark.slow
@pytest.mark.parametrize(("members", "block"), [(3, 1), (MEMBERS, 7), (270, 256), (270, 270)])
def test_a_member_does_not_depend_on_who_else_is_in_its_block(case, whole, members, block):
    assert_same_members(whole, simulate(case, members, seed=3, block=block).dataset)


def test_equal_blocks_are_equal_to_the_last_bit(case, whole):
    again = simulate(case, MEMBERS, seed=3).dataset
    for name in whole.data_vars:
        np.testing.assert_array_equal(whole[name], again[name], err_msg=str(name))


def test_members_differ(whole):
    revenue = whole["revenue"].sel(segment="total", month="2023-06")
    assert len(np.unique(revenue)) == MEMBERS


def test_another_seed_is_another_luck(case, whole):
    other = simulate(case, MEMBERS, seed=4).dataset
    assert not np.allclose(
        whole["revenue"].sel(segment="total"), other["revenue"].sel(segment="total")
    )
