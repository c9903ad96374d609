"""What the model reports: one declaration an outcome, with its unit, kind and labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.case.schema import Case
    from sim.model import SupplyChain

Kind = Literal["flow", "stock", "share", "event"]


def no_labels(case: Case) -> tuple[tuple[str, ...], ...]:
    """Coordinates of an outcome without dimensions."""
    return ()


@dataclass(frozen=True)
class Outcome:
    """One outcome, declared once.

    A year of a ``flow`` is the sum of its months, of a ``stock`` its last month, of a
    ``share`` the mean of the months in which it is defined. An ``event`` has one value a
    member: the month in which it happened, counted from the start of the run, or NaN for never.

    Args:
        name: variable in the dataset, unique; ``revenue_region``.
        csv_name: name in tables; variables with other labels may share it; ``revenue``.
        unit: unit in words or symbols; ``bn CNY``.
        label: words for an axis or a table.
        kind: how months make a year.
        dims: names of the label dimensions; ``("region",)``.
        coords: labels of each dimension for a case. A label ``total`` is read like any other.
        read: this month's values from the model, (*dims, members); NaN where not defined.
    """

    name: str
    csv_name: str
    unit: str
    label: str
    kind: Kind
    dims: tuple[str, ...]
    coords: Callable[[Case], tuple[tuple[str, ...], ...]]
    read: Callable[[SupplyChain], Array]

    def __post_init__(self) -> None:
        if self.kind == "event" and self.dims:
            raise ValueError(f"the event {self.name} cannot have dimensions: {self.dims}")
        if reserved := {"month", "period", "member"} & set(self.dims):
            raise ValueError(f"{self.name}: the names {sorted(reserved)} are taken")
