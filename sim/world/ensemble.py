"""The members of an ensemble and their luck.

A member is a replicate (which luck it has) plus the values in which it differs: parameters,
mechanism switches, dates and strengths of measures. Luck is named: each random decision
reads its own stream, keyed by (seed, stream, replicate), so that a run and its
counterfactual share all luck, and a member's luck does not depend on the block it runs in.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array, Calendar
from sim.world.groups import Rows, rows_at
from sim.world.inputs import Quantity, Series

# One generator serves this many replicates: a generator each would cost more than the model.
CHUNK = 64
Kind = Literal["random", "standard_normal"]


@dataclass(frozen=True)
class Ensemble:
    """Members of one block: their replicates and the inputs in which they differ.

    Args:
        seed: seed of the run; the same seed gives the same luck.
        replicates: replicate of each member, (members,).
        values: dotted input path -> value of each member, (members,); wins over any draw.
    """

    seed: int
    replicates: npt.NDArray[np.int64]
    values: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def of(cls, members: int, seed: int, values: Mapping[str, Array] | None = None) -> Ensemble:
        """An ensemble of ``members`` replicates 0, 1, 2 ..."""
        if members < 1:
            raise ValueError(f"an ensemble needs at least one member, not {members}")
        return cls(seed, np.arange(members, dtype=np.int64), values or {})

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.replicates)

    def block(self, start: int, stop: int) -> Ensemble:
        """Members ``start`` to ``stop`` as an ensemble of their own."""
        values = {path: value[start:stop] for path, value in self.values.items()}
        return Ensemble(self.seed, self.replicates[start:stop], values)

    def uniform(self, stream: str, draws: int = 1) -> Array:
        """Numbers in [0, 1) of a named stream, (draws, members)."""
        return self._read(stream, draws, "random")

    def normal(self, stream: str, draws: int = 1) -> Array:
        """Standard normal numbers of a named stream, (draws, members)."""
        return self._read(stream, draws, "standard_normal")

    def _read(self, stream: str, draws: int, kind: Kind) -> Array:
        draw = _single if draws == 1 else _draw
        out = np.empty((draws, self.members))
        for chunk, members, place in self._chunks:
            out[:, members] = draw(self.seed, stream, chunk, draws, kind)[:, place]
        return out

    @cached_property
    def _chunks(self) -> list[tuple[int, Rows, Rows]]:
        """Chunks of replicates, each with the members that read it, and where in it they do."""
        chunks, place = np.divmod(self.replicates, CHUNK)
        found = [(int(chunk), np.flatnonzero(chunks == chunk)) for chunk in np.unique(chunks)]
        return [(chunk, rows_at(here), rows_at(place[here])) for chunk, here in found]

    def value(self, path: str, quantity: Quantity) -> Array:
        """Each member's value of one input, (members,): set, or drawn from its range."""
        if path in self.values:
            return np.asarray(self.values[path], dtype=float)
        if not quantity.uncertain:
            return np.full(self.members, quantity.value)
        assert quantity.low is not None and quantity.high is not None
        luck = self.uniform(f"input:{path}")[0]
        return triangular(luck, quantity.low, quantity.value, quantity.high)

    def path(self, path: str, series: Series, calendar: Calendar) -> Array:
        """A yearly series by month and member, (months, members)."""
        scale = np.ones(self.members)
        if path in self.values:
            scale = np.asarray(self.values[path], dtype=float)
        elif series.spread > 0:
            luck = self.uniform(f"input:{path}")[0]
            scale = triangular(luck, 1 - series.spread, 1.0, 1 + series.spread)
        return calendar.monthly(series.values)[:, None] * scale


def _draw(seed: int, stream: str, chunk: int, draws: int, kind: Kind) -> Array:
    """Numbers of a chunk of replicates, (draws, CHUNK); not to be changed."""
    key = (zlib.crc32(stream.encode()), chunk)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
    # A longer run must not change the luck of its first months: months are the slow axis.
    return rng.random((draws, CHUNK)) if kind == "random" else rng.standard_normal((draws, CHUNK))


# To make a generator takes longer than to draw: runs of the same seed share single numbers.
_single = lru_cache(maxsize=8192)(_draw)


def triangular(luck: Array, low: float, mode: float, high: float) -> Array:
    """Triangular numbers by inversion of uniform ``luck``, same shape."""
    width = high - low
    turn = (mode - low) / width
    rising = low + np.sqrt(luck * width * (mode - low))
    falling = high - np.sqrt((1.0 - luck) * width * (high - mode))
    return np.where(luck < turn, rising, falling)
