"""Finding a case or scenario by name or path, and merging it to one tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.case.draft import Draft
from sim.case.errors import ConfigError, Key, Mark, Problem, Trail, display
from sim.case.include import INCLUDE, refuse_circle, with_included
from sim.case.shape import Shape
from sim.case.yamltext import Document, read_file, read_text
from sim.world.builtin import builtin_folder

_SCENARIO_KEYS = ("extends", "title", "description", "set")
_SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True)
class Listing:
    """A built-in case or scenario."""

    name: str
    title: str
    path: Path


def list_cases() -> list[Listing]:
    """Built-in cases by name."""
    return [Listing(name, _title(path), path) for name, path in _cases().items()]


def list_scenarios(case: str | None = None) -> list[Listing]:
    """Built-in scenarios by name: all of them, or those of one built-in case."""
    listed = [Listing(name, _title(path), path) for name, path in _scenarios().items()]
    return [one for one in listed if case is None or case_folder(one.name).name == case]


def find(name_or_path: str | Path, beside: Path | None = None, mark: Mark | None = None) -> Path:
    """The case folder or scenario file that a name or path means.

    Args:
        name_or_path: a built-in case or scenario, or a path.
        beside: folder that a relative path starts from; the working folder if None.
        mark: where the name was written, for the error.

    Raises:
        ConfigError: if there is no such case or scenario.
    """
    text = str(name_or_path)
    named = _cases() | _scenarios()
    if isinstance(name_or_path, str) and text in named:
        return named[text]
    for place in _places(name_or_path, beside or Path()):
        if text and _exists(place):
            return place
    what = f"no case or scenario '{text}', built in or as a path"
    raise ConfigError(Problem(what, mark, (), tuple(named), text))


def case_folder(name_or_path: str | Path) -> Path:
    """Folder of the case that a name or path means, at the end of the chain of ``extends``.

    Raises:
        ConfigError: if a link of the chain is missing or cannot be read.
    """
    return _chain(find(name_or_path))[0]


def read_tree(name_or_path: str | Path, shape: Shape) -> Draft:
    """The merged tree of a case folder, or of a scenario over what it extends.

    Raises:
        ConfigError: if anything cannot be found, read or merged.
    """
    folder, *scenarios = _chain(find(name_or_path))
    draft = Draft(replace(read_folder(folder), folder=folder.resolve()), shape)
    for path in scenarios:
        _lay_over(draft, read_file(path))
    return draft


def read_folder(folder: Path, above: tuple[Path, ...] = ()) -> Document:
    """All YAML files of a case folder as one tree, with what it includes of other cases.

    Sub-folders are not read.

    Args:
        folder: the case.
        above: cases that include this one.

    Raises:
        ConfigError: if there is no file, two give the same key, or an inclusion fails.
    """
    refuse_circle(folder, above)
    below = (*above, folder.resolve())
    return with_included(_own_files(folder), folder, find, lambda path: read_folder(path, below))


def included_cases(folder: Path) -> tuple[Path, ...]:
    """Folders of the cases of which a case includes parts, in the order in which it names them.

    Raises:
        ConfigError: if the case cannot be read, or one of them does not exist.
    """
    if not any(INCLUDE in path.read_text(encoding="utf-8") for path in _yaml_files(folder)):
        return ()  # the usual case: nothing to parse
    wanted = _own_files(folder).tree.get(INCLUDE) or {}
    return tuple(find(str(name), folder) for name in wanted)


def _own_files(folder: Path) -> Document:
    tree: dict[Key, Any] = {}
    marks: dict[Trail, Mark] = {(): Mark(display(folder))}
    for path in _yaml_files(folder):
        document = read_file(path)
        _merge_file(tree, marks, document)
        marks |= {trail: mark for trail, mark in document.marks.items() if trail not in marks}
    if not tree:
        raise ConfigError(Problem("the case folder holds no YAML file", Mark(display(folder))))
    return Document(tree, marks)


def _merge_file(tree: dict[Key, Any], marks: Mapping[Trail, Mark], document: Document) -> None:
    for key, value in document.tree.items():
        if key not in tree:
            tree[key] = value
        elif isinstance(tree[key], dict) and isinstance(value, dict):
            for name, part in value.items():
                if name in tree[key]:
                    raise _twice((key, name), marks, document)
                tree[key][name] = part
        else:
            raise _twice((key,), marks, document)


def _twice(trail: Trail, marks: Mapping[Trail, Mark], document: Document) -> ConfigError:
    what = f"this key is also given in {marks.get(trail) or 'another file'}"
    return ConfigError(Problem(what, document.mark(trail), trail))


def _chain(path: Path) -> list[Path]:
    """Case folder first, then the scenarios over it, the outermost last."""
    chain = [path]
    while not chain[0].is_dir():
        base = _base_of(chain[0])
        if any(base.resolve() == known.resolve() for known in chain):
            loop = " -> ".join(display(link) for link in (*reversed(chain), base))
            raise ConfigError(Problem(f"'extends' goes in a circle: {loop}", Mark(display(path))))
        chain.insert(0, base)
    return chain


def _base_of(path: Path) -> Path:
    document = read_file(path)
    name = document.tree.get("extends")
    if not isinstance(name, str):
        what = "a scenario needs 'extends' with the name or path of a case or scenario"
        raise ConfigError(Problem(what, document.mark(("extends",)), ("extends",)))
    return find(name, path.parent, document.mark(("extends",)))


def _lay_over(draft: Draft, document: Document) -> None:
    for key in document.tree:
        if key not in _SCENARIO_KEYS:
            problem = Problem(
                "unknown key of a scenario", document.mark((key,)), (key,), _SCENARIO_KEYS, str(key)
            )
            raise ConfigError(problem)
    changes = document.tree.get("set") or {}
    if not isinstance(changes, dict):
        what = "needs a mapping of dotted names to values"
        raise ConfigError(Problem(what, document.mark(("set",)), ("set",)))
    words = {key: document.tree[key] for key in ("title", "description") if key in document.tree}
    draft.merge(words, document.mark)
    draft.merge(changes, lambda trail: document.mark(("set", *trail)))


def _cases() -> dict[str, Path]:
    folders = (builtin_folder("configs") / "cases").glob("*/")
    return {path.name: path for path in sorted(folders) if not path.name.startswith(".")}


def _scenarios() -> dict[str, Path]:
    return {path.stem: path for path in _yaml_files(builtin_folder("configs") / "scenarios")}


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix in _SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def _places(name_or_path: str | Path, base: Path) -> list[Path]:
    """Where a name or path may lie; a bare name may leave the suffix of a file out."""
    text = str(name_or_path)
    path_like = isinstance(name_or_path, Path) or "/" in text or Path(text).suffix in _SUFFIXES
    bare = [] if path_like else [base / f"{text}{suffix}" for suffix in sorted(_SUFFIXES)]
    return [base / text, *bare]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than a file name can be
        return False


def _title(path: Path) -> str:
    """The line ``title:`` of a case or scenario; listing must not need a valid case."""
    for file in _yaml_files(path) if path.is_dir() else [path]:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("title:"):
                    return _title_text(line, file)
    return path.stem


def _title_text(line: str, file: Path) -> str:
    try:
        return str(read_text(line, display(file)).tree["title"])
    except ConfigError:
        return line.removeprefix("title:").strip()
