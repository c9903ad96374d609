"""What an input is called: where it stands in the case and what its field says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.case.schema import Case, Route
from sim.reports.answers import lower_first
from sim.reports.names import display
from sim.world.inputs import Quantity, Series

_SWITCHES = "mechanisms"
_UNTOLD = "behaviour"  # most inputs stand there: it tells nobody which one is meant
_BRACKETS = re.compile(r"\s*[\[(][^\])]*[\])]")  # units and ranges, told elsewhere


def input_label(path: str, case: Case) -> str:
    """An input by its place and meaning: ``Stock: cover in calm times``.

    Args:
        path: dotted path of an input outside the measures.
        case: the case that holds it.

    Raises:
        KeyError, AttributeError: if it holds none.
    """
    keys = path.split(".")
    if keys[0] == _SWITCHES:
        return display(keys[-1])
    places, what = _walk(keys, case)
    return ": ".join(part for part in (", ".join(places), lower_first(what)) if part)


def input_unit(path: str, case: Case) -> str:
    """The unit of an input; nothing for a switch.

    Raises:
        KeyError, AttributeError: if the case holds no such input.
    """
    held: Any = case
    for key in path.split("."):
        held = held[key] if isinstance(held, Mapping) else getattr(held, key)
    return held.unit if isinstance(held, Quantity | Series) else ""


def _walk(keys: list[str], case: Case) -> tuple[list[str], str]:
    """Names of what holds an input, from the outside, and what its field says."""
    held: Any = case
    places, what = [], ""
    for key in keys:
        if isinstance(held, Mapping):
            held = held[key]
            places.append(_name(key, held, case))
            continue
        what, held = _meaning(held, key), getattr(held, key)
        inside = isinstance(held, BaseModel) and not isinstance(held, Quantity | Series)
        if inside and key != _UNTOLD:
            places.append(display(key))
    return places, what


def _name(key: str, held: object, case: Case) -> str:
    if isinstance(held, Route):
        return f"{case.items[held.item].label} from {_name(held.maker, None, case)}"
    actor = case.actors.get(key)  # a foundry is one of them, under the same key
    return str(getattr(held, "label", "") or (actor.label if actor else display(key, case.names)))


def _meaning(held: BaseModel, key: str) -> str:
    """The first clause of a field's description, without unit.

    Its name where it has none, and nothing if the field only holds others by name.
    """
    told = type(held).model_fields[key].description
    if told is None:
        return "" if isinstance(getattr(held, key), Mapping) else display(key)
    return _BRACKETS.sub("", told.rpartition("-> ")[2]).partition(";")[0].rstrip(". ")
