"""When a measure is known and in force, for each member: dates, month shares, acts answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

import numpy as np

from sim.policy.measures import quantities
from sim.policy.steps import Step
from sim.world.calendar import Array, Calendar, Mask
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity

DAYS_PER_MONTH = 365.25 / 12
NEVER = np.inf

VARIABLE = (
    "announced",
    "effective",
    "ended",
    "enabled",
    "grace_days",
    "strength",
    "strength_above",
    "strength_other",
    "share",
    "maintenance",
    "phase_months",
)
"""Fields in which members may differ even where the measure itself leaves them out."""


def slim(values: Array) -> Array:
    """One number where all members agree, (1,), otherwise (members,)."""
    return values[:1] if (values == values[0]).all() else values


class Reader:
    """Reads a measure's numbers and dates, in which members may differ.

    Raises:
        ValueError: if members differ in a measure, or a field of one, that does not exist.
    """

    def __init__(self, ensemble: Ensemble, measures: Mapping[str, Step]) -> None:
        self.ensemble = ensemble
        for path in ensemble.values:
            if path.startswith("measures."):
                _refuse_unknown(path, measures)

    def number(self, path: str, quantity: Quantity | None, default: float = 1.0) -> Array:
        """A number of each member, (1,) or (members,)."""
        if quantity is None:
            return self.plain(path, default)
        return slim(self.ensemble.value(path, quantity))

    def plain(self, path: str, default: float) -> Array:
        """A number without range of its own, (1,) or (members,)."""
        found = self.ensemble.values.get(path)
        return np.array([default]) if found is None else slim(np.asarray(found, dtype=float))

    def day(self, path: str, day: date | None) -> Array:
        """A date as ordinal, never if there is none, (1,) or (members,)."""
        return self.plain(path, NEVER if day is None else float(day.toordinal()))


def _refuse_unknown(path: str, measures: Mapping[str, Step]) -> None:
    _, key, *rest = path.split(".")
    if key not in measures:
        near = get_close_matches(key, measures, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise ValueError(f"'{path}': there is no measure '{key}'{hint}")
    name = ".".join(rest)
    fields = type(measures[key]).model_fields
    allowed = {number for number, _ in quantities(measures[key])}
    allowed |= {number for number in VARIABLE if number in fields}
    if name not in allowed:
        raise ValueError(f"'{path}': members cannot differ in '{name}' of a measure")


class Phase:
    """Dates of one measure as ordinals, each (1,) or (members,); ``NEVER`` where there are none.

    ``announced`` is the first day on which agents know, ``effective`` the first on which the
    law binds, ``ended`` the first on which it no longer does.
    """

    def __init__(self, key: str, step: Step, reader: Reader, on: Array) -> None:
        self.key, self.step = key, step
        path = f"measures.{key}"
        on = on * (reader.plain(f"{path}.enabled", float(step.enabled)) >= 0.5)
        effective = reader.day(f"{path}.effective", step.effective)
        announced = reader.day(f"{path}.announced", step.known)
        self.effective = slim(np.where(on > 0, effective, NEVER))
        # What is in force is known, also where a lever moved the effect before the news.
        self.announced = slim(np.where(on > 0, np.minimum(announced, effective), NEVER))
        self.ended = reader.day(f"{path}.ended", step.ended)
        self.answers = np.broadcast_to(on > 0, reader.ensemble.members).copy()
        if step.trigger is not None:
            never = np.full(reader.ensemble.members, NEVER)
            self.effective, self.announced, self.ended = never.copy(), never.copy(), never.copy()
            self.lag = reader.number(f"{path}.trigger.lag_months", step.trigger.lag_months)

    @property
    def possible(self) -> bool:
        """Whether any member knows of the measure, or will once the act happens."""
        waits = self.step.trigger is not None and bool(self.answers.any())
        return waits or bool(np.isfinite(self.announced).any())

    def answer(self, day: float, happened: Mask) -> Mask:
        """Set the dates of members in which the act just happened; which ones are new."""
        new = happened & self.answers
        self.answers &= ~new
        due = np.floor(day + self.lag * DAYS_PER_MONTH)
        self.effective = np.where(new, due, self.effective)
        self.announced = np.where(new, due, self.announced)
        return new

    def end_with(self, other: Phase) -> None:
        """End no later than ``other`` takes effect."""
        self.ended = np.minimum(self.ended, other.effective)


class Span:
    """Share of each month's days in which a measure is in force, or its window is open.

    Args:
        calendar: months of the run.
        phase: the measure's dates.
        delay: days by which the effect lags the effective date, (1,) or (members,).
        window: True for the time from the announcement to the effect instead of the effect.
        ramp: days over which the effect grows linearly to full, (1,) or (members,).
    """

    def __init__(
        self,
        calendar: Calendar,
        phase: Phase,
        delay: Array | float = 0.0,
        *,
        window: bool = False,
        ramp: Array | float = 0.0,
    ) -> None:
        self.calendar, self.phase, self.window = calendar, phase, window
        self.delay, self.ramp = np.atleast_1d(delay), np.atleast_1d(ramp)
        self.followers: list[Callable[[], None]] = []  # told when the dates are read anew
        self.stamps: list[int] = []
        self._last_stamp = 0
        self.refresh()

    def refresh(self, members: Mask | None = None) -> None:
        """Read the phase's dates anew, of all members or of some whose dates were set."""
        begins, ends, ramp = np.broadcast_arrays(*self._bounds(), self.ramp)
        if members is None:
            self.shares = self._shares(begins, ends, ramp)
            self._stamp(np.ones(len(self.shares), dtype=bool))
            return
        # A common end may have become one for each member.
        if self.shares.shape[1] != len(begins):
            self.shares = np.repeat(self.shares, len(begins), axis=1)
        before = self.shares[:, members]
        now = self._shares(begins[members], ends[members], ramp[members])
        self.shares[:, members] = now
        self._stamp((now != before).any(axis=1))

    def _shares(self, begins: Array, ends: Array, ramp: Array) -> Array:
        if ramp.any():
            return _ramp_shares(self.calendar, begins, ends, ramp)
        return self.calendar.shares(begins, ends)

    def _bounds(self) -> tuple[Array, Array]:
        effect = self.phase.effective + self.delay
        if self.window:
            return self.phase.announced, np.minimum(effect, self.phase.ended)
        return effect, self.phase.ended

    def _stamp(self, anew: Mask) -> None:
        # Equal stamps mean equal shares, so an answer can be kept until one of them changes.
        begins = anew.copy()
        same = (self.shares[1:] == self.shares[:-1]).all(axis=1)
        begins[1:] &= ~(same & anew[:-1])
        stamps = np.where(anew, self._last_stamp + np.cumsum(begins), self.stamps or 0)
        self._last_stamp += int(np.count_nonzero(begins))
        self.stamps = stamps.tolist()
        self.active: list[bool] = (self.shares.max(axis=1) > 0).tolist()
        for follower in self.followers:
            follower()


def _ramp_shares(calendar: Calendar, begins: Array, ends: Array, ramp: Array) -> Array:
    """Mean of a linear rise from 0 to 1 over ``ramp`` days in each month, (months, members)."""
    edges = calendar.edges[:, None].astype(float)
    risen = _risen(np.minimum(edges, ends) - begins, np.maximum(ramp, 1e-9))
    return np.diff(risen, axis=0) / np.diff(edges, axis=0)


def _risen(days: Array, ramp: Array) -> Array:
    """Integral of clip(days / ramp, 0, 1) over days; 0 where the rise never begins."""
    rising = np.clip(days, 0.0, ramp)
    return rising**2 / (2 * ramp) + np.clip(days - ramp, 0.0, None)
