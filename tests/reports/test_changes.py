"""What one run changes against another: each number carries its unit."""

import pandas as pd
import pytest

from sim.outcomes.results import Results
from sim.reports.changes import answer, changes_section
from sim.reports.content import Paragraph, plain
from sim.reports.context import Context
from sim.reports.material import material_of
from tests.reports.synthetic import synthetic_run

NAMES = ("A", "B")
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def pair(run):
    runs = [Results(synthetic_run(scale=s).dataset, run.manifest) for s in (1.0, 0.8)]
    return [Context.of(material_of(one, name)) for one, name in zip(runs, NAMES, strict=True)]


def told(outcome: str, period: str, a: float, b: float) -> pd.DataFrame:
    """The changes of one outcome, every member alike."""
    ends = dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), b - a)
    row = {"outcome": outcome, "labels": "", "period": period, "median": a, "other_median": b}
    return pd.DataFrame([row | ends])


def lead(pair, changes: pd.DataFrame) -> str:
    blocks = answer(*pair, NAMES, changes).blocks
    return " ".join(plain(block.words) for block in blocks if isinstance(block, Paragraph))


def test_a_change_of_a_share_is_told_in_percentage_points(pair):
    text = lead(pair, told("telecom_equipment_share", "2020", 0.3, 0.2831))
    assert f"(2020: {MINUS}1.69\N{NO-BREAK SPACE}percentage points)" in text


def test_the_table_tells_shares_in_percent_and_keeps_their_numbers(pair):
    changes = told("telecom_equipment_share", "2020", 0.3, 0.2831)
    (table,) = [b for b in changes_section(pair[0], NAMES, changes).blocks if hasattr(b, "rows")]
    name, year, *numbers = table.rows[0].cells
    assert (str(name)[-3:], year) == ("[%]", "2020")
    change = f"{MINUS}1.69"
    assert [plain(cell) for cell in numbers] == ["30", "28.3", change, f"{change} to {change}"]
    assert numbers[2][0].value == pytest.approx(-0.0169)


@pytest.mark.parametrize(
    ("months", "words"),
    [(0.5, "No event moves by a month or more"), (1, "1 month later"), (-3, "3 months earlier")],
)
def test_an_event_is_said_to_move_from_a_month_on(pair, months, words):
    assert words in lead(pair, told("unit_sold", "", 30, 30 + months))
