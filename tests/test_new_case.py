"""``chokepoint new-case NAME`` writes a case that runs at once."""

from pathlib import Path

import pytest

from sim import load_case, simulate
from sim.case.errors import ConfigError
from sim.case.load import case_folder
from sim.case.skeleton import write_skeleton
from sim.cli.app import main


def command(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    return stopped.value.code


def test_the_command_writes_a_case_that_runs_by_its_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command("new-case", "orbit") == 0
    assert "chokepoint run orbit" in capsys.readouterr().out
    assert command("check", "orbit") == 0
    assert "orbit: a new case" in capsys.readouterr().out
    results = simulate(load_case("orbit"), members=2, seed=1, end="2030-03")
    assert float(results.select("revenue", segment="total").min()) > 0


def test_the_new_case_has_its_own_name_and_says_what_its_files_are_for(tmp_path):
    folder = write_skeleton("orbit", tmp_path)
    assert load_case(folder).id == "orbit"
    assert "behaviour.yaml (how everybody acts)" in (folder / "case.yaml").read_text()
    comments = [line for file in folder.glob("*.yaml") for line in file.read_text().splitlines()
                if line.lstrip().startswith("#")]  # fmt: skip
    assert len(comments) > 25


def test_it_is_written_where_asked_and_folders_on_the_way_are_made(tmp_path):
    assert command("new-case", "orbit", "--at", str(tmp_path / "my" / "cases")) == 0
    assert load_case(tmp_path / "my" / "cases" / "orbit").id == "orbit"


def test_nothing_is_ever_overwritten(tmp_path, capsys):
    (tmp_path / "orbit").mkdir()
    (tmp_path / "orbit" / "mine.txt").write_text("precious")
    assert command("new-case", "orbit", "--at", str(tmp_path)) == 2
    assert "there is already" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "orbit").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["Orbit", "../orbit", "or bit", "", "-orbit", "1orbit", "o" * 61])
def test_a_name_that_could_not_be_called_is_refused(name, tmp_path):
    with pytest.raises(ConfigError, match="is no name for a case"):
        write_skeleton(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["huawei", "zte", "no-grace", "subsidies"])
def test_the_name_of_something_built_in_is_refused(name, tmp_path):
    with pytest.raises(ConfigError, match="built in: choose another"):
        write_skeleton(name, tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_skeleton("orbit", file)


def test_the_teaching_case_can_be_read_in_five_minutes():
    kinds = [actor.kind for actor in load_case("example").actors.values()]
    assert kinds.count("foundry") == 2
    assert kinds.count("intermediary") == 1
    files: list[Path] = sorted(case_folder("example").glob("*.yaml"))
    assert sum(len(file.read_text().splitlines()) for file in files) < 450
