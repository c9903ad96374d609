"""Sources of a report: numbered in the order of their first mention, listed at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.case.schema import Case
from sim.reports.content import Link


@dataclass(frozen=True)
class Reference:
    """A page behind numbers."""

    title: str
    address: str
    date: str
    grade: str


class References:
    """Hands out numbers for sources, and keeps them for the list at the end.

    Args:
        case: the case, for its sources and assumptions; None if there is none.
    """

    def __init__(self, case: Case | None) -> None:
        self._case = case
        self._numbers: dict[Reference, int] = {}
        self.used_for: dict[int, set[str]] = {}

    def cite(self, reference: Reference, use: str) -> Link:
        """A link to the entry of a source; ``use`` says for what."""
        number = self._numbers.setdefault(reference, len(self._numbers) + 1)
        self.used_for.setdefault(number, set()).add(use)
        return Link(f"[{number}]", f"#source-{number}", reference.title)

    def documented(self, row: Mapping[Any, Any]) -> Link:
        """The source of a documented outcome."""
        said = (str(row.get(key) or "") for key in ("source", "address", "source_date", "grade"))
        title, address, date, grade = said
        return self.cite(Reference(title, address, date, grade), "documented outcomes")

    def keys(self, keys: Iterable[str], use: str) -> list[str | Link]:
        """Links for the keys of an input: sources of the case, and its assumptions."""
        words: list[str | Link] = []
        for key in keys:
            words += [", "] if words else []
            words.append(self._one(key, use))
        return words

    def _one(self, key: str, use: str) -> str | Link:
        if self._case is None:
            return key
        if key in self._case.assumptions:
            return Link(key, f"#{key}", self._case.assumptions[key].text)
        found = self._case.sources.get(key)
        if found is None:
            return key
        return self.cite(Reference(found.title, found.address, found.date, found.grade), use)

    def all(self) -> list[tuple[int, Reference]]:
        """Every source handed out, in order."""
        return [(number, reference) for reference, number in self._numbers.items()]

    def newest(self) -> str:
        """Date of the newest source, as it is written; '' if none is dated."""
        dates = [reference.date for reference in self._numbers if reference.date[:1].isdigit()]
        return max(dates, default="")
