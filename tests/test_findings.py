"""The page of findings: its tables are made by runs, its places are all there."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from docs.findings import PAGE, SCENARIOS, course, filled, scenarios, short
from sim import load_case


@pytest.mark.parametrize("name", ["course", "groups", "mechanisms", "measures", "scenarios"])
def test_the_page_holds_a_table_written_by_runs(name):
    inside = PAGE.read_text().split(f"<!-- table: {name} -->")[1].split("<!-- end -->")[0]
    assert inside.count("\n| ") > 3
    assert "nan" not in inside


def test_every_scenario_of_the_page_is_shipped_and_in_its_table():
    text = PAGE.read_text()
    for name in SCENARIOS:
        assert load_case(name).title
        assert f"| `{name}` |" in text


def test_a_table_is_replaced_where_it_stands_and_nowhere_else():
    text = "before\n<!-- table: a -->\nold\n<!-- end -->\nafter <!-- end -->"
    assert filled(text, "a", "new") == (
        "before\n<!-- table: a -->\nnew\n<!-- end -->\nafter <!-- end -->"
    )
    with pytest.raises(ValueError, match="table: b"):
        filled(text, "b", "new")


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0"), (1.26, "1.3"), (-45.2, "-45"), (1234.4, "1,234")]
)
def test_numbers_keep_two_figures(value, text):
    assert short(value) == text


def test_a_value_that_no_run_covers_is_no_row():
    row = {"outcome": "revenue", "labels": "segment=total", "documented": 10.0, "sample": "in"}
    band = {"q05": 8.0, "q50": 9.0, "q95": 11.0, "error_pct": -10.0}
    none = dict.fromkeys(band, np.nan)
    card = pd.DataFrame([row | band | {"period": "2018"}, row | none | {"period": "2017"}])
    lines = course(card).splitlines()
    assert lines[2:] == ["| 2018 | 10 | 9 | 8 to 11 | -10.0 % | may be fitted to |"]


def test_changes_are_taken_member_by_member():
    def run(scale):
        months = pd.date_range("2018-01-01", "2026-12-01", freq="MS")
        flow = np.full((1, len(months), 3), scale) * np.array([1.0, 2.0, 3.0])
        dims = {"revenue": "segment", "accelerators": "die_origin", "supplier_losses": "country"}
        names = {"revenue": "total", "accelerators": "total", "supplier_losses": "united_states"}
        data = {
            key: xr.DataArray(
                flow, dims=(dim, "month", "member"), attrs={"kind": "flow"},
                coords={dim: [names[key]], "month": months},
            )
            for key, dim in dims.items()
        }  # fmt: skip
        data["domestic_advanced_phone_chip"] = xr.DataArray(
            [np.nan, np.nan, np.nan], dims="member", attrs={"kind": "event"}
        )
        return xr.Dataset(data)

    runs = {"huawei": run(1.0)} | dict.fromkeys(SCENARIOS, run(2.0))
    lines = scenarios(runs).splitlines()
    assert lines[2].startswith("| *history* | 24 | 24 | 48 |")
    assert "| +24 (+13 to +35) |" in lines[3]
    assert lines[3].endswith("| never |")
