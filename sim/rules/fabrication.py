"""Making chips: dies on a wafer, yield, learning, tools and development of nodes."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable

WAFER_MM = 300.0


@replaceable
def dies_per_wafer(area_mm2: Array) -> Array:
    """Whole dies on a 300 mm wafer [count].

    Source:
        Usual first-order formula with edge loss, no scribe lanes (3-6 % too many).
    """
    return np.pi * WAFER_MM**2 / (4 * area_mm2) - np.pi * WAFER_MM / np.sqrt(2 * area_mm2)


@replaceable
def die_yield(defects: Array, area_mm2: Array, cluster: Array, salvage: Array) -> Array:
    """Share of dies that can be sold [0..1].

    Args:
        defects: defect density [per cm2].
        area_mm2: die area [mm2].
        cluster: clustering parameter of the negative binomial model [> 0].
        salvage: share of the faulty dies that sell with cores switched off [0..1].

    Source:
        Negative binomial yield (Stapper 1983). Values: ``behaviour.home_foundries.cluster``.
    """
    whole = (1.0 + defects * area_mm2 / 100.0 / cluster) ** -cluster
    return whole + salvage * (1.0 - whole)


@replaceable
def learned_defects(
    defects: Array, floor: Array, started: Array, full: Array, half: Array
) -> Array:
    """Defect density after a month of production [per cm2].

    Args:
        defects: density last month.
        floor: density of a mature line.
        started: wafers started this month [thousand].
        full: wafers at which learning runs at its full speed [thousand/month].
        half: half-life of excess defects at that speed [months].

    Source:
        Learning by cumulative wafers and engineering time: Leachman and Berglund (key
        ``leachman-yield``). Value: ``behaviour.home_foundries.learning_half_life``.
    """
    speed = np.minimum(1.0, started / full)
    return floor + (defects - floor) * 0.5 ** (speed / half)


@replaceable
def runnable(tools: Array, need: Array) -> Array:
    """Wafers the scarcest kind of tool allows [thousand/month], (members,).

    Args:
        tools: systems in working order by kind, (kinds, members).
        need: systems of each kind per 1,000 wafers a month, (kinds, members).

    Source:
        No kind stands in for another: an industry statement of 2026 that bought tools stand
        idle for want of matching ones (key ``nikkei-advanced-capacity-2026``).
    """
    return (tools / need).min(axis=0)


@replaceable
def development_step(lag: Array, effort: Array, elasticity: Array) -> Array:
    """Progress toward the next node in a month [share of the way].

    Args:
        lag: months it takes with the effort of calm times [months].
        effort: R&D effort against calm times [ratio].
        elasticity: of speed to effort.

    Source:
        Knowledge production with decreasing returns. Value: prior of 24-60 months for 7 nm,
        ``foundries.*.nodes.*.development_months``.
    """
    return effort**elasticity / lag


@replaceable
def shipped_tools(backlog: Array, lead: Array, window: Array, surge: Array, closed: Array) -> Array:
    """Tools leaving the maker this month [systems].

    Args:
        backlog: orders not yet shipped [systems].
        lead: months from order to shipment [months].
        window: share of the month in which a closure is announced but not in force [0..1].
        surge: extra shipments a maker can manage in such a window [ratio].
        closed: share of shipments that the law stops [0..1].

    Source:
        Shipments rose from 78 to 176 systems in the year of the announced closure (key
        ``digitimes-dutch-tools-2024``); form: assumption A-09.
    """
    due = backlog / lead * (1.0 + surge * window)
    return np.minimum(backlog, due) * (1.0 - closed)


@replaceable
def dares(exposure: Array, compliance: Array, nerve: Array) -> Array:
    """Whether a home foundry makes what foreign law bars it from making (0 or 1).

    Args:
        exposure: share of its foreign tools and service it could still lose [0..1].
        compliance: fear of losing them [0..1].
        nerve: what its owners shrink from [0..1), uniform over members.

    Source:
        Assumption A-10: breaking the law is a gamble (Becker 1968) that is taken wholly or not
        at all, and a foundry that has been listed itself has little left to lose.
    """
    return (nerve >= compliance * exposure).astype(float)
