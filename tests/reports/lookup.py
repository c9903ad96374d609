"""Where the numbers of a report stand, found again by another way than the report's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from sim.documented.bars import judge, load_bars
from sim.documented.score import score, summary
from sim.documented.verdicts import verdict
from sim.outcomes.results import Results
from sim.reports.material import Material
from sim.runs.inputs import inputs_of

Place = list[str]


class Tables:
    """The tables of a run; :meth:`value` gives what stands at a place."""

    def __init__(self, material: Material) -> None:
        assert material.results is not None and material.documented is not None
        self.material, self.results = material, material.results
        self.annual = _indexed(self.results.annual())
        self.events = _indexed(self.results.events())
        self.documented = _indexed(material.documented.frame())
        self.card = score(self.results, material.documented)
        self.scores = _indexed(self.card)
        assert material.case is not None and material.case.folder is not None
        bars = load_bars(material.case.folder)
        self.bars = judge(bars, self.results, material.documented, self.card)

    def value(self, place: str) -> Any:
        table, *keys = place.split("|")
        return self._readers()[table](keys)

    def _readers(self) -> Mapping[str, Callable[[Place], Any]]:
        return {
            "annual": lambda k: self.annual[tuple(k[:3])][k[3]],
            "events": lambda k: self.events[k[0], "", ""][k[3]],
            "documented": lambda k: self.documented[tuple(k[:3])]["value"],
            "scorecard": lambda k: self.scores[tuple(k[:3])][k[3]],
            "summary": lambda k: summary(self.card).loc[k[0], k[3]],
            "verdicts": self._verdicts,
            "exceedance": self._chance,
            "bars": lambda k: self.bars[k[0]].measured,
            "origins": self._origins,
            "inputs": self._inputs,
        }

    def _verdicts(self, keys: Place) -> float:
        rows = self.card.to_dict("records")
        name, column = keys[0], keys[3]
        if name == "weak sources":
            return sum(row["grade"] in ("low", "recall") for row in rows) / len(rows)
        if name == "not simulated":
            return sum(verdict(row) == "" for row in rows)
        for sample in ("in", "out"):
            if name.startswith(f"{sample} "):
                rows = [row for row in rows if row["sample"] == sample]
                name = name.removeprefix(f"{sample} ")
        if column.startswith("median_abs_error"):
            part = self.card if not name else self.card[self.card["outcome"] == name]
            return float(part[column.replace("median_abs_", "")].abs().median())
        if column in ("PASS", "WARN", "MISS"):
            rows = [row for row in rows if name in ("", row["outcome"])]
            name = column
        found = [verdict(row) for row in rows]
        return sum(map(bool, found)) if name == "judged" else found.count(name)

    def _chance(self, keys: Place) -> float:
        """Share of the members, by plain arithmetic on their years."""
        outcome, labels, step, _ = keys
        months = self.results.select(outcome, labels).transpose("member", "month")
        by_year = months.groupby("month.year").sum().transpose("year", "member")
        if outcome == "accelerators":
            return float((by_year.sum("year") >= float(step)).mean())
        peak = next(y for y in by_year.year.values if _is_peak(by_year, y))
        later = by_year.sel(year=slice(peak + 1, int(step)))
        return float((later > by_year.sel(year=peak)).any("year").mean())

    def _origins(self, keys: Place) -> float:
        """Chips received by origin at open prices, from the members by plain arithmetic."""
        case = self.material.case
        assert case is not None
        origin, year, column = keys[0], int(keys[2]), keys[3]
        chips = self.results.dataset["chips"].sel(stage="received", month=str(year))
        units = chips.sum("month").mean("member")
        values = dict.fromkeys(("direct", "licensed", "domestic", "rerouted"), 0.0)
        for item, about in case.items.items():
            known = pd.Series(about.price.values).sort_index()
            years = known.reindex(range(min(known.index), 2031)).interpolate()
            for one in values:
                values[one] += float(units.sel(item=item, origin=one)) * years[year] / 1000
        total = sum(values.values())
        return total if column == "bn_usd" else values[origin] / total

    def _inputs(self, keys: Place) -> int:
        found = [one.number.standing for one in inputs_of(self.material.case)]
        return len(found) if keys[0] == "all" else found.count(keys[0])


def _indexed(table: pd.DataFrame) -> dict[tuple[str, str, str], dict[Any, Any]]:
    return {
        (str(r["outcome"]), str(r["labels"] or ""), str(r.get("period") or "")): r
        for r in table.to_dict("records")
    }


def changed(results: Results, other: Results) -> dict[tuple[str, str, str], dict[Any, Any]]:
    """The comparison of two runs by outcome, labels and period."""
    return _indexed(results.compare(other))


def _is_peak(by_year: Any, year: int) -> bool:
    """Whether the deepest fall of the medians begins in a year."""
    medians = by_year.median("member")
    falls = [
        (float(medians.sel(year=a) - medians.sel(year=b)), int(a))
        for a in medians.year.values
        for b in medians.year.values
        if b > a
    ]
    return max(falls)[1] == year
