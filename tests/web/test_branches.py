"""Runs that go on from a month they share with an earlier run give the numbers of fresh ones."""

from dataclasses import replace

import numpy as np
import pytest

from sim.runs.simulate import simulate
from sim.web import compute
from sim.web.branches import Branches, Order, first_month, run
from sim.web.compute import Desk, case_for, changes_of, trunk_months, without_measures
from sim.web.state import SEED, State, history_state
from sim.web.view import outcomes_of

MEMBERS = 4


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def start(page, history):
    return replace(history_state(page, history), members=MEMBERS, end=2023)


@pytest.fixture(scope="module")
def order(page):
    def of(state):
        case = case_for(state, page)
        return Order(case, state.members, SEED, outcomes_of(page), silent)

    return of


@pytest.fixture(scope="module")
def branches(page, start, order):
    made = Branches()
    made.lay("trunk", order(start), trunk_months(page, order(start).case))
    return made


def keys_of(state, page):
    return {path.split(".")[1] for path in changes_of(state, page) if path != "calendar.end"}


def same(one, other):
    return all(
        np.array_equal(array.values, other[name].values, equal_nan=True)
        for name, array in one.data_vars.items()
    )


def assert_branch_is_the_run_itself(branches, page, state, order):
    branch = branches.branch("trunk", order(state), keys_of(state, page))
    fresh = run(order(state))
    assert branch is not None
    assert same(branch.dataset, fresh.dataset)
    assert branch.manifest["timeline"] == fresh.manifest["timeline"]


def test_a_branch_is_the_run_itself(branches, page, start, order):
    state = start.with_lever("product_rule_grace", 0, usual=123)
    assert_branch_is_the_run_itself(branches, page, state, order)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lever", "value"),
    [
        ("listing_strength", 0.5),
        ("general_licence_days", 0),
        ("product_rule_date", 12),
        ("product_rule_date", -6),
        ("tool_strength", 0),
        ("tool_date", -12),
        ("allies", 0),
    ],
)
def test_a_branch_is_the_run_itself_for_every_kind_of_lever(
    branches, page, start, order, lever, value
):
    state = start.with_lever(lever, value, usual=-99)
    assert_branch_is_the_run_itself(branches, page, state, order)


def test_a_branch_takes_only_the_months_that_are_left(branches, page, start, order):
    told = []
    state = start.with_lever("tool_strength", 0, usual=1)
    counted = replace(order(state), tell=lambda done, total: told.append(done))
    branches.branch("trunk", counted, keys_of(state, page))
    assert len(told) == 72 - 57  # the tool controls of October 2022 are month 57


def test_a_trunk_is_an_ordinary_run_and_stays_as_it_was(branches, start, order):
    trunk = branches.trunk("trunk")
    assert same(trunk.dataset, run(order(start)).dataset)
    assert {m: model.month for m, model in trunk.models.items()} == {m: m - 1 for m in trunk.models}


def test_a_branch_needs_a_trunk_and_a_late_enough_change(branches, page, start, order):
    state = start.with_lever("allied_bans", 0, usual=1)  # Australia's came in 2018
    assert branches.branch("trunk", order(state), keys_of(state, page)) is None
    late = start.with_lever("tool_strength", 0, usual=1)
    assert branches.branch("none", order(late), keys_of(late, page)) is None


def test_members_that_differ_in_more_run_from_the_start(branches, page, start, order):
    state = start.with_lever("tool_strength", 0, usual=1)
    other = replace(order(state), seed=SEED + 1)
    result = branches.branch("trunk", other, keys_of(state, page))
    assert same(result.dataset, run(other).dataset)


def test_the_first_day_that_anybody_can_know_counts(history):
    assert first_month(history, ["entity_listing_2019"]) == 16
    earlier = history.measures["entity_listing_2019"].model_copy(update={"announced": None})
    other = history.model_copy(
        update={"measures": {**history.measures, "entity_listing_2019": earlier}}
    )
    assert first_month(history, ["entity_listing_2019"], other) == 16


def test_a_measure_that_answers_an_act_has_no_first_day(history):
    answer = next(key for key, step in history.measures.items() if step.trigger)
    assert first_month(history, [answer]) is None


def test_models_are_kept_where_levers_begin_to_matter(page, history):
    months = trunk_months(page, history)
    assert {16, 28, 57} <= set(months)
    assert len(months) <= 7


def test_the_trunk_of_a_state_has_only_its_other_levers(page):
    state = State("huawei", 2023, {"detection": 3.0, "tool_date": -12.0}, 64)
    assert without_measures(state, page) == State("huawei", 2023, {"detection": 3.0}, 64)


def test_a_trunk_is_laid_when_the_same_base_is_asked_for_again(page, start, monkeypatch):
    monkeypatch.setattr(compute, "BRANCHES", Branches())
    monkeypatch.setattr(compute, "_asked", type(compute._asked)())
    desk, base = Desk(), start
    desk.view(base.with_lever("tool_strength", 0.5, usual=1), page)
    assert compute.BRANCHES.trunk(base.text()) is None
    state = base.with_lever("tool_strength", 0, usual=1)
    view = desk.view(state, page)
    assert compute.BRANCHES.trunk(base.text()) is not None
    fresh = simulate(case_for(state, page), MEMBERS, SEED)
    members = fresh.annual_members("revenue", segment="total")
    assert view.tracks["revenue"].values == pytest.approx(members.values, rel=1e-6)


def test_only_the_last_trunks_are_kept(start, order):
    few, short = Branches(kept=1), replace(start, end=2021)
    few.lay("one", order(short), ())
    few.lay("two", order(short), ())
    assert few.trunk("one") is None
    assert few.trunk("two") is not None
