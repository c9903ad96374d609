"""Writes docs/generated/sensitivity.md from the folder of ``chokepoint sensitivity``.

Run by ``make sensitivity``; ``python docs/sensitivity.py FOLDER FILE`` reads and writes elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.sensitivity.indices import SETTLED, convergence, ranked
from sim.outcomes.folder import MANIFEST
from sim.reports.sensitivity import by_outcome, never_words, settled_words, title_of

FOLDER = Path("out") / "huawei-sensitivity"
PAGE = Path(__file__).resolve().parent / "generated" / "sensitivity.md"
SHOWN = 6  # inputs an outcome
KEYS = {"period": str, "labels": str}  # a year is a name, no label is no number


def main(folder: Path = FOLDER, page: Path = PAGE) -> None:
    """Read the tables of an analysis and write the page."""
    about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    effects, shares = (
        pd.read_csv(folder / f"{name}.csv", dtype=KEYS, keep_default_na=False, na_values=["nan"])
        for name in ("screening", "sensitivity")
    )
    page.write_text(text(about, effects, shares), encoding="utf-8")


def text(about: Mapping[str, Any], effects: pd.DataFrame, shares: pd.DataFrame) -> str:
    """The whole page."""
    screened = ranked(effects)
    kept = screened.loc[about["parameters"]]
    part = 100 * kept.sum()
    rows = ((f"`{name}`", f"{100 * share:.1f} %") for name, share in kept.items())
    parts = [
        _HEAD.format(**about, first=len(kept), inputs=len(screened), share=part),
        "## How far the shares have settled\n",
        f"{settled_words(shares)} {never_words(shares)}".rstrip() + "\n",
        *_unsettled(shares),
        *_outcomes(shares),
        "## What the screening kept\n",
        _table(("input", "share of squared effects"), rows),
    ]
    return "\n".join(parts)


def _outcomes(shares: pd.DataFrame) -> Iterator[str]:
    for outcome, labels, total in by_outcome(shares):
        best = total.head(SHOWN)
        rows = ((f"`{name}`", *map(_percent, row)) for name, row in best.iterrows())
        yield f"## {title_of(outcome, labels)}\n"
        yield _table(("input", *(str(period) or "month" for period in total.columns)), rows)


def _unsettled(shares: pd.DataFrame) -> Iterator[str]:
    """Where the ranking, too, may be chance."""
    found = convergence(shares)
    wide = found[~found["settled"]]
    if len(wide):
        rows = (
            (
                title_of(row.outcome, row.labels),
                row.period or "month",
                f"±{row.widest:.2f}",
                f"{row.change:.2f}",
                "yes" if row.same_lead else "no",
            )
            for row in wide.itertuples()
        )
        yield f"Not settled within ±{SETTLED}: read the order, not the figures.\n"
        columns = ("outcome", "year", "widest interval", "change since half", "same input leads")
        yield _table(columns, rows)


def _percent(value: float) -> str:
    return "" if value != value else f"{100 * value:.0f} %"


def _table(columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


_HEAD = """# Which inputs carry the spread

<!-- Written by `make sensitivity` from runs of the model; changes here are lost. -->

Case `{case}` (fingerprint `{fingerprint}`), seed {seed}. {trajectories} Morris trajectories
screen all {inputs} uncertain inputs over the ranges of the case; the {first} that matter most,
which have {share:.0f} % of the squared effects, get Sobol shares of the variance ({points} base
points). Each answer is the mean of {replicates} lucks. Inputs vary independently over their ranges,
not over the posterior, in which they hang together: the page says what the assumptions carry,
before any fit. A figure is the **total share** of an input in the variance that these inputs make,
the others held; interactions are counted, so shares of a year may add up to more than 100 %.

```sh
{command}
```
"""

if __name__ == "__main__":
    main(*[Path(word) for word in sys.argv[1:3]])
