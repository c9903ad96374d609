"""Cross-references of a case: every name that is used exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from sim.case.schema import Case

Use = tuple[tuple[str, ...], str, str, Collection[str]]


def check_references(case: Case) -> None:
    """Refuse the first name that does not exist.

    Raises:
        PydanticCustomError: of type ``unknown_name``; its context holds the ``path`` of the
            use, the ``name``, what it should be (``what``) and the ``allowed`` names.
    """
    for path, name, what, allowed in _uses(case):
        if name not in allowed:
            raise PydanticCustomError(
                "unknown_name",
                "unknown {what} '{name}'",
                {"path": path, "name": name, "what": what, "allowed": sorted(allowed)},
            )


def _uses(case: Case) -> Iterator[Use]:
    firms = [name for name, actor in case.actors.items() if actor.kind == "focal_firm"]
    yield ("focal",), case.focal, "focal firm", firms
    for firm in firms:
        yield ("actors", firm), firm, "focal firm of this case", (case.focal,)
    yield from _routes(case)
    yield from _lines(case)
    yield from _lifts(case)
    for key, tool in case.tools.items():
        yield ("tools", key, "maker"), tool.maker, "actor", case.actors
    for key in case.foundries:
        yield ("foundries", key), key, "actor", case.actors
    yield ("platform",), case.platform, "item", case.items
    for key, market in case.markets.items():
        for region in market.regions:
            yield ("markets", key, "regions", region), region, "region", case.regions
    for key, actor in case.actors.items():
        for line in actor.rivals:
            yield ("actors", key, "rivals", line), line, "line", case.lines


def _lifts(case: Case) -> Iterator[Use]:
    for key, measure in case.measures.items():
        for lifted in getattr(measure, "lifts", ()):
            yield ("measures", key, "lifts"), lifted, "measure", case.measures


def _routes(case: Case) -> Iterator[Use]:
    for key, route in case.routes.items():
        yield ("routes", key, "item"), route.item, "item", case.items
        yield ("routes", key, "maker"), route.maker, "actor", case.actors


def _lines(case: Case) -> Iterator[Use]:
    for key, line in case.lines.items():
        yield ("lines", key, "market"), line.market, "market", case.markets
        for name in ("bill", "processor"):
            for item in getattr(line, name):
                yield ("lines", key, name, item), item, "item", case.items
        for name in ("initial_share", "potential_share"):
            for region in getattr(line, name):
                yield ("lines", key, name, region), region, "region", case.regions
