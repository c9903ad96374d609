"""Licences: applied for, decided in a queue, used in part, voided."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def newly_licensed(
    held: Array, applied: Array, approval: Array, deciding: Array, lag: Array
) -> Array:
    """Share of a route's barred trade for which licences are issued this month [0..1].

    Args:
        held: share covered by licences that have not run out [0..1].
        applied: share of the barred trade for which licences are sought [0..1].
        approval: probability of approval [0..1].
        deciding: 1 while applications are decided, 0 while none is [0..1].
        lag: months from application to decision [months].

    Source:
        First decisions six months after the listing (key ``trade-law-daily-2019``), 113 of 163
        approved in 2020-21 (key ``china-trade-monitor-2021``). Queue: first-order delay.
    """
    return deciding * np.maximum(applied * approval - held, 0.0) / lag


@replaceable
def approval_under_lobbying(approval: Array, lost_sales: Array, slope: Array) -> Array:
    """Approval probability when suppliers complain of lost sales [0..1].

    Args:
        lost_sales: sales lost by the government's own suppliers [bn USD/year].
        slope: rise of approval per bn USD a year.

    Source:
        Easing of June 2019 after industry letters (key ``benton-lobby-2019``); slope: A-12.
    """
    eased = np.maximum(approval, np.minimum(0.95, approval + slope * lost_sales))
    return np.where(approval > 0, eased, 0.0)


@replaceable
def designed_in(stages: Array, held: Array, months: Array) -> Array:
    """How far products have been designed for what licences allow, after a month [0..1].

    Args:
        stages: share of the trade that got as far as each stage of a design, the last one
            in products, (stages, routes, members).
        held: share that licences cover [0..1], (routes, members).
        months: time a design takes; 0 where the licensed goods are the same as before [months].

    Source:
        Form: third-order material delay (Sterman 2000, Business Dynamics, ch. 11): hardly
        anything comes out at first. Value: ``items.*.licensed_after`` (A-59).
    """
    # A stage passes on within the month: what takes a month or less comes at once.
    step = 1.0 / (1.0 + np.maximum(months - 1.0, 0.0) / len(stages))
    after = np.empty_like(stages)
    ahead = held
    for k, stage in enumerate(stages):
        after[k] = ahead = np.minimum(held, stage + (ahead - stage) * step)
    return after


@replaceable
def outlawed(stopped: Array, barred: Array) -> Array:
    """Share of the goods now due that became unlawful since they were ordered [0..1].

    Only lawful goods were ordered: what the law barred even then is not among them.

    Args:
        stopped: share of the route's trade whose delivery the law stops now [0..1].
        barred: share of it that could not be ordered then [0..1].

    Source:
        Measures come one on top of another, so what is lawful now was lawful before.
    """
    lawful = np.maximum(1.0 - barred, 1e-300)
    return np.maximum(0.0, 1.0 - (1.0 - stopped) / lawful)
