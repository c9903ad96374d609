"""Worlds at their extremes stay sane: numbers, no negative stock, books that balance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import SupplyChain
from sim.runs.inputs_varied import varied_inputs
from sim.world.ensemble import Ensemble
from tests.scenarios.runs import base_case

MEMBERS = 3


def paths(start, *ends):
    """Inputs whose name starts and ends so."""
    known = varied_inputs(base_case())
    return [p for p in known if p.startswith(start) and p.endswith(ends or ("",))]


def extremes():
    """Name -> dotted path -> value."""
    return {
        "zero capacity": dict.fromkeys(
            [*paths("foundries.", ".capacity", ".planned_growth", ".fund_share"),
             *paths("routes.", ".capacity")], 0.0),
        "all routes closed for ever": dict.fromkeys(
            paths("routes.", ".issuer_content", ".issuer_tools"), 1.0)
            | {"mechanisms.licences": 0.0, "mechanisms.domestic_foundry": 0.0,
               "mechanisms.rerouting": 0.0,
               "measures.entity_listing_2019.workaround": 0.0,
               "measures.general_licence_2019.enabled": 0.0},
        "infinite enforcement": dict.fromkeys(
            ("intermediaries.detection", "intermediaries.vigilance"), 1e12),
        "no cash": {"initial.cash": 0.0},
        "deep debt": {"initial.cash": -1e4},
        "no market": dict.fromkeys(paths("markets.", *(f".{r}" for r in base_case().regions)), 0.0),
        "full subsidies": {
            "behaviour.home_state.grant_share": 1.0, "behaviour.home_state.grant_multiple": 100.0,
            "behaviour.home_state.fab_fund": 1e5, "behaviour.home_state.unit_multiple": 100.0,
        },
        "no tools": {"behaviour.home_foundries.tool_lead": 1e9},
        "no yield": dict.fromkeys(paths("foundries.", ".defects_start", ".defects_floor"), 1e3),
        "free chips": dict.fromkeys(paths("items.", ".price"), 0.0),
        "unlimited panic": {"behaviour.threat.step": 1.0, "behaviour.threat.fade": 0.0,
                            "behaviour.stock.precaution_crucial": 1e3},
        "no response at all": dict.fromkeys(paths("mechanisms."), 0.0),
    }  # fmt: skip


EXTREMES = extremes()


def run(values):
    """Step a world through all months and check each; the model checks its books itself."""
    held = {path: np.full(MEMBERS, value) for path, value in values.items()}
    model = SupplyChain(base_case(), ensemble=Ensemble.of(MEMBERS, 1, held))
    for _ in range(model.calendar.months):
        model.step()
        check(model)
    return model


def check(model):
    """Numbers everywhere, nothing negative that cannot be."""
    firm, floor = model.firm, model.floor
    for name, array in {
        "stock": model.ledger.stock(), "orders": floor.orders, "demand": floor.demand,
        "sales": floor.sales, "delivered": floor.delivered, "revenue": firm.money.by_cell,
        "use": firm.supply.use, "scarcity": floor.scarcity,
        "threat": firm.supply.threat, "tools": np.stack([f.tools for f in model.home_foundries]),
        "shares": np.concatenate([m.share for m in model.markets]),
    }.items():  # fmt: skip
        assert np.isfinite(array).all(), (name, model.month)
        assert (array >= -1e-9).all(), (name, model.month)
    accounts = [model.ledger.account(name) for name in model.ledger.accounts]
    for name, array in (("profit", firm.money.net_profit), ("accounts", np.array(accounts))):
        assert np.isfinite(array).all(), (name, model.month)


@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_is_made_of_inputs_of_the_case(name):
    assert len(EXTREMES[name]) > 0
    assert set(EXTREMES[name]) <= set(varied_inputs(base_case()))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_world_stays_sane(name):
    model = run(EXTREMES[name])
    assert model.month == model.calendar.months - 1


@pytest.mark.slow
@settings(max_examples=12)
@given(st.sets(st.sampled_from(sorted(EXTREMES)), min_size=2, max_size=5))
def test_extremes_may_come_together(names):
    merged = {}
    for name in sorted(names):
        merged |= EXTREMES[name]
    run(merged)


@pytest.mark.slow
def test_without_a_market_nothing_is_sold_and_without_routes_next_to_nothing():
    idle = run(EXTREMES["no market"])
    assert (idle.firm.money.revenue == 0).all()
    closed, usual = run(EXTREMES["all routes closed for ever"]), run({})
    phones = closed.inputs.phone
    assert closed.floor.sales[phones].sum() < 0.1 * usual.floor.sales[phones].sum()
