"""A small world with hand numbers, for tests of what is recorded and reported."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.recorder import Recorder
from sim.outcomes.results import Results
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble


class FakeModel:
    """Sells 1, 2, 3 ... a month at home, half of it abroad, times (replicate + 1)."""

    timeline: tuple[Any, ...] = ()

    def __init__(self, case: Any, ensemble: Ensemble) -> None:
        self.case, self.ensemble = case, ensemble
        self.calendar = Calendar(case.calendar.start, case.calendar.end)
        self.month = -1
        self.law = SimpleNamespace(timeline=lambda: list(self.timeline))

    def step(self) -> None:
        self.month += 1

    @property
    def scale(self) -> np.ndarray:
        return self.ensemble.replicates + 1.0

    def sales(self) -> np.ndarray:
        home = (self.month + 1.0) * self.scale
        return np.array([home, home / 2])


def event(model: FakeModel) -> np.ndarray:
    """Replicate r sees it in month r; the last one never."""
    months = model.ensemble.replicates.astype(float)
    return np.where(months >= 3, np.nan, months)


def share(model: FakeModel) -> np.ndarray:
    """Not defined in the first half of a year."""
    early = model.month % 12 < 6
    return np.full(model.ensemble.members, np.nan if early else 0.5)


OUTCOMES = (
    Outcome("sales", "sales", "bn", "Sales", "flow", ("region",),
            lambda case: (("home", "abroad"),), lambda model: model.sales()),
    Outcome("stock", "stock", "m", "Stock", "stock", (), lambda case: (),
            lambda model: model.month * model.scale),
    Outcome("share", "share", "1", "Share", "share", (), lambda case: (), share),
    Outcome("works", "works", "t", "Works", "stock", ("maker", "region"),
            lambda case: (("a", "b"), ("home", "total")),
            lambda model: np.array([[model.scale, model.scale * 3], [model.scale * np.nan] * 2])),
    Outcome("found", "found", "month", "Found", "event", (), lambda case: (), event),
)  # fmt: skip


def case(start: str = "2018-01-01", end: str = "2019-12-01") -> Any:
    span = SimpleNamespace(start=date.fromisoformat(start), end=date.fromisoformat(end))
    return SimpleNamespace(calendar=span)


def results(members: int = 4, seed: int = 1, factor: float = 1.0, **span: str) -> Results:
    """Results of the fake model; ``factor`` scales sales."""
    world = case(**span)
    model = FakeModel(world, Ensemble.of(members, seed))
    recorder = Recorder.of(OUTCOMES, world, model.calendar, members)
    for _ in range(model.calendar.months):
        model.step()
        recorder.record(model)
    recorder.finish(model)
    recorder.arrays["sales"][:] *= factor
    manifest = {
        "program": "chokepoint", "format": 1, "case": "fake", "seed": seed, "members": members,
        "start": model.calendar.label(0), "end": model.calendar.label(model.calendar.months - 1),
    }  # fmt: skip
    return Results(recorder.dataset(), manifest)
