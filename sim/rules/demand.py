"""What buyers want: shares that move slowly toward what an offer deserves."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def loss_to_odds(loss: Array) -> Array:
    """Log-odds equivalent of losing a share ``loss`` of demand [0..1)."""
    return np.log1p(-loss)


@replaceable
def deserved_share(potential: Array, appeal: Array) -> Array:
    """Share of the market an offer is heading for [0..1].

    Args:
        potential: share with an unimpaired offer [0..1]; all of a market stays all of it.
        appeal: change of log-odds against that offer.

    Source:
        Form: logit demand with an outside good (Berry 1994), as used for phones by Nicolle,
        Li and Verboven (key ``nicolle-li-verboven``).
    """
    # The same as odds / (1 + odds), but sound for a potential of one.
    gained = potential * np.exp(appeal)
    return gained / (1.0 - potential + gained)


@replaceable
def drifting_share(share: Array, deserved: Array, adjust: Array) -> Array:
    """Share after a month of slow movement both ways [0..1]; ``adjust`` of the gap a month.

    Source:
        Partial adjustment: replacement cycles of phones and networks. Value: ``lines.*.adjust``.
    """
    return share + adjust * (deserved - share)


@replaceable
def growing_share(share: Array, deserved: Array, growth: Array) -> Array:
    """Share of a new business after a month [0..1]; an S-curve below ``deserved``.

    Args:
        growth: yearly growth far below the deserved share [1/year].

    Source:
        Form: logistic diffusion. Value: ``behaviour.demand.growth_rate``.
    """
    room = np.clip(1.0 - share / np.maximum(deserved, 1e-9), -1.0, 1.0)
    return share * (1.0 + growth / 12.0 * room)


@replaceable
def after_lost_buyers(share: Array, unserved: Array, lost: Array) -> Array:
    """Share left when ``lost`` of the unserved buyers change brand for good [0..1].

    Args:
        share: share of the market that wants the offer [0..1].
        unserved: part of them that went away empty-handed this month [0..1].
        lost: share of these who do not come back [0..1].

    Source:
        Repurchase rates of a third to a half (key ``ihs-loyalty-2019``); form: assumption A-06.
    """
    return share * (1.0 - lost * unserved)


@replaceable
def scarcity_price(fill: Array, elasticity: Array, cap: Array) -> Array:
    """Price against the list price when only ``fill`` of demand can be served [>= 1].

    Source:
        Constant-elasticity demand, limited by ``behaviour.demand.price_cap`` (A-07).
    """
    wanted = np.maximum(fill, 1e-3) ** (-1.0 / elasticity)
    return np.minimum(wanted, 1.0 + cap)


@replaceable
def patriotic_pull(pull: Array, visible: Array, restore: Array, half_life: Array) -> Array:
    """Patriotic demand as a share of its peak after a month [0..1].

    Args:
        visible: a step of the sanctioning state that the home public sees [0..1].
        restore: share of the missing pull that such a step restores [0..1].
        half_life: months after which half of it is gone [months].

    Source:
        Lasting boycott effects: Barwick, Li, Wallace and Weiss 2023 (key
        ``barwick-boycott-2023``); renewal: assumption A-08.
    """
    faded = pull * 0.5 ** (1.0 / half_life)
    return faded + (1.0 - faded) * restore * visible
