"""Bad experiments are refused before anything runs, with the place and what is allowed."""

from datetime import date
from pathlib import Path

import pytest

from sim.case.errors import ConfigError
from sim.case.load import load_case
from sim.runs.cost import refuse_unaffordable
from sim.runs.experiment_file import load_experiment
from sim.runs.plan import make_plan
from sim.runs.simulate import RunError
from tests.runs.experiments import GRACE, REVENUE, loaded, planned, write_file

COVER = "behaviour.stock.normal_cover"
RULE = "measures.direct_product_rule_may_2020.effective"
PLATFORM = "behaviour.demand.platform_loss"  # a share, here given in percent


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"levers": {}}, "'levers' is empty"),
        ({"levers": {GRACE: []}}, "give 'values', or 'low' and 'high'"),
        ({"levers": {GRACE: [0, 0]}}, "a level appears twice"),
        ({"levers": {COVER: {"low": 3, "high": 1}}}, "'low' 3.* must lie below 'high' 1"),
        ({"uncertainties": {COVER: [3, 1]}}, "'low' 3.* must lie below 'high' 1"),
        ({"uncertainties": {COVER: [1, 2, 3]}}, "a range is written"),
        ({"levers": {GRACE: [0, 1]}, "uncertainties": {GRACE: [0, 9]}}, "both a lever and"),
        ({"replicates": 0}, "greater than or equal to 1"),
        ({"design": {"uncertainties": "sobol", "points": 60}}, "power of two"),
        ({"design": {"levers": "latin"}}, "latin"),
        ({"start": "2020-01", "end": "2019-01"}, "lies before"),
        ({"name": "Not A Slug"}, "name"),
        ({"replicate": 3}, "unknown key.*did you mean 'replicates'"),
        ({"map": {"x": GRACE, "y": "depth", "outcome": REVENUE}}, "is no lever"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        loaded(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"levers": {"behaviour.stock.normal_cove": [1, 2]}}, "did you mean 'behaviour.stock.norm"),
        ({"levers": {"intermediaries.count": [1, 2]}}, "or one that shapes the model"),
        ({"levers": {"components.part_types": [1, 2]}}, "members cannot differ"),
        ({"levers": {"mechanisms.rerouting": [0, 2]}}, "lies between 0 and 1"),
        ({"levers": {"regime.enabled": [0, 1]}}, "needs true or false, not 0"),
        ({"levers": {COVER: [-5, 1]}}, "normal_cover' must be 0 or more, not -5"),
        ({"uncertainties": {COVER: [-5, 1]}}, "normal_cover' must be 0 or more, not -5"),
        ({"uncertainties": {PLATFORM: [35, 75]}}, "lies between 0 and 1, not 35"),
        ({"levers": {"x": {"paths": PLATFORM, "how": "scale", "values": [1, 3]}}},
         "3 times 'behaviour.demand.platform_loss' is .*: it lies between 0 and 1"),
        ({"levers": {GRACE: [0, 1e9]}}, "at most 3,650 days, as in a case, not 1e"),
        ({"levers": {"x": {"paths": GRACE, "how": "scale", "values": [1, 31]}}}, "3,650 days"),
        ({"levers": {"x": {"paths": RULE, "how": "months", "values": [0, 1e6]}}}, "the calendar"),
        ({"levers": {GRACE: [-30, 60]}}, "grace_days' must be 0 or more, not -30"),
        ({"levers": {"measures.hbm_control_2024.effective": [2022, 2023]}}, "needs a date"),
        ({"levers": {"exchange.cny_per_usd": [6, 7]}}, "a path over years"),
        ({"levers": {"d": {"paths": COVER, "how": "months", "values": [1, 2]}}}, "is no date"),
        ({"levers": {"d": {"paths": "regime.enabled", "how": "scale", "values": [1, 2]}}},
         "cannot be scaled"),
        ({"levers": {"a": {"paths": COVER, "values": [1, 2]}, COVER: [1, 2]}}, "moved by 'a'"),
        ({"levers": None, "uncertainties": {GRACE: "own"}}, "gives no range"),
        ({"outcomes": ["revenues"]}, "no outcome 'revenues'; did you mean 'revenue'"),
        ({"outcomes": ["revenue|segment=totals"]}, "no segment 'totals'"),
        ({"outcomes": ["revenue|planet=mars"]}, "labelled by"),
        ({"show": [{"outcome": "cash"}]}, "not among the experiment's outcomes"),
        ({"end": "2018-05"}, "covers no whole year"),
        ({"start": "2010-01"}, "before the case begins"),
        ({"case": "huawey"}, "did you mean 'huawei'"),
        ({"scenarios": ["no-grce"]}, "did you mean 'no-grace'"),
        ({"scenarios": {"a": {"measures.nothing.enabled": False}}}, "there is no 'nothing'"),
        ({"scenarios": {"a": {}, "b": {}}}, "the same as an earlier scenario"),
        ({"scenarios": {"a": {}, "b": {GRACE: 30}}}, "sets measures.*, which the design moves"),
        ({"constants": {"calendar.ende": "2020-01"}}, "did you mean 'end'"),
        ({"posterior": "nowhere.csv"}, "no such file"),
        ({"levers": {GRACE: [0, 1, 2]}, "design": {"levers": "subsets"}}, "subsets need two"),
    ],
)  # fmt: skip
def test_an_experiment_that_its_case_cannot_answer_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        planned(**changes)


def test_a_trillion_members_are_refused_at_once():
    levers = {f"behaviour.demand.{name}": {"low": 0.1, "high": 0.2, "steps": 100} for name in
              ("platform_loss", "no_five_g", "generation_lag", "patriotic_peak")}  # fmt: skip
    with pytest.raises(ConfigError, match="10,000,000,000,000 members; at most"):
        planned(levers=levers, replicates=100_000)


def test_a_block_that_no_machine_holds_is_refused():
    with pytest.raises(RunError, match="give a smaller 'block'"):
        refuse_unaffordable(planned(block=65_536_000, replicates=40_000_000), Path("out"))


def test_an_error_names_file_and_line(tmp_path):
    path = write_file(tmp_path / "e.yaml", levers={"measures.nothing.effective": [1, 2]})
    line = path.read_text().splitlines().index("  measures.nothing.effective:") + 1
    with pytest.raises(ConfigError, match=rf"e.yaml, line {line}: levers.measures.nothing"):
        make_plan(load_experiment(path))


def test_an_override_changes_a_file_by_the_same_rules(tmp_path):
    path = write_file(tmp_path / "e.yaml")
    assert load_experiment(path, ["replicates=7"]).experiment.replicates == 7
    with pytest.raises(ConfigError, match="did you mean 'replicates'"):
        load_experiment(path, ["replicats=7"])


def test_a_measure_that_answers_an_act_has_no_date_to_move():
    measures = load_case("huawei").measures.items()
    name = next(key for key, one in measures if one.trigger is not None)
    with pytest.raises(ConfigError, match="members cannot differ"):
        planned(levers={f"measures.{name}.effective": [date(2022, 1, 1), date(2023, 1, 1)]})


@pytest.mark.parametrize(
    ("cells", "message"),
    [("x", "no number"), ("-4", "holds -4, which is not between 0 and inf"), ("", "no draws")],
)
def test_draws_that_no_member_can_have_are_refused(tmp_path, cells, message):
    (tmp_path / "p.csv").write_text(f"{COVER},weight\n1,1\n{cells},2\n")
    path = write_file(tmp_path / "e.yaml", posterior="p.csv")
    with pytest.raises(ConfigError, match=message):
        make_plan(load_experiment(path))


@pytest.mark.parametrize(
    ("lever", "day"),
    [
        ({"how": "months", "values": [0, 12]}, "2021-05-15"),
        ({"how": "days", "low": 0, "high": 365}, "2021-05-15"),
        ({"values": [date(2020, 5, 15), date(2030, 1, 1)]}, "2030-01-01"),
    ],
)
def test_a_measure_moved_past_the_end_of_the_run_is_noted(lever, day):
    with pytest.warns(UserWarning, match=rf"later: {RULE} goes up to {day}, after .* 2020-12: "):
        planned(levers={"later": {"paths": RULE, **lever}}, end="2020-12")


def test_a_measure_that_stays_within_the_run_is_not_noted(recwarn):
    planned(levers={RULE: {"how": "months", "values": [-12, 7]}}, end="2020-12")
    assert [str(one.message) for one in recwarn if "goes up to" in str(one.message)] == []
