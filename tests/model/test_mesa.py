"""The model is a Mesa model, and Mesa's own means find and replace its agents."""

import inspect
import pkgutil
from datetime import date
from importlib import import_module

import mesa
import numpy as np
import pytest

import sim.agents
from sim.agents.base import ActorAgent
from sim.agents.firm.firm import FocalFirm
from sim.agents.foundries import HomeFoundry
from sim.agents.governments import HomeGovernment, SanctioningGovernment
from sim.agents.markets import Market
from sim.agents.suppliers import Foundry, Supplier
from sim.model import SupplyChain
from sim.world.ensemble import Ensemble
from tests.model.worlds import huawei

MEMBERS = 2
# Bystanders are only named by measures.
PLAYERS = {name: one for name, one in huawei().actors.items() if one.kind != "bystander"}


@pytest.fixture(scope="module")
def model():
    return SupplyChain(huawei(), members=MEMBERS, rng=1)


def agent_classes():
    """Every class of agents in the package, by module."""
    for entry in pkgutil.walk_packages(sim.agents.__path__, "sim.agents."):
        for _, member in inspect.getmembers(import_module(entry.name), inspect.isclass):
            if issubclass(member, mesa.Agent) and member.__module__ == entry.name:
                yield member


def test_the_model_is_a_mesa_model_and_all_who_act_are_mesa_agents(model):
    assert isinstance(model, mesa.Model)
    assert len(model.agents) > 30
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


def test_every_actor_of_the_case_plays_a_part_under_its_name(model):
    names = [agent.name for agent in model.agents if not isinstance(agent, Market)]
    assert sorted(names) == sorted(PLAYERS)


def test_an_actors_kind_decides_which_agent_plays_it(model):
    played = {agent.name: type(agent) for agent in model.agents}
    expected = {
        "focal_firm": FocalFirm,
        "sanctioning_government": SanctioningGovernment,
        "home_government": HomeGovernment,
        "supplier": Supplier,
    }
    for name, actor in PLAYERS.items():
        assert played[name] is expected.get(actor.kind, played[name]), name
    makers = {name for name, actor in PLAYERS.items() if actor.kind == "foundry"}
    for name in makers:
        assert played[name] is (HomeFoundry if name in huawei().foundries else Foundry)


def test_every_market_with_lines_has_its_buyers(model):
    served = {line.market for line in huawei().lines.values()}
    assert {agent.name for agent in model.agents if isinstance(agent, Market)} == served
    lines = np.concatenate([market.lines for market in model.markets])
    assert sorted(lines.tolist()) == list(range(len(huawei().lines)))


def test_agents_are_found_by_type_and_by_selection(model):
    assert {agent.name for agent in model.agents_by_type[HomeFoundry]} == set(huawei().foundries)
    (firm,) = model.agents.select(lambda agent: agent.name == huawei().focal)
    assert firm is model.firm
    assert all(agent.model is model for agent in model.agents)


def test_every_state_of_an_agent_has_the_members_as_last_axis(model):
    fresh = SupplyChain(huawei(), members=3, rng=1)
    fresh.step()
    for agent in fresh.agents:
        for name, value in vars(agent).items():
            if isinstance(value, np.ndarray) and value.dtype == float and value.ndim:
                assert value.shape[-1] in (3, 1), (agent.name, name)


def test_agents_have_verbs_of_the_trade_and_no_step():
    classes = set(agent_classes())
    assert len(classes) > 12
    assert [one.__name__ for one in classes if "step" in vars(one)] == []
    assert all(issubclass(one, ActorAgent) for one in classes)


def test_the_firm_is_in_one_place_and_steps_once_a_month(model):
    fresh = SupplyChain(huawei(), members=1, rng=1)
    assert (fresh.month, fresh.calendar.label(0)) == (-1, "2018-01")
    fresh.step()
    assert fresh.month == 0
    # Mesa's own clock runs along: one step is one month.
    assert fresh.steps == 1


def replace_home_state(model, cls):
    """Give the home state's part to an agent of another class."""
    old = model.home_state
    model.home_state = cls(model, old.name, old.actor)
    old.remove()
    model.home_states = model.agents.select(agent_type=HomeGovernment)


class ThriftyGovernment(HomeGovernment):
    """A home state that buys nothing."""

    def buys(self, keep):
        return np.zeros(keep.shape, dtype=bool)


class StubbornGovernment(HomeGovernment):
    """A home state that pays nothing."""

    def pay_out(self):
        self.grants = np.zeros(self.model.ensemble.members)


def test_a_subclassed_agent_decides_in_its_own_way():
    models = [SupplyChain(huawei(), members=1, rng=1) for _ in range(2)]
    replace_home_state(models[1], ThriftyGovernment)
    for model in models:
        for _ in range(42):
            model.step()
    usual, changed = (model.floor.events["unit_sold"] for model in models)
    assert np.isfinite(usual).all()
    assert np.isnan(changed).all()


def test_a_subclassed_agent_acts_in_its_own_way():
    model = SupplyChain(huawei(), members=MEMBERS, rng=1)
    replace_home_state(model, StubbornGovernment)
    model.step()
    assert (model.home_state.grants == 0).all()


class Watchful(SupplyChain):
    """A model that a user extended by an agent of her own."""

    def step(self):
        super().step()
        self.agents.select(agent_type=Journalist).do("write")


class Journalist(ActorAgent):
    """Notes what the firm earns."""

    def __init__(self, model):
        super().__init__(model, "journalist")
        self.notes = []

    def write(self):
        self.notes.append(float(self.model.firm.money.revenue.mean()))


def test_a_user_may_add_an_agent_of_her_own_without_touching_the_others():
    plain = SupplyChain(huawei(), members=MEMBERS, rng=1)
    watched = Watchful(huawei(), members=MEMBERS, rng=1)
    journalist = Journalist(watched)
    for _ in range(5):
        plain.step()
        watched.step()
    assert len(journalist.notes) == 5
    np.testing.assert_array_equal(watched.ledger.chips, plain.ledger.chips)


def test_the_order_of_agents_within_a_phase_does_not_matter():
    listing = date(2019, 5, 1)
    forward = SupplyChain(huawei(), members=MEMBERS, rng=1, start=listing)
    backward = SupplyChain(huawei(), members=MEMBERS, rng=1, start=listing)
    phases = [
        name for name, value in vars(backward).items() if isinstance(value, mesa.agent.AgentSet)
    ]
    for name in phases:
        if not name.startswith("_"):
            agents = list(getattr(backward, name))[::-1]
            setattr(backward, name, mesa.agent.AgentSet(agents, random=backward.random))
    for _ in range(20):
        forward.step()
        backward.step()
    assert phases
    np.testing.assert_allclose(backward.ledger.chips, forward.ledger.chips, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(backward.ledger.money, forward.ledger.money, rtol=1e-9, atol=1e-9)


def test_an_ensemble_given_wins_over_the_number_of_members():
    model = SupplyChain(huawei(), members=99, ensemble=Ensemble.of(3, 1))
    assert model.ensemble.members == 3
    with pytest.raises(ValueError, match="at least one member"):
        SupplyChain(huawei(), members=0)
