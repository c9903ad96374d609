"""Expansion: who the members are, in which block, and what they change."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from sim.case.load import list_scenarios
from sim.runs.block import block_table, settings
from sim.runs.inputs_varied import varied_inputs
from sim.world.ensemble import Ensemble
from tests.runs.experiments import GRACE, REVENUE, loaded, planned

# Dates that lie after these short runs are what is tested.
pytestmark = pytest.mark.filterwarnings("ignore:.*never acts")

HBM = "measures.hbm_control_2024.effective"


def values_of(plan, number=0):
    task = plan.task(number)
    return settings(plan.groups[0].case, task)


@pytest.mark.parametrize("block", [1, 3, 4, 5, 100])
def test_every_member_is_in_exactly_one_block(block):
    plan = planned(block, scenarios={"base": {}, "no_grace": {"regime.enabled": False}})
    tasks = list(plan.tasks())
    members = np.concatenate([task.member for task in tasks])
    assert sorted(members.tolist()) == list(range(16)) == list(range(plan.members))
    assert [task.number for task in tasks] == list(range(plan.blocks))
    assert [task.members for task in tasks] == [plan.rows_of(k) for k in range(plan.blocks)]


def test_the_same_replicates_meet_every_scenario_and_point():
    scenarios = {"base": {}, "no_grace": {GRACE: 0}}
    plan = planned(100, scenarios=scenarios, levers={HBM: [date(2022, 1, 1)]})
    task = plan.task(0)
    assert task.scenario.tolist() == [0] * 4 + [1] * 4
    assert task.replicate.tolist() == [0, 1, 2, 3] * 2
    values = values_of(plan)
    usual = plan.groups[0].case.measures[GRACE.split(".")[1]].grace_days
    assert usual > 0
    assert values[GRACE].tolist() == [usual] * 4 + [0] * 4
    assert set(values[HBM]) == {date(2022, 1, 1).toordinal()}


def test_scenarios_that_differ_in_numbers_share_a_model():
    scenarios = {"base": {}, "later": {"measures.hbm_control_2024.effective": date(2026, 1, 1)},
                 "other": {"items.memory.label": "RAM"}}  # fmt: skip
    plan = planned(100, scenarios=scenarios)
    assert [group.scenarios for group in plan.groups] == [(0, 1), (2,)]
    assert plan.blocks == 2


def test_a_lever_may_scale_move_and_switch_together():
    levers = {
        "money": {"paths": "behaviour.home_state.fab_fund", "how": "scale", "values": [2]},
        "delay": {"paths": [HBM], "how": "months", "values": [14]},
        "years": {"paths": "exchange.cny_per_usd", "how": "scale", "values": [1.5]},
        "regime.enabled": [False],
    }
    plan = planned(100, levers=levers)
    case, values = plan.groups[0].case, values_of(plan)
    fund = Ensemble(1, np.arange(4)).value(
        "behaviour.home_state.fab_fund", case.behaviour.home_state.fab_fund
    )
    assert values["behaviour.home_state.fab_fund"] == pytest.approx(2 * fund)
    assert case.measures["hbm_control_2024"].effective == date(2024, 12, 31)
    assert set(values[HBM]) == {date(2026, 2, 28).toordinal()}
    assert values["exchange.cny_per_usd"] == pytest.approx(1.5, rel=0.2)
    assert set(values["regime.enabled"]) == {0.0}


def test_a_posterior_gives_each_replicate_a_row_in_every_scenario(tmp_path):
    draws = tmp_path / "draws.csv"
    draws.write_text("distance,behaviour.stock.adjust\n0.1,0.2\n0.3,0.4\n0.2,0.6\n")
    plan = planned(100, levers=None, scenarios=["huawei", "no-grace"], posterior=str(draws))
    assert values_of(plan)["behaviour.stock.adjust"].tolist() == [0.2, 0.4, 0.6, 0.2] * 2


def test_weighted_draws_come_as_often_as_they_weigh(tmp_path):
    draws = tmp_path / "draws.csv"
    draws.write_text("weight,behaviour.stock.adjust\n1,0.2\n3,0.4\n")
    plan = planned(100, levers=None, replicates=8, posterior=str(draws))
    found = values_of(plan)["behaviour.stock.adjust"].tolist()
    assert sorted(found) == [0.2] * 2 + [0.4] * 6


def test_words_do_not_change_what_is_run_but_numbers_do():
    plain = planned().fingerprint
    assert planned(question="Asked in other words, the same?").fingerprint == plain
    assert planned(3).fingerprint == plain
    assert planned(seed=2).fingerprint != plain
    assert planned(levers={GRACE: [0, 121]}).fingerprint != plain
    assert planned(outcomes=["cash"]).fingerprint != plain


def test_a_change_that_the_model_does_not_read_fails_its_block():
    task = planned().task(0)
    change = dataclasses.replace(task.changes[0], path="intermediaries.count")
    known = varied_inputs(loaded().case())
    assert change.path not in known
    spoilt = dataclasses.replace(task, changes=(change,))
    with pytest.raises(KeyError, match=r"intermediaries\.count"):
        block_table(spoilt)


def test_a_table_has_a_row_a_member_and_period_and_tells_dates_as_dates():
    plan = planned(100, levers={HBM: [date(2022, 5, 17)]}, resolution="half")
    frame = block_table(plan.task(0)).to_pandas()
    assert frame["period"].tolist() == ["2018H1", "2018H2"] * 4
    assert set(frame[HBM]) == {date(2022, 5, 17)}
    assert frame["member"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert (frame[REVENUE] > 100).all()


SCENARIOS = [one.name for one in list_scenarios("huawei")]
COLUMNS = [REVENUE, "accelerators", "cash", "supplier_losses"]
COMPARED = {"levers": None, "replicates": 3, "end": "2026-12", "outcomes": COLUMNS}


@pytest.fixture(scope="module")
def together():
    """All scenarios in one experiment."""
    return planned(1000, scenarios=["huawei", *SCENARIOS], **COMPARED)


@pytest.fixture(scope="module")
def as_numbers(together):
    """Scenarios that share the model of their case, run in it together, by name."""
    return dict(iter(block_table(together.task(0)).to_pandas().groupby("scenario", observed=True)))


@pytest.mark.slow
def test_scenarios_of_dates_and_strengths_run_in_the_model_of_their_case(together):
    first = together.groups[0]
    inside = {together.names[place] for place in first.scenarios}
    assert inside >= {"no-grace", "no-sanctions", "no-tool-controls", "no-licences"}
    place = first.scenarios.index(together.names.index("no-grace"))
    assert first.changes[place] == {GRACE: 0.0}
    # Whether a settlement is on offer is a question of the whole model.
    assert "settlement-accepted" not in inside


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_as_numbers_is_the_scenario_as_a_case(as_numbers, name):
    if name not in as_numbers:
        pytest.skip("runs in a model of its own")
    alone = block_table(planned(100, case=name, **COMPARED).task(0)).to_pandas()
    columns = [name for name in alone.columns if "|" in name or name == "cash"]
    assert len(columns) > 5
    for column in columns:
        np.testing.assert_allclose(as_numbers[name][column], alone[column], rtol=1e-9, atol=1e-9)
