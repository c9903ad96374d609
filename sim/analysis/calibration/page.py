"""The identifiability study as a page of the documentation."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.calibration.fit import Problem

NOTE = "<!-- Written by `make calibrate`; changes here are lost. -->"
_HEAD = """\
# What the outcomes of the sample can tell

{members:,} members were drawn from the priors of all {inputs} uncertain inputs, each with luck of its own.
Their outcomes at the {targets} targets of the calibration, blurred by the error that the file allows
a documented value and the model, stand for documented values. No documented value takes part.

- **alone**: by which part the variance of an input falls once the targets are known;
- **together**: the same if all other inputs were known as well;
- **coverage**: how often a 90 % band holds the truth, over {truths} truths found again.

An input is *identified* if its variance falls by {identified:.0f} % or more, known *in combination* if it
does so by {noticed:.0f} % only once the others are known. {left} inputs reach neither: the outcomes up to the
end of the sample say next to nothing about them, they are not fitted and stay at their priors.
Partner is the input with which it is most easily confused.
"""  # noqa: E501
_COLUMNS = ("input", "verdict", "alone", "together", "coverage", "partner", "fitted")


def identifiability_page(found: pd.DataFrame, problem: Problem) -> str:
    """The table of :func:`sim.analysis.calibration.identify.report` as Markdown."""
    rule = problem.loaded.calibration.recovery
    inputs = int(found.attrs["inputs"])
    known = int((found["verdict"] != "not identified").sum())
    head = _HEAD.format(
        members=rule.members, inputs=inputs, targets=len(problem.targets), truths=rule.truths,
        identified=100 * rule.identified, noticed=100 * rule.noticed, left=inputs - known,
    )  # fmt: skip
    lines = [
        "| " + " | ".join(_COLUMNS) + " |",
        "|---|---|---:|---:|---:|---|---|",
        *(_line(row) for row in found.itertuples()),
    ]
    return "\n".join([NOTE, "", head, *lines]) + "\n"


def _line(row: Any) -> str:
    cells = [
        f"`{row.parameter}`", row.verdict, _percent(row.alone), _percent(row.together),
        _percent(row.coverage), f"`{row.partner}` ({row.correlation:+.2f})",
        "yes" if row.fitted else "no",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _percent(share: float) -> str:
    return "" if share != share else f"{100 * max(share, 0.0):.0f} %"
