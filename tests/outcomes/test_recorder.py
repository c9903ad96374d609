import dataclasses

import numpy as np
import pytest

from sim.outcomes.outcome import Outcome
from sim.outcomes.recorder import PeriodRecorder, Recorder, bytes_needed
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble
from tests.outcomes import fakes


def recorder_for(members=4, outcomes=fakes.OUTCOMES, **kwargs):
    world = fakes.case()
    calendar = Calendar(world.calendar.start, world.calendar.end)
    return Recorder.of(outcomes, world, calendar, members, **kwargs)


def test_a_month_is_stored_where_the_calendar_puts_it():
    sales = fakes.results().dataset["sales"]
    assert sales.sel(region="home", month="2018-03", member=1).item() == 3 * 2
    assert sales.sel(region="abroad", month="2019-12", member=0).item() == 24 / 2


def test_months_that_were_never_recorded_are_unknown_not_zero():
    model = fakes.FakeModel(fakes.case(), Ensemble.of(4, 1))
    recorder = recorder_for()
    model.step()
    recorder.record(model)
    assert recorder.arrays["sales"][0, 0].tolist() == [1, 2, 3, 4]
    assert np.isnan(recorder.arrays["sales"][1:]).all()


def test_blocks_write_into_one_array():
    whole = Ensemble.of(4, 1)
    recorder = recorder_for()
    for first, last in ((0, 3), (3, 4)):
        model = fakes.FakeModel(fakes.case(), whole.block(first, last))
        part = recorder.block(first, last)
        model.step()
        part.record(model)
        part.finish(model)
    assert recorder.arrays["sales"][0, 0].tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(recorder.arrays["found"], [0, 1, 2, np.nan])


def by_period(every, first=0):
    world = fakes.case()
    model = fakes.FakeModel(world, Ensemble.of(4, 1))
    recorder = PeriodRecorder(fakes.OUTCOMES, world, model.calendar, 4, every, first)
    for _ in range(model.calendar.months):
        model.step()
        recorder.record(model)
    recorder.finish(model)
    return recorder.dataset()


def test_periods_are_reduced_while_the_model_runs():
    data = by_period("half")
    assert data["period"].values.tolist() == ["2018H1", "2018H2", "2019H1", "2019H2"]
    assert data["sales"].sel(region="home", member=1).values.tolist() == [42, 114, 186, 258]
    assert data["sales"].sel(region="total", member=0).values.tolist() == [31.5, 85.5, 139.5, 193.5]
    assert data["stock"].sel(member=0).values.tolist() == [5, 11, 17, 23]
    np.testing.assert_array_equal(data["share"].sel(member=0), [np.nan, 0.5, np.nan, 0.5])
    np.testing.assert_array_equal(data["found"], [0, 1, 2, np.nan])


def test_a_period_that_begins_before_the_first_month_shown_is_left_out():
    assert by_period("year", first=1)["period"].values.tolist() == ["2019"]


def test_a_reading_of_the_wrong_shape_is_refused_instead_of_spread_over_members():
    wrong = dataclasses.replace(fakes.OUTCOMES[1], read=lambda model: np.array([1.0]))
    model = fakes.FakeModel(fakes.case(), Ensemble.of(4, 1))
    model.step()
    with pytest.raises(ValueError, match=r"stock read shape \(1,\), not \(4,\)"):
        recorder_for(outcomes=(wrong,)).record(model)


def test_float32_halves_the_memory():
    months, members = 24, 4
    full = bytes_needed(fakes.OUTCOMES, fakes.case(), months, members)
    # A month has 1 stock, 1 share, and for home, abroad and total 3 sales and 2 x 3 works;
    # then there is one event.
    assert full == 8 * (24 * (3 + 1 + 1 + 6) + 1) * 4
    arrays = recorder_for(dtype=np.float32).arrays
    assert sum(array.nbytes for array in arrays.values()) == full / 2


def test_an_event_has_no_dimensions():
    with pytest.raises(ValueError, match="found cannot have dimensions"):
        Outcome("found", "found", "month", "", "event", ("region",), lambda c: (("a",),), len)


def test_month_and_member_are_no_names_for_a_label():
    with pytest.raises(ValueError, match=r"\['member'\] are taken"):
        Outcome("x", "x", "1", "", "flow", ("member",), lambda c: (("a",),), len)


def test_labels_must_match_the_dimensions():
    short = dataclasses.replace(fakes.OUTCOMES[0], coords=lambda case: ())
    with pytest.raises(ValueError, match="sales has dimensions"):
        recorder_for(outcomes=(short,))
