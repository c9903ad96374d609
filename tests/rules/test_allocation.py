"""Rationing by hand numbers, and what no rationing may do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.rules.allocation import allowance, buildable, ration, stand_ins
from sim.world.groups import Groups, Substitutes

ONE = Groups(1, [0, 0])
CLAIMANTS, MEMBERS = 6, 3
THREE = Groups(3, [0, 0, 1, 1, 1, 2])


def column(*values):
    return np.array(values, dtype=float)[:, None]


def shares(need, weight, supply, groups=ONE):
    return ration(column(*need), column(*weight), column(*supply), groups)[:, 0]


@pytest.mark.parametrize(
    ("weight", "supply", "expected"),
    [
        ((1, 1), 10, (0.5, 0.5)),  # equal claims share equally
        ((3, 1), 10, (0.75, 0.25)),  # 10 over claims of 30 and 10: level 1/4
        ((3, 1), 16, (1.0, 0.6)),  # the stronger one is full at 10, the rest goes on
        ((3, 1), 20, (1.0, 1.0)),
        ((3, 1), 99, (1.0, 1.0)),
        ((3, 1), 0, (0.0, 0.0)),
    ],
)
def test_scarce_goods_go_by_weight_and_nobody_gets_more_than_needed(weight, supply, expected):
    assert shares((10, 10), weight, (supply,)) == pytest.approx(expected)


def test_groups_draw_on_their_own_supply():
    split = Groups(2, [0, 1])
    assert shares((10, 10), (1, 1), (4, 25), split) == pytest.approx((0.4, 1.0))


def test_who_needs_nothing_takes_nothing_from_others():
    assert shares((0, 10), (9, 1), (5,))[1] == pytest.approx(0.5)


def test_a_claimant_of_a_small_need_and_weight_is_not_forgotten_when_there_is_enough():
    # The other member is short, so no shortcut for plenty can be taken.
    need = np.array([[100, 100], [10, 10], [1, 1], [0.1, 0.1], [0.01, 0.01]], dtype=float)
    weight = column(10, 5, 2.5, 1.25, 1)
    supply = np.array([[111.11, 1.0]])
    share = ration(need, weight, supply, Groups(1, [0] * 5))
    np.testing.assert_allclose(share[:, 0], 1.0)


amounts = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))


@st.composite
def claims(draw):
    need = draw(arrays(float, (CLAIMANTS, MEMBERS), elements=amounts))
    weight = draw(arrays(float, (CLAIMANTS, MEMBERS), elements=st.floats(0.5, 5.0)))
    supply = draw(arrays(float, (3, MEMBERS), elements=amounts))
    return need, weight, supply


@given(claims())
def test_no_more_is_drawn_than_there_is_and_no_share_leaves_the_unit_interval(claim):
    need, weight, supply = claim
    share = ration(need, weight, supply, THREE)
    assert (share >= 0).all()
    assert (share <= 1).all()
    assert (THREE.sum(share * need) <= supply * (1 + 1e-12) + 1e-12).all()


@given(claims())
def test_nothing_is_left_over_while_somebody_with_half_the_average_claim_goes_short(claim):
    # Three rounds leave out only claimants so weak that they hardly count.
    need, weight, supply = claim
    weight = np.clip(weight, 1.0, 1.5)
    drawn = THREE.sum(ration(need, weight, supply, THREE) * need)
    np.testing.assert_allclose(drawn, np.minimum(supply, THREE.sum(need)), rtol=1e-9, atol=1e-12)


@given(claims(), st.floats(1.0, 10.0))
def test_more_supply_never_lowers_what_is_drawn(claim, factor):
    need, weight, supply = claim
    before = THREE.sum(ration(need, weight, supply, THREE) * need)
    after = THREE.sum(ration(need, weight, supply * factor, THREE) * need)
    assert (after >= before * (1 - 1e-9) - 1e-12).all()


@given(claims(), st.floats(1.0, 4.0))
def test_a_stronger_claim_never_gets_less(claim, factor):
    need, weight, supply = claim
    stronger = weight.copy()
    stronger[3] *= factor
    weak = ration(need, weight, supply, THREE)[3] * need[3]
    strong = ration(need, stronger, supply, THREE)[3] * need[3]
    assert (strong >= weak * (1 - 1e-9) - 1e-12).all()


@pytest.mark.parametrize(
    ("met", "needing", "built"),
    [
        (0.4, 1.0, 0.4),  # every product contains the item
        (0.4, 0.5, 0.7),  # half of them were redesigned and are built anyway
        (0.0, 0.0, 1.0),  # all were
        (1.0, 1.0, 1.0),
        (0.0, 1.0, 0.0),
    ],
)
def test_a_missing_part_stops_only_the_products_that_contain_it(met, needing, built):
    assert buildable(column(met), column(needing))[0, 0] == pytest.approx(built)


@pytest.mark.parametrize(
    ("stock", "coming", "inflow", "expected"),
    [
        (12, 0, 0, 1.0),  # one part in twelve of what is left
        (12, 12, 0, 2.0),  # what is under way counts as left
        (12, 0, 10, 12.0),  # orders cover the use: all is at hand
        (12, 0, 99, 12.0),
        (13, 0, 5, 7.0),  # half secure: 1 + 11 / 2 months, so 5 and 13 / 6.5
        (0, 24, 5, 0.0),  # nobody builds from what has not arrived
        (0, 0, 0, 0.0),
    ],
)
def test_a_stock_is_spread_out_as_far_as_orders_do_not_cover_the_use(
    stock, coming, inflow, expected
):
    got = allowance(column(stock), column(coming), column(inflow), column(10), column(12))
    assert got[0, 0] == pytest.approx(expected)


@given(*[st.floats(0, 100)] * 4, st.floats(1, 24))
def test_no_more_may_be_built_in_than_lies_there(stock, coming, inflow, use, stretch):
    got = allowance(column(stock), column(coming), column(inflow), column(use), column(stretch))
    assert 0 <= got[0, 0] <= stock * (1 + 1e-12)


# Pairs of (line, kind): a dear line takes kind 0 or 1, and so does a cheap one; kind 2 is apart.
PAIRS = Substitutes(3, 3, np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2]))
WEIGHT = column(3, 1, 1)


def taken(asked, supply):
    got = asked * ration(asked, PAIRS.by_line.spread(WEIGHT), supply, PAIRS.by_kind)
    return stand_ins(asked, got, WEIGHT, supply, PAIRS)


def lines_get(asked, supply):
    """Goods of the two lines by kind, with a third line and kind that have enough."""
    made = taken(column(*asked, 5), column(*supply, 5))[:, 0]
    assert made[-1] == 5
    return made[:-1]


def test_with_enough_of_each_kind_everybody_keeps_the_usual_kind():
    assert lines_get((10, 0, 2, 8), (12, 8)) == pytest.approx([10, 0, 2, 8])


def test_a_dear_line_takes_the_kind_of_a_cheap_one_when_its_own_is_gone():
    # A pool of 8 over claims of 30 and 8.
    assert lines_get((10, 0, 0, 8), (0, 8)) == pytest.approx([0, 8 * 30 / 38, 0, 8 * 8 / 38])


def test_a_line_that_has_its_due_takes_no_other_kind():
    # The pool of 14 would serve the dear line in full, which it is, and the other with 4.
    assert lines_get((10, 0, 0, 8), (10, 4)) == pytest.approx([10, 0, 0, 4])


def test_lines_that_usually_take_the_same_kinds_are_served_by_weight():
    assert lines_get((1, 1, 1, 1), (1, 1)) == pytest.approx([0.75, 0.75, 0.25, 0.25])


def test_a_kind_that_nobody_wants_usually_fills_the_gap():
    assert lines_get((10, 0, 0, 0), (4, 5)) == pytest.approx([4, 5, 0, 0])


def test_what_a_dear_line_cannot_take_stays_with_the_cheap_one():
    apart = Substitutes(2, 2, np.array([0, 1, 1]), np.array([0, 0, 1]))
    asked, supply, weight = column(10, 2, 8), column(0, 6), column(3, 1)
    got = asked * ration(asked, apart.by_line.spread(weight), supply, apart.by_kind)
    assert stand_ins(asked, got, weight, supply, apart)[:, 0] == pytest.approx([0, 0, 6])


@given(
    arrays(float, (5, 3), elements=st.floats(0, 100)),
    arrays(float, (3, 3), elements=st.floats(0, 200)),
)
def test_stand_ins_use_no_more_than_there_is_and_serve_no_more_than_is_asked(asked, supply):
    made = taken(asked, supply)
    assert (made >= 0).all()
    assert (PAIRS.by_kind.sum(made) <= supply * (1 + 1e-9) + 1e-9).all()
    wanted = PAIRS.by_line.sum(asked)
    fill = (PAIRS.by_line.sum(made) + 1e-9) / (wanted + 1e-9)
    assert (fill <= 1 + 1e-9).all()
    # Both phone lines can take both kinds: the stronger claim is never served worse.
    assert (fill[0] >= fill[1] - 1e-6)[(wanted[:2] > 1e-3).all(axis=0)].all()
