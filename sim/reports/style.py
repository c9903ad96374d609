"""How every figure looks: colours, hatches, type sizes, and how it is written to disk.

Colours are those of Okabe and Ito, chosen so that the colour-blind can tell them apart.
Neighbouring fills also differ in hatch and lines in dash, so a grey print still reads.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BLACK, BLUE, SKY, ORANGE = "#000000", "#0072B2", "#56B4E9", "#E69F00"
GREEN, VERMILION, PURPLE, YELLOW = "#009E73", "#D55E00", "#CC79A7", "#F0E442"
INK, MUTED, FAINT, GRID = "#1A1A1A", "#5A5A5A", "#9A9A9A", "#E4E4E4"

FORMATS = ("svg", "png", "pdf")

# Text stays text in SVG (searchable, small), and ids are salted alike so that the same
# run gives the same bytes.
RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.hinting": "none",  # to fit letters to the pixel grid takes a third of the time
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "savefig.dpi": 130,
    "svg.fonttype": "none",
    "svg.hashsalt": "chokepoint",
}

_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


# A quarter larger than at best, in a fraction of the time.
_OPTIONS: dict[str, Any] = {"png": {"pil_kwargs": {"compress_level": 1}}}


@dataclass(frozen=True)
class Fill:
    """Colour and hatch of one layer of a stack."""

    color: str
    hatch: str


FILLS = (
    Fill(BLUE, ""),
    Fill(ORANGE, "////"),
    Fill(VERMILION, "xxxx"),
    Fill(SKY, "-----"),
    Fill(GREEN, "\\\\\\\\"),
    Fill(PURPLE, "++++"),
    Fill(YELLOW, "||||"),
    Fill(MUTED, ""),
)

# The same origin or maker looks the same in every figure.
_KNOWN_FILLS = {
    "direct": FILLS[0],
    "licensed": FILLS[3],
    "domestic": FILLS[1],
    "rerouted": FILLS[2],
    "own_foreign_foundry": FILLS[0],
    "own_domestic_foundry": FILLS[1],
    "merchant": FILLS[3],
}


def fills(labels: Sequence[str]) -> dict[str, Fill]:
    """A fill for each label: the agreed one, or the next that is still free."""
    chosen = {label: _KNOWN_FILLS[label] for label in labels if label in _KNOWN_FILLS}
    free = [fill for fill in FILLS if fill not in chosen.values()] or list(FILLS)
    rest = [label for label in labels if label not in chosen]
    return chosen | {label: free[k % len(free)] for k, label in enumerate(rest)}


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Draw under the project's style without changing the caller's Matplotlib settings."""

    @functools.wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(RC):
            return draw(*args, **kwargs)

    return wrapper


def new_figure(width: float, height: float) -> Figure:
    """An empty figure [inches] with its own canvas: no pyplot, no window, no global state."""
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def check_formats(formats: Sequence[str]) -> None:
    """Refuse an unknown file format before anything is drawn.

    Raises:
        ValueError: naming the format and those allowed.
    """
    for form in formats:
        if form not in FORMATS:
            raise ValueError(f"unknown figure format '{form}': choose from {', '.join(FORMATS)}")


@styled
def save(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a figure as ``folder/name.FORMAT``, the same bytes each time; give the paths."""
    check_formats(formats)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.{form}" for form in formats]
    for path, form in zip(paths, formats, strict=True):
        figure.savefig(path, format=form, metadata=_METADATA[form], **_OPTIONS.get(form, {}))
    return paths
