"""What is wrong with an input: where it stands, what is allowed, what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

Key = str | int | date
Trail = tuple[Key, ...]
"""Keys and list positions that lead to one place of a tree."""

_SHOWN_PROBLEMS = 5
_SHOWN_CHOICES = 15


@dataclass(frozen=True)
class Mark:
    """Where a value was written: a file and its line, or a description such as ``override``."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}, line {self.line}"

    def at(self, line: int) -> Mark:
        """The same source at another line."""
        return replace(self, line=line)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Args:
        what: what is wrong, without final stop.
        mark: where it was written.
        trail: its place in the tree.
        choices: what is allowed instead; empty if that is not a list of names.
        given: what was written, to find the choice that was probably meant.
    """

    what: str
    mark: Mark | None = None
    trail: Trail = ()
    choices: tuple[str, ...] = ()
    given: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (str(self.mark or ""), dotted(self.trail)) if part)
        hints = "".join(f"; {hint}" for hint in (self._meant(), self._allowed()) if hint)
        return f"{where}: {self.what}{hints}" if where else f"{self.what}{hints}"

    def _meant(self) -> str:
        match = nearest(self.given, self.choices)
        return f"did you mean '{match}'?" if match else ""

    def _allowed(self) -> str:
        if not self.choices:
            return ""
        shown, more = self.choices[:_SHOWN_CHOICES], len(self.choices) - _SHOWN_CHOICES
        return f"allowed: {', '.join(shown)}" + (f" and {more} more" if more > 0 else "")


class ConfigError(Exception):
    """Input that cannot be used; its text is fit to be shown to the user as it is."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self._text())

    def _text(self) -> str:
        count = len(self.problems)
        if count == 1:
            return str(self.problems[0])
        shown = [f"({n}) {p}" for n, p in enumerate(self.problems[:_SHOWN_PROBLEMS], start=1)]
        hidden = count - len(shown)
        tail = [f"and {hidden} more"] if hidden else []
        return "\n".join([f"{count} problems:", *shown, *tail])

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[Problem, ...]]]:
        # An error raised in a worker process travels home by pickle.
        return type(self), (self.problems,)


def dotted(trail: Trail) -> str:
    """A trail as the user writes it: ``lines.phones.price``."""
    return ".".join(str(key) for key in trail)


def nearest(given: str, choices: Iterable[str]) -> str:
    """The choice most like ``given``, or an empty string."""
    by_lower = {choice.lower(): choice for choice in choices}
    found = get_close_matches(given.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def display(path: Path) -> str:
    """A path as shown in messages: relative where it lies below the working folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
