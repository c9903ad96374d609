"""Lessons of a case, read from ``docs/lessons``: a head of data, then sections of text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.case.errors import ConfigError, Mark, Problem, display
from sim.case.yamltext import read_text
from sim.world.builtin import builtin_folder

LARGEST = 50_000  # bytes of a file
_FILE = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_SECTIONS = {
    "Question": "question",
    "Predict first": "predict",
    "Debate": "debate",
    "For teachers": "teachers",
}


def lessons_folder() -> Path:
    """Where lessons lie: beside the checkout's pages, or inside the installed package."""
    return builtin_folder("configs").parent / "docs" / "lessons"


def read_lessons(case: str) -> dict[str, dict[str, Any]]:
    """Lessons of a case in the order of their files, as plain data to be checked.

    Raises:
        ConfigError: if a file has no head, lacks a section or has one that is not known.
    """
    lessons = {}
    for path in sorted(lessons_folder().glob("*.md")):
        lesson = read_lesson(path)
        if lesson.pop("case", "") == case:
            lessons[re.sub(r"^\d+-", "", path.stem).replace("-", "_")] = lesson
    return lessons


def read_lesson(path: Path) -> dict[str, Any]:
    """One lesson: what its head says, and its sections.

    Raises:
        ConfigError: as :func:`read_lessons`.
    """
    raw = path.read_bytes()
    found = _FILE.fullmatch(raw.decode("utf-8")) if len(raw) <= LARGEST else None
    if found is None:
        raise _error(path, "a lesson begins with a head between two lines of ---")
    tree = read_text(found["head"], display(path), first_line=2).tree
    sections = dict(_sections(path, found["body"]))
    sections["debate"] = _items(sections["debate"])
    return {**tree, **sections}


def _sections(path: Path, body: str) -> list[tuple[str, Any]]:
    parts = re.split(r"^## (.+)$", body, flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    if strange := (found.keys() ^ _SECTIONS.keys()):
        names = ", ".join(_SECTIONS)
        raise _error(path, f"'{min(strange)}' is missing or not known: sections are {names}")
    return [(_SECTIONS[name], text) for name, text in found.items()]


def _items(text: str) -> list[str]:
    """The points of a list, each in one line."""
    return [" ".join(item.split()) for item in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]


def _error(path: Path, what: str) -> ConfigError:
    return ConfigError(Problem(what, Mark(display(path))))
