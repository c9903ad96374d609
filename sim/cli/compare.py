"""``chokepoint compare``: a run beside what was documented, or beside another run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import typer

from sim.case.errors import ConfigError
from sim.cli.pair import draw_pair
from sim.cli.run import SCORECARD, documented_of
from sim.cli.terminal import MISS, console, number, table
from sim.documented.observation import Documented
from sim.documented.score import score, summary
from sim.outcomes.results import Results
from sim.outcomes.store import write_csv
from sim.outcomes.summary import month_text
from sim.reports.pairs import SHOWN
from sim.runs.folder import FolderError, open_run
from sim.runs.manifest import differences

CHANGES, MANY = "differences.csv", 100  # rows that a screen can bear

_SAMPLES = {
    "in": "In sample (may be fitted to)",
    "out": "Out of sample (judges the model)",
}


def compare_with_documented(run: Path) -> None:
    """Print the scorecard of a run, misses as plainly as hits.

    Raises:
        FolderError: if the run cannot be read, or its case has no documented outcomes.
    """
    results = open_run(run)
    documented = _documented(results)
    if documented is None:
        raise FolderError(f"the case of {run} has no documented outcomes to compare with")
    card = score(results, documented)
    print_scorecard(card)
    if renew(card, run / SCORECARD):
        typer.echo(f"{run / SCORECARD} renewed: documented outcomes or scoring have changed")


def _documented(results: Results) -> Documented | None:
    """Documented outcomes of the run's scenario, or of its case if that file has gone."""
    about = results.manifest
    try:
        return documented_of(str(about.get("scenario") or about["case"]))
    except ConfigError:
        return documented_of(str(about["case"]))


def renew(card: Any, path: Path) -> bool:
    """Write the scorecard at once if it is not there as it is; True if it was."""
    draft = path.with_name(f".{path.name}.partial")
    try:
        try:
            write_csv(card, draft)
            if path.exists() and path.read_bytes() == draft.read_bytes():
                return False
            os.replace(draft, path)
        finally:  # inside, as a disk that is read-only refuses this too
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror}") from error
    return True


def print_scorecard(card: Any) -> None:
    """Every documented value beside the band of the run, in and out of sample apart."""
    shown = console()
    columns = ("outcome", "labels", "period", "documented", "median", "90 % band", "error", "")
    for sample, title in _SAMPLES.items():
        rows = [_score_row(row) for _, row in card[card["sample"] == sample].iterrows()]
        if rows:
            shown.print(table(title, columns, rows, words=3))
    shown.print(_summary_table(summary(card)))


def _score_row(row: Any) -> tuple[str, ...]:
    inside = row["in_band90"]
    known = inside is not None and inside == inside and str(inside) != "<NA>"
    verdict = ("hit" if inside else MISS) if known else "not simulated"
    band = f"{_shown(row['q05'])} to {_shown(row['q95'])}" if known else ""
    labels = str(row["labels"] or "").replace(";", " ")
    documented, median = number(row["documented"]), _shown(row["q50"]) if known else ""
    return (row["outcome"], labels, row["period"], documented, median, band, _error(row), verdict)


def _shown(value: Any) -> str:
    """A band's end; an event that never happens has none."""
    return number(value) or "never"


def _error(row: Any) -> str:
    months = row["error_months"]
    if months == months:
        return f"{months:+.0f} mth"
    percent = row["error_pct"]
    return f"{percent:+.0f} %" if percent == percent else ""


def _summary_table(counts: Any) -> Any:
    columns = ("sample", "values", "simulated", "median error", "in 50 % band", "in 90 % band",
               "beats last value", "beats trend")  # fmt: skip
    rows = [
        (str(sample), f"{row['documented']:.0f}", f"{row['simulated']:.0f}",
         f"{row['median_abs_error_pct']:.0f} %", *(_percent(row[name]) for name in
         ("coverage50", "coverage90", "beats_last_value", "beats_trend")))
        for sample, row in counts.iterrows()
    ]  # fmt: skip
    return table("Summary", columns, rows)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share == share else ""


def compare_runs(run: Path, other: Path) -> None:
    """Print and draw what another run changes, year by year.

    Raises:
        FolderError: if either cannot be read, or the second cannot be written to.
    """
    mine, theirs = open_run(run), open_run(other)
    changes = mine.compare(theirs)
    for note in differences(mine.manifest, theirs.manifest):
        typer.echo(f"Note: the runs differ in {note}", err=True)
    if not mine.paired(theirs):
        typer.echo("Note: without common seed and members there is no paired band", err=True)
    changed = changes[[_changed(row) for _, row in changes.iterrows()]]
    shown = headlines(changed)
    title = f"{other} less {run}"
    columns = ("outcome", "labels", "period", str(run), str(other), "difference", "90 % band")
    rows = [_change_row(row, mine.start) for _, row in shown.iterrows()]
    console().print(table(title, columns, rows, words=3))
    folder = other / f"against-{run.resolve().name}"
    if len(shown) < len(changed):
        typer.echo(f"Headline outcomes only; all {len(changed)} changes: {folder / CHANGES}")
    typer.echo(f"{len(changes) - len(changed)} rows without a change are left out")
    try:
        if draw_pair(mine, theirs, (run.name, other.name), folder):
            typer.echo(f"Figures: {folder}")
        folder.mkdir(exist_ok=True)
        write_csv(changed, folder / CHANGES)
    except OSError as error:
        raise FolderError(f"{folder} cannot be written ({error.strerror})") from error


def headlines(changed: Any) -> Any:
    """Rows of a comparison that are worth printing: all of them, unless they are many.

    Args:
        changed: outcome, labels, period ... of what differs; '' is the period of events.
    """
    if len(changed) <= MANY:
        return changed
    names = {(name, ";".join(f"{k}={v}" for k, v in labels.items())) for name, labels in SHOWN}
    rows = zip(changed["outcome"], changed["labels"], changed["period"], strict=True)
    return changed[[not period or (name, labels) in names for name, labels, period in rows]]


def _changed(row: Any) -> bool:
    values = [row["q05"], row["q50"], row["q95"]]
    if all(value == value for value in values):
        return any(abs(value) > 1e-9 * max(abs(row["median"]), 1e-9) for value in values)
    return bool(row["median"] != row["other_median"])


def _change_row(row: Any, start: str) -> tuple[str, ...]:
    paired = row["q50"] == row["q50"]
    change = row["q50"] if paired else row["other_median"] - row["median"]
    band = f"{number(row['q05'])} to {number(row['q95'])}" if paired else ""
    labels = str(row["labels"]).replace(";", " ")
    medians = [row["median"], row["other_median"]]
    if row["period"]:
        return (row["outcome"], labels, row["period"], *map(number, medians), number(change), band)
    months = [month_text(start, median) or "never" for median in medians]
    return (row["outcome"], labels, "months", *months, number(change), band)
