"""The figures of a run: one function each, usable in a notebook, and all of them to files."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.outcomes.dataset import OutcomeError
from sim.reports.compare import figure_compare
from sim.reports.events import figure_events
from sim.reports.frame import Words
from sim.reports.grid import Panel, fan_figure
from sim.reports.names import display
from sim.reports.series import Run, labels_of, members_of, numbers_of
from sim.reports.stack import stack_legend
from sim.reports.style import check_formats, save, styled
from sim.reports.timeline import figure_timeline

KEY_ITEMS = ("own_advanced_soc", "ai_die", "network_logic", "memory", "merchant_soc")
ORIGINS = ("direct", "licensed", "domestic", "rerouted")
SOC_MAKERS = ("own_foreign_foundry", "own_domestic_foundry", "merchant")
MOST_COUNTRIES = 6
PERIOD_NOTE = "A level line through a documented point spans the period that it speaks of."


class FigureSkipped(UserWarning):
    """A figure was not drawn because the run does not hold its outcome."""


def _names(run: Run) -> dict[str, Any]:
    return dict(run.manifest.get("names") or {})


@styled
def figure_revenue(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Total revenue a calendar year."""
    words = Words("Revenue", "bn CNY a calendar year, all segments")
    panel = Panel("", "revenue", {"segment": "total"})
    return fan_figure(run, documented, [panel], words, titled=False, height=4.0)


@styled
def figure_segments(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Revenue of each reported segment a calendar year."""
    segments = labels_of(run, "revenue", "segment")
    panels = [Panel(display(key, _names(run)), "revenue", {"segment": key}) for key in segments]
    note = "Each panel has its own scale."
    words = Words("Revenue by segment", "bn CNY a calendar year", notes=[note])
    return fan_figure(run, documented, panels, words, columns=3, height=1.75)


@styled
def figure_phones(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Phones shipped: total, at home and abroad, and by who made the processor."""
    outcome = "phones_shipped"
    panels = [
        Panel("Total", outcome, {"region": "total"}),
        Panel("By maker of the processor", outcome, stack=("soc", SOC_MAKERS), every="year"),
        Panel("China", outcome, {"region": "china"}),
        Panel("Outside China", outcome, {"region": "abroad"}),
    ]
    words = Words(
        "Phones shipped",
        "million units a calendar year",
        legend=stack_legend(SOC_MAKERS, _names(run)),
    )
    return fan_figure(run, documented, panels, words, columns=2, height=2.1)


@styled
def figure_chip_supply(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Chips received a quarter by origin, one panel for each key item."""
    present = labels_of(run, "chips", "item")
    items = [item for item in KEY_ITEMS if item in present]
    origins = tuple(key for key in ORIGINS if key in labels_of(run, "chips", "origin"))
    panels = [
        Panel(
            display(item, _names(run)),
            "chips",
            {"item": item, "stage": "received"},
            stack=("origin", origins),
        )
        for item in items
    ]
    words = Words(
        "Chip supply by origin",
        "million chips received a quarter; each panel has its own scale",
        legend=stack_legend(origins, _names(run)),
    )
    return fan_figure(run, documented, panels, words, columns=2, height=1.8)


@styled
def figure_stock_cover(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Months of use that the stock of each item would last."""
    items = labels_of(run, "stock_cover", "item")
    panels = [Panel(display(key, _names(run)), "stock_cover", {"item": key}) for key in items]
    panels.append(Panel("Value of all stock [bn CNY]", "stock_value", {"kind": "total"}))
    words = Words("Stock cover by item", "months of use in stock; each panel has its own scale")
    return fan_figure(run, documented, panels, words, columns=3, height=1.6)


@styled
def figure_foundries(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Wafer capacity and yield of each foundry and node."""
    names = _names(run)
    pairs = _foundry_nodes(run)
    panels = []
    for outcome, what in (("wafer_capacity", "capacity"), ("yield", "yield")):
        for foundry, node in pairs:
            title = f"{display(foundry, names)}, {display(node, names)}: {what}"
            panels.append(Panel(title, outcome, {"foundry": foundry, "node": node}))
    words = Words(
        "Foundry capacity and yield",
        "capacity in thousand wafers a month; yield as share of good dies",
        notes=[PERIOD_NOTE],
    )
    columns = min(max(len(pairs), 1), 3)
    return fan_figure(run, documented, panels, words, columns=columns, height=1.8)


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


@styled
def figure_tools(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Tools that the home foundries receive a calendar year, by type and country."""
    names = _names(run)
    panels = [
        Panel(
            f"{display(kind, names)}, {display(country, names)}",
            "tools_received",
            {"type": kind, "country": country},
        )
        for kind in labels_of(run, "tools_received", "type")
        for country in labels_of(run, "tools_received", "country")
    ]
    words = Words("Tools received", "units a calendar year; each panel has its own scale")
    return fan_figure(run, documented, panels, words, columns=3, height=1.75)


@styled
def figure_shares(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Shares of markets: phones, the phone processors behind them, network equipment."""
    panels = [
        *(
            Panel(f"Phones: {display(key, _names(run))}", "phone_share", {"region": key})
            for key in labels_of(run, "phone_share", "region")
        ),
        Panel("Own design among phone processors", "own_soc_share"),
        Panel("Telecom equipment", "telecom_equipment_share"),
    ]
    words = Words(
        "Market shares",
        "share of units (phones) or of sales; 1 is the whole market",
        notes=[PERIOD_NOTE],
    )
    return fan_figure(run, documented, panels, words, columns=2, height=1.75)


@styled
def figure_accelerators(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """AI accelerators a calendar year, in total and by origin of the die."""
    origins = labels_of(run, "accelerators", "die_origin")
    panels = [Panel("Total", "accelerators", {"die_origin": "total"})]
    for key in origins:
        title = f"Die: {display(key, _names(run))}"
        panels.append(Panel(title, "accelerators", {"die_origin": key}))
    words = Words("AI accelerators by origin of the die", "thousand units a calendar year")
    return fan_figure(run, documented, panels, words, columns=2, height=1.8)


@styled
def figure_money(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Cash, R&D expense, grants and net profit."""
    panels = [
        Panel("Cash at the end of the month", "cash"),
        Panel("R&D expense a year", "rd_expense"),
        Panel("Government grants a year", "grants"),
        Panel("Net profit a year", "net_profit"),
    ]
    words = Words("Money", "bn CNY; each panel has its own scale")
    return fan_figure(run, documented, panels, words, columns=2, height=1.9)


@styled
def figure_purchases(run: Run, documented: pd.DataFrame | None = None) -> Figure:
    """Purchases from suppliers a calendar year, by their country."""
    countries = labels_of(run, "purchases", "country")
    size = {key: _size(run, key) for key in countries}
    largest = sorted(countries, key=lambda key: -size[key])[:MOST_COUNTRIES]
    panels = [Panel(display(key, _names(run)), "purchases", {"country": key}) for key in largest]
    left_out = [display(key, _names(run)) for key in countries if key not in largest]
    notes = [f"Not shown, smaller: {', '.join(left_out)}."] if left_out else []
    words = Words(
        "Purchases from suppliers by country",
        "bn USD a calendar year; each panel has its own scale",
        notes=notes,
    )
    return fan_figure(run, documented, panels, words, columns=3, height=1.75)


def _size(run: Run, country: str) -> float:
    return float(np.nansum(members_of(run, "purchases", {"country": country}).values))


FIGURES: dict[str, Callable[[Run, pd.DataFrame | None], Figure]] = {
    "timeline": figure_timeline,
    "revenue": figure_revenue,
    "segments": figure_segments,
    "phones": figure_phones,
    "chip_supply": figure_chip_supply,
    "stock_cover": figure_stock_cover,
    "foundries": figure_foundries,
    "tools": figure_tools,
    "accelerators": figure_accelerators,
    "shares": figure_shares,
    "money": figure_money,
    "purchases": figure_purchases,
    "events": figure_events,
}


def draw_figures(
    results: Run,
    documented: pd.DataFrame | None,
    folder: Path,
    formats: Sequence[str] = ("svg", "png"),
) -> list[Path]:
    """Draw all figures into ``folder``, as ``NAME.FORMAT``.

    Args:
        results: results of a run.
        documented: documented outcomes (outcome, labels, period, value, low, high, source,
            grade ...), or None.
        folder: where to; made if it is missing.
        formats: any of svg, png, pdf.

    Returns:
        Paths of the files written. A figure whose outcome the run does not hold is left
        out with a :class:`FigureSkipped` warning.

    Raises:
        ValueError: for an unknown format, before anything is written.
        OSError: if the folder cannot be written.
    """
    check_formats(formats)
    paths = []
    for name, draw in FIGURES.items():
        try:
            figure = draw(results, documented)
        except OutcomeError as error:
            message = f"figure '{name}' left out: {error}"
            warnings.warn(message, FigureSkipped, stacklevel=2)
            continue
        paths += save(figure, folder, name, formats)
    return paths


__all__ = [
    "FIGURES",
    "FigureSkipped",
    "draw_figures",
    "figure_accelerators",
    "figure_chip_supply",
    "figure_compare",
    "figure_events",
    "figure_foundries",
    "figure_money",
    "figure_phones",
    "figure_purchases",
    "figure_revenue",
    "figure_segments",
    "figure_shares",
    "figure_stock_cover",
    "figure_timeline",
    "figure_tools",
]
