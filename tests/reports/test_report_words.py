"""What a report says: names in full, abbreviations, conditions, drawings in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.case.load import load_case
from sim.outcomes.dataset import TOTAL
from sim.outcomes.results import Results
from sim.reports.abbreviations import WORDS, with_abbreviations
from sim.reports.alone import describe
from sim.reports.answers import period_name
from sim.reports.changes import ranked
from sim.reports.content import Column, Listing, Paragraph, Row, Section, Table, plain
from sim.reports.context import Context
from sim.reports.exceedance import MOST, exceedance_section, standard_curves
from sim.reports.fan import Steps
from sim.reports.flows import draw_flows, flow_scale
from sim.reports.grid import Filled, Panel, Sheet
from sim.reports.inputs import drawing_text
from sim.reports.material import Material
from sim.reports.names import parts_of
from sim.reports.network import draw_network, network_scale
from sim.reports.supply import Supply
from sim.reports.tables import origins_table
from sim.reports.times import _event_words
from tests.reports.test_report_parts import chips_of


@pytest.fixture(scope="module")
def case():
    return load_case("huawei")


@pytest.fixture(scope="module")
def supply(case):
    ways = {("memory", "direct"): [80.0, 20.0], ("rf_analog_fpga", "direct"): [80.0, 60.0],
            ("memory", "domestic"): [20.0, 20.0], ("ai_die", "rerouted"): [0.0, 1.0]}  # fmt: skip
    return Supply(chips_of(case, ways), case)


def said_in(figure) -> str:
    return " ".join(text.get_text() for ax in figure.axes for text in ax.texts)


def test_makers_stand_in_the_network_with_their_whole_names(case, supply):
    figure, _ = draw_network(supply, 2020, network_scale(supply, [2020, 2021]))
    text = said_in(figure)
    for maker in ("us_rf_fpga", "korea_memory"):
        assert case.actors[maker].label in text
    assert "\N{HORIZONTAL ELLIPSIS}" not in text


def test_lines_stand_in_the_flow_diagram_with_their_whole_names(case, supply):
    figure, _ = draw_flows(supply, 2020, flow_scale(supply, [2020, 2021]))
    assert case.lines["flagship_phones"].label in said_in(figure)
    assert "\N{HORIZONTAL ELLIPSIS}" not in said_in(figure)


def test_chips_by_origin_have_a_row_a_year_with_shares_that_add_up(case, supply):
    ctx = Context.of(Material("out", {}, None))
    table = origins_table(ctx, supply)
    assert [row.cells[0] for row in table.rows] == ["2020", "2021"]
    for row in table.rows:
        assert sum(cell[0].value for cell in row.cells[1:5]) == pytest.approx(1.0)
    assert table.rows[0].cells[4][0].value == 0.0
    assert table.rows[1].cells[4][0].value == supply.share("rerouted", 2021) > 0


def test_only_abbreviations_that_occur_are_spelt_out():
    table = Table("t", "Stacks of HBM", [Column("R&D")], [Row([["in bn CNY"]])])
    sections = with_abbreviations([Section("a", "A", [Paragraph(["SoCs"]), table]), None,
                                   Section("b", "Empty", [])])  # fmt: skip
    assert [section.title for section in sections] == ["A", "Abbreviations"]
    (listing,) = sections[-1].blocks
    assert isinstance(listing, Listing)
    shorts = [plain(point).partition(":")[0] for point in listing.points]
    assert shorts == [short for short in WORDS if short in ("HBM", "R&D", "bn", "CNY")]
    assert with_abbreviations([Section("a", "A", [Paragraph(["words"])])])[-1].title == "A"


def test_totals_of_two_splits_are_one_change():
    rows = [("a", f"{dim}={TOTAL}", "2020", 100.0, 90.0) for dim in ("line", "region")]
    rows.append(("a", "line=x", "2020", 50.0, 40.0))
    frame = pd.DataFrame(rows, columns=["outcome", "labels", "period", "median", "other_median"])
    frame["q50"] = np.nan
    assert [row["labels"] for row in ranked(frame)] == ["line=x", "line=total"]
    assert parts_of("line=x;region=total") == ["x"]


def test_a_documented_month_is_written_out_and_a_year_stays():
    assert [period_name(p) for p in ("2020-05", "2020", "2023/2024")] == \
        ["May 2020", "2020", "2023/2024"]  # fmt: skip


def test_the_text_of_a_panel_tells_the_course_of_the_median():
    edges = np.array([0.0, 365.0, 731.0, 1096.0])  # 1970 to 1972
    steps = Steps(edges, np.array([[2.0, 2.0], [5.0, 5.0], [1.0, 1.0]]))
    filled = Filled(Panel("Total", "revenue"), steps, None, {}, [{"value": 3.0}])
    text = describe(Sheet("Revenue", "bn CNY", []), filled, [])
    assert "begins at 2 (1970), is highest at 5 (1971), ends at 1 (1972)" in text
    assert "1 documented value as" in text


def test_the_text_of_an_event_that_hardly_happens_has_no_empty_months():
    row = {"q05": None, "q50": float("nan"), "q95": None}
    assert _event_words("unit_sold", row).endswith("seen it: under 5 %")
    row |= {"q05": "2020-11"}
    assert _event_words("unit_sold", row).endswith("seen it: 5 % by Nov 2020")


@pytest.mark.parametrize("fitted", [True, False])
def test_inputs_that_were_fitted_are_not_said_to_be_drawn_from_ranges(fitted):
    about = {"posterior": {"digest": "x"}} if fitted else {}
    text = drawing_text(Context.of(Material("out", about, None)))
    assert ("result of the fit" in text) == fitted


def test_conditions_of_a_design_are_named_and_the_fullest_comes_first(run):
    whole = Results(run.dataset, run.manifest)
    sources = [(f"run {k}", whole) for k in range(MOST + 2)]
    names = [f"condition {k}" for k in range(MOST + 2)]
    for curves in standard_curves(sources, names):
        assert [one.scenario for one in curves] == names[::-1][:MOST]
    section = exceedance_section(sources, names)
    assert section is not None
    said = " ".join(plain(b.words) for b in section.blocks if isinstance(b, Paragraph))
    assert f"The last {MOST} of {MOST + 2} conditions" in said
    assert "the curves share both" in said
