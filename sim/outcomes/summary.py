"""Bands over the members: by month, by period, by event, and between two runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.outcomes.dataset import Cell, cells
from sim.outcomes.periods import Every, periods_in, reduce_months

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = npt.NDArray[np.floating]
PROBS = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantile_names(probs: Sequence[float]) -> list[str]:
    """Column names of quantiles: ``q05``, ``q50``, ``q97.5``."""
    return [f"q{100 * prob:04.1f}".removesuffix(".0") for prob in probs]


def member_quantiles(values: Floats, probs: Sequence[float] = PROBS) -> Floats:
    """Quantiles over the last axis, linear between members, (len(probs), *rest).

    Members that are NaN are left out; where all are, the quantile is NaN. One sort is ten
    times as fast as ``np.quantile`` here and puts NaN last.
    """
    ordered = np.sort(values, axis=-1)
    known = np.count_nonzero(~np.isnan(ordered), axis=-1)
    place = np.asarray(probs).reshape(-1, *([1] * known.ndim)) * np.maximum(known - 1, 0)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low, high = _pick(ordered, below), _pick(ordered, above)
    return np.asarray(low + (place - below) * (high - low))


def _pick(ordered: Floats, place: npt.NDArray[np.int64]) -> Floats:
    picked = np.take_along_axis(ordered, np.moveaxis(place, 0, -1), axis=-1)
    return np.moveaxis(picked, -1, 0)


def event_quantiles(months: Floats, probs: Sequence[float] = PROBS) -> Floats:
    """Months by which a share ``probs`` of all members has seen an event, (len(probs),).

    NaN where fewer members ever see it: never counts as later than the end of the run.
    """
    ordered = np.sort(months)  # NaN last
    places = np.ceil(np.asarray(probs) * len(ordered)).astype(int) - 1
    return np.asarray(ordered[np.clip(places, 0, len(ordered) - 1)])


def columns(dataset: xr.Dataset, events: bool = False) -> Iterator[tuple[Cell, Floats]]:
    """Columns that hold a number: each cell and its values (months, members).

    Args:
        dataset: dataset of a run.
        events: yield the events, (members,), instead.
    """
    for cell in cells(dataset):
        array = dataset[cell.variable]
        if (array.attrs.get("kind") == "event") != events:
            continue
        values = array.sel(dict(cell.labels)).values if cell.labels else array.values
        # A combination that does not exist (a node that a foundry lacks) is NaN throughout.
        if events or not np.isnan(values).all():
            yield cell, values


def monthly_table(dataset: xr.Dataset, probs: Sequence[float] = PROBS) -> pd.DataFrame:
    """Bands by month: outcome, labels, month, one column a quantile."""
    months = dataset["month"].values if "month" in dataset.coords else np.array([])
    parts = ((cell, months, member_quantiles(v, probs)) for cell, v in columns(dataset))
    return _stack(parts, "month", probs)


def period_table(
    dataset: xr.Dataset, probs: Sequence[float] = PROBS, every: Every = "year"
) -> pd.DataFrame:
    """Bands by complete period: outcome, labels, period, one column a quantile."""
    return _stack(
        (
            (cell, texts, member_quantiles(values, probs))
            for cell, texts, values in period_columns(dataset, every)
        ),
        "period",
        probs,
    )


def period_columns(
    dataset: xr.Dataset, every: Every = "year"
) -> Iterator[tuple[Cell, list[str], Floats]]:
    """Columns by complete period: cell, texts of the periods, values (periods, members)."""
    if "month" not in dataset.coords:
        return
    months = dataset["month"].values
    found = periods_in(months, every)
    texts = [period.text for period in found]
    places = [period.place(months) for period in found]
    for cell, values in columns(dataset):
        kind = dataset[cell.variable].attrs.get("kind", "flow")
        parts = [reduce_months(values[place], kind) for place in places]
        yield cell, texts, np.array(parts).reshape(len(parts), values.shape[-1])


def event_table(dataset: xr.Dataset, start: Any, probs: Sequence[float] = PROBS) -> pd.DataFrame:
    """Events: outcome, month at each quantile (None for never), share of members that see it.

    Args:
        dataset: dataset of a run.
        start: first month of the run, as anything NumPy reads as a month.
        probs: quantiles over all members.
    """
    import pandas as pd

    rows = []
    for cell, months in columns(dataset, events=True):
        bands = [month_text(start, value) for value in event_quantiles(months, probs)]
        share = float(np.mean(~np.isnan(months)))
        rows.append([cell.outcome, cell.text, *bands, share])
    names = ["outcome", "labels", *quantile_names(probs), "share"]
    return pd.DataFrame(rows, columns=names)


def month_text(start: Any, months: float) -> str | None:
    """``months`` after ``start`` as ``2021-09``; None for NaN."""
    if np.isnan(months):
        return None
    return str(np.datetime64(start, "M") + np.timedelta64(int(np.floor(months)), "M"))


def difference_table(
    base: xr.Dataset, other: xr.Dataset, paired: bool, probs: Sequence[float] = PROBS
) -> pd.DataFrame:
    """What ``other`` changes against ``base``, by year, and by event in months.

    Args:
        base: dataset of a run.
        other: dataset of another.
        paired: whether member i of both has the same luck. Then the bands are of the
            differences member by member; otherwise they are NaN, for two runs without
            common luck say nothing about a single member.
        probs: quantiles of the difference.

    Returns:
        outcome, labels, period, median, other_median, one column a quantile of other - base.
        Events have no period and count months from the start of ``base``; members that never
        see one in either run are left out of its band.
    """
    rows = [
        (cell, period, mine, theirs)
        for cell, period, mine, theirs in _both(base, other)
        if not (np.isnan(mine).all() and np.isnan(theirs).all())
    ]
    bands = np.full((len(probs), len(rows)), np.nan)
    if paired and rows:
        change = np.array([theirs - mine for _, _, mine, theirs in rows])
        bands = member_quantiles(change, probs)
    return _difference_frame(rows, bands, probs)


def _difference_frame(
    rows: Sequence[tuple[Cell, str, Floats, Floats]], bands: Floats, probs: Sequence[float]
) -> pd.DataFrame:
    import pandas as pd

    head = {
        "outcome": [cell.outcome for cell, *_ in rows],
        "labels": [cell.text for cell, *_ in rows],
        "period": [period for _, period, *_ in rows],
        "median": [float(member_quantiles(mine, (0.5,))[0]) for *_, mine, _ in rows],
        "other_median": [float(member_quantiles(theirs, (0.5,))[0]) for *_, theirs in rows],
    }
    return pd.DataFrame({**head, **dict(zip(quantile_names(probs), bands, strict=True))})


def _both(base: xr.Dataset, other: xr.Dataset) -> Iterator[tuple[Cell, str, Floats, Floats]]:
    theirs = {(cell.variable, cell.text): (t, v) for cell, t, v in period_columns(other)}
    for cell, texts, values in period_columns(base):
        other_texts, other_values = theirs.get((cell.variable, cell.text), ([], values))
        for text in texts:
            if text in other_texts:
                yield cell, text, values[texts.index(text)], other_values[other_texts.index(text)]
    their_events = {cell.variable: v for cell, v in columns(other, events=True)}
    later = _months_between(base, other)
    for cell, months in columns(base, events=True):
        if cell.variable in their_events:
            yield cell, "", months, their_events[cell.variable] + later


def _months_between(base: xr.Dataset, other: xr.Dataset) -> int:
    """Months from the start of one run to that of the other; events count from the start."""
    if "month" not in base.coords or "month" not in other.coords:
        return 0
    first, second = (run["month"].values[0].astype("datetime64[M]") for run in (base, other))
    return int((second - first).astype(int))


def _stack(
    parts: Iterable[tuple[Cell, Any, Floats]], axis: str, probs: Sequence[float]
) -> pd.DataFrame:
    """One tidy table of cells, each with its values along ``axis``, (probs, axis)."""
    import pandas as pd

    found = list(parts)
    lengths = [len(along) for _, along, _ in found]
    heads: dict[str, Any] = {
        "outcome": np.repeat(np.array([c.outcome for c, _, _ in found], object), lengths),
        "labels": np.repeat(np.array([c.text for c, _, _ in found], object), lengths),
        axis: np.concatenate([np.asarray(along) for _, along, _ in found]) if found else [],
    }
    bands = np.concatenate([b for *_, b in found], axis=1) if found else np.empty((len(probs), 0))
    return pd.DataFrame({**heads, **dict(zip(quantile_names(probs), bands, strict=True))})
