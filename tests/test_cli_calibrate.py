"""``chokepoint calibrate`` as a user calls it, on a case of its own."""

import csv
import subprocess
import sys

import pytest

import sim.cli.run
from sim.runs.posterior import DRAWS, FOLDER
from tests.analysis.worlds import make_case, write_calibration
from tests.test_docs import call_here

pytestmark = pytest.mark.slow

SMALL = {"rounds": {"count": 2, "members": 64, "effective": 20}, "draws": 20,
         "recovery": {"members": 256, "truths": 4, "nearest": 0.5}}  # fmt: skip


def call(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("work")
    make_case(place / "norvia")
    write_calibration(place / "small.yaml", "./norvia", **SMALL)
    return place


@pytest.fixture(scope="module")
def done(folder):
    return call(folder, "calibrate", "small.yaml", "--figures", "--workers", "1")


def test_a_fit_tells_rounds_scores_and_where_its_draws_are(folder, done):
    assert done.returncode == 0, done.stderr
    assert "Round 2: 64 members" in done.stdout
    assert "128 members in" in done.stdout
    assert "Members of example are drawn from it: norvia/posterior" in done.stdout
    with (folder / "out" / "small" / "posterior-scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["drawn from"] for row in rows] == ["priors", "priors", "posterior", "posterior"]
    assert (folder / "norvia" / FOLDER / DRAWS).is_file()
    assert len(list((folder / "out" / "small" / "figures").glob("*.svg"))) == 2


def test_the_case_is_run_from_its_posterior_or_from_priors(folder, done, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())  # no figures
    words = ["chokepoint", "run", "norvia", "--members", "4", "--end", "2030-01", "--force"]
    call_here(words)
    call_here([*words, "--prior", "--out", "prior"])
    assert '"digest"' in (folder / "out" / "norvia" / "manifest.json").read_text()
    assert '"posterior": null' in (folder / "prior" / "manifest.json").read_text()
    assert "--prior" in (folder / "prior" / "manifest.json").read_text()


def test_identifiability_is_written_as_a_page(folder, done):
    words = ("calibrate", "small.yaml", "--identify", "--page", "page.md", "--workers", "1")
    study = call(folder, *words)
    assert study.returncode == 0, study.stderr
    page = (folder / "page.md").read_text("utf-8")
    assert "256 members were drawn from the priors" in page
    assert "| `lines.phones.initial_share.norvia` |" in page


def test_a_fit_to_shuffled_years_is_written_as_a_page_beside_the_right_one(folder, done):
    words = ("--shuffled-years", "--page", "guard.md", "--workers", "1")
    wrong = call(folder, "calibrate", "small.yaml", *words)
    assert wrong.returncode == 0, wrong.stderr
    page = (folder / "guard.md").read_text("utf-8")
    fits = [line.split("|")[1].strip() for line in page.splitlines() if line.count("|") == 6]
    assert fits[2:] == ["right years", "shuffled years"]
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.count("|") == 9]
    assert rows[2:] == ["priors"] * 2 + ["shuffled years"] * 2 + ["posterior"] * 2


def test_a_fit_to_later_years_is_refused_in_one_line(folder):
    refused = call(folder, "calibrate", "small.yaml", "until=2031-12")
    assert refused.returncode == 2
    assert "the sample ends with 2030" in refused.stderr
    assert "Traceback" not in refused.stderr
