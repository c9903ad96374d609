import pickle

import pytest

from sim.case.errors import ConfigError, Mark, Problem, nearest


def refusal(load):
    with pytest.raises(ConfigError) as caught:
        load()
    return str(caught.value)


def swap(folder, old, new):
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # an unknown key, with what was meant and what is allowed
        (
            "capacity: 10",
            "capcity: 10",
            "case.yaml, line 5: actors.alpha.capcity: unknown key; did you mean 'capacity'?; "
            "allowed: kind, capacity",
        ),
        # a wrong type
        (
            "capacity: 10",
            "capacity: many",
            "line 5: actors.alpha.capacity: should be a valid number",
        ),
        ("nodes: [7, 5]", "nodes: 7", "line 9: measures.stop.nodes: needs a list, not 7"),
        # an actor's kind, a measure's kind
        (
            "kind: maker",
            "kind: makr",
            "'makr' is not allowed; did you mean 'maker'?; allowed: maker",
        ),
        (
            "kind: market_ban",
            "kind: market_bann",
            "rest.yaml, line 6: measures.ban.kind: 'market_bann' is not allowed; did you mean "
            "'market_ban'?; allowed: market_ban, service_stop",
        ),
        (
            "    kind: market_ban\n",
            "",
            "line 5: measures.ban: the key 'kind' is required and missing",
        ),
        # a key of a measure of that kind
        ("ended: 2030", "endd: 2030", "measures.stop.endd: unknown key; did you mean 'ended'?"),
        # dates
        ("end: 2031", "end: 2029", "line 3: calendar: 'end' 2029-12-31 lies before 'start'"),
        ("2030-09-01", "2030-01-01", "line 9: measures.stop: 'ended' 2030-01-01 lies before"),
        (
            "effective: 2030-06-01",
            "effective: soon",
            "ban.effective: needs a date such as 2018-01-31",
        ),
        # an unknown actor
        (
            "kind: service_stop, issuer: orbit",
            "kind: service_stop, issuer: orbti",
            "line 9: measures.stop.issuer: unknown actor 'orbti'; did you mean 'orbit'?; "
            "allowed: alpha, orbit",
        ),
        # numbers
        ("capacity: 10", "capacity: -1", "capacity: should be greater than or equal to 0, not -1"),
        ("capacity: 10", "capacity: .inf", "capacity: should be a finite number"),
        ("value: 0.6", "value: 0.9", "line 1: yield_rate: 'value' 0.9 must lie between"),
        ("low: 0.4, high: 0.8, unit: share", "unit: share", "an assumed number needs 'low' and"),
        ("2031: 2.0", "20311: 2.0", "20311 is not a year between 1990 and 2100"),
        # a country code and a switch that YAML 1.1 would turn into each other
        ("kind: buyer", "kind: NO", "line 6: actors.orbit.kind: 'NO' is not allowed"),
        # something missing, or a number where a quantity with its source belongs
        ("title: The Alpha case\n", "", "title: this key is required and missing"),
        (
            "price: {value: 5, low: 4, high: 6, unit: USD, standing: estimated, source: s1}",
            "price: 5",
            "line 2: price: needs a mapping with unit, standing, source, value, not 5",
        ),
    ],
)
def test_bad_input_is_explained_with_file_line_and_place(load, folder, old, new, message):
    swap(folder, old, new)
    assert message in refusal(load)


def test_all_problems_are_counted_and_the_first_five_shown(load, folder):
    extra = "".join(f"  s{n}: {{kind: maker, capacity: -{n}}}\n" for n in range(1, 8))
    swap(folder, "  orbit: {kind: buyer}\n", f"  orbit: {{kind: buyer}}\n{extra}")
    lines = refusal(load).splitlines()
    assert lines[0] == "7 problems:"
    assert lines[1].startswith("(1) ")
    assert "actors.s1.capacity" in lines[1]
    assert lines[-1] == "and 2 more"
    assert len(lines) == 7


def test_long_lists_of_choices_are_cut():
    problem = Problem("unknown", choices=tuple(f"name{n}" for n in range(40)))
    assert str(problem).endswith("name14 and 25 more")


def test_an_error_survives_the_way_home_from_a_worker():
    error = ConfigError(Problem("is wrong", Mark("f.yaml", 3), ("a", "b")))
    assert str(pickle.loads(pickle.dumps(error))) == "f.yaml, line 3: a.b: is wrong"


@pytest.mark.parametrize(("given", "meant"), [("capcity", "Capacity"), ("zzz", ""), ("", "")])
def test_the_nearest_name_is_found_whatever_its_case(given, meant):
    assert nearest(given, ["Capacity", "Colour"]) == meant
