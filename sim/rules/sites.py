"""Moving research: posts close at one site and are filled again at others."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable


@replaceable
def closing(staff: Array, barred: Array, months: Array) -> Array:
    """Posts that close this month [persons], (sites, members).

    Args:
        staff: posts at each site [persons].
        barred: whether the host bars the site from working for the firm [0..1].
        months: months to close a site down [months].

    Source:
        Two thirds of a site were cut 67 days after the listing (key ``futurewei_2019``).
    """
    return staff * barred * np.minimum(1.0, 1.0 / months)


@replaceable
def refilled(open_posts: Array, months: Array) -> Array:
    """Open posts filled this month [persons], (members,).

    Source:
        A site grew by half in twelve months; first-order delay (assumption A-56).
    """
    return open_posts / months
