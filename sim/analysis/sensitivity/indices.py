"""Indices by outcome, year and input: Morris' elementary effects, Sobol's shares of variance."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.sensitivity.targets import Target
from sim.runs.design import MORRIS_LEVELS
from sim.runs.simulate import RunError
from sim.world.calendar import Array

HEAD = ("outcome", "labels", "period", "unit", "never", "parameter")
MORRIS = ("mu_star", "mu_star_conf", "mu", "sigma", "mu_star_half")
SOBOL = ("S1", "S1_conf", "ST", "ST_conf", "S1_half", "ST_half")
RESAMPLES = 100
SETTLED = 0.1  # half-width of an interval and change since half the sample that are small

Found = Mapping[str, Array]


def morris_table(targets: Sequence[Target], names: Sequence[str], places: Array) -> pd.DataFrame:
    """Elementary effects of each input on each target.

    Args:
        targets: what is explained; those that do not vary are left out.
        names: inputs, in the order of the columns of ``places``.
        places: the design in the unit cube, (trajectories x (inputs + 1), inputs).

    Returns:
        ``HEAD`` and ``MORRIS``: effects in the unit of the target over the whole range of an
        input; half-width of the 95 % interval of mu_star; mu_star of half the trajectories.
    """
    from SALib.analyze import morris

    def analyze(values: Array) -> Found:
        some = places[: len(values)]
        return morris.analyze(
            _problem(names), some, values, num_resamples=RESAMPLES, num_levels=MORRIS_LEVELS, seed=1
        )

    half = _half(len(places), len(names) + 1, "trajectories")
    return _table(targets, names, analyze, half, MORRIS)


def sobol_table(targets: Sequence[Target], names: Sequence[str]) -> pd.DataFrame:
    """First-order and total shares of the variance of each target.

    Returns:
        ``HEAD`` and ``SOBOL``: shares with the half-widths of their 95 % intervals, and shares
        from half the sample.
    """
    from SALib.analyze import sobol

    def analyze(values: Array) -> Found:
        return sobol.analyze(
            _problem(names), values, calc_second_order=False, num_resamples=RESAMPLES, seed=1
        )

    points = len(targets[0].values) if targets else 0
    half = _half(points, len(names) + 2, "points")
    return _table(targets, names, analyze, half, SOBOL)


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _half(rows: int, each: int, what: str) -> int:
    """Rows of the first half of a design of whole trajectories or base points."""
    if rows % each or rows < 2 * each:
        raise RunError(f"a design of {rows} rows is not made of 2 or more {what} of {each} rows")
    return (rows // each // 2) * each


def _table(
    targets: Sequence[Target],
    names: Sequence[str],
    analyze: Callable[[Array], Found],
    half: int,
    columns: Sequence[str],
) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=[*HEAD, *columns])]
    for target in targets:
        if target.varies:
            whole, first = _quietly(analyze, target.values), _quietly(analyze, target.values[:half])
            parts.append(_rows(target, names, {c: _column(c, whole, first) for c in columns}))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _column(name: str, whole: Found, half: Found) -> Array:
    given = half if name.endswith("_half") else whole
    return np.ma.filled(np.ma.asarray(given[name.removesuffix("_half")], dtype=float), np.nan)


def _rows(target: Target, names: Sequence[str], values: Mapping[str, Array]) -> pd.DataFrame:
    about = (target.outcome, target.labels, target.period, target.unit, target.never)
    frame = pd.DataFrame({"parameter": list(names), **values})
    for place, (name, value) in enumerate(zip(HEAD, about, strict=False)):
        frame.insert(place, name, value)
    return frame


def _quietly(analyze: Callable[[Array], Found], values: Array) -> Found:
    with warnings.catch_warnings():
        # Half a sample may not vary at all; its indices are NaN then, which is meant.
        warnings.simplefilter("ignore")
        return analyze(values)


def ranked(table: pd.DataFrame) -> pd.Series[float]:
    """Inputs by how much they matter, the most first: a share from 0 to 1 by parameter.

    It is the mean over the outcomes of an input's part of all squared effects in all years, so
    that years in which nothing moves much decide nothing.
    """
    squared = table.assign(squared=table["mu_star"] ** 2)
    summed = squared.groupby(["outcome", "labels", "parameter"], sort=False)["squared"].sum()
    share = summed / summed.groupby(["outcome", "labels"]).transform("sum")
    by_input = share.groupby("parameter", sort=False).mean()
    return by_input.sort_values(ascending=False, kind="stable")


def convergence(table: pd.DataFrame) -> pd.DataFrame:
    """How far Sobol indices have settled, one row a target.

    Returns:
        outcome, labels, period; sum of first-order shares; the widest half-interval of a total
        share; its largest change since half the sample; whether the same input leads at both;
        settled if interval and change are below ``SETTLED``.
    """
    rows = []
    for key, part in table.groupby(["outcome", "labels", "period"], sort=False):
        change = (part["ST"] - part["ST_half"]).abs().max()
        widest = part["ST_conf"].max()
        row = dict(zip(("outcome", "labels", "period"), key, strict=True))
        leads = _first(part, "ST") == _first(part, "ST_half")
        rows.append(
            row
            | {"sum_S1": part["S1"].sum(), "widest": widest, "change": change, "same_lead": leads}
            | {"settled": bool(widest < SETTLED and change < SETTLED)}
        )
    return pd.DataFrame(rows)


def _first(part: pd.DataFrame, column: str) -> str:
    return str(part.sort_values(column, ascending=False, kind="stable")["parameter"].iloc[0])
