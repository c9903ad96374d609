import os

import pytest

from sim.case.errors import ConfigError
from sim.case.sources import case_folder, find, read_folder


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_files_of_a_folder_make_one_case(load):
    case = load()
    assert (case.id, case.price.value, sorted(case.measures)) == ("alpha", 5, ["ban", "stop"])


def test_sources_may_be_split_over_files(folder):
    write(folder / "more.yaml", "sources:\n  s2: {title: Another}\n")
    assert sorted(read_folder(folder).tree["sources"]) == ["s1", "s2"]


def test_the_same_sub_key_in_two_files_is_refused_with_both_lines(folder):
    write(folder / "zz.yaml", "sources:\n  s1: {title: Another}\n")
    with pytest.raises(ConfigError, match=r"zz.yaml, line 2: sources.s1: .*rest.yaml, line 11"):
        read_folder(folder)


def test_the_same_single_value_in_two_files_is_refused(folder):
    write(folder / "zz.yaml", "title: Again\n")
    with pytest.raises(ConfigError, match=r"zz.yaml, line 1: title: .*case.yaml, line 2"):
        read_folder(folder)


def test_documented_outcomes_are_not_part_of_the_case(folder):
    write(folder / "documented" / "revenue.yaml", "revenue: {2030: 1}\n")
    assert "revenue" not in read_folder(folder).tree


def test_files_of_an_editor_are_passed_over(folder):
    write(folder / ".#case.yaml", "not: part")
    assert "not" not in read_folder(folder).tree


def test_a_folder_without_yaml_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="holds no YAML file"):
        read_folder(tmp_path)


def test_a_scenario_lays_its_set_over_the_case(load, folder):
    path = write(
        folder.parent / "late.yaml",
        "extends: alpha\ntitle: Late\ndescription: One year on.\n"
        "set:\n  measures.ban.effective: 2031-06-01\n  price: 7\n"
        "  actors: {alpha: {capacity: 3}}\n",
    )
    case = load(path=path)
    assert (case.id, case.title, case.description) == ("alpha", "Late", "One year on.")
    assert case.measures["ban"].effective.year == 2031
    assert (case.actors["alpha"].capacity, case.price.value) == (3, 7)


def test_scenarios_build_on_scenarios_and_overrides_come_last(load, folder):
    write(folder.parent / "one.yaml", "extends: alpha\nset: {price: 1, yield_rate: 0.1}\n")
    write(folder.parent / "sub" / "two.yaml", "extends: ../one.yaml\nset: {price: 2}\n")
    three = write(folder.parent / "sub" / "three.yaml", "extends: two\ntitle: Three\n")
    case = load(["actors.alpha.capacity=4"], path=three)
    assert (case.yield_rate.value, case.price.value) == (0.1, 2)
    assert (case.actors["alpha"].capacity, case.title) == (4, "Three")
    assert case_folder(three).resolve() == folder.resolve()


def test_a_circle_of_scenarios_is_refused(load, folder):
    write(folder.parent / "one.yaml", "extends: two\n")
    two = write(folder.parent / "two.yaml", "extends: one\n")
    with pytest.raises(ConfigError, match=r"'extends' goes in a circle: .*two.yaml -> .*one.yaml"):
        load(path=two)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: No base\n", "a scenario needs 'extends'"),
        ("extends: 5\n", r"line 1: extends: a scenario needs 'extends'"),
        ("title: x\nextends: nowhere\n", r"s.yaml, line 2: no case or scenario 'nowhere'"),
        ("extends: alpha\nsett: {price: 1}\n", r"line 2: sett: unknown key .*mean 'set'\?"),
        ("extends: alpha\nset: [1]\n", r"line 2: set: needs a mapping"),
        (
            "extends: alpha\nset:\n  price: 1\n  prise: 2\n",
            r"s.yaml, line 4: prise: .*mean 'price'",
        ),
        (
            "extends: alpha\nset:\n  calendar: {end: 2029-01-01}\n",
            r"s.yaml, line 3: calendar: 'end'",
        ),
        ("extends: alpha\nset:\n  market: 4\n", r"s.yaml, line 3: market: a path over years"),
    ],
)
def test_a_faulty_scenario_is_refused_with_its_line(load, folder, text, message):
    with pytest.raises(ConfigError, match=message):
        load(path=write(folder.parent / "s.yaml", text))


def test_a_scenario_that_sets_nothing_is_the_case_itself(load, folder):
    assert load(path=write(folder.parent / "same.yaml", "extends: alpha\nset:\n")) == load()


@pytest.mark.parametrize("name", ["nothing-like-it", "", "x" * 5000, "a\0b", "gone/folder"])
def test_a_name_of_nothing_is_refused(name):
    with pytest.raises(ConfigError, match="no case or scenario"):
        find(name)


def test_a_name_in_the_working_folder_is_found(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert os.path.samefile(find("alpha"), folder)
