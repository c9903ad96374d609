"""The shipped documented outcomes of the Huawei case."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from sim.documented.align import DERIVED
from sim.documented.load import COLUMNS, load_documented
from sim.outcomes.declared import OUTCOMES

CASES = Path(__file__).parents[2] / "configs" / "cases"
HUAWEI = CASES / "huawei"
FOLDER = HUAWEI / "documented"
WORLDWIDE = {"total", "world"}


@pytest.fixture(scope="module")
def documented():
    return load_documented(HUAWEI)


def value(documented, outcome, labels, period):
    (found,) = [o for o in documented.select(outcome, labels) if o.period == period]
    return found


def test_every_row_parses_and_names_its_source(documented):
    assert len(documented) > 100
    assert all(one.source for one in documented)
    assert all(one.address.startswith("http") for one in documented if one.grade != "recall")


def test_the_path_of_total_revenue_is_the_reported_one(documented):
    path = [round(one.value) for one in documented.select("revenue", "segment=total")]
    assert path == [522, 604, 721, 859, 891, 637, 642, 704, 862]


@pytest.mark.parametrize("year", range(2018, 2022))
def test_old_segments_stay_within_two_percent_of_the_total(documented, year):
    names = ("carrier", "enterprise", "consumer")
    parts = [value(documented, "revenue", f"segment={name}", str(year)) for name in names]
    total = value(documented, "revenue", "segment=total", str(year)).value
    assert sum(one.value for one in parts) == pytest.approx(total, rel=0.02)


@pytest.mark.parametrize("year", range(2022, 2025))
def test_new_segments_stay_within_three_percent_of_the_total(documented, year):
    names = ("ict_infrastructure", "consumer", "cloud", "digital_power", "automotive")
    parts = [value(documented, "revenue", f"segment={name}", str(year)) for name in names]
    total = value(documented, "revenue", "segment=total", str(year)).value
    assert sum(one.value for one in parts) == pytest.approx(total, rel=0.03)


def test_the_break_at_the_sale_of_honor_is_declared(documented):
    series = [one.series for one in documented.select("phones_shipped", "region=total")]
    assert series == ["phones_with_honor"] * 5 + ["phones_without_honor"] * 4


def test_every_declared_series_is_used_and_ends_where_its_values_end(documented):
    for name, declared in documented.reading.series.items():
        years = [one.span.last_year for one in documented if one.series == name]
        assert (min(years), max(years)) == (declared.begins, declared.ends)


def test_a_range_says_in_its_note_where_it_comes_from(documented):
    assert [one.key for one in documented if one.low < one.high and not one.note] == []


def test_nothing_quarterly_half_yearly_or_of_part_of_a_year_is_accounted(documented):
    assert [one.period for one in documented if re.search("[QH]", one.period)] == []
    accounts = {"revenue", "phones_shipped", "phone_share", "net_profit", "cash", "rd_expense"}
    shorter = [one for one in documented if one.outcome in accounts and one.span.year is None]
    assert shorter == []


def test_nothing_by_region_is_stored(documented):
    regions = {one.by_label.get("region", "total") for one in documented}
    assert regions <= WORLDWIDE


def test_nothing_from_2025_on_is_stored(documented):
    late = [one.key for one in documented if one.span.last_year >= 2025]
    assert late == []
    assert all(month_before_2025(one) for one in documented if one.is_event)


def month_before_2025(event):
    return event.high < 2025 * 12


def test_the_second_case_has_nothing_after_its_denial_order():
    for table in CASES.glob("*/documented/*.csv"):
        if table.parents[1].name != "huawei":
            late = [o.key for o in load_documented(table.parents[1]) if o.span.last_year >= 2018]
            assert late == []
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    assert "ZTE" not in text


def test_the_folder_holds_nothing_but_tables_their_reading_and_bars():
    names = {path.name for path in FOLDER.iterdir()}
    assert {name for name in names if not name.endswith(".csv")} == {"series.yaml", "bars.yaml"}
    for table in FOLDER.glob("*.csv"):
        assert table.read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


def test_the_reading_has_no_numbers_that_are_outcomes():
    reading = yaml.safe_load((FOLDER / "series.yaml").read_text(encoding="utf-8"))
    words = {"before_sanctions_to", "in_sample_to", "resolve", "series", "tolerances"}
    assert set(reading) == words
    assert all(0 < percent <= 20 for percent in reading["tolerances"].values())


def test_values_of_one_outcome_share_their_unit(documented):
    ordered = sorted(documented, key=lambda one: one.key)
    pairs = [(a, b) for a, b in pairwise(ordered) if a.key == b.key]
    assert pairs
    assert [a.key for a, b in pairs if a.unit != b.unit] == []


def test_every_documented_outcome_is_declared_with_its_labels(documented):
    declared = {(outcome.csv_name, frozenset(outcome.dims)) for outcome in OUTCOMES}
    asked = {
        (DERIVED.get(one.outcome, one.outcome), frozenset(set(one.by_label) - {"of"}))
        for one in documented
    }
    assert asked - declared == set()
