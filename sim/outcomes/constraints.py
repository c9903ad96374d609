"""What binds: for each product line the constraint that limited its output this month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.case.schema import Case
    from sim.model import SupplyChain

DEMAND, PROCESSORS, BAN = "demand", "processors", "ban"
SLACK = 0.01  # less than a hundredth unserved counts as served


def constraints(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines, and what can bind them: demand, market bans, processors, each needed item."""
    needed = dict.fromkeys(item for line in case.lines.values() for item in line.bill)
    return tuple(case.lines), (DEMAND, BAN, PROCESSORS, *needed)


def binding(model: SupplyChain) -> Array:
    """1 where a constraint is the tightest one, (lines, constraints, members).

    Demand binds where everything wanted was built; it counts as a ban where law or caution
    about secondary sanctions closed more than a tenth of the line's markets.
    """
    lines, names = constraints(model.case)
    out = np.zeros((len(lines), len(names), model.ensemble.members))
    sales, layout = model.firm.sales, model.layout
    tightest = np.minimum(sales.enough_processors, layout.must_of_line.minimum(sales.limits, 1.0))
    served = tightest >= 1.0 - SLACK
    closed = _closed(model) > 0.1
    out[:, 0], out[:, 1] = served & ~closed, served & closed
    out[:, 2] = ~served & (sales.enough_processors <= tightest)
    named = served | (out[:, 2] > 0)  # the first of equals is the one that binds
    column = {name: place for place, name in enumerate(names)}
    for (line, item), limit in zip(layout.fixed, sales.limits, strict=True):
        row = layout.line[line]
        binds = ~named[row] & (limit <= tightest[row])
        out[row, column[item]] = binds
        named[row] |= binds
    return out


def _closed(model: SupplyChain) -> Array:
    """Part of each line's markets that law or the firm's own caution closes [0..1]."""
    out = np.zeros((len(model.layout.lines), model.ensemble.members))
    for market in model.markets:
        wanted = market.size[model.month] * market.share  # (lines, regions, members)
        shut = 1.0 - market.reachable()
        total = np.maximum(wanted.sum(axis=1), 1e-300)
        out[market.lines] = (wanted * shut).sum(axis=1) / total
    return out
