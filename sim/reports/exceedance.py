"""Curves of chances: of at least so much by a year, of a level passed by a year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from sim.analysis.exceedance import (
    AMOUNT,
    LEVEL,
    Curve,
    Yearly,
    amounts,
    passings,
    table_of,
    yearly,
)
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.results import Results
from sim.reports import style
from sim.reports.axes import number
from sim.reports.blocks import to_csv
from sim.reports.content import (
    Block,
    Cell,
    Column,
    Figure,
    Key,
    Number,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
)
from sim.reports.facts import number_text, percent_text
from sim.reports.names import display
from sim.runs.columns import split_column
from sim.runs.experiment_results import ExperimentResults
from sim.runs.simulate import RunError

MOST = len(style.FILLS)  # scenarios that can be told apart
NAME, FORMATS = "exceedance", ("svg", "png")
_DASHES: tuple[tuple[float, ...], ...] = (
    (), (5, 2), (1, 1.2), (6, 2, 1, 2), (3, 1), (8, 3), (), (2, 2),
)  # fmt: skip
NOTE = (
    "Chances are shares of the members: of the model with its ranges, not of the world. The "
    "members of a curve differ in parameters and luck"
)
SHARED = "; the curves share both."
_ASKS = {
    "chance of at least": "chance of at least so much, as share of the members",
    "chance by the end of": "chance that it has come about by the end of a year, as share of the "
    "members",
}


def standard_curves(
    sources: Sequence[tuple[str, Results | ExperimentResults]], names: Sequence[str] = ()
) -> list[list[Curve]]:
    """The questions asked if nobody says, as far as the runs can answer them.

    The peak is that of the first scenario, so that all are measured by the same year.

    Args:
        sources: runs and experiments.
        names: what the scenarios are called, in their order; their own names if none are
            given. With names the last scenario comes first: in a design it has most in it.
    """
    found = []
    for column, ask in ((AMOUNT, amounts), (LEVEL, passings)):
        try:
            scenarios = gathered(sources, column)
            if names:
                pairs = zip(names, scenarios.values(), strict=True)
                scenarios = dict(reversed(list(pairs)))
            curves = ask(scenarios, column)
        except (OutcomeError, RunError):
            continue
        if curves and len(curves[0].steps):
            found.append(curves[:MOST])
    return found


def gathered(
    sources: Sequence[tuple[str, Results | ExperimentResults]], column: str
) -> dict[str, Yearly]:
    """An outcome of several runs by name, and of each scenario of an experiment.

    Raises:
        OutcomeError: if one of them lacks it.
        RunError: if an experiment is not finished.
    """
    return {k: v for name, one in sources for k, v in yearly(one, column, name).items()}


@style.styled
def draw_curves(curves: Sequence[Curve]) -> Drawing:
    """Chance against threshold or year, one line a scenario, told apart by colour and dash."""
    figure = style.new_figure(4.5, 2.5)
    ax = figure.add_axes((0.12, 0.2, 0.85, 0.75))
    for place, curve in enumerate(curves):
        color, dashes = style.FILLS[place % MOST].color, _DASHES[place % MOST]
        ax.plot(curve.steps, 100 * curve.chances, color=color, ls=(0, dashes) if dashes else "-",
                lw=1.8, marker="o", markersize=3)  # fmt: skip
    _finish(ax, curves[0])
    return figure


def _finish(ax: Axes, first: Curve) -> None:
    ax.set_ylim(-2, 102)
    ax.set_yticks(range(0, 101, 25))
    ax.yaxis.set_major_formatter(lambda value, place: f"{value:.0f} %")
    ax.grid(axis="y", color=style.GRID, linewidth=0.7)
    if first.unit == "year":
        ax.set_xticks(first.steps, [f"{year:.0f}" for year in first.steps])
    else:
        ax.xaxis.set_major_formatter(lambda value, place: number(value))
        ax.set_xlabel(first.unit, size=8)
    ax.tick_params(labelsize=8)


def legend_of(curves: Sequence[Curve]) -> list[Key]:
    """A sample a scenario; none for a single one."""
    if len(curves) < 2:
        return []
    return [
        Key("line", curve.scenario, style.FILLS[k % MOST].color, dashes=_DASHES[k % MOST])
        for k, curve in enumerate(curves)
    ]


def exceedance_section(
    sources: Sequence[tuple[str, Results | ExperimentResults]], names: Sequence[str] = ()
) -> Section | None:
    """Curves and their tables; None if the runs cannot tell any chance."""
    groups = standard_curves(sources, names)
    if not groups:
        return None
    several = len(groups[0]) > 1
    blocks: list[Block] = [Paragraph([NOTE + (SHARED if several else ".")])]
    if len(names) > MOST:
        blocks.append(Paragraph([f"The last {MOST} of {len(names)} conditions are shown."]))
    for k, curves in enumerate(groups):
        blocks += [exceedance_figure(curves, k), exceedance_table(curves, k)]
    return Section("exceedance-section", "Chances", blocks)


def exceedance_figure(curves: Sequence[Curve], k: int = 0) -> Figure:
    """One question as a figure."""
    subject, _, ask = curves[0].question.partition(": ")
    picture = Picture("", draw_curves(curves), f"{curves[0].question}: {_in_words(curves)}.")
    return Figure(
        f"figure-exceedance-{k}", f"exceedance_{k}", subject, _ASKS.get(ask, ask), [picture],
        legend=legend_of(curves), data=to_csv(table_of(curves).to_dict("records")),
    )  # fmt: skip


def _in_words(curves: Sequence[Curve]) -> str:
    middle = len(curves[0].steps) // 2
    return "; ".join(
        f"{one.scenario} {percent_text(float(one.chances[middle]))} at {step_text(one, middle)}"
        for one in curves
    )


def step_text(curve: Curve, place: int) -> str:
    """A threshold with its unit, or a year."""
    step = float(curve.steps[place])
    return f"{step:.0f}" if curve.unit == "year" else f"{number_text(step)} {curve.unit}"


def exceedance_table(curves: Sequence[Curve], k: int = 0) -> Table:
    """One row a threshold or year, one column a scenario."""
    columns = [Column("", width=2), *(Column(one.scenario, "right") for one in curves)]
    outcome, labels = split_column(curves[0].column)
    rows = []
    for place in range(len(curves[0].steps)):
        cells: list[Cell] = [step_text(curves[0], place)]
        for one in curves:
            chance = float(one.chances[place])
            where = f"{NAME}|{outcome}|{labels}|{one.steps[place]:g}|{one.scenario}"
            cells.append([Number(percent_text(chance), chance, where)])
        rows.append(Row(cells))
    data = to_csv(table_of(curves).to_dict("records"))
    caption = f"The same as a table: {curves[0].question.partition(': ')[0].lower()}"
    return Table(f"{NAME}-{k}", caption, columns, rows, data, folded=True)


def save_curves(groups: Sequence[Sequence[Curve]], folder: Path) -> list[Path]:
    """Write all curves as one table, and a figure a question; give the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.concat([table_of(curves) for curves in groups], ignore_index=True)
    path = folder / f"{NAME}.csv"
    table.to_csv(path, index=False, float_format="%.6g")
    paths = [path]
    for curves in groups:
        outcome = curves[0].column.partition("|")[0]
        drawing = _with_words(curves)
        paths += style.save(drawing, folder / "figures", f"{NAME}_{outcome}", FORMATS)
    return paths


@style.styled
def _with_words(curves: Sequence[Curve]) -> Drawing:
    """A figure that stands alone: with title and legend."""
    figure = draw_curves(curves)
    ax = figure.axes[0]
    figure.set_size_inches(5.4, 3.2)
    ax.set_position((0.11, 0.16, 0.86, 0.7))
    ax.set_title(curves[0].question, loc="left", size=9, color=style.INK)
    if len(curves) > 1:
        for line, one in zip(ax.lines, curves, strict=True):
            line.set_label(display(one.scenario.replace("-", "_")))
        ax.legend(fontsize=7, handlelength=4.5)  # two strokes of the longest dash
    return figure
