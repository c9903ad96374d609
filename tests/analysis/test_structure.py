"""Conclusions under other formulations: what counts as the same, and that runs differ."""

from math import nan

import numpy as np
import pytest

from docs import structure as page
from sim.analysis.structure import (
    FORMULATIONS,
    SHIPPED,
    Conclusion,
    Question,
    flips,
    side_by_side,
    sign,
)
from sim.case.structure import SECOND

FEW = Question("huawei", ("no-grace",), peak=2020, end=2022, members=3, replicates=1)


@pytest.fixture(scope="module")
def found():
    short = {"calendar.end": "2022-12"}
    chosen = {name: {**FORMULATIONS[name], **short} for name in (SHIPPED, "rush: uniform")}
    return side_by_side(FEW, chosen)


def test_every_second_formulation_is_run_alone_and_with_all_others():
    assert len(FORMULATIONS) == len(SECOND) + 2
    assert FORMULATIONS["all four"] == {f"structure.{k}": v[0] for k, v in SECOND.items()}


def test_a_change_has_a_sign_if_three_of_four_members_agree():
    assert sign(np.array([1.0, 2.0, 3.0, -1.0])) == "raises"
    assert sign(np.array([-1.0, -2.0, -3.0, 0.0])) == "lowers"
    assert sign(np.array([1.0, 2.0, -3.0, -1.0])) == "no clear change"
    assert sign(np.zeros(4)) == "no clear change"


def test_words_agree_if_they_are_the_same_and_months_if_they_are_near():
    assert Conclusion("2022", "80 %").agrees(Conclusion("2022", "60 %"))
    assert not Conclusion("2022", "80 %").agrees(Conclusion("2023", "80 %"))
    assert Conclusion("2023-03", "", 62.0).agrees(Conclusion("2023-12", "", 71.0))
    assert not Conclusion("2023-03", "", 62.0).agrees(Conclusion("2024-01", "", 72.0))
    assert not Conclusion("2023-03", "", 62.0).agrees(Conclusion("never", "", nan))
    assert Conclusion("never", "", nan).agrees(Conclusion("never", "", nan))


def test_a_flip_is_told_with_the_formulations_that_turn_it():
    first = {"a": Conclusion("raises", ""), "b": Conclusion("2022", "")}
    second = {"a": Conclusion("lowers", ""), "b": Conclusion("2022", "9")}
    assert flips({"one": first, "two": second}) == {"a": ["two"], "b": []}
    text = page.text({SHIPPED: first, "two": second})
    assert "**1 of 2 conclusions hold" in text
    assert "- **a**: another conclusion with `two`" in text
    assert "| a | raises<br> | **flips: lowers**<br> |" in text


@pytest.mark.slow
def test_formulations_answer_the_same_points_from_runs_of_their_own(found):
    shipped, other = found.values()
    assert list(shipped) == list(other)
    assert shipped["year of the lowest revenue"].says in ("2020", "2021", "2022")
    numbers = [one["no-grace: revenue 2020-2022"].numbers for one in found.values()]
    assert numbers[0] != numbers[1]
    assert "bn CNY" in numbers[0]


def test_the_page_tells_the_conclusions_of_the_shipped_question():
    text = page.PAGE.read_text(encoding="utf-8")
    for name in FORMULATIONS:
        assert f"| {name} |" in text, "run `make docs`"
    for scenario in page.QUESTION.scenarios:
        assert f"| {scenario}: revenue 2020-2024 |" in text
    assert text.startswith(page._HEAD.partition("\n")[0])
