"""Lines of the scorecard and bars, on hand-made cards and runs."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.case.errors import ConfigError
from sim.documented.bars import Bar, Judged, judge, load_bars, low_after_high
from sim.documented.lines import by_outcome
from sim.documented.observation import Documented, Observation, Reading
from sim.documented.score import score
from sim.documented.verdicts import verdict
from sim.outcomes.results import Results

YEARS = range(2019, 2023)
READING = Reading.model_validate(
    {
        "before_sanctions_to": 2019,
        "in_sample_to": 2021,
        "resolve": "the better grade",
        "tolerances": {"sales": 10},
    }
)


def seen(outcome, period, value, **more):
    numbers = {"value": value, "low": more.pop("low", value), "high": more.pop("high", value)}
    fields = {"unit": "bn CNY", "source": "Report", "grade": "recall", **more, **numbers}
    return Observation.model_validate(
        {"outcome": outcome, "labels": "", "period": str(period), **fields}
    )


def run(**yearly):
    """A run of four years; each outcome has (years, members) values, all in January."""
    months = pd.date_range("2019-01-01", periods=48, freq="MS")
    variables = {}
    for name, values in yearly.items():
        if name == "opened":
            variables[name] = xr.DataArray(values, dims="member", attrs={"kind": "event"})
            continue
        whole = np.zeros((48, np.shape(values)[1]))
        whole[::12] = values
        attrs = {"kind": "flow", "unit": "bn CNY"}
        variables[name] = xr.DataArray(whole, {"month": months}, ("month", "member"), attrs=attrs)
    return Results(xr.Dataset(variables), {"start": "2019-01"})


PAST = Documented(
    (
        seen("sales", 2019, 100.0),
        seen("sales", 2020, 120.0),
        seen("sales", 2021, 60.0, low=55.0, high=66.0),
        seen("sales", 2022, 80.0),
        seen("profit", 2022, 10.0),
        seen("opened", "2020-06", "2020-06", unit="month"),
    ),
    READING,
)
# Medians 100, 130, 70, 60 of three members each.
SALES = np.array([[90, 100, 110], [110, 130, 150], [50, 70, 75], [40, 60, 95]], dtype=float)
RUN = run(sales=SALES, profit=np.array([[1.0], [2.0], [3.0], [9.0]]).repeat(3, 1),
          opened=[14.0, 19.0, nan])  # fmt: skip


@pytest.fixture(scope="module")
def card():
    return score(RUN, PAST)


def judged(card, **bar):
    fields = {"title": "a bar", "outcomes": ["sales"], **bar}
    return judge({"one": Bar.model_validate(fields)}, RUN, PAST, card)["one"]


def test_the_case_states_the_tolerance_of_an_outcome(card):
    rows = card.set_index(["outcome", "period"])
    assert rows.loc[("sales", "2020"), "tolerance"] == 10.0
    assert rows.loc[("profit", "2022"), "tolerance"] == 15.0
    assert rows.loc[("sales", "2020"), "verdict"] == "PASS"  # 8 % off, in the band
    assert rows.loc[("sales", "2022"), "verdict"] == "WARN"  # 25 % off, in the band
    assert verdict({"in_band90": True, "error_pct": 12.0}) == "PASS"  # an older card


def test_an_event_that_a_member_never_sees_counts_as_the_month_after_the_run(card):
    row = card[card["outcome"] == "opened"].iloc[0]
    # June 2020 is month 17 from the start; the members have 14, 19 and, never, 48.
    members = np.array([14.0, 19.0, 48.0]) - 17.0
    pairs = np.abs(members[:, None] - members).mean() / 2.0
    assert row["crps"] == pytest.approx(np.abs(members).mean() - pairs)


def test_a_line_sums_up_its_outcome_and_the_total_all_of_them(card):
    lines = by_outcome(card)
    assert list(lines.index) == ["sales", "profit", "opened", "total"]
    sales = lines.loc["sales"]
    # 0, 10/120, 10/60 (beyond the range), 20/80.
    assert sales["mean_abs_error_pct"] == pytest.approx(np.mean([0, 100 / 12, 100 / 6, 25]))
    assert (sales["values"], sales["coverage90"]) == (4, 1.0)
    assert sales["verdict"] == "WARN"  # covered, but 12.5 % is more than 10 %
    assert (lines.loc["opened", "mean_abs_error_months"], lines.loc["total", "values"]) == (2.0, 6)


def test_a_median_inside_the_documented_range_has_no_error():
    inside = score(run(sales=np.array([[1.0], [1.0], [66.0], [1.0]])), PAST)
    assert inside[inside["period"] == "2021"]["error_pct"].iloc[0] == 0.0


def test_skill_of_a_line_sets_the_whole_band_against_a_point_forecast():
    exact = run(sales=np.array([[100.0], [120.0], [60.0], [80.0]]))
    known = Documented(PAST.observations[:4], READING)
    assert by_outcome(score(exact, known)).loc["sales", "skill_last"] == 1.0
    # One member that says what the last value says has no skill: 2020 and 2021 stay at 100.
    stale = run(sales=np.array([[100.0], [100.0], [100.0], [60.0]]))
    assert by_outcome(score(stale, known)).loc["sales", "skill_last"] == pytest.approx(0.0)


def test_errors_are_measured_as_the_bar_says(card):
    late = {"periods": ["2020", "2022"], "high": 10}
    assert judged(card, measure="mean_error", **late).measured == pytest.approx((100 / 12 + 25) / 2)
    assert judged(card, measure="largest_error", **late).measured == 25.0
    assert judged(card, measure="largest_error", sample="in").measured == pytest.approx(100 / 6)
    assert judged(card, measure="median_error", **late).values == 2
    months = judged(card, measure="months_off", outcomes=["opened"], high=2)
    assert (months.measured, months.verdict) == (2.0, "PASS")


def test_coverage_counts_numbers_and_no_events(card):
    found = judged(card, measure="coverage90", outcomes=[], low=0.8, high=0.98)
    assert (found.values, found.measured) == (5, 0.8)  # profit of 9 is not 10


def test_coverage_of_the_predictive_band_counts_its_own_flags(card):
    late = {"outcomes": ["sales"], "periods": ["2021", "2022"], "low": 0.8}
    assert judged(card, measure="predictive90", **late).measured == 1.0
    moved = card.assign(in_predictive90=[*[True] * 3, False, *[True] * 2])
    assert moved["in_band90"].iloc[3]
    assert judged(moved, measure="predictive90", **late).measured == 0.5


def test_direction_is_that_of_the_medians_from_year_to_year(card):
    found = judged(card, measure="direction", periods=["2020", "2022"], low=1, warn_low=0.5)
    assert (found.measured, found.values, found.verdict) == (0.5, 2, "WARN")  # 2022 falls
    assert found.members == pytest.approx(4 / 6)


def test_the_low_is_the_least_after_the_peak(card):
    assert low_after_high(np.array([[1.0, 5.0], [9.0, 4.0], [3.0, 6.0]])).tolist() == [2, 2]
    found = judged(card, measure="low_year", low=2021, high=2021, warn_high=2022)
    assert (found.measured, found.verdict) == (2022.0, "WARN")
    assert found.members == pytest.approx(1 / 3)


def test_a_missed_bar_is_a_miss_and_one_without_values_is_none(card):
    assert judged(card, measure="mean_error", high=1).verdict == "MISS"
    nothing = judged(card, measure="mean_error", outcomes=["dies"])
    assert (nothing.values, nothing.verdict) == (0, "")
    assert isnan(nothing.measured)
    assert Judged(nothing.bar, nan, 3).verdict == "MISS"


def test_a_case_without_bars_has_none_and_a_wrong_one_is_named(tmp_path):
    assert load_bars(tmp_path) == {}
    (tmp_path / "documented").mkdir()
    (tmp_path / "documented" / "bars.yaml").write_text("bars: {one: {title: x, measure: luck}}")
    with pytest.raises(ConfigError, match=r"bars\.yaml, line 1: bars\.one\.measure"):
        load_bars(tmp_path)
