"""Identifiability on a made world in which it is known what can be known."""

import numpy as np
import pytest

from sim.analysis.calibration.file import Recovery
from sim.analysis.calibration.identify import Bank, recover, screen, verdicts

RULE = Recovery(members=4096, truths=60, nearest=0.1)
PATHS = ("seen", "summed", "other_summand", "unseen")


@pytest.fixture(scope="module")
def bank():
    """One target shows the first input with error 0.5, one the sum of two others."""
    rng = np.random.default_rng(8)
    inputs = rng.standard_normal((RULE.members, len(PATHS)))
    error = rng.standard_normal((RULE.members, 2))
    shown = np.stack([inputs[:, 0] + 0.5 * error[:, 0],
                      inputs[:, 1] + inputs[:, 2] + 0.1 * error[:, 1]], axis=1)  # fmt: skip
    return Bank(PATHS, inputs, shown)


def test_the_fall_of_the_variance_is_the_one_of_the_textbook(bank):
    found = screen(bank)
    assert found.alone[0] == pytest.approx(1 - 0.25 / 1.25, abs=0.03)
    assert found.alone[1] == pytest.approx(1 / 2.01, abs=0.04)
    assert found.together[1] == pytest.approx(1 - 0.01 / 1.01, abs=0.03)
    assert found.alone[3] == pytest.approx(0.0, abs=0.03)
    assert found.correlation[1, 2] == pytest.approx(-1.0, abs=0.03)


def test_inputs_are_told_apart_as_identified_in_combination_or_not(bank):
    strict = RULE.model_copy(update={"identified": 0.7})
    assert verdicts(screen(bank), strict) == [
        "identified", "in combination", "in combination", "not identified",
    ]  # fmt: skip


def test_truths_are_found_again_as_often_as_the_band_says(bank):
    found = recover(bank, PATHS, RULE)
    assert found.contraction[0] == pytest.approx(0.8, abs=0.05)
    assert found.contraction[3] == pytest.approx(0.0, abs=0.1)
    assert found.coverage.mean() == pytest.approx(0.9, abs=0.06)
