"""Fits side by side: the scorecards of runs drawn from the priors and from posteriors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.case.load import load_case
from sim.documented.align import DERIVED
from sim.documented.load import load_documented
from sim.documented.observation import Documented
from sim.documented.score import score, summary
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.runs.posterior import posterior_of
from sim.runs.simulate import simulate

MEMBERS = 512
SEED = 20  # luck that no fit has seen
HEADLINE = ("revenue", "segment=total")


def scorecards(
    case: str | Path, folder: Path, posteriors: Mapping[str, Path | None], members: int = MEMBERS
) -> dict[str, pd.DataFrame]:
    """Scorecard of a run for each posterior, over all months of the case, on common luck.

    Args:
        case: name or path of the case.
        folder: folder of the case.
        posteriors: name -> file of draws; None for the priors.
        members: members of each run.
    """
    documented, loaded = load_documented(folder), load_case(case)
    replicates = np.arange(members, dtype=np.int64)
    cards: dict[str, pd.DataFrame] = {}
    for name, path in posteriors.items():
        values = posterior_of(path).values(replicates) if path else {}
        results = simulate(
            loaded, members, SEED, values=values, outcomes=_needed(documented), posterior=False
        )
        cards[name] = score(results, documented)
    return cards


def _needed(documented: Documented) -> list[Outcome]:
    names = {DERIVED.get(one.outcome, one.outcome) for one in documented}
    return [one for one in OUTCOMES if names & {one.name, one.csv_name}]


def compared(cards: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a fit and sample: errors of the median, coverage, CRPS, error of total revenue."""
    rows: list[dict[str, Any]] = []
    for name, card in cards.items():
        for sample, line in summary(card).iterrows():
            part = card[card["sample"] == sample]
            rows.append({"drawn from": name, "sample": sample, **_figures(part, line)})
    return pd.DataFrame(rows)


def _figures(part: pd.DataFrame, line: Any) -> dict[str, float]:
    headline = part[(part["outcome"] == HEADLINE[0]) & (part["labels"] == HEADLINE[1])]
    numeric = part[part["error_pct"].notna()]
    size = numeric["documented"].astype(float).abs()
    relative = numeric["crps"][size > 0] / size[size > 0]
    return {
        "median_abs_error_pct": float(line["median_abs_error_pct"]),
        "mean_abs_error_pct": float(numeric["error_pct"].abs().mean()),
        "revenue_error_pct": float(headline["error_pct"].abs().mean()),
        "crps_pct": 100.0 * float(relative.median()),
        "coverage50": float(line["coverage50"]),
        "coverage90": float(line["coverage90"]),
    }
