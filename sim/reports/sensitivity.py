"""Sensitivity as heat maps: inputs by year, darker where more of the spread comes from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.sensitivity.indices import SETTLED, convergence
from sim.reports import style
from sim.reports.blocks import to_csv
from sim.reports.content import Figure as Shown
from sim.reports.content import Picture
from sim.reports.names import display

_TARGET = ["outcome", "labels", "period"]
MOST_ROWS = 12
FORMATS = ("svg", "png")
_LEFT, _CELL, _ROW = 2.55, 0.36, 0.2  # inches
_DARK = 0.55  # of the colour scale, beyond which letters are white
LEAST = 0.02  # a share that is written down
WILD = 1.0  # half an interval wider than all there is: of an outcome that hardly varies


def by_outcome(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Outcome, labels and total shares (inputs, years), the input that matters most first.

    Years in which an outcome hardly varies, so that its shares are chance, are left out unless
    there is no other.
    """
    for (outcome, labels), part in table.groupby(["outcome", "labels"], sort=False):
        tame = part[_tame(part)]
        shares = (part if tame.empty else tame).pivot_table(
            index="parameter", columns="period", values="ST", sort=False
        )
        shares = shares.reindex(sorted(shares.columns), axis=1)
        order = shares.max(axis=1).sort_values(ascending=False, kind="stable").index
        yield str(outcome), str(labels), shares.loc[order].head(MOST_ROWS)


def _tame(table: pd.DataFrame) -> pd.Series[bool]:
    widest = table.groupby(_TARGET, sort=False)["ST_conf"].transform("max")
    return ~(widest > WILD)


def title_of(outcome: str, labels: str) -> str:
    """An outcome and its labels in words."""
    parts = [display(part.partition("=")[2]) for part in labels.split(";") if part]
    return f"{display(outcome)}: {', '.join(parts)}" if parts else display(outcome)


@style.styled
def heat_map(shares: pd.DataFrame, room: int = 2) -> Figure:
    """Total shares of variance, (inputs, years); rounding and interactions may exceed one.

    Args:
        shares: the shares.
        room: years for which there is room, so that maps side by side have one scale.
    """
    rows, columns = shares.shape
    width, height = _LEFT + max(columns, room) * _CELL + 0.1, 0.3 + rows * _ROW
    figure = style.new_figure(width, height)
    size = (columns * _CELL / width, rows * _ROW / height)
    ax = figure.add_axes((_LEFT / width, 0.26 / height, *size))
    values = np.clip(shares.to_numpy(dtype=float), 0.0, 1.0)
    ax.pcolormesh(values, cmap="Blues", vmin=0.0, vmax=1.0, edgecolors="white", linewidth=1)
    for row, column in np.ndindex(*values.shape):
        if values[row, column] >= LEAST:
            colour = "white" if values[row, column] > _DARK else style.INK
            ax.text(column + 0.5, row + 0.5, f"{100 * values[row, column]:.0f}", ha="center",
                    va="center", size=6.5, color=colour)  # fmt: skip
    ax.invert_yaxis()
    ax.set_yticks(np.arange(rows) + 0.5, [short_name(str(name)) for name in shares.index], size=7)
    ax.set_xticks(np.arange(columns) + 0.5, [str(year) for year in shares.columns], size=7)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return figure


def short_name(path: str) -> str:
    """A dotted name without its group, its middle left out if it is long."""
    name = path.removeprefix("behaviour.").replace("_", " ")
    return name if len(name) <= 44 else f"{name[:18]}…{name[-25:]}"


def save_heat_maps(table: pd.DataFrame, folder: Path) -> list[Path]:
    """Write one heat map an outcome; give the paths."""
    paths = []
    for outcome, labels, shares in by_outcome(table):
        name = "_".join(["sensitivity", outcome, *(p.partition("=")[2] for p in labels.split(";"))])
        paths += style.save(heat_map(shares), folder, name.rstrip("_"), FORMATS)
    return paths


def settled_words(table: pd.DataFrame) -> str:
    """How far the shares have settled, in a sentence."""
    found = convergence(table)
    wild = int((found["widest"] > WILD).sum())
    told = f" In {wild} next to nothing varies, or the sample is far too small: beyond ±{WILD:g}."
    return (
        f"{int(found['settled'].sum())} of {len(found)} outcomes and years have settled: every "
        f"95 % interval of a share is within ±{SETTLED} and no share has moved by more than that "
        f"since half the sample. In {int(found['same_lead'].sum())} the same input leads at half "
        f"the sample. The widest interval is ±{found['widest'].max():.2f}."
    ) + (told if wild else "")


def never_words(table: pd.DataFrame) -> str:
    """Events that some members never see; '' if there are none."""
    seen = table[table["never"] > 0.0].drop_duplicates("outcome")
    parts = [
        f"{display(str(row.outcome))} in {100 * row.never:.0f} % of the members"
        for row in seen.itertuples()
    ]
    words = "count as the month after the run where they do not happen"
    return f"Events {words}: {'; '.join(parts)}." if parts else ""


def heat_figure(table: pd.DataFrame, key: str) -> Shown:
    """All heat maps as one figure of a report."""
    maps = list(by_outcome(table))
    room = max((shares.shape[1] for *_, shares in maps), default=2)
    pictures = [
        Picture(title_of(outcome, labels), heat_map(shares, room), _alt(outcome, labels, shares))
        for outcome, labels, shares in maps
    ]
    return Shown(
        f"figure-{key}", key, "What carries the spread of the outcomes",
        "total share of the variance [%], by input and year", pictures, 2,
        notes=[[settled_words(table)], *([[words]] if (words := never_words(table)) else [])],
        data=to_csv(_drawn(table, maps)), even=False,
    )  # fmt: skip


def _drawn(
    table: pd.DataFrame, maps: Iterable[tuple[str, str, pd.DataFrame]]
) -> list[dict[Any, Any]]:
    """Rows of the table that the maps show."""
    shown = {
        (outcome, labels, period, parameter)
        for outcome, labels, shares in maps
        for period in shares.columns
        for parameter in shares.index
    }
    rows = table.to_dict("records")
    return [row for row in rows if tuple(row[key] for key in (*_TARGET, "parameter")) in shown]


def _alt(outcome: str, labels: str, shares: pd.DataFrame) -> str:
    """The first three inputs in the last year, in words."""
    last = shares.iloc[:, -1].sort_values(ascending=False).head(3)
    parts = [f"{short_name(str(name))} {100 * share:.0f} %" for name, share in last.items()]
    when = f" {last.name}" if last.name else ""
    return f"{title_of(outcome, labels)}{when}: {'; '.join(parts)}."
