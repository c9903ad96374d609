"""What single agents do to the world, with all luck in common."""

from datetime import date

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.world.ensemble import Ensemble
from tests.model.worlds import Variants, huawei

MEMBERS = 12
WATCH = "intermediaries.detection"
SURGE, HOARD = "behaviour.home_foundries.tool_surge", "behaviour.home_foundries.hoarding"


@pytest.fixture(scope="module")
def two_worlds():
    """One model of four members: two under the regime, two with the same luck without it."""
    values = {"regime.enabled": np.array([1.0, 1.0, 0.0, 0.0])}
    ensemble = Ensemble(1, np.array([0, 1, 0, 1]), values)
    return SupplyChain(huawei(), ensemble=ensemble, end=date(2023, 12, 1))


@pytest.fixture(scope="module")
def path(two_worlds):
    """Month -> what was seen of lag, licences, the unit and single markets."""
    model, seen = two_worlds, {}
    (maker,) = (one for one in model.suppliers if one.name == "merchant_soc_maker_us")
    russia = model.layout.region["russia"]
    bought = model.layout.item["merchant_soc"]
    sales = model.firm.sales
    for _ in range(model.calendar.months):
        before = maker.base.copy()
        model.step()
        wanted = model.floor.demand.sum(axis=1)
        more = sales.needs_to_order_for(wanted) - sales.item_needs(wanted)
        (unit,) = model.divested
        seen[model.calendar.label(model.month)] = {
            "lag": model.floor.lag[model.layout.line["flagship_phones"]].copy(),
            "no_five_g": model.floor.no_five_g[model.layout.line["flagship_phones"]].copy(),
            "behind": model.generation.frontier[model.month] - model.generation.bought,
            "open": model.floor.open.copy(),
            "licensed": model.floor.licensed.copy(),
            "held": model.licences.held.copy(),
            "room": model.floor.capacity[maker.routes] / before,
            "sold": model.floor.open[maker.routes] + model.floor.licensed[maker.routes],
            "free": model.floor.open[maker.routes].copy(),
            "ordered": model.floor.orders[maker.routes] / model.floor.capacity[maker.routes],
            "forgot": before - maker.base,
            "instead": more[bought],
            "unit": unit.revenue.copy(),
            "owns": model.firm.sales.owns_unit.copy(),
            "russia": model.floor.sales[model.layout.line["carrier_networks"], russia].copy(),
            "defects": next(iter(model.home_foundries)).processes[0].defects.copy(),
        }
    return seen


def over_time(path, what):
    return np.array([month[what] for month in path.values()])


def test_without_sanctions_the_firm_keeps_to_the_frontier(path):
    assert (over_time(path, "lag")[:, 2:] == 0).all()


def test_cut_off_the_firm_falls_behind_the_frontier_step_by_step(path):
    behind = over_time(path, "behind")[:, :2]
    assert (np.diff(behind, axis=0) >= 0).all()
    assert (path["2020-08"]["behind"][:2] == 0).all()
    assert (path["2022-12"]["behind"][:2] >= 1).all()


def test_its_phones_are_then_of_an_old_generation_or_of_licensed_chips_without_5g(path):
    lag, no_five_g = over_time(path, "lag"), over_time(path, "no_five_g")
    assert (lag >= 0).all()
    before, after = path["2020-08"], path["2022-12"]
    assert (before["lag"][:2] == 0).all()
    assert (before["no_five_g"][:2] < 0.05).all()
    assert (after["lag"][:2] + after["no_five_g"][:2] > 0.5).all()
    assert (no_five_g[:, 2:] == 0).all()


def test_what_makers_offer_and_what_licences_cover_are_shares(path):
    for what in ("open", "licensed", "held"):
        found = over_time(path, what)
        assert ((found >= 0) & (found <= 1 + 1e-12)).all(), what
    offered = over_time(path, "open") + over_time(path, "licensed")
    assert (offered <= 1 + 1e-12).all()
    assert over_time(path, "licensed")[..., :2].max() > 0.2
    assert over_time(path, "licensed")[..., 2:].max() == 0


def test_a_licence_names_quantities_and_leaves_no_room_for_a_rush(path):
    before, after = path["2019-01"], path["2021-12"]
    assert (before["free"] == 1).all()
    assert (before["room"] > 1.2).all()
    assert (after["free"][:, :2] == 0).all()
    assert (after["sold"][:, :2] > 0.1).all()
    np.testing.assert_allclose(after["room"][:, :2], 1.0)
    assert (after["room"][:, 2:] > 1.2).all()


def test_a_maker_does_not_forget_the_trade_that_its_licence_leaves_out(path):
    ordered, sold = over_time(path, "ordered")[:, 0, :2], over_time(path, "sold")[:, 0, :2]
    forgot = over_time(path, "forgot")[:, 0, :2]
    partly = (sold > 0.1) & (sold < 0.9) & (over_time(path, "free")[:, 0, :2] == 0)
    all_bought = partly & (ordered > (1 - 1e-9) * sold)
    assert all_bought.sum() > 6
    assert (forgot[all_bought] <= 1e-9).all()


def test_a_firm_cut_off_from_its_own_processors_orders_others_in_their_place(path):
    months, instead = list(path), over_time(path, "instead")
    assert (instead >= 0).all()
    assert (instead[:, 2:] < 1e-9).all()  # nobody is cut off there
    assert (instead[: months.index("2020-05"), :2] < 1e-9).all()
    # By then licences cover more than the lines that always had bought processors still need.
    assert (instead[months.index("2022-03") : months.index("2022-12"), :2] > 0.01).all()


def test_the_unit_sells_on_its_own_only_once_it_is_sold(path):
    unit, owns = over_time(path, "unit"), over_time(path, "owns")
    assert (unit[owns == 1] == 0).all()
    assert (unit[-1, :2] > 4).all()  # bn CNY a month, rebuilt within three years
    assert (owns[:, 2:] == 1).all()


def test_after_it_has_suspended_its_sales_the_firm_sells_no_networks_there(two_worlds, path):
    russia, first = over_time(path, "russia"), two_worlds.floor.events["market_left"]
    for member in (0, 1):
        assert np.isfinite(first[member])
        month = int(first[member])
        assert (russia[:month, member] > 0).all()
        assert (russia[month + 1 :, member] == 0).all()
    assert (russia[:, 2:] > 0).all()


def test_a_home_foundry_learns_and_never_unlearns(path):
    defects = over_time(path, "defects")
    assert (np.diff(defects, axis=0) <= 1e-12).all()
    assert (defects[-1] < defects[0]).all()


@pytest.fixture(scope="module")
def ways():
    """The case under other detection and other haste for tools, and without sanctions."""
    variants = {
        "base": {},
        "no sanctions": {"regime.enabled": 0.0},
        "blind": {WATCH: 0.0},
        "watchful": {WATCH: 0.5},
        "no haste": {SURGE: 0.0, HOARD: 0.0},
    }
    usual = {
        "regime.enabled": 1.0,
        WATCH: huawei().intermediaries.detection.value,
        SURGE: huawei().behaviour.home_foundries.tool_surge.value,
        HOARD: huawei().behaviour.home_foundries.hoarding.value,
    }
    outcomes = (
        "rival_sales", "phones_shipped", "rerouted_dies", "diversion_detected", "detections",
        "fronts_trading", "tools_received", "wafer_capacity",
    )  # fmt: skip
    return Variants(variants, usual, MEMBERS, date(2025, 12, 1), outcomes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rival", "first", "last"),
    [("phone_rivals", "2021-06", "2022-12"), ("telecom_rivals", "2021-01", "2022-12")],
)
def test_rivals_take_what_the_firm_cannot_serve(ways, rival, first, last):
    found = ways.sum("rival_sales", first, last, rival=rival)
    assert (found["base"] > found["no sanctions"]).all()


@pytest.mark.slow
def test_a_rival_loses_the_market_from_which_its_own_government_bars_it(ways):
    found = ways.sum("rival_sales", "2024-01", "2025-12", rival="ai_rival")
    assert (found["base"] < found["no sanctions"]).all()


@pytest.mark.slow
def test_phones_abroad_suffer_from_the_loss_of_services_before_any_chip_is_short(ways):
    found = ways.sum("phones_shipped", "2019-12", "2020-06", region="abroad")
    assert (found["base"] < found["no sanctions"]).all()


def found_out(run, variant):
    """Fronts found out, of all that traded, a month."""
    found, trading = (
        run.sum(name, "2018-01", "2025-12") for name in ("detections", "fronts_trading")
    )
    return found[variant].sum() / trading[variant].sum()


@pytest.mark.slow
def test_fronts_are_found_out_as_often_as_somebody_looks(ways):
    assert np.isnan(ways.event("diversion_detected")["blind"]).all()
    assert 0.005 < found_out(ways, "base") < 0.2
    assert found_out(ways, "watchful") > 1.5 * found_out(ways, "base")


@pytest.mark.slow
def test_fronts_do_not_open_where_they_would_be_found_out_at_once(ways):
    trading = ways.sum("fronts_trading", "2018-01", "2025-12")
    assert (trading["watchful"] < trading["blind"]).all()
    dies = ways.sum("rerouted_dies", "2018-01", "2025-12")
    assert dies["watchful"].mean() < dies["base"].mean() < dies["blind"].mean()


@pytest.mark.slow
def test_nobody_is_found_out_who_has_ordered_nothing(ways):
    dies, found = (
        ways.dataset[name].cumsum("month").values for name in ("rerouted_dies", "detections")
    )
    assert (dies[found > 0] > 0).all()


@pytest.mark.slow
def test_haste_before_a_door_closes_brings_tools_in_time(ways):
    tools = ways.sum("tools_received", "2022-10", "2023-12", type="duv_immersion")
    assert (tools["base"] > tools["no haste"]).all()
    room = ways.sum("wafer_capacity", "2025-01", "2025-12", foundry="smic", node="n7")
    assert (room["base"] > room["no haste"]).all()


@pytest.mark.parametrize(("before", "covers"), [(0.5, 0.5), (1.0, 1.0), (2.0, 1.0)])
def test_a_licence_covers_a_smaller_share_when_more_is_barred_and_never_a_larger_one(
    before, covers
):
    model = SupplyChain(huawei(), members=2, rng=1, start=date(2019, 6, 1), end=date(2019, 8, 1))
    model.step()
    desk, law = model.licences, model.law
    assert (law.deciding(1) == 0).all()  # nothing is decided in July
    desk.held[:] = 0.4
    desk.barred = law.barred(1) * before
    model.step()
    barred = law.barred(1).min(axis=1) > 0
    np.testing.assert_allclose(desk.held[barred], 0.4 * covers)


@pytest.mark.parametrize(("life", "void"), [(2.0, 3), (3.4, 4)])
def test_a_licence_covers_goods_to_the_last_month_of_its_term_and_not_after(life, void):
    """Issued in the first month, void so many months later; nothing new is decided meanwhile."""
    values = {"behaviour.suppliers.licence_life": np.array([life, 40.0])}
    ensemble = Ensemble(1, np.array([0, 1]), values)
    model = SupplyChain(huawei(), ensemble=ensemble, start=date(2019, 6, 1), end=date(2019, 10, 1))
    desk = model.licences
    held = []
    for month in range(void):
        model.step()
        if month == 0:
            desk.issued[0] = desk.held[desk.rows] = 0.4
        held.append(desk.held[desk.rows[0]].copy())
    assert (np.array(held)[:-1] > 0.3).all()
    assert held[-1].tolist() == pytest.approx([0.0, held[-2][1]], abs=0.02)


def test_a_unit_is_sold_with_the_chips_of_its_products(two_worlds, path):
    model = two_worlds
    owns = over_time(path, "owns")
    assert owns[-1].tolist() == [0.0, 0.0, 1.0, 1.0]
    gone = model.ledger.handed_over.sum(axis=1)
    unit_only = [model.layout.item[i] for i in ("own_advanced_soc", "memory", "rf_analog_fpga")]
    assert (gone[unit_only][:, :2] > 0).all()
    assert (gone[:, 2:] == 0).all()
    assert (gone[model.layout.item["network_logic"]] == 0).all()  # in none of its products


def test_a_settlement_is_offered_in_the_members_that_have_the_offer():
    offer = {"measures.settlement_offer.enabled": np.array([1.0, 0.0])}
    eager = {"behaviour.settlement.autonomy": np.zeros(2)}
    ensemble = Ensemble(1, np.array([0, 0]), offer | eager)
    model = SupplyChain(huawei(), ensemble=ensemble, end=date(2019, 12, 1))
    assert model.law.settlement_offered.tolist() == [True, False]
    for _ in range(model.calendar.months):
        model.step()
    accepted = model.floor.events["settlement_accepted"]
    assert np.isfinite(accepted).tolist() == [True, False]


def test_a_state_counts_what_its_tool_makers_may_not_sell():
    model = SupplyChain(huawei(), members=1, rng=1, end=date(2024, 3, 1))
    for _ in range(model.calendar.months):
        model.step()
    dutch = next(state for state in model.allies if state.country == "netherlands")
    maker = next(maker for maker in model.tool_makers if maker.country == "netherlands")
    orders = model.floor.tool_orders[:, maker.kinds[0], 0]
    closed = [
        model.law.tools_of(name, model.month)[maker.kinds[0], 0] for name in model.case.foundries
    ]
    covert = model.behaviour.home_foundries.covert_tools[0] * model.switches.covert_access[0]
    expected = (orders * np.array(closed)).sum() * (1 - covert) * maker.price[0][0]
    assert maker.lost[0] == pytest.approx(expected)
    assert dutch.burden[0] > maker.lost[0] > 0
