"""What every measure says about itself: who, whom, when, why we believe it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.world.inputs import Frozen, Keys, Quantity

Grade = Literal["high", "medium", "low", "recall"]
Event = Literal[
    "diversion_detected",
    "visible_licensed_product",
    "domestic_advanced_phone_chip",
    "own_advanced_soc_runs_out",
    "unit_sold",
    "operations_stopped",
    "market_left",
    "settlement_accepted",
    "revenue_recovered",
    "suppliers_suffer",
]
"""Acts inside the model that a government may answer."""


class Trigger(Frozen):
    """The measure answers an act inside the model instead of following the calendar."""

    event: Event = Field(description="The act that is answered.")
    lag_months: Quantity = Field(description="Months from the act to the measure's effect.")


class Step(Frozen):
    """Fields shared by all kinds of measures.

    A measure binds on ``effective`` and on every day after it, until ``ended``, which is the
    first day on which it no longer binds.

    Raises:
        ValueError: if dates are out of order, or missing where the measure has an effect.
    """

    dated: ClassVar[bool] = True  # whether the kind has an effect that needs a date

    title: str = Field(min_length=1, description="Short name for figures.")
    issuer: Keys = Field(min_length=1, description="Country or countries that act.")
    announced: date | None = Field(None, description="Day from which agents may react.")
    effective: date | None = Field(None, description="First day on which the law binds.")
    ended: date | None = Field(None, description="First day on which it no longer binds.")
    announced_late: bool = Field(False, description="The order was dated before it was published.")
    targets: Keys = Field((), description="Actors, tags or countries that are hit.")
    summary: str = Field(min_length=1, description="What the step does, in own words.")
    source: Keys = Field(min_length=1, description="Keys of sources.")
    grade: Grade = Field(description="How well the step is documented.")
    evidence_id: str = Field("", description="Entry of the evidence file that this encodes.")
    note: str = Field("", description="How the entry was encoded, if that needs words.")
    threat: Quantity | None = Field(
        None, description="Weight with which the step raises the firm's sense of threat [0..1]."
    )
    visible: bool = Field(False, description="The public of the target's home notices it.")
    trigger: Trigger | None = Field(None, description="The act it answers, instead of dates.")
    main: bool = Field(False, description="Worth a mark where a figure has room for few.")
    enabled: bool = Field(True, description="False takes the measure out of the calendar.")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.trigger is not None:
            if self.announced or self.effective or self.ended:
                raise ValueError("a measure with a 'trigger' has no dates of its own")
            return self
        if self.announced is None and self.effective is None:
            raise ValueError("give 'announced' or 'effective', or a 'trigger'")
        if self.dated and self.effective is None:
            raise ValueError("a measure with an effect needs the date 'effective' or a 'trigger'")
        self._refuse_disorder()
        return self

    def _refuse_disorder(self) -> None:
        start = self.effective or self.announced
        if self.ended and start and self.ended < start:
            raise ValueError(f"'ended' {self.ended} lies before its start {start}")
        if self.announced_late or not (self.effective and self.announced):
            return
        if self.effective < self.announced:
            raise ValueError(
                f"'effective' {self.effective} lies before 'announced' {self.announced}; "
                "say 'announced_late: true' if the order was published after its date"
            )

    @model_validator(mode="after")
    def _weights_are_shares(self) -> Self:
        for name, value in self:
            if isinstance(value, Quantity) and name in SHARES:
                _refuse_non_share(name, value)
        return self

    @property
    def known(self) -> date | None:
        """First day on which agents can know of the measure; None while it waits for an act."""
        return self.announced or self.effective


SHARES = frozenset(
    {
        "threat",
        "strength",
        "strength_above",
        "strength_other",
        "foreign_made",
        "workaround",
        "maintenance",
        "share",
        "removal",
        "hazard",
    }
)
"""Fields that are shares or probabilities and must lie in [0, 1]."""


def _refuse_non_share(name: str, quantity: Quantity) -> None:
    low = quantity.value if quantity.low is None else quantity.low
    high = quantity.value if quantity.high is None else quantity.high
    if low < 0 or high > 1:
        raise ValueError(f"'{name}' is a share between 0 and 1, not {low:g} to {high:g}")
