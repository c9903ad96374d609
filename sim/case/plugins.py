"""A user's own agents and rules, named in a case file, in place of the shipped ones.

Reading and checking a case runs none of this code: it is imported when a model is built, in
whichever process that happens. So a case from somebody else can be looked at safely, but to run
it is to run its code.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from pydantic import Field, model_validator

from sim.case.errors import ConfigError, Problem, nearest
from sim.world.inputs import Frozen
from sim.world.replaceable import REPLACEABLE

GROUP = "chokepoint.plugins"
"""Entry points of installed packages under this group may be named without their module."""

Role = Literal[
    "focal_firm",
    "sanctioning_government",
    "home_government",
    "allied_government",
    "third_government",
    "competitor",
    "divested_unit",
    "foundry",
    "home_foundry",
    "tool_maker",
    "supplier",
    "intermediary",
    "market",
    "consumer_market",
    "carrier_market",
    "compute_market",
]


class Plugins(Frozen):
    """Code that takes the place of shipped code: ``module:name``, or the name of an entry point."""

    agents: dict[Role, str] = Field(
        default_factory=dict, description="Role -> class, a subclass of the shipped one."
    )
    rules: dict[str, str] = Field(
        default_factory=dict, description="Rule, as demand.deserved_share -> function."
    )

    @model_validator(mode="after")
    def _known(self) -> Plugins:
        if self.rules:
            known = shipped_rules()
            for name in self.rules:
                if name not in known:
                    hint = nearest(name, known)
                    meant = f"; did you mean '{hint}'?" if hint else ""
                    raise ValueError(f"there is no rule '{name}'{meant}")
        return self

    @property
    def any(self) -> bool:
        """Whether some code is named."""
        return bool(self.agents or self.rules)


def shipped_rules() -> dict[str, Callable[..., Any]]:
    """Rules by ``module.name``."""
    import sim.rules

    for entry in pkgutil.iter_modules(sim.rules.__path__):
        importlib.import_module(f"sim.rules.{entry.name}")
    return REPLACEABLE


def own_rules(plugins: Plugins, folder: Path | None) -> dict[str, Callable[..., Any]]:
    """The functions that replace shipped rules; imports the user's code.

    Raises:
        ConfigError: if one cannot be imported, or takes other arguments than what it replaces.
    """
    found: dict[str, Callable[..., Any]] = {}
    for name, reference in plugins.rules.items():
        place = ("plugins", "rules", name)
        function = _import(reference, folder, place)
        wanted = list(inspect.signature(shipped_rules()[name]).parameters)
        if not callable(function) or _takes(function) != wanted:
            what = f"'{reference}' must be a function of ({', '.join(wanted)})"
            raise ConfigError(Problem(what, None, place))
        found[name] = function
    return found


def own_agents[Agent](
    plugins: Plugins, folder: Path | None, shipped: dict[str, type[Agent]]
) -> dict[str, type[Agent]]:
    """The class of each role, the user's own where the case names one; imports their code.

    Raises:
        ConfigError: if one cannot be imported, or is no subclass of what it replaces.
    """
    cast = dict(shipped)
    for role, reference in plugins.agents.items():
        place = ("plugins", "agents", role)
        kind = _import(reference, folder, place)
        if not inspect.isclass(kind) or not issubclass(kind, shipped[role]):
            what = f"'{reference}' must be a subclass of {shipped[role].__name__}"
            raise ConfigError(Problem(what, None, place))
        cast[role] = kind
    return cast


def code_digest(plugins: Plugins, folder: Path | None) -> str:
    """Hash of the named modules that lie beside the case; '' if none does. Runs nothing."""
    named = {reference.partition(":")[0] for reference in _references(plugins)}
    files = [_beside(folder, module) for module in sorted(named)]
    code = b"\0".join(file.read_bytes() for file in files if file is not None)
    return hashlib.sha256(code).hexdigest() if code else ""


def _references(plugins: Plugins) -> list[str]:
    return [*plugins.agents.values(), *plugins.rules.values()]


def _takes(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a builtin does not tell
        return []


def _import(reference: str, folder: Path | None, place: tuple[str, ...]) -> Any:
    module, _, name = reference.partition(":")
    try:
        if not name:
            return _entry_point(reference)
        file = _beside(folder, module)
        return getattr(importlib.import_module(module) if file is None else _from(file), name)
    except Exception as error:
        what = f"'{reference}' cannot be imported: {type(error).__name__}: {error}"
        raise ConfigError(Problem(what, None, place)) from error


def _entry_point(name: str) -> Any:
    found = entry_points(group=GROUP, name=name)
    if not found:
        known = ", ".join(sorted(one.name for one in entry_points(group=GROUP))) or "none"
        raise LookupError(f"no entry point of group {GROUP} has this name; installed: {known}")
    return next(iter(found)).load()


def _beside(folder: Path | None, module: str) -> Path | None:
    """File of a module that lies in the folder of the case."""
    steps = module.split(".")
    if folder is None or not all(step.isidentifier() for step in steps):
        return None
    file = folder.joinpath(*steps).with_suffix(".py")
    return file if file.is_file() else None


def _from(file: Path) -> ModuleType:
    """The module in a file; two cases may each have a module of the same name."""
    mark = hashlib.sha256(str(file).encode() + b"\0" + file.read_bytes()).hexdigest()[:16]
    name = f"chokepoint_plugin_{file.stem}_{mark}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]
