"""Predictive bands: the form's own error is learned from the sample and laid on the members."""

from math import sqrt

import numpy as np
import pytest

from sim.documented.align import Aligned
from sim.documented.observation import Observation
from sim.documented.predictive import WORTH, form_errors, predictive_band


def aligned(outcome, value, members, **more):
    fields = {"outcome": outcome, "labels": "", "period": "2020", "unit": "bn CNY",
              "source": "Report", "grade": "recall",
              "value": value, "low": value, "high": value}  # fmt: skip
    made = None if members is None else np.asarray(members, dtype=float)
    return Aligned(Observation.model_validate(fields | more), made)


SURE = [100.0] * 4  # members that agree


def test_an_outcome_that_is_always_missed_by_a_fifth_has_about_that_error():
    sample = [aligned("sales", value, SURE) for value in (120.0, 80.0)]
    # 20 over 110 and over 90, and two values' worth of the same in common.
    squares = ((20 / 110) ** 2 + (20 / 90) ** 2) / 2
    found = form_errors(sample)
    assert found.common == pytest.approx(sqrt(squares))
    assert found.of("sales") == pytest.approx(sqrt(squares))
    assert found.of("never documented") == found.common


def test_half_and_twice_the_value_are_equally_wrong():
    half, twice = (form_errors([aligned("sales", value, SURE)]) for value in (50.0, 200.0))
    assert half.of("sales") == pytest.approx(twice.of("sales")) == pytest.approx(50 / 75)


def test_what_the_spread_of_the_members_accounts_for_is_no_error_of_the_form():
    wide = [60.0, 80.0, 120.0, 140.0]
    assert form_errors([aligned("sales", 120.0, wide)]).of("sales") == 0.0
    assert form_errors([aligned("sales", 120.0, SURE)]).of("sales") > 0.15


def test_a_value_within_its_documented_range_is_not_missed():
    found = form_errors([aligned("sales", 130.0, SURE, low=90.0, high=130.0)])
    assert found.of("sales") == 0.0


def test_few_values_are_drawn_toward_the_middle_outcome():
    sample = [aligned("bad", 200.0, SURE)]
    sample += [aligned(name, 100.0, SURE) for name in ("good", "fine")]
    found = form_errors(sample)
    assert found.common == 0.0
    alone = 100 / 150
    assert found.of("bad") == pytest.approx(alone / sqrt(1 + WORTH))


def test_events_and_what_is_not_simulated_say_nothing():
    event = aligned("opened", "2020-06", SURE, unit="month", period="2020-06")
    assert form_errors([event, aligned("sales", 100.0, None)]) is None
    assert form_errors([]) is None


def test_the_band_is_that_of_a_normal_error_where_members_agree():
    low, high = predictive_band(np.full(50, 200.0), 0.1)
    assert (low, high) == pytest.approx((200 - 1.645 * 20, 200 + 1.645 * 20), rel=0.015)


def test_without_an_error_the_band_is_the_members_own():
    members = np.arange(101.0)
    assert predictive_band(members, 0.0) == pytest.approx((5, 95))


def test_an_error_widens_a_band_but_not_below_nothing():
    members = np.linspace(0.0, 100.0, 101)
    low, high = predictive_band(members, 0.5)
    assert low == 0.0
    assert high > 110
    assert predictive_band(members - 90.0, 0.5)[0] < -90
