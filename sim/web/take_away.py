"""What a visitor takes away: the report of the state as one HTML file, its figures as an archive.

They need every outcome, which the page itself does not record, so they are made when asked for.
"""

from __future__ import annotations

import io
import threading
import warnings
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.case.load import load_case
from sim.outcomes.results import Results
from sim.runs.manifest import with_recipe
from sim.runs.simulate import simulate
from sim.web.beside import Tell
from sim.web.compute import Desk, changes_of, documented_of
from sim.web.setup import Page
from sim.web.state import SEED, State, scenario_yaml

SCENARIO = "what-if.yaml"
KEPT = 8  # visitors' files in memory, a few MB each


@dataclass(frozen=True)
class TakeAway:
    """Files of one state: a report (HTML) and figures (ZIP of SVG)."""

    report: bytes
    figures: bytes


class Counter:
    """Makes files for visitors, one after the other, and remembers the last ones."""

    def __init__(self, desk: Desk, kept: int = KEPT) -> None:
        self._desk, self._kept = desk, kept
        self._made: OrderedDict[str, TakeAway] = OrderedDict()
        self._guard = threading.Lock()

    def ready(self, state: State) -> TakeAway | None:
        """Files that have been made before."""
        with self._guard:
            return self._made.get(state.text())

    def make(self, state: State, page: Page, tell: Tell) -> TakeAway:
        """Files of a state, made in the visitor's turn.

        Args:
            state: what to report on.
            page: the levers.
            tell: told of progress and of visitors before this one; what it raises ends it.

        Raises:
            ConfigError: if the state makes no sound case.
        """
        if made := self.ready(state):
            return made
        with self._desk.turn(tell):
            made = self.ready(state) or self._desk.place.call(_make, state, page, tell=tell)
        with self._guard:
            self._made[state.text()] = made
            while len(self._made) > self._kept:
                self._made.popitem(last=False)
        return made


def _make(state: State, page: Page, tell: Tell) -> TakeAway:
    with TemporaryDirectory(prefix="chokepoint-") as name:
        folder = Path(name)
        scenario = folder / SCENARIO
        scenario.write_text(scenario_yaml(state, page, changes_of(state, page)), encoding="utf-8")
        results = _run(scenario, state, tell)
        report = _report(scenario, results)
        tell(0.7, 0)
        return TakeAway(report, _figures(folder / "figures", results, page))


def _run(scenario: Path, state: State, tell: Tell) -> Results:
    def progress(done: int, total: int) -> None:
        tell(0.3 * done / total, 0)

    results = simulate(load_case(scenario), state.members, SEED, progress=progress)
    return with_recipe(results, str(scenario), ())


def _report(scenario: Path, results: Results) -> bytes:
    from sim.reports.html import render_html
    from sim.reports.material import Material
    from sim.reports.report import build_report

    material = Material(Path(scenario.stem), results.manifest, results)
    assert material.case is not None  # read while the file is there
    with_recipe(results, scenario.name, ())  # the visitor's own name for it
    material.manifest = results.manifest
    return render_html(build_report(material)).encode("utf-8")


def _figures(folder: Path, results: Results, page: Page) -> bytes:
    from sim.reports.figures import FigureSkipped, draw_figures

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FigureSkipped)
        paths = draw_figures(results, documented_of(page.case), folder, ("svg",))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return packed.getvalue()
