"""Words of the page: the sentence above the charts, tooltips of levers, the run as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from sim.case.schema import Case
from sim.outcomes.summary import PROBS, event_quantiles, member_quantiles, month_text
from sim.reports.names import display
from sim.web.charts import BANDS
from sim.web.levers import number_at, position
from sim.web.setup import Lever, Page
from sim.web.view import View
from sim.world.inputs import Quantity, Series, Sourced

_SOURCES_SHOWN = 3
_TO = "\N{EN DASH}"
_UNITS = {
    "shift": "months against history",
    "duration": "days",
    "grace": "days",
    "strength": "of its strength in history (1 = as it was)",
    "factor": "times history",
    "switch": "",
}


def unit_of(lever: Lever) -> str:
    """Unit of a lever's numbers, in words."""
    return _UNITS[lever.kind]


def sentence(page: Page, now: View, before: View | None, against: str) -> str:
    """The headline in words: the middle half of members, against another run if there is one."""
    chart = _headline_chart(page)
    shown = [year for year in page.headline.years if _year(now, chart, year) is not None]
    parts = [_of_year(now, before, chart, year) for year in shown]
    if not parts:
        return "The horizon is too short for the headline."
    title, unit = page.charts[chart].title, now.tracks[chart].unit
    tail = f" (middle half of {_members(now)} members"
    tail += f"; compared with {against}, on the same luck)." if before is not None else ")."
    return f"{title}, {unit}: " + "; ".join(parts) + tail


def _headline_chart(page: Page) -> str:
    head = page.headline
    return next(
        name
        for name, spec in page.charts.items()
        if spec.outcome == head.outcome and spec.labels == head.labels
    )


def years_of(view: View, chart: str) -> list[int]:
    """Years that a chart shows, in order."""
    return sorted({int(str(time)[:4]) for time in view.tracks[chart].times})


def _year(view: View, chart: str, year: int) -> np.ndarray | None:
    track = view.tracks[chart]
    at = [k for k, time in enumerate(track.times) if str(time)[:4] == str(year)]
    return track.values[at[0]].astype(np.float64) if at else None


def _of_year(now: View, before: View | None, chart: str, year: int) -> str:
    mine = _year(now, chart, year)
    assert mine is not None
    other = None if before is None else _year(before, chart, year)
    if other is None:
        return f"**{year}: {_span(mine)}**"
    change = member_quantiles(mine - other, PROBS)[2]
    verb = "unchanged at" if abs(change) < 0.5 else "falls to" if change < 0 else "rises to"
    words = f"**{year} {verb} {_span(mine)}**"
    if abs(change) < 0.5:
        return words
    return f"{words} instead of {_span(other)} (median {change:+,.0f})"


def _span(values: np.ndarray) -> str:
    low, high = member_quantiles(values, (0.25, 0.75))
    return f"{low:,.0f}{_TO}{high:,.0f}"


def _members(view: View) -> int:
    return int(next(iter(view.tracks.values())).values.shape[1])


def tooltip(lever: Lever, history: Case) -> str:
    """What the case says about the inputs behind a lever: value, range, standing, sources."""
    usual = position(lever, history, history)
    lines = [lever.help, f"**Historical value:** {_level(lever, usual)}."]
    if hasattr(lever, "measures"):
        lines += [about_measure(key, history) for key in lever.measures]
    else:
        lines += [about_number(path, history) for path in lever.paths]
    return "\n\n".join(lines)


def _level(lever: Lever, value: float) -> str:
    if lever.kind == "switch":
        return "on" if value else "off"
    return f"{value:g} {unit_of(lever)}"


def about_measure(key: str, history: Case) -> str:
    """A measure in a line of Markdown: title, dates, strength and sources."""
    step = history.measures[key]
    days = [("announced", step.announced), ("in force", step.effective), ("ended", step.ended)]
    dates = ", ".join(f"{word} {day:%d %b %Y}" for word, day in days if isinstance(day, date))
    strength = getattr(step, "strength", None) or getattr(step, "share", None)
    number = f" Strength {_range(strength)}." if isinstance(strength, Quantity) else ""
    return f"*{step.title}*: {dates}.{number} Source: {_sources(step.source, history)}."


def about_number(path: str, history: Case) -> str:
    """An input in a line of Markdown: value, range, standing and sources."""
    number = number_at(history, path)
    if isinstance(number, Sourced):
        return f"`{path}`: {_range(number)}. {_sources(number.source, history)}."
    return f"`{path}`: {'on' if number else 'off'} in history; a part of the model's structure."


def _range(number: object) -> str:
    if isinstance(number, Series):
        years = sorted(number.values)
        ends = f"{number.values[years[0]]:g} in {years[0]} to {number.values[years[-1]]:g} in "
        spread = f", ±{100 * number.spread:g} %" if number.spread else ""
        return f"{ends}{years[-1]} {number.unit}{spread}, {number.standing}"
    assert isinstance(number, Quantity)
    span = f" ({number.low:g} to {number.high:g})" if number.uncertain else ""
    return f"{number.value:g}{span} {number.unit}, {number.standing}"


def _sources(keys: tuple[str, ...], history: Case) -> str:
    words = []
    for key in keys[:_SOURCES_SHOWN]:
        if key in history.assumptions:
            words.append(f"{key}, {history.assumptions[key].text.rstrip('.')}")
        elif key in history.sources:
            source = history.sources[key]
            words.append(f"[{source.title}]({source.address})" if source.address else source.title)
    more = len(keys) - _SOURCES_SHOWN
    return "; ".join(words) + (f"; and {more} more" if more > 0 else "")


def events_table(
    page: Page, now: View, before: View | None, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Month of each event: middle member and 90 % band, and share of members that see it."""
    rows = []
    for name in page.events:
        row = {"Event": display(name, names), "Now": _event(now, name)}
        if before is not None:
            row["Compared with"] = _event(before, name)
        rows.append(row)
    return pd.DataFrame(rows)


def _event(view: View, name: str) -> str:
    months = view.events[name].astype(np.float64)
    share = float(np.mean(~np.isnan(months)))
    if share == 0:
        return "never"
    start = str(view.months[0])
    first, middle, last = (month_text(start, m) for m in event_quantiles(months, (0.05, 0.5, 0.95)))
    seen = "" if share == 1 else f" ({100 * share:.0f} % of members)"
    if first == last:
        return f"{middle}{seen}"
    return f"{middle or 'later'}, from {first or 'later'} to {last or 'later'}{seen}"


def table(page: Page, view: View) -> pd.DataFrame:
    """Bands of all charts as one table: outcome, labels, period, unit, q05 ... q95."""
    frames = [_rows(page, view, name) for name in view.tracks]
    return pd.concat(frames, ignore_index=True)


def _rows(page: Page, view: View, name: str) -> pd.DataFrame:
    track, spec = view.tracks[name], page.charts[name]
    bands = member_quantiles(track.values.astype(np.float64), PROBS)
    size = 4 if track.kind == "flow" else 7
    about = {
        "outcome": spec.outcome,
        "labels": ";".join(f"{key}={value}" for key, value in spec.labels.items()),
        "period": [str(time)[:size] for time in track.times],
        "unit": track.unit,
    }
    return pd.DataFrame(about | dict(zip(BANDS, bands, strict=True)))
