"""A new case to start from: the teaching case under another name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sim.case.errors import ConfigError, Mark, Problem, display
from sim.case.sources import case_folder, list_cases, list_scenarios
from sim.world.builtin import builtin_folder

TEMPLATE = "example"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_LONGEST = 60
_HEAD = """\
# A case of your own, written from the teaching case. It runs as it stands; change it file by file:
# case.yaml (who, where, money), chips.yaml (parts and their makers), products.yaml (lines and
# markets), behaviour.yaml (how everybody acts), measures.yaml (the sanctions). `chokepoint check`
# says what is wrong, with file and line; docs/add-a-case.md says what each part is for.
#
# What follows is the teaching case's own introduction.
#
"""


def write_skeleton(name: str, at: Path) -> Path:
    """Write a case that runs at once.

    Args:
        name: name of the case: small letters, digits, ``-`` and ``_``.
        at: folder that the case's folder is made in.

    Returns:
        The new folder.

    Raises:
        ConfigError: if the name cannot be used or the folder is there already; nothing is
            written then.
    """
    _check_name(name)
    folder = at / name
    if folder.exists() or folder.is_symlink():
        raise _refused(f"there is already a '{folder}'; nothing was written", folder)
    try:
        at.mkdir(parents=True, exist_ok=True)
        shutil.copytree(case_folder(TEMPLATE), folder, ignore=shutil.ignore_patterns("posterior"))
    except OSError as error:
        raise _refused(f"cannot be written ({error.strerror})", folder) from error
    main = folder / "case.yaml"
    main.write_text(_renamed(main.read_text(encoding="utf-8"), name), encoding="utf-8")
    return folder


def _renamed(text: str, name: str) -> str:
    text = re.sub(rf"(?m)^id: {TEMPLATE}$", f"id: {name}", text, count=1)
    title = f'title: "{name}: a new case, so far that of the teaching case"'
    return _HEAD + re.sub(r"(?m)^title: .*$", title, text, count=1)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        what = f"'{name}' is no name for a case: use small letters, digits, '-' and '_'"
        raise ConfigError(Problem(what))
    taken = {one.name for one in (*list_cases(), *list_scenarios())}
    taken |= {path.stem for path in builtin_folder("experiments").glob("*.yaml")}
    if name in taken:
        raise ConfigError(Problem(f"'{name}' is the name of something built in: choose another"))


def _refused(what: str, folder: Path) -> ConfigError:
    return ConfigError(Problem(what, Mark(display(folder))))
