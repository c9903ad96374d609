"""Where views are computed: in this thread, or in a process beside the server.

A simulation is a long row of short steps in Python. In a thread of the server it would hold
back everything else that the server does, down to sending what is ready.
"""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as NotYet
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.runs.pools import ProcessPool

Tell = Callable[[float, int], None]
"""Told the share done [0..1] and how many visitors are served before this one."""

VARIABLE = "CHOKEPOINT_BESIDE"
"""Environment variable by which the command asks for a process beside the server."""

_LOOK = 0.1  # seconds between two looks at the work


class Place(Protocol):
    """Somewhere to work: ``function(*arguments, tell)`` is called there."""

    def call(self, function: Callable[..., Any], *arguments: Any, tell: Tell) -> Any:
        """What the function returns; what ``tell`` raises ends the work."""


class Here:
    """In the caller's own thread."""

    def call(self, function: Callable[..., Any], *arguments: Any, tell: Tell) -> Any:
        """Call it."""
        return function(*arguments, tell)


class Beside:
    """In one process beside this one, started when first asked for; it ends with this one."""

    def __init__(self) -> None:
        self._pool = ProcessPool(1)
        self._tickets = count(1)
        self._guard = threading.Lock()
        self._board: _Board | None = None

    def call(self, function: Callable[..., Any], *arguments: Any, tell: Tell) -> Any:
        """Call it there; a process that died is replaced once."""
        try:
            return self._call(function, arguments, tell)
        except BrokenExecutor:
            self._pool.renew()
            return self._call(function, arguments, tell)

    def _call(self, function: Callable[..., Any], arguments: tuple[Any, ...], tell: Tell) -> Any:
        with self._guard:
            self._board = self._board or _Board.new()
            board, ticket = self._board, next(self._tickets)
            board.want(ticket)
            pool = self._pool.executor()
        future = pool.submit(_work, board.path, ticket, function, arguments)
        try:
            while True:
                try:
                    return future.result(timeout=_LOOK)
                except NotYet:
                    if future.done():
                        raise  # the work itself has timed out
                    tell(board.done, 0)
        finally:
            board.leave(ticket)

    def close(self) -> None:
        """Let the process go."""
        self._pool.close(wait=False)


class LeftError(Exception):
    """Nobody waits for this work any more."""


class _Board:
    """A file that both processes see: the share done, and whose work is wanted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._numbers = np.memmap(path, dtype=np.float64, mode="r+", shape=(2,))

    @classmethod
    def new(cls) -> _Board:
        with tempfile.NamedTemporaryFile(prefix="chokepoint-", delete=False) as file:
            file.write(bytes(16))
        weakref.finalize(board := cls(Path(file.name)), Path(file.name).unlink, missing_ok=True)
        return board

    @property
    def done(self) -> float:
        """Share of the present work that is done."""
        return float(self._numbers[0])

    def want(self, ticket: int) -> None:
        """Begin with a work; an earlier one ends."""
        self._numbers[:] = 0.0, ticket

    def leave(self, ticket: int) -> None:
        """End a work, if it is still the present one."""
        if self._numbers[1] == ticket:
            self._numbers[1] = 0.0

    def tell(self, ticket: int, done: float) -> None:
        """Say how far a work is.

        Raises:
            LeftError: if nobody waits for it.
        """
        if self._numbers[1] != ticket:
            raise LeftError
        self._numbers[0] = done


def _work(path: Path, ticket: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """In the other process: do a work and tell how far it is."""
    board = _Board(path)
    return function(*arguments, lambda done, before: board.tell(ticket, done))
