"""Who makes chips and parts: home foundries and their tools, part types, fronts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from sim.world.inputs import Frozen, Quantity


def _month(value: object) -> object:
    """Read ``2018-01`` as the first day of that month."""
    if isinstance(value, str) and len(value) == 7 and value[4] == "-":
        return f"{value}-01"
    return value


Month = Annotated[date, BeforeValidator(_month)]


class Node(Frozen):
    """A process node of a home foundry."""

    nm: float = Field(gt=0)
    capacity: Quantity = Field(description="Running at the start [thousand wafers/month].")
    available: Month | None = Field(None, description="In volume from; None: to be developed.")
    development_months: Quantity | None = None
    ramp_months: Quantity = Field(description="Months to convert the whole park to the node.")
    defects_start: Quantity = Field(description="Defect density at volume start [per cm2].")
    defects_floor: Quantity = Field(description="Defect density when mature [per cm2].")
    wafer_price: Quantity = Field(description="Price of a wafer [USD].")
    tool_need: Quantity = Field(description="Lithography systems per 1,000 wafers a month.")
    generation: float = Field(description="Place on the frontier's ladder of generations.")


class Foundry(Frozen):
    """A home foundry: nodes from old to new, plans, funds and willingness."""

    nodes: dict[str, Node]
    planned_growth: Quantity = Field(description="New capacity planned [thousand wafers/month/y].")
    fund_share: Quantity = Field(description="Share of the state's fab fund that it gets [0..1].")
    firm_backed: bool = False
    growth_rate: Quantity = Field(description="Yearly growth of these plans.")
    build_months: Quantity | None = Field(None, description="Firm-backed: months from the fund.")
    others_share: Quantity = Field(description="Capacity kept for other customers [0..1].")


class ToolType(Frozen):
    """A kind of fab tool; capacity needs every kind (no kind stands in for another)."""

    label: str
    maker: str
    country: str
    price: Quantity = Field(description="Price of a system [bn USD].")
    home_substitute: Quantity = Field(description="Home-made share at the start [0..1].")
    home_growth: Quantity = Field(description="Yearly growth of the home-made share [0..1].")


class Components(Frozen):
    """The population of part types besides the tracked chips."""

    classes: int = Field(ge=1, le=200_000)
    country_shares: dict[str, Quantity] = Field(description="Country -> share of other parts.")
    redesign_months: Quantity = Field(description="Months to qualify a substitute, median class.")
    redesign_spread: Quantity = Field(description="Log standard deviation between classes.")


class Intermediaries(Frozen):
    """The population of front designers who order abroad for somebody else."""

    count: int = Field(ge=1, le=100_000)
    capacity: Quantity = Field(description="Orders one can place [m dies/month].")
    capacity_spread: Quantity = Field(description="Log standard deviation between them.")
    setup_cost: Quantity = Field(description="Masks, design port and cover company [bn CNY].")
    setup_months: Quantity
    markup: Quantity
    penalty: Quantity = Field(description="What being caught costs, in values of the set-up.")
    detection: Quantity = Field(description="Hazard of detection at foundry scale [1/month].")
    risk_aversion: Quantity
    vigilance: Quantity = Field(description="Checks after the first case against before [ratio].")
    reentry_months: Quantity
