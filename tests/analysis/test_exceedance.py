"""Chances by hand numbers, from runs and from experiments."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.analysis.exceedance import Yearly, amounts, passings, peak_year, table_of, yearly
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.results import Results
from sim.reports.exceedance import draw_curves, exceedance_section, save_curves
from sim.runs.simulate import RunError

COLUMN = "accelerators|die_origin=total"


def flow(*rows, kind="flow", first=2018):
    values = np.array(rows, dtype=float)
    return Yearly(tuple(range(first, first + len(values))), values, "thousand units", kind)


def test_a_flow_counts_all_that_came_by_the_year():
    made = flow([1, 2, 3, 4], [1, 1, 1, 1], [9, 9, 9, 9])
    (curve,) = amounts({"base": made}, COLUMN, by=2019, steps=(2, 3, 4, 6))
    assert curve.chances.tolist() == [1.0, 0.75, 0.5, 0.0]  # 2, 3, 4, 5
    assert curve.question == "Accelerators in all by the end of 2019: chance of at least"


def test_a_stock_counts_what_is_there_in_the_year():
    (curve,) = amounts({"base": flow([1, 9], [5, 7], kind="stock")}, "cash", 2019, (6,))
    assert curve.chances.tolist() == [0.5]


def test_thresholds_are_round_and_reach_what_hardly_any_member_has():
    made = flow(np.linspace(0, 1000, 500))
    (curve,) = amounts({"base": made}, COLUMN)
    assert curve.steps.tolist() == list(np.arange(100, 1001, 100))
    assert curve.chances[0] == pytest.approx(0.9)
    assert len(amounts({"none": flow([0, 0])}, COLUMN)[0].steps) == 0


def test_a_level_once_passed_stays_passed():
    sales = flow([10, 10, 10, 10], [5, 5, 5, 5], [11, 9, 9, 9], [8, 12, 9, 9])
    (curve,) = passings({"base": sales}, "revenue|segment=total", above=2018)
    assert curve.steps.tolist() == [2019, 2020, 2021]
    assert curve.chances.tolist() == [0.0, 0.25, 0.5]
    assert curve.question == "Revenue above its value of 2018: chance by the end of"


def test_each_member_is_measured_by_its_own_level():
    (curve,) = passings({"base": flow([10, 100], [20, 90])}, COLUMN, above=2018)
    assert curve.chances.tolist() == [0.5]


def test_the_peak_is_the_highest_year_before_the_deepest_fall():
    assert peak_year(flow([7], [9], [8], [3], [12])) == 2019
    assert peak_year(flow([1], [2], [3])) is None
    assert passings({"base": flow([1], [2], [3])}, COLUMN) == []


def test_a_year_outside_the_run_is_refused():
    made = flow([1, 2], [3, 4])
    with pytest.raises(RunError, match="2030 is not among the years 2018-2019"):
        amounts({"base": made}, COLUMN, by=2030)
    with pytest.raises(RunError, match="no year of the run comes after 2019"):
        passings({"base": made}, COLUMN, above=2019)


def test_the_error_of_counting_stands_beside_each_chance():
    (curve,) = amounts({"base": flow([1, 2, 3, 4])}, COLUMN, steps=(3,))
    row = table_of([curve]).iloc[0]
    assert (row["chance"], row["members"]) == (0.5, 4)
    assert row["error"] == 0.25


def monthly():
    """A run of two years and three members that sell 1, 2 and 3 a month."""
    months = pd.date_range("2020-01-01", periods=24, freq="MS")
    attrs = {"unit": "bn CNY", "kind": "flow"}
    values = np.ones((24, 1, 1)) * np.array([1.0, 2.0, 3.0])
    coords = {"month": months, "segment": ["consumer"]}
    sold = xr.DataArray(values, coords, ("month", "segment", "member"), attrs=attrs)
    event = xr.DataArray([1.0, 2.0, 3.0], dims="member", attrs={"kind": "event"})
    return Results(xr.Dataset({"revenue": sold, "unit_sold": event}), {"start": "2020-01"})


def test_a_run_is_read_by_year():
    found = yearly(monthly(), "revenue|segment=total", "a run")["a run"]
    assert (found.years, found.values.tolist()) == ((2020, 2021), [[12, 24, 36]] * 2)
    with pytest.raises(OutcomeError, match="unit_sold is an event"):
        yearly(monthly(), "unit_sold")


def test_a_run_without_a_whole_year_tells_no_chances():
    short = Results(monthly().dataset.isel(month=slice(0, 3)), {"start": "2020-01"})
    with pytest.raises(RunError, match="at least one whole year"):
        yearly(short, "revenue|segment=total")
    assert exceedance_section([("a run", short)]) is None


def experiment(values, complete=True):
    """An experiment of (scenarios, lever points, draws, replicates, years)."""
    dims = ("scenario", "lever_point", "uncertainty_point", "replicate", "period")
    attrs = {"unit": "bn CNY", "kind": "flow"}
    array = xr.DataArray(np.asarray(values), {"period": ["2020", "2021"]}, dims, attrs=attrs)
    return SimpleNamespace(
        scenarios=("base", "other"), shape=array.shape[:4], complete=complete, levers=("a.grace",),
        periods=("2020", "2021"), is_event=lambda column: False, select=lambda column: array,
        folder=SimpleNamespace(path="out/x"),
        points=pd.DataFrame({"a.grace": np.repeat([0, 60], array.shape[2])}),
    )  # fmt: skip


def read(values, complete=True):
    return yearly(experiment(values, complete), "revenue|segment=total")


def test_scenarios_and_choices_of_levers_are_told_apart_and_draws_are_members():
    values = np.arange(2 * 2 * 3 * 2 * 2, dtype=float).reshape(2, 2, 3, 2, 2)
    found = read(values)
    assert list(found) == ["base, grace 0", "base, grace 60", "other, grace 0", "other, grace 60"]
    assert found["base, grace 0"].values.shape == (2, 6)
    assert found["other, grace 60"].values[1].tolist() == values[1, 1, ..., 1].ravel().tolist()


def test_an_unfinished_experiment_and_missing_values_are_refused():
    values = np.ones((2, 1, 1, 2, 2))
    with pytest.raises(RunError, match="not finished"):
        read(values, complete=False)
    values[0, 0, 0, 1, 0] = np.nan
    with pytest.raises(RunError, match="no value in some years"):
        read(values)


def test_curves_are_drawn_one_line_a_scenario_and_written_as_a_table(tmp_path):
    made = {"a": flow([1, 2], [3, 4]), "b": flow([2, 2], [3, 4])}
    curves = amounts(made, COLUMN, steps=(4, 5, 6))
    lines = draw_curves(curves).axes[0].lines
    assert [line.get_ydata().tolist() for line in lines] == [[100, 50, 50], [100, 100, 50]]
    assert {path.suffix for path in save_curves([curves], tmp_path)} == {".csv", ".svg", ".png"}
    assert len(pd.read_csv(tmp_path / "exceedance.csv")) == 6


def test_a_run_that_can_answer_neither_question_has_no_section():
    assert exceedance_section([("run", monthly())]) is None  # sales never fall
