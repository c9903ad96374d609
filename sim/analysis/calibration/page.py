"""What a calibration shows, as pages of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
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


_GUARD = """\
# A fit to shuffled years

Whoever fits can fit anything, and a scorecard that nothing fails proves nothing. So the years of each
documented outcome of the sample were exchanged with one another, and the same fit was made to these
wrong values (case fingerprint `{fingerprint}`). It must do worse: meet fewer of its own targets, and score
worse beside the right values.

A target is met if the band of 90 % of the members reaches what it asks. The cutoff is how many
standard deviations off history matching has to allow before enough members are left.

| fit | targets met | of | left by history matching | at a cutoff of |
| --- | ---: | ---: | ---: | ---: |
{fits}

{members} members of each beside the right values, in the sample and after it. Errors are shares of the
documented value [%]; CRPS is the continuous ranked probability score as such a share.

| drawn from | sample | median error | mean error | total revenue | CRPS | in 50 % band | in 90 % band |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{scores}
"""  # noqa: E501


def guard_page(scores: pd.DataFrame, fits: Mapping[str, Mapping[str, Any]], members: int) -> str:
    """Fits to right and to shuffled years side by side, as Markdown.

    Args:
        scores: table of :func:`sim.analysis.calibration.judge.compared`.
        fits: name of a fit -> its diagnostics, as
            :func:`sim.analysis.calibration.write.diagnostics` gives them.
        members: members behind each row of the scores.
    """
    fingerprint = next(iter(fits.values()))["case_fingerprint"]
    told = "\n".join(_fit_line(name, one) for name, one in fits.items())
    lines = "\n".join(_score_line(row) for row in scores.itertuples(index=False))
    body = _GUARD.format(fingerprint=fingerprint, fits=told, members=members, scores=lines)
    return f"{NOTE}\n\n{body}"


def _fit_line(name: str, one: Mapping[str, Any]) -> str:
    met, matching = sum(row["met"] for row in one["targets"]), one["history_matching"]
    left = f"{100 * matching['plausible']:.1f} %"
    return f"| {name} | {met} | {len(one['targets'])} | {left} | {matching['cutoff']:.1f} |"


def _score_line(row: Any) -> str:
    name, sample, *errors, half, most = row
    shown = [f"{error:.1f}" for error in errors]
    return "| " + " | ".join([name, sample, *shown, _percent(half), _percent(most)]) + " |"
