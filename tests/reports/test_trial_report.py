"""The report of an experiment: one lever, two levers, switches, scenarios, half-done ones."""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes.folder import FolderError
from sim.reports.content import Number, Paragraph, Report, plain
from sim.reports.html import render_html
from sim.reports.publish import publish
from sim.reports.trial import build_trial
from sim.runs.experiment_folder import ExperimentFolder
from tests.reports.page import Page
from tests.runs.experiments import GRACE, REVENUE, planned, run

COVER = "behaviour.stock.normal_cover"
SHOW = [{"outcome": REVENUE, "period": 2018}]


def lead(report: Report) -> str:
    return " ".join(plain(b.words) for b in report.sections[0].blocks if isinstance(b, Paragraph))


@pytest.fixture(scope="module")
def one_lever(tmp_path_factory):
    plan = planned(64, levers={COVER: [1.0, 2.0, 3.0]}, show=SHOW)
    return run(plan, tmp_path_factory.mktemp("one") / "e")[1]


def test_the_head_names_the_case_and_the_experiment(one_lever):
    said = build_trial(one_lever.folder.path).subtitle
    assert said.startswith("Huawei under United States export controls. Experiment ")


def test_the_answer_gives_the_lowest_and_the_highest_median(one_lever):
    report = build_trial(one_lever.folder.path)
    medians = one_lever.select(REVENUE).sel(scenario="base", period="2018").median("replicate")
    wanted = [float(medians.min()), float(medians.max())]
    words = [w for b in report.sections[0].blocks if isinstance(b, Paragraph) for w in b.words]
    assert [w.value for w in words if isinstance(w, Number)] == pytest.approx(wanted)
    assert "Revenue in 2018 is lowest at" in lead(report)
    assert "normal cover" in lead(report)


def test_one_lever_of_numbers_is_a_curve_over_its_levels(one_lever):
    (figure,) = build_trial(one_lever.folder.path).figures()
    (line,) = figure.pictures[0].drawing.axes[0].lines
    assert list(line.get_xdata()) == [1.0, 2.0, 3.0]
    medians = one_lever.select(REVENUE).sel(scenario="base", period="2018").median("replicate")
    assert line.get_ydata() == pytest.approx(medians.values.ravel())


def test_the_table_of_differences_is_paired(one_lever):
    report = build_trial(one_lever.folder.path)
    (table,) = [table for table in report.tables() if table.id == "differences-table"]
    values = one_lever.select(REVENUE).sel(scenario="base", period="2018").values.reshape(3, 4)
    expected = np.median(values[1:] - values[:1], axis=1)
    said = [row.cells[1][0].value for row in table.rows]
    assert said == pytest.approx(list(expected))


def test_the_page_of_an_experiment_stands_by_itself(one_lever):
    page = Page(render_html(build_trial(one_lever.folder.path)))
    assert [a for a in page.loaded() if a[0] != "#" and a != "data:,"] == []
    inside = {target[1:] for target in page.targets() if target.startswith("#")}
    assert inside - set(page.ids()) == set()
    assert len(page.ids()) == len(set(page.ids()))


def test_two_levers_are_a_map_with_a_cell_for_each_pair(tmp_path):
    plan = planned(64, levers={GRACE: [0, 120], COVER: [1.0, 2.0, 3.0]}, show=SHOW)
    run(plan, tmp_path / "e")
    (figure,) = build_trial(tmp_path / "e").figures()
    assert figure.wide
    assert len(figure.pictures[0].drawing.axes[0].texts) == 2 * 6
    assert len(figure.data.splitlines()) == 1 + 6


@pytest.mark.slow
def test_switches_are_named_by_what_is_on(tmp_path):
    levers = {"own": {"paths": ["mechanisms.stockpiling"], "values": [0, 1]},
              "state": {"paths": ["mechanisms.grants"], "values": [0, 1]}}  # fmt: skip
    plan = planned(64, levers=levers, show=SHOW, design={"levers": "subsets"})
    run(plan, tmp_path / "e")
    report = build_trial(tmp_path / "e")
    (table,) = [table for table in report.tables() if table.id == "conditions"]
    assert [row.cells[0] for row in table.rows] == ["none of them", "state", "own", "all of them"]


@pytest.mark.slow
def test_scenarios_are_set_against_the_first(tmp_path):
    plan = planned(64, levers=None, scenarios=["huawei", "no-grace"], show=SHOW)
    run(plan, tmp_path / "e")
    report = build_trial(tmp_path / "e")
    texts = [plain(b.words) for s in report.sections for b in s.blocks if isinstance(b, Paragraph)]
    assert any("against the first scenario" in text for text in texts)


def test_an_experiment_that_has_not_been_run_says_so(tmp_path):
    folder = ExperimentFolder(tmp_path / "e")
    folder.prepare(planned(64), "chokepoint run small", False, False)
    report = build_trial(tmp_path / "e")
    assert "Not all blocks" in report.notices[0]
    assert "Nothing has been run yet." in lead(report)


def test_an_experiment_takes_no_second_folder(one_lever, tmp_path):
    path = one_lever.folder.path
    with pytest.raises(FolderError, match="reported alone"):
        publish([path, path], tmp_path / "x.html")
    report, (page,) = publish([path], tmp_path / "x.html")
    assert report.title == "small"
    assert page.stat().st_size > 10_000
