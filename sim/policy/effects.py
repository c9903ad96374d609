"""How each kind of measure enters the book: which part of what it closes, from when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import numpy.typing as npt

from sim.policy import measures as kinds
from sim.policy.book import Book, Outlay
from sim.policy.closures import Announcements, Closures
from sim.policy.licensing import Policy
from sim.policy.news import Item
from sim.policy.scope import Scope
from sim.policy.steps import Step
from sim.policy.timing import DAYS_PER_MONTH, Phase, Reader, Span
from sim.world.calendar import Array
from sim.world.inputs import Quantity

ORIGIN, TOOLED, NAMED = "origin", "tools", "items"


@dataclass
class Desk:
    """One measure on its way into the book."""

    key: str
    phase: Phase
    reader: Reader
    book: Book

    @property
    def scope(self) -> Scope:
        """Facts of the case."""
        return self.book.scope

    def number(self, name: str, quantity: Quantity | None, default: float = 1.0) -> Array:
        """A number of the measure, (1,) or (members,)."""
        return self.reader.number(f"measures.{self.key}.{name}", quantity, default)

    def days(self, name: str, days: int) -> Array:
        """A number of days of the measure, (1,) or (members,)."""
        return self.reader.plain(f"measures.{self.key}.{name}", float(days))

    def span(self, delay: Array | float = 0.0, ramp: Array | float = 0.0) -> Span:
        """The time in force, kept up to date when an act sets the dates."""
        return self.keep(Span(self.book.calendar, self.phase, delay, ramp=ramp))

    def keep(self, span: Span) -> Span:
        """Register a span of this measure."""
        self.book.spans.setdefault(self.key, []).append(span)
        return span

    def close(
        self,
        where: Closures,
        pattern: Array,
        basis: str | None = None,
        *,
        delay: Array | float = 0.0,
        ramp: Array | float = 0.0,
    ) -> None:
        """Close a share of something, if any; by default on a basis of its own."""
        if (pattern > 0).any():
            where.add(self.span(delay, ramp), pattern, basis or self.key)
            self.acts()

    def announce(self, where: Announcements, pattern: Array, delay: Array | float = 0.0) -> None:
        """Let a closing be known from the announcement on."""
        if (pattern > 0).any():
            self.keep(where.add(self.phase, delay, pattern))

    def acts(self) -> None:
        """Note that the measure bears on the case."""
        self.book.acting.add(self.key)


def enter(key: str, step: Step, phase: Phase, reader: Reader, book: Book) -> None:
    """Enter one measure with its effect and as news."""
    desk = Desk(key, phase, reader, book)
    effect(step, desk)
    threat = np.empty(0) if step.threat is None else desk.number("threat", step.threat)
    if threat.size or step.visible:
        book.news.add(key, Item(phase, threat, step.visible))
        desk.acts()


@singledispatch
def effect(step: Step, desk: Desk) -> None:
    """Enter the effect of a measure; signals and context have none."""


def _close_routes(
    desk: Desk, pattern: Array, basis: str, grace: Array | float = 0.0, *, workable: bool = False
) -> None:
    book = desk.book
    desk.close(book.orders, pattern, basis)
    desk.announce(book.closing, pattern)
    if workable:
        desk.close(book.workable, pattern, basis)
        return
    desk.close(book.other_orders, pattern, basis)
    desk.close(book.other_deliveries, pattern, basis, delay=grace)


@effect.register
def _(step: kinds.EntityListing, desk: Desk) -> None:
    scope, strength = desk.scope, desk.number("strength", step.strength)
    routes = scope.direct(step.targets) * scope.produce(step.issuer) * strength
    desk.close(desk.book.listings, routes, ORIGIN)
    _close_routes(desk, routes, ORIGIN, workable=step.workaround is not None)
    if step.workaround is not None and scope.hit(step.targets):
        _add_workaround(step, desk)
    far = desk.number("strength_above", step.strength_above)
    _close_tools(step, desk, strength, far)
    named = [[float(party.named_in(step.targets))] for party in scope.intermediaries]
    shops = np.array(named).reshape(-1, 1) * strength
    desk.close(desk.book.intermediaries, shops)


def _add_workaround(step: kinds.EntityListing, desk: Desk) -> None:
    months = desk.number("workaround_months", step.workaround_months, default=0.0)
    share = desk.number("workaround", step.workaround)
    desk.close(desk.book.resourcing, share, ORIGIN, delay=months * DAYS_PER_MONTH)


@effect.register
def _(step: kinds.TemporaryGeneralLicence, desk: Desk) -> None:
    scope = desk.scope
    items = scope.items(step.scope.items, step.scope.max_node_nm)
    share = desk.number("maintenance", step.maintenance)
    desk.close(desk.book.upkeep, scope.direct(step.targets) * items * share, ORIGIN)


@effect.register
def _(step: kinds.ForeignDirectProductRule, desk: Desk) -> None:
    scope, strength = desk.scope, desk.number("strength", step.strength)
    reached = scope.direct(step.targets) + scope.rerouted(step.targets)
    reached = reached * scope.items(step.scope.items, step.scope.max_node_nm)
    if step.own_design_only:
        reached = reached * np.array([[float(route.own_design)] for route in scope.routes])
    pattern = reached * scope.tooled(step.issuer) * strength
    _close_routes(desk, pattern, TOOLED, desk.days("grace_days", step.grace_days))


@effect.register
def _(step: kinds.HbmControl, desk: Desk) -> None:
    scope = desk.scope
    reached = scope.direct(step.targets) + scope.rerouted(step.targets)
    pattern = reached * scope.items(step.scope.items) * desk.number("strength", step.strength)
    _close_routes(desk, pattern, NAMED)


@effect.register
def _(step: kinds.DenialOrder, desk: Desk) -> None:
    scope = desk.scope
    tooled = scope.tooled(step.issuer) * desk.number("foreign_made", step.foreign_made)
    touched = 1 - (1 - scope.produce(step.issuer)) * (1 - tooled)
    # The issuer's own firms may take no part at all, whatever their goods contain.
    touched = np.maximum(touched, scope.made_in(step.issuer))
    pattern = scope.direct(step.targets) * touched * desk.number("strength", step.strength)
    desk.close(desk.book.listings, pattern, ORIGIN)
    desk.close(desk.book.use, pattern, TOOLED)
    _close_routes(desk, pattern, TOOLED)


@effect.register
def _(step: kinds.MonitoredSettlement, desk: Desk) -> None:
    # The regime ends what is lifted when this takes effect; it counts where that does.
    if set(step.lifts) & desk.book.acting:
        desk.acts()


@effect.register
def _(step: kinds.LicencePolicy, desk: Desk) -> None:
    if not desk.scope.hit(step.targets):
        return
    approval, months = np.zeros((2, 1)), np.ones(1)
    if step.approval is not None:
        low = desk.number("approval.low", step.approval.low)
        high = desk.number("approval.high", step.approval.high)
        approval = np.stack(np.broadcast_arrays(low, high))
        months = desk.number("decision_months", step.decision_months)
    policy = Policy(desk.span(), float(step.deciding), approval, months)
    desk.book.licensing.policies.append(policy)
    desk.acts()


@effect.register
def _(step: kinds.LicenceRevocation, desk: Desk) -> None:
    scope = desk.scope
    items = scope.items(step.scope.items, step.scope.max_node_nm)
    pattern = scope.direct(step.targets) * items * desk.number("share", step.share)
    if (pattern > 0).any():
        desk.book.revocations.append((desk.phase, pattern))
        desk.acts()


@effect.register
def _(step: kinds.ToolControl, desk: Desk) -> None:
    near = desk.number("strength", step.strength)
    far = desk.number("strength_other", step.strength_other, default=0.0)
    _close_tools(step, desk, near, far, desk.days("grace_days", step.grace_days))


def _close_tools(
    step: kinds.EntityListing | kinds.ToolControl,
    desk: Desk,
    near: Array,
    far: Array,
    grace: Array | float = 0.0,
) -> None:
    pattern = _tool_pattern(step, desk.scope, near, far)
    desk.close(desk.book.tools, pattern, delay=grace)
    desk.announce(desk.book.tool_closing, pattern, grace)


@effect.register
def _(step: kinds.ToolServiceStop, desk: Desk) -> None:
    strength = desk.number("strength", step.strength)
    pattern = _tool_pattern(step, desk.scope, strength, np.zeros(1))
    desk.close(desk.book.service, pattern)


def _tool_pattern(
    step: kinds.EntityListing | kinds.ToolControl | kinds.ToolServiceStop,
    scope: Scope,
    near: Array,
    far: Array,
) -> Array:
    """Share of each tool type closed to each line, (K, F, 1 or members)."""
    limit = step.scope.max_node_nm
    fine = [limit is None or line.node_nm <= limit for line in scope.lines]
    hit = np.array([float(line.foundry.named_in(step.targets)) for line in scope.lines])
    share = np.where(np.array(fine, dtype=bool)[:, None], near, far) * hit[:, None]
    return _tools_of(step, scope)[:, None, None] * share[None]


def _tools_of(
    step: kinds.EntityListing | kinds.ToolControl | kinds.ToolServiceStop, scope: Scope
) -> npt.NDArray[np.float64]:
    named = step.scope.tools
    # Tools that are named are reached wherever they are made: the issuer claims that reach.
    reached = [tool.id in named if named else tool.country in step.issuer for tool in scope.tools]
    return np.array(reached, dtype=float)


@effect.register
def _(step: kinds.ComputePerformanceControl, desk: Desk) -> None:
    scope = desk.scope
    where = scope.markets(step.scope.lines, step.targets) if step.targets else 0.0
    limits = scope.markets(step.scope.lines, step.scope.regions)
    pattern = where * limits * desk.number("strength", step.strength)
    desk.close(desk.book.rival, pattern, "performance")


@effect.register
def _(step: kinds.MarketBan, desk: Desk) -> None:
    if desk.scope.hit(step.targets):
        months = desk.number("phase_months", step.phase_months, default=0.0)
        where = desk.scope.markets(step.scope.lines, step.scope.regions)
        pattern = where * desk.number("share", step.share)
        desk.close(desk.book.market, pattern, ramp=months * DAYS_PER_MONTH)


@effect.register
def _(step: kinds.RipAndReplace, desk: Desk) -> None:
    if desk.scope.hit(step.targets):
        days = desk.number("removal_months", step.removal_months) * DAYS_PER_MONTH
        where = desk.scope.markets(step.scope.lines, step.scope.regions)
        pattern = where * desk.number("removal", step.removal)
        desk.close(desk.book.market, pattern, ramp=days)
        total = desk.number("public_cost", step.public_cost)
        desk.book.outlays.append(Outlay(desk.phase, total, np.maximum(days, 1.0)))
        desk.acts()


@effect.register
def _(step: kinds.SecondarySanction, desk: Desk) -> None:
    where = desk.scope.markets(step.scope.lines, step.scope.regions)
    desk.close(desk.book.hazard, where * desk.number("hazard", step.hazard))


@effect.register
def _(step: kinds.CounterMeasure, desk: Desk) -> None:
    hit = [[float(party.named_in(step.targets))] for party in desk.scope.states]
    share = desk.number("strength", step.strength, default=0.0)
    desk.close(desk.book.withheld, np.array(hit).reshape(-1, 1) * share)


@effect.register
def _(step: kinds.AffiliatesRule, desk: Desk) -> None:
    factor = desk.number("entry_factor", step.entry_factor)
    desk.book.entry.parts.append((desk.span(), factor))
    desk.acts()


@effect.register
def _(step: kinds.FoundryDueDiligence, desk: Desk) -> None:
    factor = desk.number("detection_factor", step.detection_factor)
    desk.book.detection.parts.append((desk.span(), factor))
    desk.acts()
