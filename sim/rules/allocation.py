"""Sharing what is scarce: over claimants, and over time."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array, Mask
from sim.world.groups import Groups, Substitutes
from sim.world.replaceable import replaceable

ROUNDS = 3  # weights within a factor of about ten settle in three rounds


@replaceable
def ration(need: Array, weight: Array, supply: Array, groups: Groups) -> Array:
    """Share out scarce goods by weighted claims; nobody gets more than needed.

    Each claimant gets ``need * min(1, level * weight)``, with the level at which a group's
    supply is used up (or everybody is served).

    Args:
        need: what each claimant wants [any unit], (claimants, members).
        weight: strength of each claim [> 0], broadcastable to ``need``.
        supply: what there is per group [same unit], (groups, members).
        groups: which claimants draw on which supply.

    Returns:
        Share of each need that is met [0..1], (claimants, members).

    Source:
        Form: weighted proportional rationing with a cap, as in supply-chain ABMs (Hallegatte
        2008 ARIO; Inoue and Todo 2019); assumption A-02.
    """
    plenty = supply >= groups.sum(need)
    scarce = np.flatnonzero(~plenty.all(axis=1))
    if len(scarce) == groups.count:
        return _rationed(need, weight, supply, plenty, groups)
    share = np.ones_like(need)
    if len(scarce):  # what all members have enough of needs no sharing
        rows, some = groups.only(scarce)
        weights = np.broadcast_to(weight, (len(need), np.shape(weight)[-1]))
        share[rows] = _rationed(need[rows], weights[rows], supply[scarce], plenty[scarce], some)
    return share


def _rationed(need: Array, weight: Array, supply: Array, plenty: Mask, groups: Groups) -> Array:
    claim = need * weight
    level, before = supply / np.maximum(groups.sum(claim), 1e-300), None
    for _ in range(ROUNDS):
        served = groups.spread(level) * weight >= 1.0
        if before is not None and np.array_equal(served, before):
            break  # another round would end at the same level
        before = served
        left = supply - groups.sum(need * served)
        open_claim = groups.sum(claim * ~served)
        level = np.where(open_claim > 0, left / np.maximum(open_claim, 1e-300), level)
        level = np.maximum(level, 0.0)
    share = np.minimum(1.0, groups.spread(level) * weight)
    return np.where(groups.spread(plenty), 1.0, _fit(share, need, supply, groups))


def _fit(share: Array, need: Array, supply: Array, groups: Groups) -> Array:
    # A round too few may overshoot: nobody may draw what is not there.
    drawn = groups.sum(share * need)
    scale = np.minimum(1.0, supply / np.maximum(drawn, 1e-300))
    return share * groups.spread(np.where(drawn > 0, scale, 1.0))


@replaceable
def stand_ins(
    asked: Array, got: Array, weight: Array, supply: Array, substitutes: Substitutes
) -> Array:
    """Goods by (line, kind) when lines that fall short take other kinds [any unit].

    A ration of all kinds in one pool says what each line may claim. Who got more from the usual
    kinds hands that over to those who got less and can take it; what is then left over fills
    the remaining gaps. No line gets more in all than it asked for.

    Args:
        asked: usual need of each pair [any unit], (pairs, members).
        got: what rations kind by kind would give it [same unit].
        weight: strength of each line's claim [> 0], (lines, members).
        supply: what there is of each kind [same unit], (kinds, members).
        substitutes: which pairs serve which line from which kind.

    Source:
        Scarce processors go to the dearest products, whatever kind they are: assumption A-02.
    """
    by_line, by_kind = substitutes.by_line, substitutes.by_kind
    wanted, has = by_line.sum(asked), by_line.sum(got)
    if (has >= wanted).all():  # the usual month
        return got
    pooled = substitutes.kinds_of_pool.sum(supply)
    fair = wanted * ration(wanted, weight, pooled, substitutes.lines_of_pool)
    kept = np.minimum(1.0, fair / np.maximum(has, 1e-300))
    got = got * by_line.spread(kept)
    claims = by_line.spread(weight)
    for level in (fair, wanted):
        gap = by_line.spread(np.maximum(level - by_line.sum(got), 0.0))
        spare = np.maximum(supply - by_kind.sum(got), 0.0)
        got = got + _no_more_than(gap, gap * ration(gap, claims, spare, by_kind), by_line)
    return got


def _no_more_than(gap: Array, extra: Array, by_line: Groups) -> Array:
    """Scale what several kinds would give down to the gap of the line."""
    total = np.maximum(by_line.spread(by_line.sum(extra)), 1e-300)
    return extra * np.minimum(1.0, gap / total)


@replaceable
def buildable(met: Array, needing: Array) -> Array:
    """Share of products that can be built when ``met`` of the need for an item is met [0..1].

    Args:
        met: share of the need that rationing met [0..1].
        needing: share of the products that need the item at all [0..1]; the rest has been
            redesigned to do without it.

    Source:
        Missing inputs stop production in proportion (Leontief, as in ARIO), but only of the
        products that contain them.
    """
    return 1.0 - needing * (1.0 - met)


@replaceable
def allowance(stock: Array, coming: Array, inflow: Array, use: Array, stretch: Array) -> Array:
    """Chips that may be built in this month [m units]; a stock nobody refills is spread out.

    With new orders that cover the planned use, the whole stock is at hand. Without any, a
    month gets one part in ``stretch`` of what is left and under way; orders that cover a half
    of the use shorten that time by half.

    Args:
        stock: chips at hand, this month's arrivals included [m units], (items, members).
        coming: chips under way [m units].
        inflow: new orders taken per month [m units].
        use: use planned per month [m units].
        stretch: months over which an irreplaceable stock is made to last [months].

    Source:
        Form: assumption A-03. Value: ``behaviour.stock.stretch``.
    """
    secure = np.clip(inflow / np.maximum(use, 1e-12), 0.0, 1.0)
    months = 1.0 + np.maximum(stretch - 1.0, 0.0) * (1.0 - secure)
    return np.minimum(stock, inflow + (stock + coming) / months)
