"""The regimes of a Pareto front as files: a table, and a runnable scenario for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.analysis.policy_search import Front, Regime
from sim.outcomes.folder import new_folder
from sim.runs.block import month_later
from sim.runs.dimensions import Dimension
from sim.runs.inputs_varied import Varied
from sim.runs.plan import Plan
from sim.world.inputs import Quantity, Series

if TYPE_CHECKING:
    import pandas as pd

TABLE, REGIMES = "pareto.csv", "regimes"


def write_front(front: Front, plan: Plan, folder: str | Path, force: bool = False) -> Path:
    """Write the table of a front and one scenario file a regime, all or nothing.

    Args:
        front: what the search gave.
        plan: the experiment that was searched.
        folder: where to; must not exist.
        force: replace an earlier search of this name.

    Raises:
        FolderError: if the folder exists or cannot be written.
    """
    with new_folder(folder, force) as draft:
        table = front_table(front)
        table.to_csv(draft / TABLE, index=False, float_format="%.6g")
        (draft / REGIMES).mkdir()
        for place, regime in enumerate(front.best, start=1):
            text = scenario_text(front, regime, plan, place)
            (draft / REGIMES / f"{_name(place)}.yaml").write_text(text, encoding="utf-8")
    return Path(folder)


def front_table(front: Front) -> pd.DataFrame:
    """One row a regime: its name, the level of each lever, and the band of each aim."""
    import pandas as pd

    rows = []
    for place, regime in enumerate(front.best, start=1):
        row: dict[str, Any] = {"regime": _name(place)}
        for one, level in zip(front.dimensions, regime.levels, strict=True):
            row[one.name] = date.fromordinal(int(level)).isoformat() if one.is_date else level
        for aim, band in zip(front.aims, regime.bands.T, strict=True):
            row |= {f"{aim.name} q05": band[0], aim.name: band[1], f"{aim.name} q95": band[2]}
        rows.append(row)
    return pd.DataFrame(rows)


def scenario_text(front: Front, regime: Regime, plan: Plan, place: int) -> str:
    """One regime as a scenario file that ``chokepoint run`` takes."""
    experiment = plan.loaded.experiment
    changes: dict[str, Any] = dict(experiment.constants)
    for one, level in zip(front.dimensions, regime.levels, strict=True):
        changes |= dict(_changes(one, level))
    medians = zip(front.aims, regime.bands[1], strict=True)
    words = "; ".join(f"{aim.name} {value:.4g}" for aim, value in medians)
    base = Path(experiment.case)
    whole = {
        "extends": str(base.resolve()) if base.exists() else experiment.case,
        "title": f"Regime {place} of a Pareto front",
        "description": f"No regime that was tried is better on all aims. Medians: {words}.",
        "set": changes | dict(_known_in_time(changes, plan)),
    }
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)


def _known_in_time(changes: dict[str, Any], plan: Plan) -> Iterator[tuple[str, date]]:
    """A measure that a lever moved before its announcement is known when it takes effect."""
    for key, measure in plan.groups[0].case.measures.items():
        path = f"measures.{key}"
        effective = changes.get(f"{path}.effective", measure.effective)
        announced = changes.get(f"{path}.announced", measure.announced)
        moved = f"{path}.effective" in changes or f"{path}.announced" in changes
        if moved and announced and effective and effective < announced:
            yield f"{path}.announced", effective


def _name(place: int) -> str:
    return f"regime-{place:02d}"


def _changes(one: Dimension, level: float) -> Iterator[tuple[str, Any]]:
    """A lever's level as overrides of the case."""
    for held in one.inputs:
        yield held.path, _override(one, held, level)


def _override(one: Dimension, held: Varied, level: float) -> Any:
    how = one.factor.how
    if how == "scale":
        return _scaled(held, level)
    if how in ("months", "days"):
        assert isinstance(held.held, float)
        day = int(held.held)
        moved = month_later(day, int(level)) if how == "months" else day + int(level)
        return date.fromordinal(moved)
    if held.kind == "date":
        return date.fromordinal(int(level))
    if held.kind == "flag":
        return bool(level)
    return int(level) if held.kind == "days" else level


def _scaled(held: Varied, level: float) -> Any:
    """A number times the level; a range keeps its shape, a path all its years."""
    number = held.held
    if isinstance(number, Series):
        return {"values": {year: value * level for year, value in number.values.items()}}
    if not isinstance(number, Quantity):
        return (number or 0.0) * level
    changed = {"value": number.value * level}
    if number.low is not None and number.high is not None:
        changed |= {"low": number.low * level, "high": number.high * level}
    return changed
