"""Second formulations of the rules that are most in doubt, each in the place of one rule.

A case chooses them by name (``structure``). They take and give what the rule gives that they
stand in for, and read the same inputs, so that only the form differs.
"""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array

# What a month without a chip loses against what a month of holding it costs (assumption A-62).
LOSS_TO_HOLDING = 20.0
LEARNING_EXPONENT = 0.5  # defects fall by 29 % with each doubling of wafers (assumption A-62)
SHARE_OF_ANY_MAKER = 0.1  # of a maker's sales, if nobody knows whose (assumption A-62)
_TINY = 1e-300


def newsvendor_cover(normal: Array, precaution: Array, threat: Array) -> Array:
    """Months of use to hold against a cut-off of unknown length [months].

    In place of ``target_cover``. The last month of cover is worth holding while the chance that
    it will be needed, threat x exp(-cover / length), times what a month without the chip loses
    exceeds what holding it costs. At full threat this is ``precaution``; below a threat of
    1 / ``LOSS_TO_HOLDING`` nothing is held beyond habit.

    Source:
        Form: newsvendor under supply disruption with exponential length (Tomlin 2006).
        Ratio: assumption A-62.
    """
    worth = np.log(LOSS_TO_HOLDING * np.maximum(threat, 1.0 / LOSS_TO_HOLDING))
    extra = np.maximum(precaution - normal, 0.0)
    return normal + extra * worth / np.log(LOSS_TO_HOLDING)


def replicator_share(share: Array, deserved: Array, adjust: Array) -> Array:
    """Share after a month in which buyers copy buyers [0..1].

    In place of ``drifting_share``. The odds of the share, not the share, close ``adjust`` of
    their gap: an offer that few have is seldom seen, so what is lost comes back slowly.

    Source:
        Form: replicator dynamics (Taylor and Jonker 1978), with the distance in log-odds to
        the deserved share as fitness. Value: ``lines.*.adjust``.
    """
    step = np.minimum(adjust, 1.0)  # of new businesses, which grow by another rule, it is a rate
    mine = share ** (1.0 - step) * deserved**step
    others = (1.0 - share) ** (1.0 - step) * (1.0 - deserved) ** step
    return mine / np.maximum(mine + others, _TINY)


def power_law_defects(
    defects: Array, floor: Array, started: Array, full: Array, half: Array
) -> Array:
    """Defect density after a month of production [per cm2].

    In place of ``learned_defects``. Excess defects fall with a power of all wafers ever made
    instead of with time at work. How many have been made follows from the excess itself, so
    that a line with one excess defect per cm2 learns as fast as by the other rule.

    Source:
        Form: learning by cumulative output (Wright 1936; for yields Hatch and Mowery 1998).
        Exponent: assumption A-62.
    """
    excess = np.maximum(defects - floor, 1e-9)
    made = LEARNING_EXPONENT * full * half / np.log(2.0) * excess ** (-1.0 / LEARNING_EXPONENT)
    return floor + excess * (1.0 + started / made) ** -LEARNING_EXPONENT


def uniform_room(base: Array, firm_share: Array) -> Array:
    """Goods that a maker sells to its other customers [m units/month].

    In place of ``sold_to_others``: every maker counts as one to which the firm is a customer of
    the same middling size, so all have the same room for rush orders in proportion.

    Args:
        base: what the firm buys there in calm times [m units/month].
        firm_share: not used; the firm's share of the maker's sales (0..1].

    Source:
        Assumption A-62.
    """
    del firm_share
    return base * (1.0 - SHARE_OF_ANY_MAKER) / SHARE_OF_ANY_MAKER
