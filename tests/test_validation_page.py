"""The page on how near the model comes says what the case asks and what a run gives."""

import re
from pathlib import Path

import pytest

from docs import validation
from sim.case.load import fingerprint, load_case
from sim.documented.bars import load_bars
from sim.documented.load import load_documented
from sim.reports.bars import asked
from sim.runs.posterior import case_posterior

PAGE = validation.PAGE.read_text(encoding="utf-8")


def rows(page, heading):
    """Cells of the first table under a heading, without its head."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| (.*) \|$", part, re.MULTILINE)
    return [row.split(" | ") for row in found[2:]]


@pytest.fixture(scope="module")
def few():
    return validation.checked(members=12)


def test_the_page_belongs_to_the_case_as_it_is():
    case = load_case(validation.CASE)
    assert f"`{fingerprint(case)}`" in PAGE, "run `make docs`"
    fitted = case_posterior(case)
    assert (f"`{fitted.digest}`" if fitted else "nothing is fitted") in PAGE, "run `make docs`"


def test_the_page_shows_every_bar_of_the_case_and_how_it_came_out():
    bars = load_bars(load_case(validation.CASE).folder)
    shown = rows(PAGE, "What was to be shown")
    assert [row[0] for row in shown] == [bar.title for bar in bars.values()]
    for row, bar in zip(shown, bars.values(), strict=True):
        assert row[1].startswith(asked(bar).replace("\N{NO-BREAK SPACE}", " "))
        assert row[5] in ("PASS", "WARN", "MISS")
        if row[5] != "PASS" and bar.weakness:
            assert f"- **{bar.title}** ({row[5]}): {bar.weakness}" in PAGE


def test_the_page_shows_every_documented_value_that_a_run_reaches():
    case = load_case(validation.CASE)
    years = range(case.calendar.start.year, case.calendar.end.year + 1)
    documented = load_documented(case.folder)
    reached = [one for one in documented if one.span.first // 12 in years]
    assert [row[2].strip() for row in rows(PAGE, "Every value")] == [one.period for one in reached]


@pytest.mark.slow
def test_the_numbers_of_the_page_are_those_of_a_run(few):
    page = validation.text(few)
    revenue = few.card[few.card["labels"] == "segment=total"].set_index("period")
    year = rows(page, "Total revenue, beside forecasts that know no model")[-1]
    assert year[0] == "2024"
    assert float(year[2]) == pytest.approx(revenue.loc["2024", "q50"], abs=0.51)
    measured = [row[2] for row in rows(page, "What was to be shown")]
    error = float(measured[0].removesuffix(" %"))
    assert error == pytest.approx(few.bars["revenue_after"].measured, abs=0.051)
    counts = rows(page, "In short")[-1]
    assert sum(map(int, counts[2:5])) == int(counts[1]) == few.card["in_band90"].notna().sum()


@pytest.mark.slow
def test_the_page_is_written_where_it_is_asked_for(tmp_path: Path, monkeypatch, few):
    monkeypatch.setattr(validation, "checked", lambda members: few)
    validation.main(tmp_path / "page.md", 12)
    assert (tmp_path / "page.md").read_text() == validation.text(few)
