"""Names for people: ``own_advanced_soc`` becomes ``Own advanced SoC``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.outcomes.dataset import TOTAL

_NODE = re.compile(r"n(\d+)")

_SPELLINGS = {
    "ai": "AI",
    "asia": "Asia",
    "cpu": "CPU",
    "duv": "DUV",
    "eda": "EDA",
    "fpga": "FPGA",
    "hbm": "HBM",
    "ict": "ICT",
    "pacific": "Pacific",
    "rd": "R&D",
    "rf": "RF",
    "soc": "SoC",
    "states": "States",
    "us": "US",
}

_PHRASES = {
    "own_foreign_foundry": "Own design, foreign foundry",
    "own_domestic_foundry": "Own design, domestic foundry",
    "merchant": "Bought (merchant)",
    "merchant_soc": "Merchant SoC (bought)",
    "own_advanced_soc": "Own SoC, 7 nm and below",
    "own_midrange_soc": "Own SoC, 12-16 nm",
    "ai_die": "AI accelerator die",
    "network_logic": "Network and server logic",
    "rf_analog_fpga": "RF, analog, FPGA",
    "cpu": "CPU (x86)",
    "direct": "Openly from abroad",
    "licensed": "Under licence",
    "domestic": "Domestic makers",
    "rerouted": "Through intermediaries",
    "five_g": "5G",
    "processors": "Phone and server processors",
    "ban": "Bans of markets",
    "own_advanced_soc_runs_out": "Stock of own advanced SoC runs out",
    "domestic_advanced_phone_chip": "Advanced phone chip from a domestic foundry",
    "unit_sold": "Brand sold",
    "diversion_detected": "Diversion of dies found out",
    "market_left": "Market left under secondary sanctions",
    "operations_stopped": "Operations stop",
    "visible_licensed_product": "Licensed product in the public eye",
}


def parts_of(labels: str) -> list[str]:
    """Labels of a column such as ``segment=consumer``, without that of a total."""
    found = [part.partition("=")[2] for part in labels.split(";") if part]
    return [part for part in found if part != TOTAL]


def display(key: str, names: Mapping[str, Any] | None = None) -> str:
    """An id as people write it; ``names`` (id -> name, from the manifest) wins."""
    if names and key in names:
        return str(names[key])
    if key in _PHRASES:
        return _PHRASES[key]
    if node := _NODE.fullmatch(key):
        return f"{node[1]} nm class"
    words = [_SPELLINGS.get(word, word) for word in key.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
