"""From run folders to files: the page, the PDF, the bundle for a paper."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.outcomes.folder import FolderError
from sim.reports.bundle import write_bundle
from sim.reports.comparison import build_comparison
from sim.reports.content import Report
from sim.reports.html import render_html
from sim.reports.material import is_experiment, open_material
from sim.reports.report import build_report
from sim.reports.trial import build_trial
from sim.runs.experiment_folder import write_whole

PAGE = "report.html"


def report_of(folders: Sequence[Path]) -> Report:
    """The report of a run, of a run against another, or of an experiment.

    Raises:
        FolderError: if a folder holds nothing that can be shown.
    """
    first, *others = folders
    if is_experiment(first):
        if others:
            raise FolderError("an experiment is reported alone: it compares its own scenarios")
        return build_trial(first)
    if others:
        return build_comparison(open_material(first), open_material(others[0]))
    return build_report(open_material(first))


def target_of(folders: Sequence[Path], out: Path | None) -> Path:
    """Where the page goes: beside the run if nobody says otherwise."""
    if out is not None:
        return out if out.suffix else out / PAGE
    first, *others = folders
    return first / (f"report-{first.name}-{others[0].name}.html" if others else PAGE)


def publish(
    folders: Sequence[Path], out: Path | None = None, *, pdf: bool = False, bundle: bool = False
) -> tuple[Report, list[Path]]:
    """Write a report; give it and the files.

    Args:
        folders: a run, two runs, or an experiment.
        out: the HTML file, or a folder for it.
        pdf: write the PDF beside it too.
        bundle: write Markdown, vector figures and tables beside it too.

    Raises:
        FolderError: if a folder cannot be read, a file cannot be written, or the PDF needs a
            package that is not installed.
    """
    target = target_of(folders, out)
    with _nothing_collected():
        report = report_of(folders)
        paths = [_write(target, lambda: render_html(report).encode("utf-8"))]
        if pdf:
            from sim.reports.typeset import render_pdf

            paths.append(_write(target.with_suffix(".pdf"), lambda: render_pdf(report)))
        if bundle:
            paths.append(write_bundle(report, target.with_suffix("")))
    return report, paths


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No search for garbage: drawings live until the page is written, so there is hardly any.

    The search would take a seventh of the time.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _write(path: Path, make: Callable[[], bytes]) -> Path:
    """Write a file at once: a reader never sees half of it."""
    content = make()
    try:
        write_whole(path, content)
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror or error}") from error
    return path
