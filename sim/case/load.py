"""Loading a case: find it, lay scenarios and overrides over it, check it, fingerprint it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.case.draft import Draft, MarkOf
from sim.case.errors import ConfigError, Mark, Problem
from sim.case.include import INCLUDE, INCLUDE_SCHEMA
from sim.case.plugins import code_digest
from sim.case.schema import Case
from sim.case.shape import shape_of
from sim.case.sources import (
    Listing,
    case_folder,
    list_cases,
    list_scenarios,
    read_tree,
)
from sim.case.validate import validate
from sim.case.yamltext import read_text

__all__ = [
    "ConfigError",
    "Listing",
    "Overrides",
    "case_folder",
    "fingerprint",
    "json_schema",
    "list_cases",
    "list_scenarios",
    "load_as",
    "load_case",
]

Overrides = Mapping[str, object] | Sequence[str]
"""Dotted names with values, or ``name=value`` texts as on the command line."""


def load_case(name_or_path: str | Path, overrides: Overrides = ()) -> Case:
    """Load a case or scenario.

    Args:
        name_or_path: a built-in case or scenario, a case folder, or a scenario file.
        overrides: ``name=value`` texts, or a mapping of dotted names to values; a number
            over a quantity fixes it for all members, None removes an entry.

    Returns:
        The checked, frozen case.

    Raises:
        ConfigError: with file, line, place, what is allowed and the nearest match.
    """
    return load_as(Case, name_or_path, overrides)


def load_as[Model: BaseModel](
    model: type[Model], name_or_path: str | Path, overrides: Overrides = ()
) -> Model:
    """Load a tree as :func:`load_case` does, typed by any root model.

    Raises:
        ConfigError: as :func:`load_case`.
    """
    draft = read_tree(name_or_path, shape_of(model))
    apply_overrides(draft, overrides)
    return validate(draft.document(), model, draft.added)


def apply_overrides(draft: Draft, overrides: Overrides) -> None:
    """Lay overrides over a draft, the later ones over the earlier.

    Raises:
        ConfigError: for an override that is not ``name=value`` or cannot be applied.
    """
    if isinstance(overrides, Mapping):
        for name in overrides:
            _refuse_code(str(name), Mark("overrides"))
        draft.merge(overrides, _always(Mark("overrides")))
        return
    if isinstance(overrides, str):
        overrides = [overrides]
    for text in overrides:
        mark = Mark(f"override '{text}'")
        name, value = _parse_override(text, mark)
        _refuse_code(name, mark)
        draft.merge({name: value}, _always(mark))


def _refuse_code(name: str, mark: Mark) -> None:
    """Code is named in files on disk only: an override may come from a link or another's run."""
    if name.partition(".")[0] == "plugins":
        raise ConfigError(Problem("plug-ins are named in a case or scenario file", mark, (name,)))


def fingerprint(case: BaseModel) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a case's content.

    It does not depend on the order of keys or on how files are laid out. Plug-ins that lie beside
    the case count with their code.
    """
    tree = case.model_dump(mode="json")
    if isinstance(case, Case) and case.plugins.any:
        tree["code"] = code_digest(case.plugins, case.folder)
    content = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def json_schema() -> dict[str, Any]:
    """JSON schema of a case, for completion in editors."""
    schema = Case.model_json_schema()
    schema["properties"] |= {INCLUDE: INCLUDE_SCHEMA}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _always(mark: Mark) -> MarkOf:
    return lambda _: mark


def parse_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """``name=value`` texts as plain data, such as the constants of an experiment.

    Raises:
        ConfigError: for a text that is not ``name=value``, or that names code.
    """
    found = dict(_parse_override(text, Mark(f"override '{text}'")) for text in texts)
    for name in found:
        _refuse_code(name, Mark("overrides"))
    return found


def _parse_override(text: str, mark: Mark) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    name = name.strip()
    if not value.strip() or not all(name.split(".")):
        raise ConfigError(Problem("write NAME=VALUE, such as calendar.end=2022-12", mark))
    return name, read_text(value, str(mark), None).tree
