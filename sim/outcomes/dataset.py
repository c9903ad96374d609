"""The labelled dataset of a run, its cells, and how a name in a table finds one of them.

A *cell* is one column of numbers: an outcome at one label of each of its dimensions.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.calendar import Calendar

if TYPE_CHECKING:
    import xarray as xr

    from sim.outcomes.axes import Axes
    from sim.outcomes.outcome import Outcome

TOTAL = "total"
RESERVED = ("month", "period", "member")  # dimensions that hold no labels
ADDITIVE = ("flow", "stock")
SHOWN = 20  # names listed in an error message


class OutcomeError(LookupError):
    """A name or label that no outcome of the results has."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Cell:
    """One column of a results table: a variable and one label of each dimension."""

    variable: str
    outcome: str  # name in tables
    labels: Mapping[str, str]

    @property
    def text(self) -> str:
        """Labels as ``item=memory;stage=used``; empty without dimensions."""
        return ";".join(f"{dim}={label}" for dim, label in self.labels.items())


def build_dataset(axes: Axes, time: Mapping[str, Any], arrays: Mapping[str, Any]) -> xr.Dataset:
    """Arrays (times, *dims, members) as one dataset with times, members and labels.

    A missing ``total`` of a flow or stock is filled with the sum. The labels an outcome really
    has are kept in ``attrs["labels"]``.

    Args:
        axes: the outcomes and their labels.
        time: name of the time axis and its coordinate.
        arrays: numbers of each outcome, laid out as the axes say.
    """
    import xarray as xr

    built = {one.name: _variable(one, axes, time, arrays[one.name]) for one in axes.outcomes}
    return xr.Dataset(built)


def _variable(outcome: Outcome, axes: Axes, time: Mapping[str, Any], values: Any) -> xr.DataArray:
    import xarray as xr

    coords: dict[str, Any] = {dim: list(axes.labels[dim]) for dim in outcome.dims}
    dims = (*outcome.dims, "member")
    if outcome.kind != "event":
        dims = (*time, *dims)
        coords.update(time)
    coords["member"] = np.arange(values.shape[-1])
    attrs = {
        "unit": outcome.unit,
        "label": outcome.label,
        "kind": outcome.kind,
        "csv_name": outcome.csv_name,
        "labels": _fill_totals(outcome, axes, values),
    }
    return xr.DataArray(values, coords=coords, dims=dims, name=outcome.name, attrs=attrs)


def _fill_totals(outcome: Outcome, axes: Axes, values: Any) -> dict[str, tuple[str, ...]]:
    """Sum up totals that other outcomes have and this one lacks; the labels it then has."""
    own = dict(zip(outcome.dims, axes.own[outcome.name], strict=True))
    for axis, dim in enumerate(outcome.dims, 1):
        names = axes.labels[dim]
        lacking = own[dim] and TOTAL in names and TOTAL not in own[dim]
        if lacking and outcome.kind in ADDITIVE:
            places = [names.index(name) for name in own[dim]]
            total = np.take(values, places, axis=axis).sum(axis=axis)
            values[(*[slice(None)] * axis, names.index(TOTAL))] = total
            own[dim] = (*own[dim], TOTAL)
    return own


def months_of(calendar: Calendar) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """First day of each month of a run as datetime64, (months,)."""
    first = np.datetime64(calendar.first_day(0), "M")
    last = first + np.timedelta64(calendar.months, "M")
    return np.arange(first, last).astype("datetime64[ns]")


def label_dims(array: xr.DataArray | xr.Variable) -> tuple[str, ...]:
    """Dimensions of a variable other than time and member."""
    return tuple(str(dim) for dim in array.dims if dim not in RESERVED)


def own_labels(array: xr.DataArray) -> dict[str, tuple[str, ...]]:
    """The labels that an outcome declares; a shared dimension may have more."""
    declared = array.attrs.get("labels", {})
    return {
        dim: tuple(declared.get(dim) or (str(name) for name in array[dim].values))
        for dim in label_dims(array)
    }


def csv_name(array: xr.DataArray) -> str:
    """Name of a variable in tables."""
    return str(array.attrs.get("csv_name", array.name))


def cells(dataset: xr.Dataset) -> Iterator[Cell]:
    """All columns of the results, in the order of declaration."""
    for array in dataset.data_vars.values():
        yield from cells_of(array)


def cells_of(array: xr.DataArray) -> Iterator[Cell]:
    """The columns of one variable."""
    names = own_labels(array)
    for labels in itertools.product(*names.values()):
        yield Cell(str(array.name), csv_name(array), dict(zip(names, labels, strict=True)))


def parse_labels(text: str) -> dict[str, str]:
    """``"item=memory;stage=used"`` as a dictionary.

    Raises:
        OutcomeError: if a part is not ``key=value``.
    """
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    for key, equals, value in pairs:
        if not (key.strip() and equals and value.strip()):
            raise OutcomeError(f"labels are key=value pairs joined by ';', not {text!r}")
    return {key.strip(): value.strip() for key, _, value in pairs}


def select(dataset: xr.Dataset, outcome: str, labels: Mapping[str, str] | str = "") -> xr.DataArray:
    """One column of the results, (month, member), or (member,) for an event.

    The label ``total`` sums a flow or a stock over a dimension that does not hold it.

    Args:
        dataset: dataset of a run.
        outcome: name in tables (``revenue``) or variable of the dataset (``revenue_region``).
        labels: a label for each dimension, as a mapping or as ``region=china``.

    Raises:
        OutcomeError: if the outcome, a dimension or a label is not there; names the nearest.
    """
    wanted = parse_labels(labels) if isinstance(labels, str) else dict(labels)
    array = _find(dataset, outcome, wanted)
    own = own_labels(array)
    held = {dim: label for dim, label in wanted.items() if label in own[dim]}
    array = array.sel(held, drop=True)
    for dim, label in wanted.items():
        if dim in held:
            continue
        if label != TOTAL or array.attrs.get("kind") not in ADDITIVE:
            raise OutcomeError(f"{outcome} has no {dim} {label!r}{hint(label, own[dim])}")
        array = array.sel({dim: list(own[dim])}).sum(dim, skipna=False, keep_attrs=True)
    return array


def _find(dataset: xr.Dataset, outcome: str, wanted: Mapping[str, str]) -> xr.DataArray:
    # To make an array of every variable costs far more than to select from one.
    found = dataset.variables
    known = {str(name): str(found[name].attrs.get("csv_name", name)) for name in dataset.data_vars}
    named = [name for name, csv in known.items() if outcome in (name, csv)]
    if not named:
        names = sorted({*known, *known.values()})
        raise OutcomeError(f"there is no outcome {outcome!r}{hint(outcome, names)}")
    for name in named:
        if set(label_dims(found[name])) == set(wanted):
            return dataset[name]
    choices = " or ".join(";".join(label_dims(found[name])) or "no labels" for name in named)
    given = ";".join(wanted) or "no labels"
    raise OutcomeError(f"{outcome} is labelled by {choices}, not by {given}")


def hint(word: str, names: Sequence[str]) -> str:
    """The nearest of ``names``, or all of them, as the end of an error message."""
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    shown = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
    return f"; there are {shown}" if names else ""
