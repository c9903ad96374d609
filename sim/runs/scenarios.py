"""How scenarios differ from the case: in numbers that members can carry, or in structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from sim.case.schema import Case
from sim.policy.timing import NEVER
from sim.runs.inputs_varied import Varied
from sim.world.inputs import Quantity

# Words about a case; no agent reads them.
_WORDS = frozenset({"title", "description", "sources", "assumptions", "id", "names", "key_items"})


class StructuralDifferenceError(Exception):
    """Two cases differ in something in which members of one model cannot."""


def numeric_difference(
    base: Case, other: Case, known: Mapping[str, Varied]
) -> dict[str, float] | None:
    """What turns one case into another, by dotted name; None if that takes a model of its own.

    Args:
        base: the case as it is.
        other: a scenario of it.
        known: inputs in which members may differ.
    """
    try:
        return dict(_changes(base, other, "", known))
    except StructuralDifferenceError:
        return None


def _changes(
    mine: Any, theirs: Any, path: str, known: Mapping[str, Varied]
) -> Iterator[tuple[str, float]]:
    if mine == theirs:
        return
    if isinstance(mine, Quantity) and isinstance(theirs, Quantity):
        if _same_number(mine, theirs):
            return
        if theirs.uncertain or path not in known:
            raise StructuralDifferenceError(path)
        yield path, theirs.value
    elif path in known and _plain(mine, theirs):
        yield path, _number(theirs)
    else:
        yield from _below(mine, theirs, path, known)


def _below(
    mine: Any, theirs: Any, path: str, known: Mapping[str, Varied]
) -> Iterator[tuple[str, float]]:
    parts, others = _parts(mine), _parts(theirs)
    if type(mine) is not type(theirs) or parts.keys() != others.keys() or not parts:
        raise StructuralDifferenceError(path)
    for key, part in parts.items():
        if path or key not in _WORDS:
            yield from _changes(part, others[key], f"{path}.{key}" if path else key, known)


def _parts(tree: Any) -> dict[str, Any]:
    if isinstance(tree, BaseModel):
        return dict(tree)
    return {str(key): part for key, part in tree.items()} if isinstance(tree, Mapping) else {}


def _same_number(mine: Quantity, theirs: Quantity) -> bool:
    ours = (mine.value, mine.low, mine.high) if mine.uncertain else (mine.value,)
    other = (theirs.value, theirs.low, theirs.high) if theirs.uncertain else (theirs.value,)
    return ours == other


def _plain(mine: Any, theirs: Any) -> bool:
    return all(value is None or isinstance(value, bool | int | float | date)
               for value in (mine, theirs))  # fmt: skip


def _number(value: Any) -> float:
    if value is None:
        return NEVER
    return float(value.toordinal()) if isinstance(value, date) else float(value)
