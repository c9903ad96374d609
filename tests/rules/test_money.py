"""Budgets, by hand numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.money import overhead, paid_to_suppliers, research_budget, wanted_debt

money = st.floats(0, 2000)


@pytest.mark.parametrize(
    ("revenue", "year"),
    [
        (1000, 145.0),  # calm: 14.5 % of revenue
        (600, 100.0),  # revenue fell: last year's budget stays
        (300, 75.0),  # at most a quarter of revenue
        (0, 0.0),
    ],
)
def test_research_follows_revenue_up_and_resists_on_the_way_down(revenue, year):
    got = research_budget(100.0, np.array([revenue], dtype=float), 0.145, 0.0, 0.25)
    assert got * 12 == pytest.approx([year])


@given(money, money, money, st.floats(0, 0.2))
def test_more_revenue_never_means_less_research(last, one, other, growth):
    poor = research_budget(last, min(one, other), 0.145, growth, 0.25)
    rich = research_budget(last, max(one, other), 0.145, growth, 0.25)
    assert 0 <= poor <= rich <= 0.25 * max(one, other) / 12 * (1 + 1e-12)


def test_a_budget_kept_growing_by_five_percent_a_year_grows_by_five_percent_a_year():
    months = [100 / 12] * 12
    for _ in range(240):
        last = np.array([sum(months[-12:])])
        months.append(float(research_budget(last, np.array([600.0]), 0.1, 0.05, 99.0)[0]))
    assert sum(months[-12:]) / sum(months[-24:-12]) == pytest.approx(1.05, abs=0.002)


@pytest.mark.parametrize(
    ("revenue", "cost"),
    [(20, 3.0), (10, 2.4), (0, 1.8), (40, 4.2)],  # 15 % of 60 % of the usual 20 and 40 % of now
)
def test_a_part_of_the_overhead_does_not_follow_revenue(revenue, cost):
    assert overhead(np.array([revenue], dtype=float), 20.0, 0.15, 0.6) == pytest.approx([cost])


def test_a_bill_of_three_months_is_paid_a_third_a_month():
    assert paid_to_suppliers(np.array([90.0]), np.array([3.0])) == pytest.approx([30.0])


@pytest.mark.parametrize(("threat", "debt"), [(0.0, 90.0), (0.5, 140.0), (1.0, 190.0)])
def test_a_threatened_firm_borrows_more(threat, debt):
    got = wanted_debt(np.array([0.09]), np.array([0.1]), np.array([threat]), np.array([1000.0]))
    assert got == pytest.approx([debt])


def test_a_third_of_what_is_owed_is_paid_when_bills_run_for_three_months():
    assert paid_to_suppliers(np.array([90.0, 0.0]), 3.0) == pytest.approx([30.0, 0.0])


@pytest.mark.parametrize(("threat", "debt"), [(0.0, 80.0), (0.5, 160.0), (1.0, 240.0)])
def test_a_tenth_of_the_best_year_is_borrowed_in_calm_times_and_more_under_threat(threat, debt):
    assert wanted_debt(0.1, 0.2, np.array([threat]), 800.0) == pytest.approx([debt])


@given(*[st.floats(0, 1)] * 4, money)
def test_more_threat_never_lowers_the_debt_sought(calm, alarm, one, other, peak):
    low = wanted_debt(calm, alarm, min(one, other), peak)
    assert 0 <= low <= wanted_debt(calm, alarm, max(one, other), peak)
