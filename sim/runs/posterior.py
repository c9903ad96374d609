"""Draws from a posterior: each replicate takes a row, the same one in every scenario."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.runs.block import Change
from sim.runs.experiment_file import Loaded
from sim.runs.inputs_varied import Varied
from sim.world.calendar import Array

WEIGHT = "weight"
# Columns that a calibration may leave beside the parameters.
_REMARKS = frozenset({"draw", "distance", "rank", WEIGHT})
_TRAIL = ("posterior",)


@dataclass(frozen=True)
class Posterior:
    """Draws of parameters, (rows,) each; with weights or without."""

    draws: Mapping[str, Array]
    weights: Array
    digest: str

    def rows(self, replicate: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Row of each replicate; in weighted draws by a low-discrepancy sequence."""
        rows = len(self.weights)
        if (self.weights == self.weights[0]).all():
            return replicate % rows
        below = np.cumsum(self.weights) / self.weights.sum()
        place = np.searchsorted(below, _van_der_corput(replicate), side="right")
        return np.minimum(place, rows - 1)

    def changes(self, replicate: npt.NDArray[np.int64]) -> list[Change]:
        """What the members of these replicates set."""
        rows = self.rows(replicate)
        return [Change(path, "set", draws[rows]) for path, draws in self.draws.items()]


def _van_der_corput(numbers: npt.NDArray[np.int64]) -> Array:
    """Numbers in [0, 1) whose first n are spread evenly for any n."""
    left, out, unit = numbers.copy(), np.zeros(len(numbers)), 0.5
    while left.any():
        out += unit * (left & 1)
        left, unit = left >> 1, unit / 2
    return out


def read_posterior(loaded: Loaded, known: Mapping[str, Varied]) -> Posterior | None:
    """The draws that an experiment names, None if it names none.

    Raises:
        ConfigError: if the file cannot be read, or holds something that members cannot have.
    """
    name = loaded.experiment.posterior
    if not name:
        return None
    path = next((p for p in (loaded.path.parent / name, Path(name)) if p.is_file()), None)
    if path is None:
        raise loaded.problem(f"no such file '{name}'", _TRAIL)
    table = _read(loaded, path)
    for column in table.columns:
        if column not in known and column not in _REMARKS:
            what = f"column '{column}' of {name} is no input in which members differ"
            raise loaded.problem(what, _TRAIL, tuple(known), str(column))
    draws = {str(c): table[c].to_numpy(float) for c in table.columns if c not in _REMARKS}
    if not draws or not len(table) or any(not np.isfinite(d).all() for d in draws.values()):
        raise loaded.problem(f"{name} holds no draws, or a missing number", _TRAIL)
    weights = table[WEIGHT].to_numpy(float) if WEIGHT in table else np.ones(len(table))
    if (weights < 0).any() or not weights.sum() > 0:
        raise loaded.problem(f"the weights of {name} are no weights", _TRAIL)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return Posterior(draws, weights, digest)


def _read(loaded: Loaded, path: Path) -> Any:
    import pandas as pd

    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise loaded.problem(f"{path} cannot be read: {error}", _TRAIL) from error
