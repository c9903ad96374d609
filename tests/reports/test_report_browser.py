"""The page in a real browser, at the width of a desk and of a phone."""

from __future__ import annotations

import pytest

from sim.reports.html import render_html
from sim.reports.material import material_of
from sim.reports.report import build_report
from tests.reports.test_report import a_run

pytestmark = pytest.mark.slow

# What sticks out of the page, unless it may be scrolled sideways.
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.ownerSVGElement && !e.closest('.scroll, .wide, pre'))
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.outerHTML.slice(0, 80));
}"""
# Words in drawings that cover other words, or are cut off by the edge of their drawing.
UNREADABLE = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('figure svg')) {
    const edge = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim())
      .map(t => [t.textContent, t.getBoundingClientRect()]);
    words.forEach(([text, a], k) => {
      if (a.left < edge.left - 1 || a.right > edge.right + 1
          || a.top < edge.top - 1 || a.bottom > edge.bottom + 1) found.push('cut off: ' + text);
      for (const [other, b] of words.slice(k + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1.5 && high > 3.5) found.push(text + ' covers ' + other);
      }
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(build_report(material_of(a_run()))), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overlaps_sticks_out_or_is_cut_off(address, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(UNREADABLE) == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()
