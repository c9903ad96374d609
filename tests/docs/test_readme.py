"""The README keeps its word: its numbers are those of the validation page, its commands run."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

import sim.cli.compare
import sim.cli.run
from docs import readme
from sim import __version__
from sim.case.load import load_case
from sim.web.setup import load_page
from sim.web.state import parse_state
from tests.test_docs import ROOT, blocks, call_here, commands

README = ROOT / "README.md"
TEXT = README.read_text()

PAGE = """
| bar | asked | measured | verdict |
| --- | --- | --- | --- |
| Revenue | at most 8 % (aim: 6) | 3.4 % | PASS |
| Phones |  | 77 % | MISS |

| outcome | values | median error | mean error | in 90 % band |
| --- | --- | --- | --- | --- |
| out of the sample | 5 | 11 % | 26 % | 80 % |
| **all** | 12 | 10 % | 21 % | 70 % |
"""


def test_the_scorecard_is_the_validation_pages():
    assert readme.renewed(TEXT, readme.VALIDATION.read_text()) == TEXT, "run `make docs`"


def test_a_scorecard_counts_verdicts_and_keeps_the_misses():
    card = readme.scorecard(PAGE)
    assert "1 PASS, 1 MISS of 2 bars." in card
    assert "Of 12 documented values 70 % lie in the 90 % band" in card
    assert "of the 5 after 2021, which judge, 80 %" in card
    assert "| Revenue | at most 8 % | 3.4 % | PASS |" in card
    assert "| Phones |  | 77 % | MISS |" in card


def test_a_scorecard_says_whether_anything_was_fitted():
    assert readme.scorecard(PAGE).startswith("Nothing is fitted")
    fitted = PAGE + "\n9 parameters drawn from the posterior (`abc`)\n"
    assert readme.scorecard(fitted).startswith("Parameters were fitted to values up to 2021.")


def test_a_readme_without_a_place_for_the_scorecard_is_refused():
    with pytest.raises(ValueError, match="has no '<!-- scorecard"):
        readme.renewed("# Another", PAGE)
    with pytest.raises(ValueError, match="no table begins with a column 'bar'"):
        readme.scorecard("nothing")


@pytest.mark.slow
def test_the_commands_of_the_readme_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Drawing is tried with the tutorial.
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())
    monkeypatch.setattr(sim.cli.compare, "draw_pair", lambda *given: [])
    call_small(["chokepoint", "run", "huawei", "--out", "out/demo"])  # what `make demo` leaves
    for language, text in blocks(README):
        if language == "console":
            for words in commands(text):
                if words[0] == "chokepoint":
                    call_small(words)
                else:
                    assert words[0] == "make"  # tests/docs/test_shell_blocks.py runs it
    assert (tmp_path / "out" / "mine" / "annual.csv").is_file()


def call_small(words):
    # One year of two members: the words are tried, not the numbers.
    small = ["--members", "2", "--end", "2018-12"] if words[1] == "run" else []
    call_here([*words, *small])


def test_the_link_to_the_page_sets_what_it_says():
    (address,) = re.findall(r"http://127\.0\.0\.1:\d+/\?\S+", TEXT)
    state, notes = parse_state(urlsplit(address).query, load_page("huawei"), load_case("huawei"))
    assert notes == []
    assert dict(state.moved) == {"product_rule_grace": 0.0, "rerouting": 0.0}


def test_the_citation_has_what_the_format_asks_for():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert cited["type"] == "software"
    assert str(cited["version"]) == __version__
    assert all({"name", "family-names"} & set(author) for author in cited["authors"])
    assert isinstance(cited.get("date-released", date.today()), date)
    for work in cited["references"]:
        assert {"type", "title", "authors"} <= set(work)
        assert re.fullmatch(r"10\.\d{4,9}/\S+", work["doi"])


def test_nobody_is_told_of_a_path_that_is_not_there():
    for page in (README, *(ROOT / "docs").glob("*.md")):
        named = re.findall(r"`((?:configs|docs|experiments|tests|sim)/[\w./-]+)`", page.read_text())
        missing = [path for path in named if not (ROOT / path).exists()]
        assert missing == [], page.name


def test_the_figure_of_the_readme_is_there():
    (figure,) = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", TEXT)
    assert Path(ROOT / figure).stat().st_size > 10_000
