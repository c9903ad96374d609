"""Ribbons: bands of even width that bend from one column of a diagram to the next."""

from __future__ import annotations

from matplotlib.patches import PathPatch
from matplotlib.path import Path

_CODES = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]


def ribbon(
    across: tuple[float, float], tops: tuple[float, float], width: float, color: str, alpha: float
) -> PathPatch:
    """A ribbon on axes that count down the page.

    Args:
        across: where it begins and ends.
        tops: its upper edge at the beginning and at the end.
        width: its height at any place.
        color: of its face.
        alpha: how much it covers.
    """
    (begin, end), (left, right) = across, tops
    middle = (begin + end) / 2
    points = [
        (begin, left), (middle, left), (middle, right), (end, right),
        (end, right + width), (middle, right + width), (middle, left + width),
        (begin, left + width), (begin, left),
    ]  # fmt: skip
    return PathPatch(Path(points, _CODES), facecolor=color, alpha=alpha, lw=0)
