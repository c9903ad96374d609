"""The page on a fit to shuffled years: of the case as it is, and worse than the right fit."""

import re
from pathlib import Path

from sim.case.load import fingerprint, load_case

PAGE = Path(__file__).parents[2] / "docs" / "generated" / "shuffled-years.md"


def cells(first):
    """Numbers in the rows that begin with a name."""
    rows = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if "|" in line]
    found = [row[1:] for row in rows if row[0].strip() == first]
    return [[re.sub(r"[ %]", "", cell) for cell in row] for row in found]


def test_the_page_is_of_the_case_as_it_is():
    assert f"`{fingerprint(load_case('huawei'))}`" in PAGE.read_text("utf-8"), "make calibrate"


def test_wrong_data_are_met_by_fewer_targets_and_score_worse():
    (right,), (wrong,) = cells("right years"), cells("shuffled years")[:1]
    assert int(wrong[0]) < 0.6 * int(right[0])
    fitted, astray = cells("posterior"), cells("shuffled years")[1:]
    for good, bad in zip(fitted, astray, strict=True):
        assert good[0] == bad[0]
        assert float(good[2]) < float(bad[2])  # mean error
        assert float(good[4]) < float(bad[4])  # CRPS
