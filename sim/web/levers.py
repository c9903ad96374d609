"""Levers: where each stands in history and in a preset, and which inputs it changes.

A lever's value is always told against history, so a preset shows as levers that have moved.
Only levers that differ from the preset change inputs; ranges are scaled with their number, so
that members keep their luck.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sim.case.schema import Case
from sim.policy.steps import Step
from sim.web.setup import Duration, Factor, Grace, Lever, Shift, Strength, Switch
from sim.world.inputs import Quantity, Series

Changes = dict[str, Any]
DATES = ("announced", "effective", "ended")
_STRENGTHS = ("strength", "share", "strength_above", "strength_other")


def number_at(tree: Any, path: str) -> Any:
    """The input at a dotted path of a case.

    Raises:
        KeyError: if there is none.
    """
    for key in path.split("."):
        tree = tree[key] if isinstance(tree, Mapping) else getattr(tree, key)
    return tree


def position(lever: Lever, case: Case, history: Case) -> float:
    """Where a lever stands in ``case``, told against ``history``; at its end if beyond it."""
    return min(max(_position(lever, case, history), lever.low), lever.high)


def _position(lever: Lever, case: Case, history: Case) -> float:
    if isinstance(lever, Shift):
        return float(_months_between(history, case, lever.measures[0]))
    if isinstance(lever, Duration):
        return float(_duration(case.measures[lever.measures[0]]))
    if isinstance(lever, Grace):
        return float(number_at(case.measures[lever.measures[0]], "grace_days"))
    if isinstance(lever, Strength):
        return _strength_against(case, history, lever.measures[0])
    if isinstance(lever, Factor):
        return _factor_against(case, history, lever.paths[0])
    return float(number_at(case, lever.paths[0]))


def changes(lever: Lever, value: float, case: Case, history: Case) -> Changes:
    """Overrides that put a lever at ``value`` in ``case``, by dotted path."""
    if isinstance(lever, Shift):
        return _shift(lever, value, history)
    if isinstance(lever, Duration):
        return _last(lever.measures[0], value, case)
    if isinstance(lever, Grace):
        return _grace(lever, value, history)
    if isinstance(lever, Strength):
        return _strength(lever, value, history)
    if isinstance(lever, Factor):
        return _scale(lever, value, history)
    assert isinstance(lever, Switch)
    return {lever.paths[0]: value}


def _shift(lever: Shift, months: float, history: Case) -> Changes:
    found: Changes = {}
    for key in lever.measures:
        for name in DATES:
            day = getattr(history.measures[key], name)
            if day is not None:
                found[f"measures.{key}.{name}"] = add_months(day, round(months))
    return found


def add_months(day: date, months: int) -> date:
    """The same day some months later or earlier; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _months_between(history: Case, case: Case, key: str) -> int:
    before, after = history.measures[key].known, case.measures[key].known
    if before is None or after is None:
        return 0
    return 12 * (after.year - before.year) + after.month - before.month


def _duration(step: Step) -> int:
    start = step.effective or step.announced
    if not step.enabled or start is None or step.ended is None:
        return 0
    return (step.ended - start).days


def _last(key: str, days: float, case: Case) -> Changes:
    """A new end, and no measure at all where it lasts no day."""
    if days < 1:
        return {f"measures.{key}.enabled": False}
    step = case.measures[key]
    start = step.effective or step.known
    assert start is not None
    return {
        f"measures.{key}.enabled": True,
        f"measures.{key}.ended": start + timedelta(days=round(days)),
    }


def _grace(lever: Grace, days: float, history: Case) -> Changes:
    first = number_at(history.measures[lever.measures[0]], "grace_days")
    gain = round(days) - first
    return {
        f"measures.{key}.grace_days": max(0, number_at(history.measures[key], "grace_days") + gain)
        for key in lever.measures
    }


def _strength(lever: Strength, share: float, history: Case) -> Changes:
    found: Changes = {}
    for key in lever.measures:
        found[f"measures.{key}.enabled"] = share > 0
        if share > 0:
            found |= _weakened(key, history.measures[key], share)
    return found


def _weakened(key: str, step: Step, share: float) -> Changes:
    fields = [name for name in _STRENGTHS if getattr(step, name, None) is not None]
    if not fields:  # the measure acts in full without saying so
        name = next((name for name in _STRENGTHS if name in type(step).model_fields), None)
        return {} if name is None else {f"measures.{key}.{name}": _in_full(step, share)}
    return {f"measures.{key}.{name}": scaled(getattr(step, name), share) for name in fields}


def _in_full(step: Step, share: float) -> dict[str, Any]:
    number = {"value": share, "low": share, "high": share}
    return {**number, "unit": "share", "standing": "assumed", "source": list(step.source)}


def _strength_against(case: Case, history: Case, key: str) -> float:
    step, usual = case.measures[key], history.measures[key]
    if not step.enabled:
        return 0.0
    for name in _STRENGTHS:
        now, then = getattr(step, name, None), getattr(usual, name, None)
        if now is not None:
            return float(now.value / (then.value if then is not None else 1.0))
    return 1.0


def _factor_against(case: Case, history: Case, path: str) -> float:
    now, then = number_at(case, path), number_at(history, path)
    if isinstance(now, Series):
        year = max(then.values)
        return float(now.values[year] / then.values[year])
    return float(now.value / then.value) if then.value else 1.0


def _scale(lever: Factor, factor: float, history: Case) -> Changes:
    found: Changes = {}
    for path in lever.paths:
        number = number_at(history, path)
        if isinstance(number, Series):
            found[f"{path}.values"] = {
                year: _neat(value * factor) for year, value in number.values.items()
            }
        else:
            found[path] = scaled(number, factor, lever.most)
    return found


def scaled(number: Quantity, factor: float, most: float | None = None) -> dict[str, float]:
    """A number and its range times a factor, capped at ``most``."""
    parts = {"value": number.value, "low": number.low, "high": number.high}
    cap = float("inf") if most is None else most
    return {
        name: _neat(min(part * factor, cap)) for name, part in parts.items() if part is not None
    }


def _neat(value: float) -> float:
    """Twelve digits are enough, and 0.30000000000000004 looks like a mistake in a file."""
    return float(f"{value:.12g}")
