"""Which of several moved levers makes the difference: each alone, and the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.outcomes.summary import member_quantiles
from sim.web.beside import Tell
from sim.web.compute import Desk
from sim.web.setup import Page
from sim.web.state import State
from sim.web.view import View

MOST = 8  # levers; each costs a run


def contributions(
    state: State, page: Page, desk: Desk, chart: str, year: int, tell: Tell | None = None
) -> pd.DataFrame:
    """What each moved lever does alone, against the preset, in one year.

    Args:
        state: the state with its moved levers.
        page: names of the levers.
        desk: computes what is not ready.
        chart: the outcome.
        year: the year.
        tell: told of progress.

    Returns:
        Lever, Median, and the middle half of members (From, To); the last rows are what the
        levers do to one another, and all together.
    """
    base = desk.view(replace(state, moved={}), page, tell)
    whole = _of_year(desk.view(state, page, tell), chart, year) - _of_year(base, chart, year)
    rest, rows = whole.copy(), []
    for name in list(state.moved)[:MOST]:
        alone = replace(state, moved={name: state.moved[name]})
        change = _of_year(desk.view(alone, page, tell), chart, year) - _of_year(base, chart, year)
        rest -= change
        rows.append(_row(page.levers[name].label, change))
    rows += [_row("Together beyond the sum", rest), _row("All together", whole)]
    return pd.DataFrame(rows)


def _of_year(view: View, chart: str, year: int) -> np.ndarray:
    """Members of one year: a flow's total, the last month of anything else."""
    track = view.tracks[chart]
    at = [k for k, time in enumerate(track.times) if str(time)[:4] == str(year)]
    return track.values[at[-1]].astype(np.float64)


def _row(label: str, change: np.ndarray) -> dict[str, object]:
    low, middle, high = member_quantiles(change, (0.25, 0.5, 0.75))
    return {"Lever": label, "Median": float(middle), "From": float(low), "To": float(high)}
