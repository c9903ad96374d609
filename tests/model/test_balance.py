"""Nothing appears or vanishes, whatever the parameters."""

from datetime import date

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.model import SupplyChain
from sim.runs.inputs import inputs_of
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity
from tests.model.worlds import huawei, switches

MEMBERS = 4
START, END = date(2020, 3, 1), date(2021, 3, 1)  # both rules on foreign chips, licences, a sale
LATE = date(2022, 12, 1)
FEW, MANY = 8, 40  # examples
# Making a failing example smaller would run the model for minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def uncertain():
    """Path -> range of every number that members draw, without those of measures."""
    return {
        one.path: (one.number.low, one.number.high, one.number.unit)
        for one in inputs_of(huawei())
        if isinstance(one.number, Quantity)
        and one.number.uncertain
        and not one.path.startswith("measures.")
    }


RANGES = uncertain()


def span(path):
    """Half of the lowest to double the highest value; shares remain shares, and not all."""
    low, high, unit = RANGES[path]
    is_share = high <= 1.0 and ("share" in unit or unit in ("probability", "elasticity"))
    return low / 2, min(high * 2, max(high, 0.99)) if is_share else high * 2


@st.composite
def values(draw):
    """Twenty numbers anywhere in and beyond their ranges, all switches on or off."""
    paths = draw(st.lists(st.sampled_from(sorted(RANGES)), min_size=20, max_size=20, unique=True))
    given = {path: draw(arrays(float, MEMBERS, elements=st.floats(*span(path)))) for path in paths}
    return given | {
        path: draw(arrays(float, MEMBERS, elements=st.sampled_from([0.0, 1.0])))
        for path in switches(huawei())
    }


def make(given, seed=1, end=END):
    ensemble = Ensemble.of(MEMBERS, seed, given)
    return SupplyChain(huawei(), ensemble=ensemble, start=START, end=end)


class Bookkeeper:
    """Keeps books of its own from what the agents say they received, used, earned and paid."""

    def __init__(self, model):
        self.model = model
        self.stock = model.ledger.stock().copy()
        self.accounts = self.read_accounts()
        self.owned, self.part = self.read_unit()

    def read_unit(self):
        """Whether the unit is the firm's, and the part of each item that goes into its products."""
        sales = self.model.firm.sales
        return sales.owns_unit.copy(), sales.unit_part.copy()

    def leave_with_unit(self):
        """Take out of the stock what went with a unit sold this month."""
        owned, part = self.read_unit()
        takes = self.part * self.model.behaviour.home_state.unit_stock * (self.owned - owned)
        self.stock = self.stock * (1.0 - takes[:, None])
        self.owned, self.part = owned, part

    def read_accounts(self):
        """All accounts, with what is owed counted as the suppliers' and the debt as the banks'."""
        found = {
            name: self.model.ledger.account(name).copy() for name in self.model.ledger.accounts
        }
        money = self.model.firm.money
        found["suppliers"] += money.owed
        found["banks"] += money.debt
        found["firm"] -= money.owed + money.debt
        return found

    def follow(self):
        """Compare a month's flows with the change of what is held."""
        firm, now = self.model.firm, self.read_accounts()
        self.leave_with_unit()
        self.stock = self.stock + firm.supply.received - firm.sales.used
        np.testing.assert_allclose(self.model.ledger.stock(), self.stock, rtol=1e-9, atol=1e-9)
        layout, under_way = self.model.layout, np.zeros_like(self.model.ledger.total("transit"))
        np.add.at(under_way, layout.route_item, self.model.book.under_way())
        equal(self.model.ledger.total("transit"), under_way)
        change = {name: now[name] - before for name, before in self.accounts.items()}
        money = firm.money
        equal(change["customers"], -money.revenue)
        equal(change["suppliers"], money.purchases)
        equal(change["banks"], 0.0)
        equal(change["firm"] + change["home_state"], self.earned() - change["owners"])
        equal(sum(change.values()), 0.0)
        self.accounts = now

    def earned(self):
        """What the month left to the firm before tax and owners, grants counted in the state's."""
        money, staff = self.model.firm.money, self.model.ledger.account("staff")
        return money.revenue - money.purchases - (staff - self.accounts["staff"])


def equal(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def chips_in_products(model):
    """Least that the month's products contain by their bills [m units], (items, members)."""
    sales, layout = model.firm.sales, model.layout
    fixed, lines = len(layout.fixed), layout.need_line
    wanted = model.floor.demand.sum(axis=1)[lines]
    per_unit = sales.needs(np.ones((len(layout.lines), MEMBERS)))
    # Boards that were redesigned to do without an item may have been built first.
    without = wanted * (1.0 - per_unit / np.maximum(sales.quantity, 1e-300))
    contained = sales.quantity * np.maximum(sales.output[lines] - without, 0.0)
    contained[fixed:] = sales.processors
    out = np.zeros((len(layout.items), MEMBERS))
    np.add.at(out, layout.need_item, contained)
    return out


def check_month(model):
    """What must hold in every month, member and world."""
    layout, firm, floor = model.layout, model.firm, model.floor
    for market in model.markets:
        assert ((market.share >= 0) & (market.share <= 1)).all(), market.name
    for fine in (firm.money.by_cell, floor.orders, floor.demand, floor.sales, firm.supply.use):
        assert np.isfinite(fine).all()
        assert (fine >= 0).all()
    assert (floor.sales <= floor.demand * (1 + 1e-9) + 1e-12).all()
    assert ((floor.fill >= 0) & (floor.fill <= 1 + 1e-9)).all()
    assert (floor.scarcity >= 1).all()
    for share in (firm.supply.threat, firm.supply.cut_off, firm.research.replaced):
        assert ((share >= 0) & (share <= 1 + 1e-12)).all()
    offered = floor.capacity * np.minimum(1.0, floor.open + floor.licensed)
    assert (floor.orders <= offered * (1 + 1e-9) + 1e-12).all()
    assert firm.sales.used.shape == (len(layout.items), 4, MEMBERS)


def run(given, seed=1, end=END):
    model = make(given, seed, end)
    books = Bookkeeper(model)
    for _ in range(model.calendar.months):
        model.step()
        books.follow()
        check_month(model)
        for foundry in model.home_foundries:
            equal(foundry.booked, foundry.tools + foundry.installing + foundry.worn)
    return model


@settings(max_examples=FEW, phases=PHASES)
@given(values())
def test_books_balance_under_parameters_in_and_beyond_their_ranges(given):
    run(given)


@pytest.mark.slow
@settings(max_examples=MANY, phases=PHASES)
@given(values(), st.integers(0, 1000))
def test_books_balance_under_many_parameters_and_any_luck(given, seed):
    run(given, seed, LATE)


@pytest.mark.parametrize("switch", [0.0, 1.0])
@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
def test_books_balance_where_all_parameters_lie_at_one_end(switch, end):
    given = {path: np.full(MEMBERS, RANGES[path][end]) for path in RANGES}
    run(given | {path: np.full(MEMBERS, switch) for path in switches(huawei())})


def test_no_product_is_built_without_the_chips_in_its_bill():
    model = make({}, end=LATE)
    for _ in range(model.calendar.months):
        model.step()
        used = model.firm.sales.used.sum(axis=1)
        assert (used >= chips_in_products(model) * (1 - 1e-9) - 1e-9).all()


def test_every_phone_has_one_processor_of_known_origin():
    model = make({})
    phone = model.inputs.phone
    has = phone[model.layout.need_line[len(model.layout.fixed) :]]
    for _ in range(model.calendar.months):
        model.step()
        sales = model.firm.sales
        built = sales.output[phone].sum(axis=0)
        np.testing.assert_allclose(sales.processors[has].sum(axis=0), built, rtol=1e-6)
        np.testing.assert_allclose(sales.by_soc.sum(axis=0), built, rtol=1e-6)


def oversold(model):
    """Units sold beyond those built, of those built, largest line and member of each month."""
    for _ in range(model.calendar.months):
        model.step()
        sold = model.floor.sales.sum(axis=1)
        built = model.firm.sales.output
        yield float((sold / np.maximum(built, 1e-9)).max() - 1.0)


def test_no_more_is_sold_than_was_built():
    assert max(oversold(make({}))) < 1e-9


def test_a_chip_that_slips_past_the_books_stops_the_run():
    model = make({})
    model.step()
    model.ledger.stock()[0, 0, 0] += 0.1
    with pytest.raises(ValueError, match="appeared or vanished"):
        model.step()


def test_a_tool_that_slips_past_the_books_stops_the_run():
    model = make({})
    model.step()
    next(iter(model.home_foundries)).tools[0] += 1.0
    with pytest.raises(ValueError, match="tools appeared or vanished"):
        model.step()


def test_a_wafer_that_slips_past_the_books_stops_the_run():
    model = make({})
    for _ in range(12):
        model.step()
    model.wafers.wip[:] += 0.1
    with pytest.raises(ValueError, match="wafers appeared or vanished"):
        model.step()


def test_money_that_slips_past_the_books_stops_the_run():
    model = make({})
    model.step()
    model.ledger.account("owners")[1] += 0.1
    with pytest.raises(ValueError, match="bn CNY appeared or vanished"):
        model.step()
