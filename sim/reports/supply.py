"""What chips a year brought, from whom, by which way, and how much revenue rested on them.

Chips are counted by item and origin; their value is the number times the open price of the
year, so that origins can be added up over items. All figures are means over members, because
medians of parts do not add up to a total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.case.schema import Case, Item, Line
from sim.outcomes.dataset import OutcomeError
from sim.reports.series import Run, labels_of, members_of, months_of, numbers_of

ORIGINS = ("direct", "licensed", "domestic", "rerouted")
_TRACE = 0.02  # weight of a stand-in that is not usual in a line but may come to be used


@dataclass(frozen=True)
class Flow:
    """Chips of one item and origin in a year; ``value`` in bn USD at the open price."""

    item: str
    origin: str
    units: float
    value: float


class Supply:
    """Chips and revenue of a run by year, as means over members.

    Args:
        run: results with ``chips`` by item, origin and stage, and ``revenue`` by line.
        case: the case that was run, for prices and bills of chips.

    Raises:
        OutcomeError: if the run lacks one of the two.
    """

    def __init__(self, run: Run, case: Case) -> None:
        self.run, self.case = run, case
        self.items = [key for key in labels_of(run, "chips", "item") if key in case.items]
        self.lines = [key for key in labels_of(run, "revenue", "line") if key in case.lines]
        self._years = months_of(run).astype("datetime64[Y]").astype(int) + 1970
        self._chips = {stage: self._by_year(stage) for stage in ("received", "used")}
        self._revenue = {key: self._yearly("revenue", {"line": key}) for key in self.lines}

    @property
    def years(self) -> list[int]:
        """Complete years of the run."""
        years, months = np.unique(self._years, return_counts=True)
        return [int(year) for year in years[months == 12]]

    def _by_year(self, stage: str) -> dict[tuple[str, str], dict[int, float]]:
        return {
            (item, origin): self._yearly("chips", {"item": item, "origin": origin, "stage": stage})
            for item in self.items
            for origin in ORIGINS
        }

    def _yearly(self, outcome: str, labels: Mapping[str, str]) -> dict[int, float]:
        monthly = np.nan_to_num(numbers_of(members_of(self.run, outcome, labels))).mean(axis=1)
        return {year: float(monthly[self._years == year].sum()) for year in self.years}

    def flows(self, year: int) -> list[Flow]:
        """Chips received in a year by item and origin; those that are nil left out."""
        found = []
        for (item, origin), units in self._chips["received"].items():
            value = units[year] * price(self.case.items[item], year) / 1000
            if value > 0:
                found.append(Flow(item, origin, units[year], value))
        return found

    def by_origin(self, year: int) -> dict[str, float]:
        """Value of the chips received in a year by origin [bn USD]."""
        flows = self.flows(year)
        return {o: sum(flow.value for flow in flows if flow.origin == o) for o in ORIGINS}

    def share(self, origin: str, year: int) -> float:
        """Share of an origin in the value of the chips received in a year."""
        values = self.by_origin(year)
        return values[origin] / (sum(values.values()) or 1.0)

    def revenue(self, year: int) -> dict[str, float]:
        """Revenue of a year by product line [bn CNY]."""
        return {key: values[year] for key, values in self._revenue.items()}

    def resting_on(self, year: int) -> dict[tuple[str, str], float]:
        """Revenue of a year by (origin, product line) [bn CNY].

        A line's revenue is split by the cost of the chips in it; a chip of a line came by
        the ways on which all used chips of its item came.
        """
        revenue = self.revenue(year)
        return {
            (origin, key): revenue[key] * share
            for key in self.lines
            for origin, share in self._mix(self.case.lines[key], year).items()
        }

    def _mix(self, line: Line, year: int) -> dict[str, float]:
        """Share of each origin in the cost of a line's chips; all nil if it uses none."""
        cost = dict.fromkeys(ORIGINS, 0.0)
        for item, weight in self._weights(line, year).items():
            used = {o: self._chips["used"][item, o][year] for o in ORIGINS}
            total = sum(used.values())
            for origin in ORIGINS:
                cost[origin] += weight * used[origin] / total if total else 0.0
        whole = sum(cost.values())
        return {origin: value / whole if whole else 0.0 for origin, value in cost.items()}

    def _weights(self, line: Line, year: int) -> dict[str, float]:
        """Cost of each item in a unit of a line; stand-ins by how many of each were used."""
        prices = {item: price(self.case.items[item], year) for item in self.items}
        weights = {i: q.value * prices[i] for i, q in line.bill.items() if i in prices}
        usual = {i: max(q.value, _TRACE) for i, q in line.processor.items() if i in prices}
        drawn = {i: part * self._used(i, year) for i, part in usual.items()}
        total = sum(drawn.values())
        for item, part in drawn.items():
            weights[item] = weights.get(item, 0.0) + (part / total * prices[item] if total else 0.0)
        return weights

    def _used(self, item: str, year: int) -> float:
        return sum(self._chips["used"][item, origin][year] for origin in ORIGINS)

    def telling_years(self, most: int = 4) -> list[int]:
        """Years worth a picture: the first, the lowest after the peak, the most covert, the last.

        Lowest is revenue, covert the value of chips that came through intermediaries.
        """
        years = self.years
        total = [sum(self.revenue(year).values()) for year in years]
        covert = [self.by_origin(year)["rerouted"] for year in years]
        trough = years[low_after_peak(total)[1]]
        chosen = [years[0], trough, years[-1]]
        if max(covert) > 0:
            chosen.append(years[int(np.argmax(covert))])
        return sorted(set(chosen))[:most]


def low_after_peak(values: Sequence[float]) -> tuple[int, int]:
    """Places of the high and of the low after it between which most was lost.

    (0, 0) where the values never fall.
    """
    best, fall = (0, 0), 0.0
    for low in range(len(values)):
        high = int(np.argmax(values[: low + 1]))
        if values[high] - values[low] > fall:
            best, fall = (high, low), values[high] - values[low]
    return best


def price(item: Item, year: int) -> float:
    """Open price of an item in a year [USD]."""
    known = item.price.values
    return float(np.interp(year, sorted(known), [known[y] for y in sorted(known)]))


def makers_of(case: Case, item: str, origin: str) -> tuple[str, ...]:
    """Actors that make an item by one way; a licence opens the direct way."""
    way = "direct" if origin == "licensed" else origin
    routes = [r for r in case.routes.values() if r.item == item and r.origin == way]
    return tuple(dict.fromkeys(route.maker for route in routes))


def supply_of(run: Run, case: Case | None) -> Supply | None:
    """The supply of a run; None without its case or where the run does not hold it."""
    if case is None:
        return None
    try:
        supply = Supply(run, case)
    except OutcomeError:
        return None
    return supply if supply.years else None
