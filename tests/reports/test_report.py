"""The report of a run: it stands by itself, and its numbers are those of the tables."""

from __future__ import annotations

import re

import pytest

from sim.case.load import load_case
from sim.outcomes.results import Results
from sim.reports.answers import answer_section
from sim.reports.content import Number, Paragraph, Section
from sim.reports.context import Context
from sim.reports.facts import percent_text
from sim.reports.html import render_html
from sim.reports.material import Material, material_of
from sim.reports.report import build_report
from sim.runs.manifest import with_recipe
from sim.runs.simulate import simulate
from tests.reports.lookup import Tables
from tests.reports.page import Page

pytestmark = pytest.mark.slow  # two runs and a whole page

MEMBERS, MINUS = 64, "\N{MINUS SIGN}"


def a_run(*overrides: str) -> Results:
    results = simulate(load_case("huawei", overrides), MEMBERS, 5)
    return with_recipe(results, "huawei", overrides, "out/run")


@pytest.fixture(scope="module")
def material() -> Material:
    return material_of(a_run(), "out/run")


@pytest.fixture(scope="module")
def html(material) -> str:
    return render_html(build_report(material))


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def test_the_page_fetches_nothing(page):
    assert [address for address in page.loaded() if address[0] != "#" and address != "data:,"] == []
    assert page.all("script") == []


def test_every_drawing_has_words_for_those_who_cannot_see_it(page):
    drawings = [e for e in page.all("svg") if e.about.get("aria-hidden") != "true"]
    assert len(drawings) > 100
    assert [e for e in drawings if len(e.about.get("aria-label", "")) < 5] == []
    assert {e.about.get("role") for e in drawings} == {"img"}


def test_every_link_inside_the_page_leads_somewhere_and_no_place_has_two(page):
    ids = page.ids()
    assert len(ids) == len(set(ids))
    inside = {target[1:] for target in page.targets() if target.startswith("#")}
    assert len(inside) > 100
    assert inside - set(ids) == set()
    drawn = {address[1:] for address in page.loaded() if address.startswith("#")}
    assert drawn - set(ids) == set()


def test_links_out_of_the_page_are_those_of_sources(page):
    outside = [target for target in page.targets() if not target.startswith(("#", "data:"))]
    assert outside
    assert {target.split(":")[0] for target in outside} <= {"http", "https"}


def test_numbers_in_the_text_are_those_of_the_tables(page, material):
    tables = Tables(material)
    numbers = [e for e in page.all("data") if not e.about["data-place"].startswith("influence")]
    assert len(numbers) > 500
    for element in numbers:
        stands = tables.value(element.about["data-place"])
        said = element.about["value"]
        if isinstance(stands, str):
            assert said == stands
        elif stands is None or stands != stands:
            assert said in ("", "nan")
        else:
            assert float(said) == pytest.approx(float(stands), rel=1e-9, abs=1e-12)


def test_what_is_printed_is_the_number_behind_it(page):
    for element in page.all("data"):
        text, said = element.text, element.about["value"]
        if not re.fullmatch(rf"[+{MINUS}]?[\d,.]+", text):
            continue
        shown = float(text.replace(",", "").replace(MINUS, "-"))
        assert shown == pytest.approx(float(said), rel=6e-3, abs=5e-4)


def test_every_documented_number_is_followed_by_a_link_to_its_source(html, page):
    entries = {e.about["id"]: e.text for e in page.all("tr") if "id" in e.about}
    places = re.findall(r'data-place="documented[^>]*>[^<]*</data>(.{0,160})', html, re.DOTALL)
    assert len(places) > 10
    for after in places:
        link = re.search(r'href="#(source-\d+)"', after)
        assert link is not None
        assert entries[link[1]]


def test_every_figure_comes_with_its_data(page):
    names = [e.about["download"] for e in page.all("a") if "download" in e.about]
    assert len(page.all("figure")) >= 13
    assert len(names) > len(page.all("figure"))
    assert len(names) == len(set(names))


def numbers_in(section: Section) -> dict[str, float | str]:
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    words = [word for block in paragraphs for word in block.words]
    return {word.place: word.value for word in words if isinstance(word, Number)}


def test_one_changed_parameter_changes_the_numbers(material):
    other = material_of(a_run("mechanisms.licences=0"))
    mine, theirs = (numbers_in(answer_section(Context.of(m))) for m in (material, other))
    common = [place for place in mine if place.startswith("annual") and place in theirs]
    later = [place for place in common if place.split("|")[3] >= "2021"]
    assert len(later) >= 2
    assert [place for place in later if mine[place] == theirs[place]] == []
    assert sum(value != mine.get(place) for place, value in theirs.items()) > len(theirs) / 2


def test_no_template_holds_a_number_of_a_result():
    from sim.reports.html import SHEET, TEMPLATE
    from sim.reports.templating import template_text

    words = re.sub(r"\{[{%].*?[%}]\}|<[^>]+>|&\w+;", " ", template_text(TEMPLATE), flags=re.DOTALL)
    assert re.findall(r"\d", words) == []
    assert "content: attr" in template_text(SHEET)


def test_the_page_is_small_enough_to_send(html):
    assert len(html.encode()) < 3_000_000


def test_the_report_has_all_its_sections(page):
    titles = [e.text.strip() for e in page.all("h2")]
    assert titles == [
        "Question and answer", "Regime timeline", "Revenue", "Chips and what is built of them",
        "The supply network", "Stocks, foundries and tools", "Markets and money",
        "When things happen", "Scorecard", "Chances", "What the model cannot say",
        "Assumptions that matter most", "Parameters", "Sources", "How to repeat it",
        "Abbreviations",
    ]  # fmt: skip


def test_the_report_says_by_which_commands_it_is_made_again(page):
    (command,) = [e.text for e in page.all("pre")]
    assert command.splitlines() == [
        f"chokepoint run huawei --members {MEMBERS} --seed 5 --start 2018-01 --end 2026-12 "
        "--out out/run --force",
        "chokepoint report out/run",
    ]


def test_misses_are_counted_in_the_answer(page, material):
    tables = Tables(material)
    answer = next(e for e in page.all("section") if e.about["id"] == "answer").text
    missed = tables.value("verdicts|MISS|||count")
    assert f"{missed:.0f} are missed" in " ".join(answer.split())


def test_a_share_of_all_is_called_all_only_if_it_is():
    said = [percent_text(share).split() for share in (1, 0.999, 0.001, 0)]
    assert said == [["100", "%"], ["over", "99", "%"], ["under", "1", "%"], ["0", "%"]]
