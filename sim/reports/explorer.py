"""An experiment as one page that works from a file: no server, no Python, no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.documented.span import Span
from sim.outcomes.folder import FolderError
from sim.outcomes.summary import month_text
from sim.reports import explorer_pack as pack
from sim.reports.explorer_page import render_explorer
from sim.reports.explorer_words import ExplorerWords, Headline
from sim.reports.names import display
from sim.reports.points import points, rows_for
from sim.runs.columns import split_column
from sim.runs.experiment_folder import write_whole
from sim.runs.experiment_results import ExperimentResults
from sim.world.calendar import Array

MOST_BYTES = 5_000_000
ROOM_FOR_WORDS = 150_000  # bytes of the page that are no numbers
FEWEST_MEMBERS, MEMBER_STEP = 32, 16


@dataclass(frozen=True)
class Explorer:
    """A page ready to be written.

    Args:
        html: the page.
        scenarios, members: how many were run, and members of each.
        paired: members of each scenario that are in the page, to be subtracted pair by pair.
    """

    html: str
    scenarios: int
    members: int
    paired: int


def build_explorer(
    results: ExperimentResults, words: ExplorerWords, documented: pd.DataFrame | None
) -> Explorer:
    """Pack an experiment into a page.

    Args:
        results: a complete experiment whose levers lie on a grid.
        words: what the page says.
        documented: documented outcomes to draw; None if there are none.

    Raises:
        FolderError: if blocks are missing, or the numbers do not fit into a page.
    """
    _refuse_unfit(results, words)
    tables = {column: pack.make_table(values) for column, values in _numbers(results)}
    paired = _affordable(list(tables.values()), _pooled(results))
    places = pack.chosen(_pooled(results), paired)
    charts = [
        _chart(results, words, documented, column) | pack.pack_table(table, places)
        for column, table in tables.items()
    ]
    data = _about(results, words, paired) | {"charts": charts, "events": list(_events(results))}
    return Explorer(render_explorer(data, words), _scenarios(results), _pooled(results), paired)


def write_explorer(made: Explorer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises:
        FolderError: if it cannot be written.
    """
    try:
        write_whole(path, made.html.encode("utf-8"))
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror or error}") from error


def _refuse_unfit(results: ExperimentResults, words: ExplorerWords) -> None:
    if not results.complete:
        raise FolderError(f"{results.folder.path} is not complete: run the same command again")
    cells = int(np.prod([len(lever.levels) for lever in words.levers], dtype=int))
    if cells != _scenarios(results):
        raise FolderError("an explorer needs a grid: every level of a lever with every other")
    if not [c for c in results.columns if not results.is_event(c)]:
        raise FolderError("an explorer needs an outcome that has a value in every year")


def _scenarios(results: ExperimentResults) -> int:
    return results.shape[0] * results.shape[1]


def _pooled(results: ExperimentResults) -> int:
    return results.shape[2] * results.shape[3]


def _numbers(results: ExperimentResults) -> Iterator[tuple[str, Array]]:
    """Columns of years as the experiment names them, (scenarios, members, periods)."""
    asked = [text for text in results.experiment["outcomes"] if text in results.columns]
    for column in dict.fromkeys([*asked, *results.columns]):
        if not results.is_event(column):
            values = np.asarray(results.select(column).values)
            yield column, values.reshape(_scenarios(results), _pooled(results), -1)


def _affordable(tables: list[pack.Table], pooled: int) -> int:
    """Members of each scenario that fit into a page beside the bands."""
    room = MOST_BYTES - ROOM_FOR_WORDS
    sizes = [pooled, *range(pooled - pooled % MEMBER_STEP, FEWEST_MEMBERS - 1, -MEMBER_STEP)]
    for members in sizes:
        if pack.packed_bytes(tables, members) <= room:
            return members
    size = pack.packed_bytes(tables, sizes[-1]) / 1e6
    raise FolderError(
        f"the page would have {size:,.1f} MB and may have {MOST_BYTES / 1e6:g}: "
        f"take fewer scenarios, outcomes or periods"
    )


def _about(results: ExperimentResults, words: ExplorerWords, paired: int) -> dict[str, Any]:
    first, last = Span.parse(results.periods[0]).first, Span.parse(results.periods[-1]).last
    head = words.headline or Headline("", ())
    return {
        "levers": [
            {"name": one.name, "label": one.label, "start": one.start, "usual": one.levels[
                one.start].usual, "levels": [level.text for level in one.levels]}
            for one in words.levers
        ],
        "periods": list(results.periods),
        "span": [first / 12, (last + 1) / 12],
        "headline": {"column": head.column, "periods": list(head.periods)},
        "marks": [
            {"title": mark.title, "at": _place(mark.usual),
             "moved": {str(k): [_place(day) for day in days] for k, days in mark.moved.items()}}
            for mark in words.marks
        ],
        "members": _pooled(results),
        "paired": paired,
    }  # fmt: skip


def _place(day: date | None) -> float | None:
    """A day on an axis of years: 2020-07-01 is about 2020.5."""
    if day is None:
        return None
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return round(day.year + (day - start).days / (end - start).days, 4)


def _chart(
    results: ExperimentResults,
    words: ExplorerWords,
    documented: pd.DataFrame | None,
    column: str,
) -> dict[str, Any]:
    about = results.select(column).attrs
    kind = str(about["kind"])
    spans = [Span.parse(period) for period in results.periods]
    at = [s.last + 1 if kind == "stock" else (s.first + s.last + 1) / 2 for s in spans]
    return {
        "column": column,
        "title": words.charts.get(column) or str(about["label"]),
        "unit": str(about["unit"]),
        "kind": kind,
        "at": [month / 12 for month in at],
        "points": list(_points(documented, column, kind, spans)),
    }


def _points(
    documented: pd.DataFrame | None, column: str, kind: str, spans: list[Span]
) -> Iterator[dict[str, Any]]:
    outcome, labels = split_column(column)
    pairs = dict(pair.split("=", 1) for pair in labels.split(";")) if labels else {}
    rows = rows_for(documented, outcome, pairs)
    months = spans[0].last + 1 - spans[0].first if kind == "flow" else None
    begin, end = (_month_day(number) for number in (spans[0].first, spans[-1].last + 1))
    for row in rows.to_dict("records"):
        for point in points([row], kind, months):
            if point.begin >= begin and point.end <= end:
                known = {"value": point.value, "low": point.low, "high": point.high}
                yield {
                    "at": _place(point.at.item()),
                    "weak": point.weak,
                    "period": str(row["period"]),
                    "source": str(row.get("source") or ""),
                    **{k: None if np.isnan(v) else v for k, v in known.items()},
                }


def _month_day(number: int) -> np.datetime64:
    return np.datetime64(number - 1970 * 12, "M").astype("datetime64[D]")


def _events(results: ExperimentResults) -> Iterator[dict[str, Any]]:
    """Each event: in words how many members see it and when, by scenario."""
    frame = results.quantiles()
    start = str(results.manifest["start"])[:7]
    for column in results.columns:
        if results.is_event(column):
            rows = frame[frame["outcome"] == split_column(column)[0]]
            texts = [_event_text(row, start) for row in rows.to_dict("records")]
            known = list(dict.fromkeys(texts))
            yield {"title": display(column), "texts": known,
                   "index": [known.index(text) for text in texts]}  # fmt: skip


def _event_text(row: dict[str, Any], start: str) -> str:
    if row["share"] == 0:
        return "never"
    first, middle, last = (month_text(start, row[name]) for name in ("q05", "q50", "q95"))
    share = "" if row["share"] == 1 else f"; in {100 * row['share']:.0f} % of members"
    return f"{middle or 'later or never'} ({first or 'later'} to {last or 'later or never'}{share})"
