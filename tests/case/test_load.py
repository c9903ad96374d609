import pytest
from pydantic import ValidationError

from sim.case.errors import ConfigError
from sim.case.load import fingerprint, json_schema, list_cases, list_scenarios, load_case


def test_the_fingerprint_does_not_depend_on_order_or_files(load, folder):
    before = fingerprint(load())
    together = "".join(path.read_text() for path in sorted(folder.glob("*.yaml"), reverse=True))
    for path in folder.glob("*.yaml"):
        path.unlink()
    swapped = together.replace(
        "{value: 5, low: 4, high: 6, unit: USD,", "{unit: USD, high: 6.0, low: 4, value: 5.0,"
    )
    assert swapped != together
    (folder / "all.yaml").write_text(swapped)
    assert fingerprint(load()) == before


@pytest.mark.parametrize(
    "override", ["price=5.1", "measures.ban=null", "measures.stop.nodes=[5, 7]", "title=Other"]
)
def test_the_fingerprint_changes_with_the_content(load, override):
    assert fingerprint(load([override])) != fingerprint(load())


def test_a_loaded_case_is_frozen(load):
    with pytest.raises(ValidationError, match="frozen"):
        load().title = "Other"


def test_a_case_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ConfigError, match="no case or scenario 'atlantis'"):
        load_case("atlantis")


@pytest.mark.parametrize(
    "listing", [*list_cases(), *list_scenarios()], ids=lambda entry: entry.name
)
def test_every_built_in_case_and_scenario_has_a_title_and_loads(listing):
    assert listing.title != listing.name
    assert load_case(listing.name).title == listing.title


def test_the_schema_names_the_parts_of_a_case():
    schema = json_schema()
    assert schema["$schema"].startswith("https://json-schema.org")
    assert {"actors", "items", "measures"} <= set(schema["properties"])


def test_scenarios_are_listed_by_the_case_they_extend():
    names = {case: {one.name for one in list_scenarios(case)} for case in ("huawei", "zte")}
    assert "zte-no-settlement" in names["zte"]
    assert "no-grace" in names["huawei"]
    assert not names["huawei"] & names["zte"]
    assert {one.name for one in list_scenarios()} >= names["huawei"] | names["zte"]
