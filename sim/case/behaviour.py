"""Parameters of behaviour, grouped by the decision they serve, and the mechanism switches."""

from __future__ import annotations

from pydantic import Field

from sim.world.inputs import Frozen, Quantity


class Threat(Frozen):
    """How the firm reads hostile signals."""

    step: Quantity = Field(description="Share of the remaining doubt that a noticed event removes.")
    fade: Quantity = Field(description="Monthly fading of perceived threat.")


class Stock(Frozen):
    """Stock keeping and rationing over time."""

    normal_cover: Quantity = Field(description="Cover in calm times [months of use].")
    precaution_crucial: Quantity = Field(
        description="Cover sought when sure of a cut-off [months]."
    )
    precaution_other: Quantity
    adjust: Quantity = Field(description="Share of the gap to target ordered each month.")
    diverted: Quantity = Field(
        description="Share of a maker's other customers' goods that the firm can outbid."
    )
    slack_growth: Quantity = Field(description="Growth of a maker's base with orders [of gap/mth].")
    home_lean: Quantity = Field(description="Extra weight of home makers once parts are replaced.")
    stretch: Quantity = Field(
        description="Months over which a stock that cannot be refilled lasts."
    )
    forecast_memory: Quantity = Field(description="Memory of the use forecast [months].")
    cash_months: Quantity = Field(description="Cash kept before stock building [months of cost].")


class Demand(Frozen):
    """What moves buyers."""

    platform_loss: Quantity = Field(description="Demand lost without the platform's services.")
    platform_months: Quantity = Field(description="Months until the loss is felt in full.")
    no_five_g: Quantity = Field(description="Demand lost without 5G where buyers want it.")
    generation_lag: Quantity = Field(description="Demand lost per chip generation behind.")
    premium_lag_factor: Quantity = Field(description="How much more premium buyers mind the lag.")
    patriotic_peak: Quantity = Field(description="Extra demand at home at the peak.")
    patriotic_half_life: Quantity = Field(description="Half-life of patriotic demand [months].")
    patriotic_step: Quantity = Field(description="Share of the peak that a visible step restores.")
    price_elasticity: Quantity
    price_cap: Quantity = Field(description="Highest mark-up in scarcity.")
    home_first: Quantity = Field(description="How far home buyers are served first in scarcity.")
    security_drift: Quantity = Field(description="Yearly loss of share at carriers abroad.")
    upkeep_caution: Quantity = Field(description="Carrier demand lost if no upkeep is allowed.")
    ally_caution: Quantity = Field(
        description="Carrier demand lost abroad once the firm is listed."
    )
    rival_capture: Quantity = Field(description="Share of a barred rival's sales that comes over.")
    growth_noise: Quantity = Field(description="Yearly standard deviation of market luck.")


class Suppliers(Frozen):
    """Suppliers under a listing."""

    over_compliance: Quantity = Field(description="Sales stopped beyond the legal need, at first.")
    over_compliance_late: Quantity
    over_compliance_months: Quantity
    upkeep_share: Quantity = Field(description="Part of the trade that keeps networks running.")
    licence_use: Quantity = Field(description="Share of approved value that is shipped.")
    licence_life: Quantity = Field(description="Life of a licence [months].")
    sight: Quantity = Field(description="Chance that a licensed product stirs a hostile state.")
    lobbying: Quantity = Field(description="Rise of approval per bn USD a year of lost sales.")


class HomeFoundries(Frozen):
    """Home foundries' learning, tools and willingness."""

    learning_half_life: Quantity = Field(description="Half-life of excess defects [months].")
    learning_volume: Quantity = Field(description="Wafers at which learning runs at full speed.")
    cluster: Quantity = Field(description="Clustering of defects (negative binomial alpha).")
    effort_elasticity: Quantity
    firm_help: Quantity = Field(description="Most the firm's own engineers speed development.")
    know_how: Quantity = Field(description="Speed-up by covert know-how.")
    tool_drag: Quantity = Field(description="Development lost when all tools are barred [0..1].")
    service_decay: Quantity = Field(description="Monthly loss of unserviced tools.")
    compliance: Quantity = Field(description="Home foundries' fear of serving a listed firm.")
    tool_lead: Quantity = Field(description="Months from tool order to shipment.")
    tool_install: Quantity = Field(description="Months from shipment to output.")
    tool_surge: Quantity = Field(description="Extra shipments inside a closing window.")
    hoarding: Quantity = Field(description="Extra tool orders when controls threaten [of base].")
    covert_tools: Quantity = Field(description="Share of barred tools and service still obtained.")
    capex: Quantity = Field(description="Cost of 1,000 advanced wafers a month [bn CNY].")


class HomeState(Frozen):
    """What the home government does for a firm in distress."""

    grant_share: Quantity = Field(description="Grants in calm times [of revenue].")
    grant_multiple: Quantity = Field(description="Most that grants are multiplied in distress.")
    grant_months: Quantity = Field(description="Months to build the larger grants up.")
    fab_fund: Quantity = Field(description="Fab fund set up once the firm is listed [bn CNY].")
    fund_months: Quantity = Field(description="Months over which it is spent.")
    unit_multiple: Quantity = Field(description="Price offered for a unit [years of revenue].")
    unit_profit_years: Quantity = Field(description="Profits counted in what a unit is worth.")
    unit_instalments: Quantity = Field(description="Months over which the price is paid.")
    unit_supply_floor: Quantity = Field(description="Chips in sight below which it is sold.")
    unit_months: Quantity = Field(description="Months of negotiation.")
    unit_stock: Quantity = Field(description="Share of its chips that a sold unit takes along.")
    preference: Quantity = Field(description="Strength of procurement preference [0..1].")


class Research(Frozen):
    """The R&D budget and where it goes."""

    base_share: Quantity = Field(description="R&D in calm times [of revenue].")
    growth: Quantity = Field(description="Yearly growth of R&D that the firm keeps up in a fall.")
    most_share: Quantity = Field(description="Most that R&D may take [of revenue].")
    design_out: Quantity = Field(description="Share of R&D moved to design-out when cut off.")
    process_help: Quantity = Field(description="Share moved to home chip making when cut off.")
    diversification: Quantity = Field(description="Share moved to new businesses when cut off.")
    speed_elasticity: Quantity = Field(description="Elasticity of substitution speed to R&D.")


class Money(Frozen):
    """Costs and payouts."""

    overhead: Quantity = Field(description="Selling and administration [of revenue].")
    overhead_fixed: Quantity = Field(description="Part of it that does not follow revenue [0..1].")
    payable_months: Quantity = Field(description="Months until suppliers are paid.")
    debt_calm: Quantity = Field(description="Borrowing in calm times [of best year's revenue].")
    debt_alarm: Quantity = Field(description="Extra borrowing when sure of a cut-off [same].")
    debt_months: Quantity = Field(description="Months to raise or repay it.")
    payout: Quantity = Field(description="Share of profit paid to owners, less what they pay in.")
    tax: Quantity = Field(description="Tax on profit.")


class Secondary(Frozen):
    """Selling where a secondary sanction threatens."""

    margin: Quantity = Field(description="Margin on sales there [of sales].")
    stake: Quantity = Field(description="Share of a year's revenue a punishment would cost.")
    phone_cut: Quantity = Field(description="Share of phone sales stopped on suspension.")


class Settlement(Frozen):
    """Accepting a monitor, as a peer did, or refusing."""

    autonomy: Quantity = Field(
        description="What running itself is worth to the firm a year [of its best year's revenue]."
    )
    relief: Quantity = Field(description="Share of the lost trade that it expects back [0..1].")


class Reaction(Frozen):
    """Acts that a reactive government may answer."""

    recovery: Quantity = Field(description="Revenue against its peak that counts as recovered.")
    suffering: Quantity = Field(description="Lost sales that count as pain [bn USD/year].")


class Behaviour(Frozen):
    """All parameters of behaviour."""

    threat: Threat
    stock: Stock
    demand: Demand
    suppliers: Suppliers
    home_foundries: HomeFoundries
    home_state: HomeState
    research: Research
    money: Money
    secondary: Secondary
    settlement: Settlement
    reaction: Reaction


class Mechanisms(Frozen):
    """Switches of the response mechanisms: 1 acts in full, 0 not at all."""

    stockpiling: float = Field(1.0, ge=0, le=1)
    licences: float = Field(1.0, ge=0, le=1)
    rerouting: float = Field(1.0, ge=0, le=1)
    domestic_foundry: float = Field(1.0, ge=0, le=1)
    design_out: float = Field(1.0, ge=0, le=1)
    diversification: float = Field(1.0, ge=0, le=1)
    grants: float = Field(1.0, ge=0, le=1)
    fab_funding: float = Field(1.0, ge=0, le=1)
    unit_purchase: float = Field(1.0, ge=0, le=1)
    procurement_preference: float = Field(1.0, ge=0, le=1)
    patriotic_demand: float = Field(1.0, ge=0, le=1)
    covert_access: float = Field(1.0, ge=0, le=1)
