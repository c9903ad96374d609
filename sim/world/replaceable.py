"""Functions that a run may replace: the rules of a model, by a user's own of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

Replacements = Mapping[str, Callable[..., Any]]

REPLACEABLE: dict[str, Callable[..., Any]] = {}
"""Shipped functions by ``module.name``, such as ``demand.deserved_share``."""

# One value a thread: two models with different rules may run side by side.
_NOW: ContextVar[Replacements | None] = ContextVar("replacements", default=None)


def replaceable[**Given, Answer](function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let runs replace a function by another that takes and gives the same."""
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    REPLACEABLE[name] = function

    @wraps(function)
    def ask(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        now = _NOW.get()
        chosen: Callable[Given, Answer] = function if now is None else now.get(name, function)
        return chosen(*args, **kwargs)

    return ask


@contextmanager
def replacing(replacements: Replacements) -> Iterator[None]:
    """Answer with these in place of the shipped functions, in this thread and for this while.

    A replacement may call what it replaces: ``REPLACEABLE`` holds the shipped functions.
    """
    token = _NOW.set(replacements or None)
    try:
        yield
    finally:
        _NOW.reset(token)
