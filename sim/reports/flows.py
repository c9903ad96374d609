"""A flow diagram of a year: origin of the chips, product line, reported segment."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.reports import style
from sim.reports.names import display
from sim.reports.ribbons import ribbon
from sim.reports.supply import ORIGINS, Supply

WIDTH, HEIGHT, TOP, BOTTOM = 5.0, 3.6, 0.3, 0.08
_BAR, _LEAST, _SIZE = 0.1, 0.145, 8.0  # inches; the least room that a name needs; points
_COLUMNS = (0.05, 1.72, 3.4)
_PER_LINE = 26  # characters between two columns
COLORS = {
    "direct": style.BLUE,
    "licensed": style.SKY,
    "domestic": style.ORANGE,
    "rerouted": style.VERMILION,
}
ORIGIN_NAMES = {
    "direct": "Abroad, open",
    "licensed": "Under licence",
    "domestic": "Domestic makers",
    "rerouted": "Intermediaries",
}
SMALL = 0.012  # of the year's revenue: smaller lines are drawn together
OTHER = "other_lines"

Links = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Bars:
    """One column of the diagram: place and height of each name [inches from the top]."""

    top: dict[str, float]
    height: dict[str, float]


def grouped(links: Links, revenue: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Links to lines, the small lines drawn together."""
    small = {key for key, value in revenue.items() if value < SMALL * sum(revenue.values())}
    found: dict[tuple[str, str], float] = {}
    for (origin, line), value in links.items():
        key = (origin, OTHER if line in small else line)
        found[key] = found.get(key, 0.0) + value
    return {key: value for key, value in found.items() if value > 0}


def segments_of(supply: Supply, revenue: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Revenue by (line, reported segment), the small lines together."""
    small = {key for key, value in revenue.items() if value < SMALL * sum(revenue.values())}
    found: dict[tuple[str, str], float] = {}
    for line, value in revenue.items():
        for segment, share in supply.case.lines[line].new_segment.items():
            key = (OTHER if line in small else line, segment)
            found[key] = found.get(key, 0.0) + value * share
    return {key: value for key, value in found.items() if value > 0}


@style.styled
def draw_flows(supply: Supply, year: int, scale: float) -> tuple[Figure, str]:
    """The flow diagram of a year, and what it shows in words.

    Args:
        supply: chips and revenue of the run.
        year: a complete year.
        scale: revenue that is drawn an inch high [bn CNY], the same for all years.
    """
    revenue = supply.revenue(year)
    left = grouped(supply.resting_on(year), revenue)
    right = segments_of(supply, revenue)
    figure = style.new_figure(WIDTH, HEIGHT)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)
    names = names_of(supply)
    shown = [o for o in ORIGINS if any(key[0] == o for key in left)]
    origins = _bars(shown, left, 0, scale, names)
    lines = _bars(list(dict.fromkeys(key[0] for key in right)), right, 0, scale, names)
    segments = _bars(list(dict.fromkeys(key[1] for key in right)), right, 1, scale, names)
    _draw_links(ax, left, origins, lines, (_COLUMNS[0], _COLUMNS[1]), scale, by_origin=True)
    _draw_links(ax, right, lines, segments, (_COLUMNS[1], _COLUMNS[2]), scale, by_origin=False)
    for k, (bars, head) in enumerate(
        ((origins, "Chips from"), (lines, "Product line"), (segments, "Segment"))
    ):
        _draw_bars(ax, bars, k, head, names, scale)
    return figure, describe(supply, year)


def flow_scale(supply: Supply, years: Sequence[int]) -> float:
    """Revenue an inch of height stands for [bn CNY], so that the fullest year fits."""
    most = max(sum(supply.revenue(year).values()) for year in years)
    names = names_of(supply)
    rows = max(
        sum(len(_lines(key, names)) for key in {k[0] for k in segments_of(supply, revenue)})
        for revenue in map(supply.revenue, years)
    )
    return most / (HEIGHT - TOP - BOTTOM - rows * _LEAST)


def names_of(supply: Supply) -> dict[str, str]:
    """What the origins, lines and segments are called, without explanations in brackets."""
    names = {key: item.label for key, item in supply.case.lines.items()}
    names |= dict(supply.run.manifest.get("names") or {}) | ORIGIN_NAMES | {OTHER: "Other lines"}
    return {key: str(name).partition(" (")[0] for key, name in names.items()}


def _lines(key: str, names: Mapping[str, str], number: str = "000") -> list[str]:
    """A name and its number in lines that fit between two columns."""
    return textwrap.wrap(f"{display(key, names)} {number}", _PER_LINE)


def _bars(
    keys: Sequence[str], links: Links, side: int, scale: float, names: Mapping[str, str]
) -> Bars:
    """Bars of a column from the top down, spread over the height."""
    height = {key: sum(v for link, v in links.items() if link[side] == key) / scale for key in keys}
    room = {key: max(value, _LEAST * len(_lines(key, names))) for key, value in height.items()}
    free = HEIGHT - TOP - BOTTOM - sum(room.values())
    gap = min(max(free / max(len(keys) - 1, 1), 0.0), 0.3)
    used = sum(room.values()) + gap * (len(keys) - 1)
    y, top = TOP + (HEIGHT - TOP - BOTTOM - used) / 2, {}
    for key in keys:
        top[key] = y + (room[key] - height[key]) / 2
        y += room[key] + gap
    return Bars(top, height)


def _draw_links(
    ax: Axes,
    links: Links,
    begin: Bars,
    end: Bars,
    columns: tuple[float, float],
    scale: float,
    *,
    by_origin: bool,
) -> None:
    out, into = dict(begin.top), dict(end.top)
    for name in begin.top:
        for goal in end.top:
            width = links.get((name, goal), 0.0) / scale
            if width <= 0:
                continue
            color = COLORS[name] if by_origin else style.FAINT
            tops = out[name], into[goal]
            ax.add_patch(ribbon((columns[0] + _BAR, columns[1]), tops, width, color, 0.45))
            out[name] += width
            into[goal] += width


def _draw_bars(
    ax: Axes, bars: Bars, column: int, head: str, names: Mapping[str, str], scale: float
) -> None:
    x = _COLUMNS[column]
    ax.text(x, 0.14, head, size=_SIZE, weight="bold", va="center")
    for name, top in bars.top.items():
        height = bars.height[name]
        color = COLORS.get(name, style.INK)
        ax.add_patch(Rectangle((x, top), _BAR, max(height, 0.008), facecolor=color, lw=0))
        lines = _lines(name, names, f"{height * scale:,.0f}")
        for k, line in enumerate(lines):
            y = top + height / 2 + _LEAST * (k - (len(lines) - 1) / 2)
            ax.text(x + _BAR + 0.05, y, line, size=_SIZE, va="center")


def describe(supply: Supply, year: int) -> str:
    """The diagram in words."""
    rests = supply.resting_on(year)
    origins = [
        f"{ORIGIN_NAMES[o].lower()} {sum(v for key, v in rests.items() if key[0] == o):,.0f}"
        for o in ORIGINS
    ]
    lines = [
        f"{supply.case.lines[key].label} {value:,.0f}"
        for key, value in supply.revenue(year).items()
    ]
    return (
        f"Revenue in {year} in bn CNY by origin of the chips behind it: {', '.join(origins)}; "
        f"and by product line: {', '.join(lines)}."
    )
