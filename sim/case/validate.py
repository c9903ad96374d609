"""From a plain tree to a typed one; what pydantic found is retold with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.case.errors import ConfigError, Key, Problem, Trail, nearest
from sim.case.shape import Shape, child, shape_of
from sim.case.yamltext import Document
from sim.world.located import Located

_WRONG_CONTAINER = {"model_type", "model_attributes_type", "dict_type", "mapping_type"}
_WRONG_LIST = {"tuple_type", "list_type", "set_type", "frozen_set_type"}
_LONGEST_ECHO = 60


def validate[Model: BaseModel](
    document: Document, model: type[Model], added: Mapping[Trail, str] | None = None
) -> Model:
    """Check a tree and make the typed one.

    Args:
        document: the tree with its marks.
        model: root of the typed tree.
        added: places that an override added, with the existing key most like each.

    Raises:
        ConfigError: with every problem found.
    """
    try:
        made = model.model_validate(document.tree)
        if isinstance(made, Located):
            made.lies_in(document.folder)
        return made
    except ValidationError as error:
        teller = _Teller(document, shape_of(model), added or {})
        problems = [teller.problem(details) for details in error.errors(include_url=False)]
        raise ConfigError(problems) from error


class _Teller:
    """Retells validation errors in the words of the file."""

    def __init__(self, document: Document, shape: Shape, added: Mapping[Trail, str]) -> None:
        self._document = document
        self._shape = shape
        self._added = added

    def problem(self, error: ErrorDetails) -> Problem:
        """One validation error as a problem."""
        trail = self._trail(error)
        what, choices, given = self._words(error, trail)
        what += self._mistaken_addition(trail)
        return Problem(what, self._document.mark(trail), trail, choices, given)

    def _words(self, error: ErrorDetails, trail: Trail) -> tuple[str, tuple[str, ...], str]:
        kind, context = error["type"], error.get("ctx", {})
        given = _echo(error["input"])
        if kind == "extra_forbidden":
            return (
                "unknown key",
                self._shape.declared(trail[:-1], self._document.tree),
                given_key(trail),
            )
        if kind == "missing":
            return "this key is required and missing", (), ""
        if kind in {"literal_error", "enum", "union_tag_invalid"}:
            expected = str(context.get("expected", context.get("expected_tags", "")))
            word = str(context.get("tag", error["input"]))
            return f"{_echo(word)} is not allowed", tuple(re.findall("'([^']*)'", expected)), word
        if "allowed" in context:
            name = str(context.get("name", ""))
            return error["msg"], tuple(map(str, context["allowed"])), name
        return self._plain_words(error, trail, given), (), ""

    def _plain_words(self, error: ErrorDetails, trail: Trail, given: str) -> str:
        kind = error["type"]
        if kind in _WRONG_CONTAINER:
            keys = self._shape.required(trail, self._document.tree)
            return f"needs a mapping{' with ' + ', '.join(keys) if keys else ''}, not {given}"
        if kind in _WRONG_LIST:
            return f"needs a list, not {given}"
        if kind == "union_tag_not_found":
            return f"the key {error['ctx']['discriminator']} is required and missing"
        if kind.startswith(("date_", "datetime_")):
            return f"needs a date such as 2018-01-31, not {given}"
        if kind in {"value_error", "assertion_error"}:
            return error["msg"].split(", ", 1)[-1]
        message = error["msg"].removeprefix("Input ").removeprefix("Value ")
        return f"{message}, not {given}" if message.startswith("should ") else error["msg"]

    def _trail(self, error: ErrorDetails) -> Trail:
        """Place of an error in the tree; pydantic's own steps (union tags) are left out."""
        context = error.get("ctx", {})
        steps: tuple[Any, ...] = (*error["loc"], *context.get("path", ()))
        trail: list[Key] = []
        value = self._document.tree
        for step in steps:
            key = matching_key(value, step)
            if key is not None:
                trail.append(key)
                value = child(value, key)
        return (*trail, *self._last_steps(error))

    def _last_steps(self, error: ErrorDetails) -> Trail:
        """Keys that an error speaks of although they are not in its location or the tree."""
        if error["type"] == "missing":
            return (error["loc"][-1],)
        if error["type"] == "union_tag_invalid":
            return (str(error["ctx"]["discriminator"]).strip("'"),)
        return ()

    def _mistaken_addition(self, trail: Trail) -> str:
        """A hint where a misspelt name made an override add something new."""
        for place, meant in self._added.items():
            if trail[: len(place)] == place and meant:
                return f" (the override adds '{place[-1]}'; did you mean '{meant}'?)"
        return ""


def given_key(trail: Trail) -> str:
    """Last key of a trail, as text."""
    return str(trail[-1]) if trail else ""


def matching_key(value: Any, step: Any) -> Key | None:
    """The key of a mapping or list that ``step`` names; dates and years may be given as text."""
    if isinstance(value, list):
        text = str(step)
        position = int(text) if text.isascii() and text.isdigit() else len(value)
        return position if position < len(value) else None
    if not isinstance(value, dict):
        return None
    if step in value:
        return cast(Key, step)
    return next((key for key in value if str(key) == str(step)), None)


def nearest_key(value: Any, given: str, declared: tuple[str, ...] = ()) -> str:
    """The key of a mapping that was probably meant, or an empty string."""
    present = map(str, value) if isinstance(value, dict) else ()
    return nearest(given, (*declared, *present))


def _echo(value: Any) -> str:
    """A value as shown in a message, cut to a readable length."""
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}..."
