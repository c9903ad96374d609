"""Parts that a case takes from another one, unchanged: ``include: {CASE: [PLACE, ...]}``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.case.errors import ConfigError, Key, Mark, Problem, Trail, display
from sim.case.yamltext import Document, copied

INCLUDE = "include"
CATALOGUES = ("sources", "assumptions")
INCLUDE_SCHEMA = {
    "description": "Parts taken from other cases, unchanged: case -> dotted places.",
    "type": "object",
    "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
}
_FORM = "needs a mapping of cases to lists of places, such as {other: [behaviour, items.memory]}"

Read = Callable[[Path], Document]
Find = Callable[[str, Path, Mark | None], Path]


def with_included(own: Document, folder: Path, find: Find, read: Read) -> Document:
    """A case's own tree, with what it includes laid under it.

    What a case gives itself is added to what it includes; the same place twice is an error. The
    sources and assumptions that included numbers name come along.

    Args:
        own: the tree of the case folder.
        folder: where a relative path to another case starts from.
        find: folder of a case by name or path.
        read: the tree of a case folder, its own inclusions done.

    Raises:
        ConfigError: if a case or place does not exist, or both cases give the same number.
    """
    tree, marks = dict(own.tree), dict(own.marks)
    wanted = tree.pop(INCLUDE, None)
    for name, places in _requests(own, wanted):
        mark = own.mark((INCLUDE, name))
        other = read(_folder(find(name, folder, mark), name, mark))
        _Graft(tree, marks, other).all(places, mark)
    return Document(tree, marks)


def _requests(own: Document, wanted: Any) -> Iterator[tuple[str, list[str]]]:
    if wanted is None:
        return
    if not isinstance(wanted, Mapping):
        raise ConfigError(Problem(_FORM, own.mark((INCLUDE,)), (INCLUDE,)))
    for name, places in wanted.items():
        listed = [places] if isinstance(places, str) else places
        if not isinstance(listed, list) or not all(isinstance(p, str) for p in listed):
            raise ConfigError(Problem(_FORM, own.mark((INCLUDE, name)), (INCLUDE, name)))
        yield str(name), listed


def _folder(path: Path, name: str, mark: Mark | None) -> Path:
    if not path.is_dir():
        what = f"'{name}' is a scenario: only parts of a case can be included"
        raise ConfigError(Problem(what, mark, (INCLUDE, name)))
    return path


class _Graft:
    """Lays places of one tree under another and notes what they cite."""

    def __init__(self, tree: dict[Key, Any], marks: dict[Trail, Mark], other: Document) -> None:
        self.tree, self.marks, self.other = tree, marks, other

    def all(self, places: list[str], mark: Mark | None) -> None:
        cited: set[str] = set()
        for place in places:
            trail, part = self._look_up(place, mark)
            cited |= set(_cited(part))
            self._lay_under(trail, copied(part))
        for catalogue in CATALOGUES:
            self._take_along(catalogue, cited)

    def _look_up(self, place: str, mark: Mark | None) -> tuple[Trail, Any]:
        trail: Trail = ()
        part: Any = self.other.tree
        for step in place.split("."):
            known = list(part) if isinstance(part, dict) else []
            if step not in known:
                here = (INCLUDE, *trail, step)
                choices = tuple(map(str, known))
                what = f"the included case has no '{place}'"
                raise ConfigError(Problem(what, mark, here, choices, step))
            trail, part = (*trail, step), part[step]
        return trail, part

    def _lay_under(self, trail: Trail, part: Any) -> None:
        """Put a part where it belongs; what the case gives itself may only stand beside it."""
        holder: Any = self.tree
        for step in trail[:-1]:
            if not isinstance(holder.setdefault(step, {}), dict):
                raise self._twice(trail)
            holder = holder[step]
        last = trail[-1]
        if last in holder:
            if not (isinstance(holder[last], dict) and isinstance(part, dict)):
                raise self._twice(trail)
            for key, below in part.items():
                self._lay_under((*trail, key), below)
            return
        holder[last] = part
        self._mark(trail, part)

    def _mark(self, trail: Trail, part: Any) -> None:
        """Values that came from elsewhere were written there."""
        mark = self.other.marks.get(trail)
        if mark is not None:
            self.marks.setdefault(trail, mark)
        for key, below in _parts(part):
            self._mark((*trail, key), below)

    def _take_along(self, catalogue: str, cited: set[str]) -> None:
        for key, entry in (self.other.tree.get(catalogue) or {}).items():
            held = self.tree.setdefault(catalogue, {})
            if key not in cited or held.get(key) == entry:
                continue
            if key in held:
                raise self._taken((catalogue, key))
            self._lay_under((catalogue, key), copied(entry))

    def _taken(self, trail: Trail) -> ConfigError:
        what = f"an included number cites its own '{trail[1]}' ({self.other.mark(trail)})"
        what += ": choose another key here"
        return ConfigError(Problem(what, Document(self.tree, self.marks).mark(trail), trail))

    def _twice(self, trail: Trail) -> ConfigError:
        theirs = self.other.mark(trail)
        what = f"this is included from {theirs}; include less, or leave it out here"
        return ConfigError(Problem(what, Document(self.tree, self.marks).mark(trail), trail))


def _parts(tree: Any) -> Iterable[tuple[Key, Any]]:
    if isinstance(tree, dict):
        return tree.items()
    return enumerate(tree) if isinstance(tree, list) else ()


def _cited(part: Any) -> Iterator[str]:
    """Keys of sources and assumptions that a part names."""
    if isinstance(part, dict):
        for key, below in part.items():
            if key in ("source", "seasonality_source"):
                yield from [below] if isinstance(below, str) else map(str, below)
            else:
                yield from _cited(below)
    elif isinstance(part, list):
        for below in part:
            yield from _cited(below)


def refuse_circle(folder: Path, above: tuple[Path, ...]) -> None:
    """Refuse a case that includes itself, by way of others or at once.

    Raises:
        ConfigError: naming the way round.
    """
    if folder.resolve() in above:
        loop = " -> ".join(display(path) for path in (*above, folder.resolve()))
        raise ConfigError(Problem(f"'include' goes in a circle: {loop}", Mark(display(folder))))
