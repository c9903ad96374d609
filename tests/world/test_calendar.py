"""Real dates."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.calendar import Calendar

TWO_YEARS = Calendar(date(2019, 3, 15), date(2021, 2, 1))
days = st.dates(date(2018, 1, 1), date(2022, 12, 31))


def ordinal(*day):
    return date(*day).toordinal()


def test_a_run_holds_the_months_of_its_first_and_last_day():
    assert TWO_YEARS.months == 24
    assert TWO_YEARS.label(0) == "2019-03"
    assert TWO_YEARS.label(23) == "2021-02"
    assert TWO_YEARS.first_day(10) == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("day", "month"),
    [((2019, 3, 1), 0), ((2019, 3, 31), 0), ((2020, 1, 1), 10), ((2019, 2, 28), -1)],
)
def test_a_day_lies_in_its_month(day, month):
    assert TWO_YEARS.month_of(date(*day)) == month


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="end 2019-12-31 lies before start 2020-01-01"):
        Calendar(date(2020, 1, 1), date(2019, 12, 31))
    assert Calendar(date(2020, 1, 31), date(2020, 1, 1)).months == 1


def test_a_window_from_2_to_31_december_covers_thirty_of_the_months_days():
    year = Calendar(date(2024, 1, 1), date(2024, 12, 31))
    shares = year.shares(ordinal(2024, 12, 2), ordinal(2025, 1, 1))
    assert shares[11] == pytest.approx(30 / 31)
    assert shares[:11].sum() == 0


def test_february_of_a_leap_year_has_29_days():
    year = Calendar(date(2020, 1, 1), date(2020, 12, 1))
    assert year.shares(ordinal(2020, 2, 29), ordinal(2020, 3, 1))[1] == pytest.approx(1 / 29)


def test_each_member_has_its_own_period():
    year = Calendar(date(2021, 1, 1), date(2021, 12, 1))
    begins = np.array([ordinal(2021, 1, 1), ordinal(2021, 7, 1), ordinal(2022, 5, 1)])
    shares = year.shares(begins, np.inf)
    assert shares.shape == (12, 3)
    np.testing.assert_allclose(shares.sum(axis=0), [12, 6, 0])


def test_a_period_that_ends_before_it_begins_covers_nothing():
    assert TWO_YEARS.shares(ordinal(2020, 6, 1), ordinal(2020, 5, 1)).sum() == 0


@given(days, days)
def test_shares_add_up_to_the_days_of_the_period(one, other):
    first, last = min(one, other), max(one, other)
    run = Calendar(date(2018, 1, 1), date(2022, 12, 31))
    shares = run.shares(first.toordinal(), last.toordinal())
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (shares * np.diff(run.edges)).sum() == pytest.approx((last - first).days)


@given(days, days, days)
def test_a_period_split_in_two_covers_the_same(one, other, third):
    first, middle, last = (day.toordinal() for day in sorted((one, other, third)))
    run = Calendar(date(2018, 1, 1), date(2022, 12, 31))
    parts = run.shares(first, middle) + run.shares(middle, last)
    np.testing.assert_allclose(parts, run.shares(first, last), atol=1e-12)


def test_a_yearly_path_is_met_in_the_middle_of_its_years():
    path = Calendar(date(2018, 1, 1), date(2020, 12, 1)).monthly({2018: 12.0, 2019: 24.0})
    june, july = path[5], path[6]  # the middle of 2018 lies between them
    assert (june + july) / 2 == pytest.approx(12.25)  # flat before, one a month after
    assert path[17:19].mean() == pytest.approx(23.75)
    np.testing.assert_allclose(path[:6], 12.0)
    np.testing.assert_allclose(path[19:], 24.0)
    np.testing.assert_allclose(np.diff(path[6:17]), 1.0)


def test_a_path_of_one_year_is_flat():
    assert Calendar(date(2018, 1, 1), date(2020, 12, 1)).monthly({2019: 3.0}) == pytest.approx(3.0)
