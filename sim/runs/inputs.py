"""The numbers of a case by dotted path, as overrides and ``values`` name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from sim.world.inputs import Quantity, Series


@dataclass(frozen=True)
class Input:
    """One number or series of a case."""

    path: str
    number: Quantity | Series

    @property
    def uncertain(self) -> bool:
        """Whether members draw different values."""
        number = self.number
        return number.uncertain if isinstance(number, Quantity) else number.spread > 0

    @property
    def text(self) -> str:
        """Value and range in words: ``0.15 (0.08 to 0.3)``, ``2017-2024: 1 to 1.4 (+-5 %)``."""
        number = self.number
        if isinstance(number, Quantity):
            span = f" ({number.low:g} to {number.high:g})" if self.uncertain else ""
            return f"{number.value:g}{span}"
        years, values = sorted(number.values), [number.values[y] for y in sorted(number.values)]
        spread = f" (±{100 * number.spread:g} %)" if number.spread else ""
        course = f"{values[0]:g} to {values[-1]:g}" if len(set(values)) > 1 else f"{values[0]:g}"
        return f"{years[0]}-{years[-1]}: {course}{spread}"


def inputs_of(tree: object, path: str = "") -> Iterator[Input]:
    """Every number of a case with its dotted path, in the order of the schema."""
    if isinstance(tree, Quantity | Series):
        yield Input(path, tree)
        return
    for key, value in _children(tree):
        yield from inputs_of(value, f"{path}.{key}" if path else key)


def number_paths(tree: object, path: str = "") -> Iterator[str]:
    """Dotted paths of all numbers and switches of a case, in which members may differ."""
    if isinstance(tree, Quantity | Series | int | float):
        yield path
        return
    for key, value in _children(tree):
        yield from number_paths(value, f"{path}.{key}" if path else key)


def _children(tree: object) -> Iterator[tuple[str, object]]:
    if isinstance(tree, BaseModel):
        yield from tree  # pydantic: name and value of each field
    elif isinstance(tree, Mapping):
        yield from ((str(key), value) for key, value in tree.items())
