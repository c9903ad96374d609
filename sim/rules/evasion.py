"""Fronts that order abroad for a barred firm: when it pays, and when it is found out."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def worth_entering(
    trade: Array, markup: Array, hazard: Array, penalty: Array, setup: Array, aversion: Array
) -> Array:
    """Expected gain of opening a front, in units of its setup cost [ratio].

    A front trades until it is found out, on average ``1 / hazard`` months.

    Args:
        trade: value it would trade per month [bn CNY].
        markup: what it earns on the value [ratio].
        hazard: chance of detection per month [1/month].
        penalty: what being caught costs, in values of the set-up [ratio].
        setup: masks, porting, cover company [bn CNY].
        aversion: how much heavier a loss weighs than a gain [ratio].

    Source:
        Crime as a gamble (Becker 1968); values: ``intermediaries``.
    """
    life = 1.0 / np.maximum(hazard, 1e-6)
    gain = trade * markup * np.minimum(life, 24.0)
    # A fine is rarely paid by a front that has nothing: only its owners' stake is at risk.
    loss = aversion * penalty * setup
    return gain / (setup + loss)


@replaceable
def detection_hazard(
    base: Array, volume: Array, scale: Array, visible: Array, factor: Array
) -> Array:
    """Chance that a front is found out this month [0..1].

    Args:
        base: hazard at the volume ``scale`` [1/month].
        volume: chips it ordered this month [m dies].
        scale: volume of a typical front [m dies/month].
        visible: visibility of the product the chips end up in [ratio].
        factor: enforcement and due diligence against the start [ratio].

    Source:
        Hazard 0.04-0.12 a month, from 11-12 and 13 months of documented conduct; growth with
        the square root of volume: assumption A-11.
    """
    hazard = base * np.sqrt(volume / scale) * visible * factor
    return np.clip(hazard, 0.0, 0.9)
