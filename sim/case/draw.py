"""The inputs of a case as each member has them: quantities become arrays over members."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.world.calendar import Array, Calendar
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity, Series


class Draws:
    """Reads inputs by dotted path, drawing where a member has no value of its own."""

    def __init__(self, ensemble: Ensemble, calendar: Calendar) -> None:
        self.ensemble = ensemble
        self.calendar = calendar

    def quantity(self, path: str, quantity: Quantity) -> Array:
        """One input by member, (members,)."""
        return self.ensemble.value(path, quantity)

    def series(self, path: str, series: Series) -> Array:
        """A yearly path by month and member, (months, members)."""
        return self.ensemble.path(path, series, self.calendar)

    def group(self, path: str, model: BaseModel) -> Any:
        """A group of parameters with every leaf as (members,), attribute by attribute."""
        leaves = {
            name: self._leaf(f"{path}.{name}", getattr(model, name))
            for name in type(model).model_fields
        }
        return SimpleNamespace(**leaves)

    def switch(self, path: str, value: float) -> Array:
        """A mechanism switch by member, (members,)."""
        values = self.ensemble.values.get(path)
        if values is not None:
            return np.asarray(values, dtype=float)
        return np.full(self.ensemble.members, value)

    def _leaf(self, path: str, leaf: object) -> Any:
        if isinstance(leaf, Quantity):
            return self.quantity(path, leaf)
        if isinstance(leaf, Series):
            return self.series(path, leaf)
        if isinstance(leaf, BaseModel):
            return self.group(path, leaf)
        if isinstance(leaf, (int, float)):
            return self.switch(path, leaf)
        return leaf
