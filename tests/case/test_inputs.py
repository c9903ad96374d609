"""What the agents start from: a case read for one ensemble, by hand numbers."""

from datetime import date

import numpy as np
import pytest

from sim.case.draw import Draws
from sim.case.inputs import Inputs
from sim.case.layout import Layout
from sim.case.load import load_case
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble
from sim.world.ledger import ORIGINS

MEMBERS = 640
YEARS = Calendar(date(2030, 1, 1), date(2031, 12, 1))


@pytest.fixture(scope="module")
def case():
    return load_case("example")


def read(case, values=None, members=MEMBERS, calendar=YEARS):
    return Inputs(case, Ensemble.of(members, 1, values), calendar, Layout(case))


@pytest.fixture(scope="module")
def inputs(case):
    return read(case)


@pytest.fixture(scope="module")
def huawei():
    big = load_case("huawei")
    return read(big, calendar=Calendar(big.calendar.start, big.calendar.end), members=64)


def layout_of(inputs):
    return inputs.layout


# Where things sit.


def test_needs_are_the_bills_first_and_then_the_processors_that_stand_in_for_one_another(inputs):
    layout = layout_of(inputs)
    assert layout.fixed == (("phones", "radio_chip"), ("networks", "radio_chip"))
    assert layout.either == (("phones", "phone_chip"), ("phones", "bought_chip"))
    assert [layout.lines[k] for k in layout.need_line] == ["phones", "networks", "phones", "phones"]
    assert layout.has_processor.tolist() == [True, False]


def test_chips_by_route_become_chips_by_item_and_origin(inputs):
    layout = layout_of(inputs)
    usual, licensed = np.zeros((2, len(layout.routes), 1))
    usual[layout.route["radio_chip_west"]] = 5
    usual[layout.route["radio_chip_home"]] = 2
    usual[layout.route["phone_chip_shells"]] = 1
    licensed[layout.route["radio_chip_west"]] = 3
    stock = layout.stock_of(usual, licensed)[..., 0]
    expected = np.zeros((4, len(ORIGINS)))
    expected[layout.item["radio_chip"]] = [5, 3, 2, 0]  # direct, licensed, domestic, rerouted
    expected[layout.item["phone_chip"]] = [0, 0, 0, 1]
    np.testing.assert_array_equal(stock, expected)


def test_what_a_licence_lets_through_is_licensed_on_every_route(inputs):
    layout = layout_of(inputs)
    all_routes = np.ones((len(layout.routes), 2))
    stock = layout.stock_of(np.zeros_like(all_routes), all_routes)
    assert stock[:, ORIGINS.index("licensed")].sum() == all_routes.sum() == stock.sum()


# Numbers.


def test_a_number_sits_where_its_name_sits_and_is_0_where_there_is_none(inputs):
    layout = layout_of(inputs)
    lead = dict(zip(layout.routes, layout.lead, strict=True))
    assert (lead["phone_chip_apex"], lead["software_west"]) == (4, 1)
    public = inputs.lines("public_buyers")
    assert public[layout.line["networks"]] == pytest.approx(0.1)
    assert (public[layout.line["phones"]] == 0).all()
    area = inputs.routes("die_mm2")
    assert area[layout.route["phone_chip_home"]] == pytest.approx(110.0)
    assert (area[layout.route["phone_chip_apex"]] == 0).all()


def test_shares_by_line_and_region(inputs):
    share = inputs.shares("initial_share")
    assert share.shape == (2, 2, MEMBERS)
    np.testing.assert_allclose(share[..., 0], [[0.2, 0.1], [0.3, 0.2]])
    potential = inputs.shares("potential_share")[0, 0]
    assert 0.25 <= potential.min() < 0.27 < 0.33 < potential.max() <= 0.35


def test_a_members_own_value_lands_on_its_route_and_nowhere_else(case):
    path = "routes.bought_chip_house.issuer_content"
    own = read(case, {path: np.full(4, 0.9)}, members=4).routes("issuer_content")
    drawn = read(case, members=4).routes("issuer_content")
    place = Layout(case).route["bought_chip_house"]
    assert own[place] == pytest.approx(0.9)
    np.testing.assert_array_equal(np.delete(own, place, 0), np.delete(drawn, place, 0))


def test_a_market_is_a_twelfth_of_its_year_each_month_in_every_region(inputs):
    size = inputs.market_sizes("phones")
    assert size.shape == (24, 2, MEMBERS)
    yearly = size[:12].sum(axis=0)
    assert yearly.mean(axis=1) == pytest.approx([100, 200], rel=0.005)
    assert 95 <= yearly[0].min() < 96 < 104 < yearly[0].max() <= 105


@pytest.mark.parametrize(
    ("start", "months"),
    [
        (date(2030, 1, 1), {0: 2.0, 11: 10.0, 12: 2.0, 23: 10.0}),
        (date(2030, 11, 1), {1: 10.0, 2: 2.0, 13: 10.0}),
    ],
)
def test_seasons_follow_the_calendar_and_not_the_start_of_the_run(case, start, months):
    seasons = (2.0,) + (0.0,) * 10 + (10.0,)  # all is sold in January and December
    phones = case.markets["phones"].model_copy(update={"seasonality": seasons})
    changed = case.model_copy(update={"markets": {**case.markets, "phones": phones}})
    run = read(changed, members=1, calendar=Calendar(start, date(2031, 12, 1)))
    year = read(case, members=1).market_sizes("phones")[0, 0, 0] * 12
    size = run.market_sizes("phones")[:, 0, 0] / year * 12
    assert {k: round(float(v), 9) for k, v in enumerate(size) if v} == months


def test_the_seasons_of_every_market_make_one_year():
    for name in ("huawei", "example"):
        for key, market in load_case(name).markets.items():
            assert sum(market.seasonality) == pytest.approx(12.0), (name, key)


def test_draws_shift_the_mix_of_processors_but_not_their_number(huawei):
    layout = huawei.layout
    fixed = len(layout.fixed)
    needs = huawei.needs()
    lines = huawei.case.lines
    phones = [k for k, (line, _) in enumerate(layout.either) if line == "volume_phones"]
    mix = needs[fixed:][phones]
    assert mix.sum(axis=0) == pytest.approx(1.0)
    assert (mix.std(axis=1) > 0).all()
    for k, (line, item) in enumerate(layout.fixed):
        usual = lines[line].bill[item]
        low, high = usual.low or usual.value, usual.high or usual.value
        assert (needs[k] >= low - 1e-12).all()
        assert (needs[k] <= high + 1e-12).all()


def test_market_luck_has_the_yearly_size_it_is_given_and_moves_slowly(huawei):
    luck = huawei.market_luck("phones_volume", np.full(64, 0.05))
    assert luck.mean() == pytest.approx(1.0, abs=0.01)
    log = np.log(luck[36:])
    assert log.std() == pytest.approx(0.05, abs=0.01)
    step = np.corrcoef(log[:-1].ravel(), log[1:].ravel())[0, 1]
    assert step == pytest.approx(0.9, abs=0.03)


def test_market_luck_favours_neither_good_nor_bad_years(inputs):
    wild = inputs.market_luck("phones", np.full(MEMBERS, 0.5))[12:]
    assert wild.mean() == pytest.approx(1.0, abs=0.05)  # exp(0.5^2 / 2) would be 1.13


def test_without_noise_there_is_no_market_luck(huawei):
    np.testing.assert_array_equal(huawei.market_luck("cloud", np.zeros(64)), 1.0)


def test_markets_have_luck_of_their_own(huawei):
    one, other = (huawei.market_luck(name, np.ones(64)) for name in ("cloud", "digital_power"))
    assert not np.allclose(one, other)


# Flags.


def test_flags_follow_the_case(huawei):
    layout, case = huawei.layout, huawei.case
    for flag, key in (("phone", "phone"), ("divestible", "divestible"), ("consumer", "consumer")):
        marked = [name for name, on in zip(layout.lines, getattr(huawei, flag), strict=True) if on]
        assert marked == [name for name, line in case.lines.items() if getattr(line, key)]
    own = {layout.items[k] for k in huawei.own_leading}
    assert own == {n for n, item in case.items.items() if item.leading_edge and item.own_design}
    home = layout.regions[huawei.home_region]
    assert [name for name, region in case.regions.items() if region.home] == [home]
    assert huawei.at_home.sum() == 1
    np.testing.assert_array_equal(huawei.abroad, 1 - huawei.at_home)


def test_a_route_without_a_limit_of_its_own_has_none(huawei):
    for k, name in enumerate(huawei.layout.routes):
        limited = huawei.case.routes[name].capacity is not None
        assert np.isfinite(huawei.route_limit[:, k]).all() == limited


# Groups of parameters.


def test_a_group_has_the_shape_of_the_case_with_a_value_for_each_member(case):
    draws = Draws(Ensemble.of(5, 1), YEARS)
    behaviour = draws.group("behaviour", case.behaviour)
    assert behaviour.stock.adjust.shape == (5,)
    grants = case.behaviour.home_state.grant_share
    assert behaviour.home_state.grant_share[0] == pytest.approx(grants.value)


def test_switches_are_one_unless_a_member_says_otherwise(case):
    own = Ensemble.of(3, 1, {"mechanisms.licences": np.array([0.0, 0.5, 1.0])})
    switches = Draws(own, YEARS).group("mechanisms", case.mechanisms)
    np.testing.assert_array_equal(switches.licences, [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(switches.grants, 1.0)
