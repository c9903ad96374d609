"""What the page keeps of a run: the members of its charts, small enough to hold many runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.outcomes.declared import OUTCOMES
from sim.outcomes.outcome import Outcome
from sim.outcomes.results import Results
from sim.reports.marks import Entry, main_measures
from sim.reports.series import flow_by, members_of, months_of, numbers_of
from sim.web.setup import ChartSpec, Page

Array = npt.NDArray[np.float32]
Months = npt.NDArray[np.datetime64]
MONTH = np.timedelta64(1, "M")


@dataclass(frozen=True)
class Track:
    """Members of one outcome: a flow by calendar year, anything else by month.

    Args:
        kind: flow, stock or share.
        unit: of the values; a flow's is per year.
        times: first months of the periods, (periods,).
        values: (periods, members).
    """

    kind: str
    unit: str
    times: Months
    values: Array


@dataclass(frozen=True)
class Mark:
    """A measure on the time axis."""

    title: str
    kind: str
    effective: str


@dataclass(frozen=True)
class View:
    """One run as the page shows it.

    Args:
        months: first days of the run's months, (months,).
        tracks: chart -> members.
        origins: chart -> mean chips received a month by origin, (origins, months).
        flows: item -> mean chips received a month by origin, (origins, months).
        origin_names: names of the origins.
        binding: line -> share of members in which each constraint binds, (constraints, months).
        constraints: names of the constraints.
        events: event -> months since the start, NaN for never, (members,).
        marks: main measures in order of time.
        seconds: time that the simulation took.
    """

    months: Months
    tracks: Mapping[str, Track]
    origins: Mapping[str, Array]
    flows: Mapping[str, Array]
    origin_names: tuple[str, ...]
    binding: Mapping[str, Array]
    constraints: tuple[str, ...]
    events: Mapping[str, Array]
    marks: tuple[Mark, ...]
    seconds: float


def outcomes_of(page: Page) -> tuple[Outcome, ...]:
    """The outcomes that the page needs; to record the others would take half the time."""
    wanted = {(spec.outcome, tuple(sorted(spec.labels))) for spec in page.charts.values()}
    wanted.add((page.headline.outcome, tuple(sorted(page.headline.labels))))
    names = {"binding", "chips", *page.events}
    return tuple(
        one
        for one in OUTCOMES
        if one.name in names or (one.csv_name, tuple(sorted(one.dims))) in wanted
    )


def view_of(results: Results, page: Page) -> View:
    """Keep of a run what the page shows."""
    data = results.dataset
    binding, chips = data["binding"], data["chips"]
    names = [str(name) for name in binding["constraint"].values]
    origins = [str(name) for name in chips["origin"].values]
    received = _received(chips)
    return View(
        months=months_of(results),
        tracks={name: _track(results, spec) for name, spec in page.charts.items()},
        origins={
            name: np.sum([received[item] for item in spec.items], axis=0, dtype=np.float32)
            for name, spec in page.origins.items()
        },
        flows=received,
        origin_names=tuple(origins),
        binding={line: _means(binding.sel(line=line)) for line in page.lines},
        constraints=tuple(names),
        events={name: np.asarray(data[name].values, np.float32) for name in page.events},
        marks=tuple(_mark(entry) for entry in main_measures(results)),
        seconds=float(results.manifest["timings"]["simulation_s"]),
    )


def _track(results: Results, spec: ChartSpec) -> Track:
    array = members_of(results, spec.outcome, spec.labels)
    kind, unit = str(array.attrs["kind"]), str(array.attrs["unit"])
    times, values = months_of(results), numbers_of(array)
    if kind == "flow":
        edges, values = flow_by(times, values, "year")
        times = edges[:-1]
    return Track(kind, unit, times, values.astype(np.float32))


def _received(chips: Any) -> dict[str, Array]:
    """Item -> mean chips received a month by origin, (origins, months)."""
    received = chips.sel(stage="received").transpose("item", "origin", "month", "member")
    means = received.values.mean(axis=-1, dtype=np.float64).astype(np.float32)
    return dict(zip(map(str, chips["item"].values), means, strict=True))


def _means(binding: Any) -> Array:
    shares = binding.mean("member").transpose("constraint", "month")
    return np.asarray(shares.values, np.float32)


def _mark(entry: Entry) -> Mark:
    return Mark(entry.title, entry.kind, entry.effective.isoformat() if entry.effective else "")
