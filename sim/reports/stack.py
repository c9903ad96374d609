"""A stack: what makes up a total, by origin or maker, one layer on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.outcomes.periods import Every
from sim.reports import style
from sim.reports.axes import add_steps, day_numbers
from sim.reports.names import display
from sim.reports.series import Array, Run, flow_by, kind_of, members_of, months_of, numbers_of

STACK_NOTE = (
    "Stacked areas are means over members, because medians of parts do not add up to a total."
)


def layers_of(
    run: Run,
    outcome: str,
    labels: Mapping[str, str],
    dim: str,
    names: Sequence[str],
    every: Every,
) -> tuple[Array, dict[str, Array]]:
    """Mean over members of each layer by complete period.

    Args:
        run: results of a run.
        outcome: a flow, or a share that is split.
        labels: labels of its other dimensions.
        dim: dimension whose labels are the layers.
        names: labels to stack, from the bottom.
        every: ``year`` or ``quarter``.

    Returns:
        Edges of the periods in days, (periods + 1,), and a mean by layer, (periods,).

    Raises:
        OutcomeError: if the outcome or a label is not in the run.
    """
    edges = np.array([], dtype="datetime64[M]")
    layers = {}
    for name in names:
        values = members_of(run, outcome, {**labels, dim: name})
        edges, sums = flow_by(months_of(run), numbers_of(values), every, kind_of(values))
        layers[name] = np.nan_to_num(sums).mean(axis=1)
    return day_numbers(edges), layers


def draw_stack(ax: Axes, edges: Array, layers: Mapping[str, Array]) -> None:
    """Layers from the bottom up, each with its colour and hatch."""
    if len(edges) == 0:
        ax.text(0.5, 0.5, "no complete period", transform=ax.transAxes, ha="center")
        return
    looks = style.fills(list(layers))
    base = np.zeros(len(edges) - 1)
    for name, values in layers.items():
        add_steps(
            ax, edges, base, base + values, label=name, linewidth=0, edgecolor="white",
            facecolor=looks[name].color, hatch=looks[name].hatch,
        )  # fmt: skip
        base = base + values
    add_steps(ax, edges, None, base, edgecolor=style.INK, linewidth=0.7, label="sum")


def stack_legend(layers: Sequence[str], names: Mapping[str, str] | None = None) -> list[Artist]:
    """Handles that name the layers."""
    looks = style.fills(layers)
    return [
        Patch(
            facecolor=looks[layer].color,
            hatch=looks[layer].hatch,
            edgecolor="white",
            label=display(layer, names),
        )
        for layer in layers
    ]
