"""The words of the mailable explorer: they follow the case, its page and the experiment."""

from datetime import date
from pathlib import Path

import pytest

from sim.cli.experiment import ExperimentOrder
from sim.cli.explorer import make_explorer
from sim.reports import explorer as reports_explorer
from sim.reports.explorer_page import render_explorer
from sim.runs.experiment_file import load_experiment, parse_experiment
from sim.runs.plan import make_plan
from sim.runs.simulate import RunError
from sim.web.explorer import explorer_words

SMALL = """
name: small
question: What do levers without a grid do to the firm?
case: huawei
levers:
  mechanisms.stockpiling: [0, 1]
  mechanisms.rerouting: [0, 1]
design: {levers: one_at_a_time}
"""


@pytest.fixture(scope="module")
def shipped():
    return explorer_words(make_plan(load_experiment("explorer")))


def test_words_style_and_script_fit_beside_the_numbers(shipped):
    event = {"texts": ["2021-09 (2020-01 to later or never)"] * 384, "index": list(range(384))}
    empty = {"charts": [], "events": [event] * 2, "members": 256, "paired": 64}
    room = reports_explorer.ROOM_FOR_WORDS
    assert len(render_explorer(empty, shipped).encode()) < 0.8 * room
    assert reports_explorer.MOST_BYTES == 5_000_000


def test_the_shipped_grid_is_as_large_as_a_class_can_use():
    plan = make_plan(load_experiment("explorer"))
    assert 200 <= len(plan.levers) <= 1000
    assert plan.replicates == 256


def test_levers_of_the_shipped_experiment_have_the_page_s_words_and_a_historical_level(
    shipped, page
):
    for lever in shipped.levers:
        assert lever.help
        assert lever.about
        assert sum(level.usual for level in lever.levels) == 1
        if lever.name in page.levers:
            assert lever.label == page.levers[lever.name].label
    assert [lever.name in page.levers for lever in shipped.levers].count(True) == 7


def test_levers_of_the_shipped_experiment_move_what_the_page_s_levers_move(page):
    levers = load_experiment("explorer").experiment.levers
    for name in levers.keys() & page.levers.keys():
        lever = page.levers[name]
        paths = set(levers[name].paths)
        if hasattr(lever, "measures"):
            assert {path.split(".")[1] for path in paths} == set(lever.measures)
        else:
            assert paths == set(lever.paths)


def test_a_lever_that_the_page_lacks_says_what_it_moves_together(shipped):
    support = next(lever for lever in shipped.levers if lever.name == "state_support")
    assert "Grants; Fab funding; Purchase of Honor; Procurement preference" in support.help


def test_levels_are_told_in_words(shipped):
    texts = {lever.name: [level.text for level in lever.levels] for lever in shipped.levers}
    assert texts["product_rule_date"] == ["12 months earlier", "as it was", "12 months later"]
    assert texts["product_rule_grace"] == ["0 days", "123 days"]
    assert texts["rerouting"] == ["off", "on"]


def test_measures_move_with_their_lever(shipped):
    place = [lever.name for lever in shipped.levers].index("product_rule_date")
    moved = [mark.moved[place] for mark in shipped.marks if place in mark.moved]
    assert (date(2019, 5, 15), date(2020, 5, 15), date(2021, 5, 15)) in moved


def test_a_measure_switched_off_has_no_mark():
    lever = {"paths": ["measures.hbm_control_2024.enabled"], "values": [False, True]}
    plan = make_plan(_experiment({"hbm": lever}))
    words = explorer_words(plan)
    assert [level.text for level in words.levers[0].levels] == ["never", "in force"]
    (mark,) = [mark for mark in words.marks if mark.moved]
    assert mark.moved[0] == (None, date(2024, 12, 31)) or mark.moved[0][0] is None


def test_scenarios_become_the_slowest_lever():
    plan = make_plan(_experiment({"mechanisms.rerouting": [0, 1]}, ["huawei", "no-grace"]))
    words = explorer_words(plan)
    assert [level.text for level in words.levers[0].levels] == ["Huawei", "No-grace"]
    assert words.levers[1].label == "Rerouting"


def test_a_design_that_is_no_grid_is_refused(tmp_path):
    file = tmp_path / "random.yaml"
    file.write_text(SMALL)
    order = ExperimentOrder(str(file), (), tmp_path / "r", False, 1, None, False)
    with pytest.raises(RunError, match="grid"):
        make_explorer(order, tmp_path / "p")


def _experiment(levers, scenarios=None):
    tree = {"name": "x", "question": "What if something else?", "case": "huawei", "levers": levers}
    return parse_experiment(tree | ({"scenarios": scenarios} if scenarios else {}), Path("x.yaml"))
