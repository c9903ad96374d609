"""Priors against posteriors: marginals of every parameter, pairs of those that moved most."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.calibration.fit import Fit
from sim.reports import style
from sim.reports.frame import Grid, Words, lay_out
from sim.runs.posterior import Range
from sim.world.calendar import Array

BINS = 24
MOST_PAIRED = 5
_POINTS = 600


@style.styled
def figure_marginals(found: Fit) -> Figure:
    """Prior and posterior of every parameter, in the parameter's own unit."""
    words = Words(
        title="What the fit moved",
        subtitle="Density of each input: prior against posterior",
        legend=[
            Patch(color=style.GRID, label="prior"),
            Patch(edgecolor=style.BLUE, fill=False, label="posterior"),
        ],
        notes=[_source(found)],
    )
    space = found.problem.space
    values = space.values(found.population.places)
    figure, axes = lay_out([_short(path) for path in space.paths], words, Grid(4, 0.9))
    for ax, path in zip(axes, space.paths, strict=True):
        _marginal(ax, values[path], space.ranges[path], found)
    return figure


def _marginal(ax: Axes, values: Array, ends: Range, found: Fit) -> None:
    low, _, high = ends
    ax.fill(ends, [0.0, 2 / (high - low), 0.0], color=style.GRID)
    edges = np.linspace(low, high, BINS + 1).tolist()
    ax.hist(
        values, edges, density=True, weights=found.population.weights, histtype="step",
        color=style.BLUE, linewidth=1.2,
    )  # fmt: skip
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


@style.styled
def figure_pairs(found: Fit) -> Figure:
    """Pairs of the parameters whose variance fell most, as draws of the posterior."""
    weights, places = found.population.weights, found.population.places
    mean = weights @ places
    variance = weights @ (places - mean) ** 2
    chosen = np.argsort(variance)[: min(MOST_PAIRED, places.shape[1])]
    rng = np.random.default_rng(0)
    rows = rng.choice(len(places), _POINTS, p=weights)
    pairs = [(a, b) for k, a in enumerate(chosen) for b in chosen[k + 1 :]]
    paths = found.problem.space.paths
    values = found.problem.space.values(places[rows])
    words = Words(
        title="What is known together",
        subtitle="Draws of the posterior; the inputs whose variance fell most",
        notes=["First named: across; second: up.", _source(found)],
    )
    titles = [f"{_short(paths[a])} and {_short(paths[b])}" for a, b in pairs]
    figure, axes = lay_out(titles, words, Grid(3, 1.9))
    for ax, (a, b) in zip(axes, pairs, strict=True):
        ax.scatter(values[paths[a]], values[paths[b]], s=4, color=style.BLUE, alpha=0.4, lw=0)
        ax.grid(color=style.GRID)
    return figure


def _short(path: str) -> str:
    return path.removeprefix("behaviour.").replace("_", " ").replace(".", ", ")


def _source(found: Fit) -> str:
    return (
        f"{found.problem.case.title}: {found.members:,} members in {len(found.rounds)} rounds, "
        f"{found.population.effective:.0f} effective draws."
    )


def save_posterior_figures(found: Fit, folder: Path) -> list[Path]:
    """Write both figures as SVG and PNG; returns the paths."""
    paths = style.save(figure_marginals(found), folder, "posterior-marginals", ("svg", "png"))
    if len(found.problem.space) > 1:
        paths += style.save(figure_pairs(found), folder, "posterior-pairs", ("svg", "png"))
    return paths
