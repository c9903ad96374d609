import numpy as np
import pytest

from sim.outcomes.periods import Period, by_period, over_period, periods_in, reduce_months
from tests.outcomes import fakes

MONTHS = np.arange("2018-03", "2020-03", dtype="datetime64[M]")


@pytest.mark.parametrize(
    ("text", "first", "months"),
    [("2021", "2021-01", 12), ("2021H2", "2021-07", 6), ("2021Q3", "2021-07", 3),
     ("2021-09", "2021-09", 1)],
)  # fmt: skip
def test_a_period_knows_its_first_month_and_length(text, first, months):
    period = Period.parse(text)
    assert (str(period.first), period.months) == (first, months)


@pytest.mark.parametrize("text", ["21", "2021H3", "2021Q5", "2021-13", "2021-1", "2021Q", ""])
def test_anything_else_is_no_period(text):
    with pytest.raises(ValueError, match="a period is 2021"):
        Period.parse(text)


def test_only_periods_that_the_run_covers_whole_are_reported():
    assert [period.text for period in periods_in(MONTHS)] == ["2019"]
    assert [p.text for p in periods_in(MONTHS, "half")] == ["2018H2", "2019H1", "2019H2"]
    assert len(periods_in(MONTHS, "quarter")) == 7
    assert len(periods_in(MONTHS, "month")) == 24


def test_a_flow_is_summed_a_stock_is_the_last_month_a_share_the_mean_of_known_months():
    months = np.array([[1.0, 2.0], [3.0, np.nan]])
    np.testing.assert_array_equal(reduce_months(months, "flow"), [4, np.nan])
    np.testing.assert_array_equal(reduce_months(months, "stock"), [3, np.nan])
    np.testing.assert_array_equal(reduce_months(months, "share"), [2, 2])


def test_a_year_of_sales_is_the_sum_of_its_months():
    home = fakes.results().select("sales", region="home")
    year = over_period(home, "2018")
    assert year.values.tolist() == [78, 156, 234, 312]
    assert over_period(home, "2018Q1").values.tolist() == [6, 12, 18, 24]
    assert over_period(home, "2020") is None


def test_periods_of_each_member_are_labelled():
    table = by_period(fakes.results().select("sales", region="home"))
    assert table.dims == ("period", "member")
    assert table["period"].values.tolist() == ["2018", "2019"]
    assert table.sel(period="2018", member=1).item() == 156


def test_a_run_without_a_whole_year_has_an_empty_yearly_table():
    short = fakes.results(end="2018-05-01").select("stock")
    assert by_period(short).shape == (0, 4)
