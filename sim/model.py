"""The model: build the world, and step through a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import mesa
import numpy as np

from sim.agents.cast import cast_agents
from sim.agents.competitors import Competitor, DivestedUnit
from sim.agents.firm.firm import FocalFirm
from sim.agents.foundries import HomeFoundry
from sim.agents.fronts import FrontPopulation
from sim.agents.generation import Generations
from sim.agents.governments import AlliedGovernment, HomeGovernment, SanctioningGovernment
from sim.agents.law import Law
from sim.agents.licence_desk import LicenceDesk
from sim.agents.markets import Market
from sim.agents.prices import Prices
from sim.agents.suppliers import Supplier
from sim.agents.tools import ToolMaker
from sim.case.inputs import Inputs
from sim.case.layout import Layout
from sim.case.plugins import own_rules
from sim.case.schema import Case
from sim.case.structure import chosen_rules
from sim.world.calendar import Calendar
from sim.world.ensemble import Ensemble
from sim.world.floor import Floor
from sim.world.ledger import Ledger
from sim.world.orders import OrderBook
from sim.world.replaceable import replacing


def verb(method: Callable[..., None]) -> str:
    """Name of what agents do: it survives renaming, and a subclass may do it in its own way."""
    return method.__name__


def under_own_rules(do: Callable[[SupplyChain], None]) -> Callable[[SupplyChain], None]:
    """Do something with the rules that the model's case names in place of the shipped ones."""

    @wraps(do)
    def done(model: SupplyChain) -> None:
        with replacing(model.own_rules):
            do(model)

    return done


ACCOUNTS = ("firm", "customers", "suppliers", "home_state", "staff", "owners", "banks")


class SupplyChain(mesa.Model):  # type: ignore[type-arg]
    """A firm's chip supply under export controls. One step is one month, for all members.

    Args:
        case: the typed inputs.
        members: number of members, if no ensemble is given.
        rng: seed of all luck; every random decision reads its own named stream.
        ensemble: members with their replicates and own values; wins over ``members``.
        start, end: first and last month, if not the case's own.

    Raises:
        ValueError: if the months are out of order or there is no member.
    """

    firm: FocalFirm
    home_state: HomeGovernment

    def __init__(
        self,
        case: Case,
        members: int = 256,
        rng: int = 0,
        *,
        ensemble: Ensemble | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.case = case
        self.ensemble = ensemble or Ensemble.of(members, rng)
        self.calendar = Calendar(start or case.calendar.start, end or case.calendar.end)
        self.month = -1  # index of the month just simulated
        self.own_rules = chosen_rules(case.structure) | own_rules(case.plugins, case.folder)
        with replacing(self.own_rules):
            self._set_up()

    @property
    def month_or_first(self) -> int:
        """The current month; the first one while the books are being opened."""
        return max(self.month, 0)

    @under_own_rules
    def step(self) -> None:
        """One month. Plans see last month's state, so the order of agents cannot matter."""
        self.month += 1

        # Policy first: everyone plans under the rules in force this month.
        self.sanctioners.do(verb(SanctioningGovernment.review_licences))
        self.home_states.do(verb(HomeGovernment.review_support))

        # The firm reads the signals; buyers react to last month's offer and service.
        self.firms.do(verb(FocalFirm.review_outlook))
        self.markets.do(verb(Market.form_demand))

        # Offers, then orders, then starts: nothing is promised twice.
        self.suppliers.do(verb(Supplier.make_offer))
        self.home_foundries.do(verb(HomeFoundry.make_offer))
        self.fronts.do(verb(FrontPopulation.make_offer))
        self.generation.follow()
        self.firms.do(verb(FocalFirm.plan_orders))
        self.suppliers.do(verb(Supplier.accept_orders))
        self.fronts.do(verb(FrontPopulation.pass_on_orders))
        self.home_foundries.do(verb(HomeFoundry.plan_starts))
        self.home_foundries.do(verb(HomeFoundry.order_tools))
        self.tool_makers.do(verb(ToolMaker.ship))

        # From here things move, and every movement goes through the books.
        self.home_foundries.do(verb(HomeFoundry.finish), self.wafers.due(self.month)[0])
        self.wafers.start(self.month, self.floor.wafer_starts[None])
        self.home_foundries.do(verb(HomeFoundry.take_delivery))
        self.firms.do(verb(FocalFirm.receive_and_start))
        self.firms.do(verb(FocalFirm.build_and_sell))
        self.markets.do(verb(Market.remember_service))
        self.rivals.do(verb(Competitor.sell))
        self.divested.do(verb(DivestedUnit.sell))

        # Who is found out this month is answered from next month on.
        self.fronts.do(verb(FrontPopulation.face_detection))
        self.sanctioners.do(verb(SanctioningGovernment.answer_acts))
        self.suppliers.do(verb(Supplier.count_losses))
        self.allies.do(verb(AlliedGovernment.keep_account))
        self.sanctioners.do(verb(SanctioningGovernment.keep_account))
        self.home_states.do(verb(HomeGovernment.pay_out))
        self.firms.do(verb(FocalFirm.settle))
        self._assert_balanced()

    def _set_up(self) -> None:
        self._read_inputs()
        self._lay_out_places()
        cast_agents(self)
        self._sort_agents()
        self._open_for_business()

    def _read_inputs(self) -> None:
        self.layout = Layout(self.case)
        self.inputs = Inputs(self.case, self.ensemble, self.calendar, self.layout)
        draws = self.inputs.draws
        self.behaviour: Any = draws.group("behaviour", self.case.behaviour)
        self.switches: Any = draws.group("mechanisms", self.case.mechanisms)

    def _lay_out_places(self) -> None:
        members, layout = self.ensemble.members, self.layout
        self.prices = Prices(self)
        self.law = Law(self.inputs)
        self.floor = Floor(
            routes=len(layout.routes),
            items=len(layout.items),
            lines=len(layout.lines),
            regions=len(layout.regions),
            foundries=len(self.case.foundries),
            tools=len(self.case.tools),
            members=members,
        )
        self.ledger = Ledger(layout.items, ACCOUNTS, members)
        self.book = OrderBook(layout.lead, 2, members)
        self.wafers = OrderBook(layout.lead, 1, members)
        self.licences = LicenceDesk(self)
        self.generation = Generations(self)

    def _sort_agents(self) -> None:
        agents = self.agents
        self.firms = agents.select(agent_type=FocalFirm)
        self.sanctioners = agents.select(agent_type=SanctioningGovernment)
        self.allies = agents.select(agent_type=AlliedGovernment)
        self.home_states = agents.select(agent_type=HomeGovernment)
        self.suppliers = agents.select(agent_type=Supplier)
        self.home_foundries = agents.select(agent_type=HomeFoundry)
        self.tool_makers = agents.select(agent_type=ToolMaker)
        self.fronts = agents.select(agent_type=FrontPopulation)
        self.markets = agents.select(agent_type=Market)
        self.rivals = agents.select(agent_type=Competitor)
        self.divested = agents.select(agent_type=DivestedUnit)

    def _open_for_business(self) -> None:
        wanted = np.zeros((len(self.layout.lines), self.ensemble.members))
        for market in self.markets:
            wanted[market.lines] = market.opening_demand()
        self.firm.supply.open_for_business(self.firm.sales.item_needs(wanted))
        self.suppliers.do(verb(Supplier.open_for_business))
        self.firm.money.open_for_business()

    def _assert_balanced(self) -> None:
        self.ledger.assert_balanced()
        self.wafers.assert_balanced("wafers")
        self.book.assert_balanced("orders")
        for foundry in self.home_foundries:
            foundry.assert_tools_balance()
