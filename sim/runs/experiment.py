"""An experiment file: one question, and the members that answer it, as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.case.schema import Month
from sim.outcomes.periods import Every
from sim.world.inputs import Frozen, Keys

How = Literal["set", "scale", "months", "days"]
Distribution = Literal["uniform", "triangular", "own"]
Method = Literal[
    "grid", "one_at_a_time", "subsets", "latin_hypercube", "sobol", "saltelli", "morris"
]
SAMPLED = ("latin_hypercube", "sobol", "saltelli", "morris")
POWERS_OF_TWO = ("sobol", "saltelli")
MOST_STEPS = 10_000

Level = bool | float | date
"""One setting: a number, on or off, or a date."""


class Factor(Frozen):
    """What varies from design point to design point: one input, or several that move together.

    Levels are listed, or lie between ``low`` and ``high``.
    """

    paths: Keys = Field((), description="Dotted names; the factor's own name if none is given.")
    how: How = Field(
        "set",
        description="The level replaces the input, multiplies it, or moves a date by months or "
        "days.",
    )
    values: tuple[Level, ...] = Field((), description="Levels, in order.")
    low: Level | None = None
    high: Level | None = None
    steps: int = Field(0, ge=0, le=MOST_STEPS, description="Levels between low and high in a grid.")
    distribution: Distribution = Field(
        "uniform", description="Of a sampled range; 'own' is the range that the case gives."
    )
    mode: float | None = Field(None, description="Peak of a triangular range.")

    @model_validator(mode="after")
    def _levels_given(self) -> Self:
        ranged = self.low is not None or self.high is not None
        if self.distribution == "own":
            if self.values or ranged:
                raise ValueError("'own' takes the range of the case: give no levels beside it")
            return self
        if bool(self.values) == ranged:
            raise ValueError("give 'values', or 'low' and 'high'")
        if ranged:
            self._check_range()
        elif len({number(level) for level in self.values}) < len(self.values):
            raise ValueError("a level appears twice")
        return self

    def _check_range(self) -> None:
        if self.low is None or self.high is None:
            raise ValueError("give both 'low' and 'high'")
        if not number(self.low) < number(self.high):
            raise ValueError(f"'low' {self.low} must lie below 'high' {self.high}")
        if self.distribution == "triangular":
            mode = self.mode
            if mode is None or not number(self.low) <= mode <= number(self.high):
                raise ValueError("a triangular range needs a 'mode' between 'low' and 'high'")


def number(level: Level) -> float:
    """A level as a number: a date as its ordinal, on as 1, off as 0."""
    return float(level.toordinal()) if isinstance(level, date) else float(level)


def _lever(value: object) -> object:
    """A lever may be written as the list of its levels."""
    return {"values": value} if isinstance(value, list | tuple) else value


def _uncertainty(value: object) -> object:
    """An uncertainty may be written as ``[low, high]`` or ``own``."""
    if value == "own":
        return {"distribution": "own"}
    if not isinstance(value, list | tuple):
        return value
    if len(value) != 2:
        raise ValueError("a range is written [low, high]")
    return {"low": value[0], "high": value[1]}


Lever = Annotated[Factor, BeforeValidator(_lever)]
Uncertainty = Annotated[Factor, BeforeValidator(_uncertainty)]


class Design(Frozen):
    """How levers and uncertainties are laid out; every lever point meets every other."""

    levers: Method = "grid"
    uncertainties: Method = "latin_hypercube"
    points: int = Field(64, ge=1, description="Points (or trajectories) of a sampled design.")
    lever_points: int | None = Field(None, ge=1, description="The same for levers, if different.")

    @model_validator(mode="after")
    def _balanced(self) -> Self:
        for method, points in (
            (self.levers, self.lever_points or self.points),
            (self.uncertainties, self.points),
        ):
            if method in POWERS_OF_TWO and points & (points - 1):
                raise ValueError(f"a {method} design needs a power of two as points, not {points}")
        return self


def _period(value: object) -> object:
    """A year may be written as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


PeriodText = Annotated[str, BeforeValidator(_period)]
"""2024, 2021H1, 2021Q3, 2021-09; empty for an event."""


class Map(Frozen):
    """Two levers and one outcome, drawn as a map."""

    x: str
    y: str
    outcome: str = Field(description="Column such as revenue|segment=total.")
    period: PeriodText = Field("", description="2024, 2021Q3 ...; empty for an event.")


class Headline(Frozen):
    """A column of the results that answers the question."""

    outcome: str = Field(description="Column such as revenue|segment=total.")
    period: PeriodText = Field("", description="2024, 2021Q3 ...; empty for an event.")


class Aim(Frozen):
    """Something a policy wants little (or much) of."""

    name: str = Field(min_length=1)
    outcomes: Keys = Field(min_length=1, description="Columns, added up.")
    periods: tuple[PeriodText, ...] = Field(min_length=1, description="Periods, added up.")
    want: Literal["least", "most"] = "least"


class Search(Frozen):
    """A search for regimes that no other regime beats on all aims at once."""

    aims: tuple[Aim, ...] = Field(min_length=2)
    population: int = Field(32, ge=4, le=1024)
    generations: int = Field(12, ge=1, le=10_000)


Scenario = str | Mapping[str, Any]
"""Name or file of a scenario, or a mapping of dotted names to values laid over the case."""


def _only_the_case() -> dict[str, Scenario]:
    return {"base": {}}


def _scenarios(value: object) -> object:
    """Scenarios may be a list of names."""
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return {str(name): str(name) for name in value}
    return value


class Experiment(Frozen):
    """One question and everything needed to answer it again."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    title: str = ""
    question: str = Field(min_length=10)
    found: str = Field("", description="What the experiment showed, in words.")
    case: str = Field(min_length=1, description="Name or path of a case or scenario.")
    scenarios: Annotated[dict[str, Scenario], BeforeValidator(_scenarios)] = Field(
        default_factory=_only_the_case, min_length=1
    )
    constants: dict[str, Any] = Field(
        default_factory=dict, description="Dotted names set for all members."
    )
    levers: dict[str, Lever] = Field(default_factory=dict, description="What someone could choose.")
    uncertainties: dict[str, Uncertainty] = Field(
        default_factory=dict, description="What nobody knows."
    )
    posterior: str = Field(
        "",
        description="CSV or Parquet file of draws: a column a dotted name, a row a replicate; "
        "'none' for priors. The case's own posterior if nothing is said.",
    )
    design: Design = Design()
    replicates: int = Field(64, ge=1, description="The same lucks at every point of the design.")
    seed: int = Field(1, ge=0)
    start: Month | None = Field(None, description="First month reported.")
    end: Month | None = Field(None, description="Last month.")
    outcomes: tuple[str, ...] = Field(
        (), description="Names, or columns such as revenue|segment=total; all if none is given."
    )
    resolution: Every = "year"
    block: int | None = Field(None, ge=1, le=65_536, description="Members advanced together.")
    map: Map | None = None
    show: tuple[Headline, ...] = Field((), description="Columns printed after a run.")
    search: Search | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if "levers" in self.model_fields_set and not self.levers:
            raise ValueError("'levers' is empty: leave it out, or name what varies")
        if "uncertainties" in self.model_fields_set and not self.uncertainties:
            raise ValueError("'uncertainties' is empty: leave it out, or name what varies")
        twice = self.levers.keys() & self.uncertainties.keys()
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} is both a lever and an uncertainty")
        if self.map is not None:
            self._check_map(self.map)
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"'end' {self.end} lies before 'start' {self.start}")
        return self

    def _check_map(self, drawn: Map) -> None:
        for axis in (drawn.x, drawn.y):
            if axis not in self.levers:
                raise ValueError(
                    f"the map's axis '{axis}' is no lever; levers: {list(self.levers)}"
                )
        if drawn.x == drawn.y:
            raise ValueError("a map needs two levers")
