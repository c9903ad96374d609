"""A model can be copied in any month, and a member is the same in whatever company."""

import copy
from datetime import date

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.world.ensemble import Ensemble
from tests.model.worlds import huawei

MEMBERS = 3
BRANCH = 30  # months: June 2020, between the two rules on foreign chips


def state(model):
    """Everything that a later month builds on, as arrays by name."""
    firm = model.firm
    return {
        "chips": model.ledger.chips,
        "money": model.ledger.money,
        "orders": model.book.wip,
        "wafers": model.wafers.wip,
        "tools": np.concatenate([foundry.tools for foundry in model.home_foundries]),
        "shares": np.concatenate([market.share for market in model.markets]),
        "threat": firm.supply.threat,
        "licences": model.licences.held,
        "parts": firm.research.progress,
        "fronts": np.concatenate([front.idle for front in model.fronts]),
        "events": np.array(list(model.floor.events.values())),
    }


def run(model, months):
    for _ in range(months):
        model.step()
    return model


def assert_same(one, other):
    mine, theirs = state(one), state(other)
    for name in mine:
        np.testing.assert_array_equal(mine[name], theirs[name], err_msg=name)


@pytest.fixture(scope="module")
def straight():
    """One run that nobody disturbed, to month 50."""
    return run(SupplyChain(huawei(), members=MEMBERS, rng=5), 50)


def test_a_copy_made_after_thirty_months_continues_identically(straight):
    model = run(SupplyChain(huawei(), members=MEMBERS, rng=5), BRANCH)
    branch = copy.deepcopy(model)
    assert_same(run(branch, 20), straight)
    # The original has not moved meanwhile, and arrives at the same place.
    assert model.month == BRANCH - 1
    assert_same(run(model, 20), straight)


def test_what_happens_in_a_branch_does_not_touch_the_original(straight):
    model = run(SupplyChain(huawei(), members=MEMBERS, rng=5), BRANCH)
    branch = copy.deepcopy(model)
    branch.switches.licences[:] = 0.0
    branch.switches.unit_purchase[:] = 0.0
    run(branch, 20)
    run(model, 20)
    assert_same(model, straight)
    assert (branch.firm.money.revenue != model.firm.money.revenue).all()
    assert np.isnan(branch.floor.events["unit_sold"]).all()


def test_the_agents_of_a_copy_belong_to_the_copy():
    model = run(SupplyChain(huawei(), members=1, rng=5), 2)
    branch = copy.deepcopy(model)
    assert all(agent.model is branch for agent in branch.agents)
    assert branch.firm in branch.agents
    assert branch.firm is not model.firm
    assert branch.firm.supply.model is branch


def some_members(ensemble):
    return run(SupplyChain(huawei(), ensemble=ensemble, end=date(2022, 12, 1)), 60)


def whole(members=9):
    """Members that differ in luck, a switch, a parameter, a date and the whole regime."""
    values = {
        "mechanisms.licences": np.linspace(0, 1, members),
        "behaviour.stock.stretch": np.linspace(6, 18, members),
        "measures.direct_product_rule_may_2020.grace_days": np.linspace(0, 240, members),
        "regime.enabled": (np.arange(members) % 3 > 0).astype(float),
    }
    return Ensemble.of(members, 5, values)


@pytest.fixture(scope="module")
def together():
    return some_members(whole())


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (2, 7)])
def test_a_member_is_the_same_alone_and_among_members_of_other_worlds(together, start, stop):
    everybody, apart = state(together), some_members(whole().block(start, stop))
    for name, values in state(apart).items():
        here = everybody[name][..., start:stop]
        np.testing.assert_allclose(values, here, rtol=1e-9, atol=1e-10, err_msg=name)


def test_a_run_that_ends_later_has_the_same_first_months(straight):
    short = SupplyChain(huawei(), members=MEMBERS, rng=5, end=date(2022, 2, 1))
    assert_same(run(short, 50), straight)


def test_equal_seeds_give_equal_runs_and_other_seeds_others():
    np.random.seed(1)  # noqa: NPY002 - the test is that it does not matter
    one = run(SupplyChain(huawei(), members=MEMBERS, rng=5), 12)
    np.random.seed(2)  # noqa: NPY002
    assert_same(run(SupplyChain(huawei(), members=MEMBERS, rng=5), 12), one)
    other = run(SupplyChain(huawei(), members=MEMBERS, rng=6), 12)
    assert (other.firm.money.revenue != one.firm.money.revenue).all()
