"""A case that includes another's behaviour takes the other's posterior for what both share."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.case.load import case_folder, load_case
from sim.runs.posterior import case_posterior, prior_range, write_draws

SHARED = "routes.bought_chip_house.issuer_content"
OWN = "intermediaries.detection"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two cases: the second takes the chips of the first, which has a posterior."""
    first, second = tmp_path / "first", tmp_path / "second"
    shutil.copytree(case_folder("example"), first)
    shutil.copytree(first, second)
    chips = second / "chips.yaml"
    text = chips.read_text()
    start, end = text.index("\nroutes:"), text.index("\ntools:")
    chips.write_text(text[:start] + text[end:])
    behaviour = second / "behaviour.yaml"
    includes = behaviour.read_text()
    assert "  huawei:\n" in includes
    behaviour.write_text(includes.replace("  huawei:\n", "  ../first:\n    - routes\n", 1))
    case = load_case(first)
    ranges = {
        SHARED: prior_range(case.routes["bought_chip_house"].issuer_content),
        OWN: prior_range(case.intermediaries.detection),
    }
    draws = {SHARED: np.array([0.15, 0.2]), OWN: np.array([0.03, 0.05])}
    (first / "posterior").mkdir()
    write_draws(first / "posterior" / "draws.parquet", draws, np.ones(2), ranges)
    return first, second


def test_the_draws_of_the_included_case_are_used(pair):
    found = case_posterior(load_case(pair[1]))
    assert found is not None
    assert found.draws[SHARED].tolist() == [0.15, 0.2]


def test_a_parameter_that_has_another_range_here_is_left_out(pair):
    chips = pair[1] / "chips.yaml"
    chips.write_text(chips.read_text().replace("value: 0.05, low: 0.02", "value: 0.06, low: 0.03"))
    found = case_posterior(load_case(pair[1]))
    assert found is not None
    assert set(found.draws) == {SHARED}


def test_an_own_posterior_wins(pair):
    first, second = pair
    shutil.copytree(first / "posterior", second / "posterior")
    case = load_case(second)
    ranges = {OWN: prior_range(case.intermediaries.detection)}
    write_draws(second / "posterior" / "draws.parquet", {OWN: np.array([0.07])}, np.ones(1), ranges)
    found = case_posterior(case)
    assert found is not None
    assert set(found.draws) == {OWN}
