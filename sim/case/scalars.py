"""How a plain YAML word is read: by the rules people expect, without the traps of YAML 1.1.

Only ``true`` and ``false`` are booleans (``NO``, ``on``, ``yes`` stay words), ``1e-3`` is a
number, ``2018-01-15`` a date; ``2018-01`` and ``12:30`` stay words, ``010`` is refused.
"""

from __future__ import annotations

import re
from datetime import date

Scalar = str | int | float | bool | date | None

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}
_BOOLEANS["FALSE"] = False
_NULLS = {"", "~", "null", "Null", "NULL"}
_WHOLE = re.compile(r"[-+]?(0|[1-9]\d*(_\d+)*)\Z", re.ASCII)
_PADDED = re.compile(r"[-+]?0\d+\Z", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][-+]?\d+)?\Z", re.ASCII)
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOST_DIGITS = 400
_BEGIN_A_NUMBER = frozenset("+-.0123456789")  # or a day


def read_plain(word: str) -> Scalar:
    """Value of an unquoted word.

    Raises:
        ValueError: for a number or date that cannot be meant as written.
    """
    if word in _NULLS:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if word[0] not in _BEGIN_A_NUMBER:
        return word  # nearly all words of a case
    if _DAY.match(word):
        return _day(word)
    if infinite := _INFINITE.match(word):
        return float(f"{infinite[1]}inf")
    if word in {".nan", ".NaN", ".NAN"}:
        return float("nan")
    return _number(word)


def _number(word: str) -> Scalar:
    if _PADDED.match(word):
        meant = word.lstrip("+-0") or "0"
        raise ValueError(f"{word} could be octal: write {meant}, or '{word}' in quotes")
    if not _DECIMAL.match(word):
        return word
    if len(word) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(word)} characters is too long")
    return int(word) if _WHOLE.match(word) else float(word)


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ValueError(f"{word} is no day of the calendar: {error}") from error
