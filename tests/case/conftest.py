"""A small case: two actors, a line, a measure of two kinds; enough for every rule of loading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.case.load import Overrides, load_as
from sim.world.inputs import Frozen, Quantity, Series

BASE = """\
id: alpha
title: The Alpha case
calendar: {start: 2030-01-01, end: 2031-12-31}
actors:
  alpha: {kind: maker, capacity: 10}
  orbit: {kind: buyer}
"""

REST = """\
yield_rate: {value: 0.6, low: 0.4, high: 0.8, unit: share, standing: assumed, source: A-01}
price: {value: 5, low: 4, high: 6, unit: USD, standing: estimated, source: s1}
market: {unit: USD, standing: documented, source: s1, values: {2030: 1.0, 2031: 2.0}}
measures:
  ban:
    kind: market_ban
    issuer: orbit
    effective: 2030-06-01
  stop: {kind: service_stop, issuer: orbit, effective: 2030-07-01, ended: 2030-09-01, nodes: [7, 5]}
sources:
  s1: {title: A yearbook}
"""


class Span(Frozen):
    start: date
    end: date

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"'end' {self.end} lies before 'start' {self.start}")
        return self


class Actor(Frozen):
    kind: Literal["maker", "buyer"]
    capacity: float = Field(0, ge=0)


class Measure(Frozen):
    issuer: str
    effective: date
    ended: date | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.ended and self.ended < self.effective:
            raise ValueError(f"'ended' {self.ended} lies before 'effective' {self.effective}")
        return self


class MarketBan(Measure):
    kind: Literal["market_ban"]


class ServiceStop(Measure):
    kind: Literal["service_stop"]
    nodes: tuple[int, ...]


class Switch(Frozen):
    enabled: bool = True


class Toy(Frozen):
    id: str
    title: str
    description: str = ""
    calendar: Span
    regime: Switch = Switch()
    actors: dict[str, Actor]
    yield_rate: Quantity
    price: Quantity
    market: Series
    measures: dict[str, Annotated[MarketBan | ServiceStop, Field(discriminator="kind")]]
    sources: dict[str, dict[str, str]]

    @model_validator(mode="after")
    def _linked(self) -> Self:
        for key, measure in self.measures.items():
            if measure.issuer not in self.actors:
                context = {
                    "path": ("measures", key, "issuer"),
                    "name": measure.issuer,
                    "what": "actor",
                    "allowed": sorted(self.actors),
                }
                raise PydanticCustomError("unknown_name", "unknown {what} '{name}'", context)
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small case in two files."""
    case = tmp_path / "alpha"
    case.mkdir()
    (case / "case.yaml").write_text(BASE)
    (case / "rest.yaml").write_text(REST)
    return case


@pytest.fixture
def load(folder: Path) -> Callable[..., Toy]:
    """Loads the small case, or a path, with overrides."""

    def loader(overrides: Overrides = (), path: Path = folder) -> Toy:
        return load_as(Toy, path, overrides)

    return loader
