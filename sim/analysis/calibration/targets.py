"""What a fit is held to: documented values of the sample, with the error they may show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from sim.analysis.calibration.file import LoadedCalibration, TargetRule
from sim.case.schema import Case
from sim.documented.align import DERIVED
from sim.documented.observation import OF, Documented, Observation
from sim.documented.span import Span
from sim.world.calendar import Array

UNDEFINED = 10.0  # distance of a share of nothing: as good as ruled out


@dataclass(frozen=True)
class Target:
    """One documented value with the standard deviation of its error, in its unit.

    The error is that of the sources (by grade) and the model's own (the discrepancy);
    between ``low`` and ``high`` of the sources there is none.
    """

    observation: Observation
    sigma: float

    @property
    def name(self) -> str:
        """As :func:`target_name`."""
        return target_name(self.observation)

    def distance(self, members: Array, last: int) -> Array:
        """Signed distance to the documented range in standard deviations, same shape.

        Args:
            members: simulated values; NaN is an event that has not happened.
            last: last month of the run: what has not happened happens later.
        """
        one = self.observation
        values = np.where(np.isnan(members), last + 1.0, members) if one.is_event else members
        below, above = np.minimum(values - one.low, 0.0), np.maximum(values - one.high, 0.0)
        return np.nan_to_num((below + above) / self.sigma, nan=UNDEFINED)

    @property
    def centre(self) -> float:
        """Middle of the documented range, in the value's unit."""
        return (self.observation.low + self.observation.high) / 2

    def blurred(self, members: Array, last: int, error: Array, rng: np.random.Generator) -> Array:
        """What would be documented of members, in standard deviations from what is, same shape.

        A member's value with an error of the target drawn to it: the error, and the place
        within the range of the sources. What is documented lies at nil.

        Args:
            members: simulated values; NaN is an event that has not happened.
            last: last month of the run.
            error: errors in standard deviations, (members,).
            rng: draws the places.
        """
        one = self.observation
        half = (one.high - one.low) / 2
        missing = last + 1.0 if one.is_event else self.centre + UNDEFINED * self.sigma
        values = np.where(np.isnan(members), missing, members)
        missed = self.sigma * error + half * (2 * rng.random(len(values)) - 1)
        return (values - self.centre + missed) / np.hypot(self.sigma, half / np.sqrt(3))


def target_name(one: Observation) -> str:
    """``revenue|segment=total@2019``."""
    return "|".join(part for part in one.key if part) + f"@{one.period}"


def targets_of(loaded: LoadedCalibration, case: Case, documented: Documented) -> tuple[Target, ...]:
    """The targets that a file asks for, in its order.

    Raises:
        ConfigError: for a target that is not documented, lies after the sample or outside
            the run, is asked for twice, or whose grade has no error.
    """
    run = _run(loaded, case, documented)
    found: dict[tuple[str, str, str], Target] = {}
    for place, rule in enumerate(loaded.calibration.targets):
        for one in _chosen(loaded, place, rule, documented, run):
            if (*one.key, one.period) in found:
                what = f"{one.outcome} {one.labels} {one.period} is a target already"
                raise loaded.problem(what, ("targets", place))
            sigma = _sigma(loaded, place, rule, one, documented)
            found[*one.key, one.period] = Target(one, sigma)
    return tuple(found.values())


def _run(loaded: LoadedCalibration, case: Case, documented: Documented) -> Span:
    start, until = case.calendar.start, loaded.calibration.until
    if until.year > documented.reading.in_sample_to:
        what = (
            f"the sample ends with {documented.reading.in_sample_to}: later months judge the "
            f"fit, so a fit does not run through them"
        )
        raise loaded.problem(what, ("until",))
    if until < start:
        raise loaded.problem(f"the case begins later, in {start:%Y-%m}", ("until",))
    return Span(start.year * 12 + start.month - 1, until.year * 12 + until.month - 1)


def _chosen(
    loaded: LoadedCalibration, place: int, rule: TargetRule, documented: Documented, run: Span
) -> Iterator[Observation]:
    """Documented values that one rule means."""
    trail = ("targets", place)
    named = [one for one in documented if one.outcome == rule.outcome]
    if not named:
        names = tuple(dict.fromkeys(one.outcome for one in documented))
        raise loaded.problem("no such documented outcome", (*trail, "outcome"), names, rule.outcome)
    labelled = [one for one in named if rule.labels in (None, one.labels)]
    if not labelled:
        labels = tuple(dict.fromkeys(one.labels for one in named))
        raise loaded.problem(
            "no such documented labels", (*trail, "labels"), labels, str(rule.labels)
        )
    for period in rule.periods:
        _refuse_period(loaded, place, period, labelled, documented)
    kept = [
        one
        for one in labelled
        if (one.period in rule.periods if rule.periods else documented.sample(one) == "in")
        and one.span.within(run)
    ]
    if not kept:
        raise loaded.problem("nothing documented lies within the run", trail)
    if any(one.is_event != (rule.months is not None) for one in kept):
        raise loaded.problem("an event has an error in 'months', others a 'discrepancy'", trail)
    yield from kept


def _refuse_period(
    loaded: LoadedCalibration,
    place: int,
    period: str,
    labelled: Sequence[Observation],
    documented: Documented,
) -> None:
    trail = ("targets", place, "periods")
    of_period = [one for one in labelled if one.period == period]
    if not of_period:
        known = tuple(dict.fromkeys(one.period for one in labelled))
        raise loaded.problem(f"nothing is documented for {period}", trail, known, period)
    if any(documented.sample(one) == "out" for one in of_period):
        last = documented.reading.in_sample_to
        what = f"{period} lies after the sample, which ends with {last}: it judges the fit"
        raise loaded.problem(what, trail)


def _sigma(
    loaded: LoadedCalibration,
    place: int,
    rule: TargetRule,
    one: Observation,
    documented: Documented,
) -> float:
    if rule.months is not None:
        return rule.months
    grades = loaded.calibration.grades
    if one.grade not in grades:
        what = f"no error is given for grade '{one.grade}' of {one.outcome} {one.period}"
        raise loaded.problem(what, ("grades",))
    assert rule.discrepancy is not None
    # Nothing sold has no share of itself: its error is a share of what the others are.
    scale = abs(one.value) or float(
        np.mean([abs(other.value) for other in documented.select(*one.key)])
    )
    sigma = scale * float(np.hypot(rule.discrepancy, grades[one.grade]))
    if not sigma > 0:
        raise loaded.problem("a value of nil among nil values has no error", ("targets", place))
    return sigma


def columns_of(targets: Sequence[Target]) -> tuple[str, ...]:
    """Columns that a run must record for these targets."""
    return tuple(dict.fromkeys(_column(one.observation) for one in targets))


def _column(one: Observation) -> str:
    name = DERIVED.get(one.outcome, one.outcome)
    return f"{name}|{one.labels}" if one.labels and OF not in one.by_label else name


def distances(targets: Sequence[Target], values: Mapping[str, Array], last: int) -> Array:
    """Signed distances of all targets, (members, targets)."""
    return np.stack([one.distance(values[one.name], last) for one in targets], axis=1)


def blurred(
    targets: Sequence[Target], values: Mapping[str, Array], last: int, common: float, seed: int
) -> Array:
    """What would be documented of members, (members, targets); see :meth:`Target.blurred`.

    Args:
        targets: the targets.
        values: simulated values by name of the target.
        last: last month of the run.
        common: part of the error's variance that all periods of an outcome share [0..1]: who is
            wrong about a year tends to be wrong about the next in the same direction.
        seed: of the errors.
    """
    rng = np.random.default_rng(seed)
    shared: dict[tuple[str, str], Array] = {}
    columns = []
    for one in targets:
        members = values[one.name]
        if one.observation.key not in shared:
            shared[one.observation.key] = rng.standard_normal(len(members))
        own = rng.standard_normal(len(members))
        error = np.sqrt(common) * shared[one.observation.key] + np.sqrt(1.0 - common) * own
        columns.append(one.blurred(members, last, error, rng))
    return np.stack(columns, axis=1)


def shuffled_years(targets: Sequence[Target], seed: int) -> tuple[Target, ...]:
    """The same targets with the years of each outcome exchanged, so that no year is its own.

    A fit to them shows what a fit to wrong data scores. Values of single years stay.
    """
    rng = np.random.default_rng(seed)
    order = {one.name: place for place, one in enumerate(targets)}
    made: list[Target] = []
    for _, group in groupby(sorted(targets, key=lambda t: t.observation.key),
                            key=lambda t: t.observation.key):  # fmt: skip
        years = [one for one in group if one.observation.span.year is not None]
        made += _exchanged(years, rng)
    moved = {one.name: one for one in made}
    return tuple(moved.get(name, targets[place]) for name, place in order.items())


def _exchanged(years: Sequence[Target], rng: np.random.Generator) -> list[Target]:
    if len(years) < 2:
        return list(years)
    places = np.arange(len(years))
    given = places
    while (given == places).any():
        given = rng.permutation(places)
    return [_as_if(one, years[int(other)]) for one, other in zip(years, given, strict=True)]


def _as_if(one: Target, other: Target) -> Target:
    """``one`` with the value that belongs to another year."""
    taken = {name: getattr(other.observation, name) for name in ("value", "low", "high", "grade")}
    return Target(one.observation.model_copy(update=taken), other.sigma)
