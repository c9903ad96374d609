"""Cross-references of a case: every name that is used exists, every role is filled."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from sim.policy.measures import references
from sim.world.inputs import Sourced

if TYPE_CHECKING:
    from sim.case.schema import Case

Path = tuple[str, ...]
Use = tuple[Path, str, str, Collection[str]]


def check_references(case: Case) -> None:
    """Refuse the first name that does not exist, and the first role that nobody fills.

    Raises:
        PydanticCustomError: of type ``unknown_name``, whose context holds the ``path`` of the
            use, the ``name``, what it should be (``what``) and the ``allowed`` names; or of
            type ``missing_part``, whose context holds the ``path``.
    """
    for path, name, what, allowed in _uses(case):
        if name not in allowed:
            raise PydanticCustomError(
                "unknown_name",
                "unknown {what} '{name}'",
                {"path": path, "name": name, "what": what, "allowed": sorted(allowed)},
            )
    for path, wrong in _gaps(case):
        raise PydanticCustomError("missing_part", "{wrong}", {"path": path, "wrong": wrong})


def _uses(case: Case) -> Iterator[Use]:
    firms = [name for name, actor in case.actors.items() if actor.kind == "focal_firm"]
    yield ("focal",), case.focal, "focal firm", firms
    for firm in firms:
        yield ("actors", firm), firm, "focal firm of this case", (case.focal,)
    yield from _routes(case)
    yield from _lines(case)
    yield from _measures(case)
    for key, tool in case.tools.items():
        yield ("tools", key, "maker"), tool.maker, "actor", case.actors
    for key in case.foundries:
        yield ("foundries", key), key, "actor", case.actors
    yield ("platform",), case.platform, "item", case.items
    for item in case.key_items:
        yield ("key_items",), item, "item", case.items
    for key, market in case.markets.items():
        for region in market.regions:
            yield ("markets", key, "regions", region), region, "region", case.regions
    for key, actor in case.actors.items():
        for line in actor.rivals:
            yield ("actors", key, "rivals", line), line, "line", case.lines
    yield from _sources(case)


def _routes(case: Case) -> Iterator[Use]:
    for key, route in case.routes.items():
        yield ("routes", key, "item"), route.item, "item", case.items
        yield ("routes", key, "maker"), route.maker, "actor", case.actors
        if route.node is not None:
            foundry = case.foundries.get(route.maker)
            nodes = foundry.nodes if foundry else ()
            yield ("routes", key, "node"), route.node, f"node of {route.maker}", nodes


def _lines(case: Case) -> Iterator[Use]:
    for key, line in case.lines.items():
        yield ("lines", key, "market"), line.market, "market", case.markets
        for name in ("bill", "processor"):
            for item in getattr(line, name):
                yield ("lines", key, name, item), item, "item", case.items
        for name in ("initial_share", "potential_share"):
            for region in getattr(line, name):
                yield ("lines", key, name, region), region, "region", case.regions


def _measures(case: Case) -> Iterator[Use]:
    known: dict[str, Collection[str]] = {
        "items": case.items,
        "tools": case.tools,
        "lines": case.lines,
    }
    parties = _parties(case)
    for key, measure in case.measures.items():
        for lifted in getattr(measure, "lifts", ()):
            yield ("measures", key, "lifts"), lifted, "measure", case.measures
        for name, used in references(measure).items():
            allowed = known.get(name, parties)
            for one in used:
                yield ("measures", key, "scope", name), one, name[:-1], allowed
        if measure.kind != "context":
            for target in measure.targets:
                yield ("measures", key, "targets"), target, "actor, country or tag", parties


def _parties(case: Case) -> set[str]:
    """Everybody and every place that a measure may name."""
    actors = case.actors.items()
    names = {part for key, a in actors for part in (key, a.country, *a.tags)}
    return names | {part for key, r in case.regions.items() for part in (key, *r.tags)}


def _sources(case: Case) -> Iterator[Use]:
    known = case.sources.keys() | case.assumptions.keys()
    for path, keys in _cited((), case):
        for key in keys:
            yield (*path, "source"), key, "source or assumption", known


def _cited(path: Path, part: object) -> Iterator[tuple[Path, tuple[str, ...]]]:
    if isinstance(part, Sourced):
        yield path, part.source
    elif isinstance(part, BaseModel):
        keys = getattr(part, "source", None)
        if isinstance(keys, tuple):
            yield path, keys
        for name in type(part).model_fields:
            yield from _cited((*path, name), getattr(part, name))
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _cited((*path, str(name)), value)


ROLES = ("home_government", "sanctioning_government")


def _gaps(case: Case) -> Iterator[tuple[Path, str]]:
    home = [name for name, region in case.regions.items() if region.home]
    if len(home) != 1:
        yield ("regions",), f"exactly one region has 'home: true', not {len(home)}"
    kinds: list[str] = [actor.kind for actor in case.actors.values()]
    for role in ROLES:
        if kinds.count(role) != 1:
            yield ("actors",), f"exactly one actor has the kind '{role}', not {kinds.count(role)}"
    yield from _foundry_gaps(case)
    yield from _maker_gaps(case)


def _maker_gaps(case: Case) -> Iterator[tuple[Path, str]]:
    # Without others to divert goods from, a maker could never sell more than at first.
    for key, route in case.routes.items():
        maker = case.actors.get(route.maker)
        if maker is None or maker.kind == "intermediary" or route.maker in case.foundries:
            continue
        if route.capacity is None and maker.firm_share is None:
            text = f"'{route.maker}' needs 'firm_share', or its route '{key}' a 'capacity'"
            yield ("actors", route.maker), text


def _foundry_gaps(case: Case) -> Iterator[tuple[Path, str]]:
    if case.foundries and not case.tools:
        yield ("tools",), "home foundries need at least one kind of tool"
    for key, route in case.routes.items():
        if (route.node is None) != (route.die_mm2 is None):
            yield ("routes", key), "a home foundry's route gives both 'node' and 'die_mm2'"
    for key, foundry in case.foundries.items():
        if foundry.firm_backed and foundry.build_months is None:
            yield ("foundries", key), "a firm-backed foundry needs 'build_months'"
        for name, node in foundry.nodes.items():
            if node.available is None and node.development_months is None:
                yield (
                    ("foundries", key, "nodes", name),
                    "a node has either 'available' or 'development_months'",
                )
