"""Members and their luck."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.calendar import Calendar
from sim.world.ensemble import CHUNK, Ensemble, triangular
from sim.world.inputs import Quantity, Series

ABOUT = {"unit": "share", "standing": "assumed", "source": "A-01"}
DRAWN = Quantity(value=0.3, low=0.1, high=0.6, **ABOUT)
FIXED = Quantity(value=0.3, low=0.3, high=0.3, **ABOUT)
PATH = Series(values={2018: 10.0, 2019: 20.0}, spread=0.2, **{**ABOUT, "unit": "bn CNY"})
YEARS = Calendar(date(2018, 1, 1), date(2019, 12, 1))


def luck(ensemble, kind="uniform", stream="detection", draws=5):
    return getattr(ensemble, kind)(stream, draws)


@pytest.mark.parametrize("kind", ["uniform", "normal"])
@pytest.mark.parametrize(("start", "stop"), [(0, 1), (3, 10), (60, 70), (128, 200)])
def test_a_member_has_the_same_luck_in_whatever_block(kind, start, stop):
    whole = Ensemble.of(200, seed=7)
    part = luck(whole.block(start, stop), kind)
    np.testing.assert_array_equal(part, luck(whole, kind)[:, start:stop])


def test_luck_belongs_to_the_replicate_and_not_to_the_place_in_the_block():
    apart = Ensemble(7, np.array([150, 3, 3, 64]))
    np.testing.assert_array_equal(luck(apart), luck(Ensemble.of(200, 7))[:, [150, 3, 3, 64]])


def test_two_members_with_one_replicate_share_all_luck():
    pair = Ensemble(7, np.array([5, 5]), {"switch": np.array([0.0, 1.0])})
    drawn = pair.value("x", DRAWN)
    assert drawn[0] == drawn[1]
    np.testing.assert_array_equal(luck(pair)[:, 0], luck(pair)[:, 1])


def test_one_more_stream_changes_no_other():
    alone, beside = Ensemble.of(100, 7), Ensemble.of(100, 7)
    beside.uniform("a new decision", 50)
    np.testing.assert_array_equal(luck(beside), luck(alone))


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_a_longer_run_begins_with_the_same_luck(kind):
    ensemble = Ensemble.of(100, 7)
    long = luck(ensemble, kind, draws=120)
    np.testing.assert_array_equal(luck(ensemble, kind, draws=12), long[:12])


def test_a_larger_ensemble_begins_with_the_same_members():
    few, many = Ensemble.of(3, 7), Ensemble.of(3 * CHUNK, 7)
    np.testing.assert_array_equal(luck(few), luck(many)[:, :3])
    np.testing.assert_array_equal(few.value("x", DRAWN), many.value("x", DRAWN)[:3])


def test_streams_seeds_and_chunks_of_replicates_have_luck_of_their_own():
    base = luck(Ensemble.of(2 * CHUNK, 7), draws=50)
    others = [
        luck(Ensemble.of(2 * CHUNK, 8), draws=50),
        luck(Ensemble.of(2 * CHUNK, 7), stream="market", draws=50),
        np.roll(base, CHUNK, axis=1),
        np.roll(base, 1, axis=1),
        np.roll(base, 1, axis=0),
    ]
    for other in others:
        correlation = np.corrcoef(base.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < 5 / np.sqrt(base.size)


def test_uniform_luck_is_uniform_and_normal_luck_is_normal():
    ensemble = Ensemble.of(640, 7)
    uniform, normal = luck(ensemble, draws=100), luck(ensemble, "normal", draws=100)
    assert 0 <= uniform.min() < 0.001 < 0.999 < uniform.max() < 1
    assert uniform.mean() == pytest.approx(0.5, abs=0.005)
    assert normal.mean() == pytest.approx(0.0, abs=0.02)
    assert normal.std() == pytest.approx(1.0, abs=0.02)


def test_an_ensemble_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least one member, not 0"):
        Ensemble.of(0, 1)


def test_a_value_of_its_own_wins_over_the_draw_and_lies_wherever_it_likes():
    own = Ensemble.of(3, 7, {"x": np.array([0.0, 0.9, 5.0])})
    np.testing.assert_array_equal(own.value("x", DRAWN), [0.0, 0.9, 5.0])
    np.testing.assert_array_equal(own.value("y", DRAWN), Ensemble.of(3, 7).value("y", DRAWN))


def test_a_block_takes_its_members_own_values_along():
    whole = Ensemble.of(5, 7, {"x": np.arange(5.0)})
    np.testing.assert_array_equal(whole.block(2, 4).value("x", DRAWN), [2.0, 3.0])


def test_a_number_without_a_range_is_the_same_for_all():
    np.testing.assert_array_equal(Ensemble.of(4, 7).value("x", FIXED), 0.3)


def test_members_draw_within_the_range_around_the_value():
    drawn = Ensemble.of(6400, 7).value("x", DRAWN)
    assert 0.1 <= drawn.min() < 0.12
    assert 0.57 < drawn.max() <= 0.6
    assert drawn.mean() == pytest.approx((0.1 + 0.3 + 0.6) / 3, abs=0.005)
    assert (drawn < 0.3).mean() == pytest.approx(0.2 / 0.5, abs=0.02)


def test_each_input_is_drawn_by_itself():
    ensemble = Ensemble.of(640, 7)
    correlation = np.corrcoef(ensemble.value("x", DRAWN), ensemble.value("y", DRAWN))[0, 1]
    assert abs(correlation) < 0.15


def test_a_member_scales_a_whole_path_by_one_draw():
    ensemble = Ensemble.of(640, 7)
    paths = ensemble.path("size", PATH, YEARS)
    assert paths.shape == (24, 640)
    scale = paths / YEARS.monthly(PATH.values)[:, None]
    np.testing.assert_allclose(scale, np.broadcast_to(scale[0], scale.shape))
    assert 0.8 <= scale.min() < 0.83 < 1.17 < scale.max() <= 1.2


def test_a_path_may_be_scaled_by_hand():
    own = Ensemble.of(2, 7, {"size": np.array([1.0, 3.0])})
    np.testing.assert_allclose(own.path("size", PATH, YEARS)[0], [10.0, 30.0])


@pytest.mark.parametrize(
    ("luck", "value"),
    [
        (0.0, 0.0),
        (0.25, 1.0),  # a quarter of the area lies left of the mode: 1 of 4
        (0.0625, 0.5),  # area rises with the square: a half of the way holds a quarter of it
        (1.0, 4.0),
        (0.8125, 2.5),  # half of the way down from 4: a quarter of the right 3/4 is beyond
    ],
)
def test_triangular_numbers_by_inversion(luck, value):
    assert triangular(np.array([luck]), 0.0, 1.0, 4.0) == pytest.approx([value])


@given(st.floats(0, 0.999999), st.tuples(*[st.floats(-100, 100)] * 3).map(sorted))
def test_triangular_numbers_stay_within_their_range(luck, corners):
    low, mode, high = corners
    if high - low > 1e-6:
        got = triangular(np.array([luck]), low, mode, high)[0]
        assert low - 1e-9 <= got <= high + 1e-9


@pytest.mark.parametrize("mode", [0.0, 4.0])
def test_the_most_likely_value_may_be_an_end_of_the_range(mode):
    got = triangular(np.linspace(0, 0.999, 50), 0.0, mode, 4.0)
    assert (np.diff(got) > 0).all()
    assert np.isfinite(got).all()
