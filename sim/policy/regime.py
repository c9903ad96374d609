"""The one place that answers what is permitted, announced and known, for every member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.policy.book import Book
from sim.policy.closures import Kept, sealed
from sim.policy.effects import enter
from sim.policy.measures import Context, MonitoredSettlement
from sim.policy.scope import Scope
from sim.policy.steps import Event, Step
from sim.policy.timing import Phase, Reader
from sim.world.calendar import Array, Calendar, Mask
from sim.world.ensemble import Ensemble


@dataclass(frozen=True)
class TimelineEntry:
    """One measure on a time axis; ``acts`` tells whether it bears on the case at all."""

    id: str
    title: str
    kind: str
    announced: date | None
    effective: date | None
    ended: date | None
    acts: bool
    decided_inside: bool
    main: bool


class Regime:
    """Sanctions of a run, asked month by month; answers are shared and read-only.

    Shapes: R routes, K tool types, F foundry lines, L product lines, G regions, I
    intermediaries, as in ``scope``. Members may differ in ``measures.ID.effective``,
    ``.announced``, ``.ended`` (ordinals), ``.enabled``, ``.grace_days``, in each quantity of a
    measure, and in ``regime.enabled``.

    Args:
        measures: id -> measure.
        calendar: months of the run.
        ensemble: members and the values in which they differ.
        scope: facts of the case.
        enabled: False takes all measures away.

    Raises:
        ValueError: if members differ in something that no measure has, or if a settlement
            lifts a measure that does not exist.
    """

    def __init__(
        self,
        measures: Mapping[str, Step],
        calendar: Calendar,
        ensemble: Ensemble,
        scope: Scope,
        *,
        enabled: bool = True,
    ) -> None:
        self.measures, self.calendar, self.members = dict(measures), calendar, ensemble.members
        reader = Reader(ensemble, measures)
        on = np.asarray(reader.plain("regime.enabled", float(enabled)) >= 0.5, dtype=float)
        self._phases = {key: Phase(key, step, reader, on) for key, step in measures.items()}
        self._lift_orders()
        self._book = Book(calendar, scope, ensemble.members)
        for key, step in sorted(measures.items(), key=_settlements_last):
            enter(key, step, self._phases[key], reader, self._book)
        self._upkeep = Kept()
        self._edges = calendar.edges.astype(float)
        self.acts: list[tuple[Event, int, Mask]] = []  # reported so far

    def _lift_orders(self) -> None:
        for key, step in self.measures.items():
            if isinstance(step, MonitoredSettlement):
                for lifted in step.lifts:
                    if lifted not in self._phases:
                        raise ValueError(f"'{key}' lifts '{lifted}', which is not a measure")
                    self._phases[lifted].end_with(self._phases[key])

    def phase(self, key: str) -> Phase:
        """Dates of one measure for every member."""
        return self._phases[key]

    # Routes to the focal firm.

    def orders_closed(self, month: int, resourced: Array | float | None = None) -> Array:
        """Share of new orders that is closed [0..1], (R, members).

        Args:
            month: index of the month.
            resourced: share of what listings close that suppliers lawfully make elsewhere by
                now [0..1], broadcastable to (R, members); none by default.
        """
        if resourced is None:
            return self._book.orders.at(month)
        return around(self._book.workable.at(month), self._book.other_orders.at(month), resourced)

    def deliveries_closed(self, month: int, resourced: Array | float = 0.0) -> Array:
        """Share of deliveries of earlier orders that is closed [0..1], (R, members)."""
        others = self._book.other_deliveries.at(month)
        return around(self._book.workable.at(month), others, resourced)

    def use_closed(self, month: int) -> Array:
        """Share of a route's goods that may not be used where they lie [0..1], (R, members)."""
        return self._book.use.at(month)

    def listing_closed(self, month: int) -> Array:
        """Share closed by listings that suppliers may work around, (R, members)."""
        return self._book.workable.at(month)

    def workaround(self, month: int) -> Array:
        """Share of the listings' closure that can lawfully be re-sourced by now, (members,)."""
        return self._book.resourcing.at(month)

    def maintenance_open(self, month: int) -> Array:
        """Share of orders closed by listings but open for upkeep [0..1], (R, members)."""
        upkeep, listings = self._book.upkeep.at(month), self._book.listings.at(month)
        return self._upkeep.of(np.multiply, upkeep, listings)

    def months_to_closure(self, month: int) -> Array:
        """Months from mid-month to the next announced closing of orders, (R, members).

        0 where the route is closed, or closed in part with no more announced; inf where
        nothing is closed or announced. Only what is announced within the month counts.
        """
        return self._book.closing.months(month, self._book.orders)

    def window_share(self, month: int) -> Array:
        """Share of the month's days with a closing announced and orders open, (R, members)."""
        return self._book.closing.window(month)

    # Licences.

    def approval(self, month: int) -> Array:
        """Probability of approval by control class low, high [0..1], (2, members)."""
        return self._book.licensing.at(month).approval

    def deciding(self, month: int) -> Array:
        """Share of the month in which licences are decided at all [0..1], (members,)."""
        return self._book.licensing.at(month).deciding

    def decision_months(self, month: int) -> Array:
        """Months from application to decision; 1 where nothing is decided, (members,)."""
        return self._book.licensing.at(month).months

    def revoked(self, month: int) -> Array:
        """Share of existing licences voided in this very month [0..1], (R, members)."""
        left = np.ones(1)
        for phase, pattern in self._book.revocations:
            left = left * (1.0 - pattern * self._falls_in(month, phase.effective))
        return sealed(1.0 - left, (len(self._book.scope.routes), self.members))

    # Foundries and their tools.

    def tools_closed(self, month: int) -> Array:
        """Share of each tool type closed to each foundry line [0..1], (K, F, members)."""
        return self._book.tools.at(month)

    def tools_months_to_closure(self, month: int) -> Array:
        """Months to the next announced closing of tool shipments, (K, F, members)."""
        return self._book.tool_closing.months(month, self._book.tools)

    def tools_window(self, month: int) -> Array:
        """Share of the month with a tool closing announced but open, (K, F, members)."""
        return self._book.tool_closing.window(month)

    def service_closed(self, month: int) -> Array:
        """Share of tool service withdrawn from each foundry line [0..1], (K, F, members)."""
        return self._book.service.at(month)

    # Markets.

    def market_closed(self, month: int) -> Array:
        """Share of each market closed to the focal firm [0..1], (L, G, members)."""
        return self._book.market.at(month)

    def rival_closed(self, month: int) -> Array:
        """Share of the rival's products barred from each market [0..1], (L, G, members)."""
        return self._book.rival.at(month)

    def secondary_hazard(self, month: int) -> Array:
        """Probability that selling there is punished [1/month], (L, G, members)."""
        return self._book.hazard.at(month)

    def public_cost(self, month: int) -> Array:
        """Public money of the issuers paid this month [bn USD], (members,)."""
        begin, end = self._edges[month], self._edges[month + 1]
        return sum((o.paid(begin, end) for o in self._book.outlays), np.zeros(self.members))

    # Intermediaries.

    def intermediary_closed(self, month: int) -> Array:
        """Share of each intermediary closed by its own listing [0..1], (I, members)."""
        return self._book.intermediaries.at(month)

    def entry_factor(self, month: int) -> Array:
        """Factor on the entry of new intermediaries, (members,)."""
        return self._book.entry.at(month, self.members)

    def detection_factor(self, month: int) -> Array:
        """Factor on the hazard that an intermediary is found out, (members,)."""
        return self._book.detection.at(month, self.members)

    # Counter-measures.

    def withheld(self, month: int) -> Array:
        """Share of critical inputs kept from each state abroad [0..1], (S, members)."""
        return self._book.withheld.at(month)

    # News and acts.

    def threats(self, month: int) -> list[tuple[str, Array]]:
        """Measures that become known this month as threats, with weights (members,)."""
        return self._book.news.threats(month)

    def threat(self, month: int) -> Array:
        """Total weight of the threats that become known this month, (members,)."""
        return sum((weight for _, weight in self.threats(month)), np.zeros(self.members))

    def visible_step(self, month: int) -> Array:
        """1 where the target's home public notices a new step this month, (members,)."""
        return self._book.news.visible(month)

    def report(self, event: Event, month: int, happened: Mask) -> None:
        """Arm the measures that answer an act; each answers a member's first act only.

        Args:
            event: what happened.
            month: month in which it happened; the lag counts from its middle.
            happened: members in which it happened, (members,).
        """
        if not happened.any():
            return
        self.acts.append((event, month, happened.copy()))
        day = (self._edges[month] + self._edges[month + 1]) / 2
        for key, step in self.measures.items():
            if step.trigger is not None and step.trigger.event == event:
                self._take_effect(key, step, self._phases[key].answer(day, happened))

    def _take_effect(self, key: str, step: Step, members: Mask) -> None:
        if not members.any():
            return
        self._book.refresh(key, members)
        if isinstance(step, MonitoredSettlement):
            for lifted in step.lifts:
                self._phases[lifted].end_with(self._phases[key])
                self._book.refresh(lifted, members)

    def _falls_in(self, month: int, days: Array) -> Array:
        now = (days >= self._edges[month]) & (days < self._edges[month + 1])
        return now.astype(float)

    # The calendar of measures, for figures and manifests.

    def timeline(self) -> list[TimelineEntry]:
        """Measures by date; what answered an act has the date of the median member."""
        switched_on = [(key, step) for key, step in self.measures.items() if step.enabled]
        entries = [self._timeline_entry(key, step) for key, step in switched_on]
        return sorted(entries, key=lambda e: (e.announced or e.effective or date.max, e.id))

    def _timeline_entry(self, key: str, step: Step) -> TimelineEntry:
        answered = self._median_day(key) if step.trigger is not None else None
        return TimelineEntry(
            id=key,
            title=step.title,
            kind=str(getattr(step, "kind", "")),
            announced=answered or step.announced,
            effective=answered or step.effective,
            ended=step.ended,
            acts=key in self._book.acting and self._phases[key].possible,
            decided_inside=isinstance(step, Context) and step.decided_inside,
            main=step.main,
        )

    def _median_day(self, key: str) -> date | None:
        days = np.sort(np.broadcast_to(self._phases[key].effective, (self.members,)))
        middle = days[(self.members - 1) // 2]
        return date.fromordinal(int(middle)) if np.isfinite(middle) else None


def around(workable: Array, others: Array, resourced: Array | float) -> Array:
    """Share that is closed where suppliers make elsewhere what listings close [0..1].

    Args:
        workable: share closed by listings that can be worked around.
        others: share closed by everything else.
        resourced: part of the former that is made elsewhere by now.
    """
    left = 1.0 - workable * (1.0 - np.asarray(resourced))
    return np.asarray(1.0 - left * (1.0 - others))


def _settlements_last(entry: tuple[str, Step]) -> bool:
    return isinstance(entry[1], MonitoredSettlement)
