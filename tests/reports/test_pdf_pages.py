"""Where the pages of a PDF break: a group of pictures stays together where it fits on one."""

import json

import pytest

from sim.reports.typeset import STYLE, _template

typst = pytest.importorskip("typst")
PAGES = "#context [#metadata(query(<shown>).map(it => it.location().page())) <pages>]"


def pages(folder, pictures: int, above: str) -> list[int]:
    """Pages on which the pictures of a plate of two columns stand, each 50 mm high."""
    one = 'picture("Panel", [#metadata(none) <shown> #rect(width: 100%, height: 50mm)])'
    plate = f'#plate("Title", "unit", 2, top, (), [Note], {", ".join([one] * pictures)})'
    source = folder / "pages.typ"
    source.write_text("\n".join([_template(STYLE), f"#v({above})", plate, PAGES]))
    found = json.loads(typst.query(str(source), "<pages>", field="value", one=True))
    assert len(found) == pictures
    return found


def test_pictures_that_fit_on_a_page_are_not_parted(tmp_path):
    assert pages(tmp_path, 4, "10mm") == [1] * 4
    assert pages(tmp_path, 5, "150mm") == [2] * 5


def test_pictures_that_fill_more_than_a_page_go_on_over_the_next(tmp_path):
    found = pages(tmp_path, 12, "10mm")
    assert (found[0], found[-1]) == (1, 2)
