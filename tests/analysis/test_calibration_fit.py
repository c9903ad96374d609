"""A fit finds the world that made its targets, goes on after a stop, and becomes the default."""

import numpy as np
import pytest
import yaml

from sim.analysis.calibration.fit import fit, problem_of
from sim.analysis.calibration.write import DIAGNOSTICS, install, write_posterior
from sim.case.load import load_case
from sim.outcomes.folder import FolderError
from sim.runs.posterior import case_posterior
from tests.analysis.worlds import HOME_SHARE, TRUTH, loaded, make_case, workplace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fit")


@pytest.fixture(scope="module")
def case(folder):
    return make_case(folder / "norvia")


@pytest.fixture(scope="module")
def problem(folder, case):
    return problem_of(loaded(folder / "small.yaml", case))


@pytest.fixture(scope="module")
def found(folder, problem):
    return fit(problem, workplace(folder / "out"))


def mean_share(found):
    """Posterior mean of the share at home with which the phone begins; its prior mean is 0.2."""
    values = found.problem.space.values(found.population.places)[HOME_SHARE]
    return float(found.population.weights @ values)


def test_the_fit_moves_to_the_world_that_made_its_targets(found):
    assert mean_share(found) > 0.5 * (0.2 + TRUTH[HOME_SHARE])


def test_members_of_the_posterior_come_nearer_to_the_targets_on_new_luck(found):
    assert np.abs(found.after).mean() < 0.8 * np.abs(found.before).mean()


def test_a_second_start_computes_nothing_and_finds_the_same(found, folder, problem):
    ledgers = {path: path.read_bytes() for path in (folder / "out").glob("*/ledger.jsonl")}
    again = fit(problem, workplace(folder / "out"))
    assert len(ledgers) == 3
    assert all(path.read_bytes() == content for path, content in ledgers.items())
    np.testing.assert_array_equal(again.population.weights, found.population.weights)
    np.testing.assert_array_equal(again.population.places, found.population.places)


def test_a_lost_block_is_computed_again_and_nothing_else(found, folder, problem):
    lost = folder / "out" / "round-2" / "blocks" / "block-000000.parquet"
    before = lost.read_bytes()
    lost.unlink()
    again = fit(problem, workplace(folder / "out"))
    assert lost.read_bytes() == before
    np.testing.assert_array_equal(again.population.weights, found.population.weights)


def test_a_changed_fit_does_not_go_on_in_the_folder_of_another(found, folder, case):
    other = problem_of(loaded(folder / "other.yaml", case, seed=2))
    with pytest.raises(FolderError, match="has changed"):
        fit(other, workplace(folder / "out"))


def test_targets_of_the_wrong_years_are_fitted_worse(folder):
    """The guard: a fit to wrong data must look worse, or a good fit would mean nothing."""
    changes = {
        "parameters": ["behaviour.threat.step", "lines.flagship_phones.adjust"],
        "until": "2021-12",
        "grades": {"high": 0.01, "medium": 0.04, "low": 0.08, "recall": 0.08},
        "targets": [
            {"outcome": "revenue", "discrepancy": 0.05},
            {"outcome": "phones_shipped", "discrepancy": 0.1},
        ],
        "rounds": {"count": 1, "members": 128, "effective": 40},
    }
    file = loaded(folder / "years.yaml", "huawei", **changes)
    right, wrong = (
        fit(
            problem_of(file, shuffled),
            workplace(folder / "years"),
            prefix="wrong-" if shuffled else "",
        )
        for shuffled in (False, True)
    )
    assert wrong.cutoff > 2 * right.cutoff
    assert np.abs(wrong.after).mean() > 2 * np.abs(right.after).mean()


def test_what_is_written_tells_of_the_fit_and_is_small(found, folder):
    draws = write_posterior(found, folder / "posterior")
    told = yaml.safe_load((folder / "posterior" / DIAGNOSTICS).read_text("utf-8"))
    assert draws.stat().st_size < 100_000
    assert told["members"] == 512
    assert told["effective_draws"] == pytest.approx(found.population.effective, rel=1e-3)
    assert told["parameters"][HOME_SHARE]["prior"][2] == pytest.approx(0.2)
    assert told["parameters"][HOME_SHARE]["posterior"][2] > 0.2
    assert [row["target"] for row in told["targets"]] == [one.name for one in found.problem.targets]


def test_members_of_the_case_are_drawn_from_what_was_written(found, folder, case):
    install(write_posterior(found, folder / "posterior"), case)
    posterior = case_posterior(load_case(case))
    shares = posterior.values(np.arange(256))[HOME_SHARE]
    assert shares.mean() == pytest.approx(mean_share(found), abs=0.003)
