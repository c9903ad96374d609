"""What binds: for each product line the constraint that limited its output this month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.world.calendar import Array

if TYPE_CHECKING:
    from sim.case.schema import Case
    from sim.model import SupplyChain

DEMAND, PROCESSORS, BAN = "demand", "processors", "ban"
CALM = (DEMAND, BAN, PROCESSORS)  # what may bind besides an item that a line needs
SLACK = 0.01  # less than a hundredth unserved counts as served


def constraints(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines, and what can bind them: demand, market bans, processors, each needed item."""
    needed = dict.fromkeys(item for line in case.lines.values() for item in line.bill)
    return tuple(case.lines), (*CALM, *needed)


def binding(model: SupplyChain) -> Array:
    """1 where a constraint is the tightest one, (lines, constraints, members).

    Demand binds where everything wanted was built; it counts as a ban where law or caution
    about secondary sanctions closed more than a tenth of the line's markets.
    """
    sales, layout = model.firm.sales, model.layout
    tightest = np.minimum(sales.enough_processors, layout.must_of_line.minimum(sales.limits, 1.0))
    served = tightest >= 1.0 - SLACK
    closed = _closed(model) > 0.1
    few = ~served & (sales.enough_processors <= tightest)
    columns = _columns(model)
    out = np.zeros((len(layout.lines), len(CALM) + columns.max(initial=-1) + 1, served.shape[-1]))
    out[:, 0], out[:, 1], out[:, 2] = served & ~closed, served & closed, few
    named = served | few  # the first of equals is the one that binds
    reached = sales.limits <= layout.must_of_line.spread(tightest)
    for needs in layout.must_of_line.by_turns:
        rows = layout.need_line[needs]
        binds = reached[needs] & ~named[rows]
        out[rows, len(CALM) + columns[needs]] = binds
        named[rows] |= binds
    return out


def _columns(model: SupplyChain) -> npt.NDArray[np.int64]:
    """Place of each fixed need's item among the constraints that are items, (fixed needs,)."""
    items = model.layout.need_item[: len(model.layout.fixed)]
    _, first, place = np.unique(items, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[place]


def _closed(model: SupplyChain) -> Array:
    """Part of each line's markets that law or the firm's own caution closes [0..1]."""
    out = np.zeros((len(model.layout.lines), model.ensemble.members))
    for market in model.markets:
        shut = 1.0 - market.reachable()
        if not shut.any():
            continue
        wanted = market.size[model.month] * market.share  # (lines, regions, members)
        total = np.maximum(wanted.sum(axis=1), 1e-300)
        out[market.rows] = (wanted * shut).sum(axis=1) / total
    return out
