"""Which conclusions survive when a doubtful rule is formulated otherwise.

Each formulation runs the same members on the same luck. What a conclusion says is kept apart
from its numbers, so that one that turns into another can be told from one that only moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.analysis.attribution import Headline, attribute
from sim.case.load import load_case
from sim.case.structure import SECOND
from sim.outcomes.dataset import select
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.periods import by_period
from sim.outcomes.results import Results
from sim.outcomes.summary import event_quantiles, month_text
from sim.runs.simulate import simulate
from sim.world.calendar import Array

REVENUE = Headline("revenue", "segment=total", "")
CHIP, EMPTY = "domestic_advanced_phone_chip", "own_advanced_soc_runs_out"
SHARED = ("government support", "own strategy", "evasion")
RECOVERED = 0.9  # of the peak
AGREE = 0.75  # of the members move the same way, or the sign is unclear
NEAR = 9.0  # months within which an event counts as the same
Progress = Callable[[str], None]

SHIPPED, ALL = "shipped", "all four"
FORMULATIONS: Mapping[str, Mapping[str, str]] = {
    SHIPPED: {},
    **{f"{part}: {name}": {f"structure.{part}": name} for part, (name, *_) in SECOND.items()},
    ALL: {f"structure.{part}": name for part, (name, *_) in SECOND.items()},
}
"""Name -> overrides of the case."""


@dataclass(frozen=True)
class Question:
    """What is concluded, about which case.

    Args:
        case: name of a case.
        scenarios: scenarios of it whose effect is concluded upon.
        peak, end: years of the peak and of the recovery.
    """

    case: str
    scenarios: tuple[str, ...]
    peak: int
    end: int
    members: int = 128
    replicates: int = 16
    seed: int = 1


@dataclass(frozen=True)
class Conclusion:
    """What a formulation says on one point.

    Args:
        says: the conclusion in a few words; another formulation agrees if it says the same.
        numbers: what it rests on.
        month: of an event, months since the start, where that is the conclusion.
    """

    says: str
    numbers: str
    month: float | None = None

    def agrees(self, other: Conclusion) -> bool:
        """Whether two formulations come to the same conclusion."""
        if self.month is None or other.month is None:
            return self.says == other.says
        if np.isnan(self.month) or np.isnan(other.month):
            return bool(np.isnan(self.month) and np.isnan(other.month))
        return abs(self.month - other.month) <= NEAR


def side_by_side(
    question: Question,
    formulations: Mapping[str, Mapping[str, str]] = FORMULATIONS,
    tell: Progress | None = None,
) -> dict[str, dict[str, Conclusion]]:
    """Conclusions by formulation and point."""  # fmt: skip
    found = {}
    for name, changes in formulations.items():
        if tell is not None:
            tell(name)
        found[name] = _Formulation(question, changes).conclusions()
    return found


def flips(found: Mapping[str, Mapping[str, Conclusion]]) -> dict[str, list[str]]:
    """Point -> formulations that come to another conclusion than the first one."""
    first, *others = found
    return {
        point: [name for name in others if not found[name][point].agrees(conclusion)]
        for point, conclusion in found[first].items()
    }


class _Formulation:
    """One formulation of a case, run as often as its conclusions need."""

    def __init__(self, question: Question, changes: Mapping[str, str]) -> None:
        self.question, self.changes = question, dict(changes)

    def conclusions(self) -> dict[str, Conclusion]:
        """What this formulation says, by point."""
        q = self.question
        found = {
            "year of the lowest revenue": self._low_year(),
            f"revenue of {q.end} against {q.peak}": self._recovery(),
            "own advanced phone chips run out": self._month(EMPTY),
            "domestic advanced phone chip": self._month(CHIP),
            f"what carried revenue of {q.end}": self._shares(),
        }
        for name in q.scenarios:
            found[f"{name}: revenue {q.peak}-{q.end}"] = self._effect(name)
            found[f"{name}: domestic advanced phone chip"] = self._delay(name)
        return found

    @cached_property
    def base(self) -> Results:
        return self._run(self.question.case)

    def _run(self, name: str) -> Results:
        wanted = [one for one in OUTCOMES if one.csv_name in (REVENUE.outcome, CHIP, EMPTY)]
        q = self.question
        return simulate(load_case(name, self.changes), q.members, q.seed, outcomes=wanted)

    def _revenue(self, results: Results) -> Array:
        """Revenue of the years from the peak to the end, (years, members)."""
        yearly = by_period(results.select(REVENUE.outcome, REVENUE.labels))
        years = [str(year) for year in range(self.question.peak, self.question.end + 1)]
        return np.asarray(yearly.sel(period=years).transpose("period", "member").values)

    def _low_year(self) -> Conclusion:
        revenue = self._revenue(self.base)
        low = np.median(revenue, axis=1).argmin()
        share = np.mean(revenue.argmin(axis=0) == low)
        year = self.question.peak + int(low)
        return Conclusion(str(year), f"{100 * share:.0f} % of the members")

    def _recovery(self) -> Conclusion:
        revenue = self._revenue(self.base)
        ratio = revenue[-1] / revenue[0]
        low, middle, high = np.quantile(ratio, (0.05, 0.5, 0.95))
        says = "recovered" if middle >= RECOVERED else "not recovered"
        return Conclusion(says, f"{100 * middle:.0f} % ({100 * low:.0f} to {100 * high:.0f})")

    def _months(self, results: Results, event: str) -> Array:
        return np.asarray(select(results.dataset, event).values, dtype=float)

    def _month(self, event: str) -> Conclusion:
        months = self._months(self.base, event)
        low, middle, high = event_quantiles(months, (0.05, 0.5, 0.95))
        texts = [month_text(self.base.start, float(m)) or "never" for m in (low, middle, high)]
        return Conclusion(texts[1], f"{texts[0]} to {texts[2]}", float(middle))

    def _shares(self) -> Conclusion:
        q = self.question
        head = Headline(REVENUE.outcome, REVENUE.labels, str(q.end))
        case = load_case(q.case, self.changes)
        shares = attribute(case, "groups", q.replicates, q.seed, [head])
        mean = dict(zip(shares.names, shares.shares[0].mean(axis=1), strict=True))
        ranked = sorted(SHARED, key=lambda name: -mean[name])
        says = " > ".join(f"{name}{'' if mean[name] > 0 else ' (lowers)'}" for name in ranked)
        return Conclusion(says, ", ".join(f"{mean[name]:+.0f}" for name in ranked))

    @cached_property
    def _others(self) -> Mapping[str, Results]:
        return {name: self._run(name) for name in self.question.scenarios}

    def _effect(self, name: str) -> Conclusion:
        change = self._revenue(self._others[name]).sum(axis=0) - self._revenue(self.base).sum(
            axis=0
        )
        return Conclusion(sign(change), _band(change, " bn CNY"))

    def _delay(self, name: str) -> Conclusion:
        """How much later the chip comes; never counts as the month after the run."""
        after = float(self.base.dataset.sizes["month"])
        late, usual = (
            np.nan_to_num(self._months(r, CHIP), nan=after) for r in (self._others[name], self.base)
        )
        says = {"raises": "later", "lowers": "sooner"}.get(sign(late - usual), sign(late - usual))
        return Conclusion(says, _band(late - usual, " months"))


def sign(change: Array) -> str:
    """Which way a change goes in most members, (members,)."""
    for word, goes in (("raises", change > 0.0), ("lowers", change < 0.0)):
        if np.mean(goes) >= AGREE:
            return word
    return "no clear change"


def _band(values: Array, unit: str) -> str:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{middle:+.0f}{unit} ({low:+.0f} to {high:+.0f})"
