"""What a typed tree allows at each of its places, read from its JSON schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel

from sim.case.errors import Key, Trail

Schema = dict[str, Any]


@cache
def shape_of(model: type[BaseModel]) -> Shape:
    """The shape of a model."""
    return Shape(model)


class Shape:
    """Answers which keys are allowed where.

    A place may depend on what the tree holds there (a measure's keys follow from its
    ``kind``), so every question takes the tree along.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    @cached_property
    def _root(self) -> Schema:
        # Takes a good part of a second, and a tree without additions never asks.
        return self._model.model_json_schema()

    @property
    def _definitions(self) -> dict[str, Schema]:
        found: dict[str, Schema] = self._root.get("$defs", {})
        return found

    def declared(self, trail: Trail, tree: Any) -> tuple[str, ...]:
        """Keys that the type at ``trail`` declares."""
        names: dict[str, None] = {}
        for schema in self._at(trail, tree):
            names.update(dict.fromkeys(schema.get("properties", {})))
        return tuple(names)

    def required(self, trail: Trail, tree: Any) -> tuple[str, ...]:
        """Keys that the type at ``trail`` cannot do without."""
        names: dict[str, None] = {}
        for schema in self._at(trail, tree):
            names.update(dict.fromkeys(schema.get("required", [])))
        return tuple(names)

    def open_ended(self, trail: Trail, tree: Any) -> bool:
        """Whether the mapping at ``trail`` takes keys of the user's choice."""
        return any(schema.get("additionalProperties") for schema in self._at(trail, tree))

    def _at(self, trail: Trail, tree: Any) -> list[Schema]:
        value, schemas = tree, list(self._variants(self._root, tree))
        for key in trail:
            value = child(value, key)
            below = (inner for schema in schemas for inner in _below(schema, key))
            schemas = [variant for inner in below for variant in self._variants(inner, value)]
        return schemas

    def _variants(self, schema: Schema, value: Any) -> Iterator[Schema]:
        """The schema without references and unions, as far as ``value`` decides them."""
        if "$ref" in schema:
            yield from self._variants(self._definition(schema["$ref"]), value)
            return
        choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if not choices:
            yield schema
            return
        tagged = self._tagged(schema, value)
        for choice in [tagged] if tagged else choices:
            yield from self._variants(choice, value)

    def _tagged(self, schema: Schema, value: Any) -> Schema | None:
        discriminator = schema.get("discriminator")
        if not discriminator:
            return None
        tag = child(value, discriminator["propertyName"])
        reference = discriminator["mapping"].get(tag) if isinstance(tag, str) else None
        return self._definition(reference) if reference else None

    def _definition(self, reference: str) -> Schema:
        return self._definitions[reference.rsplit("/", 1)[-1]]


def _below(schema: Schema, key: Key) -> Iterator[Schema]:
    properties = schema.get("properties", {})
    if str(key) in properties:
        yield properties[str(key)]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]
    elif isinstance(schema.get("items"), dict):
        yield schema["items"]
    elif isinstance(key, int) and key < len(schema.get("prefixItems", [])):
        yield schema["prefixItems"][key]


def child(value: Any, key: Key) -> Any:
    """The value below ``key``, or None where there is none."""
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and -1 < key < len(value):
        return value[key]
    return None
