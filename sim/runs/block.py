"""One block of an experiment, from its members' settings to a table; runs on any worker."""

from __future__ import annotations

import io
import json
import os
import pickle
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.case.schema import Case
from sim.outcomes.periods import Every
from sim.runs.columns import Kept, declared_for, kept_columns
from sim.runs.experiment import How
from sim.runs.inputs_varied import Varied, varied_inputs
from sim.runs.simulate import RunError, simulate_block
from sim.world.calendar import Array
from sim.world.ensemble import Ensemble

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

METADATA = b"chokepoint"
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Change:
    """What members change in one input; NaN leaves it as it is."""

    path: str
    how: How
    levels: Array


@dataclass(frozen=True)
class BlockTask:
    """Everything a worker needs to compute one block; arrays are by member of the block."""

    number: int
    case: bytes
    seed: int
    window: tuple[date, date]
    outcomes: tuple[str, ...]
    resolution: Every
    member: Ints
    scenario: Ints
    names: tuple[str, ...]
    lever: Ints
    point: Ints
    replicate: Ints
    factors: Mapping[str, Array]
    dates: frozenset[str]
    changes: tuple[Change, ...]

    @property
    def members(self) -> int:
        """Members of the block."""
        return len(self.member)


MakeTable = Callable[[BlockTask], "pa.Table"]
"""Computes the table of a block; it travels to workers, so it is a function of a module."""


@dataclass(frozen=True)
class BlockResult:
    """What became of a block: its table as Parquet, or the traceback."""

    number: int
    members: int
    table: bytes = b""
    error: str = ""
    seconds: float = 0.0
    worker: int = field(default_factory=os.getpid)


def run_task(task: BlockTask, make: MakeTable | None = None) -> BlockResult:
    """Compute a block; an error becomes data, so that the other blocks go on.

    Args:
        task: the block.
        make: computes its table; one row a member and period if not given.
    """
    began = time.perf_counter()
    try:
        table = to_parquet((make or block_table)(task))
    except Exception:
        error = traceback.format_exc()
        return BlockResult(task.number, task.members, error=error)
    return BlockResult(task.number, task.members, table, seconds=time.perf_counter() - began)


def block_table(task: BlockTask) -> pa.Table:
    """Compute a block as a table of one row a member and period.

    Raises:
        RunError: if members differ in something that the model does not read.
    """
    return _table(task, kept_columns(block_dataset(task, task.resolution), task.outcomes))


def block_dataset(task: BlockTask, every: Every | None = None) -> xr.Dataset:
    """Outcomes of a block by month and member, or by whole period.

    Raises:
        RunError: if members differ in something that the model does not read.
    """
    case = _case(task.case)
    start, end = task.window
    values = _Watched(settings(case, task))
    ensemble = Ensemble(task.seed, task.replicate, values)
    dataset = simulate_block(case, ensemble, declared_for(task.outcomes), start, end, every)
    values.refuse_unread()
    return dataset


@lru_cache(maxsize=8)
def _case(pickled: bytes) -> Case:
    case: Case = pickle.loads(pickled)
    return case


@lru_cache(maxsize=8)
def _known(pickled: bytes) -> dict[str, Varied]:
    return varied_inputs(_case(pickled))


class _Watched(dict[str, Array]):
    """Members' values that notice which of them the model reads."""

    def __init__(self, values: Mapping[str, Array]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, path: str) -> Array:
        self.read.add(path)
        return super().__getitem__(path)

    def get(self, path: str, default: Any = None) -> Any:
        """A member's value; what is looked for counts as read."""
        self.read.add(path)
        return super().get(path, default)

    def refuse_unread(self) -> None:
        """Refuse levers that did nothing.

        Raises:
            RunError: if a value was never read.
        """
        if unread := sorted(self.keys() - self.read):
            raise RunError(f"the model does not read {', '.join(unread)}")


def settings(case: Case, task: BlockTask) -> dict[str, Array]:
    """Every input in which members of a block differ, (members,) each."""
    luck = Ensemble(task.seed, task.replicate)
    known = _known(task.case) if task.case else varied_inputs(case)
    values: dict[str, Array] = {}
    for change in task.changes:
        if np.isnan(change.levels).all():
            continue
        values[change.path] = _applied(change, values, known[change.path], luck)
    return values


def _applied(change: Change, values: Mapping[str, Array], one: Varied, luck: Ensemble) -> Array:
    left_out = np.isnan(change.levels)
    if change.how == "set" and not left_out.any():
        return change.levels
    now = values[change.path] if change.path in values else one.usual(luck)
    levels = np.where(left_out, 0.0, change.levels)
    return np.where(left_out, now, _changed(change.how, now, levels))


def _changed(how: How, now: Array, levels: Array) -> Array:
    if how == "scale":
        return now * levels
    if how == "days":
        return now + levels
    return _all_months_later(now, levels) if how == "months" else levels


def _all_months_later(days: Array, months: Array) -> Array:
    """Ordinals moved by whole months; the 31st becomes the last day of a shorter month."""
    pairs, place = np.unique(np.stack([days, months]), axis=1, return_inverse=True)
    moved = [month_later(int(day), int(by)) for day, by in pairs.T]
    return np.array(moved, dtype=float)[place.ravel()]


def month_later(day: int, months: int) -> int:
    """An ordinal some months later; the 31st becomes the last day of a shorter month."""
    old = date.fromordinal(day)
    year, month = divmod(old.year * 12 + old.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = date.fromordinal(after.toordinal() - 1).day
    return date(year, month + 1, min(old.day, last)).toordinal()


def _table(task: BlockTask, kept: Kept) -> pa.Table:
    import pyarrow as pa

    texts = kept.periods or ("",)
    rows = len(texts)
    columns = {name: _repeat(array, rows) for name, array in _identity(task)}
    columns["period"] = pa.array(np.tile(np.array(texts, dtype=object), task.members))
    for name, array in kept.values.items():
        columns[name] = pa.array(np.ascontiguousarray(array.T).ravel())
    for name, array in kept.events.items():
        columns[name] = pa.array(np.repeat(array, rows))
    about = {"periods": texts, "factors": list(task.factors), "columns": kept.about}
    return pa.table(columns).replace_schema_metadata({METADATA: json.dumps(about)})


def _identity(task: BlockTask) -> Iterator[tuple[str, Any]]:
    """Who the members are: numbers, scenario, and the levels of their factors."""
    import pyarrow as pa

    yield "member", pa.array(task.member)
    names = pa.DictionaryArray.from_arrays(
        pa.array(task.scenario.astype(np.int32)), pa.array(list(task.names))
    )
    yield "scenario", names
    yield "lever_point", pa.array(task.lever)
    yield "point", pa.array(task.point)
    yield "replicate", pa.array(task.replicate)
    for name, levels in task.factors.items():
        if name in task.dates:
            yield name, pa.array(_days(levels), mask=np.isnan(levels), type=pa.date32())
        else:
            yield name, pa.array(levels, from_pandas=True)


def _days(ordinals: Array) -> npt.NDArray[np.datetime64]:
    since = np.where(np.isnan(ordinals), 0, ordinals - date(1970, 1, 1).toordinal())
    return since.astype("int64").astype("datetime64[D]")


def _repeat(array: Any, rows: int) -> Any:
    return array.take(np.repeat(np.arange(len(array)), rows)) if rows > 1 else array


def to_parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", compression_level=1)
    return sink.getvalue()
