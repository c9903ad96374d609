"""A tree under change: scenarios and overrides are merged over a case before it is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from numbers import Real
from typing import Any

from sim.case.errors import ConfigError, Key, Mark, Problem, Trail, dotted
from sim.case.shape import Shape, child
from sim.case.validate import matching_key, nearest_key
from sim.case.yamltext import Document, copied

MarkOf = Callable[[Trail], Mark | None]


class Draft:
    """A copy of a document that takes changes.

    Args:
        document: where to start from; it is not touched.
        shape: what the typed tree allows, to tell a new entry from a misspelt one.
    """

    def __init__(self, document: Document, shape: Shape) -> None:
        self._tree: dict[Key, Any] = copied(document.tree)
        self._marks = dict(document.marks)
        self._folder = document.folder
        self._shape = shape
        self.added: dict[Trail, str] = {}

    def document(self) -> Document:
        """The tree as it stands."""
        return Document(self._tree, self._marks, self._folder)

    def merge(self, changes: Mapping[Any, Any], mark_of: MarkOf) -> None:
        """Lay changes over the tree; keys may be dotted at any depth.

        Args:
            changes: keys or dotted paths with new values or sub-trees; None removes an entry.
            mark_of: where the change at a trail of ``changes`` was written.

        Raises:
            ConfigError: for a place that does not exist, or a value that cannot stand there.
        """
        self._merge_into((), changes, (), mark_of)

    def _merge_into(
        self, place: Trail, changes: Mapping[Any, Any], written: Trail, mark_of: MarkOf
    ) -> None:
        for key, value in changes.items():
            here = (*written, key)
            holder, name = self._holder(place, key, mark_of(here))
            self._set(holder, name, value, here, mark_of)

    def _holder(self, place: Trail, key: Any, mark: Mark | None) -> tuple[Trail, Any]:
        """The mapping or list that a possibly dotted key points into, and the last step."""
        steps = [key]
        if isinstance(key, str) and matching_key(self._value(place), key) is None:
            steps = key.split(".")
        for step in steps[:-1]:
            place = (*place, self._step_down(place, step, (*place, *steps), mark))
        return place, steps[-1]

    def _step_down(self, place: Trail, step: str, whole: Trail, mark: Mark | None) -> Key:
        container = self._value(place)
        found = matching_key(container, step)
        if found is None:
            if not isinstance(container, dict) or step not in self._declared(place):
                raise self._unknown(place, step, whole, mark)
            found = step
        if child(container, found) is None:
            container[found] = {}
        return found

    def _set(self, place: Trail, key: Any, value: Any, written: Trail, mark_of: MarkOf) -> None:
        container: Any = self._value(place)
        mark = mark_of(written)
        if not isinstance(container, dict | list):
            raise self._unknown(place, str(key), (*place, str(key)), mark)
        found = matching_key(container, key)
        if found is None:
            self._add(place, key, value, written, mark_of)
            return
        trail, old = (*place, found), child(container, found)
        if value is None:
            self._remove(place, found, written, mark_of)
        elif isinstance(value, Mapping) and isinstance(old, dict):
            self._merge_into(trail, value, written, mark_of)
        else:
            self._put(trail, self._replacement(trail, old, value, mark), written, mark_of)

    def _replacement(self, trail: Trail, old: Any, value: Any, mark: Mark | None) -> Any:
        if not isinstance(old, dict) or isinstance(value, Mapping):
            return value
        if _is_series(old):
            raise ConfigError(Problem(_SERIES_HELP.format(dotted(trail)), mark, trail))
        if not _is_quantity(old):
            keys = ", ".join(map(str, list(old)[:8]))
            raise ConfigError(Problem(f"holds several values ({keys}): set one", mark, trail))
        if isinstance(value, bool) or not isinstance(value, Real):
            what = f"needs a number, or a mapping with value, low and high, not {value!r}"
            raise ConfigError(Problem(what, mark, trail))
        return _fixed(old, float(value))

    def _remove(self, place: Trail, key: Key, written: Trail, mark_of: MarkOf) -> None:
        container = self._value(place)
        if isinstance(container, list):
            what = "an entry of a list cannot be removed: give the whole list"
            raise ConfigError(Problem(what, mark_of(written), (*place, key)))
        if self._shape.open_ended(place, self._tree):
            del container[key]
        else:
            self._put((*place, key), None, written, mark_of)

    def _add(self, place: Trail, key: Any, value: Any, written: Trail, mark_of: MarkOf) -> None:
        container = self._value(place)
        mark = mark_of(written)
        trail: Trail = (*place, str(key))
        if isinstance(container, dict):
            if str(key) in self._declared(place):
                self._put(trail, value, written, mark_of)
                return
            year = _new_year(container, key)
            if year is not None:
                self._put((*place, year), value, written, mark_of)
                return
            if isinstance(value, Mapping) and self._shape.open_ended(place, self._tree):
                self.added[trail] = nearest_key(container, str(key))
                self._put(trail, value, written, mark_of)
                return
        raise self._unknown(place, str(key), trail, mark)

    def _put(self, trail: Trail, value: Any, written: Trail, mark_of: MarkOf) -> None:
        self._value(trail[:-1])[trail[-1]] = deepcopy(value)
        self._mark(trail, value, written, mark_of)

    def _mark(self, trail: Trail, value: Any, written: Trail, mark_of: MarkOf) -> None:
        """Errors in a changed value must point at the change, not at what it replaced."""
        for old in [place for place in self._marks if place[: len(trail)] == trail]:
            del self._marks[old]
        self._mark_parts(trail, value, written, mark_of)
        # A rule on several values reports at what holds them, and the change is the suspect.
        mark = mark_of(written)
        if mark is not None:
            holders = {trail[:-1], *(trail[:n] for n in range(2, len(trail)))} - {()}
            self._marks.update(dict.fromkeys(holders, mark))

    def _mark_parts(self, trail: Trail, value: Any, written: Trail, mark_of: MarkOf) -> None:
        mark = mark_of(written)
        if mark is not None:
            self._marks[trail] = mark
        if isinstance(value, Mapping):
            for key, part in value.items():
                self._mark_parts((*trail, key), part, (*written, key), mark_of)

    def _unknown(self, place: Trail, step: str, whole: Trail, mark: Mark | None) -> ConfigError:
        container = self._value(place)
        if not isinstance(container, dict | list):
            return ConfigError(Problem(f"'{dotted(place)}' holds a single value", mark, whole))
        positions = range(len(container)) if isinstance(container, list) else container
        choices = dict.fromkeys([*map(str, positions), *self._declared(place)])
        return ConfigError(Problem(f"there is no '{step}' here", mark, whole, tuple(choices), step))

    def _declared(self, place: Trail) -> tuple[str, ...]:
        return self._shape.declared(place, self._tree)

    def _value(self, place: Trail) -> Any:
        value: Any = self._tree
        for key in place:
            value = value[key]
        return value


_SERIES_HELP = (
    "a path over years cannot be set to one number: set single years ({0}.values.2021), its "
    "'spread', or give a mapping with 'values'"
)


def _is_quantity(node: Mapping[Key, Any]) -> bool:
    return "value" in node and "standing" in node


def _is_series(node: Mapping[Key, Any]) -> bool:
    return "values" in node and "standing" in node


def _fixed(quantity: Mapping[Key, Any], value: float) -> dict[Key, Any]:
    """The quantity at one value for all members; unit and source stay."""
    kept = {key: part for key, part in quantity.items() if key not in {"low", "high"}}
    # An assumed number must show its range: a range of width zero says that nothing is drawn.
    if quantity.get("standing") == "assumed":
        kept |= {"low": value, "high": value}
    return kept | {"value": value}


def _new_year(container: Mapping[Key, Any], key: Any) -> int | None:
    """``key`` as a new year of a path over years, or None if it is not that."""
    years = bool(container) and all(isinstance(known, int) for known in container)
    return int(key) if years and str(key).isascii() and str(key).isdigit() else None
