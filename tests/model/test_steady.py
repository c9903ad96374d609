"""A steady world stays steady, and a stock that nobody refills decays as it can be worked out."""

import copy
from datetime import date

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.outcomes.readers import network_share, stock_values
from sim.world.inputs import Series
from sim.world.ledger import ORIGINS
from tests.model.worlds import huawei, steady, steady_model

MEMBERS = 4
MONTHS = 48
MONTH = date(2018, 1, 1)


def watch(model, months=MONTHS):
    """Shares, revenue by line, stock by item and cash, month by month."""
    seen = {"share": [], "revenue": [], "stock": [], "served": [], "research": []}
    for _ in range(months):
        model.step()
        seen["share"].append(np.concatenate([market.share for market in model.markets]))
        seen["revenue"].append(model.firm.money.by_line.copy())
        seen["stock"].append(model.ledger.stock().sum(axis=1))
        seen["served"].append(model.floor.fill.copy())
        seen["research"].append(model.firm.money.research.copy())
    return {name: np.array(values) for name, values in seen.items()}


@pytest.fixture(scope="module")
def calm():
    model = steady_model(huawei(), MEMBERS, date(2021, 12, 1))
    return model, watch(model)


@pytest.mark.parametrize("what", ["share", "revenue", "research"])
def test_without_a_reason_to_move_nothing_moves(calm, what):
    path = calm[1][what]
    np.testing.assert_allclose(path, np.broadcast_to(path[0], path.shape), rtol=1e-9, atol=1e-15)


def test_the_steady_world_does_business(calm):
    assert (calm[1]["revenue"].sum(axis=1) > 30).all()  # bn CNY a month
    np.testing.assert_allclose(calm[1]["served"], 1.0)


def test_a_firm_that_has_grown_begins_with_a_trend_and_with_costs_of_its_smaller_past():
    grown, still = SupplyChain(huawei(), members=MEMBERS), steady_model(huawei(), MEMBERS, MONTH)
    a_month = np.log(603.621 / 521.574) / 12
    for model, growth in ((grown, a_month), (still, 0.0)):
        supply, money = model.firm.supply, model.firm.money
        np.testing.assert_allclose(supply.trend, supply.level * growth)
        # The usual month lies two years back, last year's middle half a year.
        np.testing.assert_allclose(money.usual_revenue, 603.621 / 12 * np.exp(-growth * 17.5))


def test_in_calm_times_all_chips_in_stock_are_raw_material(calm):
    model = calm[0]
    raw, every = stock_values(model)
    chips = model.firm.supply.chip_value()
    np.testing.assert_allclose(raw, chips + model.firm.money.other_parts, rtol=0.03)
    np.testing.assert_allclose(every, chips + model.firm.money.goods)


def test_what_fear_adds_to_the_stock_lies_all_along_the_chain(calm):
    """Chips for a year more: three eighths of their value are raw material."""
    model = copy.deepcopy(calm[0])
    before = stock_values(model)
    more = model.firm.supply.use * 12
    origins = np.zeros((len(more), len(ORIGINS), MEMBERS))
    origins[:, 0] = more
    model.ledger.make("firm", origins)
    worth = (more * model.firm.supply.unit_cost).sum(axis=0) / 1000
    raw, every = stock_values(model) - before
    np.testing.assert_allclose(every, worth)
    np.testing.assert_allclose(raw, 0.375 * worth, rtol=0.05)


def test_all_that_is_reported_with_networks_counts_as_telecom_equipment(calm):
    model = copy.deepcopy(calm[0])
    before = network_share(model)
    lines = model.case.lines
    for name, line in lines.items():
        model.firm.money.by_line[model.layout.line[name]] *= 1.0 + ("carrier" in line.old_segment)
    np.testing.assert_allclose(network_share(model), 2.0 * before)


def test_makers_begin_with_room_for_the_growth_of_half_a_year():
    model = steady_model(huawei(), MEMBERS, date(2021, 12, 1))
    usual = model.firm.supply.usual_orders(model.firm.supply.use)
    growing = SupplyChain(huawei(), members=MEMBERS)
    expected = growing.firm.supply.usual_orders(growing.firm.supply.use)
    ratio = {
        maker.name: (maker.base[sold] / expected[maker.routes][sold])
        for maker in growing.suppliers
        if (sold := expected[maker.routes] > 0).any()
    }
    for maker in model.suppliers:  # nothing is expected to change
        np.testing.assert_allclose(maker.base, usual[maker.routes], rtol=1e-9)
    # Half of a gap of share is closed in half a year at an eighth to a twelfth a month.
    assert ratio["tsmc"].min() >= 1.0
    assert 1.1 < np.median(ratio["tsmc"]) < 2.0


def test_stocks_settle_after_two_years(calm):
    stock = calm[1]["stock"]
    np.testing.assert_allclose(stock[24:], np.broadcast_to(stock[-1], stock[24:].shape), rtol=0.03)
    np.testing.assert_allclose(stock[42:], np.broadcast_to(stock[-1], stock[42:].shape), rtol=3e-3)


def habit(model):
    """Cover of each item in calm times that was held at the end, and the habit, (members,)."""
    bought = model.firm.supply.use.min(axis=1) > 1e-6
    return model.firm.supply.cover()[bought], model.behaviour.stock.normal_cover


def test_stocks_settle_at_no_less_than_the_habit_of_calm_times(calm):
    cover, normal = habit(calm[0])
    assert (cover > 0.99 * normal).all()


def test_stocks_settle_at_no_more_than_the_habit_of_calm_times(calm):
    cover, normal = habit(calm[0])
    assert (cover < 1.01 * normal).all()


def test_nothing_happens_in_a_steady_world(calm):
    model = calm[0]
    assert all(np.isnan(first).all() for first in model.floor.events.values())
    assert (model.firm.supply.threat == 0).all()
    assert (model.firm.supply.cut_off == 0).all()
    assert model.firm.sales.used[:, [1, 3]].sum() == 0  # nothing licensed, nothing rerouted


# A known answer: one item in one line only, nobody sells it any more, and a twelfth of what is
# left may be built in each month.

ITEM, LINE = "mature_logic", "automotive"


def without_refill():
    case = steady(huawei())
    lines = {
        name: line.model_copy(
            update={"bill": {k: q for k, q in line.bill.items() if (k == ITEM) == (name == LINE)}}
        )
        for name, line in case.lines.items()
    }
    nothing = Series(
        values={2018: 0.0}, unit="m units/month", standing="documented", source="by_hand"
    )
    routes = {
        name: route.model_copy(update={"capacity": nothing}) if route.item == ITEM else route
        for name, route in case.routes.items()
    }
    return steady_model(huawei(), MEMBERS, date(2021, 12, 1), lines=lines, routes=routes)


def test_a_stock_that_nobody_refills_decays_by_one_part_in_its_stretch_each_month():
    model = without_refill()
    place, stretch = model.layout.item[ITEM], model.behaviour.stock.stretch
    stock = watch(model, 36)["stock"][:, place]
    assert len(np.unique(stretch)) == MEMBERS
    # By month 12 what was under way has come and old orders are forgotten (half in a month).
    months = np.arange(24)[:, None]
    np.testing.assert_allclose(stock[12:], stock[12] * (1 - 1 / stretch) ** months, rtol=2e-3)
    np.testing.assert_allclose(stock[-1] / stock[-2], 1 - 1 / stretch, rtol=1e-6)
    assert (stock[-1] > 0).all()
