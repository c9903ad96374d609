"""Home foundries: tools, nodes, yield, and whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.base import ActorAgent
from sim.rules.allocation import ration
from sim.rules.fabrication import (
    dares,
    development_step,
    die_yield,
    dies_per_wafer,
    learned_defects,
    runnable,
)
from sim.world.calendar import Array
from sim.world.groups import Groups
from sim.world.ledger import LedgerError, balanced

if TYPE_CHECKING:
    from sim.case.schema import Actor, Node
    from sim.case.schema import Foundry as Spec
    from sim.model import SupplyChain


class Process:
    """One node at one foundry; arrays are (members,)."""

    def __init__(self, model: SupplyChain, path: str, name: str, node: Node) -> None:
        self.name, self.nm, self.generation = name, node.nm, node.generation
        self.numbers = model.inputs.draws.group(path, node)
        self.defects = self.numbers.defects_start.copy()
        self.starts = np.zeros(model.ensemble.members)  # [thousand wafers/month]
        self.others = np.zeros(model.ensemble.members)  # wafers for other customers
        opened = model.calendar.month_of(node.available) if node.available else None
        self.opened = np.full(model.ensemble.members, np.inf if opened is None else opened)
        self._asked, self._running = (-1, self.opened), self.starts  # an answer of running
        self.progress = np.zeros(model.ensemble.members)
        done = opened is not None and opened < 0
        self.converted = np.full(model.ensemble.members, float(done))  # of the park [0..1]

    def running(self, month: int) -> Array:
        """1 where the node is in volume production; not to be changed."""
        if self._asked[0] != month or self._asked[1] is not self.opened:
            self._asked, self._running = (month, self.opened), (month >= self.opened).astype(float)
        return self._running


class HomeFoundry(ActorAgent):
    """Runs nodes on one park of tools; capacity is what its scarcest kind of tool allows."""

    def __init__(
        self, model: SupplyChain, name: str, actor: Actor, spec: Spec, routes: list[int]
    ) -> None:
        super().__init__(model, name, actor)
        path = f"foundries.{name}"
        self.spec = spec
        self.numbers = model.inputs.draws.group(path, spec)
        self.processes = [
            Process(model, f"{path}.nodes.{key}", key, node) for key, node in spec.nodes.items()
        ]
        self.coarse_first = sorted(self.processes, key=lambda process: -process.nm)
        self.routes = np.array(routes, dtype=int)
        self.nerve = model.inputs.luck(f"nerve:{name}")  # what its owners shrink from [0..1)
        keys = [process.name for process in self.processes]
        names = [model.case.routes[model.layout.routes[r]].node for r in routes]
        self.process_of = [self.processes[keys.index(name)] for name in names if name]
        self.area = model.inputs.some_routes("die_mm2", routes)
        self.salvage = model.inputs.some_routes("salvage", routes)
        self.tool_need = self._of_routes("tool_need")
        self.wafer_price = self._of_routes("wafer_price")
        self.gross = dies_per_wafer(self.area)
        self.made_on = [(p, rows) for p in self.processes if len(rows := self._rows_of(p))]
        own = set(model.inputs.own_leading.tolist())
        items = model.layout.route_item[self.routes].tolist()
        # Nodes on which it makes the firm's leading designs.
        self.leading = [p for p, i in zip(self.process_of, items, strict=True) if i in own]
        self.tools = self._first_tools()  # in working order by kind [systems]
        self.one_park = Groups(1, np.zeros(len(routes), dtype=int))
        self.place = list(model.case.foundries).index(name)
        self.backlog = np.zeros_like(self.tools)
        self.installing = np.zeros_like(self.tools)
        self.received = np.zeros_like(self.tools)  # this month [systems]
        self.capacity = np.zeros(model.ensemble.members)  # finest node [thousand wafers/month]
        never = np.inf if spec.firm_backed else 0.0
        self.opening = np.full(model.ensemble.members, never)  # month it opens
        self._start_backlog()
        self.booked = self.tools + self.installing  # all tools ever received [systems]
        self.worn = np.zeros_like(self.tools)

    def _of_routes(self, number: str) -> Array:
        """A number of the node that each route is made on, (routes, members)."""
        rows = [getattr(process.numbers, number) for process in self.process_of]
        return np.array(rows).reshape(len(rows), self.model.ensemble.members)

    def _rows_of(self, process: Process) -> list[int]:
        """Which of its routes are made on a node."""
        return [row for row, other in enumerate(self.process_of) if other is process]

    def make_offer(self) -> None:
        """Say how many dies it would make for the firm this month."""
        self._mind_tools()
        self._build()
        self._develop()
        self._ramp()
        floor, here = self.model.floor, self.routes
        if not len(here):
            return
        good = self._dies_per_thousand()
        floor.dies_per_start[here] = good
        floor.open[here] = self._serves() * np.stack(
            [process.running(self.month) for process in self.process_of]
        )
        floor.capacity[here] = self._wafers_for_firm() * good
        floor.unit_price[here] = self._die_price(good)

    def plan_starts(self) -> None:
        """Share wafer starts over the firm's designs and other customers."""
        park = self._park()
        self._serve_others(park)
        here = self.routes
        if not len(here):
            return
        floor = self.model.floor
        wafers = floor.orders[here] / np.maximum(floor.dies_per_start[here], 1e-300)
        park_for_firm = self._for_firm(park)
        wafers *= self._fit_nodes(wafers, park_for_firm)
        claim = floor.claim[self.model.layout.route_item[here]]
        share = ration(wafers * self.tool_need, claim, park_for_firm[None], self.one_park)
        starts = wafers * share
        floor.wafer_starts[here] = starts
        for process, rows in self.made_on:
            process.starts = process.others + starts[rows].sum(axis=0)

    def finish(self, wafers: Array) -> None:
        """Turn wafers that come out, (all routes, members), into dies; learn from them."""
        if len(self.routes):
            floor, here = self.model.floor, self.routes
            floor.finished[here] = wafers[here] * floor.dies_per_start[here]
        p = self.behaviour.home_foundries
        for process in self.processes:
            process.defects = learned_defects(
                process.defects,
                process.numbers.defects_floor,
                process.starts,
                p.learning_volume,
                p.learning_half_life,
            )

    def order_tools(self) -> None:
        """Order tools for the planned growth, the state's fund, and ahead of controls."""
        p, kinds = self.behaviour.home_foundries, self._kinds()
        fund = self.model.home_state.fund_spent * self.numbers.fund_share / p.capex
        years = self.month / 12.0
        plans = self.numbers.planned_growth * (1.0 + self.numbers.growth_rate) ** years
        growth = plans / 12.0 * self._expands() + fund
        alarm = self._alarm()
        orders = growth * self._finest_need() * (1.0 + p.hoarding * alarm)
        self.model.floor.tool_orders[self.place] = orders
        self.backlog += np.broadcast_to(orders, (kinds, self.model.ensemble.members))
        self.model.floor.tool_backlog[self.place] = self.backlog

    def take_delivery(self) -> None:
        """Book the tools shipped to it this month and install what is ready."""
        shipped = self.model.floor.tool_shipments[self.place]
        self.received = shipped.copy()
        self.backlog = np.maximum(self.backlog - shipped, 0.0)
        self.installing += shipped
        self.booked += shipped
        ready = self.installing / self.behaviour.home_foundries.tool_install
        self.installing -= ready
        self.tools += ready

    def assert_tools_balance(self) -> None:
        """Check that tools received are at work, being installed or worn out.

        Raises:
            LedgerError: naming the foundry and the size of the gap.
        """
        gap = np.abs(self.booked - self.tools - self.installing - self.worn)
        if not balanced(gap, self.booked):
            raise LedgerError(f"{self.name}: {gap.max():.3g} tools appeared or vanished")

    def yields(self) -> Array:
        """Share of good dies of a reference 1 cm2 design by node, (nodes, members)."""
        p = self.behaviour.home_foundries
        area, none = np.full_like(self.capacity, 100.0), np.zeros_like(self.capacity)
        return np.stack([die_yield(q.defects, area, p.cluster, none) for q in self.processes])

    def capacities(self) -> Array:
        """Wafers the park could run by node if it ran only that, (nodes, members)."""
        return np.stack(
            [
                runnable(self.tools, process.numbers.tool_need) * process.converted
                for process in self.processes
            ]
        )

    def _kinds(self) -> int:
        return len(self.model.case.tools)

    def _first_tools(self) -> Array:
        need = [process.numbers.capacity * process.numbers.tool_need for process in self.processes]
        return np.repeat(sum(need)[None], self._kinds(), axis=0)

    def _start_backlog(self) -> None:
        if not self.spec.firm_backed:
            p = self.behaviour.home_foundries
            monthly = self.numbers.planned_growth / 12.0 * self._finest_need()
            self.backlog += monthly * p.tool_lead
            self.installing += monthly * p.tool_install

    def _finest_need(self) -> Array:
        """Tools per 1,000 wafers of the finest node in volume, member by member [systems]."""
        need = self.processes[0].numbers.tool_need
        for process in self.coarse_first:
            running = process.running(self.model.month) > 0
            need = np.where(running, process.numbers.tool_need, need)
        return need

    def _expands(self) -> Array:
        """Plans go on unless the firm-backed fab has no reason to exist yet."""
        if not self.spec.firm_backed:
            return np.ones(self.model.ensemble.members)
        return self.model.firm.supply.cut_off

    def _mind_tools(self) -> None:
        """Unserviced tools wear out; covert service keeps a part of them running."""
        p = self.behaviour.home_foundries
        stopped = self.model.law.service_of(self.name, self.month)
        kept = p.covert_tools * self.switches.covert_access
        worn = self.tools * p.service_decay * stopped * (1.0 - kept)
        self.tools = self.tools - worn
        self.worn = self.worn + worn

    def _build(self) -> None:
        """A firm-backed fab opens some years after the state's fund is set up."""
        if self.spec.firm_backed:
            funded = self.model.home_state.fund_spent * self.numbers.fund_share > 0
            start = funded & np.isinf(self.opening)
            ready = self.month + self.numbers.build_months
            self.opening = np.where(start, ready, self.opening)

    def _develop(self) -> None:
        """Advance the node that comes next once its forerunner runs."""
        p, month = self.behaviour.home_foundries, self.month
        effort = self.model.firm.research.process_help * (
            1.0 + p.know_how * self.switches.covert_access
        )
        barred = self.model.law.tools_share_of(self.name, month)
        effort = effort * (
            1.0 - p.tool_drag * barred * (1.0 - p.covert_tools * self.switches.covert_access)
        )
        for before, process in zip([None, *self.processes], self.processes, strict=False):
            if process.numbers.development_months is None:
                continue
            ready = before.running(month) if before else (month >= self.opening).astype(float)
            lag = process.numbers.development_months
            process.progress += ready * development_step(lag, effort, p.effort_elasticity)
            process.opened = np.where(
                (process.progress >= 1.0) & np.isinf(process.opened), month, process.opened
            )

    def _ramp(self) -> None:
        """Qualify the park for a node step by step once the node runs."""
        for process in self.processes:
            step = process.running(self.month) / process.numbers.ramp_months
            process.converted = np.minimum(1.0, process.converted + step)

    def _serves(self) -> Array:
        """How far it makes designs that foreign law bars it from making [0..1]."""
        p = self.behaviour.home_foundries
        still_open = 1.0 - self.model.law.tools_share_of(self.name, self.month)
        barred = self.model.law.barred_abroad(self.month, self.routes)
        fear = np.zeros(1) if self.spec.firm_backed else p.compliance
        serves = 1.0 - barred * (1.0 - dares(still_open, fear, self.nerve))
        return serves * self.switches.domestic_foundry

    def _park(self) -> Array:
        """Tools in complete sets [systems], (members,)."""
        return self.tools.min(axis=0) * (self.month >= self.opening)

    def _for_firm(self, park: Array) -> Array:
        """The part of its park that other customers leave to the firm [systems], (members,)."""
        return park * (1.0 - self.numbers.others_share)

    def _fit_nodes(self, wafers: Array, park: Array) -> Array:
        """Scale orders down to what is converted to each node, (routes, members)."""
        scale = np.ones_like(wafers)
        for process, rows in self.made_on:
            most = park * process.converted / process.numbers.tool_need
            asked = wafers[rows].sum(axis=0)
            scale[rows] = np.minimum(1.0, most / np.maximum(asked, 1e-300))
        return scale

    def _serve_others(self, park: Array) -> None:
        park = park * self.numbers.others_share
        running = [process.running(self.month) for process in self.processes]
        total = np.maximum(sum(running), 1.0)
        for process, on in zip(self.processes, running, strict=True):
            process.others = park * on / total / process.numbers.tool_need
            process.starts = process.others

    def _wafers_for_firm(self) -> Array:
        converted = np.stack([process.converted for process in self.process_of])
        return self._for_firm(self._park()) * converted / self.tool_need

    def _dies_per_thousand(self) -> Array:
        """Good dies per 1,000 wafers [m], (routes, members)."""
        p = self.behaviour.home_foundries
        defects = np.stack([process.defects for process in self.process_of])
        good = die_yield(defects, self.area, p.cluster, self.salvage)
        return self.gross * good / 1000.0

    def _die_price(self, good: Array) -> Array:
        return self.model.prices.cny(self.wafer_price / (good * 1000.0))

    def _alarm(self) -> Array:
        """Whether tool controls on it are announced or in force [0..1]."""
        return self.model.law.tools_alarm_of(self.name, self.month)
