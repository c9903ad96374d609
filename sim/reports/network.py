"""The supply network of a year: makers as nodes, ways to the firm as ribbons."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.outcomes.dataset import OutcomeError
from sim.reports import style
from sim.reports.ribbons import ribbon
from sim.reports.series import members_of, months_of, numbers_of
from sim.reports.supply import Flow, Supply, makers_of

STATES = {
    "open": "openly from abroad",
    "licensed": "under licence",
    "home": "from domestic makers",
    "covert": "through intermediaries",
    "closed": "used before, now closed or dry",
}
_STATE_OF = {"direct": "open", "licensed": "licensed", "domestic": "home", "rerouted": "covert"}
COLORS = {
    "open": style.BLUE,
    "licensed": style.SKY,
    "home": style.ORANGE,
    "covert": style.VERMILION,
    "closed": style.FAINT,
}
DRY = 0.02  # of the best year: less is a trickle

WIDTH, ROW, HEAD = 4.5, 0.345, 0.12
_FIRM_X, _DOT_X, _WORDS_X = 4.18, 2.75, 2.27
_PER_INCH = 15.9  # characters
_WHO, _WHAT = 0.14, 0.12  # inches a line


@dataclass
class Node:
    """Makers of the same chips, and what came from them by year and state [bn USD]."""

    makers: tuple[str, ...]
    year: int
    items: list[str] = field(default_factory=list)
    value: dict[int, dict[str, float]] = field(default_factory=dict)

    def total(self, year: int) -> float:
        """Everything that came from the node in a year."""
        return sum(self.value.get(year, {}).values())

    @property
    def best(self) -> float:
        """The fullest year of the run."""
        return max(map(self.total, self.value), default=0.0)

    @property
    def so_far(self) -> float:
        """The fullest year up to the one that is drawn."""
        return max((self.total(year) for year in self.value if year <= self.year), default=0.0)

    def states(self) -> dict[str, float]:
        """Value of the year by state; a node gone dry is closed."""
        if self.total(self.year) < DRY * self.so_far:
            return {"closed": self.total(self.year)}
        return {state: value for state, value in self.value[self.year].items() if value > 0}


def nodes_of(supply: Supply, year: int) -> list[Node]:
    """Nodes that had begun by a year, the foreign ones first, the largest of the run first."""
    groups = _groups(supply)
    nodes = {group: Node(group, year) for group in groups.values()}
    for each in supply.years:
        for flow in supply.flows(each):
            node = nodes[groups[flow.item, _way(flow)]]
            states = node.value.setdefault(each, {})
            state = _STATE_OF[flow.origin]
            states[state] = states.get(state, 0.0) + flow.value
            if flow.item not in node.items:
                node.items.append(flow.item)
    begun = [node for node in nodes.values() if node.so_far > DRY * node.best]
    return sorted(begun, key=lambda node: (_at_home(supply, node), -node.best))


def _way(flow: Flow) -> str:
    return "direct" if flow.origin == "licensed" else flow.origin


def _groups(supply: Supply) -> dict[tuple[str, str], tuple[str, ...]]:
    """(item, way) -> makers; makers that others include join them."""
    ways = ("direct", "domestic", "rerouted")
    found = {(i, way): makers_of(supply.case, i, way) for i in supply.items for way in ways}
    found = {key: makers for key, makers in found.items() if makers}
    largest = sorted(set(found.values()), key=len, reverse=True)
    return {key: next(g for g in largest if set(m) <= set(g)) for key, m in found.items()}


def _at_home(supply: Supply, node: Node) -> bool:
    case = supply.case
    home = case.actors[case.focal].country
    return all(case.actors[maker].country == home for maker in node.makers)


@dataclass(frozen=True)
class Tool:
    """Foreign tools of one kind to the home foundries in a year [systems]."""

    kind: str
    systems: float
    so_far: float  # the fullest year up to this one
    best: float  # the fullest year of the run

    @property
    def state(self) -> str:
        """Open, or closed once it has gone dry."""
        return "closed" if self.systems < DRY * self.so_far else "open"


def tools_of(supply: Supply, year: int) -> list[Tool]:
    """Foreign tools of each kind that the home foundries received in a year."""
    run, case = supply.run, supply.case
    years = months_of(run).astype("datetime64[Y]").astype(int) + 1970
    found = []
    for kind, tool in case.tools.items():
        try:
            values = members_of(run, "tools_received", {"type": kind, "country": tool.country})
        except OutcomeError:
            continue
        monthly = np.nan_to_num(numbers_of(values)).mean(axis=1)
        sums = {each: float(monthly[years == each].sum()) for each in supply.years}
        so_far = max(value for each, value in sums.items() if each <= year)
        if so_far > 0:
            found.append(Tool(kind, sums[year], so_far, max(sums.values())))
    return found


@style.styled
def draw_network(supply: Supply, year: int, scale: float) -> tuple[Figure, str]:
    """The network of a year, and what it shows in words.

    Args:
        supply: chips of the run.
        year: a complete year of the run.
        scale: value that is drawn an inch wide [bn USD], the same for all years.
    """
    nodes = nodes_of(supply, year)
    equipped = any(_is_foundry(supply, node) for node in nodes)
    tools = tools_of(supply, year) if equipped else []
    rows = [_wrapped(makers_text(supply, node), items_text(supply, node)) for node in nodes]
    ends = HEAD + np.cumsum([row.height for row in rows])
    places = [float(end - row.height / 2) for end, row in zip(ends, rows, strict=True)]
    height = float(ends[-1]) + HEAD + ROW * (len(tools) + bool(tools))
    figure = style.new_figure(WIDTH, height)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    _draw_ribbons(ax, nodes, places, scale)
    for node, row, y in zip(nodes, rows, places, strict=True):
        _draw_node(ax, node, row, y)
    _draw_firm(ax, supply, nodes, places, scale)
    home = [y for node, y in zip(nodes, places, strict=True) if _is_foundry(supply, node)]
    _draw_tools(ax, supply, tools, home, float(ends[-1]))
    return figure, describe(supply, year, nodes, tools)


def _draw_tools(
    ax: Axes, supply: Supply, tools: Sequence[Tool], home: Sequence[float], end: float
) -> None:
    """Tool makers below, with a bow to the domestic foundries that they equip."""
    if not tools:
        return
    top = end + ROW / 2
    ax.text(_DOT_X - 0.1, top, "Foreign tools for home foundries [systems]", size=6.9, ha="right",
            va="center", color=style.MUTED, style="italic")  # fmt: skip
    most = max(tool.best for tool in tools)
    for k, tool in enumerate(tools):
        y = top + ROW * (k + 0.7)
        spec = supply.case.tools[tool.kind]
        row = _wrapped(supply.case.actors[spec.maker].label, spec.label)
        _write_node(ax, y, row, tool.state, f"{tool.systems:,.0f}")
        for goal in home:
            _draw_bow(ax, y, goal, tool, most, k)


def _draw_bow(ax: Axes, y: float, goal: float, tool: Tool, most: float, k: int) -> None:
    out = _DOT_X + 0.22 + 0.11 * k
    points = [(_DOT_X + 0.05, y), (out, y), (out, goal + 0.02), (_DOT_X + 0.06, goal + 0.02)]
    closed = tool.state == "closed"
    ax.add_patch(
        PathPatch(
            Path(points, [Path.MOVETO, *[Path.CURVE4] * 3]),
            facecolor="none",
            edgecolor=COLORS[tool.state],
            linewidth=1.0 if closed else 0.6 + 4.0 * tool.systems / most,
            linestyle=(0, (3, 2)) if closed else "-",
            alpha=0.8,
            capstyle="butt",
        )
    )


def _is_foundry(supply: Supply, node: Node) -> bool:
    return any(maker in supply.case.foundries for maker in node.makers) and any(
        supply.case.actors[maker].kind == "foundry" for maker in node.makers
    )


def network_scale(supply: Supply, years: Sequence[int]) -> float:
    """Value an inch of width stands for [bn USD]: the largest node fills its row."""
    most = max(node.total(year) for year in years for node in nodes_of(supply, year))
    return most / (0.95 * ROW)


def _draw_ribbons(ax: Axes, nodes: Sequence[Node], places: Sequence[float], scale: float) -> None:
    widths = [_widths(node, scale) for node in nodes]
    top = (places[0] + places[-1] - sum(sum(parts.values()) for parts in widths)) / 2
    for parts, y in zip(widths, places, strict=True):
        left = y - sum(parts.values()) / 2
        for state, width in parts.items():
            if state == "closed":
                _draw_closed(ax, y)
                continue
            edges = _DOT_X + 0.07, _FIRM_X
            ax.add_patch(ribbon(edges, (left, top), width, COLORS[state], 0.75))
            left, top = left + width, top + width


def _draw_closed(ax: Axes, y: float) -> None:
    begin, end = _DOT_X + 0.07, _DOT_X + 0.36
    ax.plot([begin, end], [y, y], color=COLORS["closed"], lw=1.1, linestyle=(0, (3, 2)))
    ax.plot([end], [y], "x", color=COLORS["closed"], markersize=4.5, mew=1.4)


def _widths(node: Node, scale: float) -> dict[str, float]:
    return {
        state: 0.0 if state == "closed" else max(value / scale, 0.006)
        for state, value in node.states().items()
    }


def _draw_node(ax: Axes, node: Node, row: _Row, y: float) -> None:
    states = node.states()
    state = max(states, key=states.__getitem__, default="closed")
    value = amount(node.total(node.year))
    _write_node(ax, y, row, state, value)


def amount(value: float) -> str:
    """A value in bn USD as the picture prints it."""
    return "under 0.1" if 0 < value < 0.05 else f"{value:.1f}"


@dataclass(frozen=True)
class _Row:
    """Who makes what, in lines that fit beside the dot."""

    who: list[str]
    what: list[str]

    @property
    def words(self) -> float:
        """Height of the lines [inches]."""
        return _WHO * len(self.who) + _WHAT * len(self.what)

    @property
    def height(self) -> float:
        """Height of the row [inches]."""
        return max(ROW, self.words + 0.1)


def _wrapped(who: str, what: str) -> _Row:
    limit = int(_WORDS_X * _PER_INCH)
    return _Row(
        textwrap.wrap(who, limit, break_on_hyphens=False),
        textwrap.wrap(what, int(1.15 * limit), break_on_hyphens=False),
    )


def _write_node(ax: Axes, y: float, row: _Row, state: str, value: str) -> None:
    ax.plot([_DOT_X], [y], "o", color=COLORS[state], markersize=5)
    color = style.MUTED if state == "closed" else style.INK
    look: Any = {"ha": "right", "va": "center"}
    top = y - row.words / 2
    for k, line in enumerate(row.who):
        ax.text(_WORDS_X, top + _WHO * (k + 0.5), line, size=8.0, color=color, **look)
    top += _WHO * len(row.who)
    for k, line in enumerate(row.what):
        ax.text(_WORDS_X, top + _WHAT * (k + 0.5), line, size=6.9, color=style.MUTED, **look)
    ax.text(_DOT_X - 0.1, y, value.replace("under ", "< "), size=8.0, weight="bold",
            color=color, **look)  # fmt: skip


def makers_text(supply: Supply, node: Node) -> str:
    """Who makes it."""
    return ", ".join(supply.case.actors[maker].label for maker in node.makers)


def items_text(supply: Supply, node: Node) -> str:
    """What it makes, without the explanations in brackets."""
    labels = [supply.case.items[item].label.partition(" (")[0] for item in node.items]
    return ", ".join(labels)


def _draw_firm(
    ax: Axes, supply: Supply, nodes: Sequence[Node], places: Sequence[float], scale: float
) -> None:
    total = sum(sum(_widths(node, scale).values()) for node in nodes)
    middle = (places[0] + places[-1]) / 2
    tall = max(total, 0.62)
    box = Rectangle((_FIRM_X, middle - tall / 2), 0.26, tall, facecolor=style.INK, lw=0)
    ax.add_patch(box)
    name = supply.case.actors[supply.case.focal].label
    ax.text(
        _FIRM_X + 0.13, middle, name, size=8.2, color="white", rotation=90,
        ha="center", va="center", weight="bold",
    )  # fmt: skip


def describe(supply: Supply, year: int, nodes: Sequence[Node], tools: Sequence[Tool]) -> str:
    """The network in words."""
    parts = []
    for node in nodes:
        states = ", ".join(f"{STATES[s]} {amount(v)}" for s, v in node.states().items())
        parts.append(f"{makers_text(supply, node)} ({items_text(supply, node)}): {states}")
    for tool in tools:
        spec = supply.case.tools[tool.kind]
        who = supply.case.actors[spec.maker].label
        parts.append(f"{who} to domestic foundries: {tool.systems:.0f} systems ({spec.label})")
    return f"Supply network in {year}, chips received in bn USD. " + "; ".join(parts) + "."
