"""Making chips, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.fabrication import (
    dares,
    development_step,
    die_yield,
    dies_per_wafer,
    learned_defects,
    runnable,
    shipped_tools,
)

unit = st.floats(0, 1)
tools = st.floats(0, 1e3)


def test_a_wafer_holds_640_dies_of_a_square_centimetre():
    # pi 300^2 / 400 = 706.86 whole, less pi 300 / sqrt(200) = 66.64 at the edge
    assert dies_per_wafer(np.array([100.0])) == pytest.approx([640.215], abs=0.001)


@pytest.mark.parametrize(
    ("defects", "salvage", "good"),
    [
        (0.0, 0.0, 1.0),
        (0.5, 0.0, 0.64),  # (1 + 0.5/2)^-2
        (0.5, 0.5, 0.82),  # half of the faulty 36 % sell with cores switched off
        (0.5, 1.0, 1.0),
    ],
)
def test_the_yield_of_a_square_centimetre_with_two_clusters(defects, salvage, good):
    assert die_yield(np.array([defects]), 100.0, 2.0, salvage) == pytest.approx([good])


@given(st.floats(0, 5), st.floats(0, 5), st.floats(10, 900), st.floats(0.5, 5), unit)
def test_more_defects_or_area_never_raise_the_yield(one, other, area, cluster, salvage):
    clean = die_yield(min(one, other), area, cluster, salvage)
    dirty = die_yield(max(one, other), area, cluster, salvage)
    large = die_yield(max(one, other), area * 1.5, cluster, salvage)
    assert 0 <= large <= dirty + 1e-12 <= clean + 2e-12 <= 1 + 3e-12


@pytest.mark.parametrize(
    ("started", "after"),
    [
        (0.0, 1.0),  # an idle line learns nothing
        (4.0, 0.6),  # half of the excess over 0.2 at full speed and half-life one
        (2.0, 0.2 + 0.8 * 0.5**0.5),
        (99.0, 0.6),  # no faster than full speed
    ],
)
def test_excess_defects_halve_with_wafers(started, after):
    assert learned_defects(np.array([1.0]), 0.2, started, 4.0, 1.0) == pytest.approx([after])


@given(st.floats(0, 3), st.floats(0, 3), st.floats(0, 50), st.floats(0, 50))
def test_more_wafers_never_mean_more_defects_nor_fewer_than_a_mature_line(a, b, one, other):
    floor, defects = min(a, b), max(a, b)
    few = learned_defects(defects, floor, min(one, other), 4.0, 18.0)
    many = learned_defects(defects, floor, max(one, other), 4.0, 18.0)
    assert floor - 1e-12 <= many <= few + 1e-12 <= defects + 2e-12


def test_the_scarcest_kind_of_tool_sets_the_capacity():
    got = runnable(np.array([[10.0, 10.0], [6.0, 0.0]]), np.array([[2.0], [1.0]]))
    assert got == pytest.approx([5.0, 0.0])


@given(st.lists(tools, min_size=3, max_size=3), tools, st.integers(0, 2))
def test_more_tools_never_lower_the_capacity(park, more, kind):
    before, need = np.array(park)[:, None], np.array([[0.4], [0.8], [1.2]])
    after = before.copy()
    after[kind] += more
    assert runnable(after, need) >= runnable(before, need)


@pytest.mark.parametrize(("effort", "step"), [(1.0, 0.025), (16.0, 0.1), (0.0, 0.0)])
def test_a_node_takes_forty_months_at_calm_effort_and_less_with_more(effort, step):
    assert development_step(40.0, np.array([effort]), 0.5) == pytest.approx([step])


@pytest.mark.parametrize(
    ("lead", "window", "surge", "closed", "shipped"),
    [
        (12, 0.0, 1.0, 0.0, 10.0),
        (12, 1.0, 1.0, 0.0, 20.0),  # a maker hurries before a door closes
        (12, 0.5, 1.0, 0.0, 15.0),
        (12, 1.0, 0.0, 0.0, 10.0),
        (12, 0.0, 1.0, 1.0, 0.0),  # the law stops all
        (12, 0.0, 1.0, 0.25, 7.5),
        (1, 1.0, 1.0, 0.0, 120.0),  # never more than was ordered
    ],
)
def test_tools_leave_by_lead_window_and_law(lead, window, surge, closed, shipped):
    got = shipped_tools(np.array([120.0]), lead, window, surge, closed)
    assert got == pytest.approx([shipped])


@given(tools, st.floats(1, 24), unit, unit, st.floats(0, 3), unit, unit)
def test_a_harder_law_never_ships_more_and_a_window_never_fewer(
    backlog, lead, window, wider, surge, closed, harder
):
    soft, hard = sorted((closed, harder))
    narrow, wide = sorted((window, wider))
    least = shipped_tools(backlog, lead, narrow, surge, hard)
    most = shipped_tools(backlog, lead, wide, surge, soft)
    assert 0 <= least <= most <= backlog


@pytest.mark.parametrize(
    ("exposure", "compliance", "nerve", "serves"),
    [
        (1.0, 0.9, 0.89, 0.0),
        (1.0, 0.9, 0.9, 1.0),  # one in ten shrinks from nothing
        (0.5, 0.9, 0.44, 0.0),
        (0.5, 0.9, 0.46, 1.0),
        (0.0, 1.0, 0.0, 1.0),  # nothing left to lose
        (1.0, 0.0, 0.0, 1.0),  # no fear
    ],
)
def test_a_foundry_serves_wholly_or_not_at_all(exposure, compliance, nerve, serves):
    assert dares(np.array([exposure]), compliance, nerve).tolist() == [serves]


@given(unit, unit, unit, unit)
def test_who_has_less_to_lose_dares_no_less(one, other, compliance, nerve):
    more, less = max(one, other), min(one, other)
    dare = dares(np.array([more, less]), compliance, nerve)
    assert dare[0] <= dare[1]
