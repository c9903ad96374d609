"""Second formulations: by hand numbers, and beside the rules they stand in for."""

import inspect

import numpy as np
import pytest

from sim import load_case, simulate
from sim.case.errors import ConfigError
from sim.case.plugins import shipped_rules
from sim.case.structure import SECOND, Structure, chosen_rules
from sim.rules.alternatives import (
    LOSS_TO_HOLDING,
    newsvendor_cover,
    power_law_defects,
    replicator_share,
    uniform_room,
)
from sim.rules.demand import drifting_share
from sim.rules.fabrication import learned_defects
from sim.rules.stock import target_cover


def one(*numbers):
    return [np.array([float(number)]) for number in numbers]


def test_cover_of_a_newsvendor_is_habit_below_a_threat_of_one_in_twenty_and_full_at_one():
    for threat, cover in ((0.0, 1.0), (0.05, 1.0), (1.0, 10.0), (0.05**0.5, 5.5)):
        assert newsvendor_cover(*one(1, 10, threat))[0] == pytest.approx(cover)
    assert LOSS_TO_HOLDING == 20.0


def test_a_newsvendor_fears_half_a_threat_more_than_in_proportion():
    assert newsvendor_cover(*one(1, 10, 0.5))[0] > target_cover(*one(1, 10, 0.5))[0]


def test_a_precaution_below_habit_takes_nothing_away():
    assert newsvendor_cover(*one(3, 2, 1))[0] == 3.0


def test_copied_shares_close_a_part_of_the_gap_in_odds():
    # Odds of 1/9 toward odds of 9: half of the way is odds of 1.
    assert replicator_share(*one(0.1, 0.9, 0.5))[0] == pytest.approx(0.5)
    assert replicator_share(*one(0.3, 0.3, 0.2))[0] == pytest.approx(0.3)


def test_what_few_have_comes_back_more_slowly_than_it_drifts():
    small = one(0.02, 0.3, 0.05)
    assert 0.02 < replicator_share(*small)[0] < drifting_share(*small)[0]


def test_all_of_a_market_stays_all_of_it_and_nothing_stays_nothing():
    assert replicator_share(*one(1, 1, 0.1))[0] == 1.0
    assert replicator_share(*one(0, 0.4, 0.1))[0] == 0.0
    assert replicator_share(*one(0, 1, 0.1))[0] == 0.0


def test_a_first_month_of_learning_is_alike_at_one_excess_defect():
    numbers = one(1.2, 0.2, 0.04, 4, 18)  # a hundredth of the full speed
    by_volume = 1.2 - power_law_defects(*numbers)[0]
    assert by_volume == pytest.approx(1.2 - learned_defects(*numbers)[0], rel=0.01)


def test_doubling_all_wafers_takes_off_twenty_nine_percent_of_the_excess():
    made = 0.5 * 4 * 18 / np.log(2)  # behind a line with one excess defect
    assert power_law_defects(*one(1.2, 0.2, made, 4, 18))[0] == pytest.approx(0.2 + 2**-0.5)


def test_learning_by_volume_does_not_depend_on_how_wafers_are_cut_into_months():
    at_once = power_law_defects(*one(1.5, 0.2, 30, 4, 18))
    defects, *rest = one(1.5, 0.2, 10, 4, 18)
    for _ in range(3):
        defects = power_law_defects(defects, *rest)
    assert defects[0] == pytest.approx(at_once[0])


def test_all_makers_have_the_same_room_for_a_rush():
    assert uniform_room(*one(2, 0.01))[0] == pytest.approx(18.0)
    assert uniform_room(*one(2, 0.5))[0] == pytest.approx(18.0)


@pytest.mark.parametrize("part", SECOND)
def test_a_second_formulation_takes_what_the_rule_takes(part):
    _, rule, function = SECOND[part]
    takes = list(inspect.signature(function).parameters)
    assert takes == list(inspect.signature(shipped_rules()[rule]).parameters)


def test_a_structure_chooses_by_name_and_the_shipped_one_replaces_nothing():
    assert chosen_rules(Structure()) == {}
    assert chosen_rules(Structure(stock="newsvendor")) == {"stock.target_cover": newsvendor_cover}
    with pytest.raises(ConfigError, match="'guess' is not allowed; allowed: linear"):
        load_case("huawei", {"structure.stock": "guess"})


@pytest.mark.parametrize("part", SECOND)
def test_a_run_with_a_second_formulation_goes_another_way(part):
    shipped = _stock_and_sales({})
    other = _stock_and_sales({f"structure.{part}": SECOND[part][0]})
    assert any(not np.allclose(a, b, rtol=1e-6) for a, b in zip(shipped, other, strict=True))


def _stock_and_sales(changes):
    case = load_case("huawei", changes)
    data = simulate(case, members=2, seed=1, end="2019-12").dataset
    return data["revenue"].values, data["stock_cover"].values, data["yield"].fillna(0).values
