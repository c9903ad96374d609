"""Search for regimes: which are unbeaten, and what their files are worth."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis import policy_search
from sim.analysis.policy_search import search_regimes, three_digits, unbeaten
from sim.analysis.regime_files import REGIMES, TABLE, write_front
from sim.analysis.search_ledger import SearchLedger
from sim.case.load import load_case
from sim.outcomes.folder import FolderError
from sim.runs.simulate import RunError, simulate
from tests.runs.experiments import GRACE, REVENUE, planned

YEARS = ["2019", "2020"]
AIMS = [
    {"name": "revenue", "outcomes": REVENUE, "periods": YEARS},
    {"name": "losses", "outcomes": "supplier_losses|country=united_states", "periods": YEARS},
]
LEVERS = {
    GRACE: {"low": 0, "high": 200},
    "listing": {"paths": "measures.entity_listing_2019.enabled", "values": [False, True]},
    "moved": {"paths": ["measures.direct_product_rule_may_2020.effective"], "how": "months",
              "low": -3, "high": 6},
    "fund": {"paths": "behaviour.home_state.fab_fund", "how": "scale", "low": 0.5, "high": 2},
}  # fmt: skip
OUTCOMES = [REVENUE, "supplier_losses|country=united_states"]


def plan_of(**search):
    whole = {"aims": AIMS, "population": 8, "generations": 3, **search}
    return planned(64, levers=LEVERS, search=whole, end="2020-12", outcomes=OUTCOMES)


def test_unbeaten_is_who_nobody_equals_on_all_aims_and_passes_on_one():
    costs = np.array([[1, 9], [2, 2], [9, 1], [2, 3], [1, 9]])
    assert unbeaten(costs).tolist() == [True, True, True, False, True]


def test_an_experiment_without_aims_is_not_searched():
    with pytest.raises(RunError, match="has no 'search'"):
        search_regimes(planned(64))


@pytest.fixture(scope="module")
def front():
    pytest.importorskip("pymoo")
    return search_regimes(plan_of())


@pytest.mark.slow
def test_nobody_in_the_front_is_beaten_by_anybody_that_was_tried(front):
    costs = three_digits(np.array([front.costs(regime) for regime in front.tried.values()]))
    best = three_digits(np.array([front.costs(regime) for regime in front.best]))
    assert 1 <= len(best) < len(costs)
    for mine in best:
        assert not ((costs <= mine).all(axis=1) & (costs < mine).any(axis=1)).any()
    assert len(np.unique(best, axis=0)) == len(best)  # one of those that are alike
    assert best.min(axis=0).tolist() == costs.min(axis=0).tolist()


@pytest.mark.slow
def test_the_same_seed_finds_the_same_front(front):
    again = search_regimes(plan_of())
    assert [regime.levels for regime in again.best] == [regime.levels for regime in front.best]


@pytest.mark.slow
def test_a_regime_of_the_front_runs_as_a_scenario_and_gives_its_medians(front, tmp_path):
    folder = write_front(front, plan_of(), tmp_path / "search")
    table = pd.read_csv(folder / TABLE).set_index("regime")
    assert len(table) == len(front.best)
    for name in (table.index[0], table.index[-1]):
        case = load_case(folder / REGIMES / f"{name}.yaml")
        results = simulate(case, members=4, seed=1, end="2020-12")
        revenue = results.annual_members("revenue", segment="total").sel(period=YEARS)
        assert float(revenue.sum("period").median()) == pytest.approx(
            table["revenue"][name],
            rel=1e-5,  # six digits in the table
        )


@pytest.fixture
def trials(monkeypatch):
    """Regimes that were simulated, by a stand-in for the model that only looks at the levers."""
    pytest.importorskip("pymoo")
    simulated = []

    def stand_in(plan, pool, aims):
        levels = plan.levers.values
        simulated.extend(map(tuple, levels))
        costs = np.stack([levels[:, 0], (levels[:, 0] - 100) ** 2 + levels[:, 3]])
        return np.repeat(costs, plan.members // len(levels), axis=1)

    monkeypatch.setattr(policy_search, "_aims_by_member", stand_in)
    return simulated


def stop_after(generations):
    def tell(done, of):
        if done == generations:
            raise KeyboardInterrupt

    return tell


def test_a_stopped_search_goes_on_and_tries_no_regime_twice(trials, tmp_path):
    whole = search_regimes(plan_of())
    trials.clear()
    ledger = SearchLedger.beside(tmp_path / "front")
    with pytest.raises(KeyboardInterrupt):
        search_regimes(plan_of(), tell=stop_after(2), ledger=ledger)
    before = len(trials)
    with ledger.path.open("ab") as file:
        file.write(b'{"levels": [1.0, 0.')  # a kill cut the last line short
    again = search_regimes(plan_of(), ledger=ledger)
    assert 0 < before < len(trials) == len(set(trials)) == len(whole.tried)
    assert [one.levels for one in again.best] == [one.levels for one in whole.best]
    for mine, theirs in zip(again.best, whole.best, strict=True):
        np.testing.assert_array_equal(mine.bands, theirs.bands)


def test_a_search_for_other_aims_does_not_use_what_was_tried(trials, tmp_path):
    ledger = SearchLedger.beside(tmp_path / "front")
    search_regimes(plan_of(), ledger=ledger)
    others = [{**AIMS[0], "periods": ["2020"]}, AIMS[1]]
    with pytest.raises(FolderError, match=r"another search \(changed: aims\)"):
        search_regimes(plan_of(aims=others), ledger=ledger)
    ledger.forget()
    assert len(search_regimes(plan_of(aims=others), ledger=ledger).tried) > 8


def test_what_differs_after_the_third_digit_is_alike():
    costs = np.array([[3349.24, 13.3671], [3349.9, 13.3672], [3351.0, 13.3671], [0.0, -614.6]])
    rounded = three_digits(costs)
    assert rounded == pytest.approx(np.array([[3350, 13.4], [3350, 13.4], [3350, 13.4], [0, -615]]))
