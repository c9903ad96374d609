"""The page on sensitivity: from the tables of an analysis, of the case as it is."""

import json
import re

import pandas as pd
import pytest

from docs.sensitivity import PAGE, main
from sim.case.load import fingerprint, load_case

ABOUT = {"case": "toy", "fingerprint": "f00", "seed": 3, "trajectories": 5, "points": 64,
         "replicates": 2, "parameters": ["a", "b"],
         "command": "chokepoint sensitivity toy"}  # fmt: skip


@pytest.fixture
def page(tmp_path):
    """A page of two inputs that were kept of three, for one outcome in two years."""
    key = {"outcome": "revenue", "labels": "segment=total", "unit": "bn CNY", "never": 0.0}
    effects = [key | {"period": 2020, "parameter": name, "mu_star": size}
               for name, size in (("a", 2.0), ("b", 1.0), ("c", 1.0))]  # fmt: skip
    shares = [key | {"period": year, "parameter": name, "S1": total, "ST": total,
                     "ST_conf": width, "ST_half": total}
              for year, width in ((2020, 0.05), (2021, 0.3), (2022, 7.0))
              for name, total in (("a", 0.25 if year == 2020 else 0.7), ("b", 0.61))]  # fmt: skip
    pd.DataFrame(effects).to_csv(tmp_path / "screening.csv", index=False)
    pd.DataFrame(shares).to_csv(tmp_path / "sensitivity.csv", index=False)
    (tmp_path / "manifest.json").write_text(json.dumps(ABOUT))
    main(tmp_path, tmp_path / "page.md")
    return (tmp_path / "page.md").read_text()


def test_the_input_with_the_largest_share_in_any_year_stands_first(page):
    part = page[page.index("## Revenue") :]
    assert re.findall(r"^\| `(\w)` \| (\d+ %) \| (\d+ %) \|", part, re.MULTILINE) == [
        ("a", "25 %", "70 %"),
        ("b", "61 %", "61 %"),
    ]


def test_what_has_not_settled_is_listed(page):
    assert "1 of 3 outcomes and years have settled" in page
    assert re.search(r"\| Revenue: Total \| 2021 \| ±0\.30 \| 0\.00 \| yes \|", page)
    assert not re.search(r"\| Revenue: Total \| 2020 \| ±", page)


def test_a_year_in_which_nothing_varies_gets_no_shares(page):
    assert "| input | 2020 | 2021 |\n" in page
    assert "| Revenue: Total | 2022 | ±7.00 |" in page


def test_the_page_says_how_much_of_the_effects_the_inputs_kept_have(page):
    assert "all 3 uncertain inputs" in page
    # 4 and 1 of 4 + 1 + 1 squared effects.
    assert "have 83 % of the squared effects" in page.replace("\n", " ")


def test_the_page_that_is_shipped_is_of_the_case_as_it_is():
    case = load_case("huawei")
    assert f"Case `{case.id}` (fingerprint `{fingerprint(case)}`)" in PAGE.read_text()
