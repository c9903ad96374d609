"""The README's scorecard and figure, so that they cannot drift from the validation page.

Run by ``make docs``, after ``docs/validation.py`` has written the page. The scorecard alone,
without a run, is renewed by ``docs/generate.py`` as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs.tables import CASE, table
from sim.case.load import case_folder, load_case
from sim.documented.load import load_documented
from sim.reports.figures import FIGURES
from sim.reports.style import save
from sim.runs.simulate import simulate

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
VALIDATION = ROOT / "docs" / "validation.md"
IMAGES = ROOT / "docs" / "images"
FIGURE = "revenue"
MEMBERS, SEED = 256, 1
START, END = "<!-- scorecard: written by `make docs` from docs/validation.md -->", "<!-- end -->"
ALL, LATER = "**all**", "out of the sample"
VERDICTS = ("PASS", "WARN", "MISS")

Row = Mapping[str, str]


def main() -> None:
    """Renew scorecard and figure."""
    write_scorecard()
    draw()


def write_scorecard() -> None:
    """Put the scorecard between its marks."""
    page = VALIDATION.read_text(encoding="utf-8")
    README.write_text(renewed(README.read_text(encoding="utf-8"), page), encoding="utf-8")


def draw() -> None:
    """Draw the figure of revenue from a run."""
    results = simulate(load_case(CASE), members=MEMBERS, seed=SEED)
    documented = load_documented(case_folder(CASE)).frame()
    save(FIGURES[FIGURE](results, documented), IMAGES, FIGURE, ("png",))


def renewed(readme: str, validation: str) -> str:
    """The README with the scorecard of a validation page.

    Raises:
        ValueError: if the README has no place for it.
    """
    place = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    if not place.search(readme):
        raise ValueError(f"the README has no '{START}'")
    return place.sub(lambda _: f"{START}\n{scorecard(validation)}\n{END}", readme)


def scorecard(validation: str) -> str:
    """What was to be shown, and how many documented values are met."""
    bars = tables(validation, "bar")
    values = {row["outcome"]: row for row in tables(validation, "outcome")}
    counts = {verdict: sum(row["verdict"] == verdict for row in bars) for verdict in VERDICTS}
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    shown = table(
        ("what was to be shown", "asked", "measured", ""),
        ([row["bar"], row["asked"].split(" (")[0], row["measured"], row["verdict"]]
         for row in bars),
    )  # fmt: skip
    return (
        f"{_fitted(validation)} {said} of {len(bars)} bars. Of "
        f"{values[ALL]['values']} documented values {_share(values[ALL])}; of the "
        f"{values[LATER]['values']} after 2021, which judge, {_share(values[LATER])}.\n\n{shown}"
    )


def _share(row: Row) -> str:
    return (
        f"{row['in 90 % band']} lie in the 90 % band, median error {row['median error']}, mean "
        f"{row['mean error']}"
    )


def _fitted(validation: str) -> str:
    words = "drawn from the posterior"
    return (
        "Parameters were fitted to values up to 2021."
        if words in validation
        else "Nothing is fitted: parameters are drawn from their prior ranges."
    )


def tables(text: str, first: str) -> list[Row]:
    """Rows of all tables of a page whose first column has this name, in order.

    Raises:
        ValueError: if there is none.
    """
    found = [row for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
             for row in _rows(block, first)]  # fmt: skip
    if not found:
        raise ValueError(f"no table begins with a column '{first}'")
    return found


def _rows(block: str, first: str) -> Iterator[Row]:
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
             for line in block.strip().splitlines()]  # fmt: skip
    if cells[0][0] == first:
        yield from (dict(zip(cells[0], row, strict=True)) for row in cells[2:])


if __name__ == "__main__":
    main()
