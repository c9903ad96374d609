"""What a home government does for a firm in distress."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def distress(revenue: Array, peak: Array, threat: Array) -> Array:
    """How badly the state thinks its firm is hit [0..1].

    Args:
        revenue: revenue of the last twelve months [bn CNY].
        peak: highest such revenue so far [bn CNY].
        threat: share of its foreign supply that is closed [0..1].

    Source:
        Assumption A-13: a fall by a quarter, or a full cut-off, is full distress.
    """
    fall = 1.0 - revenue / np.maximum(peak, 1e-9)
    return np.clip(np.maximum(fall / 0.25, threat), 0.0, 1.0)


@replaceable
def grant_share(share: Array, calm: Array, multiple: Array, need: Array, months: Array) -> Array:
    """Grants as a share of revenue after a month, moving toward what distress calls for [0..1].

    Source:
        Grants of 0.2-0.3 % of revenue before the listing (key ``huawei-ar-2019``); multiple of
        1 to 5: prior ``behaviour.home_state.grant_multiple``.
    """
    wanted = calm * (1.0 + (multiple - 1.0) * need)
    return share + (wanted - share) / months


@replaceable
def keep_value(revenue: Array, margin: Array, supply: Array, years: Array) -> Array:
    """What a unit is worth to its owner if kept [bn CNY].

    Args:
        revenue: its revenue per year when fully supplied [bn CNY].
        margin: operating margin [ratio].
        supply: share of its demand that chips allow [0..1].
        years: profits counted in the price [years].

    Source:
        Assumption A-14: multiple of the profit that is still possible.
    """
    return revenue * margin * supply * years
