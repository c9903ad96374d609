"""Each system of the evidence acts: taken away, it moves what it is said to move.

The rows, what they must move and what is documented of their size stand in
docs/mechanisms.yaml; the sizes that the model gives, and how near it comes, in
docs/generated/mechanisms.md, which is written from the same rows.
"""

from pathlib import Path

import numpy as np
import pytest

from docs.mechanisms import (
    CASE,
    EVENT_SIGNS,
    PAGE,
    beyond_noise,
    difference,
    nearness,
    read,
    rows,
    scorecard,
)
from sim.outcomes.declared import OUTCOMES
from tests.scenarios.runs import rows_run, scenario_names

ROOT = Path(__file__).parents[2]
ROWS = {row.id: row for row in rows()}
NOISE = 3.0  # standard errors of the mean
MOVES = [
    pytest.param(row, move, id=f"{row.id}: {move.text} {move.sign}")
    for row in ROWS.values()
    for move in row.moves
]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_names_files_that_exist_and_says_what_is_documented(row):
    assert [path for path in row.acts if not (ROOT / path).is_file()] == []
    assert len(row.documented) > 4
    assert row.change.get("scenario", scenario_names()[0]) in scenario_names()


def test_rows_name_outcomes_of_the_model_and_known_signs():
    known = {one.name: one for one in OUTCOMES}
    for row in ROWS.values():
        for move in row.moves:
            is_event = known[move.outcome].kind == "event"
            assert move.sign in (EVENT_SIGNS if is_event else ("more", "less")), row.id
            assert bool(move.period) is not is_event, row.id


def test_the_generated_table_holds_every_row():
    text = PAGE.read_text()
    assert [name for name in ROWS if f"| {name} |" not in text] == []


def clear(rise):
    """Beyond noise; or, as luck is common, in some members and against it in none.

    Few members have a front at work in a given month, so what hits fronts moves few of them.
    """
    return beyond_noise(rise) > NOISE or ((rise > 0).sum() >= 3 and (rise >= 0).all())


@pytest.mark.slow
@pytest.mark.parametrize(("row", "move"), MOVES)
def test_without_a_system_its_outcome_moves_beyond_noise_in_the_stated_direction(row, move):
    data = rows_run()
    change = difference(data[row.id], data[CASE], move)
    if move.sign == "never":
        assert np.isnan(data[row.id][move.outcome].values).all()
        assert np.isfinite(data[CASE][move.outcome].values).mean() > 0.5
    elif move.sign in ("more", "later"):
        assert clear(change), change
    else:
        assert clear(-change), change


@pytest.mark.slow
def test_before_a_change_binds_the_worlds_are_the_same():
    data = rows_run()
    for name, changed in data.items():
        early = {key: d["revenue"].sel(month=slice("2018-01", "2018-03")).values
                 for key, d in ((name, changed), (CASE, data[CASE]))}  # fmt: skip
        np.testing.assert_allclose(early[name], early[CASE], rtol=1e-9, err_msg=name)


@pytest.mark.slow
def test_documented_sizes_are_found_beside_the_model():
    card = scorecard(rows_run()[CASE])
    stated = [row for row in ROWS.values() if row.near]
    assert len(stated) >= 20
    assert all("documented" in nearness(row, card) for row in stated)


@pytest.mark.slow
def test_values_read_from_a_run_are_numbers():
    data = rows_run()
    for row in ROWS.values():
        for move in row.moves:
            assert np.isfinite(read(data[row.id], move)).all(), (row.id, move.text)
