import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.outcomes.summary import PROBS, event_quantiles, member_quantiles, quantile_names
from tests.outcomes import fakes


@given(arrays(float, (3, 7), elements=st.floats(-1e6, 1e6)))
def test_quantiles_equal_those_of_numpy(values):
    np.testing.assert_allclose(
        member_quantiles(values), np.quantile(values, PROBS, axis=-1), rtol=1e-12, atol=1e-9
    )


def test_unknown_members_are_left_out_of_a_band():
    values = np.array([[np.nan, 1.0, 3.0], [np.nan, np.nan, 5.0], [np.nan] * 3])
    np.testing.assert_array_equal(member_quantiles(values, (0.5,))[0], [2, 5, np.nan])


def test_quantiles_have_short_names():
    assert quantile_names((0.05, 0.5, 0.975)) == ["q05", "q50", "q97.5"]


def test_never_counts_as_later_than_the_end_of_the_run():
    months = np.array([4.0, np.nan, 2.0, np.nan])
    np.testing.assert_array_equal(event_quantiles(months, (0.25, 0.5, 0.75)), [2, 4, np.nan])


def test_bands_by_month_are_tidy():
    table = fakes.results().quantiles()
    assert list(table) == ["outcome", "labels", "month", "q05", "q25", "q50", "q75", "q95"]
    row = table[(table.outcome == "sales") & (table.labels == "region=home")].iloc[2]
    assert row["month"] == pd.Timestamp("2018-03-01")
    assert row["q50"] == 3 * 2.5


def test_combinations_that_do_not_exist_are_left_out():
    labels = set(fakes.results().quantiles().query("outcome == 'works'").labels)
    assert labels == {"maker=a;region=home", "maker=a;region=total"}


def test_yearly_bands_follow_the_kind_of_the_outcome():
    table = fakes.results().annual().set_index(["outcome", "labels", "period"])["q50"]
    assert table["sales", "region=home", "2018"] == 78 * 2.5
    assert table["stock", "", "2019"] == 23 * 2.5
    assert table["share", "", "2018"] == 0.5
    assert "found" not in table.index.get_level_values("outcome")


def test_incomplete_years_are_left_out():
    assert set(fakes.results(end="2019-11-01").annual().period) == {"2018"}


def test_events_are_months_with_the_share_of_members_that_see_them():
    events = fakes.results().events()
    row = events.iloc[0]
    assert (row["outcome"], row["q25"], row["q50"], row["q75"]) == (
        "found", "2018-01", "2018-02", "2018-03"
    )  # fmt: skip
    assert row["q95"] is None
    assert row["share"] == 0.75


def test_a_paired_comparison_is_made_member_by_member():
    base, other = fakes.results(), fakes.results(factor=2.0)
    table = base.compare(other).set_index(["outcome", "labels", "period"])
    row = table.loc[("sales", "region=home", "2018")]
    assert row["median"] == 78 * 2.5
    assert row["other_median"] == 2 * 78 * 2.5
    assert row["q50"] == 78 * 2.5
    assert row["q05"] == pytest.approx(78 * (1 + 0.15))
    assert table.loc[("stock", "", "2018")]["q95"] == 0
    assert table.loc[("found", "", "")]["q50"] == 0


def test_runs_without_common_luck_have_no_paired_band():
    table = fakes.results(seed=1).compare(fakes.results(seed=2))
    assert table["median"].notna().all()
    assert table["q50"].isna().all()


def test_only_years_of_both_runs_are_compared():
    table = fakes.results().compare(fakes.results(end="2018-12-01"))
    assert set(table.period) == {"2018", ""}


def test_events_of_runs_that_begin_apart_are_compared_by_date():
    early, late = fakes.results(), fakes.results(start="2018-03-01")
    # Replicate r sees it in month r of its run, so two months later by date.
    row = early.compare(late).set_index("outcome").loc["found"]
    assert (row["q05"], row["q95"]) == (2, 2)
    assert row["other_median"] - row["median"] == 2
