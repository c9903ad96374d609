"""What the commands say and write, on a small world; errors leave with code 2 and one paragraph."""

import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim.cli.run
from sim.cli.app import main
from sim.cli.compare import renew
from sim.cli.terminal import number
from sim.documented.observation import Documented, Observation, Reading
from sim.runs.simulate import simulate
from tests.outcomes.fakes import OUTCOMES, FakeModel
from tests.runs.worlds import small_case


def documented():
    said = {"unit": "bn", "source": "s", "address": "a", "source_date": "2020", "grade": "high"}
    sales = {"outcome": "sales", "labels": "region=home"}
    values = [("2018", 200.0), ("2019", 9000.0)]
    rows = tuple(
        Observation(**sales, **said, period=period, value=value, low=value, high=value)
        for period, value in values
    )
    reading = Reading(before_sanctions_to=2017, in_sample_to=2018, resolve="As printed.")
    return Documented(rows, reading)


@pytest.fixture
def world(monkeypatch, tmp_path):
    """The fake model behind the real commands, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.cli.run, "load_case", lambda name, overrides: small_case())
    monkeypatch.setattr(
        sim.cli.run, "simulate", partial(simulate, model=FakeModel, outcomes=OUTCOMES)
    )
    monkeypatch.setattr(sim.cli.run, "HEADLINE", ("sales", "region=home"))
    for module in ("sim.cli.run", "sim.cli.compare"):
        monkeypatch.setattr(f"{module}.documented_of", lambda name: documented())
    return tmp_path


def call(*words):
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return stop.value.code


def run(*words):
    return call("run", "small", "--members", "4", *words)


def test_a_run_writes_its_folder_and_says_what_came_out(world, capsys):
    assert run("--out", "here") == 0
    names = {path.name for path in (world / "here").iterdir()}
    assert names == {
        "manifest.json", "members.parquet", "quantiles.csv", "annual.csv", "scorecard.csv",
        "figures",
    }  # fmt: skip
    said = capsys.readouterr().out
    assert "Revenue a year [bn]" in said
    assert "195" in said  # median of 78 x 1, 2, 3, 4
    assert "2018-02" in said  # median month of the event
    assert "Written to here" in said


def test_a_run_is_named_after_its_case(world):
    assert run() == 0
    assert (world / "out" / "small" / "manifest.json").exists()


def test_the_command_in_the_manifest_repeats_the_run(world):
    run("--seed", "7", "--end", "2018-12", "--out", "a", "x.y=1")
    about = json.loads((world / "a" / "manifest.json").read_text())
    assert about["command"] == (
        "chokepoint run small --members 4 --seed 7 --start 2018-01 --end 2018-12 --out a x.y=1"
    )
    assert about["overrides"] == ["x.y=1"]


def test_the_case_may_be_left_out_before_an_override(world):
    assert call("run", "x.y=1", "z=2", "--members", "2", "--out", "a") == 0
    about = json.loads((world / "a" / "manifest.json").read_text())
    assert about["overrides"] == ["x.y=1", "z=2"]


def test_an_existing_run_is_refused_before_anything_is_simulated(world, capsys, monkeypatch):
    run("--out", "here")
    monkeypatch.setattr(sim.cli.run, "simulate", lambda *_, **__: pytest.fail("simulated"))
    assert run("--out", "here") == 2
    assert "exists already" in capsys.readouterr().err


def test_an_earlier_run_is_replaced_by_force(world):
    run("--out", "here")
    assert call("run", "small", "--members", "2", "--out", "here", "--force") == 0
    assert json.loads((world / "here" / "manifest.json").read_text())["members"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--members", "0"), "at least one member"),
        (("--start", "2017-01"), "lies before the case begins"),
        (("--end", "2017-01"), "end 2017-01 lies before start"),
        (("--end", "tomorrow"), "end is a month such as"),
        (("--seed", "-3"), "a seed is a whole number"),
        (("--out", "file/run"), "cannot write"),
    ],
)
def test_wrong_input_is_one_paragraph_code_2_and_leaves_nothing(world, capsys, words, message):
    (world / "file").write_text("")
    assert run(*words) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.startswith("chokepoint: ")
    assert said.count("\n") == 1
    assert [path.name for path in world.iterdir()] == ["file"]


def test_a_failure_while_writing_leaves_nothing(world, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.documented.score.score", full)
    assert run("--out", "here") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list(world.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_while_writing_leaves_nothing(
    world, monkeypatch, capsys, number, code
):
    monkeypatch.setattr("sim.documented.score.score", lambda *_: signal.raise_signal(number))
    assert run("--out", "here") == code
    assert "nothing half-written" in capsys.readouterr().err
    assert list(world.iterdir()) == []


def test_a_fault_of_the_program_is_not_dressed_up_as_wrong_input(world, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sim.cli.run, "simulate", broken)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        main(["run", "small"])


def test_a_run_is_set_beside_the_documented_outcomes_with_its_misses(world, capsys):
    run("--out", "here")
    capsys.readouterr()
    assert call("compare", "here") == 0
    said = capsys.readouterr().out
    inside, outside = said.split("Out of sample")
    assert "hit" in inside
    assert "MISS" not in inside
    assert "MISS" in outside.split("Summary")[0]
    assert "9,000" in outside


def test_the_scorecard_is_renewed_only_when_it_changes(tmp_path):
    card = pd.DataFrame({"outcome": ["sales"], "q50": [1.0]})
    path = tmp_path / "scorecard.csv"
    assert renew(card, path)
    assert not renew(card, path)
    assert renew(card.assign(q50=2.0), path)
    assert "2" in path.read_text()
    assert [file.name for file in tmp_path.iterdir()] == ["scorecard.csv"]


def test_two_runs_on_common_luck_are_compared_member_by_member(world, capsys, monkeypatch):
    run("--out", "a")
    monkeypatch.setattr(FakeModel, "scale", property(lambda model: np.full(4, 2.0)))
    run("--out", "b", "--end", "2018-12")
    capsys.readouterr()
    assert call("compare", "a", "b") == 0
    said = capsys.readouterr()
    assert "the runs differ in end 2019-12 and 2018-12" in said.err
    line = next(line for line in said.out.splitlines() if "region=home" in line)
    # Sales of 2018 were 78 x (1, 2, 3, 4) and are 78 x 2: the differences are 78, 0, -78, -156.
    assert line.split()[1:6] == ["region=home", "2018", "195", "156", "-39"]
    assert "rows without a change are left out" in said.out


def test_runs_of_different_seeds_are_not_paired(world, capsys):
    run("--out", "a")
    run("--out", "b", "--seed", "2")
    assert call("compare", "a", "b") == 0
    assert "no paired band" in capsys.readouterr().err


def test_a_folder_that_is_no_run_cannot_be_compared(world, capsys):
    assert call("compare", "nowhere") == 2
    assert "no case or scenario 'nowhere'" in capsys.readouterr().err
    assert call("compare", "out/nowhere") == 2
    assert "out/nowhere is not a folder" in capsys.readouterr().err


def test_a_case_that_is_only_named_is_run_like_the_run_it_is_compared_with(
    world, capsys, monkeypatch
):
    monkeypatch.setattr("sim.cli.pair.load_case", lambda name: small_case())
    run("--out", "a", "--members", "4", "--seed", "7")
    capsys.readouterr()
    assert call("compare", "a", "small") == 0
    said = capsys.readouterr()
    assert "no paired band" not in said.err
    about = json.loads(Path("out/small/manifest.json").read_text())
    assert (about["members"], about["seed"]) == (4, 7)
    assert call("compare", "a", "small") == 0
    assert "the run in out/small is taken" in capsys.readouterr().err


def test_a_misspelt_case_is_wrong_input(capsys):
    assert call("check", "no-such-case") == 2
    assert "no case or scenario 'no-such-case'" in capsys.readouterr().err


def test_the_schema_is_json(capsys):
    assert call("schema") == 0
    assert "measures" in json.loads(capsys.readouterr().out)["properties"]


def test_an_unknown_option_is_wrong_input(capsys):
    assert call("run", "--membrs", "3") == 2
    assert "--members" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.5, "1,234"), (0.12345, "0.123"), (float("nan"), ""), (None, ""), ("2021-09", "2021-09")],
)
def test_numbers_have_about_three_digits(value, text):
    assert number(value) == text


def test_help_imports_nothing_heavy():
    code = (
        "import sys, sim.cli\n"
        "try: sim.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'mesa', 'numpy', 'pandas', 'xarray', 'matplotlib', 'pydantic'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_the_package_offers_its_main_names_lazily():
    code = (
        "import sys, sim; assert 'numpy' not in sys.modules;"
        "from sim import load_case, simulate, open_results;"
        "print(load_case.__name__, simulate.__name__, open_results.__name__, sim.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("load_case simulate open_results 0")
