"""Agent-based simulation of a technology firm's chip supply under sanctions.

>>> from sim import load_case, simulate
>>> results = simulate(load_case("huawei"), members=256, seed=1)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.case.load import load_case
    from sim.model import SupplyChain
    from sim.runs.folder import open_results
    from sim.runs.simulate import simulate

__all__ = ["SupplyChain", "load_case", "open_results", "simulate"]

# Importing Mesa, pandas and xarray takes a second: only on first use.
_HOMES = {
    "SupplyChain": "sim.model",
    "load_case": "sim.case.load",
    "open_results": "sim.runs.folder",
    "simulate": "sim.runs.simulate",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("chokepoint-sim")
    except PackageNotFoundError:  # read from a folder that was never installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
