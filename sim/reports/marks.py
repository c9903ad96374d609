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
from sim.reports.frame import WIDTH, day_number, shorten, window
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


def undated_titles(run: Run) -> list[str]:
    """Titles of acting entries without a date: they answer an act inside the model."""
    found = [_entry(raw) for raw in run.manifest.get("timeline") or []]
    return [entry.title for entry in found if entry.acts and not entry.first]


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
    for day, entry in zip(days, measures, strict=True):
        ax.axvline(day, color=style.FAINT, linewidth=0.7, linestyle=(0, (1, 2)), zorder=0.5)
        if numbers and entry.binds and entry.first and entry.first < entry.binds:
            _window_bar(ax, day_number(entry.first), day_number(entry.binds))
    if numbers:
        _draw_numbers(ax, run, days)


def _window_bar(ax: Axes, begin: float, end: float) -> None:
    ax.plot(
        [max(begin, ax.get_xlim()[0]), min(end, ax.get_xlim()[1])],
        [1.0, 1.0],
        transform=ax.get_xaxis_transform(),
        color=style.INK,
        linewidth=2.2,
        solid_capstyle="butt",
        clip_on=False,
        label="window",
    )


def _draw_numbers(ax: Axes, run: Run, days: Sequence[float]) -> None:
    begin, end = window(run)
    box = ax.get_position()
    figure = ax.figure
    inch = (end - begin) / (box.width * WIDTH)
    height = 0.11 / (box.height * float(figure.get_size_inches()[1]))  # type: ignore[union-attr]
    for number, (day, place) in enumerate(
        zip(days, spread(days, _SPACE * inch, begin, end), strict=True), start=1
    ):
        ax.annotate(
            str(number),
            xy=(day, 1.0),
            xytext=(place, 1.0 + height),
            xycoords=ax.get_xaxis_transform(),
            textcoords=ax.get_xaxis_transform(),
            ha="center",
            va="center",
            size=6.8,
            color=style.INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": style.FAINT, "shrinkA": 3},
        )


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
