"""Templates of the pages: where they lie, and how they are filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGE = "sim.reports"


def environment(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """Templates that escape what they are given, and refuse a name that they are not given."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= filters
    return made


def template_text(name: str) -> str:
    """A file of the templates' folder as it is."""
    return (files(PACKAGE) / "templates" / name).read_text(encoding="utf-8")
