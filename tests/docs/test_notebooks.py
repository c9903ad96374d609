"""The notebooks for a class run from top to bottom, and show what their lessons are about."""

import importlib
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from tests.test_docs import DOCS

NAMES = sorted(path.stem for path in (DOCS / "notebooks").glob("*.py"))


@pytest.fixture(autouse=True)
def _no_window():
    mpl.use("Agg")


def run(name):
    """Names that the notebook defines, with the sliders as they start."""
    _, defined = importlib.import_module(f"docs.notebooks.{name}").app.run()
    return defined


def test_notebooks_are_sound_and_named_on_their_page():
    page = (DOCS / "notebooks.md").read_text()
    assert len(NAMES) == 3
    assert all(f"notebooks/{name}.py" in page for name in NAMES)
    files = [str(DOCS / "notebooks" / f"{name}.py") for name in NAMES]
    done = subprocess.run(
        [Path(sys.executable).with_name("marimo"), "check", "--strict", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_without_grace_the_year_after_is_poorer():
    change = run("grace_window")["change"]
    assert float(change.sel(period="2021", quantile=0.5)) < 0
    assert float(abs(change.sel(period="2019")).max()) == 0


@pytest.mark.slow
def test_shares_add_up_to_what_responses_brought_together():
    defined = run("who_carried_it")
    mean = defined["shares"].set_index("player")["mean"]
    parts = mean.drop(["(none)", "(all)"]).sum()
    assert parts == pytest.approx(mean["(all)"] - mean["(none)"], abs=0.5)
    assert defined["by_hand"] == {"Ann": 5.0, "Ben": 5.0}


@pytest.mark.slow
def test_a_band_is_no_corridor_and_twins_scatter_less():
    defined = run("read_a_run")
    assert float(defined["never_left"]) < 0.9
    paired, unpaired = defined["width"]
    assert paired < unpaired
