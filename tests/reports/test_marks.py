from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.outcomes.dataset import OutcomeError
from sim.reports.axes import day_number, window
from sim.reports.figures import figure_revenue, figure_timeline
from sim.reports.marks import entries_of, main_measures, measure_key, parse_day, spread
from sim.reports.timeline import touches
from tests.reports.synthetic import SyntheticRun


def with_timeline(run: SyntheticRun, *entries: dict[str, object]) -> SyntheticRun:
    return SyntheticRun(run.dataset, {**run.manifest, "timeline": list(entries)})


def segments(ax: Axes, label: str) -> list[np.ndarray]:
    drawn = [lines for lines in ax.collections if lines.get_label() == label]
    return [segment for lines in drawn for segment in lines.get_segments()]


def marks(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_label() == "mark"]


def bars(run: SyntheticRun, key: str) -> list[Rectangle]:
    patches = figure_timeline(run).axes[0].patches
    return [patch for patch in patches if patch.get_label() == key]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-05-15", date(2020, 5, 15)),
        ("2020-05", date(2020, 5, 1)),
        ("2020", date(2020, 1, 1)),
        (None, None),
        ("unknown", None),
    ],
)
def test_a_day_may_be_given_as_month_or_year(text, day):
    assert parse_day(text) == day


def test_numbers_that_would_overlap_move_apart_and_others_stay():
    assert spread([0.0, 10.0, 11.0, 30.0], gap=5, low=-50, high=50) == pytest.approx(
        [0, 8, 13, 30], abs=1e-3
    )


def test_numbers_stay_within_the_axis():
    moved = spread([99.0, 99.5, 100.0], gap=4, low=0, high=100)
    assert max(moved) <= 100
    assert min(b - a for a, b in itertools.pairwise(moved)) == pytest.approx(4, abs=0.01)


def test_marks_leave_out_context_decisions_and_what_lies_outside_the_run(run):
    marked = [entry.id for entry in main_measures(run)]
    assert "law" not in marked  # context
    assert "sale" not in marked  # decided inside
    assert "old" not in marked  # over before the run begins
    assert {"listing", "fdpr1", "fdpr2", "hbm"} <= set(marked)


def test_measures_called_main_win(run):
    first = {"id": "a", "kind": "tool_control", "effective": "2020-01-01", "main": True}
    second = {"id": "b", "kind": "entity_listing", "effective": "2021-01-01"}
    assert [entry.id for entry in main_measures(with_timeline(run, first, second))] == ["a"]


def test_with_little_room_each_kind_comes_before_the_second_of_any(run):
    marked = [entry.kind for entry in main_measures(run, most=3)]
    assert sorted(marked) == [
        "compute_performance_control", "entity_listing", "foreign_direct_product_rule",
    ]  # fmt: skip


def test_a_line_stands_on_the_day_that_a_measure_takes_effect(run):
    ax = figure_revenue(run).axes[0]
    drawn = {float(segment[0, 0]) for segment in segments(ax, "measures")}
    assert drawn == {day_number(entry.effective) for entry in main_measures(run)}
    assert marks(ax) == [str(k + 1) for k in range(len(drawn))]


def test_the_key_under_the_figure_gives_number_month_and_title(run):
    key = measure_key(main_measures(run))
    assert key[1] == "2  May 2019  Focal firm put on the entity list"


def test_a_measure_has_a_bar_from_announcement_to_effect_and_one_to_the_end_of_the_run(run):
    waiting, in_force = bars(run, "fdpr1")
    assert waiting.get_x() == day_number(date(2020, 5, 15))
    assert waiting.get_x() + waiting.get_width() == day_number(date(2020, 9, 14))
    assert in_force.get_x() == day_number(date(2020, 9, 14))
    assert in_force.get_x() + in_force.get_width() == day_number(date(2027, 1, 1))


def test_the_bar_of_an_ended_measure_stops(run):
    (bar,) = bars(run, "denial")
    assert bar.get_x() + bar.get_width() == day_number(date(2018, 7, 13))


def test_entries_before_the_run_are_left_out_and_context_is_drawn_as_a_point(run):
    ax = figure_timeline(run).axes[0]
    labels = {line.get_label() for line in ax.lines}
    assert bars(run, "old") == []
    assert {"talks", "law", "sale", "bill"} <= labels


def test_a_run_without_timeline_has_figures_without_marks_but_no_timeline_figure(run):
    bare = with_timeline(run)
    assert entries_of(bare) == []
    assert marks(figure_revenue(bare).axes[0]) == []
    with pytest.raises(OutcomeError, match="no timeline"):
        figure_timeline(bare)


def test_measures_that_answer_an_act_are_named_under_the_timeline(run):
    dated = {"id": "a", "title": "Dated", "kind": "tool_control", "effective": "2020-01-01"}
    answer = {"id": "b", "title": "Listing of a front company", "kind": "entity_listing"}
    words = [text.get_text() for text in figure_timeline(with_timeline(run, dated, answer)).texts]
    assert any(line.endswith("inside the model: Listing of a front company.") for line in words)


def test_a_grace_period_counts_as_waiting(run):
    rule = {"id": "rule", "kind": "foreign_direct_product_rule", "announced": "2020-05-15",
            "effective": "2020-05-15", "grace_days": 120}  # fmt: skip
    waiting, binding = bars(with_timeline(run, rule), "rule")
    assert waiting.get_x() == day_number(date(2020, 5, 15))
    assert binding.get_x() == day_number(date(2020, 9, 12))
    (window,) = segments(figure_revenue(with_timeline(run, rule)).axes[0], "window")
    assert list(window[:, 0]) == [waiting.get_x(), binding.get_x()]


def test_a_signal_before_the_run_is_over_and_a_rule_before_it_still_binds(run):
    signal = {"id": "signal", "kind": "signal", "announced": "2016-05-01", "acts": True}
    rule = {"id": "rule", "kind": "tool_control", "effective": "2016-05-01", "acts": True}
    kept = [entry.id for entry in entries_of(with_timeline(run, signal, rule))
            if touches(entry, *window(run))]  # fmt: skip
    assert kept == ["rule"]
