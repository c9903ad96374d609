import csv
from pathlib import Path

import pytest

from sim.case.errors import ConfigError
from sim.documented.load import COLUMNS, has_documented, load_documented
from sim.documented.observation import Observation

READING = """\
before_sanctions_to: 2018
in_sample_to: 2021
resolve: the better grade
series:
  old: {from: 2016, to: 2021, text: segments as they were}
"""
ROW = {
    "outcome": "revenue", "labels": "segment=total", "period": "2019", "value": "10",
    "low": "", "high": "", "unit": "bn CNY", "source": "Report", "address": "https://a.example",
    "source_date": "2020-03", "grade": "high", "series": "", "note": "",
}  # fmt: skip


def write_case(folder: Path, *rows: dict[str, str], reading: str = READING) -> Path:
    documented = folder / "documented"
    documented.mkdir()
    (documented / "series.yaml").write_text(reading, encoding="utf-8")
    with (documented / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return folder


def test_a_row_without_a_range_has_its_value_as_range(tmp_path):
    (row,) = load_documented(write_case(tmp_path, {}))
    assert (row.value, row.low, row.high) == (10.0, 10.0, 10.0)
    assert row.by_label == {"segment": "total"}


def test_the_value_of_an_event_is_a_month(tmp_path):
    event = {"outcome": "unit_sold", "labels": "", "unit": "month", "period": "2020-11"}
    case = write_case(tmp_path, {**event, "value": "2020-11", "low": "2020-10", "high": "2021-01"})
    (row,) = load_documented(case)
    assert (row.low, row.value, row.high) == (2020 * 12 + 9, 2020 * 12 + 10, 2021 * 12)
    assert row.text(row.value) == "2020-11"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "ten"}, "value: should be a valid number"),
        ({"low": "11", "high": "12"}, "'value' must lie between 'low' and 'high'"),
        ({"low": "9"}, "high: should be a valid number"),
        ({"period": "2019Q5"}, "a period is 2021, 2021H1, 2021Q3"),
        ({"period": "2021/2019"}, "ends before it begins"),
        ({"grade": "sure"}, "grade: 'sure' is not allowed; allowed: high, medium, low, recall"),
        ({"labels": "segment"}, "labels: String should match"),
        ({"address": ""}, "may be empty only for grade recall"),
        ({"unit": "month", "value": "2020-01"}, "the period of an event is the month"),
        ({"series": "new"}, "series.yaml has no series 'new'; allowed: old"),
        ({"series": "old", "period": "2022"}, "2022 lies outside old (2016 to 2021)"),
        ({"value": "inf"}, "value: should be a finite number"),
    ],
)
def test_an_unsound_row_is_refused_with_its_line(tmp_path, change, message):
    case = write_case(tmp_path, {"period": "2018", "note": "a note\nover two lines"}, change)
    with pytest.raises(ConfigError) as error:
        load_documented(case)
    assert str(error.value).startswith(f"{case / 'documented' / 'table.csv'}, line 4: ")
    assert message in str(error.value)


def test_a_value_may_stand_once(tmp_path):
    case = write_case(tmp_path, {}, {"value": "11"})
    with pytest.raises(
        ConfigError, match=r"line 3: this value stands already in .*table\.csv, line 2"
    ):
        load_documented(case)


def test_a_value_from_memory_needs_no_address(tmp_path):
    (row,) = load_documented(write_case(tmp_path, {"grade": "recall", "address": ""}))
    assert row.grade == "recall"


def test_other_columns_are_refused(tmp_path):
    case = write_case(tmp_path, {})
    table = case / "documented" / "table.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("grade", "mark"), encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"table\.csv, line 1: the columns must be outcome,labels"
    ):
        load_documented(case)


def test_a_table_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    case = write_case(tmp_path, {})
    with (case / "documented" / "table.csv").open("ab") as file:
        file.write(b"\xff\n")
    with pytest.raises(ConfigError, match=r"table\.csv, line 3: not UTF-8"):
        load_documented(case)


def test_a_case_without_documented_outcomes_says_so(tmp_path):
    with pytest.raises(ConfigError, match=r"series\.yaml: no such file"):
        load_documented(tmp_path)
    assert not has_documented(tmp_path)


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        (
            READING + "serie: {}\n",
            r"series\.yaml, line 6: serie: unknown key; did you mean 'series'",
        ),
        (READING.replace("from: 2016", "from: 2026"), r"'to' must not lie before 'from'"),
        (READING + "  [\n", r"series\.yaml, line 7: not valid YAML"),
    ],
)
def test_an_unsound_reading_is_refused_with_its_line(tmp_path, reading, message):
    with pytest.raises(ConfigError, match=message):
        load_documented(write_case(tmp_path, {}, reading=reading))


def test_the_frame_has_the_columns_of_the_tables_and_months_as_text(tmp_path):
    event = {"outcome": "unit_sold", "labels": "", "unit": "month", "period": "2020-11"}
    frame = load_documented(write_case(tmp_path, {}, {**event, "value": "2020-11"})).frame()
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["value"]) == [10.0, "2020-11"]


def test_the_sample_ends_with_the_year_given(tmp_path):
    periods = ("2019", "2021", "2020/2021", "2021-12", "2021/2022", "2022-01")
    documented = load_documented(write_case(tmp_path, *({"period": p} for p in periods)))
    assert [documented.sample(one) for one in documented] == ["in"] * 4 + ["out"] * 2


def test_the_values_of_an_outcome_come_in_the_order_of_time(tmp_path):
    case = write_case(tmp_path, {"period": "2020"}, {"period": "2018"}, {"outcome": "cash"})
    found = load_documented(case).select("revenue", "segment=total")
    assert [one.period for one in found] == ["2018", "2020"]
    assert all(isinstance(one, Observation) for one in found)
