"""Draws from a posterior: each replicate takes a row, the same one in every scenario.

A case has its own in the folder ``posterior``: its members are drawn from it unless priors
are asked for. What somebody sets wins over it.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.case.errors import ConfigError, Mark, Problem, display
from sim.case.load import load_case
from sim.case.schema import Case
from sim.case.sources import included_cases
from sim.runs.inputs_varied import varied_inputs
from sim.world.calendar import Array
from sim.world.inputs import Quantity, Series

FOLDER, DRAWS = "posterior", "draws.parquet"  # of a case
WEIGHT = "weight"
RANGES = b"chokepoint.ranges"  # in the metadata of a Parquet file
# Columns that a calibration may leave beside the parameters.
_REMARKS = frozenset({"draw", "distance", "rank", WEIGHT})
_SHOWN = 3

Range = tuple[float, float, float]
"""Low, mode and high of the prior."""


class PosteriorWarning(UserWarning):
    """A case has a posterior that no longer belongs to it."""


@dataclass(frozen=True)
class Posterior:
    """Draws of parameters, (rows,) each, with their weights.

    ``ranges`` are the priors under which they were fitted; empty where a file does not tell.
    """

    draws: Mapping[str, Array]
    weights: Array
    digest: str
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def rows(self, replicate: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Row of each replicate; in weighted draws by a low-discrepancy sequence."""
        rows = len(self.weights)
        if (self.weights == self.weights[0]).all():
            return replicate % rows
        below = np.cumsum(self.weights) / self.weights.sum()
        place = np.searchsorted(below, _van_der_corput(replicate), side="right")
        return np.minimum(place, rows - 1)

    def values(self, replicate: npt.NDArray[np.int64]) -> dict[str, Array]:
        """Dotted name -> value of the members of these replicates, (members,)."""
        rows = self.rows(replicate)
        return {path: draws[rows] for path, draws in self.draws.items()}

    def without(self, paths: Iterable[str]) -> Posterior:
        """The same draws of the other parameters."""
        left_out = set(paths)
        kept = {path: draws for path, draws in self.draws.items() if path not in left_out}
        return replace(self, draws=kept)


def _van_der_corput(numbers: npt.NDArray[np.int64]) -> Array:
    """Numbers in [0, 1) whose first n are spread evenly for any n."""
    left, out, unit = numbers.copy(), np.zeros(len(numbers)), 0.5
    while left.any():
        out += unit * (left & 1)
        left, unit = left >> 1, unit / 2
    return out


def case_posterior(case: Case) -> Posterior | None:
    """The posterior in the folder of a case, as far as the case leaves its parameters open.

    A parameter that a scenario or an override sets is left out. If the case itself has
    changed a range since the fit, the whole posterior is left out, with a warning. A case
    without one that includes parts of another takes that one's for the parameters they share.

    Returns:
        None if the case has no posterior, or one that belongs to other ranges.

    Raises:
        ConfigError: if the file cannot be read.
    """
    path = _draws_for(case.folder)
    if path is None:
        return None
    posterior = _of_file(path, path.stat().st_mtime_ns)
    moved = _moved(posterior, case)
    if not moved:
        return posterior
    if stale := moved & _moved_at_home(path, path.stat().st_mtime_ns, _stamp(path.parents[1])):
        warnings.warn(PosteriorWarning(_stale(path, stale)), stacklevel=2)
        return None
    return posterior.without(moved)


def _draws_for(folder: Path | None) -> Path | None:
    """Draws in the folder of a case, or else of the first case it includes that has some."""
    if folder is None:
        return None
    own = folder / FOLDER / DRAWS
    if own.is_file():
        return own
    others = (other / FOLDER / DRAWS for other in _included(folder, _stamp(folder)))
    return next((path for path in others if path.is_file()), None)


# A page asks with every lever: files that have not changed are not read again.
Stamp = tuple[tuple[str, int], ...]


def _stamp(folder: Path) -> Stamp:
    """Names and times of the files of a case: equal stamps mean equal content."""
    files = sorted(folder.rglob("*.yaml"))
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=16)
def _included(folder: Path, stamp: Stamp) -> tuple[Path, ...]:
    return included_cases(folder)


@lru_cache(maxsize=16)
def _moved_at_home(path: Path, written: int, stamp: Stamp) -> frozenset[str]:
    """Parameters whose range the case of a posterior has itself changed since the fit."""
    return frozenset(_moved(_of_file(path, written), load_case(path.parents[1])))


def prior_range(held: object) -> Range | None:
    """Low, mode and high from which members draw an input; None if they do not draw it."""
    if isinstance(held, Quantity) and held.uncertain:
        assert held.low is not None and held.high is not None
        return held.low, held.value, held.high
    if isinstance(held, Series) and held.spread > 0:
        return 1 - held.spread, 1.0, 1 + held.spread
    return None


def _moved(posterior: Posterior, case: Case) -> set[str]:
    """Parameters whose range in a case is not the one that was fitted."""
    known = varied_inputs(case)
    return {
        path
        for path, fitted in posterior.ranges.items()
        if path not in known or prior_range(known[path].held) != fitted
    }


def _stale(path: Path, stale: set[str]) -> str:
    names, more = sorted(stale)[:_SHOWN], len(stale) - _SHOWN
    shown = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    return (
        f"the posterior {path} was fitted to other ranges of {shown}: members are drawn from the "
        f"case's own ranges; 'chokepoint calibrate' fits it anew"
    )


@lru_cache(maxsize=4)
def _of_file(path: Path, changed: int) -> Posterior:
    del changed  # part of the key: a file written anew is read anew
    return posterior_of(path)


def posterior_of(path: Path) -> Posterior:
    """The draws in a CSV or Parquet file: a column a dotted name, ``weight`` if they weigh.

    Raises:
        ConfigError: if it cannot be read or holds no draws.
    """
    table, ranges = _read(path)
    try:
        columns = {
            name: np.asarray(found, float)
            for name, found in table.items()
            if name == WEIGHT or name not in _REMARKS
        }
    except ValueError as error:
        raise _problem(path, f"a cell is no number: {error}") from error
    draws = {name: found for name, found in columns.items() if name != WEIGHT}
    rows = len(next(iter(draws.values()), ()))
    if not rows or any(not np.isfinite(d).all() for d in draws.values()):
        raise _problem(path, "there are no draws in it, or a number is missing")
    weights = columns[WEIGHT] if WEIGHT in columns else np.ones(rows)
    if (weights < 0).any() or not weights.sum() > 0:
        raise _problem(path, "the weights are no weights")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return Posterior(draws, weights, digest, ranges)


def _problem(path: Path, what: str) -> ConfigError:
    return ConfigError(Problem(what, Mark(display(path))))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Range]]:
    """Columns of draws, and the ranges that a calibration wrote beside them."""
    try:
        return _read_parquet(path) if path.suffix == ".parquet" else (_read_csv(path), {})
    except (OSError, ValueError) as error:
        raise _problem(path, f"cannot be read: {error}") from error


def _read_csv(path: Path) -> dict[str, Any]:
    import pandas as pd

    frame = pd.read_csv(path)
    return {str(name): frame[name].to_numpy() for name in frame.columns}


def _read_parquet(path: Path) -> tuple[dict[str, Any], dict[str, Range]]:
    import pyarrow.parquet as pq

    # Neither read_table nor to_numpy: they import pandas, which takes half a second.
    table = pq.ParquetFile(path).read()
    told = json.loads((table.schema.metadata or {}).get(RANGES, b"{}"))
    columns = {name: np.array(table[name].to_pylist()) for name in table.column_names}
    return columns, {name: tuple(ends) for name, ends in told.items()}


def write_draws(
    path: Path, draws: Mapping[str, Array], weights: Array, ranges: Mapping[str, Range]
) -> None:
    """Write draws as a case keeps them.

    Args:
        path: Parquet file.
        draws: dotted name -> values, (rows,) each.
        weights: (rows,).
        ranges: prior of each parameter.

    Raises:
        OSError: if it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({**draws, WEIGHT: weights})
    told = {RANGES: json.dumps({name: list(ends) for name, ends in ranges.items()})}
    pq.write_table(table.replace_schema_metadata(told), path, compression="zstd")
