"""Writes docs/generated/structure.md: which conclusions survive another form of doubtful rules.

Run by ``make docs``; ``python docs/structure.py FILE MEMBERS REPLICATES`` writes somewhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sim.analysis.structure import (
    AGREE,
    NEAR,
    RECOVERED,
    SHIPPED,
    Conclusion,
    Question,
    flips,
    side_by_side,
)

QUESTION = Question("huawei", ("no-grace", "tools-with-the-listing"), peak=2020, end=2024)
PAGE = Path(__file__).resolve().parent / "generated" / "structure.md"
Found = Mapping[str, Mapping[str, Conclusion]]


def main(page: Path = PAGE, members: int = 0, replicates: int = 0) -> None:
    """Run all formulations and write the page."""
    asked = replace(
        QUESTION,
        members=members or QUESTION.members,
        replicates=replicates or QUESTION.replicates,
    )
    page.write_text(text(side_by_side(asked, tell=print), asked), encoding="utf-8")


def text(found: Found, question: Question = QUESTION) -> str:
    """The whole page."""
    turned = flips(found)
    parts = [
        _HEAD.format(
            case=question.case, members=question.members, replicates=question.replicates,
            seed=question.seed, near=f"{NEAR:.0f}", agree=f"{100 * AGREE:.0f}",
            recovered=f"{100 * RECOVERED:.0f}",
        ),
        *_verdict(turned),
        "",
        *_table(found, turned),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _verdict(turned: Mapping[str, list[str]]) -> Iterator[str]:
    """What flips is said first."""
    flipped = {point: names for point, names in turned.items() if names}
    held = [point for point, names in turned.items() if not names]
    yield f"**{len(held)} of {len(turned)} conclusions hold under every formulation.**"
    if flipped:
        yield " These flip:\n"
    for point, names in flipped.items():
        yield f"- **{point}**: another conclusion with {', '.join(f'`{name}`' for name in names)}"


def _table(found: Found, turned: Mapping[str, list[str]]) -> Iterator[str]:
    yield "| conclusion | " + " | ".join(found) + " |"
    yield "| --- |" + " --- |" * len(found)
    for point in found[SHIPPED]:
        cells = [_cell(one[point], name in turned[point]) for name, one in found.items()]
        yield f"| {point} | " + " | ".join(cells) + " |"


def _cell(one: Conclusion, flipped: bool) -> str:
    return f"{f'**flips: {one.says}**' if flipped else one.says}<br>{one.numbers}"


_HEAD = """# Other formulations

<!-- Written by `make docs` from runs of the model; changes here are lost. -->

Four rules of the model could as well have another form ([model](../model.md#second-formulations)):
how stocks follow threat, how shares move, how yield is learned, how much room makers have for rush
orders. Here each second form takes the place of the shipped one in the case `{case}`, alone and all
together: {members} members each, {replicates} draws for each of the 32 coalitions of groups, seed
{seed}, the same luck and the same parameters in each. Parameters are not fitted again, so a second
form starts with a handicap.

A conclusion is what stands in the first line of a cell; the numbers under it may move. Revenue
counts as recovered from {recovered} % of the peak on in the median; a chip comes at the same time
within {near} months; a change goes one way if {agree} % of the members agree; ranks are those of
mean Shapley shares in bn CNY. Bands are those of 90 % of the members.
"""

if __name__ == "__main__":
    main(*[Path(word) for word in sys.argv[1:2]], *[int(word) for word in sys.argv[2:4]])
