"""How a number enters the model: with its unit, its source and its standing.

Everything that a user can write in YAML derives from :class:`Frozen`, so a misspelt
key is an error and a loaded case cannot change under a running model.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Standing = Literal["documented", "estimated", "assumed"]
_SHARES = ("share", "probability")
_RATES = ("/", " per ")  # a share of something per year or per piece may exceed one
_STEP = "/month"  # a month is one step, in which no more than the whole can go


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Keys = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One key or a list of keys (YAML may write a single key without brackets)."""


def is_share(unit: str) -> bool:
    """Whether numbers of this unit lie in [0, 1]: a part of something, or a probability."""
    of_what = unit.removesuffix(_STEP)
    return of_what.split(" ", 1)[0] in _SHARES and not any(rate in of_what for rate in _RATES)


def _refuse_more_than_all(unit: str, most: float) -> None:
    if is_share(unit) and most > 1:
        raise ValueError(
            f"a '{unit}' lies between 0 and 1, not at {most:g}; "
            "what may be more than the whole has the unit 'ratio'"
        )


class Frozen(BaseModel):
    """A typed, read-only piece of a case; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sourced(Frozen):
    """What every input number says about itself."""

    unit: str = Field(min_length=1, description="Unit of the number, in words or symbols.")
    standing: Standing = Field(description="documented, estimated or assumed (with a range).")
    source: Keys = Field(min_length=1, description="Keys of sources.yaml or assumptions (A-01).")
    note: str = Field("", description="How the number was derived, if it was.")


class Quantity(Sourced):
    """One number, never negative; members draw their own where ``low`` and ``high`` differ.

    The draw is triangular on [low, high] with mode ``value``.
    """

    value: float
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if min(self.value, self.value if self.low is None else self.low) < 0:
            raise ValueError("must not be negative")
        if (self.low is None) != (self.high is None):
            raise ValueError("give both 'low' and 'high', or neither")
        if self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                raise ValueError(
                    f"'value' {self.value:g} must lie between 'low' {self.low:g} "
                    f"and 'high' {self.high:g}"
                )
        elif self.standing == "assumed":
            raise ValueError("an assumed number needs 'low' and 'high'")
        _refuse_more_than_all(self.unit, self.value if self.high is None else self.high)
        return self

    @property
    def uncertain(self) -> bool:
        """Whether members draw different values."""
        return self.low is not None and self.high is not None and self.low < self.high


class Series(Sourced):
    """A number per calendar year, interpolated to months; ``spread`` is its relative error.

    ``values`` maps a year to the value at (``stock``) or over (``flow``) that year. Each
    member scales the whole path by one draw, triangular on [1 - spread, 1 + spread].
    """

    values: dict[int, float] = Field(min_length=1)
    spread: float = Field(0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _years(self) -> Self:
        for year, value in self.values.items():
            if not 1990 <= year <= 2100:
                raise ValueError(f"{year} is not a year between 1990 and 2100")
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"value of {year} must be a number and not negative")
        _refuse_more_than_all(self.unit, max(self.values.values()))
        return self
