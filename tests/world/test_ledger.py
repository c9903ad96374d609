"""The books refuse what is not there, and balance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.ledger import ORIGINS, Ledger, LedgerError

ITEMS = ("logic", "memory")
ACCOUNTS = ("firm", "customers", "suppliers")
MEMBERS = 3


def ledger(members=MEMBERS):
    return Ledger(ITEMS, ACCOUNTS, members)


def chips(item=0, origin=0, amount=10.0, members=MEMBERS):
    """An amount of one item of one origin, the same for all members unless it is a list."""
    out = np.zeros((len(ITEMS), len(ORIGINS), members))
    out[item, origin] = amount
    return out


def build(logic, memory=0.0):
    return np.array([[logic], [memory]]) * np.ones(MEMBERS)


def test_chips_keep_their_origin_through_delivery_stock_and_use():
    books = ledger()
    books.make("transit", chips(origin=0, amount=6) + chips(origin=3, amount=2))
    books.move("transit", "firm", chips(origin=0, amount=6) + chips(origin=3, amount=2), "delivery")
    used = books.use(build(4.0))
    # Three quarters came directly, so three of the four built in did.
    np.testing.assert_allclose(used[0, :, 0], [3, 0, 0, 1])
    np.testing.assert_allclose(books.stock()[0, :, 0], [3, 0, 0, 1])
    assert books.stock("transit").sum() == 0
    books.assert_balanced()


def test_nobody_can_hand_over_what_they_do_not_hold():
    books = ledger()
    books.make("transit", chips(item=1, amount=10))
    with pytest.raises(LedgerError, match=r"transit cannot give 1 m more memory \(delivery\)"):
        books.move("transit", "firm", chips(item=1, amount=11), "delivery")


def test_what_one_origin_lacks_another_cannot_stand_in_for():
    books = ledger()
    books.make("transit", chips(origin=0, amount=10))
    with pytest.raises(LedgerError, match="cannot give"):
        books.move("transit", "firm", chips(origin=1, amount=1), "delivery")


def test_one_member_without_chips_is_enough_to_be_refused():
    books = ledger()
    books.make("firm", chips(amount=[10, 0, 10]))
    with pytest.raises(LedgerError, match="firm cannot give 5 m more logic"):
        books.use(build(5.0))


def test_the_law_stops_only_what_is_under_way():
    books = ledger()
    books.make("transit", chips(amount=4))
    books.make("firm", chips(amount=9))
    books.forfeit(chips(amount=4))
    with pytest.raises(LedgerError, match="forfeit"):
        books.forfeit(chips(amount=1))
    assert books.stock().sum() == 9 * MEMBERS
    books.assert_balanced()


def test_a_sold_unit_takes_its_part_of_the_stock_and_nothing_under_way():
    books = ledger()
    books.make("transit", chips(amount=4))
    books.make("firm", chips(amount=[10, 20, 0]))
    share = build(0.0)
    share[0] = [0.5, 0.25, 1.0]
    books.hand_over(share)
    assert books.stock()[0].sum(axis=0).tolist() == [5, 15, 0]
    assert books.stock("transit").sum() == 4 * MEMBERS
    assert books.handed_over[0].sum(axis=0).tolist() == [5, 5, 0]
    books.assert_balanced()


def test_no_unit_takes_more_than_there_is():
    books = ledger()
    books.make("firm", chips(amount=10))
    with pytest.raises(LedgerError, match="hand_over"):
        books.hand_over(build(1.5))


@pytest.mark.parametrize("amount", [-1.0, np.nan])
@pytest.mark.parametrize("how", ["make", "move", "forfeit", "use", "hand_over"])
def test_an_amount_below_nothing_or_not_a_number_is_refused(how, amount):
    books = ledger()
    books.make("transit", chips(amount=10))
    books.make("firm", chips(amount=10))
    bad = chips(amount=[1.0, amount, 1.0])
    acts = {
        "make": lambda: books.make("firm", bad),
        "move": lambda: books.move("transit", "firm", bad, "delivery"),
        "forfeit": lambda: books.forfeit(bad),
        "use": lambda: books.use(bad.sum(axis=1)),
        "hand_over": lambda: books.hand_over(bad.sum(axis=1)),
    }
    with pytest.raises(LedgerError, match="negative or not a number"):
        acts[how]()


def test_chips_slipped_past_the_books_are_found():
    books = ledger()
    books.make("firm", chips(amount=10))
    books.stock()[1, 2, 1] += 0.5
    with pytest.raises(LedgerError, match=r"memory: 0\.5 m units appeared or vanished"):
        books.assert_balanced()


def test_a_negative_holding_is_found_even_if_the_sums_agree():
    books = ledger()
    books.make("firm", chips(amount=10))
    books.stock("firm")[0, 0, 0] += 1
    books.stock("transit")[0, 0, 0] -= 1
    with pytest.raises(LedgerError, match="less than nothing"):
        books.assert_balanced()


def test_money_changes_hands_and_debt_is_allowed():
    books = ledger()
    books.open_account("firm", np.array([100.0, 50.0, 0.0]))
    books.pay("firm", "suppliers", np.array([30.0, 30.0, 30.0]))
    np.testing.assert_allclose(books.account("firm"), [70, 20, -30])
    np.testing.assert_allclose(books.account("suppliers"), 30)
    books.assert_balanced()


@pytest.mark.parametrize("amount", [5.0, np.nan])
def test_money_slipped_past_the_books_is_found(amount):
    books = ledger()
    books.open_account("firm", np.full(MEMBERS, 100.0))
    books.account("customers")[1] += amount
    with pytest.raises(LedgerError, match="bn CNY appeared or vanished"):
        books.assert_balanced()


def test_rounding_is_no_theft():
    books = ledger()
    books.make("firm", chips(amount=0.3))
    books.use(build(0.1))
    books.use(build(0.1))
    books.use(build(0.1 + 1e-13))
    assert (books.stock() >= 0).all()
    books.assert_balanced()


share = st.floats(0, 1)
acts = st.lists(
    st.tuples(
        st.sampled_from(["make", "deliver", "use", "forfeit", "hand_over", "pay"]),
        st.sampled_from([0, 1]),
        st.integers(0, len(ORIGINS) - 1),
        st.lists(share, min_size=MEMBERS, max_size=MEMBERS).map(np.array),
    ),
    max_size=30,
)


def perform(books, act, item, origin, part):
    """One movement of a share of what is there; returns chips that came in and went out."""
    transit = books.stock("transit")[item, origin].copy()
    if act == "make":
        books.make("transit", chips(item, origin, part * 100))
        return part * 100
    if act == "deliver":
        books.move("transit", "firm", chips(item, origin, part * transit), act)
    elif act == "forfeit":
        books.forfeit(chips(item, origin, part * transit))
        return -part * transit
    elif act == "hand_over":
        share = np.zeros((len(ITEMS), MEMBERS))
        share[item] = part
        before = books.stock()[item].sum(axis=0)
        books.hand_over(share)
        return -part * before
    elif act == "use":
        wanted = np.zeros((len(ITEMS), MEMBERS))
        wanted[item] = part * books.stock().sum(axis=1)[item]
        return -books.use(wanted).sum(axis=(0, 1))
    else:
        books.pay("firm", "suppliers", part * 50)
    return np.zeros(MEMBERS)


@given(acts)
def test_whatever_moves_nothing_appears_or_vanishes(moves):
    books = ledger()
    books.open_account("firm", np.full(MEMBERS, 10.0))
    held = np.zeros(MEMBERS)
    for move in moves:
        held += perform(books, *move)
        books.assert_balanced()
        total = books.stock("firm").sum(axis=(0, 1)) + books.stock("transit").sum(axis=(0, 1))
        np.testing.assert_allclose(total, held, atol=1e-9)
        np.testing.assert_allclose(books.total(), books.stock().sum(axis=1))
        np.testing.assert_allclose(books.total("transit"), books.stock("transit").sum(axis=1))
    np.testing.assert_allclose(books.money.sum(axis=0), 10.0)


@given(st.lists(share, min_size=4, max_size=4), share)
def test_use_draws_on_origins_in_proportion(held, part):
    books = ledger(1)
    stock = np.zeros((len(ITEMS), len(ORIGINS), 1))
    stock[0, :, 0] = held
    books.make("firm", stock)
    used = books.use(np.array([[part * sum(held)], [0.0]]))
    np.testing.assert_allclose(used[0, :, 0], part * np.array(held), atol=1e-12)
