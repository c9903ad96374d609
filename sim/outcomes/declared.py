"""All outcomes of the model, each declared once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import readers
from sim.outcomes.constraints import binding, constraints
from sim.outcomes.outcome import Kind, Outcome, no_labels
from sim.world.calendar import Array
from sim.world.floor import EVENTS
from sim.world.ledger import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.case.schema import Case
    from sim.model import SupplyChain

    Coords = Callable[[Case], tuple[tuple[str, ...], ...]]
    Read = Callable[[SupplyChain], Array]


def _plain(name: str, unit: str, label: str, kind: Kind, read: Read) -> Outcome:
    return Outcome(name, name, unit, label, kind, (), no_labels, read)


def _by(
    dims: str, name: str, unit: str, label: str, kind: Kind, coords: Coords, read: Read,
    csv_name: str = "",
) -> Outcome:  # fmt: skip
    return Outcome(name, csv_name or name, unit, label, kind, tuple(dims.split()), coords, read)


def _regions(case: Case) -> tuple[tuple[str, ...], ...]:
    return (tuple(dict.fromkeys(region.reporting for region in case.regions.values())),)


def _model_regions(case: Case) -> tuple[tuple[str, ...], ...]:
    return (tuple(case.regions),)


def _home(case: Case) -> str:
    return next(name for name, region in case.regions.items() if region.home)


def _event(name: str) -> Outcome:
    def read(model: SupplyChain) -> Array:
        return model.floor.events[name]

    label = f"Month: {name.replace('_', ' ')}"
    return _plain(name, "month", label, "event", read)


def _sales() -> tuple[Outcome, ...]:
    """What is sold, where, at whose expense."""
    return (
        _by("segment", "revenue", "bn CNY", "Revenue", "flow",
            lambda case: (readers.segments(case),), readers.by_segment),
        _by("line", "revenue_line", "bn CNY", "Revenue by product line", "flow",
            lambda case: (tuple(case.lines),), lambda m: m.firm.money.by_line, "revenue"),
        _by("region", "revenue_region", "bn CNY", "Revenue by region", "flow",
            _regions, readers.by_reporting_region, "revenue"),
        _by("region", "phones_shipped", "million units", "Phones shipped", "flow",
            lambda case: ((_home(case), "abroad", "total"),), readers.phones_by_region),
        _by("soc", "phones_shipped_soc", "million units", "Phones by maker of the processor",
            "flow", lambda case: (("own_foreign_foundry", "own_domestic_foundry", "merchant"),),
            readers.phones_by_soc, "phones_shipped"),
        _by("line", "phones_shipped_line", "million units", "Phones by product line", "flow",
            lambda case: (tuple(k for k, line in case.lines.items() if line.phone),),
            lambda m: m.floor.sales[m.inputs.phone].sum(axis=1), "phones_shipped"),
        _by("region", "phone_share", "share", "Share of phones", "share",
            lambda case: ((_home(case), "abroad", "world"),), readers.phone_shares),
        _plain("own_soc_share", "share", "Own designs in the world's phone processors", "share",
               readers.own_soc_share),
        _plain("telecom_equipment_share", "share", "Share of telecom equipment", "share",
               readers.network_share),
        _plain("accelerator_share", "share", "Share of accelerators at home", "share",
               readers.accelerator_share),
        _by("line constraint", "binding", "share", "What limits output", "share",
            constraints, binding),
        _by("line", "served", "share", "Demand served", "share",
            lambda case: (tuple(case.lines),), lambda m: m.floor.fill),
        _by("rival", "rival_sales", "bn CNY", "Sales of rivals on the firm's lines", "flow",
            lambda case: (readers.rivals(case),), readers.rival_sales),
    )  # fmt: skip


def _supply() -> tuple[Outcome, ...]:
    """Chips, stocks, home foundries, fronts."""
    return (
        _by("item origin stage", "chips", "million units", "Chips", "flow",
            lambda case: (tuple(case.items), ORIGINS, ("ordered", "received", "used")),
            readers.chips),
        _by("item origin stage", "chips_stock", "million units", "Chips in stock", "stock",
            lambda case: (tuple(case.items), ORIGINS, ("stock",)),
            lambda m: m.ledger.stock()[:, :, None], "chips"),
        _by("item", "stock_cover", "months", "Stock cover", "stock",
            lambda case: (tuple(case.items),), lambda m: np.minimum(m.firm.supply.cover(), 60.0)),
        _by("kind", "stock_value", "bn CNY", "Value of stock", "stock",
            lambda case: (("raw", "total"),), readers.stock_values),
        _by("die_origin", "accelerators", "thousand units", "AI accelerators built", "flow",
            lambda case: (("foreign_foundry", "domestic_foundry", "rerouted", "total"),),
            readers.accelerators),
        _plain("rerouted_dies", "million dies", "Dies ordered through fronts", "flow",
               lambda m: sum((f.diverted for f in m.fronts), np.zeros(m.ensemble.members))),
        _plain("detections", "fronts", "Fronts found out", "flow",
               lambda m: sum((f.detections for f in m.fronts), np.zeros(m.ensemble.members))),
        _plain("fronts_trading", "fronts", "Fronts trading", "stock",
               lambda m: sum((f.trading.sum(axis=0) for f in m.fronts),
                             np.zeros(m.ensemble.members))),
        _by("foundry node", "wafer_capacity", "thousand wafers/month", "Wafer capacity", "stock",
            readers.nodes, readers.wafer_capacity),
        _by("foundry node", "wafers_started", "thousand wafers", "Wafers started", "flow",
            readers.nodes, readers.wafers_started),
        _by("foundry node", "yield", "share", "Yield of a 1 cm2 die", "share",
            readers.nodes, readers.yields),
        _by("type country", "tools_received", "systems", "Foreign chip tools received", "flow",
            readers.tool_kinds, readers.tools_received),
    )  # fmt: skip


def _money() -> tuple[Outcome, ...]:
    """The firm's books and the home state's support."""
    return (
        _by("country", "purchases", "bn USD", "Purchases", "flow",
            lambda case: (readers.supplier_countries(case),), readers.purchases),
        _by("foundry", "foundry_sales", "bn of its currency", "Foundry sales to the firm", "flow",
            lambda case: (readers.foundries(case),), readers.foundry_sales),
        _plain("net_profit", "bn CNY", "Net profit", "flow", lambda m: m.firm.money.net_profit),
        _plain("cash", "bn CNY", "Cash", "stock", lambda m: m.ledger.account("firm")),
        _plain("debt", "bn CNY", "Borrowing", "stock", lambda m: m.firm.money.debt),
        _plain("payables", "bn CNY", "Owed to suppliers", "stock", lambda m: m.firm.money.owed),
        _plain("grants", "bn CNY", "Government grants", "flow", lambda m: m.home_state.grants),
        _plain("unit_proceeds", "bn CNY", "Proceeds of the sold unit", "flow",
               lambda m: m.firm.money.other_income),
        _plain("fab_fund", "bn CNY", "State funds for fabs", "flow",
               lambda m: m.home_state.fund_spent),
        _plain("rd_expense", "bn CNY", "R&D expense", "flow", lambda m: m.firm.money.research),
        _by("use", "rd_use", "bn CNY", "R&D by use", "flow",
            lambda case: (("products", "design_out", "process_help", "new_business"),),
            lambda m: np.stack(list(m.firm.research.use.values()))),
    )  # fmt: skip


def _regime() -> tuple[Outcome, ...]:
    """Licences, losses of others, networks, research."""
    return (
        _by("stage", "licences", "bn USD", "Licences", "flow",
            lambda case: (("applied", "granted", "used"),),
            lambda m: np.stack([m.licences.applied, m.licences.granted, m.licences.used])),
        _by("country", "supplier_losses", "bn USD", "Sales lost by suppliers abroad", "flow",
            lambda case: (readers.loss_countries(case),), readers.supplier_losses),
        _by("region", "networks_installed", "bn CNY", "Networks in use", "stock",
            _model_regions, lambda m: readers.networks(m, "installed")),
        _by("region", "networks_removed", "bn CNY", "Networks taken out under bans", "flow",
            _model_regions, lambda m: readers.networks(m, "removed")),
        _by("region", "upkeep_barred", "share", "Upkeep that is not allowed", "share",
            _model_regions, lambda m: readers.networks(m, "unserved_upkeep")),
        _by("site", "rd_staff", "persons", "R&D staff", "stock",
            lambda case: (tuple(case.research.sites),), lambda m: m.firm.research.sites.staff),
        _plain("rd_output", "ratio", "Research output against undisturbed sites", "share",
               lambda m: m.firm.research.sites.output()),
        _by("government", "burden", "bn USD", "Sales lost so far by a state's suppliers", "stock",
            readers.allied, lambda m: readers.burdens(m)),
        _by("government", "retaliation", "bn USD", "Cost of counter-measures to a state", "flow",
            readers.states, readers.retaliation),
        _by("country", "tool_losses", "bn USD", "Sales lost by tool makers abroad", "flow",
            readers.tool_countries, readers.tool_losses),
        _plain("public_cost", "bn USD", "Cost to sanctioning governments", "flow",
               lambda m: m.law.public_cost(m.month)),
        _plain("perceived_threat", "share", "Threat the firm perceives", "share",
               lambda m: m.firm.supply.threat),
        _plain("cut_off", "share", "Foreign chip trade that is barred", "share",
               lambda m: m.firm.supply.cut_off),
        _plain("parts_replaced", "share", "Part types replaced", "share",
               lambda m: m.firm.research.replaced),
    )  # fmt: skip


# In functions, since a checker of types reads these before it has seen the agents.
OUTCOMES = (*_sales(), *_supply(), *_money(), *_regime(), *(_event(name) for name in EVENTS))
