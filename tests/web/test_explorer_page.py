"""The mailable explorer: its numbers are the run's, and a browser shows them from a file."""

import json
import re

import numpy as np
import pytest

from sim.cli.experiment import ExperimentOrder
from sim.cli.explorer import make_explorer
from sim.outcomes.folder import FolderError
from sim.reports import explorer as reports_explorer
from sim.reports.explorer import build_explorer
from sim.reports.explorer_pack import unpack
from sim.runs.columns import split_column
from sim.runs.experiment_file import load_experiment
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import make_plan
from sim.runs.simulate import simulate
from sim.web.compute import case_for
from sim.web.explorer import explorer_words
from sim.web.state import State

pytestmark = pytest.mark.slow
VIEWPORTS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
MEMBERS = 6
SMALL = """
name: small
question: What do two levers do to the firm in a few years?
case: huawei
levers:
  product_rule_grace:
    paths:
      - measures.direct_product_rule_may_2020.grace_days
      - measures.direct_product_rule_aug_2020.grace_days
    how: scale
    values: [0, 1]
  stockpiling: {paths: mechanisms.stockpiling, values: [0, 1]}
replicates: 6
start: 2019-01
end: 2021-12
outcomes: [revenue|segment=total, cash, own_advanced_soc_runs_out]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The page of a small experiment, and its folder."""
    folder = tmp_path_factory.mktemp("explorer")
    file, page = folder / "small.yaml", folder / "page.html"
    file.write_text(SMALL)
    order = ExperimentOrder(str(file), (), folder / "runs", False, 1, None, False)
    assert make_explorer(order, page) == 0
    return page.read_text(), ExperimentResults(folder / "runs"), file


@pytest.fixture(scope="module")
def data(made):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', made[0], re.S)
    return json.loads(found[1])


def test_bands_in_the_page_are_the_quantiles_of_the_run(made, data):
    frame = made[1].quantiles()
    for chart in data["charts"]:
        outcome, labels = split_column(chart["column"])
        rows = frame[(frame["outcome"] == outcome) & (frame["labels"] == labels)]
        table = unpack(chart, scenarios=4)
        theirs = rows[["q05", "q25", "q50", "q75", "q95"]].to_numpy().reshape(4, 3, 5)
        assert table.bands[table.index] == pytest.approx(theirs, rel=1e-6, abs=1e-4)


def test_members_in_the_page_are_those_of_the_run(made, data):
    chart = data["charts"][0]
    values = made[1].select(chart["column"]).values.reshape(4, MEMBERS, 3)
    table = unpack(chart, scenarios=4)
    assert data["paired"] == MEMBERS
    packed = np.moveaxis(table.members[table.index], 1, 2)
    assert packed == pytest.approx(values, abs=chart["step"])


def test_scenarios_lie_where_the_page_looks_for_them(made, data):
    points = made[1].points
    settings = [tuple(row) for row in points[["product_rule_grace", "stockpiling"]].to_numpy()]
    assert settings == [(0, 0), (0, 1), (1, 0), (1, 1)]  # the last lever turns fastest
    assert [lever["start"] for lever in data["levers"]] == [1, 1]


def test_a_setting_of_the_explorer_is_the_same_run_on_the_page(made, page):
    state = State("huawei", 2021, {"product_rule_grace": 0.0, "stockpiling": 0.0}, MEMBERS)
    run = simulate(case_for(state, page), MEMBERS, 1)
    mine = run.annual_members("revenue", segment="total").sel(period=["2019", "2020", "2021"])
    theirs = made[1].select("revenue|segment=total").values[0, 0, 0]
    assert np.allclose(mine.values.T, theirs, rtol=1e-9, atol=0)


def test_documented_points_of_the_years_shown_are_in_the_page(data):
    points = {point["period"]: point["value"] for point in data["charts"][0]["points"]}
    assert points == {"2019": 858.833, "2020": 891.368, "2021": 636.807}


def test_an_event_is_told_in_words_for_every_scenario(data):
    (event,) = data["events"]
    assert len(event["index"]) == 4
    assert all(re.match(r"never|later|\d{4}-\d{2}", text) for text in event["texts"])


def test_the_page_asks_nothing_of_the_network(made):
    text = made[0]
    assert "default-src 'none'" in text
    assert not re.search(r"<(?:link|img|iframe)\b|\bsrc=|@import|\bfetch\(|XMLHttpRequest", text)


def test_fewer_members_are_packed_where_the_page_would_grow_too_large(made, monkeypatch):
    monkeypatch.setattr(reports_explorer, "FEWEST_MEMBERS", 2)
    monkeypatch.setattr(reports_explorer, "MEMBER_STEP", 2)
    monkeypatch.setattr(reports_explorer, "MOST_BYTES", reports_explorer.ROOM_FOR_WORDS + 900)
    words = explorer_words(make_plan(load_experiment(made[2])))
    assert build_explorer(made[1], words, None).paired in (2, 4)
    monkeypatch.setattr(reports_explorer, "MOST_BYTES", reports_explorer.ROOM_FOR_WORDS)
    with pytest.raises(FolderError, match="fewer scenarios"):
        build_explorer(made[1], words, None)


# In a browser, from the file, without a network.


@pytest.fixture
def visit(browser, made):
    contexts, strange = [], []
    file = f"file://{made[2].with_name('page.html')}"

    def go(address="", width="desktop", **options):
        context = browser.new_context(viewport=VIEWPORTS[width], offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: strange.append(r.url) if not r.url.startswith(file) else 0)
        page.on("pageerror", lambda error: strange.append(str(error)))
        page.on("console", lambda message: strange.append(message.text))
        page.goto(file + address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert strange == []


def figure(page, column):
    return page.locator(f'figure[data-column="{column}"]')


def shown(page):
    return page.locator("#sentence").text_content()


REVENUE = "revenue|segment=total"


@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_from_a_file_and_fits_its_window(visit, width, scheme):
    page = visit(width=width, color_scheme=scheme)
    assert page.locator("figure svg").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWPORTS[width]["width"]
    assert shown(page).startswith("Revenue, bn CNY: ")


def test_the_numbers_read_off_a_chart_are_those_of_the_run(visit, made):
    page = visit("#now=0.1")
    figure(page, REVENUE).locator("svg").focus()
    page.keyboard.press("End")
    frame = made[1].quantiles()
    row = frame[(frame["outcome"] == "revenue") & (frame["period"] == "2021")]
    row = row[row["lever_point"] == 1].iloc[0]
    text = figure(page, REVENUE).locator(".read").text_content()
    middle, low, high = (f"{row[name]:.0f}" for name in ("q50", "q25", "q75"))
    assert f"this run {middle} (half {low} to {high};" in text
    assert "documented 637" in text


def test_a_lever_chosen_by_keyboard_moves_charts_sentence_and_address(visit):
    page = visit()
    before = figure(page, REVENUE).locator(".b .line").get_attribute("d")
    page.get_by_role("radio", name="123 days").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("location.hash") == "#now=0.1"
    assert figure(page, REVENUE).locator(".b .line").get_attribute("d") != before
    assert figure(page, REVENUE).locator(".a .line").count() == 1  # history, to compare
    assert "2021 falls to" in shown(page)


def test_a_against_b_is_the_paired_difference_of_any_two_scenarios(visit, made):
    page = visit("#now=1.0")
    page.get_by_role("button", name="Pin this as A").click()
    page.locator('input[name="product_rule_grace"][value="0"]').check()
    page.locator('input[name="view"][value="difference"]').check()
    values = made[1].select(REVENUE).values.reshape(4, MEMBERS, 3)
    change = np.median(values[0, :, 2] - values[2, :, 2])
    found = page.evaluate("differences(DATA.charts[0], 0, 2)[2][2]")
    assert found == pytest.approx(change, abs=0.05)
    assert "A, pinned" in shown(page)
    assert page.evaluate("location.hash") == "#now=0.0&pin=1.0&view=difference"


def test_a_link_restores_the_page_and_a_broken_one_gets_a_note(visit):
    page = visit("#now=0.0&pin=0.1&view=difference")
    assert page.get_by_role("button", name="Unpin A").is_visible()
    assert page.get_by_role("radio", name="off").first.is_checked()
    page = visit("#now=7.1&pin=<b>&view=x")
    assert "not understood" in page.locator("#note").text_content()
    assert page.locator(".moved").count() == 0


def test_sources_open_below_the_lever_and_tables_hold_every_year(visit):
    page = visit()
    page.locator("fieldset summary").first.click()
    assert page.locator("fieldset a").first.get_attribute("href").startswith("http")
    page.get_by_text("All numbers as tables").click()
    page.locator("#numbers table").nth(1).wait_for()
    assert page.locator("#numbers tbody tr").count() == 6
