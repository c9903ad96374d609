"""Search for regimes: which are unbeaten, and what their files are worth."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.policy_search import search_regimes, unbeaten
from sim.analysis.regime_files import REGIMES, TABLE, write_front
from sim.case.load import load_case
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
    costs = np.array([front.costs(regime) for regime in front.tried.values()])
    assert 1 <= len(front.best) < len(front.tried)
    for regime in front.best:
        mine = front.costs(regime)
        assert not ((costs <= mine).all(axis=1) & (costs < mine).any(axis=1)).any()
    least = np.array([front.costs(regime) for regime in front.best]).min(axis=0)
    assert least.tolist() == costs.min(axis=0).tolist()


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
        assert float(revenue.sum("period").median()) == pytest.approx(table["revenue"][name])
