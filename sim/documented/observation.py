"""One documented value, and how the values of a case are to be read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.documented.span import Span, month_text
from sim.world.inputs import Frozen

if TYPE_CHECKING:
    import pandas as pd

Grade = Literal["high", "medium", "low", "recall"]
Sample = Literal["in", "out"]

EVENT_UNIT = "month"
OF = "of"
"""Label of a ratio: ``stage=granted;of=applied`` is the part of applied that was granted."""

_MONTH = re.compile(r"\d{4}-\d{2}")
_ONE_LABEL = r"[a-z0-9_]+=[a-z0-9_]+"


def _number(value: object) -> object:
    """A month becomes its number; anything else is left to the field."""
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return float(Span.parse(value).first)
    return value


def _finite(value: object) -> bool:
    try:
        return math.isfinite(float(str(_number(value))))
    except ValueError:
        return False


Number = Annotated[float, BeforeValidator(_number)]


class Observation(Frozen):
    """A documented value; ``low`` and ``high`` span what the sources say.

    The value of an event is a month, held as a month number.
    """

    outcome: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    labels: str = Field(pattern=rf"^({_ONE_LABEL}(;{_ONE_LABEL})*)?$")
    period: str
    value: Number
    low: Number
    high: Number
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)
    address: str = ""
    source_date: str = Field("", pattern=r"^(\d{4}(-\d{2}){0,2})?$")
    grade: Grade
    series: str = ""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _without_range(cls, data: Any) -> Any:
        """Both ends left empty: the sources agree."""
        if isinstance(data, dict) and data.get("low") == data.get("high") == "":
            # A value that cannot be read is told of once, not three times.
            end = data["value"] if _finite(data.get("value")) else 0.0
            return {**data, "low": end, "high": end}
        return data

    @model_validator(mode="after")
    def _sound(self) -> Self:
        span = Span.parse(self.period)
        if not self.low <= self.value <= self.high:
            raise ValueError("'value' must lie between 'low' and 'high'")
        if self.is_event and span != Span(int(self.value), int(self.value)):
            raise ValueError("the period of an event is the month of its value")
        if self.grade != "recall" and not (self.address and self.source_date):
            raise ValueError("'address' and 'source_date' may be empty only for grade recall")
        return self

    @property
    def is_event(self) -> bool:
        """Whether the value is the month in which something happened."""
        return self.unit == EVENT_UNIT

    @cached_property
    def span(self) -> Span:
        """The months that the value speaks of."""
        return Span.parse(self.period)

    @cached_property
    def by_label(self) -> dict[str, str]:
        """Labels as a dictionary."""
        return dict(pair.split("=", 1) for pair in self.labels.split(";") if pair)

    @property
    def key(self) -> tuple[str, str]:
        """What the value measures: outcome and labels."""
        return self.outcome, self.labels

    def text(self, number: float) -> float | str | None:
        """A number of this outcome as tables print it: an event's as a month."""
        return month_text(number) if self.is_event else number

    def distance(self, number: float) -> float:
        """``number`` less the value; nothing inside the range that the sources span."""
        return 0.0 if self.low <= number <= self.high else number - self.value


class SeriesBreak(Frozen):
    """Years between two breaks within which values compare."""

    begins: int = Field(alias="from")
    ends: int = Field(alias="to")
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("'to' must not lie before 'from'")
        return self


class Reading(Frozen):
    """How the values of a case are to be read (``series.yaml``)."""

    before_sanctions_to: int = Field(description="Last year of the trend before the sanctions.")
    in_sample_to: int = Field(description="Last year of the sample; later values judge.")
    resolve: str = Field(min_length=1, description="How conflicts became one row.")
    tolerances: dict[str, float] = Field(
        default_factory=dict, description="Outcome -> error of the median that passes [%]."
    )
    series: dict[str, SeriesBreak] = Field(default_factory=dict)


@dataclass(frozen=True)
class Documented:
    """All documented values of a case, in the order of its tables."""

    observations: tuple[Observation, ...]
    reading: Reading

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    def sample(self, observation: Observation) -> Sample:
        """``in`` for what the model may be fitted to, ``out`` for what judges it."""
        return "in" if observation.span.last_year <= self.reading.in_sample_to else "out"

    def select(self, outcome: str, labels: str = "") -> list[Observation]:
        """The values of one outcome, by time (for the points of a figure)."""
        found = [one for one in self if one.key == (outcome, labels)]
        return sorted(found, key=lambda one: one.span.last)

    def frame(self) -> pd.DataFrame:
        """One row a value, with the columns of the tables; an event's value is text."""
        import pandas as pd

        rows = [
            {**one.model_dump(), **{n: one.text(getattr(one, n)) for n in ("value", "low", "high")}}
            for one in self
        ]
        return pd.DataFrame(rows, columns=list(Observation.model_fields))
