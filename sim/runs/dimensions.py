"""Levers and uncertainties of an experiment, resolved against the case they change."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np

from sim.case.errors import Trail
from sim.policy.measures import ForeignDirectProductRule
from sim.runs.block import month_later
from sim.runs.experiment import Factor, How, number
from sim.runs.experiment_file import Loaded
from sim.runs.inputs_varied import Varied
from sim.world.calendar import Array
from sim.world.ensemble import triangular
from sim.world.inputs import Quantity, Series

Role = Literal["levers", "uncertainties"]
_FEWEST_STEPS = 2


def _most_days() -> int:
    """The longest grace that a measure of a case may give [days]."""
    about = ForeignDirectProductRule.model_fields["grace_days"].metadata
    return next(int(bound.le) for bound in about if hasattr(bound, "le"))


MOST_DAYS = _most_days()


@dataclass(frozen=True)
class Dimension:
    """One factor of the design and the inputs that it moves."""

    name: str
    factor: Factor
    inputs: tuple[Varied, ...]

    @property
    def is_date(self) -> bool:
        """Whether the levels are dates (as ordinals)."""
        return self.factor.how == "set" and self.inputs[0].kind == "date"

    @property
    def levels(self) -> Array:
        """The levels of a grid, in order."""
        factor = self.factor
        if factor.values:
            return np.array([number(level) for level in factor.values])
        low, high = self.range
        levels = np.linspace(low, high, max(factor.steps, _FEWEST_STEPS))
        return np.round(levels) if self._whole else levels

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest level."""
        factor = self.factor
        if factor.values:
            levels = [number(level) for level in factor.values]
            return min(levels), max(levels)
        if factor.distribution == "own":
            return _own_range(self.inputs[0])[::2]
        assert factor.low is not None and factor.high is not None
        return number(factor.low), number(factor.high)

    def at(self, luck: Array) -> Array:
        """Levels at points in [0, 1) of the factor's distribution, same shape."""
        factor = self.factor
        if factor.values:
            levels = self.levels
            place = np.minimum((luck * len(levels)).astype(int), len(levels) - 1)
            return levels[place]
        if factor.distribution == "own":
            drawn = triangular(luck, *_own_range(self.inputs[0]))
        elif factor.distribution == "triangular":
            assert factor.mode is not None
            low, high = self.range
            drawn = triangular(luck, low, factor.mode, high)
        else:
            low, high = self.range
            drawn = low + luck * (high - low)
        return np.round(drawn) if self._whole else drawn

    @property
    def _whole(self) -> bool:
        kinds = {one.kind for one in self.inputs}
        return self.factor.how in ("months", "days") or (
            self.factor.how == "set" and kinds <= {"date", "days", "flag"}
        )


def _own_range(one: Varied) -> tuple[float, float, float]:
    """Low, mode and high that the case gives; a series is scaled around one."""
    held = one.held
    if isinstance(held, Series):
        return 1 - held.spread, 1.0, 1 + held.spread
    assert isinstance(held, Quantity) and held.low is not None and held.high is not None
    return held.low, held.value, held.high


def resolve(loaded: Loaded, role: Role, known: Mapping[str, Varied]) -> tuple[Dimension, ...]:
    """The levers or uncertainties of an experiment.

    Args:
        loaded: the experiment.
        role: which of the two.
        known: inputs in which members may differ.

    Raises:
        ConfigError: for an unknown input, a level it cannot take, or one that is set twice.
    """
    factors: Mapping[str, Factor] = getattr(loaded.experiment, role)
    found: list[Dimension] = []
    for name, factor in factors.items():
        found += _dimensions(loaded, (role, name), name, factor, known)
    _note_late(loaded, found)
    return tuple(found)


def _note_late(loaded: Loaded, found: Iterable[Dimension]) -> None:
    """Warn of measures that a level moves beyond the run: there they change nothing."""
    starts = [(one, held) for one in found for held in one.inputs if _is_start(held)]
    if not starts:
        return
    last = loaded.experiment.end or loaded.case().calendar.end
    after = month_later(last.replace(day=1).toordinal(), 1)
    for one, held in starts:
        day = _latest(one, held)
        if day >= after:
            what = one.name if one.name == held.path else f"{one.name}: {held.path}"
            words = f"{what} goes up to {date.fromordinal(day)}, after the run's end in "
            words += f"{last:%Y-%m}: at such a level the measure never acts"
            warnings.warn(words, stacklevel=2)


def _is_start(one: Varied) -> bool:
    return one.kind == "date" and one.path.endswith((".announced", ".effective"))


def _latest(one: Dimension, held: Varied) -> int:
    """The last day to which a factor moves a date, as ordinal."""
    return round(_moved(one.factor.how, held, one.range[1]))


def _moved(how: How, one: Varied, level: float) -> float:
    if how == "set":
        return level
    assert isinstance(one.held, float)
    return one.held + level if how == "days" else month_later(round(one.held), round(level))


def refuse_twice(loaded: Loaded, *groups: tuple[Dimension, ...]) -> None:
    """Refuse designs in which two factors move one input.

    Raises:
        ConfigError: if they do.
    """
    owner: dict[str, str] = {}
    for role, group in zip(("levers", "uncertainties"), groups, strict=True):
        for one in group:
            for path in (held.path for held in one.inputs):
                if path in owner:
                    what = f"{path} is moved by '{owner[path]}' already"
                    raise loaded.problem(what, (role, one.name))
                owner[path] = one.name


def _dimensions(
    loaded: Loaded, trail: Trail, name: str, factor: Factor, known: Mapping[str, Varied]
) -> Iterator[Dimension]:
    if factor.distribution == "own":
        yield from _own(loaded, trail, factor.paths or (name,), known)
        return
    inputs = tuple(_input(loaded, trail, path, known) for path in factor.paths or (name,))
    for one in inputs:
        if reason := _refusal(one, factor):
            raise loaded.problem(reason, trail)
    yield Dimension(name, factor, inputs)


def _own(
    loaded: Loaded, trail: Trail, patterns: tuple[str, ...], known: Mapping[str, Varied]
) -> Iterator[Dimension]:
    """Every uncertain input that matches, as a dimension of its own over the case's range."""
    for pattern in patterns:
        wild = "*" in pattern
        paths = [path for path in known if wild and fnmatchcase(path, pattern)]
        inputs = [_input(loaded, trail, path, known) for path in paths or [pattern]]
        uncertain = [one for one in inputs if _is_uncertain(one)]
        if not uncertain:
            raise loaded.problem(f"the case gives no range for '{pattern}'", trail)
        for one in uncertain:
            how: Literal["set", "scale"] = "scale" if one.kind == "series" else "set"
            yield Dimension(one.path, Factor(distribution="own", how=how), (one,))


def _is_uncertain(one: Varied) -> bool:
    held = one.held
    return (isinstance(held, Quantity) and held.uncertain) or (
        isinstance(held, Series) and held.spread > 0
    )


def _input(loaded: Loaded, trail: Trail, path: str, known: Mapping[str, Varied]) -> Varied:
    if path in known:
        return known[path]
    what = f"members cannot differ in '{path}': no such input, or one that shapes the model"
    raise loaded.problem(what, trail, tuple(known), path)


def _refusal(one: Varied, factor: Factor) -> str:
    """Why an input cannot take a factor; empty if it can."""
    levels = [*factor.values, *(x for x in (factor.low, factor.high) if x is not None)]
    if factor.how != "set":
        return _refusal_of_change(one, factor.how, levels)
    if one.kind == "series":
        return f"'{one.path}' is a path over years: use 'how: scale'"
    for level in levels:
        wanted = {"date": date, "flag": bool}.get(one.kind, float | int)
        if not isinstance(level, wanted) or (isinstance(level, bool) and one.kind != "flag"):
            word = {"date": "a date such as 2020-05-15", "flag": "true or false"}
            return f"'{one.path}' needs {word.get(one.kind, 'a number')}, not {level}"
        if not one.low <= number(level) <= one.high:
            return f"'{one.path}' {_allowed(one)}, not {level}"
        if one.kind == "days" and number(level) > MOST_DAYS:
            return f"'{one.path}' is at most {MOST_DAYS:,} days, as in a case, not {level:,g}"
    return ""


def _allowed(one: Varied) -> str:
    if one.high == np.inf:
        return f"must be {one.low:g} or more"
    return f"lies between {one.low:g} and {one.high:g}"


def _refusal_of_change(one: Varied, how: str, levels: list[bool | float | date]) -> str:
    if any(isinstance(level, bool | date) for level in levels):
        return f"'how: {how}' needs numbers"
    if how == "scale":
        if one.kind in ("date", "flag"):
            return f"'{one.path}' is no number and cannot be scaled"
        if min(map(number, levels)) < 0:
            return "a scale cannot be negative"
        most = max(map(number, levels))
        if one.kind == "days" and isinstance(one.held, float) and one.held * most > MOST_DAYS:
            return f"{most:g} times '{one.path}' is more than the {MOST_DAYS:,} days of a case"
        if isinstance(one.held, Quantity) and one.held.value * most > one.high:
            return f"{most:g} times '{one.path}' is {one.held.value * most:g}: it {_allowed(one)}"
        return ""
    return _refusal_of_move(one, how, levels)


def _refusal_of_move(one: Varied, how: str, levels: list[bool | float | date]) -> str:
    if one.kind != "date":
        return f"'{one.path}' is no date and cannot be moved by {how}"
    if not (isinstance(one.held, float) and np.isfinite(one.held)):
        return f"the case gives no date for '{one.path}'"
    if any(number(level) != round(number(level)) for level in levels):
        return f"'how: {how}' needs whole {how}"
    days = [one.held + number(level) * (31 if how == "months" else 1) for level in levels]
    if min(days) < 1 or max(days) > date.max.toordinal():
        return f"'{one.path}' moved by so many {how} leaves the calendar"
    return ""
