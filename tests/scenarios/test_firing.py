"""Nothing is decorative: measures, rules, verbs and events all fire in the shipped scenarios."""

import inspect
import pkgutil
import sys
from datetime import date
from importlib import import_module

import numpy as np
import pytest

import sim.agents
import sim.rules
from docs.mechanisms import CASE
from sim.case.load import load_case
from sim.case.structure import SECOND
from sim.policy.steps import Step
from sim.runs.inputs_varied import varied_inputs
from sim.runs.simulate import simulate
from sim.world.floor import EVENTS
from tests.scenarios.runs import base_case, differs, scenario_names, scenarios_run, total, variants

# Kinds that change nothing, and why.
NO_EFFECT_KINDS = {
    "context": "drawn on the timeline only",
    "affiliates_rule": "42 days late in 2025; in force from 2021 on it acts, see below",
}

# Measures of the calendar that change no outcome when taken away, and why.
NO_EFFECT = {
    "zte_settlement_2018": "ends an order against a peer that has no part in the model",
    "zte_upkeep_2018": "a licence for the same peer",
    "easing_promised_2019": "decides nothing, as nothing was decided before",
    "allied_pact_2023": "news of what the Dutch and Japanese controls then do; nobody acts on it",
    "taiwan_listing_2025": "what Taiwan makes was closed to the firm by the rules of 2020",
    "affiliates_rule_2025": "in force for 42 days, in which no front was about to enter",
}
KINDS = {one.model_fields["kind"].default for one in Step.__subclasses__()}


def acting():
    return {k: m for k, m in base_case().measures.items() if m.kind != "context"}


@pytest.fixture(scope="module")
def without_each():
    """The case, and the case without each measure in turn."""
    flags = {k: f"measures.{k}.enabled" for k, m in acting().items() if m.enabled}
    changes = {"": {}} | {k: {path: 0.0} for k, path in flags.items()}
    assert set(flags.values()) <= set(varied_inputs(base_case()))
    return variants(changes, 12)


def test_every_kind_of_measure_is_used_by_the_case():
    assert {m.kind for m in base_case().measures.values()} == KINDS


@pytest.mark.slow
def test_every_measure_of_the_calendar_changes_an_outcome(without_each):
    silent = {k for k, data in without_each.items() if k and not differs(data, without_each[""])}
    news = {k for k, m in acting().items() if m.kind == "counter_measure"}
    assert silent - news == set(NO_EFFECT)


@pytest.mark.slow
def test_every_kind_of_measure_changes_an_outcome_somewhere(without_each):
    fired = {
        base_case().measures[k].kind
        for k, data in without_each.items()
        if k and differs(data, without_each[""])
    }
    runs = scenarios_run()
    if differs(runs["settlement-accepted"], runs[CASE]):
        fired.add(load_case("settlement-accepted").measures["settlement_offer"].kind)
    assert KINDS - fired == set(NO_EFFECT_KINDS)


@pytest.mark.slow
def test_a_rule_on_affiliates_keeps_fronts_away_once_it_is_in_force_when_they_enter():
    key, start = "measures.affiliates_rule_2025", float(date(2021, 1, 1).toordinal())
    early = {f"{key}.announced": start, f"{key}.effective": start, f"{key}.ended": start + 2000}
    runs = variants({"": {}, "early": early}, 24, outcomes=("fronts_trading",))
    usual, fewer = (total(runs[k], "fronts_trading", "2021-01", "2024-12") for k in runs)
    assert fewer.mean() < usual.mean()


@pytest.mark.slow
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_happens_in_some_member_of_some_scenario(event):
    seen = {name: np.isfinite(d[event].values).mean() for name, d in scenarios_run().items()}
    assert max(seen.values()) > 0, seen


@pytest.mark.slow
@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_changes_the_course_of_events(name):
    runs = scenarios_run()
    months = runs[CASE].sizes["month"]
    assert differs(runs[name].isel(month=slice(0, months)), runs[CASE])


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_has_a_title_a_question_and_says_what_to_look_at(name):
    case = load_case(name)
    assert len(case.title) > 5
    assert case.title != base_case().title
    assert "?" in case.description
    assert "ook at" in case.description


def functions_of(package):
    """Code objects of all functions and methods that the modules of a package define."""
    found = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = import_module(info.name)
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", "") != info.name:
                continue
            if inspect.isfunction(thing):
                found[thing.__code__] = f"{info.name}.{name}"
            elif inspect.isclass(thing):
                found |= {
                    part.__code__: f"{info.name}.{name}.{key}"
                    for key, part in vars(thing).items()
                    if inspect.isfunction(part)
                }
    return found


def executed(names, end):
    """Code objects that runs of the named scenarios and of all second formulations execute."""
    seen = set()
    second = {f"structure.{part}": other for part, (other, *_) in SECOND.items()}
    cases = [load_case(name, change) for name in names for change in ({}, second)]
    sys.setprofile(lambda frame, event, _: seen.add(frame.f_code) if event == "call" else None)
    try:
        for case in cases:
            simulate(case, members=4, seed=1, end=end)
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.slow
def test_every_rule_and_every_verb_of_an_agent_is_executed():
    seen = executed((CASE,), "2023-12")
    idle = {
        name
        for package in (sim.rules, sim.agents)
        for code, name in functions_of(package).items()
        if code not in seen
    }
    assert idle == set()
