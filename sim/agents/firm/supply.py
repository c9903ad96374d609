"""The firm's supply desk: threat, cover, orders, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.policy.closures import Kept
from sim.rules.licensing import outlawed
from sim.rules.stock import last_time_buy, orders_wanted, perceived_threat, target_cover
from sim.world.calendar import Array
from sim.world.floor import LICENSED, USUAL
from sim.world.ledger import ORIGINS

if TYPE_CHECKING:
    from sim.model import SupplyChain


ROUNDING = 1e-9  # less room than this is none: it may differ with the block
INFLOW_MEMORY = 2.0  # months over which orders taken are averaged (assumption A-03)
TREND_MEMORY = 12.0  # months over which a trend is believed (assumption A-05)


class SupplyDesk:
    """What the firm holds, fears and orders; arrays by item or route."""

    def __init__(self, model: SupplyChain) -> None:
        self.model = model
        members = model.ensemble.members
        items = len(model.layout.items)
        self.threat = np.zeros(members)
        self.cut_off = np.zeros(members)  # share of usual foreign trade that the law closes
        self.use = np.zeros((items, members))  # use forecast per month [m units]
        self.agreed = np.zeros((items, members))  # use of the first year that makers expect
        self.level = np.zeros((items, members))  # smoothed need [m units/month]
        self.trend = np.zeros((items, members))  # its monthly change [m units/month]
        self.inflow = np.zeros((items, members))  # new orders taken per month [m units]
        self.coming = np.zeros((items, members))  # under way [m units]
        self.ordered = np.zeros((items, len(ORIGINS), members))  # this month [m units]
        self.received = np.zeros_like(self.ordered)
        self.unit_cost = np.zeros((items, members))  # average cost of the stock [CNY]
        self.sought = np.zeros((items, members))  # wanted beyond usual makers [m units]
        self.short = np.zeros((items, members))  # orders wanted that nobody took [m units]
        self.usual_share = self._usual_shares()
        self.lead = self._item_lead()
        self.foreign = model.inputs.direct.astype(float)
        lead = model.layout.lead
        self.by_lead = [(int(months), np.flatnonzero(lead == months)) for months in np.unique(lead)]
        nothing = np.zeros((len(lead), members))
        self.barred_then = [nothing] * (int(lead.max()) + 1)  # by month of order, a ring
        self._usable = Kept()

    def open_for_business(self, use: Array, agreed: Array) -> None:
        """Fill the opening stock and pipeline.

        Args:
            use: of a first month [m units/month], (items, members).
            agreed: for which makers have agreed to have room [m units/month].
        """
        model, layout = self.model, self.model.layout
        self.use = use.copy()
        self.agreed = np.maximum(use, agreed)
        self.level = use.copy()
        self.trend = use * model.firm.money.growth  # it knows that it has been growing
        self.inflow = use.copy()
        self.unit_cost = model.prices.of_items(0)
        cover = model.inputs.items("initial_cover")
        usual = self.usual_orders(use)
        mix = layout.stock_of(usual)
        mix /= np.maximum(mix.sum(axis=1, keepdims=True), 1e-300)
        model.ledger.make("firm", mix * (use * cover)[:, None])
        self._fill_pipeline(usual)

    def usual_orders(self, use: Array) -> Array:
        """Orders by route that a use by item calls for in calm times [m units/month]."""
        return self.usual_share * use.take(self.model.layout.route_item, axis=0)

    def hear_signals(self) -> None:
        """Notice this month's hostile events, each with its own luck."""
        model, p = self.model, self.model.behaviour.threat
        noticed = np.zeros(model.ensemble.members)
        for event, weight in model.law.threats(model.month):
            noticed += model.inputs.luck(f"notice:{event}") < weight
        self.threat = perceived_threat(self.threat, noticed, p.step, p.fade)
        closed = model.law.barred(model.month)
        weight = self.foreign * self.usual_orders(self.use) * model.floor.unit_price
        self.cut_off = (closed * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-300)

    def plan_orders(self, need: Array, cash_factor: Array) -> None:
        """Order what next months' use and the cover call for, along the routes that are open.

        Args:
            need: chips wanted per month for the demand now seen [m units], (items, members).
            cash_factor: share of stock building the firm can pay for [0..1], (members,).
        """
        self._forecast(need)
        wanted = self._wanted(cash_factor)
        orders, left = self._along_routes(wanted)
        self.model.floor.orders = orders
        self.short = left
        self._note_refused(wanted)

    def receive(self) -> None:
        """Take in what falls due and may be delivered; the law stops the rest."""
        model, layout = self.model, self.model.layout
        due = model.book.due(model.month)
        stopped = self._outlawed(model.month) * due[USUAL]
        good = layout.stock_of(due[USUAL] - stopped, due[LICENSED])
        lost = layout.stock_of(stopped)
        made = model.floor.finished
        self.received = good + layout.stock_of(made)
        model.ledger.move("transit", "firm", good, "delivery")
        model.ledger.forfeit(lost)
        model.ledger.make("firm", self.received - good)
        model.floor.delivered = due[USUAL] - stopped + due[LICENSED] + made
        self._average_cost()

    def _outlawed(self, month: int) -> Array:
        """Share of the goods due that became unlawful under way [0..1], (routes, members)."""
        stopped = self.model.law.stopped(month)
        if not stopped.any():
            return stopped
        barred = np.zeros_like(stopped)
        for months, rows in self.by_lead:
            barred[rows] = self.barred_then[(month - months) % len(self.barred_then)][rows]
        return outlawed(stopped, barred)

    def start_production(self) -> None:
        """Book what makers abroad started for the firm."""
        model, floor = self.model, self.model.floor
        self.barred_then[model.month % len(self.barred_then)] = model.law.barred(model.month)
        ordered = model.layout.stock_of(floor.started[0], floor.started[1])
        model.ledger.make("transit", ordered)
        dies = floor.wafer_starts * floor.dies_per_start
        self.ordered = ordered + model.layout.stock_of(dies)
        model.book.start(model.month, floor.started)
        self.inflow += (self.ordered.sum(axis=1) - self.inflow) / INFLOW_MEMORY
        self.coming = self._under_way()

    def usable(self) -> Array:
        """Share of each item's stock that the law lets the firm use [0..1], (items, members)."""
        model = self.model
        closed = model.law.use_closed(model.month)
        return self._usable.of(self._not_closed, closed)

    def _not_closed(self, closed: Array) -> Array:
        return 1.0 - self.model.layout.routes_of_item.sum(self.usual_share * closed)

    def cover(self) -> Array:
        """Stock in months of the use forecast [months], (items, members)."""
        stock = self.model.ledger.total()
        return stock / np.maximum(self.use, 1e-9)

    def chip_value(self) -> Array:
        """Value of the chips in stock at average cost [bn CNY], (members,)."""
        return self._value(self.model.ledger.total())

    def calm_value(self) -> Array:
        """The part of it that would be held without any fear [bn CNY], (members,)."""
        most = self.use * self.model.behaviour.stock.normal_cover
        held = np.minimum(self.model.ledger.total(), most)
        return self._value(held)

    def _value(self, chips: Array) -> Array:
        return (chips * self.unit_cost).sum(axis=0) / 1000.0

    def _forecast(self, need: Array) -> None:
        """Smooth the need and its trend; a growing firm orders for the month of arrival."""
        p = self.model.behaviour.stock
        before = self.level
        self.level = before + (need - before) / p.forecast_memory
        self.trend += (self.level - before - self.trend) / TREND_MEMORY
        ahead = (self.trend * (self.lead + p.forecast_memory)).clip(-0.5 * need, 0.5 * need)
        self.use = np.maximum(self.level + ahead, 0.0)

    def _wanted(self, cash_factor: Array) -> Array:
        model, p = self.model, self.model.behaviour.stock
        precaution = np.where(model.inputs.crucial, p.precaution_crucial, p.precaution_other)
        alarm = self.threat * model.switches.stockpiling * cash_factor
        target = target_cover(p.normal_cover, precaution, alarm)
        position = model.ledger.total() + self._under_way()
        wanted = orders_wanted(self.use, target, position, self.lead, p.adjust)
        left = model.law.months_to_closure(model.month)
        soonest = self._soonest_closure(left)
        rush = last_time_buy(self.use, target, position, soonest)
        # Only before an announced closure: otherwise a full stock may well order less than use.
        rushing = np.isfinite(soonest) * model.switches.stockpiling * cash_factor
        return wanted + np.maximum(rush - wanted, 0.0) * rushing

    def _along_routes(self, wanted: Array) -> tuple[Array, Array]:
        """Orders by route within what makers offer, and what is left over by item."""
        floor, layout = self.model.floor, self.model.layout
        offer = floor.offers()
        # Usual makers first; what they cannot sell is sought from whoever is cheaper.
        usual = self._weights(offer)
        orders = self._split(wanted, usual, offer)
        self.sought = np.maximum(wanted - layout.routes_of_item.sum(orders), 0.0)
        price = np.maximum(floor.unit_price, 1e-9)
        for attempt in (offer / price**2, offer):
            room = np.maximum(offer - orders, 0.0)
            left = wanted - layout.routes_of_item.sum(orders)
            orders += self._split(left, attempt * (room > ROUNDING * offer), room)
        return orders, np.maximum(wanted - layout.routes_of_item.sum(orders), 0.0)

    def _weights(self, offer: Array) -> Array:
        """Usual shares, leaning to home makers as parts are designed out of foreign ones."""
        leaning = self.model.behaviour.stock.home_lean * self.model.firm.research.replaced
        lean = 1.0 + self.model.layout.home[:, None] * leaning
        return self.usual_share * lean * (offer > 0)

    def _split(self, wanted: Array, weight: Array, room: Array) -> Array:
        layout = self.model.layout
        total = layout.routes_of_item.sum(weight)
        spread = layout.routes_of_item.spread
        share = weight / spread(np.maximum(total, 1e-300))
        return np.minimum(room, spread(np.maximum(wanted, 0.0)) * share)

    def _note_refused(self, wanted: Array) -> None:
        # What makers would have sold along the usual shares, had the law not closed the route.
        layout, floor = self.model.layout, self.model.floor
        usual = layout.routes_of_item.spread(wanted) * self.usual_share
        usual = np.minimum(usual, floor.capacity)
        shut = 1.0 - floor.tradable()
        floor.refused = np.maximum(usual * shut, 0.0) * self.foreign

    def _under_way(self) -> Array:
        model = self.model
        foundry = model.wafers.under_way()
        routes = model.book.under_way() + foundry * model.floor.dies_per_start
        return model.layout.routes_of_item.sum(routes)

    def _soonest_closure(self, left: Array) -> Array:
        layout = self.model.layout
        orders, by_item = self.model.floor.orders, layout.routes_of_item
        lately = orders / np.maximum(by_item.spread(by_item.sum(orders)), 1e-300)
        matters = np.maximum(self.usual_share, lately) > 0.05
        # What is closed already (0 months) leaves nothing to rush for.
        still_open = np.where(matters & (left > 0), left, np.inf)
        return by_item.minimum(still_open, empty=np.inf)

    def _fill_pipeline(self, usual: Array) -> None:
        model = self.model
        started = np.stack([usual, np.zeros_like(usual)])
        foundry = model.layout.is_foundry[:, None]
        for back in range(int(model.layout.lead.max())):
            due_later = (model.layout.lead > back)[:, None] & ~foundry
            model.ledger.make("transit", model.layout.stock_of(usual * due_later))
            model.book.start(-1 - back, started * due_later)

    def _average_cost(self) -> None:
        model, layout = self.model, self.model.layout
        arrived = layout.routes_of_item.sum(model.floor.delivered)
        paid = layout.routes_of_item.sum(model.floor.delivered * model.floor.unit_price)
        stock = model.ledger.total()
        old = np.maximum(stock - arrived, 0.0)
        self.unit_cost = np.where(
            arrived > 1e-12,
            (old * self.unit_cost + paid) / np.maximum(old + arrived, 1e-300),
            self.unit_cost,
        )

    def _usual_shares(self) -> Array:
        """Usual shares of an item's orders; draws shift the mix, not the sum."""
        drawn, by_item = self.model.inputs.routes("share"), self.model.layout.routes_of_item
        return drawn / np.maximum(by_item.spread(by_item.sum(drawn)), 1e-300)

    def _item_lead(self) -> Array:
        layout = self.model.layout
        weighted = layout.routes_of_item.sum(self.usual_share * layout.lead[:, None])
        return weighted / np.maximum(layout.routes_of_item.sum(self.usual_share), 1e-300)
