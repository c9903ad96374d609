"""The kinds of measures, each as frozen typed data; what they do is asked of the regime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from sim.policy.limits import ItemScope, MarketScope, NamedItems, NamedMarkets, ToolScope
from sim.policy.steps import Step
from sim.world.inputs import Frozen, Keys, Quantity


class Signal(Step):
    """A threat without legal effect: a bill, an arrest, a leak."""

    dated: ClassVar[bool] = False
    kind: Literal["signal"] = "signal"


class Context(Step):
    """Drawn on the timeline only; nothing in the model reads it."""

    dated: ClassVar[bool] = False
    kind: Literal["context"] = "context"
    instrument: str = Field(min_length=1, description="What sort of step it was.")
    decided_inside: bool = Field(
        False, description="In the model an agent decides this; the date is for comparison only."
    )

    @model_validator(mode="after")
    def _acts_on_nothing(self) -> Self:
        if self.threat is not None or self.visible or self.trigger is not None:
            raise ValueError("a 'context' entry has no 'threat', 'visible' or 'trigger'")
        return self


class CounterMeasure(Step):
    """A step of the home government against other states: critical inputs are withheld."""

    dated: ClassVar[bool] = False
    kind: Literal["counter_measure"] = "counter_measure"
    strength: Quantity | None = Field(
        None, description="Share of critical inputs withheld from targets [0..1], default none."
    )

    @model_validator(mode="after")
    def _binds_from_a_date(self) -> Self:
        if self.strength is not None and self.effective is None and self.trigger is None:
            raise ValueError("'strength' needs the date 'effective' or a 'trigger'")
        return self


class EntityListing(Step):
    """Goods with the issuer's content may not go to the listed party without a licence."""

    kind: Literal["entity_listing"] = "entity_listing"
    scope: ToolScope = ToolScope()
    strength: Quantity | None = Field(None, description="Share enforced [0..1], default 1.")
    strength_above: Quantity | None = Field(
        None, description="Share of tools closed to lines above max_node_nm [0..1], default 1."
    )
    workaround: Quantity | None = Field(
        None, description="Share of the closed goods that suppliers lawfully re-source [0..1]."
    )
    workaround_months: Quantity | None = Field(
        None, description="Months after the listing until they have done so."
    )


class TemporaryGeneralLicence(Step):
    """Reopens listed routes for the upkeep of what is already installed."""

    kind: Literal["temporary_general_licence"] = "temporary_general_licence"
    scope: ItemScope = ItemScope()
    maintenance: Quantity | None = Field(
        None, description="Share of the listing's closure reopened for upkeep [0..1], default 1."
    )


class ForeignDirectProductRule(Step):
    """Goods made abroad with the issuer's tools count as the issuer's own."""

    kind: Literal["foreign_direct_product_rule"] = "foreign_direct_product_rule"
    scope: ItemScope = ItemScope()
    own_design_only: bool = Field(False, description="Only items that the target designed.")
    grace_days: int = Field(
        0, ge=0, le=3650, description="Days after effect on which work in progress still ships."
    )
    strength: Quantity | None = Field(None, description="Share enforced [0..1], default 1.")


class Approval(Frozen):
    """Probability that an application is approved, by control class of the goods."""

    low: Quantity = Field(description="Goods under low control [0..1].")
    high: Quantity = Field(description="Goods under high control [0..1].")


class LicencePolicy(Step):
    """How applications are decided while this policy is the latest in force."""

    kind: Literal["licence_policy"] = "licence_policy"
    deciding: bool = Field(True, description="False: nothing new is decided.")
    approval: Approval | None = None
    decision_months: Quantity | None = Field(None, description="Months to a decision.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.deciding and (self.approval is None or self.decision_months is None):
            raise ValueError("a policy that decides needs 'approval' and 'decision_months'")
        return self


class LicenceRevocation(Step):
    """Voids licences that were granted before."""

    kind: Literal["licence_revocation"] = "licence_revocation"
    scope: ItemScope = ItemScope()
    share: Quantity | None = Field(None, description="Share voided [0..1], default 1.")


class ToolControl(Step):
    """Tool types that foundries hit may no longer buy, by process node of the line."""

    kind: Literal["tool_control"] = "tool_control"
    scope: ToolScope = ToolScope()
    strength: Quantity | None = Field(None, description="Share closed [0..1], default 1.")
    strength_other: Quantity | None = Field(
        None, description="Share closed to lines above max_node_nm [0..1], default 0."
    )
    grace_days: int = Field(
        0, ge=0, le=3650, description="Days after effect on which licensed tools still ship."
    )


class ToolServiceStop(Step):
    """Vendors' staff and spare parts are withdrawn from the lines hit."""

    kind: Literal["tool_service_stop"] = "tool_service_stop"
    scope: ToolScope = ToolScope()
    strength: Quantity | None = Field(None, description="Share withdrawn [0..1], default 1.")


class HbmControl(Step):
    """Named items (stacked memory) may not go to the targets, by any route."""

    kind: Literal["hbm_control"] = "hbm_control"
    scope: NamedItems
    strength: Quantity | None = Field(None, description="Share closed [0..1], default 1.")


class ComputePerformanceControl(Step):
    """The rival's products above a performance threshold leave the target's market."""

    kind: Literal["compute_performance_control"] = "compute_performance_control"
    scope: MarketScope = MarketScope()
    strength: Quantity | None = Field(
        None, description="Share of the rival's products closed [0..1], default 1."
    )


class MarketBan(Step):
    """Part of a market may no longer buy from the targets."""

    kind: Literal["market_ban"] = "market_ban"
    scope: NamedMarkets
    share: Quantity | None = Field(
        None, description="Share of each region's market closed in the end [0..1], default 1."
    )
    phase_months: Quantity | None = Field(
        None, description="Months after effect until the share is closed, default 0."
    )


class RipAndReplace(Step):
    """Public money pays buyers to take installed equipment out."""

    kind: Literal["rip_and_replace"] = "rip_and_replace"
    scope: NamedMarkets
    removal: Quantity = Field(description="Share of the regions' market that leaves [0..1].")
    removal_months: Quantity = Field(description="Months over which it does.")
    public_cost: Quantity = Field(description="Public money paid over that time [bn USD].")


class DenialOrder(Step):
    """The issuer's firms, and goods with its content or made with its tools, are barred.

    It forbids to use, to sell and to store them as well, so what lies in stock may not be built
    in while it lasts. A general licence reopens it for upkeep, as it does a listing.
    """

    kind: Literal["denial_order"] = "denial_order"
    strength: Quantity | None = Field(None, description="Share enforced [0..1], default 1.")
    foreign_made: Quantity | None = Field(
        None,
        description="Share of goods made abroad with the issuer's tools that it reaches [0..1], "
        "default 1.",
    )


class MonitoredSettlement(Step):
    """A fine and a monitor lift a denial order, or whatever else is named."""

    kind: Literal["monitored_settlement"] = "monitored_settlement"
    lifts: Keys = Field(min_length=1, description="The measures that it lifts.")
    penalty: Quantity | None = Field(None, description="Fine and escrow [bn USD].")


class AffiliatesRule(Step):
    """Firms owned by listed parties count as listed: shells are harder to found."""

    kind: Literal["affiliates_rule"] = "affiliates_rule"
    entry_factor: Quantity = Field(description="Multiplies the entry of intermediaries.")


class FoundryDueDiligence(Step):
    """Foundries must know their customers: diverted orders are found sooner."""

    kind: Literal["foundry_due_diligence"] = "foundry_due_diligence"
    detection_factor: Quantity = Field(description="Multiplies the hazard of detection.")


class SecondarySanction(Step):
    """Selling into the named markets may itself be punished."""

    kind: Literal["secondary_sanction"] = "secondary_sanction"
    scope: MarketScope
    hazard: Quantity = Field(description="Probability of punishment [1/month].")


Measure = Annotated[
    Signal
    | Context
    | CounterMeasure
    | EntityListing
    | TemporaryGeneralLicence
    | ForeignDirectProductRule
    | LicencePolicy
    | LicenceRevocation
    | ToolControl
    | ToolServiceStop
    | HbmControl
    | ComputePerformanceControl
    | MarketBan
    | RipAndReplace
    | DenialOrder
    | MonitoredSettlement
    | AffiliatesRule
    | FoundryDueDiligence
    | SecondarySanction,
    Field(discriminator="kind"),
]
"""Any measure; ``kind`` tells which."""

MEASURES: TypeAdapter[dict[str, Measure]] = TypeAdapter(dict[str, Measure])
"""Reads a mapping id -> measure, as ``measures:`` of a case holds it."""


def quantities(measure: Step) -> Iterator[tuple[str, Quantity]]:
    """The numbers of a measure with their path below it, such as ``approval.low``."""
    for name, value in measure:
        if isinstance(value, Quantity):
            yield name, value
        elif isinstance(value, Frozen):
            for inner, number in value:
                if isinstance(number, Quantity):
                    yield f"{name}.{inner}", number


def references(measure: Step) -> dict[str, tuple[str, ...]]:
    """Names that the case must know: ``items``, ``tools``, ``lines``, ``regions``."""
    scope = getattr(measure, "scope", None)
    found = {} if scope is None else dict(scope)
    return {name: value for name, value in found.items() if isinstance(value, tuple) and value}
