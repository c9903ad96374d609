"""From a state to its view: one run at a time, remembered by state for all visitors.

Nothing here belongs to a visitor: a view follows from its state alone, so it may be shared.
"""

from __future__ import annotations

import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from sim.case.draft import Draft
from sim.case.errors import ConfigError, Problem
from sim.case.load import apply_overrides, case_folder, load_case
from sim.case.schema import Case
from sim.case.shape import shape_of
from sim.case.sources import read_tree
from sim.case.validate import validate
from sim.case.yamltext import Document
from sim.documented.load import has_documented, load_documented
from sim.outcomes.results import Results
from sim.web import shelf
from sim.web.beside import VARIABLE, Beside, Here, Place, Tell
from sim.web.branches import MOST_MEMBERS, WORTH, Branches, Order, first_month, run
from sim.web.setup import Page, once
from sim.web.state import SEED, State, history_state, overrides, presets
from sim.web.view import View, outcomes_of, view_of

KEPT = 96  # views in memory, a few MB each


@once
def case_of(preset: str) -> Case:
    """A built-in case or scenario, loaded once.

    Raises:
        ConfigError: if there is none, or it is not sound.
    """
    case = load_case(preset)
    if case.plugins.any:
        what = "it names code of its own, which the page does not run: use the command line"
        raise ConfigError(Problem(what, None, ("plugins",)))
    return case


@once
def _document(preset: str) -> Document:
    return read_tree(preset, shape_of(Case)).document()


def case_for(state: State, page: Page) -> Case:
    """The case that a state means, checked like any case from a file.

    Raises:
        ConfigError: if there is no such preset, or the levers contradict each other.
    """
    changed = changes_of(state, page)
    if not changed:
        return case_of(state.preset)
    draft = Draft(_document(state.preset), shape_of(Case))
    apply_overrides(draft, changed)
    return validate(draft.document(), Case, draft.added)


def changes_of(state: State, page: Page) -> dict[str, Any]:
    """Inputs that a state changes in its preset.

    Raises:
        ConfigError: if there is no such preset.
    """
    if state.preset not in presets(page):
        raise ConfigError(Problem(f"there is no preset '{state.preset}'"))
    return overrides(state, page, case_of(state.preset), case_of(page.case))


@once
def documented_of(case: str) -> pd.DataFrame | None:
    """Documented outcomes of a case as a table; None if it has none."""
    folder = case_folder(case)
    return load_documented(folder).frame() if has_documented(folder) else None


class Desk:
    """Computes views one after the other, so that a class shares the machine fairly.

    The place in the queue is told; whoever leaves it (moves a lever again) frees it at once.
    """

    def __init__(self, kept: int = KEPT, place: Place | None = None) -> None:
        self._kept, self.place = kept, place or Here()
        self._prepared: set[str] = set()
        self._views: OrderedDict[str, View] = OrderedDict()
        self._guard = threading.Lock()
        self._turn = threading.Condition()
        self._queue: list[object] = []

    def known(self, state: State) -> View | None:
        """A view that is ready."""
        with self._guard:
            view = self._views.get(state.text())
            if view is not None:
                self._views.move_to_end(state.text())
            return view

    def view(self, state: State, page: Page, tell: Tell | None = None) -> View:
        """The view of a state, computed if it is not ready.

        Args:
            state: what to simulate.
            page: what to keep of it.
            tell: told of progress; what it raises ends this computation alone.

        Raises:
            ConfigError: if the state makes no sound case.
        """
        if view := self.known(state):
            return view
        told = tell or _silent

        def waiting(done: float, before: int) -> None:
            told(done, before)
            if before and self.known(state):
                raise _ServedError

        try:
            with self.turn(waiting):
                view = self.known(state) or self.place.call(_run, state, page, tell=told)
        except _ServedError:  # somebody before us asked the same
            return self.view(state, page, tell)
        self._remember(state, view)
        if state == history_state(page, case_of(page.case)):
            self._prepare_once(state, page)
        return view

    def call(self, function: Callable[..., Any], *arguments: Any, tell: Tell) -> Any:
        """Call ``function(*arguments, tell)`` in the visitor's turn, where views are computed."""
        with self.turn(tell):
            return self.place.call(function, *arguments, tell=tell)

    def _prepare_once(self, state: State, page: Page) -> None:
        """Make the next runs shorter while the visitor looks at the first one."""
        if state.text() not in self._prepared:
            self._prepared.add(state.text())
            work = partial(self.call, _prepare, state, page, tell=_silent)
            threading.Thread(target=work, daemon=True).start()

    @contextmanager
    def turn(self, tell: Tell) -> Iterator[None]:
        """Wait for one's turn to compute, and keep it; ``tell`` hears how many are before."""
        mine = object()
        with self._turn:
            self._queue.append(mine)
        try:
            while (before := self._before(mine)) > 0:
                tell(0.0, before)
            yield
        finally:
            with self._turn:
                self._queue.remove(mine)
                self._turn.notify_all()

    def _before(self, mine: object) -> int:
        """How many are before ``mine``, after waiting a moment for them."""
        with self._turn:
            if self._queue.index(mine) > 0:
                self._turn.wait(_PATIENCE)
            return self._queue.index(mine)

    def _remember(self, state: State, view: View) -> None:
        with self._guard:
            self._views[state.text()] = view
            while len(self._views) > self._kept:
                self._views.popitem(last=False)


class _ServedError(Exception):
    """What a visitor waits for has been computed for another."""


_PATIENCE = 1.0  # seconds between two looks at the queue; it also tells when somebody leaves


def _silent(done: float, before: int) -> None:
    """Nobody asked."""


def _run(state: State, page: Page, tell: Tell) -> View:
    case = case_for(state, page)
    if state != history_state(page, case_of(page.case)):
        return view_of(_results(state, page, tell), page)
    if view := shelf.take(case, state):
        return view
    view = view_of(_lay(state, page, tell), page)
    shelf.put(case, state, view)
    return view


BRANCHES = Branches()
_asked: Counter[str] = Counter()
_OFTEN = 2  # runs that differ in measures alone, after which their trunk is worth a run


def _results(state: State, page: Page, tell: Tell) -> Results:
    """Run a state, from where its moved measures begin to matter if that is known."""
    order, base = _order(state, page, tell), without_measures(state, page)
    keys = None if base == state else _measures_between(state, base, page)
    if keys is None or state.members > MOST_MEMBERS:
        return run(order)
    _asked[base.text()] += 1
    if BRANCHES.trunk(base.text()) is None and _asked[base.text()] >= _OFTEN:
        _lay(base, page, tell)
    return BRANCHES.branch(base.text(), order, keys) or run(order)


def without_measures(state: State, page: Page) -> State:
    """The state with only those levers moved that are no measures."""
    kept = {k: v for k, v in state.moved.items() if not hasattr(page.levers[k], "measures")}
    return replace(state, moved=kept)


def _measures_between(state: State, base: State, page: Page) -> set[str] | None:
    """Measures in which two states differ; None if they differ in more."""
    mine, theirs = changes_of(state, page), changes_of(base, page)
    paths = {
        path
        for path in mine.keys() | theirs.keys()
        if path not in mine or path not in theirs or mine[path] != theirs[path]
    }
    inside = all(path.startswith("measures.") for path in paths)
    return {path.split(".")[1] for path in paths} if inside else None


def _prepare(state: State, page: Page, tell: Tell) -> None:
    """Lay the trunk of a state whose view came from disk."""
    if state.members <= MOST_MEMBERS and BRANCHES.trunk(state.text()) is None:
        _lay(state, page, tell)


def _lay(state: State, page: Page, tell: Tell) -> Results:
    order = _order(state, page, tell)
    if state.members > MOST_MEMBERS:
        return run(order)
    return BRANCHES.lay(state.text(), order, trunk_months(page, order.case))


def _order(state: State, page: Page, tell: Tell) -> Order:
    def progress(done: int, total: int) -> None:
        tell(done / total, 0)

    return Order(case_for(state, page), state.members, SEED, outcomes_of(page), progress)


def trunk_months(page: Page, case: Case) -> tuple[int, ...]:
    """Months in which levers on measures begin to matter: worth keeping a model of."""
    levers = [getattr(lever, "measures", ()) for lever in page.levers.values()]
    firsts = {first_month(case, keys) for keys in levers if keys}
    kept: list[int] = []
    for month in sorted(month for month in firsts if month is not None and month >= WORTH):
        if not kept or month >= kept[-1] + _APART:
            kept.append(month)
    return tuple(kept)


_APART = 4  # months between two kept models


DESK = Desk(place=Beside() if os.environ.get(VARIABLE) else None)
"""Shared by all visitors of one server."""
