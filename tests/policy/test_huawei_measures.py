from collections import Counter
from pathlib import Path

import pytest
import yaml

from sim.case.load import load_case
from sim.policy.measures import MEASURES, Context, quantities
from tests.policy.world import huawei_file, huawei_regime

SCENARIOS = sorted((Path(__file__).parents[2] / "configs" / "scenarios").glob("*.yaml"))
KINDS = 19


@pytest.fixture(scope="module")
def measures():
    return MEASURES.validate_python(huawei_file()["measures"])


def test_all_documented_measures_are_there(measures):
    known = {step.evidence_id for step in measures.values() if step.enabled}
    assert len(known) == 88 and "" not in known


def test_what_never_happened_is_switched_off_and_has_no_evidence(measures):
    hypothetical = {key for key, step in measures.items() if not step.enabled}
    assert hypothetical == {
        "settlement_offer",
        "tools_with_the_listing",
        "reactive_tool_control",
        "reactive_easing",
        "controls_lifted_2025",
        "retaliation_on_allies",
    }
    assert not any(measures[key].evidence_id for key in hypothetical)


def test_every_number_and_every_measure_has_a_source_or_a_reason(measures):
    file = huawei_file()
    known = file["sources"].keys() | file["assumptions"].keys()
    for key, step in measures.items():
        assert set(step.source) <= file["sources"].keys(), key
        for path, quantity in quantities(step):
            assert set(quantity.source) <= known, f"{key}.{path}"


def test_no_source_and_no_assumption_is_idle(measures):
    file = huawei_file()
    used = {key for step in measures.values() for key in step.source}
    used |= {s for step in measures.values() for _, q in quantities(step) for s in q.source}
    assert used == file["sources"].keys() | file["assumptions"].keys()


def test_every_kind_of_measure_is_used_and_bears_on_the_case(measures):
    acting = {entry.kind for entry in huawei_regime(2).timeline() if entry.acts}
    kinds = Counter(step.kind for step in measures.values())
    assert len(kinds) == KINDS
    assert kinds.keys() - acting == {"context"}


def test_decisions_of_agents_are_drawn_but_never_read(measures):
    decided = {
        k for k, step in measures.items() if isinstance(step, Context) and step.decided_inside
    }
    assert {"budget_brand_sold", "russia_suspension", "diversion_found_2024"} <= decided
    assert not [e.id for e in huawei_regime(2).timeline() if e.id in decided and e.acts]


def test_answers_to_acts_have_no_date(measures):
    answers = {k for k, step in measures.items() if step.trigger is not None and step.enabled}
    assert answers == {"licence_revocation_2024", "foundry_stop_letter", "front_firms_listed"}
    entries = {entry.id: entry for entry in huawei_regime(2).timeline()}
    assert all(entries[key].effective is None for key in answers)


def test_the_timeline_is_in_order_of_time():
    days = [e.announced or e.effective for e in huawei_regime(2).timeline()]
    dated = [day for day in days if day]
    assert dated == sorted(dated)
    assert len(dated) == len(days) - 3


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_says_what_it_asks_and_changes_what_it_says(path):
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert scenario["title"]
    assert scenario["description"]
    changed, before = load_case(str(path)), load_case(scenario["extends"])
    for dotted in scenario["set"]:
        assert at(changed, dotted) != at(before, dotted), dotted


def at(case, dotted):
    """What a case holds at a dotted path; None where a key is missing."""
    place = case
    for name in dotted.split("."):
        place = place.get(name) if isinstance(place, dict) else getattr(place, name)
    return place
