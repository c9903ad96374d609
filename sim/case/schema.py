"""The one typed tree of inputs: what a case says about actors, goods, markets and behaviour.

A case names its actors; the engine knows only their kinds. Every number is a
:class:`~sim.world.inputs.Quantity` or :class:`~sim.world.inputs.Series` with unit, source
and standing. Cross-references are checked in :mod:`sim.case.references`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.case.behaviour import Behaviour, Mechanisms
from sim.case.makers import Components as Components
from sim.case.makers import Foundry as Foundry
from sim.case.makers import Intermediaries as Intermediaries
from sim.case.makers import Month as Month
from sim.case.makers import Node as Node
from sim.case.makers import ToolType as ToolType
from sim.case.plugins import Plugins
from sim.case.references import check_references
from sim.case.structure import Structure
from sim.policy.measures import Measure
from sim.world.inputs import Frozen, Keys, Quantity, Series
from sim.world.located import Located

ActorKind = Literal[
    "focal_firm",
    "foundry",
    "tool_maker",
    "supplier",
    "intermediary",
    "sanctioning_government",
    "home_government",
    "allied_government",
    "third_government",
    "competitor",
    "divested_unit",
    "bystander",
]
Origin = Literal["direct", "domestic", "rerouted"]


class Source(Frozen):
    """Where a number was seen."""

    title: str = Field(min_length=3)
    address: str = ""
    date: str = ""
    grade: Literal["high", "medium", "low", "recall"]


class Assumption(Frozen):
    """A judgement that nobody has documented, and why it is held."""

    text: str = Field(min_length=10)
    reason: str = Field(min_length=3)


class Span(Frozen):
    """First and last month of a run."""

    start: Month
    end: Month

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"'end' {self.end} lies before 'start' {self.start}")
        return self


class RegimeSwitch(Frozen):
    """Whether any measure is in force at all."""

    enabled: bool = True


class Actor(Frozen):
    """Somebody who acts; ``kind`` decides which agent plays the part."""

    kind: ActorKind
    label: str
    country: str
    tags: tuple[str, ...] = ()
    currency: Literal["cny", "usd", "ntd", "eur"] = "usd"
    rivals: dict[str, Quantity] = Field(
        default_factory=dict, description="Line -> share of the rivals' sales that is this actor's."
    )
    critical_inputs: Quantity | None = Field(
        None, description="Yearly loss of a state cut off from all critical inputs [bn USD]."
    )
    diversified: Quantity | None = Field(
        None, description="Share of critical inputs a state can get elsewhere [0..1]."
    )
    firm_share: Quantity | None = Field(
        None, description="Share of a maker's sales of these goods that the firm buys at first."
    )


class Region(Frozen):
    """A part of the world market."""

    label: str
    reporting: str = Field(min_length=1, description="Region under which revenue is reported.")
    home: bool = False
    tags: tuple[str, ...] = ()
    platform_dependence: Quantity
    five_g: Series = Field(description="Share of buyers to whom 5G matters [0..1].")


class Item(Frozen):
    """A class of chips."""

    label: str
    own_design: bool = Field(description="Designed by the focal firm.")
    control_class: Literal["low", "high"] = Field(description="How licences are decided.")
    crucial: bool = Field(description="No second source: held at the higher precautionary cover.")
    price: Series = Field(description="Price per unit where bought openly [USD].")
    initial_cover: Quantity = Field(description="Stock at the start [months of use].")
    nm: float = Field(gt=0, description="Process node [nm].")
    five_g: bool = Field(True, description="Sold with 5G when bought without a licence.")
    designed_out: Quantity | None = Field(
        None, description="Share of the need that redesigned boards do without [0..1]."
    )
    leading_edge: bool = Field(False, description="Competes on chip generation.")
    licensed_after: Quantity | None = Field(
        None, description="Months until products are built with what a licence allows."
    )
    shows: bool = Field(False, description="Buyers are told of it: a licence for it is news.")
    visible: Quantity = Field(description="How fast a teardown would expose it [ratio].")


class Line(Frozen):
    """A product line: what it sells for, what it is made of, where its revenue is reported."""

    label: str
    market: str
    price: Series = Field(
        description="Wholesale price per unit [CNY]; 1000 where the market is in bn CNY."
    )
    material_share: Quantity = Field(description="Parts and making, chips aside [of revenue].")
    priority: Quantity = Field(description="Claim on scarce chips against other lines.")
    bill: dict[str, Quantity] = Field(description="Item -> chips per unit (units of the market).")
    processor: dict[str, Quantity] = Field(
        default_factory=dict,
        description="Item -> chips per unit as usually split; these stand in for one another.",
    )
    old_segment: dict[str, float]
    new_segment: dict[str, float]
    initial_share: dict[str, Quantity] = Field(description="Region -> share of market, start.")
    potential_share: dict[str, Quantity] = Field(description="Region -> share it is heading for.")
    adjust: Quantity = Field(
        description="Speed toward the potential [of gap/month]; new businesses: growth [1/year]."
    )
    new_business: bool = Field(False, description="Grows along an S-curve with investment.")
    consumer: bool = False
    needs_platform: bool = False
    premium: bool = False
    phone: bool = False
    accelerator: bool = False
    networks: bool = Field(False, description="Sold to carriers, who mind security.")
    divestible: bool = False
    public_buyers: Quantity | None = Field(None, description="Gain if the state prefers it.")
    rival_share: Quantity | None = Field(None, description="Share of the controllable rival.")


class Route(Frozen):
    """One way to get an item: from which maker, under which law, how fast, how much."""

    item: str
    maker: str
    origin: Origin
    lead_months: int = Field(ge=1, le=12)
    share: Quantity = Field(description="Usual share of the item's orders.")
    issuer_content: Quantity | None = Field(
        None, description="Share that a listing of the sanctioning country catches [0..1]."
    )
    issuer_tools: Quantity | None = Field(
        None, description="Share made with that country's tools or software [0..1]."
    )
    price_factor: Quantity | None = Field(
        None, description="Price against the item's open price; the same if left out."
    )
    capacity: Series | None = Field(
        None,
        description="What the maker can sell, where not its usual sales set it [m units/month].",
    )
    licensable: bool = Field(True, description="Whether its maker is ever granted a licence.")
    resourceable: bool = Field(True, description="Can be made outside the law's reach in time.")
    node: str | None = Field(None, description="Node of the home foundry that makes it.")
    die_mm2: Quantity | None = Field(None, description="Die area where a home foundry makes it.")
    salvage: Quantity | None = Field(None, description="Share of faulty dies sold with cores off.")


class Site(Frozen):
    """A place of R&D; ``receives`` is its part of posts that leave a closing site."""

    label: str
    country: str
    staff: Quantity = Field(description="R&D staff at the start [persons].")
    growth: Quantity = Field(description="Yearly growth of calm times [1/year].")
    receives: Quantity
    productivity: Quantity = Field(description="Output of a post against one at home [ratio].")


class ResearchSites(Frozen):
    """R&D sites and how fast people move between them."""

    close_months: Quantity = Field(description="Months to close a site down.")
    hire_months: Quantity = Field(description="Months to fill its posts elsewhere.")
    sites: dict[str, Site]


class Initial(Frozen):
    """State of the focal firm at the start."""

    cash: Quantity
    revenue: Quantity = Field(description="Revenue of the twelve months before [bn CNY].")
    earlier_revenue: Quantity = Field(description="Revenue of the year before that [bn CNY].")
    rd_expense: Quantity = Field(description="R&D of the twelve months before [bn CNY].")
    parts_cover: Quantity = Field(description="Other raw materials [months of cost].")
    goods_cover: Quantity = Field(description="All stock but tracked chips [months of cost].")
    raw_share: Quantity = Field(description="Part of all stock that is raw material [0..1].")


class Market(Frozen):
    """Size of a market by region; all vendors together."""

    label: str
    unit: str
    seasonality: tuple[float, ...] = Field(min_length=12, max_length=12)
    seasonality_source: Keys
    coverage: Quantity | None = Field(None, description="Part of the world market in the regions.")
    regions: dict[str, Series]


class Industry(Frozen):
    """The chip cycle, for all makers together."""

    utilisation: Series = Field(description="Share of chip makers' capacity in use (0..1].")


class Exchange(Frozen):
    """Exchange rates."""

    cny_per_usd: Series
    ntd_per_usd: Series
    usd_per_eur: Series


class FrontierStep(Frozen):
    """A process node becomes available to rivals."""

    node: str
    nm: float
    month: Month
    source: Keys
    standing: Literal["documented", "estimated", "assumed"] = "documented"
    note: str = ""


class Case(Located):
    """Everything a run reads."""

    id: str
    title: str
    description: str = ""
    calendar: Span
    focal: str
    regime: RegimeSwitch = RegimeSwitch()
    mechanisms: Mechanisms
    structure: Structure = Structure()
    plugins: Plugins = Plugins()
    names: dict[str, str] = Field(
        default_factory=dict, description="Id -> what people call it, where it has no label."
    )
    key_items: tuple[str, ...] = Field(
        (), description="Items that reports show one by one; the first five if left out."
    )
    actors: dict[str, Actor]
    regions: dict[str, Region]
    items: dict[str, Item]
    lines: dict[str, Line]
    routes: dict[str, Route]
    foundries: dict[str, Foundry]
    tools: dict[str, ToolType]
    components: Components
    platform: str = Field(description="Item: the service that phones abroad depend on.")
    intermediaries: Intermediaries
    research: ResearchSites
    initial: Initial
    behaviour: Behaviour
    markets: dict[str, Market]
    exchange: Exchange
    industry: Industry
    frontier: tuple[FrontierStep, ...]
    measures: dict[str, Measure]
    sources: dict[str, Source]
    assumptions: dict[str, Assumption]

    @model_validator(mode="after")
    def _linked(self) -> Self:
        check_references(self)
        return self
