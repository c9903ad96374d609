"""YAML as plain data with the file and line of every value; hostile files are refused.

The tree is built from PyYAML's event stream, one event at a time: composing the nodes first
recurses in C, and a deeply nested file would bring the process down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.case.errors import ConfigError, Key, Mark, Problem, Trail, display
from sim.case.scalars import read_plain

MOST_BYTES = 5_000_000
MOST_DEPTH = 50
MOST_ALIASED = 20_000
"""Values that the aliases of one file may add up to."""
MOST_KEPT = 200_000
"""Characters of a file whose document is kept, as the same cases are loaded again and again."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNSET: Any = object()

Marks = Mapping[Trail, Mark]


@dataclass(frozen=True)
class Document:
    """A tree of mappings, lists and scalars, and where each of its values was written."""

    tree: Any
    marks: Marks
    folder: Path | None = None  # of the case that the tree began with

    def mark(self, trail: Trail) -> Mark | None:
        """Where the value at ``trail`` was written, or the nearest value that holds it."""
        for length in range(len(trail), -1, -1):
            if trail[:length] in self.marks:
                return self.marks[trail[:length]]
        return None


def read_file(path: Path) -> Document:
    """Read a YAML file whose top level is a mapping.

    Raises:
        ConfigError: if the file cannot be read, is too large, empty, not UTF-8 or not YAML, or
            holds duplicate keys, tags, merge keys or an alias bomb.
    """
    source = display(path)
    document = _document(_decode(_bytes(path, source), source), source)
    if document.tree is None:
        raise ConfigError(Problem("the file is empty", Mark(source, 1)))
    if not isinstance(document.tree, dict):
        what = "the file must hold keys with values, such as 'title: ...'"
        raise ConfigError(Problem(what, document.mark(())))
    return document


def _document(text: str, source: str) -> Document:
    if len(text) > MOST_KEPT:
        return read_text(text, source)
    kept = _kept(text, source)
    return Document(copied(kept.tree), kept.marks)


@lru_cache(maxsize=64)
def _kept(text: str, source: str) -> Document:
    return read_text(text, source)


def copied(tree: Any) -> Any:
    """A tree of mappings, lists and scalars of its own; `deepcopy` takes four times as long."""
    if isinstance(tree, dict):
        return {key: copied(part) for key, part in tree.items()}
    return [copied(part) for part in tree] if isinstance(tree, list) else tree


def read_text(text: str, source: str, first_line: int | None = 1) -> Document:
    """Read YAML text; ``first_line`` None leaves lines out of messages.

    Raises:
        ConfigError: as :func:`read_file`.
    """
    builder = _Builder(source, first_line)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ConfigError(_syntax_problem(error, text, source, first_line)) from error
    except UnicodeError as error:  # half a surrogate pair, from a command line
        raise ConfigError(Problem("not UTF-8 text", Mark(source, first_line))) from error
    return Document(builder.root, builder.marks)


def _bytes(path: Path, source: str) -> bytes:
    try:
        if not path.is_file():
            what = "no such file" if not path.exists() else "not a file"
            raise ConfigError(Problem(what, Mark(source)))
        size = path.stat().st_size
        if size > MOST_BYTES:
            what = f"the file has {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read"
            raise ConfigError(Problem(what, Mark(source)))
        return path.read_bytes()
    except OSError as error:
        what = f"the file cannot be read ({error.strerror or error})"
        raise ConfigError(Problem(what, Mark(source))) from error


def _decode(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8 text (byte 0x{raw[error.start]:02x}): save the file as UTF-8"
        raise ConfigError(Problem(what, Mark(source, line))) from error


def _syntax_problem(
    error: yaml.YAMLError, text: str, source: str, first_line: int | None
) -> Problem:
    line, what = 0, str(getattr(error, "reason", error))
    if isinstance(error, yaml.MarkedYAMLError):
        at = error.problem_mark or error.context_mark
        line = at.line if at else 0
        what = " ".join(part for part in (error.context, error.problem) if part)
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position)
    mark = Mark(source, None if first_line is None else first_line + line)
    return Problem(f"not valid YAML: {what}", mark)


@dataclass
class _Frame:
    """A mapping or list that is being read."""

    value: Any
    trail: Trail
    anchor: str | None
    key: Any = field(default=_UNSET)

    def child_trail(self) -> Trail:
        return (*self.trail, len(self.value) if isinstance(self.value, list) else self.key)


class _Builder:
    """Builds the tree of one document from parser events."""

    def __init__(self, source: str, first_line: int | None) -> None:
        self.root: Any = None
        self.marks: dict[Trail, Mark] = {}
        self._source, self._first_line = source, first_line
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Any] = {}
        self._aliased = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Digest one event."""
        match event:
            case yaml.ScalarEvent():  # first, as four of five are
                self._scalar(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._error(event, "a second document ('---') in one file")
            case yaml.MappingStartEvent():
                self._open({}, event)
            case yaml.SequenceStartEvent():
                self._open([], event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.AliasEvent():
                self._alias(event)

    def _open(self, value: dict[Key, Any] | list[Any], event: Any) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MOST_DEPTH:
            raise self._error(event, f"nested more than {MOST_DEPTH} levels deep")
        if self._awaits_key():
            raise self._error(event, "a key must be a word, a whole number or a date")
        trail = self._mark(event)
        self._stack.append(_Frame(value, trail, event.anchor))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.anchor:
            self._anchors[frame.anchor] = frame.value
        self._deliver(frame.value)

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        try:
            value = read_plain(event.value) if event.implicit[0] else event.value
        except ValueError as error:
            raise self._error(event, str(error)) from error
        if event.anchor:
            self._anchors[event.anchor] = value
        if self._awaits_key():
            self._take_key(value, event)
        else:
            self._mark(event)
            self._deliver(value)

    def _alias(self, event: Any) -> None:
        if self._awaits_key():
            raise self._error(event, "an alias cannot be a key")
        if event.anchor not in self._anchors:
            raise self._error(event, f"'*{event.anchor}' refers to nothing before it")
        trail = self._mark(event)
        self._deliver(self._copy(self._anchors[event.anchor], trail, event))

    def _copy(self, value: Any, trail: Trail, event: Any) -> Any:
        # Copied, so that a later override changes one place; and counted, as bombs multiply here.
        self._aliased += 1
        if self._aliased > MOST_ALIASED or len(trail) > MOST_DEPTH:
            raise self._error(event, f"aliases grow to more than {MOST_ALIASED:,} values")
        if isinstance(value, dict):
            return {key: self._copy(part, (*trail, key), event) for key, part in value.items()}
        if isinstance(value, list):
            return [self._copy(part, (*trail, n), event) for n, part in enumerate(value)]
        return value

    def _awaits_key(self) -> bool:
        top = self._stack[-1] if self._stack else None
        return top is not None and isinstance(top.value, dict) and top.key is _UNSET

    def _take_key(self, key: Any, event: Any) -> None:
        top = self._stack[-1]
        if isinstance(key, bool) or not isinstance(key, str | int | date):
            raise self._error(event, f"'{event.value}' cannot be a key: put it in quotes")
        if key == "<<" and event.implicit[0]:
            raise self._error(event, "merge keys ('<<') are not read: write the keys out")
        if key in top.value:
            first = self.marks[(*top.trail, key)].line
            raise self._error(event, f"the key '{key}' appears twice (first in line {first})")
        top.key = key
        self._mark(event)
        top.value[key] = None

    def _mark(self, event: Any) -> Trail:
        """Note the line of the value that starts here (for a key's value, the key's line)."""
        trail = self._stack[-1].child_trail() if self._stack else ()
        if trail not in self.marks:
            self.marks[trail] = self._at(event)
        return trail

    def _deliver(self, value: Any) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key] = value
            top.key = _UNSET

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise self._error(event, f"the tag '{event.tag}' is not allowed: write plain values")

    def _at(self, event: Any) -> Mark:
        first = self._first_line
        return Mark(self._source, None if first is None else first + event.start_mark.line)

    def _error(self, event: Any, what: str) -> ConfigError:
        trail: Trail = ()
        if self._stack:
            top = self._stack[-1]
            trail = top.trail if top.key is _UNSET else (*top.trail, top.key)
        return ConfigError(Problem(what, self._at(event), trail))
