"""Designs by hand numbers: which points there are, and how they are spread."""

import numpy as np
import pytest

from sim.runs.design import count
from sim.runs.inputs_varied import varied_inputs
from tests.runs.experiments import GRACE, loaded, planned

# Dates that lie after these short runs are what is tested.
pytestmark = pytest.mark.filterwarnings("ignore:.*never acts")

COVER, ADJUST = "behaviour.stock.normal_cover", "behaviour.stock.adjust"


def sampled(method, points, **more):
    ranges = {COVER: [1.0, 3.0], ADJUST: [0.2, 0.6]}
    design = {"uncertainties": method, "points": points}
    return planned(levers=None, uncertainties=ranges, design=design, **more).uncertainties.values


def test_a_grid_meets_every_level_with_every_other():
    points = planned(levers={GRACE: [0, 120], COVER: {"low": 1, "high": 3, "steps": 3}}).levers
    assert points.values.tolist() == [[0, 1], [0, 2], [0, 3], [120, 1], [120, 2], [120, 3]]


def test_one_at_a_time_leaves_all_other_factors_as_they_are():
    levers = {GRACE: [0, 60], COVER: [1, 3]}
    points = planned(levers=levers, design={"levers": "one_at_a_time"}).levers.values
    nan = np.nan
    wanted = [[nan, nan], [0, nan], [60, nan], [nan, 1], [nan, 3]]
    np.testing.assert_array_equal(points, wanted)


def test_subsets_are_all_combinations_of_off_and_on():
    levers = {
        "own": {"paths": ["mechanisms.stockpiling", "mechanisms.design_out"], "values": [0, 1]},
        "evasion": {"paths": "mechanisms.rerouting", "values": [0, 1]},
        "state": {"paths": "mechanisms.grants", "values": [0, 1]},
    }
    points = planned(levers=levers, design={"levers": "subsets"}).levers.values
    assert points.tolist() == [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]


def test_a_latin_hypercube_has_one_point_in_every_slice_of_every_range():
    points = sampled("latin_hypercube", 10)
    slices = np.floor((points - [1.0, 0.2]) / [2.0, 0.4] * 10)
    assert np.sort(slices, axis=0).tolist() == [[k, k] for k in range(10)]


def test_a_sobol_sequence_fills_both_halves_of_every_range_alike():
    points = sampled("sobol", 16)
    assert ((points < [2.0, 0.4]).sum(axis=0) == 8).all()


@pytest.mark.parametrize(
    ("method", "points", "expected"), [("saltelli", 8, 8 * 4), ("morris", 5, 5 * 3)]
)
def test_designs_for_sensitivity_have_as_many_points_as_their_analysis_wants(
    method, points, expected
):
    rows = sampled(method, points)
    assert rows.shape == (expected, 2)
    assert ((rows >= [1.0, 0.2]) & (rows <= [3.0, 0.6])).all()


def test_morris_moves_one_factor_at_a_time_along_a_trajectory():
    steps = np.diff(sampled("morris", 4).reshape(4, 3, 2), axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "saltelli", "morris"])
def test_the_same_seed_gives_the_same_points_and_another_gives_others(method):
    assert (sampled(method, 8, seed=3) == sampled(method, 8, seed=3)).all()
    assert (sampled(method, 8, seed=3) != sampled(method, 8, seed=4)).any()


@pytest.mark.parametrize(
    "method", ["grid", "one_at_a_time", "latin_hypercube", "sobol", "saltelli", "morris"]
)
def test_points_are_counted_without_being_made(method):
    ranges = {COVER: [1.0, 3.0], ADJUST: [0.2, 0.6]}
    plan = planned(levers=None, uncertainties=ranges,
                   design={"uncertainties": method, "points": 8})  # fmt: skip
    assert count(method, plan.uncertainties.dimensions, 8) == len(plan.uncertainties)


def test_own_takes_the_range_and_the_peak_of_the_case():
    design = {"points": 4096, "uncertainties": "sobol"}
    plan = planned(levers=None, uncertainties={ADJUST: "own"}, design=design)
    held = varied_inputs(loaded().case())[ADJUST].held
    points = plan.uncertainties.values[:, 0]
    assert held.low <= points.min() < points.max() <= held.high
    assert points.mean() == pytest.approx((held.low + held.value + held.high) / 3, rel=1e-3)


def test_a_pattern_stands_for_every_uncertain_input_that_fits():
    plan = planned(levers=None, uncertainties={"behaviour.stock.*": "own"}, design={"points": 2})
    names = plan.uncertainties.names
    assert len(names) > 5
    assert all(name.startswith("behaviour.stock.") for name in names)


def test_a_list_is_sampled_by_its_levels():
    lever = {GRACE: [0, 30, 60, 90]}
    design = {"levers": "latin_hypercube", "points": 8}
    points = planned(levers=lever, design=design).levers.values[:, 0]
    assert sorted(points.tolist()) == [0, 0, 30, 30, 60, 60, 90, 90]


def test_dates_fall_on_whole_days():
    lever = {"measures.hbm_control_2024.effective": {"low": "2022-01-01", "high": "2022-01-10"}}
    lever["measures.hbm_control_2024.effective"]["steps"] = 4
    levels = planned(levers=lever).levers.values[:, 0]
    assert (np.diff(levels) == 3).all()
