"""What carried the result: shares of mechanisms or of measures in headline outcomes.

All coalitions of players run on common luck, replicate by replicate, so that a share has a
band over parameters and luck, not a Monte Carlo error of differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from sim.analysis.players import By, Players, players
from sim.analysis.shapley import all_coalitions, along, exact, orders, sampled
from sim.case.schema import Case
from sim.outcomes.dataset import select
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.outcomes.periods import over_period
from sim.runs.posterior import case_posterior
from sim.runs.simulate import simulate_block
from sim.world.calendar import Array, Calendar
from sim.world.ensemble import Ensemble

EXACT_UP_TO = 6  # players: 64 coalitions
BLOCK = 1024
PROBS = (0.05, 0.25, 0.5, 0.75, 0.95)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Headline:
    """An outcome in a period whose result is shared out.

    An event has no period: what counts is the months from it to the end of the run, none if it
    does not happen.
    """

    outcome: str
    labels: str
    period: str

    @property
    def span(self) -> str:
        """The period, or what stands for it with an event."""
        return self.period or "to the end"


HEADLINES = (
    *(Headline("revenue", "segment=total", str(year)) for year in range(2019, 2026)),
    Headline("phones_shipped", "soc=own_domestic_foundry", "2024"),
    Headline("accelerators", "die_origin=total", "2024"),
    Headline("domestic_advanced_phone_chip", "", ""),
    Headline("telecom_equipment_share", "", "2022"),
)


def headlines_of(case: Case) -> tuple[Headline, ...]:
    """What is shared out if nobody says: the headlines, or the revenue of a case's own years.

    The headlines have years; a case that does not cover them all has its revenue shared out
    year by year, and what it reaches of the others.
    """
    if len(_reached(case, HEADLINES)) == len(HEADLINES):
        return HEADLINES
    years = range(case.calendar.start.year, case.calendar.end.year + 1)
    others = [head for head in HEADLINES if head.outcome != "revenue"]
    own = (Headline("revenue", "segment=total", str(year)) for year in years)
    return (*own, *_reached(case, others))


@dataclass(frozen=True)
class Attribution:
    """Shares by headline, player and replicate.

    ``shares`` is (headlines, players, replicates); ``without`` and ``with_all`` hold the
    result with no player and with all of them, (headlines, replicates). Two readings beside
    the shares, shaped like them: what a player brings when it comes ``alone``, and what is lost
    when it ``leaves`` all others. Far apart, they say that players need or replace each other.
    """

    by: By
    names: tuple[str, ...]
    headlines: tuple[Headline, ...]
    units: tuple[str, ...]
    shares: Array
    without: Array
    with_all: Array
    alone: Array
    leaves: Array

    def frame(self) -> pd.DataFrame:
        """Tidy table: outcome, labels, period, unit, player, mean, quantiles, readings."""
        rows = []
        for k, head in enumerate(self.headlines):
            rows.append(self._row(k, head, "(none)", self.without[k]))
            for player, name in enumerate(self.names):
                row = self._row(k, head, name, self.shares[k, player])
                row["alone"] = float(np.median(self.alone[k, player]))
                row["leaves"] = float(np.median(self.leaves[k, player]))
                rows.append(row)
            rows.append(self._row(k, head, "(all)", self.with_all[k]))
        return pd.DataFrame(rows)

    def _row(self, k: int, head: Headline, name: str, values: Array) -> dict[str, object]:
        quantiles = np.quantile(values, PROBS)
        bands = {f"q{round(100 * p):02d}": q for p, q in zip(PROBS, quantiles, strict=True)}
        return {
            "outcome": head.outcome,
            "labels": head.labels,
            "period": head.span,
            "unit": self.units[k],
            "player": name,
            "mean": float(values.mean()),
            **bands,
        }


def attribute(
    case: Case,
    by: By = "groups",
    replicates: int = 32,
    seed: int = 1,
    headlines: Sequence[Headline] | None = None,
    permutations: int = 24,
    progress: Progress | None = None,
) -> Attribution:
    """Share out headline outcomes among mechanisms or measures.

    Up to six players all coalitions are run; beyond that random orders of entry and their
    mirror images.

    Args:
        case: what to simulate.
        by: groups of mechanisms, single mechanisms, or measures.
        replicates: draws of parameters and luck, shared by all coalitions.
        seed: seed of all luck.
        headlines: what to share out; those the case's months do not reach are left out. Those of
            :func:`headlines_of` if not given.
        permutations: orders of entry where there are many players.
        progress: told how many members are done and how many there are.

    Raises:
        ValueError: if there is nothing to share out.
    """
    who = players(case, by)
    heads = _reached(case, headlines_of(case) if headlines is None else headlines)
    if not heads:
        years = f"{case.calendar.start.year}-{case.calendar.end.year}"
        raise ValueError(f"no headline falls into the case's years {years}")
    singles = np.eye(len(who), dtype=bool)
    if len(who) <= EXACT_UP_TO:
        order, coalitions = None, all_coalitions(len(who))
    else:
        order = orders(len(who), permutations, np.random.default_rng(seed))
        coalitions = np.concatenate([along(one) for one in order])
    run = np.concatenate([coalitions, singles, ~singles])
    values, units = _values(case, who, run, heads, replicates, seed, progress)
    main, alone, rest = np.split(values, [len(coalitions), len(coalitions) + len(who)])
    if order is None:
        shares = exact(main)
    else:
        shares = sampled(main.reshape(len(order), len(who) + 1, *main.shape[1:]), order)
    nobody = main[~coalitions.any(axis=1)][0]
    everybody = main[coalitions.all(axis=1)][0]
    by_player = (np.moveaxis(part, 0, 1) for part in (shares, alone - nobody, everybody - rest))
    first, second, third = by_player
    return Attribution(by, tuple(who), tuple(heads), units, first, nobody, everybody, second, third)


def _reached(case: Case, headlines: Sequence[Headline]) -> list[Headline]:
    first, last = case.calendar.start.year, case.calendar.end.year
    return [h for h in headlines if not h.period or first <= int(h.period[:4]) <= last]


def _values(
    case: Case,
    who: Players,
    coalitions: npt.NDArray[np.bool_],
    heads: Sequence[Headline],
    replicates: int,
    seed: int,
    progress: Progress | None,
) -> tuple[Array, tuple[str, ...]]:
    """Value of each coalition, (coalitions, headlines, replicates), and the units."""
    distinct, place = np.unique(coalitions, axis=0, return_inverse=True)
    rows = np.repeat(np.arange(len(distinct)), replicates)
    replicate = np.tile(np.arange(replicates), len(distinct))
    found, units = np.empty((len(heads), len(rows))), ("",) * len(heads)
    fitted = case_posterior(case)
    for first in range(0, len(rows), BLOCK):
        here = slice(first, first + BLOCK)
        drawn = fitted.values(replicate[here]) if fitted else {}
        ensemble = Ensemble(seed, replicate[here], drawn | _absent(who, distinct[rows[here]]))
        found[:, here], units = _block(case, ensemble, heads)
        if progress is not None:
            progress(min(first + BLOCK, len(rows)), len(rows))
    values = found.reshape(len(heads), len(distinct), replicates).swapaxes(0, 1)
    return values[place.reshape(-1)], units


def _absent(who: Players, present: npt.NDArray[np.bool_]) -> dict[str, Array]:
    return {
        path: present[:, k].astype(float) for k, paths in enumerate(who.values()) for path in paths
    }


def _block(
    case: Case, ensemble: Ensemble, heads: Sequence[Headline]
) -> tuple[Array, tuple[str, ...]]:
    span = case.calendar
    dataset = simulate_block(case, ensemble, _needed(heads), span.start, span.end)
    arrays = [select(dataset, head.outcome, head.labels) for head in heads]
    months = Calendar(span.start, span.end).months
    values = [_reading(a, h, months) for a, h in zip(arrays, heads, strict=True)]
    units = (a.attrs["unit"] if h.period else "months" for a, h in zip(arrays, heads, strict=True))
    return np.stack(values), tuple(units)


def _reading(array: xr.DataArray, head: Headline, months: int) -> Array:
    if not head.period:
        return months - np.nan_to_num(array.to_numpy(), nan=float(months))
    found = over_period(array, head.period)
    assert found is not None  # _reached() left out what the run does not cover
    return found.to_numpy()


def _needed(heads: Sequence[Headline]) -> list[Outcome]:
    names = {head.outcome for head in heads}
    return [outcome for outcome in OUTCOMES if outcome.csv_name in names]
