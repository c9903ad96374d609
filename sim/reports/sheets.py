"""What each figure of a run shows: its panels and its words, as data."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.reports.frame import Grid
from sim.reports.grid import Panel, Sheet
from sim.reports.names import display
from sim.reports.series import Run, labels_of, members_of, numbers_of

MOST_ITEMS = 5  # panels where the case does not say which items matter
ORIGINS = ("direct", "licensed", "domestic", "rerouted")
SOC_MAKERS = ("own_foreign_foundry", "own_domestic_foundry", "merchant")
MOST_COUNTRIES, MOST_CAUSES = 6, 6
DEMAND, RARE = "demand", 0.01
OWN_SCALE = "Each panel has its own scale."
PERIOD_NOTE = "A level line through a documented point spans the period that it speaks of."


def _names(run: Run) -> dict[str, Any]:
    return dict(run.manifest.get("names") or {})


def revenue_sheet(run: Run) -> Sheet:
    """Total revenue a calendar year."""
    panel = Panel("", "revenue", {"segment": "total"})
    return Sheet("Revenue", "bn CNY a calendar year, all segments", [panel], Grid(height=4.0))


def segments_sheet(run: Run) -> Sheet:
    """Revenue of each reported segment a calendar year."""
    panels = _panels(run, "revenue", "segment")
    grid = Grid(columns=3, height=1.75)
    return Sheet("Revenue by segment", "bn CNY a calendar year", panels, grid, [OWN_SCALE])


def phones_sheet(run: Run) -> Sheet:
    """Phones shipped: total, at home and abroad, and by who made the processor."""
    outcome = "phones_shipped"
    regions = [key for key in labels_of(run, outcome, "region") if key != "total"]
    panels = [
        Panel("Total", outcome, {"region": "total"}),
        Panel("By maker of the processor", outcome, stack=("soc", SOC_MAKERS), every="year"),
        *(Panel(display(key, _names(run)), outcome, {"region": key}) for key in regions),
    ]
    grid = Grid(columns=2, height=2.1)
    return Sheet("Phones shipped", "million units a calendar year", panels, grid, [OWN_SCALE])


def chip_supply_sheet(run: Run) -> Sheet:
    """Chips received a quarter by origin, one panel for each key item."""
    present = labels_of(run, "chips", "item")
    origins = tuple(key for key in ORIGINS if key in labels_of(run, "chips", "origin"))
    panels = [
        Panel(
            display(item, _names(run)),
            "chips",
            {"item": item, "stage": "received"},
            stack=("origin", origins),
        )
        for item in run.manifest.get("key_items") or present[:MOST_ITEMS]
        if item in present
    ]
    return Sheet(
        "Chip supply by origin",
        "million chips received a quarter",
        panels,
        Grid(columns=2, height=1.8),
        [OWN_SCALE],
    )


def limits_sheet(run: Run) -> Sheet:
    """What limits the output of each product line, where it is not demand."""
    names = _names(run)
    causes = [key for key in labels_of(run, "binding", "constraint") if key != DEMAND]
    weight = {
        (line, key): float(members_of(run, "binding", {"line": line, "constraint": key}).mean())
        for line in labels_of(run, "binding", "line")
        for key in causes
    }
    total = {key: sum(v for (_, cause), v in weight.items() if cause == key) for key in causes}
    main = tuple(key for key in sorted(causes, key=lambda k: -total[k])[:MOST_CAUSES] if total[key])
    lines = {line: sum(weight[line, key] for key in main) for line, _ in weight}
    panels = [
        Panel(display(line, names), "binding", {"line": line}, ("constraint", main), top=1.0)
        for line, share in lines.items()
        if share > RARE
    ]
    rest = [display(line, names) for line, share in lines.items() if share <= RARE]
    notes = [f"Limited by demand alone, or nearly so: {', '.join(rest)}."] if rest else []
    return Sheet(
        "What limits output",
        "share of members in which something other than demand is the tightest limit, by quarter",
        panels,
        Grid(columns=3, height=1.5),
        notes,
    )


def stock_cover_sheet(run: Run) -> Sheet:
    """Months of use that the stock of each item would last."""
    panels = [
        Panel("Value of all stock [bn CNY]", "stock_value", {"kind": "total"}),
        *_panels(run, "stock_cover", "item"),
    ]
    most = max(_most(run, panel) for panel in panels[1:]) if panels[1:] else 0.0
    notes = [OWN_SCALE, f"A cover of {most:.0f} months stands for that much or more."]
    return Sheet(
        "Stock cover by item",
        "months of use in stock at the end of each month",
        panels,
        Grid(columns=3, height=1.6),
        notes if most >= 48 else notes[:1],
    )


def foundries_sheet(run: Run) -> Sheet:
    """Wafer capacity and yield of each foundry and node."""
    names = _names(run)
    panels = [
        Panel(
            f"{display(foundry, names)}, {display(node, names)}: {what}",
            outcome,
            {"foundry": foundry, "node": node},
        )
        for outcome, what in (("wafer_capacity", "capacity"), ("yield", "yield"))
        for foundry, node in _foundry_nodes(run)
    ]
    return Sheet(
        "Foundry capacity and yield",
        "capacity in thousand wafers a month, if a foundry ran that node alone; "
        "yield as share of good dies of 1\N{NO-BREAK SPACE}cm²",
        panels,
        Grid(columns=3, height=1.75),
        [OWN_SCALE, PERIOD_NOTE],
    )


def _foundry_nodes(run: Run) -> list[tuple[str, str]]:
    """Lines of foundries that hold any capacity in the run."""
    found = []
    for foundry in labels_of(run, "wafer_capacity", "foundry"):
        for node in labels_of(run, "wafer_capacity", "node"):
            labels = {"foundry": foundry, "node": node}
            values = numbers_of(members_of(run, "wafer_capacity", labels))
            if np.isfinite(values).any() and np.nanmax(values) > 0:
                found.append((foundry, node))
    return found


def tools_sheet(run: Run) -> Sheet:
    """Tools that the home foundries receive a calendar year, by type and country."""
    names = _names(run)
    pairs = itertools.product(
        labels_of(run, "tools_received", "type"), labels_of(run, "tools_received", "country")
    )
    panels = [
        Panel(
            f"{display(kind, names)}, {display(country, names)}",
            "tools_received",
            {"type": kind, "country": country},
        )
        for kind, country in pairs
        if _most(run, Panel("", "tools_received", {"type": kind, "country": country})) > 0
    ]
    return Sheet(
        "Foreign chip tools received",
        "systems a calendar year, each kind counted as the lithography systems it goes with",
        panels,
        Grid(columns=2, height=1.75),
        [OWN_SCALE],
    )


def shares_sheet(run: Run) -> Sheet:
    """Shares of markets: phones, the phone processors behind them, network equipment."""
    panels = [
        *(
            Panel(f"Phones: {display(key, _names(run))}", "phone_share", {"region": key})
            for key in labels_of(run, "phone_share", "region")
        ),
        Panel("Own design among the world's phone processors", "own_soc_share"),
        Panel("Telecom equipment, world", "telecom_equipment_share"),
        Panel("AI accelerators at home", "accelerator_share"),
    ]
    return Sheet(
        "Market shares",
        "share of units (phones) or of sales; 1 is the whole market",
        panels,
        Grid(columns=2, height=1.75),
        [OWN_SCALE, PERIOD_NOTE],
    )


def accelerators_sheet(run: Run) -> Sheet:
    """AI accelerators a calendar year, in total and by origin of the die."""
    outcome = "accelerators"
    panels = [
        Panel("Total", outcome, {"die_origin": "total"}),
        *(
            Panel(f"Die: {display(key, _names(run))}", outcome, {"die_origin": key})
            for key in labels_of(run, outcome, "die_origin")
        ),
    ]
    title = "AI accelerators by origin of the die"
    grid = Grid(columns=2, height=1.8)
    return Sheet(title, "thousand units a calendar year", panels, grid, [OWN_SCALE])


def money_sheet(run: Run) -> Sheet:
    """Cash, R&D expense, grants and net profit."""
    panels = [
        Panel("Cash at the end of the month", "cash"),
        Panel("R&D expense a year", "rd_expense"),
        Panel("Government grants a year", "grants"),
        Panel("Net profit a year", "net_profit"),
    ]
    return Sheet("Money", "bn CNY", panels, Grid(columns=2, height=1.9), [OWN_SCALE])


def purchases_sheet(run: Run) -> Sheet:
    """Purchases from suppliers a calendar year, by their country."""
    names = _names(run)
    panels = _panels(run, "purchases", "country")
    largest = sorted(panels, key=lambda panel: -_sum(run, panel))[:MOST_COUNTRIES]
    left_out = [display(p.labels["country"], names) for p in panels if p not in largest]
    notes = [f"Not shown, smaller: {', '.join(left_out)}."] if left_out else []
    return Sheet(
        "Purchases from suppliers by country",
        "bn USD a calendar year",
        largest,
        Grid(columns=3, height=1.75),
        [OWN_SCALE, *notes],
    )


def _panels(run: Run, outcome: str, dim: str) -> list[Panel]:
    """One panel for each label of a dimension."""
    names = _names(run)
    return [Panel(display(key, names), outcome, {dim: key}) for key in labels_of(run, outcome, dim)]


def _sum(run: Run, panel: Panel) -> float:
    return float(np.nansum(members_of(run, panel.outcome, panel.labels).values))


def _most(run: Run, panel: Panel) -> float:
    return float(np.nan_to_num(members_of(run, panel.outcome, panel.labels).values).max())


SHEETS: dict[str, Callable[[Run], Sheet]] = {
    "revenue": revenue_sheet,
    "segments": segments_sheet,
    "phones": phones_sheet,
    "chip_supply": chip_supply_sheet,
    "limits": limits_sheet,
    "stock_cover": stock_cover_sheet,
    "foundries": foundries_sheet,
    "tools": tools_sheet,
    "accelerators": accelerators_sheet,
    "shares": shares_sheet,
    "money": money_sheet,
    "purchases": purchases_sheet,
}
