"""What is wrong with an input, as the command line tells it: one value, one message."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sim.case.errors import ConfigError, Problem

# Where several kinds of value would do, each kind complains on its own.
_KINDS = {
    "should be a valid boolean": "true or false",
    "should be a valid number": "a number",
    "should be a valid integer": "a whole number",
    "needs a date such as 2018-01-31": "a date such as 2018-01-31",
}


def told(error: Exception) -> str:
    """The text of an error; complaints about one value, one for each kind, as one of them."""
    if not isinstance(error, ConfigError):
        return str(error)
    return str(ConfigError(list(_merged(error.problems))))


def _merged(problems: Iterable[Problem]) -> Iterator[Problem]:
    for _, group in itertools.groupby(problems, lambda one: (one.mark, one.trail)):
        here = list(group)
        kinds = [kind for kind in map(_kind, here) if kind]
        if len(kinds) < max(2, len(here)):
            yield from here
            continue
        given = here[0].what.rpartition(", not ")[2]
        yield replace(here[0], what=f"needs {_either(kinds)}, not {given}")


def _kind(problem: Problem) -> str:
    """The kind of value that a complaint asks for; empty if it is about something else."""
    if ", not " not in problem.what:
        return ""
    return next((kind for head, kind in _KINDS.items() if problem.what.startswith(head)), "")


def _either(kinds: list[str]) -> str:
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"
