"""Members come from the posterior of a case, unless somebody says otherwise."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.case.errors import ConfigError
from sim.case.load import load_case
from sim.runs.inputs_varied import varied_inputs
from sim.runs.plan import make_plan
from sim.runs.posterior import (
    DRAWS,
    FOLDER,
    PosteriorWarning,
    case_posterior,
    prior_range,
    write_draws,
)
from sim.runs.simulate import simulate
from sim.world.builtin import builtin_folder
from tests.runs.experiments import loaded

SHARE, ADJUST = "lines.phones.potential_share.norvia", "lines.phones.adjust"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The example case with eight draws of two parameters, the later ones weighing more."""
    place = tmp_path_factory.mktemp("cases") / "norvia"
    shutil.copytree(builtin_folder("configs") / "cases" / "example", place)
    shutil.rmtree(place / FOLDER, ignore_errors=True)
    known = varied_inputs(load_case(place))
    ranges = {path: prior_range(known[path].held) for path in (SHARE, ADJUST)}
    draws = {path: np.linspace(low, high, 8) for path, (low, _, high) in ranges.items()}
    (place / FOLDER).mkdir()
    write_draws(place / FOLDER / DRAWS, draws, np.arange(1.0, 9.0), ranges)
    return place


@pytest.fixture(scope="module")
def case(folder):
    return load_case(folder)


@pytest.fixture
def spoilt(folder, tmp_path):
    """A copy of the case, to be changed."""
    return Path(shutil.copytree(folder, tmp_path / "norvia"))


def run(case, members=4, **options):
    return simulate(case, members, end="2030-01", **options)


def revenue(results):
    return results.select("revenue", segment="total").values


def test_a_run_draws_its_members_from_the_posterior_and_says_so(case):
    results = run(case)
    about = results.manifest["posterior"]
    assert about["digest"] == case_posterior(case).digest
    assert about["parameters"] == [ADJUST, SHARE]
    assert results.manifest["varied"] == []
    drawn = case_posterior(case).values(np.arange(4))
    np.testing.assert_array_equal(
        revenue(results), revenue(run(case, values=drawn, posterior=False))
    )


def test_priors_can_be_asked_for(case):
    plain = run(case, posterior=False)
    assert plain.manifest["posterior"] is None
    assert not np.allclose(revenue(plain), revenue(run(case)))


def test_a_case_without_a_posterior_runs_as_before():
    bare = load_case("example")
    bare.lies_in(None)
    assert run(bare).manifest["posterior"] is None


def test_what_somebody_sets_wins_over_the_posterior(folder, case):
    assert set(case_posterior(load_case(folder, [f"{ADJUST}=0.1"])).draws) == {SHARE}
    wider = load_case(folder, {ADJUST: {"low": 0.01, "value": 0.1, "high": 0.2}})
    assert set(case_posterior(wider).draws) == {SHARE}
    about = run(case, values={SHARE: 0.3}).manifest
    assert about["varied"] == [SHARE]
    assert about["posterior"]["parameters"] == [ADJUST]


def test_a_scenario_of_the_case_uses_its_posterior(folder):
    file = folder.parent / "other.yaml"
    file.write_text(f"extends: norvia\nset:\n  {SHARE}: 0.32\n")
    assert set(case_posterior(load_case(file)).draws) == {ADJUST}


def test_a_case_whose_ranges_have_changed_falls_back_to_them_and_says_so(spoilt):
    path = spoilt / "products.yaml"
    text, old = path.read_text("utf-8"), "value: 0.08, low: 0.05, high: 0.12"
    assert old in text
    path.write_text(text.replace(old, "value: 0.08, low: 0.05, high: 0.15", 1))
    with pytest.warns(PosteriorWarning, match=r"other ranges of .*calibrate"):
        assert case_posterior(load_case(spoilt)) is None


def test_a_file_that_is_no_posterior_is_named(spoilt):
    (spoilt / FOLDER / DRAWS).write_text("nothing of the kind")
    with pytest.raises(ConfigError, match=r"draws\.parquet: cannot be read"):
        run(load_case(spoilt))


def test_a_member_is_the_same_in_any_block(case):
    whole, cut = revenue(run(case, 5)), revenue(run(case, 5, block=3))
    np.testing.assert_allclose(whole, cut, rtol=1e-9)


def changes(plan):
    found = plan.task(0).changes
    return {change.path: change.levels.tolist() for change in found}


def test_experiments_draw_from_the_posterior_unless_they_name_draws_or_none(folder, case):
    plain = {"levers": None, "case": str(folder), "end": "2030-01", "resolution": "month"}
    posterior = case_posterior(case)
    plan = make_plan(loaded(**plain))
    assert changes(plan)[SHARE] == posterior.values(np.arange(4))[SHARE].tolist()
    assert plan.posteriors == [posterior.digest]
    without = make_plan(loaded(**plain, posterior="none"))
    assert changes(without) == {}
    assert without.fingerprint != plan.fingerprint
    fixed = make_plan(loaded(**plain, constants={SHARE: 0.32}))
    assert set(changes(fixed)) == {ADJUST}


def test_a_lever_on_a_fitted_parameter_wins(folder):
    plan = make_plan(
        loaded(case=str(folder), end="2030-01", resolution="month", levers={SHARE: [0.4, 0.6]})
    )
    assert set(changes(plan)[SHARE]) == {0.4, 0.6}
