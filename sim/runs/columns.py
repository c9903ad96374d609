"""Which columns an experiment keeps: declared outcomes, whole or by label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.case.errors import ConfigError, Problem, Trail
from sim.case.schema import Case
from sim.outcomes.dataset import (
    OutcomeError,
    cells_of,
    csv_name,
    hint,
    label_dims,
    parse_labels,
    select,
)
from sim.outcomes.outcome import Outcome
from sim.outcomes.periods import Every, periods_in
from sim.outcomes.store import column_name
from sim.runs.experiment import Headline, Map
from sim.runs.experiment_file import Loaded
from sim.world.calendar import Array

if TYPE_CHECKING:
    import xarray as xr

ABOUT = ("unit", "label", "kind")


def split_column(column: str) -> tuple[str, str]:
    """``revenue|segment=total`` as name and labels."""
    name, _, labels = column.partition("|")
    return name.strip(), labels.strip()


def declared_for(wanted: Sequence[str]) -> list[Outcome]:
    """The declared outcomes that hold the wanted columns; all if none is named.

    Raises:
        OutcomeError: for a name that no outcome has.
    """
    from sim.outcomes.declared import OUTCOMES

    if not wanted:
        return list(OUTCOMES)
    found: dict[str, Outcome] = {}
    for column in wanted:
        name, labels = split_column(column)
        matching = [one for one in OUTCOMES if name in (one.name, one.csv_name)]
        if not matching:
            names = sorted({n for one in OUTCOMES for n in (one.name, one.csv_name)})
            raise OutcomeError(f"there is no outcome {name!r}{hint(name, names)}")
        if labels:
            matching = [_labelled(matching, column, labels)]
        found |= {one.name: one for one in matching}
    return [one for one in OUTCOMES if one.name in found]


def _labelled(matching: Sequence[Outcome], column: str, labels: str) -> Outcome:
    dims = set(parse_labels(labels))
    for one in matching:
        if set(one.dims) == dims:
            return one
    choices = " or ".join(";".join(one.dims) or "no labels" for one in matching)
    raise OutcomeError(f"{column!r}: labelled by {choices}, not by {';'.join(sorted(dims))}")


def resolve_outcomes(loaded: Loaded, case: Case) -> None:
    """Refuse columns that the case does not have.

    Raises:
        ConfigError: with the place in the experiment file.
    """
    experiment = loaded.experiment
    asked = [(("outcomes", k), text) for k, text in enumerate(experiment.outcomes)]
    shown = [(("show", k), one.outcome) for k, one in enumerate(experiment.show)]
    drawn = [(("map",), experiment.map.outcome)] if experiment.map else []
    aims = experiment.search.aims if experiment.search else ()
    aimed = [(("search", "aims", k), text) for k, one in enumerate(aims) for text in one.outcomes]
    for trail, column in (*asked, *shown, *drawn, *aimed):
        try:
            _refuse_unknown_label(column, case)
            if trail[0] != "outcomes" and not _kept(column, experiment.outcomes):
                raise OutcomeError(f"{column!r} is not among the experiment's outcomes")
        except OutcomeError as error:
            mark = loaded.document.mark(trail)
            raise ConfigError(Problem(str(error), mark, trail)) from error


def _kept(column: str, wanted: Sequence[str]) -> bool:
    name, _ = split_column(column)
    return not wanted or column in wanted or name in wanted


def _refuse_unknown_label(column: str, case: Case) -> None:
    declared = declared_for([column])
    _, labels = split_column(column)
    if not labels:
        return
    one = declared[0]
    for dim, names in zip(one.dims, one.coords(case), strict=True):
        label = parse_labels(labels)[dim]
        if label not in names and not (label == "total" and one.kind in ("flow", "stock")):
            raise OutcomeError(f"{one.csv_name} has no {dim} {label!r}{hint(label, names)}")


@dataclass(frozen=True)
class Kept:
    """What a block keeps: periods, and column -> (periods, members), event -> (members,)."""

    periods: tuple[str, ...]
    values: Mapping[str, Array]
    events: Mapping[str, Array]
    about: Mapping[str, dict[str, str]]  # unit, label and kind of each column


def kept_columns(dataset: xr.Dataset, wanted: Sequence[str]) -> Kept:
    """What a block keeps of its outcomes.

    Args:
        dataset: outcomes by period and member.
        wanted: names or columns; all cells if none.
    """
    values: dict[str, Array] = {}
    events: dict[str, Array] = {}
    about: dict[str, dict[str, str]] = {}
    for column, attrs, array in _arrays(dataset, wanted):
        about[column] = {key: str(attrs.get(key, "")) for key in ABOUT}
        (events if array.ndim == 1 else values)[column] = array
    texts = dataset["period"].values.tolist() if "period" in dataset.coords else ()
    return Kept(tuple(texts), values, events, about)


def _arrays(
    dataset: xr.Dataset, wanted: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, str], Array]]:
    """Columns with their attributes and numbers, (periods, members), of an event (members,)."""
    whole = {split_column(text)[0] for text in wanted if "|" not in text}
    for name, array in dataset.data_vars.items():
        if not wanted or name in whole or csv_name(array) in whole:
            yield from _all_cells(array)
    for text in wanted:
        name, labels = split_column(text)
        if labels:
            found = select(dataset, name, labels)
            yield text, found.attrs, found.values


def _all_cells(array: xr.DataArray) -> Iterator[tuple[str, Mapping[str, str], Array]]:
    # As arrays: with thousands of columns, labels would cost more than the model.
    places = [{str(k): n for n, k in enumerate(array[d].values)} for d in label_dims(array)]
    time = [slice(None)] if "period" in array.dims else []
    for cell in cells_of(array):
        labels = zip(places, cell.labels.values(), strict=True)
        place: tuple[Any, ...] = (*time, *(at[label] for at, label in labels))
        yield column_name(cell), array.attrs, array.values[place]


def periods_of(first: date, last: date, every: Every) -> tuple[str, ...]:
    """Whole periods that a run from one month to another covers."""
    after = np.datetime64(last, "M") + np.timedelta64(1, "M")
    months = np.arange(np.datetime64(first, "M"), after).astype("datetime64[ns]")
    return tuple(period.text for period in periods_in(months, every))


def _refuse_unknown_aims(loaded: Loaded, periods: Sequence[str]) -> None:
    search = loaded.experiment.search
    for place, aim in enumerate(search.aims if search else ()):
        for period in aim.periods:
            if period not in periods:
                what = f"the aim '{aim.name}' has no period '{period}'"
                raise loaded.problem(what, ("search", "aims", place), tuple(periods), period)
        if any(declared_for([column])[0].kind == "event" for column in aim.outcomes):
            what = f"the aim '{aim.name}' is an event, which cannot be added up"
            raise loaded.problem(what, ("search", "aims", place))


def refuse_unknown_periods(loaded: Loaded, periods: Sequence[str]) -> None:
    """Refuse tables and maps of periods that the experiment does not keep.

    Raises:
        ConfigError: with the place in the experiment file.
    """
    _refuse_unknown_aims(loaded, periods)
    drawn = loaded.experiment.map
    asked: list[tuple[Trail, Headline | Map]] = [
        (("show", k), one) for k, one in enumerate(loaded.experiment.show)
    ]
    for trail, one in [*asked, *([(("map",), drawn)] if drawn else [])]:
        event = declared_for([one.outcome])[0].kind == "event"
        if (one.period in periods) == event or (event and one.period):
            allowed = ("",) if event else tuple(periods)
            what = f"{one.outcome} has no period '{one.period}'"
            raise loaded.problem(what, trail, allowed, one.period)
