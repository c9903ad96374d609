"""Panels one by one, as a page lays them out anew for each width of screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.reports import style
from sim.reports.content import Key, Picture
from sim.reports.facts import number_text
from sim.reports.fan import Steps
from sim.reports.grid import Filled, Sheet, draw_panel, fill
from sim.reports.marks import Entry, main_measures
from sim.reports.names import display
from sim.reports.series import Run

LEFT, RIGHT, BELOW, ABOVE, ABOVE_MARKS = 0.58, 0.08, 0.26, 0.08, 0.24


@dataclass(frozen=True)
class Size:
    """Size of a drawing [inches]."""

    width: float = 3.5
    height: float = 2.0


SMALL, LARGE = Size(), Size(5.0, 2.9)


def one_panel(size: Size, *, marked: bool = False) -> tuple[Figure, Axes]:
    """A drawing with one panel; ``marked`` leaves room for numbers above it."""
    figure = style.new_figure(size.width, size.height)
    above = ABOVE_MARKS if marked else ABOVE
    box = (
        LEFT / size.width,
        BELOW / size.height,
        (size.width - LEFT - RIGHT) / size.width,
        (size.height - BELOW - above) / size.height,
    )
    return figure, figure.add_axes(box)


@style.styled
def sheet_pictures(
    run: Run, documented: pd.DataFrame | None, sheet: Sheet, size: Size | None = None
) -> tuple[list[Picture], list[Filled]]:
    """Each panel of a sheet as a drawing of its own, and the numbers drawn in it.

    Measures are numbered above the first panel; the others have their lines only.

    Args:
        run: results of a run.
        documented: documented outcomes, or None.
        sheet: a sheet that this run can fill (:meth:`Sheet.of`).
        size: size of each drawing; by the number of panels if None.
    """
    size = size or (LARGE if len(sheet.panels) == 1 else SMALL)
    measures = main_measures(run)
    filled = [fill(run, documented, panel) for panel in sheet.panels]
    pictures = []
    for k, one in enumerate(filled):
        numbered = bool(measures) and k == 0
        figure, ax = one_panel(size, marked=numbered)
        draw_panel(ax, run, one, measures, numbers=numbered)
        pictures.append(Picture(one.panel.title, figure, describe(sheet, one, measures)))
    return pictures, filled


def describe(sheet: Sheet, filled: Filled, measures: Sequence[Entry]) -> str:
    """What a panel shows, for those who cannot see it."""
    panel, rows = filled.panel, filled.rows
    what = ": ".join(part for part in (sheet.title, panel.title) if part)
    parts = [f"{what} ({sheet.subtitle})"]
    if panel.stack:
        parts.append(f"layers from the bottom: {', '.join(map(display, filled.layers))}")
    if filled.steps:
        parts.append(_course(filled.steps))
    if rows:
        parts.append(f"{len(rows)} documented value{'s' if len(rows) > 1 else ''} as diamonds")
    if measures:
        parts.append(f"{len(measures)} measures marked")
    return "; ".join(parts) + ". The numbers are in the data of the figure."


def _course(steps: Steps) -> str:
    """The median in words: where it begins, its highest and lowest, where it ends."""
    median, times = steps.bands[2], steps.times()
    known = [k for k in range(len(times)) if np.isfinite(median[k])]
    if not known:
        return "the median has no value"
    most, least = max(known, key=lambda k: median[k]), min(known, key=lambda k: median[k])
    said = {known[0]: "begins at", most: "is highest at", least: "is lowest at"}
    said[known[-1]] = "ends at"
    parts = [f"{word} {number_text(float(median[k]))} ({times[k]})" for k, word in said.items()]
    return f"bands of the members around a median that {', '.join(parts)}"


def keys(handles: Sequence[Artist]) -> list[Key]:
    """Entries of a legend in the page's own words and samples."""
    return [_key(handle) for handle in handles]


def _key(handle: Artist) -> Key:
    text = str(handle.get_label())
    if isinstance(handle, Patch):
        opacity = handle.get_alpha()
        color = to_hex(handle.get_facecolor())
        hatch = handle.get_hatch() or ""
        return Key("fill" if opacity is None else "band", text, color, hatch, opacity or 1.0)
    assert isinstance(handle, Line2D)
    marker = str(handle.get_marker())
    if marker in ("D", "o"):
        return Key("hollow" if handle.get_markerfacecolor() == "white" else "point", text)
    dash = "dash" if handle.get_linestyle() == "--" else "line"
    return Key(dash, text, to_hex(handle.get_color()))


def wanted(labels: Mapping[str, str]) -> str:
    """Labels as tables write them: ``item=memory;stage=used``."""
    return ";".join(f"{dim}={label}" for dim, label in labels.items())
