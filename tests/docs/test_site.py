"""The site builds strictly, by the line of `make site`, and needs no network."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; a warning, such as a broken link, is an error."""
    folder = tmp_path_factory.mktemp("site")
    recipe = output(["make", "--dry-run", "site"])
    (line,) = re.findall(r"^.*bin/mkdocs build .*$", recipe, re.MULTILINE)
    own = line.replace(".venv/bin", sysconfig.get_path("scripts"))
    output(["bash", "-c", f"{own} --site-dir '{folder}'"])
    return folder


def output(words):
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_page_becomes_one_of_the_site(site):
    pages = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    assert len(pages) > 30
    missing = [str(page) for page in pages if not (site / page.with_suffix(".html")).is_file()]
    assert missing == []


def test_no_page_fetches_anything_from_elsewhere(site):
    fetched = re.compile(r"<(?:script|img|iframe|source)[^>]+?src=[\"']?(https?:[^\"' >]+)")
    linked = re.compile(
        r"<link[^>]+?rel=[\"']?(?:stylesheet|preconnect|icon)[^>]*?href=[\"']?(http\S+)"
    )
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert fetched.findall(text) + linked.findall(text) == [], page.name
    styles = [path.read_text() for path in site.rglob("*.css")]
    assert [
        found for css in styles for found in re.findall(r"url\([\"']?(https?:[^)]+)", css)
    ] == []


def test_the_reference_is_read_off_the_docstrings(site):
    text = (site / "api" / "index.html").read_text()
    assert 'id="sim.case.load.load_case"' in text
    assert "What an ensemble gave" in text
    rules = (site / "api" / "rules.html").read_text()
    assert 'id="sim.rules.stock.perceived_threat"' in rules


def test_notebooks_can_be_taken_from_the_site_and_sources_of_pages_cannot(site):
    assert (site / "notebooks" / "grace_window.py").is_file()
    assert not (site / "generate.py").exists()
