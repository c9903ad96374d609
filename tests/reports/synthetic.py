"""A made-up run with plausible numbers, so that figures can be tested without a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

SEGMENTS = {
    "consumer": [35, 39, 40, 20, 18, 21, 28, 30, 31],
    "carrier": [24, 25, 25, 23, 24, 25, 26, 26, 26],
    "enterprise": [6, 7, 8, 8, 9, 10, 11, 12, 12],
    "ict_infrastructure": [31, 32, 33, 31, 33, 35, 37, 38, 38],
    "cloud": [0, 1, 1, 2, 3, 4, 4, 5, 5],
    "digital_power": [2, 3, 3, 4, 4, 5, 6, 6, 7],
    "automotive": [0, 0, 0, 0, 0.2, 0.4, 2, 3, 5],
    "total": [60, 71, 74, 53, 54, 59, 72, 75, 78],
}
TIMELINE = [
    ("denial", "Denial order on a telecom rival", "denial_order", "2018-04-16", "2018-04-15",
     "2018-07-13", True, False),
    ("listing", "Focal firm put on the entity list", "entity_listing", "2019-05-15", "2019-05-16",
     None, True, False),
    ("tgl", "Temporary general licence for existing networks", "temporary_general_licence",
     "2019-05-20", "2019-05-20", "2020-08-13", True, False),
    ("fdpr1", "Foreign-made direct product rule for the listed firm, with a 120-day grace period",
     "foreign_direct_product_rule", "2020-05-15", "2020-09-14", None, True, False),
    ("fdpr2", "Foreign-made direct product rule widened", "foreign_direct_product_rule",
     "2020-08-17", "2020-08-17", None, True, False),
    ("home", "Foundry put on the entity list", "entity_listing", "2020-12-18", "2020-12-18", None,
     True, False),
    ("compute", "Compute and tool controls of October 2022", "compute_performance_control",
     "2022-10-07", "2022-10-07", None, True, False),
    ("nl", "Dutch immersion lithography licence", "tool_control", "2023-06-30", "2023-09-01",
     None, True, False),
    ("hbm", "High-bandwidth memory control", "hbm_control", "2024-12-02", "2024-12-31", None,
     True, False),
    ("sale", "Sale of the budget brand", "unit_sale", "2020-11-17", "2020-11-17", None,
     True, True),
    ("future", "Affiliates rule", "affiliates_rule", "2025-09-29", "2026-11-10", None,
     True, False),
    ("old", "Rival on the entity list", "entity_listing", "2016-03-08", "2016-03-08",
     "2017-03-29", True, False),
    ("talks", "Trade talks suspended", "signal", "2019-05", None, None, False, False),
    ("bill", "Bill that would bar the focal firm from carriers", "signal", "2018-05", None, None,
     True, False),
    ("law", "Subsidy law for chip plants", "context_event", "2022-08-09", "2022-08-09", None,
     False, False),
]  # fmt: skip


@dataclass
class SyntheticRun:
    """What figures need of results."""

    dataset: xr.Dataset
    manifest: dict[str, Any]


def synthetic_run(members: int = 40, seed: int = 3, scale: float = 1.0) -> SyntheticRun:
    """Nine years of made-up outcomes; ``scale`` multiplies them all."""
    maker = _Maker(np.random.default_rng(seed), members, scale)
    _add_sales(maker)
    _add_supply(maker)
    _add_money(maker)
    _add_events(maker)
    timeline = [
        dict(zip(("id", "title", "kind", "announced", "effective", "ended", "acts",
                  "decided_inside"), row, strict=True))
        for row in TIMELINE
    ]  # fmt: skip
    manifest = {"title": "Invented firm", "seed": seed, "members": members, "timeline": timeline}
    return SyntheticRun(xr.Dataset(maker.variables), manifest)


class _Maker:
    def __init__(self, rng: np.random.Generator, members: int, scale: float) -> None:
        self.rng, self.members, self.scale = rng, members, scale
        self.months = pd.date_range("2018-01-01", periods=108, freq="MS")
        self.variables: dict[str, xr.DataArray] = {}

    def path(self, yearly: list[float]) -> np.ndarray:
        level = np.interp(np.arange(108) / 12, np.arange(9) + 0.5, np.array(yearly, dtype=float))
        draw = self.rng.normal(1, 0.1, self.members)
        wiggle = self.rng.normal(1, 0.03, (108, self.members))
        return self.scale * level[:, None] * draw * wiggle

    def add(
        self, name: str, unit: str, kind: str, paths: dict[tuple[str, ...], list[float]],
        dims: tuple[str, ...], csv_name: str = "", label: str = "",
    ) -> None:  # fmt: skip
        labels = [tuple(dict.fromkeys(key[k] for key in paths)) for k in range(len(dims))]
        values = np.full((108, *map(len, labels), self.members), np.nan)
        for key, yearly in paths.items():
            place = tuple(names.index(part) for names, part in zip(labels, key, strict=True))
            values[:, *place, :] = self.path(yearly)
        coords = dict(zip(dims, map(list, labels), strict=True))
        attrs = {"unit": unit, "kind": kind, "csv_name": csv_name or name, "label": label}
        self.variables[name] = xr.DataArray(
            values, {"month": self.months, **coords}, ("month", *dims, "member"), attrs=attrs
        )


def _add_sales(maker: _Maker) -> None:
    revenue = {(key,): [value / 6 * 5 for value in path] for key, path in SEGMENTS.items()}
    maker.add("revenue", "bn CNY", "flow", revenue, ("segment",), label="Revenue")
    phones = {
        ("china",): [9, 12, 10, 3, 2.5, 3, 4, 4, 4.2],
        ("abroad",): [8, 8, 5, 1.5, 0.6, 0.5, 0.6, 0.7, 0.8],
        ("total",): [17, 20, 15, 4.5, 3.1, 3.5, 4.6, 4.7, 5],
    }
    maker.add("phones_shipped", "m units", "flow", phones, ("region",))
    makers = {
        ("own_foreign_foundry",): [11, 14, 12, 2, 0.2, 0, 0, 0, 0],
        ("own_domestic_foundry",): [0, 0, 0, 0, 0, 1.2, 3.5, 4, 4.2],
        ("merchant",): [6, 6, 3, 2.5, 2.9, 2.3, 1, 0.7, 0.8],
    }
    maker.add("phones_shipped_soc", "m units", "flow", makers, ("soc",), "phones_shipped")

    share: dict[tuple[str, ...], list[float]] = {
        ("world",): [0.15, 0.17, 0.15, 0.03, 0.02, 0.03, 0.04, 0.04, 0.04],
        ("china",): [0.26, 0.35, 0.4, 0.1, 0.09, 0.12, 0.17, 0.17, 0.18],
    }
    maker.add("phone_share", "share", "share", share, ("region",))
    network = {(): [0.28, 0.29, 0.31, 0.29, 0.29, 0.3, 0.31, 0.31, 0.31]}
    maker.add("telecom_equipment_share", "share", "share", network, ())


def _add_supply(maker: _Maker) -> None:
    shapes: dict[str, list[float]] = {
        "direct": [9, 12, 11, 0, 0, 0, 0, 0, 0],
        "licensed": [0, 0, 0.4, 1, 1.5, 1.2, 0.3, 0, 0],
        "domestic": [0, 0, 0, 0.1, 0.3, 1.5, 3, 4, 5],
        "rerouted": [0, 0, 0, 0, 0.2, 0.8, 1, 0.1, 0],
    }
    items = ["own_advanced_soc", "ai_die", "network_logic", "memory", "merchant_soc", "hbm"]
    chips = {(item, origin, stage): path for item in items for origin, path in shapes.items()
             for stage in ("ordered", "received", "stock", "used")}  # fmt: skip
    maker.add("chips", "m units", "flow", chips, ("item", "origin", "stage"))
    cover = {(item,): [2, 4, 9, 7, 5, 4, 4, 3, 3] for item in items}
    maker.add("stock_cover", "months", "stock", cover, ("item",))
    lines: dict[tuple[str, ...], list[float]] = {
        ("smic", "n7"): [0, 0, 0, 1, 4, 10, 18, 26, 32],
        ("smic", "n14"): [0, 2, 5, 10, 12, 13, 14, 15, 15],
        ("firm_backed_fabs", "n7"): [0, 0, 0, 0, 0, 0, 2, 6, 12],
    }
    limits: dict[tuple[str, ...], list[float]] = {
        ("phones", "demand"): [1, 1, 0.8, 0, 0, 0, 0.5, 1, 1],
        ("phones", "processors"): [0, 0, 0.2, 1, 1, 1, 0.5, 0, 0],
        ("cloud", "demand"): [1, 1, 1, 1, 1, 1, 1, 1, 1],
        ("cloud", "processors"): [0, 0, 0, 0, 0, 0, 0, 0, 0],
    }
    maker.add("binding", "share", "share", limits, ("line", "constraint"))
    maker.add("wafer_capacity", "kwpm", "stock", lines, ("foundry", "node"))
    good = {key: [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.55, 0.6] for key in lines}
    maker.add("yield", "share", "share", good, ("foundry", "node"))
    dies: dict[tuple[str, ...], list[float]] = {
        ("direct",): [2, 8, 12, 6, 2, 0, 0, 0, 0],
        ("domestic",): [0, 0, 0, 0, 0, 4, 16, 40, 60],
        ("rerouted",): [0, 0, 0, 0, 0, 3, 25, 20, 5],
    }
    maker.add("accelerators", "thousand units", "flow", dies, ("die_origin",))


def _add_money(maker: _Maker) -> None:
    maker.add("cash", "bn CNY", "stock", {(): [265, 370, 350, 420, 375, 480, 450, 400, 390]}, ())
    maker.add("rd_expense", "bn CNY", "flow", {(): [8.5, 11, 12, 12, 13, 14, 15, 16, 16]}, ())
    maker.add("grants", "bn CNY", "flow", {(): [0.1, 0.1, 0.2, 0.2, 0.5, 0.6, 0.5, 0.5, 0.5]}, ())
    maker.add("net_profit", "bn CNY", "flow", {(): [5, 5, 5, 9, -1, 7, 5, 5, 5]}, ())
    countries: dict[tuple[str, ...], list[float]] = {
        ("united_states",): [0.9, 1.5, 0.8, 0.4, 0.3, 0.3, 0.1, 0, 0],
        ("japan",): [0.6, 0.9, 0.7, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4],
        ("south_korea",): [0.8, 1, 0.7, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1],
        ("taiwan",): [1, 1.3, 1.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
        ("china",): [2, 2.5, 3, 2.5, 2.6, 3, 4, 4.4, 4.8],
    }
    maker.add("purchases", "bn USD", "flow", countries, ("country",))


def _add_events(maker: _Maker) -> None:
    for name, label, month in (
        ("own_advanced_soc_runs_out", "Own advanced phone SoC runs out", 44.0),
        ("domestic_advanced_phone_chip", "First phone with a domestic advanced chip", 67.0),
        ("unit_sold", "Budget brand sold", 34.0),
    ):
        months = maker.rng.normal(month, 4, maker.members).round()
        months[: maker.members // 5] = np.nan
        attrs = {"kind": "event", "label": label, "csv_name": name, "unit": "months"}
        maker.variables[name] = xr.DataArray(months, dims=("member",), attrs=attrs)


def documented_rows() -> pd.DataFrame:
    """A few made-up documented outcomes, with a range, a weak source and a quarter."""
    report, analyst = "Invented firm, annual report", "Invented analyst note; page 3"
    rows = [
        *(("revenue", "segment=total", str(year), value, value, value, report, "high")
          for year, value in zip(range(2018, 2026), (721, 859, 891, 637, 642, 704, 862, 880),
                                 strict=True)),
        ("revenue", "segment=total", "2021H1", 320.0, 320.0, 320.0, report, "high"),
        ("revenue", "segment=consumer", "2021", 243.0, 230.0, 256.0, report, "high"),
        ("phones_shipped", "region=total", "2019", 240.0, 238.0, 241.0, analyst, "medium"),
        ("phones_shipped", "region=total", "2021", 35.0, 30.0, 40.0, analyst, "recall"),
        ("yield", "foundry=smic;node=n7", "2023", 0.3, 0.2, 0.5, analyst, "low"),
        ("phone_share", "region=world", "2020", 0.15, 0.14, 0.15, analyst, "medium"),
        ("cash", "", "2020", 357.0, 357.0, 357.0, report, "high"),
        ("domestic_advanced_phone_chip", "", "2023-08", "2023-08", "2023-06", "2023-09", analyst,
         "high"),
    ]  # fmt: skip
    names = ["outcome", "labels", "period", "value", "low", "high", "source", "grade"]
    return pd.DataFrame(rows, columns=names)
