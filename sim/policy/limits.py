"""What a measure is limited to: items, tools, markets, nodes."""

from __future__ import annotations

from pydantic import Field

from sim.world.inputs import Frozen, Keys


class ItemScope(Frozen):
    """Chips and parts; no items means all items."""

    items: Keys = Field((), description="Items reached; empty reaches all.")
    max_node_nm: float | None = Field(
        None, gt=0, description="Only items made at this process node or finer [nm]."
    )


class NamedItems(Frozen):
    """Chips and parts that a measure must name."""

    items: Keys = Field(min_length=1, description="Items reached.")


class ToolScope(Frozen):
    """Chip-making tools; no tools means all tool types of the issuers' countries."""

    tools: Keys = Field((), description="Tool types reached; empty: all of the issuers.")
    max_node_nm: float | None = Field(
        None, gt=0, description="Lines at this process node or finer are reached in full [nm]."
    )


class MarketScope(Frozen):
    """Markets: product lines in regions; an empty list means all."""

    lines: Keys = Field((), description="Product lines reached; empty reaches all.")
    regions: Keys = Field((), description="Regions reached; empty reaches all.")


class NamedMarkets(Frozen):
    """Markets that a measure must name."""

    lines: Keys = Field(min_length=1, description="Product lines reached.")
    regions: Keys = Field(min_length=1, description="Regions reached.")
