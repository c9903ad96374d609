from __future__ import annotations

import itertools
import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.dataset import OutcomeError
from sim.reports.axes import day_number
from sim.reports.events import in_members
from sim.reports.figures import (
    FIGURES,
    FigureSkipped,
    draw_figures,
    figure_chip_supply,
    figure_compare,
    figure_events,
    figure_limits,
    figure_phones,
    figure_purchases,
    figure_revenue,
    figure_shares,
    figure_stock_cover,
)
from sim.reports.points import first_day
from tests.reports.synthetic import SyntheticRun, synthetic_run


def medians(ax: Axes) -> list[float]:
    lines = [line.get_ydata() for line in ax.lines if line.get_label() == "median"]
    return [float(level) for values in lines for level in values[::3]]


def plotted(ax: Axes, label: str) -> list[tuple[float, float]]:
    lines = [line for line in ax.lines if line.get_label() == label]
    return [(float(x), float(y)) for line in lines for x, y in zip(*line.get_data(), strict=True)]


def title_of(ax: Axes) -> str:
    (title,) = [text.get_text() for text in ax.texts if text.get_label() == "title"]
    return title.replace("\n", " ")


def text_of(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


def without(run: SyntheticRun, *outcomes: str) -> SyntheticRun:
    return SyntheticRun(run.dataset.drop_vars(list(outcomes)), run.manifest)


def test_the_median_of_a_year_is_the_median_of_the_members_yearly_sums(run):
    monthly = run.dataset["revenue"].sel(segment="total").transpose("month", "member").values
    expected = [np.median(monthly[12 * k : 12 * k + 12].sum(axis=0)) for k in range(9)]
    assert medians(figure_revenue(run).axes[0]) == pytest.approx(expected)


def test_a_changed_number_moves_the_plotted_line_of_its_year_only(run):
    changed = SyntheticRun(run.dataset.copy(deep=True), run.manifest)
    changed.dataset["revenue"].loc[{"segment": "total", "month": "2021-05-01"}] += 100.0
    before, after = (medians(figure_revenue(one).axes[0]) for one in (run, changed))
    moved = np.array(after) - np.array(before)
    assert moved == pytest.approx([0, 0, 0, 100, 0, 0, 0, 0, 0])


def test_bands_are_the_quantiles_of_the_members(run):
    sums = run.dataset["revenue"].sel(segment="total").groupby("month.year").sum()
    (wide,) = [
        patch for patch in figure_revenue(run).axes[0].patches if patch.get_label() == "90 %"
    ]
    data = wide.get_data()
    assert data.baseline == pytest.approx(sums.quantile(0.05, "member").values)
    assert data.values == pytest.approx(sums.quantile(0.95, "member").values)


def test_documented_points_stand_at_their_values_in_the_middle_of_their_year(run, documented):
    rows = documented[
        (documented["labels"] == "segment=total") & (documented["period"] != "2021H1")
    ]
    points = plotted(figure_revenue(run, documented).axes[0], "documented")
    assert [value for _, value in points] == list(rows["value"])
    middle_of_2018 = day_number(np.datetime64("2018-07-02"))
    assert points[0][0] == pytest.approx(middle_of_2018, abs=1)


def test_half_a_year_is_not_drawn_among_years(run, documented):
    points = plotted(figure_revenue(run, documented).axes[0], "documented")
    assert 320.0 not in [value for _, value in points]


def test_a_range_of_sources_is_a_bar_and_a_weak_source_a_hollow_point(run, documented):
    total = figure_phones(run, documented).axes[0]
    assert [value for _, value in plotted(total, "documented range")] == [238, 241, 30, 40]
    (weak,) = [line for line in total.lines if line.get_label() == "documented, weak source"]
    assert list(weak.get_ydata()) == [35.0]
    assert weak.get_markerfacecolor() == "white"


def test_a_mean_over_a_year_shows_which_year(run, documented):
    axes = figure_shares(run, documented).axes
    (world,) = [ax for ax in axes if title_of(ax) == "Phones: World"]
    days = [day for day, _ in plotted(world, "documented period")]
    assert days == [day_number(first_day(2020 * 12)), day_number(first_day(2021 * 12))]


def test_layers_of_a_stack_add_up_to_the_mean_total(run):
    ax = figure_chip_supply(run).axes[0]
    top = next(patch for patch in ax.patches if patch.get_label() == "sum").get_data().values
    received = run.dataset["chips"].sel(item="own_advanced_soc", stage="received")
    quarters = received.sum("origin").mean("member").values.reshape(36, 3).sum(axis=1)
    assert top == pytest.approx(quarters)


def test_what_limits_a_line_is_the_mean_share_of_a_quarter_and_demand_is_left_out(run):
    figure = figure_limits(run)
    (ax,) = figure.axes
    assert title_of(ax) == "Phones"
    top = next(patch for patch in ax.patches if patch.get_label() == "sum").get_data().values
    shares = run.dataset["binding"].sel(line="phones", constraint="processors").mean("member")
    assert top == pytest.approx(shares.values.reshape(36, 3).mean(axis=1))
    assert ax.get_ylim() == (0.0, 1.0)
    assert "Limited by demand alone, or nearly so: Cloud." in text_of(figure)


def test_an_event_is_drawn_in_its_months_with_the_share_of_members_that_see_it(run, documented):
    ax = figure_events(run, documented).axes[0]
    names = [text.get_text() for text in ax.texts if text.get_label() == "row"]
    assert names[0] == "Own advanced phone SoC runs out, in 80 %"
    row = names.index("First phone with a domestic advanced chip, in 80 %")
    ((day, height),) = plotted(ax, "documented")
    assert height == row
    assert np.datetime64("2023-08-01") < np.datetime64(int(day), "D") < np.datetime64("2023-09-01")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_without_documented_outcomes(name, run):
    if name == "tools":
        with pytest.raises(OutcomeError, match="tools_received"):
            FIGURES[name](run, None)
        return
    figure = FIGURES[name](run, None)
    assert figure.axes
    assert "Documented:" not in text_of(figure)


def test_the_line_under_a_figure_names_sources_members_and_seed(run, documented):
    words = text_of(figure_revenue(run, documented))
    assert "Documented: Invented firm, annual report." in words
    assert "Simulated: Invented firm, 40 members, seed 3." in words


def test_countries_beyond_the_largest_are_named_instead_of_drawn(run):
    many = run.dataset["purchases"]
    renamed = [many.assign_coords(country=[f"{key}_{k}" for key in many["country"].values])
               for k in range(2)]  # fmt: skip
    purchases = xr.concat(renamed, dim="country")
    dataset = run.dataset.drop_dims("country").assign(purchases=purchases)
    figure = figure_purchases(SyntheticRun(dataset, run.manifest))
    assert len(figure.axes) == 6
    assert "Not shown, smaller:" in text_of(figure)


def test_a_missing_outcome_is_named_in_the_error(run):
    with pytest.raises(OutcomeError, match="no outcome 'stock_cover'"):
        figure_stock_cover(without(run, "stock_cover"))


def test_an_outcome_without_any_number_is_an_error_and_not_an_empty_figure(run):
    empty = run.dataset.copy(deep=True)
    empty["revenue"][...] = np.nan
    with pytest.raises(OutcomeError, match="no values for revenue"):
        figure_revenue(SyntheticRun(empty, run.manifest))


def test_a_figure_without_its_outcome_is_skipped_with_a_note_and_the_rest_is_written(tmp_path, run):
    small = SyntheticRun(run.dataset[["revenue", "cash"]], {"seed": 3})
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", FigureSkipped)
        paths = draw_figures(small, None, tmp_path, formats=("svg",))
    said = [str(note.message) for note in notes if note.category is FigureSkipped]
    assert "figure 'phones' left out: there is no outcome 'phones_shipped'" in " ".join(said)
    assert [path.name for path in paths] == ["revenue.svg", "segments.svg", "money.svg"]


def test_every_figure_is_written_in_both_formats(tmp_path, run, documented):
    kept = ["revenue", "phones_shipped", "phones_shipped_soc", "unit_sold"]
    small = SyntheticRun(run.dataset[kept], run.manifest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FigureSkipped)
        paths = draw_figures(small, documented, tmp_path / "figures")
    assert {path.name for path in paths} == {
        f"{name}.{form}"
        for name in ("timeline", "revenue", "segments", "phones", "events")
        for form in ("svg", "png")
    }
    starts = {path.suffix: path.read_bytes()[:5] for path in paths}
    assert starts == {".svg": b"<?xml", ".png": b"\x89PNG\r"}


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path, run):
    with pytest.raises(ValueError, match="'gif': choose from svg, png, pdf"):
        draw_figures(run, None, tmp_path / "figures", formats=("svg", "gif"))
    assert not (tmp_path / "figures").exists()


def test_the_same_run_gives_the_same_bytes_and_text_stays_text(tmp_path, run, documented):
    small = SyntheticRun(run.dataset[["revenue"]], run.manifest)
    written = []
    for place in ("a", "b"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FigureSkipped)
            written.append(draw_figures(small, documented, tmp_path / place, formats=("svg",)))
    assert [path.read_bytes() for path in written[0]] == [path.read_bytes() for path in written[1]]
    svg = written[0][1].read_text(encoding="utf-8")
    assert ">Revenue</text>" in svg
    assert "<dc:date>" not in svg


def test_two_runs_are_overlaid_and_their_difference_is_taken_member_by_member(run):
    smaller = synthetic_run(scale=0.75)
    upper, lower = figure_compare(run, smaller, "revenue", "segment=total").axes
    both = medians(upper)
    assert both[9:] == pytest.approx([0.75 * value for value in both[:9]])
    assert medians(lower) == pytest.approx([-0.25 * value for value in both[:9]])


def test_runs_with_different_luck_have_no_difference_panel(run):
    other = synthetic_run(seed=4)
    assert len(figure_compare(run, other, "cash").axes) == 1


def test_an_event_has_no_course_to_compare(run):
    with pytest.raises(ValueError, match="unit_sold is an event"):
        figure_compare(run, run, "unit_sold")


def test_runs_over_different_months_are_not_overlaid(run):
    shorter = SyntheticRun(run.dataset.isel(month=slice(0, 24)), run.manifest)
    with pytest.raises(ValueError, match="different months"):
        figure_compare(run, shorter, "cash")


@pytest.mark.parametrize("months", [1, 5, 30])
def test_a_short_run_is_drawn_too(months, run, documented):
    short = SyntheticRun(run.dataset.isel(month=slice(0, months)), run.manifest)
    ax = figure_revenue(short, documented).axes[0]
    begin, end = ax.get_xlim()
    assert end - begin == pytest.approx(30.4 * months, abs=2)
    assert medians(ax)


def test_the_callers_matplotlib_settings_are_left_alone(run):
    before = dict(mpl.rcParams)
    figure_revenue(run)
    assert dict(mpl.rcParams) == before


def test_drawing_needs_no_pyplot():
    code = "import sys, sim.reports.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_long_title_takes_two_lines_and_never_meets_the_next(run):
    long = "Memory of an average phone of the year, as kits of working and storage memory"
    named = SyntheticRun(run.dataset, {**run.manifest, "names": {"memory": long}})
    figure = figure_stock_cover(named)
    figure.draw_without_rendering()
    titles = [text for ax in figure.axes for text in ax.texts if text.get_label() == "title"]
    boxes = [title.get_window_extent() for title in titles]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert max(box.x1 for box in boxes) < figure.bbox.x1
    assert long in [title_of(ax) for ax in figure.axes]


def test_a_panel_of_nothing_but_zeros_is_named_instead_of_drawn(run):
    without_hbm = run.dataset.copy(deep=True)
    without_hbm["stock_cover"].loc[{"item": "hbm"}] = 0.0
    figure = figure_stock_cover(SyntheticRun(without_hbm, run.manifest))
    assert len(figure.axes) == 5
    assert "Nothing to show in this run: Value of all stock [bn CNY]; HBM." in text_of(figure)


def test_a_share_of_members_is_rounded_to_all_or_none_only_where_it_is_so(run):
    many = run.dataset.isel(member=np.zeros(1000, dtype=int)).assign_coords(member=range(1000))
    for seen, words in ((1000, "100 %"), (999, "over 99 %"), (1, "under 1 %"), (0, "0 %")):
        months = np.where(np.arange(1000) < seen, 34.0, np.nan)
        dataset = many.assign(unit_sold=("member", months))
        assert in_members(SyntheticRun(dataset, run.manifest), "unit_sold") == words


def test_a_run_of_less_than_a_year_does_not_speak_of_years(run):
    short = SyntheticRun(run.dataset.isel(month=slice(0, 5)), run.manifest)
    assert "bn CNY a month, all segments" in text_of(figure_revenue(short))
    assert "bn CNY a calendar year, all segments" in text_of(figure_revenue(run))
