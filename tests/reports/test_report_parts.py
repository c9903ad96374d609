"""Parts of a report by hand numbers: wording, verdicts, flows, drawings, files."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.case.load import load_case
from sim.documented.verdicts import verdict
from sim.outcomes.folder import FolderError
from sim.outcomes.results import Results
from sim.outcomes.store import write_run
from sim.reports import style
from sim.reports.bundle import latex, write_bundle
from sim.reports.changes import change_of, ranked
from sim.reports.comparison import build_comparison
from sim.reports.content import (
    Code,
    Column,
    Figure,
    Link,
    Listing,
    Number,
    Paragraph,
    Picture,
    Report,
    Row,
    Scale,
    Section,
    Strip,
    Table,
    plain,
)
from sim.reports.extras import extra_sections, waterfall
from sim.reports.facts import number_text, signed_text
from sim.reports.html import render_html
from sim.reports.influence import Target, draws, influences
from sim.reports.inputs import age_words
from sim.reports.material import material_of, open_material
from sim.reports.network import nodes_of
from sim.reports.publish import publish, target_of
from sim.reports.report import build_report
from sim.reports.sensitivity import heat_map
from sim.reports.supply import Supply, low_after_peak, supply_of
from sim.reports.svg import inline, svg_text
from sim.runs.inputs import inputs_of
from sim.world.ensemble import Ensemble
from tests.reports.page import Page
from tests.reports.synthetic import SyntheticRun, synthetic_run

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def case():
    return load_case("huawei")


@pytest.fixture(scope="module")
def results(run) -> Results:
    about = {"program": "chokepoint", "format": 1, "case": "huawei", "start": "2018-01",
             "end": "2026-12", "fingerprint": ""}  # fmt: skip
    return Results(run.dataset, {**run.manifest, **about})


@pytest.mark.parametrize(
    ("value", "text"),
    [(734.4, "734"), (1234.5, "1,234"), (45.23, "45.2"), (-0.0176, f"{MINUS}0.0176"), (0.0, "0"),
     (0.00012, "0"), (float("nan"), "\N{EN DASH}")],
)  # fmt: skip
def test_a_number_has_three_digits(value, text):
    assert number_text(value) == text


def test_a_rise_carries_its_sign_and_nothing_carries_none():
    assert [signed_text(value) for value in (3.0, -3.0, 0.0)] == ["+3", f"{MINUS}3", "0"]


def test_the_largest_fall_lies_between_a_high_and_the_low_after_it():
    assert low_after_peak([5.0, 9.0, 7.0, 6.0, 10.0, 9.5]) == (1, 3)
    assert low_after_peak([1.0, 2.0, 3.0]) == (0, 0)


@pytest.mark.parametrize(
    ("inside", "percent", "months", "expected"),
    [
        (True, 10.0, np.nan, "PASS"),
        (True, 40.0, np.nan, "WARN"),
        (False, -10.0, np.nan, "WARN"),
        (False, 40.0, np.nan, "MISS"),
        ("True", np.nan, -9.0, "PASS"),
        ("False", np.nan, 10.0, "MISS"),
        (pd.NA, np.nan, np.nan, ""),
    ],
)
def test_a_verdict_weighs_band_and_median(inside, percent, months, expected):
    row = {"in_band90": inside, "error_pct": percent, "error_months": months}
    assert verdict(row) == expected


def test_old_evidence_is_called_old():
    fresh = age_words("2026-05-01", date(2026, 6, 30))
    stale = age_words("2025-05-01", date(2026, 6, 30))
    assert "60 days before the run was made on 30 June 2026." in fresh
    assert stale.endswith("Newer evidence may change the picture.")
    assert "nobody can tell" in age_words("", date(2026, 6, 30))


def test_an_input_that_drives_the_result_is_found_with_its_effect(case):
    path = "behaviour.stock.precaution_crucial"
    (one,) = [i for i in inputs_of(case) if i.path == path]
    drawn = draws(Ensemble.of(400, 7), one)
    noise = np.random.default_rng(1).normal(size=400)
    target = Target("Revenue", "bn CNY", 10.0 * drawn + noise)
    made = Results(xr.Dataset(coords={"member": range(400)}), {"seed": 7})
    found = influences(made, case, [target])
    assert found[0].input.path == path
    high, low = np.sort(drawn)[-133:].mean(), np.sort(drawn)[:133].mean()
    assert found[0].effects[0] == pytest.approx(10.0 * (high - low), abs=0.5)
    assert found[0].strength > 0.99
    assert len(found) < 6


def test_nothing_is_read_off_a_small_run(case):
    made = Results(xr.Dataset(coords={"member": range(20)}), {"seed": 7})
    assert influences(made, case, [Target("x", "", np.arange(20.0))]) == []


def chips_of(case, received: dict[tuple[str, str], list[float]]) -> SyntheticRun:
    """Two years of chips: million units a year by item and origin, spread over the months."""
    months = pd.date_range("2020-01-01", periods=24, freq="MS")
    items, origins = list(case.items), ["direct", "licensed", "domestic", "rerouted"]
    values = np.zeros((24, len(items), 4, 3, 1))
    for (item, origin), years in received.items():
        yearly = np.repeat(np.array(years) / 12, 12)
        values[:, items.index(item), origins.index(origin), :, 0] = yearly[:, None]
    dims = ("month", "item", "origin", "stage", "member")
    stages = ["ordered", "received", "used"]
    coords = {"month": months, "item": items, "origin": origins, "stage": stages}
    chips = xr.DataArray(values, coords, dims, attrs={"kind": "flow", "csv_name": "chips"})
    revenue = xr.DataArray(
        np.full((24, 1, 1), 10.0), {"month": months, "line": ["flagship_phones"]},
        ("month", "line", "member"), attrs={"kind": "flow", "csv_name": "revenue"},
    )  # fmt: skip
    return SyntheticRun(xr.Dataset({"chips": chips, "revenue_line": revenue}), {})


def test_chips_are_valued_at_the_open_price_of_the_year(case):
    supply = Supply(chips_of(case, {("memory", "direct"): [100.0, 0.0]}), case)
    price = case.items["memory"].price.values[2020]
    assert supply.by_origin(2020)["direct"] == pytest.approx(100.0 * price / 1000)
    assert sum(supply.by_origin(2021).values()) == 0


def test_revenue_rests_on_the_ways_by_which_its_chips_came(case):
    ways = {("memory", "licensed"): [50.0, 0.0], ("memory", "domestic"): [50.0, 10.0]}
    supply = Supply(chips_of(case, ways), case)
    rests = supply.resting_on(2020)
    assert rests["licensed", "flagship_phones"] == pytest.approx(60.0)
    assert rests["domestic", "flagship_phones"] == pytest.approx(60.0)
    assert supply.resting_on(2021)["domestic", "flagship_phones"] == pytest.approx(120.0)


def test_a_maker_gone_dry_is_closed_and_one_not_begun_is_not_there(case):
    ways = {("own_advanced_soc", "direct"): [80.0, 0.0],
            ("own_advanced_soc", "domestic"): [0.0, 5.0]}  # fmt: skip
    supply = Supply(chips_of(case, ways), case)
    first, second = (
        {node.makers: set(node.states()) for node in nodes_of(supply, year)}
        for year in (2020, 2021)
    )
    assert first == {("tsmc",): {"open"}}
    assert second == {("tsmc",): {"closed"}, ("smic", "shenzhen_fabs"): {"home"}}


def test_a_run_without_chips_has_no_network(case, run):
    assert supply_of(SyntheticRun(run.dataset[["cash"]], {}), case) is None


def drawing() -> Picture:
    figure = style.new_figure(2, 1)
    ax = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    ax.plot([0, 1], [0.123456, 0.2], label="line")
    ax.set_yticks([0.125], ["0.125"])
    return Picture("A line", figure, 'Rises from 0.123456 to 0.2 & "more"')


def test_a_drawing_with_empty_groups_is_sound_xml_inside_a_page():
    shares = pd.DataFrame({"2020": [0.4, 0.0]}, index=["a", "b"])
    drawn = heat_map(shares)  # its ticks have no length: groups with nothing in them
    assert "<g id=" in svg_text(drawn)
    root = ElementTree.fromstring(inline(svg_text(drawn), "map", "two inputs"))
    assert root.get("aria-label") == "two inputs"
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")].count("40") == 1


def test_a_drawing_inside_the_page_is_smaller_and_keeps_its_words():
    whole = svg_text(drawing().drawing)
    small = inline(whole, "one", drawing().alt)
    assert len(small) < 0.5 * len(whole)
    assert ">0.125</text>" in small
    assert 'aria-label="Rises from 0.123456 to 0.2 &amp; &quot;more&quot;"' in small


def test_two_drawings_on_a_page_share_no_id():
    ids = [
        {e.about["id"] for e in Page(inline(svg_text(drawing().drawing), name, "x")).elements
         if "id" in e.about}
        for name in ("one", "two")
    ]  # fmt: skip
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])


def small_report() -> Report:
    table = Table(
        "costs", "Costs in %", [Column("What_is"), Column("Value", "right"),
         Column(Scale([(0.5, "2020")]))],
        [Row(["Group"], "group"),
         Row(["a & b", [Number("5 %", 5.0, "x")], Strip("bar", [(0, 0.5, "force")])], id="row-1"),
         Row(["x | y", [Link("[1]", "#row-1")], Strip("none")], "miss")],
        data="what,value\na,5\n",
    )  # fmt: skip
    figure = Figure("figure-a", "a", "A figure", "units", [drawing()], data="x,y\n0,1\n")
    blocks = [
        Paragraph(["It costs ", Number("5 %", 5.0, "x"), " in “all” ", Link("row", "#row-1"), "."]),
        Listing([["one"], ["two", Link("away", "https://example.org/a_b")]]),
        Code("run #this"),
        table,
        figure,
    ]
    return Report("Title & more", "sub", [Section("first", "First", blocks)], ["careful"])


def test_words_without_their_links_are_plain():
    assert plain(["a ", Number("5", 5.0, "p"), Link(" b", "#c")]) == "a 5 b"


def test_what_could_be_markup_is_shown_as_it_is():
    report = Report("<b>", "", [Section("s", "S", [Paragraph(["<script>x</script> & “q”"])])])
    html = render_html(report)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_bundle_holds_text_vector_figures_and_tables(tmp_path):
    folder = write_bundle(small_report(), tmp_path / "bundle")
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert files == {"report.md", "figures/a.pdf", "figures/a.svg", "figures/a.csv",
                     "tables/costs.csv", "tables/costs.tex"}  # fmt: skip
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "| a & b | 5 % |" in text
    assert "| x \\| y |" in text
    assert "(figures/a.svg)" in text
    assert (folder / "figures" / "a.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_bundle_replaces_a_bundle_and_nothing_else(tmp_path):
    write_bundle(small_report(), tmp_path / "bundle")
    write_bundle(small_report(), tmp_path / "bundle")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("keep")
    with pytest.raises(FolderError, match="is no bundle"):
        write_bundle(small_report(), tmp_path / "mine")
    assert (tmp_path / "mine" / "file").read_text() == "keep"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bundle", "mine"]


def test_a_table_for_latex_escapes_what_latex_would_read():
    text = latex(small_report().tables()[0])
    assert r"\begin{longtable}{lr}" in text
    assert r"What\_is & Value \\" in text
    assert r"a \& b & 5 \% \\" in text
    assert r"\multicolumn{2}{l}{\textbf{Group}} \\" in text


def test_a_report_is_set_as_pdf():
    pytest.importorskip("typst")
    from sim.reports.typeset import render_pdf

    made = render_pdf(small_report())
    assert made[:5] == b"%PDF-"
    assert len(made) > 5000


def test_without_typst_the_message_says_what_to_install(monkeypatch):
    from sim.reports import typeset

    monkeypatch.setattr(typeset.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FolderError, match=r"pip install 'chokepoint-sim\[pdf\]'"):
        typeset.render_pdf(small_report())


def test_two_equal_runs_are_said_to_be_identical(results):
    report = build_comparison(material_of(results, "out/a"), material_of(results, "out/b"))
    answer = [plain(b.words) for b in report.sections[0].blocks if isinstance(b, Paragraph)]
    assert answer[1] == "The two runs are identical: every number of every member agrees."


def test_figures_of_two_runs_name_every_kind_of_documented_point(results):
    smaller = Results(synthetic_run(scale=0.75).dataset, {**results.manifest, "title": "Smaller"})
    report = build_comparison(material_of(results, "a"), material_of(smaller, "b"))
    phones = next(f for f in report.figures() if f.name.startswith("compare_phones"))
    named = [key.text for key in phones.legend if key.sample in ("point", "hollow")]
    assert named == ["documented (bar: range of sources)", "documented, weak source"]


def test_a_comparison_gives_the_paired_change(results):
    smaller = Results(synthetic_run(scale=0.75).dataset, {**results.manifest, "title": "Smaller"})
    report = build_comparison(material_of(results, "a"), material_of(smaller, "b"))
    changes = results.compare(smaller)
    rows = changes[(changes["outcome"] == "revenue") & (changes["labels"] == "segment=total")]
    words = [w for b in report.sections[0].blocks if isinstance(b, Paragraph) for w in b.words]
    said = {w.place: w.value for w in words if isinstance(w, Number)}
    last = rows.iloc[-1]
    place = f"difference|revenue|segment=total|{last['period']}|q50"
    assert said[place] == pytest.approx(last["q50"])
    assert "member by member" in " ".join(w for w in words if isinstance(w, str))


def test_runs_without_common_luck_get_no_band_of_the_difference(results):
    other = Results(synthetic_run(seed=4).dataset, {**results.manifest, "seed": 4})
    report = build_comparison(material_of(results, "a"), material_of(other, "b"))
    text = " ".join(plain(b.words) for b in report.sections[0].blocks if isinstance(b, Paragraph))
    assert "do not share their luck" in text
    assert "seed 3 and 4" in text
    assert all(len(f.pictures) == 1 for f in report.figures() if f.name.startswith("compare"))


def test_the_largest_change_against_its_own_size_comes_first():
    rows = [("a", "", "2020", 100.0, 90.0), ("a", "", "2021", 100.0, 99.0),
            ("b", "", "2020", 1.0, 0.5), ("c", "", "2020", 100.0, 99.9)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["outcome", "labels", "period", "median", "other_median"])
    frame["q50"] = np.nan
    assert [(r["outcome"], change_of(r)) for r in ranked(frame)] == [("b", -0.5), ("a", -10.0)]


def test_a_damaged_run_gives_a_report_of_what_is_left(tmp_path, results):
    folder = tmp_path / "run"
    folder.mkdir()
    write_run(results, folder)
    (folder / "members.parquet").write_bytes(b"broken")
    report, paths = publish([folder])
    assert "members of this run are missing" in report.notices[0]
    titles = [section.title for section in report.sections]
    assert "Revenue" in titles
    assert "Sources" in titles
    assert paths[0].read_text(encoding="utf-8").count("notice") >= 1


def test_a_run_of_a_newer_version_is_shown_as_far_as_it_can_be_read(tmp_path, results):
    folder = tmp_path / "run"
    folder.mkdir()
    write_run(results, folder)
    newer = {**results.manifest, "format": 99}
    (folder / "manifest.json").write_text(json.dumps(newer), encoding="utf-8")
    report = build_report(open_material(folder))
    assert "format 99" in report.notices[0]
    assert "upgrade chokepoint" in report.notices[0]
    assert report.sections


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FolderError, match="not a run folder"):
        publish([tmp_path / "empty"])


@pytest.mark.slow
def test_a_run_that_cannot_be_compared_leaves_the_report_of_the_other(tmp_path, results):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_run(results, tmp_path / name)
    (tmp_path / "b" / "members.parquet").unlink()
    report, _ = publish([tmp_path / "a", tmp_path / "b"], tmp_path / "out.html")
    assert "b cannot be compared" in report.notices[0]
    assert any(section.title == "Revenue" for section in report.sections)


def test_a_run_whose_case_is_gone_says_so_and_shows_the_rest(results):
    lost = Results(results.dataset, {**results.manifest, "case": "gone", "scenario": "gone"})
    report = build_report(material_of(lost))
    assert "cannot be loaded" in report.notices[0]
    assert report.sections[0].title == "Question and answer"
    assert "Parameters" not in [s.title for s in report.sections]


def test_the_page_lies_beside_the_run_unless_told_otherwise(tmp_path):
    run, other = tmp_path / "a", tmp_path / "b"
    assert target_of([run], None) == run / "report.html"
    assert target_of([run, other], None) == run / "report-a-b.html"
    assert target_of([run], tmp_path / "x.html") == tmp_path / "x.html"
    assert target_of([run], tmp_path / "folder") == tmp_path / "folder" / "report.html"


def shares() -> pd.DataFrame:
    rows = [("(none)", 10.0), ("evasion", 5.0), ("grants", -2.0), ("(all)", 13.0)]
    return pd.DataFrame(
        [{"outcome": "revenue", "labels": "segment=total", "period": "2024", "unit": "bn CNY",
          "player": name, "mean": mean, "q05": mean - 1, "q95": mean + 1} for name, mean in rows]
    )  # fmt: skip


def test_shares_step_from_the_result_without_to_the_result_with_all():
    ax = waterfall(shares()).axes[0]
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert bars == [(0, 10), (10, 15), (15, 13), (0, 13)]


def test_an_attribution_of_the_same_inputs_is_found_beside_the_run(tmp_path, results):
    for name, mark in (("mine", "f1"), ("foreign", "f2")):
        (tmp_path / name).mkdir()
        about = {"fingerprint": mark, "by": "groups", "replicates": 8}
        (tmp_path / name / "manifest.json").write_text(json.dumps(about))
        shares().to_csv(tmp_path / name / "attribution.csv", index=False)
    (tmp_path / "run").mkdir()
    marked = Results(results.dataset, {**results.manifest, "fingerprint": "f1"})
    from sim.reports.context import Context

    found = extra_sections(Context.of(material_of(marked, tmp_path / "run")))
    assert [section.title for section in found] == ["What carried the result"]
    said = [plain(block.words) for block in found[0].blocks if isinstance(block, Paragraph)]
    assert said[1] == "From mine: 8 draws."
    assert said[0].startswith("Revenue in 2024: 10 bn CNY without any of the parts; ")
    assert f"evasion +5, grants {MINUS}2, which makes 13 with all of them." in said[0]


def test_without_an_attribution_there_is_no_such_section(tmp_path, results):
    from sim.reports.context import Context

    assert extra_sections(Context.of(material_of(results, tmp_path / "run"))) == []
