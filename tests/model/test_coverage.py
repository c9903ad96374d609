"""Every measure kind, every switch and every agent makes a difference in the historical run."""

from datetime import date

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.outcomes.declared import OUTCOMES
from sim.world.floor import EVENTS
from tests.model.worlds import Variants, huawei, switches

MEMBERS = 4
# Shown on the timeline only, or on somebody else: they may come to matter, and need not.
QUIET = {"context", "monitored_settlement", "affiliates_rule"}
RARE = {"operations_stopped", "settlement_accepted", "revenue_recovered", "suppliers_suffer"}


def by_kind():
    """Kind -> switches of its measures in force."""
    kinds = {}
    for name, measure in huawei().measures.items():
        if measure.enabled:
            kinds.setdefault(measure.kind, []).append(f"measures.{name}.enabled")
    return kinds


KINDS = by_kind()


@pytest.fixture(scope="module")
def whole():
    """The historical run, without each kind of measure, and without each mechanism."""
    variants = {"base": {}} | {kind: dict.fromkeys(paths, 0.0) for kind, paths in KINDS.items()}
    variants |= {path: {path: 0.0} for path in switches(huawei())}
    usual = {path: 1.0 for paths in KINDS.values() for path in paths}
    usual |= dict.fromkeys(switches(huawei()), 1.0)
    outcomes = tuple(outcome.name for outcome in OUTCOMES)
    return Variants(variants, usual, MEMBERS, date(2026, 12, 1), outcomes)


def changed(run, variant):
    """Outcomes that differ from the base in some month and member."""
    place = run.names.index(variant)
    for name, array in run.dataset.data_vars.items():
        rows = array.values.reshape(*array.shape[:-1], len(run.names), run.members)
        if not np.array_equal(rows[..., 0, :], rows[..., place, :], equal_nan=True):
            yield name


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(set(KINDS) - QUIET))
def test_a_kind_of_measure_makes_a_difference(whole, kind):
    felt = "retaliation" if kind == "counter_measure" else "revenue"
    assert felt in set(changed(whole, kind))


@pytest.mark.slow
@pytest.mark.parametrize("path", switches(huawei()))
def test_a_mechanism_makes_a_difference(whole, path):
    assert "cash" in set(changed(whole, path))


@pytest.mark.slow
def test_measures_for_context_only_change_nothing(whole):
    assert list(changed(whole, "context")) == []


@pytest.mark.slow
@pytest.mark.parametrize("event", sorted(set(EVENTS) - RARE))
def test_what_is_told_as_an_event_happens_to_somebody(whole, event):
    assert np.isfinite(whole.event(event)["base"]).any()


@pytest.mark.slow
def test_every_outcome_by_month_is_a_number_and_moves(whole):
    still = []
    for name, array in whole.dataset.data_vars.items():
        base = array.values[..., :MEMBERS]
        if name in EVENTS:
            continue  # may fall into one month for all
        if not np.isfinite(base).any() or np.nanmin(base) == np.nanmax(base):
            still.append(name)
    assert still == []


# Agents.


def states(agent, depth=0):
    """Arrays of an agent, of its desks and of its processes, by name."""
    for name, value in vars(agent).items():
        if isinstance(value, np.ndarray) and value.dtype == float:
            yield name, value.copy()
        elif depth == 0:
            parts = value if isinstance(value, list) else [value]
            for place, part in enumerate(parts):
                if type(part).__module__.startswith("sim.agents.") and not hasattr(part, "actor"):
                    yield from ((f"{name}{place}.{n}", v) for n, v in states(part, 1))


@pytest.fixture(scope="module")
def moved():
    """Agent -> states that changed during the historical run."""
    model = SupplyChain(huawei(), members=MEMBERS, rng=1)
    model.step()
    first = {agent: dict(states(agent)) for agent in model.agents}
    found = {agent: set() for agent in model.agents}
    for month in range(1, model.calendar.months):
        model.step()
        if month % 3:
            continue
        for agent in model.agents:
            for name, value in states(agent):
                if not np.array_equal(value, first[agent].get(name), equal_nan=True):
                    found[agent].add(name)
    return {(type(agent).__name__, agent.name): names for agent, names in found.items()}


@pytest.mark.slow
def test_every_agent_acts(moved):
    # An ally whose only makers sell tools, not chips, has no account to keep yet.
    idle = {name for (_, name), names in moved.items() if not names}
    assert idle <= {"netherlands"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cls", "state"),
    [
        ("FocalFirm", "supply0.threat"),
        ("FocalFirm", "research0.progress"),
        ("FocalFirm", "active"),
        ("Foundry", "lost"),
        ("Supplier", "lost"),
        ("HomeFoundry", "tools"),
        ("HomeFoundry", "worn"),
        ("HomeFoundry", "processes1.defects"),
        ("ToolMaker", "shipped"),
        ("FrontPopulation", "trading"),
        ("FrontPopulation", "detections"),
        ("SanctioningGovernment", "complaints"),
        ("HomeGovernment", "share"),
        ("HomeGovernment", "fund_spent"),
        ("HomeGovernment", "owed"),
        ("AlliedGovernment", "burden"),
        ("Competitor", "revenue"),
        ("DivestedUnit", "revenue"),
        ("ConsumerMarket", "pull"),
        ("ConsumerMarket", "platform_lost"),
        ("CarrierMarket", "share"),
        ("CarrierMarket", "installed"),
        ("CarrierMarket", "removed"),
        ("ComputeMarket", "share"),
        ("Market", "share"),
    ],
)
def test_a_kind_of_agent_does_what_it_is_there_for(moved, cls, state):
    assert any(state in names for (kind, _), names in moved.items() if kind == cls)
