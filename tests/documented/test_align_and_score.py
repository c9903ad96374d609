"""Hand-made runs of three years and four members beside hand-made documented values."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.documented import naive
from sim.documented.align import align, member_values, run_span
from sim.documented.observation import Documented, Observation, Reading
from sim.documented.score import EXTRA, REQUIRED, crps, quantiles, score, skill, summary
from sim.outcomes.results import Results

MONTHS = pd.date_range("2020-01-01", periods=36, freq="MS")
MEMBERS = np.array([1.0, 2.0, 3.0, 4.0])
READING = Reading.model_validate(
    {"before_sanctions_to": 2018, "in_sample_to": 2021, "resolve": "the better grade"}
)


def seen(outcome="revenue", labels="segment=total", period="2020", value=30.0, **more):
    """A documented value; an event's period is its value."""
    period = str(value) if more.get("unit") == "month" else period
    numbers = {"value": value, "low": more.pop("low", value), "high": more.pop("high", value)}
    fields = {"unit": "bn CNY", "source": "Report", "grade": "recall", **more, **numbers}
    return Observation.model_validate(
        {"outcome": outcome, "labels": labels, "period": period, **fields}
    )


def event(month, outcome="unit_sold", **more):
    return seen(outcome, "", value=month, unit="month", **more)


def documented(*observations):
    return Documented(observations, READING)


def by_month(values, dims, kind, **coords):
    coords = {"month": MONTHS, "member": np.arange(4), **coords}
    return xr.DataArray(values, coords, dims, attrs={"kind": kind, "unit": "bn CNY"})


@pytest.fixture
def results():
    month = np.arange(36.0)
    steady = np.ones(36)[:, None] * MEMBERS
    ramp = month[:, None] * MEMBERS
    sales = np.where(month[:, None] <= 8, 10.0, 0.0) * np.ones(4)
    sales[20, :] = 0.05  # samples
    stages = np.stack([4.0 * steady, 3.0 * steady, steady], axis=1)
    variables = {
        "revenue": by_month(
            np.stack([steady, 2.0 * steady], axis=1), ("month", "segment", "member"), "flow",
            segment=["carrier", "consumer"],
        ),
        "cash": by_month(ramp, ("month", "member"), "stock"),
        "yield": by_month(ramp, ("month", "member"), "share"),
        "licences": by_month(
            stages, ("month", "stage", "member"), "flow", stage=["applied", "granted", "used"]
        ),
        "foundry_sales": by_month(
            sales[:, None], ("month", "foundry", "member"), "flow", foundry=["alpha"]
        ),
        "unit_sold": xr.DataArray([10.0, 11.5, 14.0, nan], dims="member", attrs={"kind": "event"}),
        "stopped": xr.DataArray([nan, nan, nan, nan], dims="member", attrs={"kind": "event"}),
    }  # fmt: skip
    return Results(xr.Dataset(variables), {"start": "2020-01"})


def simulated(results, observation):
    values = member_values(results, observation, run_span(results))
    return None if values is None else values.tolist()


@pytest.mark.parametrize(
    ("period", "months"),
    [("2020", 12), ("2020H2", 6), ("2021Q3", 3), ("2021-09", 1), ("2021/2022", 24)],
)
def test_a_flow_is_summed_over_its_period(results, period, months):
    values = simulated(results, seen(labels="segment=consumer", period=period))
    assert values == [2.0 * months * member for member in MEMBERS]


def test_total_revenue_is_the_sum_of_the_segments(results):
    assert simulated(results, seen()) == [36.0, 72.0, 108.0, 144.0]


def test_a_stock_is_that_of_the_last_month(results):
    assert simulated(results, seen("cash", "", "2020")) == [11.0, 22.0, 33.0, 44.0]
    assert simulated(results, seen("cash", "", "2021-03")) == [14.0, 28.0, 42.0, 56.0]


def test_a_share_is_the_mean_of_the_months(results):
    assert simulated(results, seen("yield", "", "2020")) == [5.5, 11.0, 16.5, 22.0]


def test_a_ratio_divides_the_sums_of_two_labels(results):
    ratio = seen("licences", "stage=granted;of=applied", "2020-11/2021-04", 0.69)
    assert simulated(results, ratio) == [0.75, 0.75, 0.75, 0.75]


def test_an_event_counts_months_from_the_start_of_the_run(results):
    values = member_values(results, event("2020-11"), run_span(results))
    assert values[:3].tolist() == [2020 * 12 + 10, 2020 * 12 + 11, 2021 * 12 + 2]
    assert isnan(values[3])


def test_the_last_delivery_is_the_last_month_with_more_than_samples(results):
    last = event("2020-09", "last_foundry_delivery").model_copy(update={"labels": "foundry=alpha"})
    assert simulated(results, last) == [2020 * 12 + 8] * 4


def test_deliveries_to_the_end_of_the_run_have_no_last_one(results):
    sales = results.dataset["foundry_sales"]
    dataset = results.dataset.assign(foundry_sales=sales.copy(data=np.ones(sales.shape)))
    last = event("2020-09", "last_foundry_delivery").model_copy(update={"labels": "foundry=alpha"})
    values = simulated(Results(dataset, {"start": "2020-01"}), last)
    assert all(isnan(value) for value in values)


def test_only_values_that_the_run_covers_are_compared(results):
    years = [seen(period=period) for period in ("2019", "2019/2020", "2022", "2023")]
    aligned = align(results, documented(*years, event("2023-01")))
    assert [one.observation.period for one in aligned] == ["2022"]


def test_the_scorecard_has_the_required_columns_first(results):
    card = score(results, documented(seen()))
    assert tuple(card.columns) == (*REQUIRED, *EXTRA)
    assert tuple(card.columns[:3]) == ("outcome", "labels", "period")


def test_the_error_is_that_of_the_median(results):
    card = score(results, documented(seen(value=120.0))).iloc[0]  # members 36, 72, 108, 144
    assert card["q50"] == 90.0
    assert card["error_pct"] == pytest.approx(-25.0)
    assert card["in_band90"]
    assert not card["in_band50"]  # 63 to 117


def test_a_median_within_the_documented_range_has_no_error(results):
    card = score(results, documented(seen(value=120.0, low=89.0, high=120.0))).iloc[0]
    assert card["error_pct"] == 0.0
    assert card["in_band50"]


def test_a_value_of_nothing_that_is_missed_has_no_percentage(results):
    card = score(results, documented(seen(value=0.0))).iloc[0]
    assert isnan(card["error_pct"])
    assert not card["in_band90"]


def test_events_are_compared_in_months(results):
    card = score(results, documented(event("2020-09"))).iloc[0]  # by 2020-11, 2020-12, 2021-03
    assert (card["documented"], card["q50"], card["period"]) == ("2020-09", "2020-12", "2020-09")
    assert card["error_months"] == 3.0
    assert isnan(card["error_pct"])
    assert card["occurred"] == 0.75
    assert not card["in_band90"]


def test_never_lies_after_every_month(results):
    card = score(results, documented(event("2022-12"))).iloc[0]
    assert card["q95"] is None
    assert card["in_band90"]


def test_an_event_that_no_member_sees_is_a_miss(results):
    card = score(results, documented(event("2020-11", "stopped"))).iloc[0]
    assert isnan(card["error_months"])
    assert card["occurred"] == 0.0
    assert not card["in_band90"]


def test_an_outcome_that_the_run_lacks_stays_on_the_card_without_a_band(results):
    card = score(results, documented(seen("grants", ""), seen(labels="segment=cloud")))
    assert len(card) == 2
    assert card["q50"].isna().all()
    assert card["in_band90"].isna().all()


def test_a_card_survives_its_file(results, tmp_path):
    card = score(results, documented(seen(), event("2020-11"), seen("grants", "")))
    card.to_csv(tmp_path / "scorecard.csv", index=False)
    back = pd.read_csv(tmp_path / "scorecard.csv", keep_default_na=False)
    assert list(back["documented"]) == ["30.0", "2020-11", "30.0"]
    assert list(back["in_band90"]) == ["False", "True", ""]
    plain = pd.read_csv(tmp_path / "scorecard.csv")
    pd.testing.assert_frame_equal(summary(plain), summary(card), check_dtype=False)


def test_quantiles_of_an_event_count_every_member():
    members = np.array([5.0, 1.0, nan, 3.0])
    assert quantiles(members, never_last=True)[:3].tolist() == [1.0, 1.0, 3.0]
    assert quantiles(members, never_last=False)[2] == 3.0
    assert quantiles(np.array([2.0, 4.0, nan]), never_last=False)[2] == 3.0


def test_crps_of_one_member_is_its_error_and_of_two_the_textbook_value():
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(1.0 - 0.5)


def test_the_last_value_is_taken_before_the_forecast_begins():
    known = [seen(period=str(y), value=v) for y, v in zip(range(2016, 2023), range(7), strict=True)]
    past = documented(*known)
    by_year = {one.period: naive.last_value(past, one) for one in known}
    assert by_year["2022"] == 5.0  # of 2021, the end of the sample
    assert by_year["2021"] == by_year["2019"] == 2.0  # of 2018, before the sanctions
    assert by_year["2018"] == 1.0
    assert isnan(by_year["2016"])


def test_the_trend_carries_on_the_growth_before_the_sanctions():
    past = documented(seen(period="2016", value=100.0), seen(period="2018", value=121.0))
    assert naive.trend(past, seen(period="2020")) == pytest.approx(146.41)
    assert isnan(naive.trend(past, seen("cash", "", "2020")))


def test_skill_is_one_when_right_nil_when_as_wrong_and_undefined_against_the_truth():
    assert skill(seen(value=10.0), 10.0, 20.0) == 1.0
    assert skill(seen(value=10.0), 0.0, 20.0) == 0.0
    assert isnan(skill(seen(value=10.0), 5.0, 10.0))
    assert isnan(skill(seen(value=10.0), 5.0, nan))


def test_the_summary_keeps_the_samples_apart(results):
    past = documented(
        seen(period="2020", value=120.0),  # -25 %, covered
        seen(period="2021", value=1000.0),  # -91 %, missed
        seen(period="2022", value=90.0),  # right
        seen("grants", "", period="2021"),
        event("2020-09"),
    )
    table = summary(score(results, past))
    inside, outside = table.loc["in"], table.loc["out"]
    assert (inside["documented"], inside["simulated"], inside["events"]) == (4, 3, 1)
    assert inside["median_abs_error_pct"] == pytest.approx((25.0 + 91.0) / 2.0)
    assert inside["median_abs_error_months"] == 3.0
    assert inside["coverage90"] == pytest.approx(1 / 3)
    assert (outside["documented"], outside["coverage50"], outside["beats_last_value"]) == (1, 1, 1)
