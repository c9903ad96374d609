"""Run a case as an ensemble, block by block, and record its outcomes.

A block is a slice of the members that fits the processor's cache. A member's luck belongs
to its replicate, so its trajectory does not depend on the block it runs in.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.case.schema import Case, Span
from sim.outcomes.dataset import hint
from sim.outcomes.outcome import Outcome
from sim.outcomes.periods import Every
from sim.outcomes.recorder import PeriodRecorder, Recorder, bytes_needed
from sim.outcomes.results import Results
from sim.policy.regime import TimelineEntry
from sim.runs.inputs import number_paths
from sim.runs.manifest import make_manifest
from sim.runs.posterior import Posterior, case_posterior
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble

if TYPE_CHECKING:
    import xarray as xr

    from sim.model import SupplyChain

BLOCK = 1024  # measured: smaller blocks pay for Python, larger ones take memory
Progress = Callable[[int, int], None]
"""Called with member-months done and in all."""


class RunError(ValueError):
    """A run that cannot be made as asked."""


def simulate(
    case: Case,
    members: int = 256,
    seed: int = 1,
    start: str | date | None = None,
    end: str | date | None = None,
    values: Mapping[str, npt.ArrayLike] | None = None,
    block: int = BLOCK,
    progress: Progress | None = None,
    *,
    model: Callable[..., SupplyChain] | None = None,
    outcomes: Sequence[Outcome] | None = None,
    dtype: npt.DTypeLike = np.float64,
    posterior: bool = True,
) -> Results:
    """Simulate ``members`` of a case and return their outcomes.

    Args:
        case: what to simulate.
        members: number of ensemble members.
        seed: seed of all luck; the same seed gives the same members.
        start: first month reported, ``2019-01`` or a date. The run itself begins with the
            case, whose initial state belongs to its own first month.
        end: last month, ``2024-12`` or a date.
        values: dotted input path -> one value for all members or one for each, (members,).
        block: members advanced together; results do not depend on it.
        progress: told how far the run is.
        model: a subclass of ``SupplyChain`` to run in its place, or what makes the model.
        outcomes: what to record; all declared outcomes if not given.
        dtype: number type of the recorded arrays; ``float32`` halves the memory.
        posterior: draw parameters from the case's posterior, if it has one; else from priors.

    Warns:
        PosteriorWarning: if the case's ranges have changed since its posterior was fitted.

    Raises:
        RunError: if members, block, seed, months or the shape of ``values`` make no run, or
            the results would not fit into memory.
    """
    began = time.perf_counter()
    shown, lasting = _window(case, start, end)
    declared, number = outcomes or _declared(), np.dtype(dtype)
    calendar = Calendar(lasting.calendar.start, lasting.calendar.end)
    _check_memory(bytes_needed(declared, case, calendar.months, members, number.itemsize))
    _check_paths(case, values or {})
    fitted = case_posterior(case) if posterior else None
    ensemble = make_ensemble(members, seed, _with_fitted(members, fitted, values or {}))
    recorder = Recorder.of(declared, lasting, calendar, members, number)
    entries = _run_blocks(lasting, ensemble, block, progress, model or _default_model(), recorder)
    dataset = _from_month(recorder.dataset(), calendar.month_of(shown))
    seconds = time.perf_counter() - began
    about = make_manifest(lasting, shown, ensemble, block, seconds, entries)
    return Results(dataset, about | _told(fitted, values or {}))


def _with_fitted(
    members: int, fitted: Posterior | None, values: Mapping[str, npt.ArrayLike]
) -> Mapping[str, npt.ArrayLike]:
    """Values of the members; what somebody sets wins over the posterior."""
    if fitted is None or members < 1:
        return values
    return {**fitted.values(np.arange(members, dtype=np.int64)), **values}


def _told(fitted: Posterior | None, values: Mapping[str, object]) -> dict[str, object]:
    """What a manifest says of where the members' inputs come from."""
    drawn = sorted(set(fitted.draws) - set(values)) if fitted else []
    about = {"digest": fitted.digest, "parameters": drawn} if fitted else None
    return {"varied": sorted(values), "posterior": about}


def make_ensemble(
    members: int, seed: int, values: Mapping[str, npt.ArrayLike] | None = None
) -> Ensemble:
    """Members 0, 1, 2 ... with the inputs in which they differ.

    Raises:
        RunError: if the numbers or the shape of a value make no ensemble.
    """
    if members < 1:
        raise RunError(f"a run needs at least one member, not {members}")
    if seed < 0:
        raise RunError(f"a seed is a whole number from 0 on, not {seed}")
    given = {path: np.asarray(value, dtype=float) for path, value in (values or {}).items()}
    for path, value in given.items():
        if value.shape not in ((), (1,), (members,)):
            raise RunError(f"values of {path} have shape {value.shape}, not ({members},)")
    spread = {path: np.broadcast_to(value, (members,)) for path, value in given.items()}
    return Ensemble.of(members, seed, spread)


def simulate_block(
    case: Case,
    ensemble: Ensemble,
    outcomes: Sequence[Outcome],
    start: date,
    end: date,
    every: Every | None = None,
) -> xr.Dataset:
    """Outcomes of one block of members, whatever their replicates, (month, labels, member).

    Args:
        case: what to simulate.
        ensemble: the members, with their replicates and own values.
        outcomes: what to record.
        start: first month reported.
        end: last month.
        every: reduce months to whole periods of this length, (period, labels, member).
    """
    shown, lasting = _window(case, start, end)
    calendar = Calendar(lasting.calendar.start, lasting.calendar.end)
    first, members = calendar.month_of(shown), ensemble.members
    recorder = (
        PeriodRecorder(outcomes, lasting, calendar, members, every, first)
        if every
        else Recorder.of(outcomes, lasting, calendar, members)
    )
    run_block(_default_model()(lasting, ensemble=ensemble), recorder)
    free_models()
    return _from_month(recorder.dataset(), first)


def _run_blocks(
    case: Case,
    ensemble: Ensemble,
    block: int,
    progress: Progress | None,
    model: Callable[..., SupplyChain],
    recorder: Recorder,
) -> list[TimelineEntry]:
    """Run and record all blocks; the calendar of measures as it turned out.

    Measures that answer an act have the date of the median member of the first block.
    """
    meter = _Meter(progress, ensemble.members * recorder.calendar.months)
    entries: list[TimelineEntry] = []
    for first, last in blocks(ensemble.members, block):
        if first:
            free_models()
        part = model(case, ensemble=ensemble.block(first, last))
        run_block(part, recorder.block(first, last), meter.add)
        entries = entries or part.law.timeline()
        del part
    return entries


def run_block(
    model: SupplyChain, recorder: Recorder, after_month: Callable[[int], None] | None = None
) -> None:
    """Step one model to the end of its calendar and record every month that it steps.

    Args:
        model: a fresh model of one block of members, or one that goes on from some month.
        recorder: where these members are recorded.
        after_month: told how many members have just done a month.
    """
    for _ in range(model.month + 1, model.calendar.months):
        model.step()
        recorder.record(model)
        if after_month is not None:
            after_month(model.ensemble.members)
    recorder.finish(model)


def free_models() -> None:
    """Give back the memory of models that nobody holds any more.

    A model and its agents refer to each other, so it would linger until Python next looks for
    such rings. When that is depends on chance, and the peak of a long run would creep up.
    """
    gc.collect()


class _Meter:
    """Adds up member-months and passes them on."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def add(self, member_months: int) -> None:
        self.done += member_months
        if self.progress is not None:
            self.progress(self.done, self.total)


def blocks(members: int, size: int) -> Iterator[tuple[int, int]]:
    """First and last (not included) member of each block.

    Raises:
        RunError: if ``size`` is no block size.
    """
    if size < 1:
        raise RunError(f"a block needs at least one member, not {size}")
    return ((first, min(first + size, members)) for first in range(0, members, size))


def _default_model() -> type[SupplyChain]:
    from sim.model import SupplyChain

    return SupplyChain


def _declared() -> Sequence[Outcome]:
    from sim.outcomes.declared import OUTCOMES

    return OUTCOMES


def _window(case: Case, start: str | date | None, end: str | date | None) -> tuple[date, Case]:
    """First month reported, and the case cut at the last month."""
    span = case.calendar
    first = span.start if start is None else parse_month(start, "start")
    last = span.end if end is None else parse_month(end, "end")
    if first < span.start.replace(day=1):
        raise RunError(f"start {first:%Y-%m} lies before the case begins, {span.start:%Y-%m}")
    if last < first.replace(day=1):
        raise RunError(f"end {last:%Y-%m} lies before start {first:%Y-%m}")
    return first, case.model_copy(update={"calendar": Span(start=span.start, end=last)})


def parse_window(case: Case, start: str | date | None, end: str | date | None) -> tuple[date, date]:
    """First and last month reported.

    Raises:
        RunError: if they are no months, out of order or before the case begins.
    """
    first, lasting = _window(case, start, end)
    return first, lasting.calendar.end


def parse_month(text: str | date, what: str) -> date:
    """Read ``2019-01`` or ``2019-01-15``.

    Raises:
        RunError: if it is neither.
    """
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise RunError(f"{what} is a month such as 2019-01, not {text!r}") from None


def _from_month(dataset: xr.Dataset, first: int) -> xr.Dataset:
    """Results from month ``first`` on; events are counted from there, negative before it."""
    if first == 0:
        return dataset
    later = dataset.isel(month=slice(first, None)) if "month" in dataset.dims else dataset
    for name, array in later.data_vars.items():
        if array.attrs["kind"] == "event":
            later[name] = (array - first).assign_attrs(array.attrs)
    return later


def _check_paths(case: Case, values: Mapping[str, object]) -> None:
    """Members cannot differ in what the case does not have; measures check their own."""
    known = set(number_paths(case)) if values else set()
    for path in values:
        if path not in known and not path.startswith("measures."):
            raise RunError(f"the case has no number {path!r}{hint(path, sorted(known))}")


def _check_memory(needed: int) -> None:
    installed = installed_memory()
    if installed is not None and needed > 0.8 * installed:
        raise RunError(
            f"the results need {needed / 1e9:,.1f} GB and this machine has {installed / 1e9:,.1f} "
            f"GB of memory; ask for fewer members"
        )


def installed_memory() -> int | None:
    """Memory of this machine [bytes]; None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
