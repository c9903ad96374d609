"""Budgets: research, overhead, payout."""

from __future__ import annotations

import numpy as np

from sim.world.calendar import Array
from sim.world.replaceable import replaceable

LAST_YEAR_BACK = 6.5  # months from the middle of the last twelve to this one


@replaceable
def research_budget(last: Array, revenue: Array, base: Array, growth: Array, most: Array) -> Array:
    """R&D expense this month [bn CNY]; it follows revenue up and resists on the way down.

    Args:
        last: R&D of the last twelve months [bn CNY].
        revenue: revenue planned for a year [bn CNY].
        base: share of revenue in calm times [0..1].
        growth: yearly growth kept up when revenue falls [ratio].
        most: highest share of revenue [0..1].

    Source:
        Ratchet: R&D rose each year while revenue fell (calibration years to 2021); form A-15.
    """
    kept_up = last * (1.0 + growth) ** (LAST_YEAR_BACK / 12.0)
    wanted = np.maximum(base * revenue, kept_up)
    return np.minimum(wanted, most * revenue) / 12.0


@replaceable
def overhead(revenue: Array, usual: Array, share: Array, fixed: Array) -> Array:
    """Selling and administration this month [bn CNY].

    Args:
        revenue: this month's revenue [bn CNY].
        usual: monthly revenue of the last two years or so [bn CNY].
        share: of revenue in calm times [0..1].
        fixed: part that does not follow revenue [0..1].

    Source:
        Shares: ``behaviour.money``.
    """
    return share * (fixed * usual + (1.0 - fixed) * revenue)


@replaceable
def paid_to_suppliers(owed: Array, months: Array) -> Array:
    """What is paid to suppliers this month [bn CNY]; bills fall due after ``months``.

    Source:
        Payable days of about three months (key ``huawei_report_2019_highlights``); first-order
        delay, assumption A-57.
    """
    return owed / months


@replaceable
def wanted_debt(calm: Array, alarm: Array, threat: Array, peak: Array) -> Array:
    """Borrowing a firm seeks [bn CNY]: a share of its best year, more under threat.

    Args:
        calm: share of the best year's revenue borrowed in calm times [0..1].
        alarm: extra share when a cut-off is certain [0..1].
        threat: perceived threat [0..1].
        peak: best twelve months of revenue so far [bn CNY].

    Source:
        Precautionary borrowing (Bates, Kahle and Stulz 2009 on precautionary cash); shares
        estimated on 2018-2021, assumption A-57.
    """
    return (calm + alarm * threat) * peak
