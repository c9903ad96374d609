"""A small synthetic world that the law can bear on."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.policy.measures import MEASURES
from sim.policy.regime import Regime
from sim.policy.scope import FoundryLine, Party, Region, Route, Scope, ToolType
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble

HUAWEI = Path(__file__).parents[2] / "configs" / "cases" / "huawei" / "measures.yaml"

FIRM = Party("huawei", "china", ("listed_firm",))
FOUNDRY = Party("tsmc", "taiwan")
MEMORY = Party("korea_memory", "south_korea")
CPU = Party("us_cpu", "united_states")
SOC_MAKER = Party("merchant_soc_maker_tw", "taiwan")
HOME = Party("smic", "china", ("home_foundry",))
SECRET = Party("shenzhen_fabs", "china")
FRONTS = Party("shell_designers", "china", ("front",))
JAPAN = Party("japan_parts", "japan")

STATES = (Party("us_government", "united_states"), Party("korea", "south_korea"))

ROUTES = {
    "own_soc": Route("own_soc", "own_advanced_soc", FOUNDRY, own_design=True, node_nm=7),
    "memory": Route("memory", "memory", MEMORY),
    "cpu": Route("cpu", "cpu", CPU),
    "bought_soc": Route("bought_soc", "merchant_soc", SOC_MAKER, node_nm=7),
    "home_soc": Route("home_soc", "own_advanced_soc", HOME, "domestic", own_design=True, node_nm=7),
    "front_die": Route("front_die", "ai_die", FOUNDRY, "rerouted", True, node_nm=7, via=FRONTS),
    "front_hbm": Route("front_hbm", "hbm", MEMORY, "rerouted"),
    "hbm": Route("hbm", "hbm", MEMORY),
    "japan": Route("japan", "mature_logic", JAPAN),
}
US_CONTENT = np.array([0.05, 0.1, 1.0, 0.0, 0.0, 0.05, 0.0, 0.0, 0.0]).reshape(-1, 1)
US_TOOLS = np.array([1.0, 0.8, 1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 0.2]).reshape(-1, 1)
TOOLS = {
    "duv_immersion": "netherlands",
    "etch_deposition": "united_states",
    "process_control": "united_states",
    "track_clean": "japan",
    "home_tools": "china",
}
LINES = [(HOME, 28.0), (HOME, 7.0), (SECRET, 7.0), (SECRET, 28.0), (FOUNDRY, 5.0)]
PRODUCTS = ("volume_phones", "carrier_networks", "ai_computing")
REGIONS = ("china", "europe", "russia", "middle_east_africa", "asia_pacific", "americas")


def scope() -> Scope:
    return Scope(
        focal=FIRM,
        routes=tuple(ROUTES.values()),
        content={"united_states": US_CONTENT},
        made_with={"united_states": US_TOOLS},
        tools=tuple(ToolType(key, country) for key, country in TOOLS.items()),
        lines=tuple(FoundryLine(*line) for line in LINES),
        products=PRODUCTS,
        regions=tuple(Region(key, (key,)) for key in REGIONS),
        intermediaries=(FRONTS,),
        states=STATES,
    )


def number(value: float, unit: str = "share") -> dict[str, Any]:
    return {"value": value, "unit": unit, "standing": "documented", "source": "x"}


def measure(kind: str, **fields: Any) -> dict[str, Any]:
    """A measure of the United States, in force from 2020-05-11 unless dates are given."""
    plain = {"title": kind, "kind": kind, "issuer": "united_states", "summary": "words"}
    plain |= {"source": "x", "grade": "high"}
    if not {"announced", "effective", "trigger"} & fields.keys():
        plain["effective"] = "2020-05-11"
    return plain | fields


def calendar(start: str = "2018-01-01", end: str = "2026-12-31") -> Calendar:
    return Calendar(date.fromisoformat(start), date.fromisoformat(end))


def regime(
    measures: dict[str, dict[str, Any]],
    members: int = 1,
    values: dict[str, Any] | None = None,
    **more: Any,
) -> Regime:
    changed = {key: np.asarray(value, dtype=float) for key, value in (values or {}).items()}
    ensemble = Ensemble.of(members, 1, changed)
    parsed = MEASURES.validate_python(measures)
    return Regime(parsed, calendar(), ensemble, scope(), **more)


@cache
def huawei_file() -> dict[str, Any]:
    return yaml.safe_load(HUAWEI.read_text(encoding="utf-8"))


def huawei_regime(members: int = 32, values: dict[str, Any] | None = None) -> Regime:
    return regime(huawei_file()["measures"], members, values)


def month(day: str) -> int:
    return calendar().month_of(date.fromisoformat(f"{day}-01" if len(day) == 7 else day))


def route(key: str) -> int:
    return list(ROUTES).index(key)


def tool(key: str) -> int:
    return list(TOOLS).index(key)


def line(foundry: Party, node_nm: float) -> int:
    return LINES.index((foundry, node_nm))


def market(product: str, region: str) -> tuple[int, int]:
    return PRODUCTS.index(product), REGIONS.index(region)
