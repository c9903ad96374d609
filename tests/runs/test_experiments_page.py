"""The page on experiments runs, and the experiments that come along are sound."""

from pathlib import Path

import pytest
import yaml

from sim.case.errors import ConfigError
from sim.runs.experiment import Experiment
from sim.runs.experiment_file import experiment_schema, is_experiment, list_experiments
from sim.runs.experiment_file import load_experiment as load
from sim.runs.plan import make_plan
from sim.world.builtin import builtin_folder
from tests.test_docs import DOCS, blocks, call_here, execute

MAILED = "explorer"  # a page shows its scenarios, and is worth ten minutes
CALIBRATION = "calibrate"  # lies beside them, and another command reads it
FILES = {path.stem for path in builtin_folder("experiments").glob("*.yaml")}
SHIPPED = sorted(FILES - {CALIBRATION})


@pytest.mark.slow
def test_every_block_of_the_page_runs(tmp_path, monkeypatch):
    pytest.importorskip("duckdb")
    pytest.importorskip("pymoo")
    monkeypatch.chdir(tmp_path)
    execute(DOCS / "experiments.md", call_here)
    assert (tmp_path / "out" / "window" / "quantiles.csv").exists()
    assert (tmp_path / "window.csv").stat().st_size > 1000
    assert (tmp_path / "out" / "one-of-them" / "manifest.json").exists()


def test_the_page_shows_factors_as_they_are_read():
    text = next(text for kind, text in blocks(DOCS / "experiments.md")
                if kind == "yaml" and text.startswith("levers:"))  # fmt: skip
    whole = {"name": "shown", "question": "Does this read?", "case": "example"}
    factors = Experiment.model_validate({**whole, **yaml.safe_load(text)})
    assert factors.levers["rules_moved"].how == "months"
    assert factors.uncertainties["behaviour.demand.*"].distribution == "own"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_experiment_is_sound_and_says_what_it_found(name):
    loaded = load(name)
    plan = make_plan(loaded)
    assert plan.members < (100_000 if name == MAILED else 10_000)
    assert loaded.experiment.name == name
    assert len(loaded.experiment.found) > 80
    assert loaded.experiment.show or loaded.experiment.search or name == MAILED
    assert f"`{name}`" in (DOCS / "experiments.md").read_text()


def test_names_tell_experiments_from_cases_and_scenarios(tmp_path):
    assert [name for name in ("huawei", "no-grace", "nowhere") if is_experiment(name)] == []
    assert {one.name for one in list_experiments()} == set(SHIPPED)
    file = tmp_path / "mine.yaml"
    file.write_text("extends: huawei\nset: {}\n")
    assert not is_experiment(str(file))
    file.write_text("question: Which one?\n")
    assert is_experiment(str(file))


def test_a_calibration_is_no_experiment_and_says_which_command_reads_it():
    with pytest.raises(ConfigError, match="chokepoint calibrate calibrate"):
        load(CALIBRATION)


def test_the_schema_for_editors_knows_every_key():
    assert set(experiment_schema()["properties"]) == set(Experiment.model_fields)


def test_an_experiment_lies_beside_the_file_that_it_names(tmp_path):
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("extends: example\nset: {regime.enabled: false}\n")
    file = tmp_path / "deeper" / "e.yaml"
    file.parent.mkdir()
    file.write_text(
        "name: e\nquestion: Does it find the case?\ncase: ../mine.yaml\nreplicates: 2\n"
    )
    assert make_plan(load(Path(file))).groups[0].case.regime.enabled is False
