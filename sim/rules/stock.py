"""How much to hold and how much to order."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def perceived_threat(threat: Array, noticed: Array, step: Array, fade: Array) -> Array:
    """Perceived threat of a cut-off after this month's events [0..1], (members,).

    Args:
        threat: last month's threat [0..1].
        noticed: number of hostile events taken seriously this month [count].
        step: share of the remaining doubt that an event removes [0..1].
        fade: monthly fading [0..1].

    Source:
        Form: assumption A-04. Values: ``behaviour.threat``.
    """
    return 1.0 - (1.0 - threat * (1.0 - fade)) * (1.0 - step) ** noticed


@replaceable
def target_cover(normal: Array, precaution: Array, threat: Array) -> Array:
    """Months of use to hold in stock [months]; from calm habit to full precaution.

    Source:
        Cover of 6 to more than 12 months for crucial parts against 1 in calm times: Nikkei
        2019 (key ``nikkei-stock-cover-2019``). Linear form: assumption A-04.
    """
    return normal + np.maximum(precaution - normal, 0.0) * threat


@replaceable
def orders_wanted(use: Array, target: Array, position: Array, lead: Array, adjust: Array) -> Array:
    """Orders to place this month [m units]: planned use and part of the gap to the target.

    Args:
        use: use planned per month [m units].
        target: cover sought on arrival [months].
        position: stock and chips on order [m units].
        lead: months from order to arrival [months].
        adjust: share of the gap ordered each month [0..1].

    Source:
        Form: stock adjustment with supply line (Sterman 2000, Business Dynamics, ch. 17).
        Value: ``behaviour.stock.adjust``.
    """
    gap = use * (target + lead) - position
    return np.maximum(0.0, use + adjust * gap)


@replaceable
def last_time_buy(use: Array, target: Array, position: Array, months_left: Array) -> Array:
    """Orders per month that would fill the stock before a route closes [m units].

    Args:
        months_left: months until orders are refused; infinite when no closure is announced.

    Source:
        Form: assumption A-05: the whole gap is spread over the months that remain.
    """
    gap = np.maximum(use * target - position, 0.0)
    return use + np.where(np.isfinite(months_left), gap / np.maximum(months_left, 1.0), 0.0)


@replaceable
def sold_to_others(base: Array, firm_share: Array) -> Array:
    """Goods that a maker sells to its other customers [m units/month].

    Args:
        base: what the firm buys there in calm times [m units/month].
        firm_share: the firm's share of the maker's sales of such goods (0..1].

    Source:
        A customer of a twentieth of a maker's sales doubles its orders at a twentieth of the
        others' goods; one of a fifth would need a quarter of them. Assumption A-58.
    """
    return base * (1.0 - firm_share) / firm_share


@replaceable
def rush_room(base: Array, for_others: Array, diverted: Array, in_use: Array) -> Array:
    """What a maker could sell the firm in a month if the firm hurried [m units].

    Args:
        base: what it usually sells to the firm [m units/month].
        for_others: what its other customers buy [m units/month].
        diverted: share of that for which a firm in a rush outbids them [0..1].
        in_use: share of the industry's capacity that is in use (0..1].

    Source:
        Idle lines work for whoever orders, in a slump more than in a boom; beyond them goods must
        be taken from others. Assumption A-58; utilisation: ``industry.utilisation``.
    """
    idle = 1.0 / np.minimum(in_use, 1.0) - 1.0
    return base + diverted * for_others + idle * (base + for_others)
