"""The commands on the built-in case, as a user calls them."""

import csv
import subprocess
import sys
from types import SimpleNamespace

import pytest

import sim.cli.run
from sim.cli.app import main


def call(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def call_here(folder, monkeypatch, capsys):
    """The same in this process: a start of the program takes longer than what is asked of it."""
    monkeypatch.chdir(folder)

    def call(*words):
        with pytest.raises(SystemExit) as stop:
            main(list(words))
        said = capsys.readouterr()
        return SimpleNamespace(returncode=stop.value.code, stdout=said.out, stderr=said.err)

    return call


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def run(folder):
    return call(folder, "run", "huawei", "--members", "8", "--end", "2021-12", "--out", "base")


@pytest.mark.slow
def test_a_run_ends_well_and_says_where_its_files_are(folder, run):
    assert run.returncode == 0, run.stderr
    assert "Written to base" in run.stdout
    assert "Traceback" not in run.stderr
    assert (folder / "base" / "members.parquet").stat().st_size > 10_000


@pytest.mark.slow
def test_total_revenue_goes_by_the_name_that_everybody_uses(folder, run):
    with (folder / "base" / "annual.csv").open() as file:
        rows = {(r["outcome"], r["labels"], r["period"]): r for r in csv.DictReader(file)}
    revenue = rows["revenue", "segment=total", "2018"]
    assert 0 < float(revenue["q05"]) <= float(revenue["q50"]) <= float(revenue["q95"])


@pytest.mark.slow
def test_the_scorecard_has_the_agreed_columns(folder, run):
    with (folder / "base" / "scorecard.csv").open() as file:
        header = next(csv.reader(file))
    assert header[:14] == [
        "outcome", "labels", "period", "documented", "low", "high", "q05", "q25", "q50", "q75",
        "q95", "error_pct", "in_band90", "sample",
    ]  # fmt: skip


@pytest.mark.slow
def test_figures_come_as_svg_and_png(folder, run):
    kinds = {path.suffix for path in (folder / "base" / "figures").iterdir()}
    assert kinds == {".svg", ".png"}


@pytest.mark.slow
def test_a_run_can_be_compared_with_what_happened(folder, run):
    done = call(folder, "compare", "base")
    assert done.returncode == 0, done.stderr
    assert "In sample" in done.stdout
    assert "MISS" in done.stdout or "hit" in done.stdout


@pytest.mark.slow
def test_a_scenario_can_be_compared_with_the_case_it_extends(folder, run, call_here, monkeypatch):
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())  # figures: above
    other = call_here("run", "no-sanctions", "--members", "8", "--end", "2021-12", "--out", "free")
    assert other.returncode == 0, other.stderr
    done = call(folder, "compare", "base", "free")
    assert done.returncode == 0, done.stderr
    assert "segment=total" in done.stdout
    assert "no paired band" not in done.stderr


def test_a_check_counts_what_is_in_the_case(folder):
    done = call(folder, "check", "huawei")
    assert done.returncode == 0, done.stderr
    assert "sound" in done.stdout
    assert "measures with an effect" in done.stdout
    assert "A run of 256 members and 108 months" in done.stdout


@pytest.mark.parametrize("what", ["cases", "scenarios", "outcomes", "parameters", "measures"])
def test_everything_can_be_listed(call_here, what):
    done = call_here("list", what)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


@pytest.mark.parametrize(
    "override", ["no.such.key=1", "calendar.end=2001-01", "mechanisms.rerouting=lots", "nonsense=="]
)
def test_a_wrong_override_is_one_paragraph_and_writes_nothing(folder, call_here, override):
    done = call_here("run", "huawei", override, "--members", "2", "--out", "wrong")
    assert done.returncode == 2
    assert done.stderr.startswith("chokepoint: ")
    assert done.stderr.count("\n") == 1
    assert not (folder / "wrong").exists()
