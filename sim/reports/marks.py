"""The measures on a time axis: numbers above the panel, explained under the figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.reports import style
from sim.reports.axes import add_lines, day_number, inches, window
from sim.reports.frame import WIDTH, shorten
from sim.reports.names import display
from sim.reports.series import Run

MOST = 12
_SPACE = 0.17  # inches between two numbers
_DATE = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")

# Which measures to mark when there is room for few: those that close a route come first.
_WEIGHT = (
    "direct_product",
    "entity_listing",
    "compute",
    "hbm",
    "licence",
    "tool",
    "due_diligence",
    "affiliates",
)


@dataclass(frozen=True)
class Entry:
    """One entry of the regime's calendar."""

    id: str
    title: str
    kind: str
    announced: date | None
    effective: date | None
    ended: date | None
    acts: bool
    decided_inside: bool
    main: bool
    grace_days: int = 0
    source: tuple[str, ...] = ()

    @property
    def binds(self) -> date | None:
        """Day on which the measure bites: after its effect and any grace for work in progress."""
        return self.effective + timedelta(days=self.grace_days) if self.effective else None

    @property
    def first(self) -> date | None:
        """First day that the entry matters."""
        days = [day for day in (self.announced, self.effective) if day]
        return min(days) if days else None


def parse_day(value: object) -> date | None:
    """A day from ``2020-05-15``, ``2020-05`` or ``2020`` (first day); None if there is none."""
    match = _DATE.match(str(value)) if value else None
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return date(year, month, day)


def entries_of(run: Run) -> list[Entry]:
    """Entries of the manifest's timeline that have a date, in order of time."""
    found = [_entry(raw) for raw in run.manifest.get("timeline") or []]
    dated = [entry for entry in found if entry.first]
    return sorted(dated, key=lambda entry: (entry.first, entry.id))


def undated(run: Run) -> list[Entry]:
    """Acting entries without a date: they answer an act inside the model."""
    found = [_entry(raw) for raw in run.manifest.get("timeline") or []]
    return [entry for entry in found if entry.acts and not entry.first]


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        id=str(raw["id"]),
        title=str(raw.get("title") or display(str(raw["id"]).lower())),
        kind=str(raw.get("kind", "")),
        announced=parse_day(raw.get("announced")),
        effective=parse_day(raw.get("effective")),
        ended=parse_day(raw.get("ended")),
        acts=bool(raw.get("acts", True)),
        decided_inside=bool(raw.get("decided_inside", False)),
        main=bool(raw.get("main", False)),
        grace_days=int(raw.get("grace_days") or 0),
        source=tuple(raw.get("source") or ()),
    )


def main_measures(run: Run, most: int = MOST) -> list[Entry]:
    """The measures worth marking, in order of time: those called ``main``, or the weightiest."""
    begin, end = window(run)
    acting = [
        entry
        for entry in entries_of(run)
        if entry.acts
        and not entry.decided_inside
        and entry.effective
        and begin <= day_number(entry.effective) < end
    ]
    chosen = [entry for entry in acting if entry.main] or _weightiest(acting)
    return sorted(chosen[:most], key=lambda entry: (entry.effective, entry.id))


def _weightiest(entries: Sequence[Entry]) -> list[Entry]:
    """The first of each kind by weight, then the second of each, and so on."""
    seen: Counter[str] = Counter()
    ranked = []
    for entry in entries:
        ranked.append((seen[entry.kind], _rank(entry), entry))
        seen[entry.kind] += 1
    return [entry for _, _, entry in sorted(ranked, key=lambda item: item[:2])]


def _rank(entry: Entry) -> int:
    return next((k for k, word in enumerate(_WEIGHT) if word in entry.kind), len(_WEIGHT))


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move sorted places apart to at least ``gap``, as little as needed, within the limits."""
    moved = np.array(places, dtype=float)
    for _ in range(200):
        short = gap - np.diff(moved)
        if not (short > 1e-6).any():
            break
        push = np.clip(short, 0, None) / 2
        moved[:-1] -= push
        moved[1:] += push
        moved = np.clip(moved, low, high)
    return [float(place) for place in moved]


def draw_marks(ax: Axes, run: Run, measures: Sequence[Entry], *, numbers: bool) -> None:
    """A dotted line where each measure takes effect; above it the window before it binds."""
    if not measures:
        return
    days = [day_number(entry.effective) for entry in measures if entry.effective]
    add_lines(
        ax, [[(day, 0.0), (day, 1.0)] for day in days], ax.get_xaxis_transform(),
        color=style.FAINT, linewidth=0.7, linestyle=(0, (1, 2)), zorder=0.5, label="measures",
    )  # fmt: skip
    if numbers:
        _draw_windows(ax, measures)
        _draw_numbers(ax, run, days)


def _draw_windows(ax: Axes, measures: Sequence[Entry]) -> None:
    begin, end = ax.get_xlim()
    bars = [
        (max(day_number(entry.first), begin), min(day_number(entry.binds), end))
        for entry in measures
        if entry.binds and entry.first and entry.first < entry.binds
    ]
    add_lines(
        ax, [[(left, 1.0), (right, 1.0)] for left, right in bars if left < right],
        ax.get_xaxis_transform(), color=style.INK, linewidth=2.2, label="window",
    )  # fmt: skip


def _draw_numbers(ax: Axes, run: Run, days: Sequence[float]) -> None:
    begin, end = window(run)
    width, height = inches(ax)
    places = spread(days, _SPACE * (end - begin) / width, begin, end)
    across = ax.get_xaxis_transform()
    low, high = 1 + 0.02 / height, 1 + 0.06 / height
    leaders = [[(day, low), (place, high)] for day, place in zip(days, places, strict=True)]
    add_lines(ax, leaders, across, color=style.FAINT, linewidth=0.5)
    for number, place in enumerate(places, start=1):
        ax.text(
            place, 1 + 0.13 / height, str(number), transform=across, ha="center", va="center",
            size=6.8, color=style.INK, label="mark",
        )  # fmt: skip


def measure_key(measures: Sequence[Entry]) -> list[str]:
    """One line a measure: its number, when it took effect, what it is."""
    lines = []
    for number, entry in enumerate(measures, start=1):
        when = entry.effective.strftime("%b %Y") if entry.effective else ""
        lines.append(shorten(f"{number}  {when}  {entry.title}", WIDTH / 2 - 0.3))
    return lines


MARKS_NOTE = (
    "Numbers above the panels: measures on the day they take effect; "
    "a thick bar runs from the announcement to the day from which they bind, any grace included."
)
