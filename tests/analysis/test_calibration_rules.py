"""Weights, tolerance, mixtures and targets of a fit, by hand numbers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from sim.analysis.calibration.file import Rounds
from sim.analysis.calibration.population import posterior, widened
from sim.analysis.calibration.rounds import design, perturbed, survivors
from sim.analysis.calibration.space import Space
from sim.analysis.calibration.targets import UNDEFINED, Target, blurred, shuffled_years, target_name
from sim.analysis.calibration.weights import (
    bandwidth,
    effective,
    implausibility,
    log_importance,
    normalised,
    systematic,
    weighted_quantiles,
)
from sim.documented.observation import Observation

RULE = Rounds(members=1024, effective=100)


def observed(value=100.0, low=None, high=None, period="2019", **changes):
    ends = {"low": value if low is None else low, "high": value if high is None else high}
    plain = {
        "outcome": "revenue", "labels": "segment=total", "period": period, "value": value,
        "unit": "bn CNY", "source": "a report", "grade": "recall", **ends, **changes,
    }  # fmt: skip
    return Observation(**plain)


def test_distance_is_counted_from_the_nearer_end_of_the_documented_range():
    target = Target(observed(100.0, 90.0, 110.0), sigma=5.0)
    found = target.distance(np.array([80.0, 95.0, 110.0, 120.0]), last=24000)
    assert found.tolist() == [-2.0, 0.0, 0.0, 2.0]


def test_an_event_that_has_not_happened_happens_after_the_run():
    month = 2020 * 12 + 10
    event = observed(float(month), period="2020-11", unit="month", outcome="unit_sold", labels="")
    target = Target(event, sigma=4.0)
    last = 2021 * 12 + 11
    assert target.distance(np.array([month - 4.0, np.nan]), last).tolist() == [-1.0, 14 / 4]


def test_what_would_be_documented_has_the_error_of_the_target_and_of_the_range():
    target = Target(observed(100.0, 94.0, 106.0), sigma=2.0)
    rng = np.random.default_rng(1)
    seen = target.blurred(np.full(20_000, 108.0), 0, rng.standard_normal(20_000), rng)
    assert seen.mean() == pytest.approx(8 / 4, abs=0.03)  # 4 = sqrt(2^2 + 12^2 / 12)
    assert seen.std() == pytest.approx(1.0, abs=0.02)


def test_years_of_an_outcome_share_part_of_their_error():
    years = [Target(observed(100.0, period=p), sigma=2.0) for p in ("2018", "2019")]
    cash = Target(observed(100.0, outcome="cash", labels=""), sigma=2.0)
    values = {one.name: np.full(20_000, 100.0) for one in (*years, cash)}
    seen = blurred([*years, cash], values, 0, 0.5, seed=1)
    assert np.corrcoef(seen.T)[0, 1] == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(seen.T)[0, 2] == pytest.approx(0.0, abs=0.02)
    assert seen.std(axis=0) == pytest.approx(1.0, abs=0.02)


def test_a_share_of_nothing_is_as_good_as_ruled_out():
    target = Target(observed(0.5), sigma=0.1)
    assert target.distance(np.array([np.nan]), 0).tolist() == [UNDEFINED]


def test_history_matching_spares_the_worst_target():
    distance = np.array([[0.5, -9.0, 1.0], [2.0, 2.5, -4.0]])
    assert implausibility(distance, 0).tolist() == [9.0, 4.0]
    assert implausibility(distance, 1).tolist() == [1.0, 2.5]


def test_equal_weights_are_all_effective_and_a_single_one_is_one():
    assert effective(np.zeros(40)) == pytest.approx(40)
    assert effective(np.array([0.0, -800.0, -900.0])) == pytest.approx(1)


def test_the_kernel_is_the_narrowest_that_leaves_enough_draws():
    squared = np.linspace(0.0, 400.0, 1000)
    width = bandwidth(np.zeros(1000), squared, 200)
    assert effective(-0.5 * squared / width**2) == pytest.approx(200, rel=1e-3)
    assert bandwidth(np.zeros(1000), squared, 100) < width


def test_pooled_rounds_weigh_back_to_the_prior():
    rule = Rounds(members=4096, effective=100, kernel=0.7)
    places, first = design(2, rule.members, seed=3)
    weights = np.where(places[:, 0] > 0.5, 1.0, 0.0)
    more, second = perturbed(places, weights / weights.sum(), rule, seed=4)
    pooled = np.concatenate([places, more])
    back = normalised(log_importance(pooled, [first, second]))
    assert back @ pooled[:, 0] == pytest.approx(0.0, abs=0.03)
    assert back @ pooled[:, 0] ** 2 == pytest.approx(1.0, abs=0.05)
    assert np.mean(more[:, 0] > 0.5) > 0.7


def test_the_fit_of_a_normal_mean_is_the_one_of_the_textbook():
    """Prior N(0, 1), a value of 1 documented with error 0.5: posterior N(0.8, 0.2)."""
    rule = Rounds(members=8192, effective=1000)
    rng = np.random.default_rng(6)

    def seen(places):
        return (places - 1.0) / 0.5 + rng.standard_normal(places.shape)

    places, drawn = design(1, rule.members, seed=1)
    noisy = seen(places)
    found = posterior(places, noisy, log_importance(places, [drawn]), 1000, 9.0, seed=1)
    more, second = perturbed(found.places, found.weights, rule, seed=2)
    pooled, noisy = np.concatenate([places, more]), np.concatenate([noisy, seen(more)])
    base = log_importance(pooled, [drawn, second])
    found = posterior(pooled, noisy, base, 1000, 9.0, seed=1)
    mean = float(found.weights @ found.places[:, 0])
    assert mean == pytest.approx(0.8, abs=0.03)
    assert found.weights @ (found.places[:, 0] - mean) ** 2 == pytest.approx(0.2, abs=0.02)
    assert found.effective == pytest.approx(1000, rel=0.01)
    assert found.widened.tolist() == [1.0]


def test_a_target_that_all_members_miss_by_far_tells_of_the_structure():
    rng = np.random.default_rng(5)
    seen = np.stack([rng.normal(10, 1, 4000), rng.normal(1, 1, 4000)], axis=1)
    more, factors = widened(seen, np.full(4000, 1 / 4000), 2.0, seed=1)
    assert more[:, 0].std() == pytest.approx(5.0, rel=0.05)
    assert factors[0] == pytest.approx(5.0, rel=0.02)
    assert factors[1] == 1.0
    assert (more[:, 1] == seen[:, 1]).all()


def test_history_matching_widens_its_cutoff_until_enough_are_left():
    distance = np.linspace(0, 100, 1024)[:, None] * np.ones(2)
    weights, cutoff = survivors(distance, RULE)
    assert (weights > 0).sum() == RULE.effective
    assert cutoff > RULE.cutoff
    strict, narrow = survivors(distance / 100, RULE)
    assert narrow == RULE.cutoff
    assert (strict > 0).all()


def test_systematic_draws_come_as_often_as_they_weigh():
    rows = systematic(np.array([1.0, 0.0, 3.0]), 8, np.random.default_rng(1))
    assert np.bincount(rows, minlength=3).tolist() == [2, 0, 6]


def test_weighted_quantiles_follow_the_weights():
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.1, 0.8, 0.1])
    assert weighted_quantiles(values, weights, (0.5, 0.85, 0.95)).tolist() == [1.0, 2.0, 3.0]


def test_normal_coordinates_are_the_case_s_own_ranges():
    space = Space({"a": (0.0, 1.0, 2.0), "b": (0.0, 0.0, 1.0)})
    values = space.values(norm.ppf(np.array([[0.5, 0.75], [0.125, 0.0]])))
    assert values["a"].tolist() == pytest.approx([1.0, 0.5])
    assert values["b"].tolist() == pytest.approx([0.5, 0.0])


def test_shuffled_years_leave_no_year_its_own_value():
    years = [Target(observed(v, period=p), v / 10)
             for v, p in ((1.0, "2018"), (2.0, "2019"), (3.0, "2020"))]  # fmt: skip
    month = Target(observed(9.0, period="2020-05"), 1.0)
    other = replace(years[0], observation=observed(7.0, outcome="cash", labels=""))
    moved = shuffled_years([*years, month, other], seed=1)
    before = {target_name(one.observation): one.observation.value for one in years}
    after = {one.name: one.observation.value for one in moved[:3]}
    assert after.keys() == before.keys()
    assert sorted(after.values()) == [1.0, 2.0, 3.0]
    assert all(after[name] != before[name] for name in before)
    assert [one.sigma for one in moved[:3]] == [one.observation.value / 10 for one in moved[:3]]
    assert moved[3:] == (month, other)
