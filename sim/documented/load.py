"""Read the documented outcomes of a case: tables of values and one file on how to read them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from sim.documented.observation import Documented, Observation, Reading

FOLDER = "documented"
READING = "series.yaml"
COLUMNS = tuple(Observation.model_fields)
LARGEST = 5_000_000  # bytes; the tables are a few hundred lines


class DocumentedError(ValueError):
    """A documented outcome that cannot be read; the message begins with file and line."""

    def __init__(self, path: Path, line: int, text: str) -> None:
        super().__init__(f"{path}:{line}: {text}")


def load_documented(case_folder: str | Path) -> Documented:
    """All documented outcomes of a case.

    Args:
        case_folder: folder of the case; the tables lie in its folder ``documented``.

    Raises:
        DocumentedError: if a file is missing or a row is unsound or written twice.
    """
    folder = Path(case_folder) / FOLDER
    reading = _reading(folder / READING)
    tables = sorted(folder.glob("*.csv"))
    if not tables:
        raise DocumentedError(folder, 1, "there is no table of documented outcomes (*.csv)")
    seen: dict[tuple[str, str, str], str] = {}
    rows: list[Observation] = []
    for table in tables:
        for line, row in _rows(table):
            _check_series(table, line, row, reading)
            where = seen.setdefault((*row.key, row.period), f"{table.name}:{line}")
            if where != f"{table.name}:{line}":
                raise DocumentedError(table, line, f"the same value stands in {where}")
            rows.append(row)
    return Documented(tuple(rows), reading)


def _check_series(table: Path, line: int, row: Observation, reading: Reading) -> None:
    if not row.series:
        return
    series = reading.series.get(row.series)
    if series is None:
        known = ", ".join(reading.series) or "none"
        raise DocumentedError(table, line, f"unknown series {row.series!r}; {READING} has {known}")
    if not series.begins <= row.span.first // 12 <= row.span.last_year <= series.ends:
        text = f"{row.period} lies outside {row.series} ({series.begins} to {series.ends})"
        raise DocumentedError(table, line, text)


def _rows(table: Path) -> Iterator[tuple[int, Observation]]:
    """Rows with the line on which each begins (a quoted note may run over several)."""
    reader = csv.reader(io.StringIO(_read(table)), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise DocumentedError(table, 1, f"the columns must be {','.join(COLUMNS)}")
        line = reader.line_num + 1
        for record in reader:
            if record:
                yield line, _row(table, line, record)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentedError(table, reader.line_num, str(error)) from error


def _row(table: Path, line: int, record: list[str]) -> Observation:
    if len(record) != len(COLUMNS):
        text = f"{len(record)} fields instead of {len(COLUMNS)}"
        raise DocumentedError(table, line, text)
    fields = dict(zip(COLUMNS, (field.strip() for field in record), strict=True))
    try:
        return Observation.model_validate(fields)
    except ValidationError as error:
        raise DocumentedError(table, line, _explain(error)) from error


def _reading(path: Path) -> Reading:
    text = _read(path)
    try:
        return Reading.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DocumentedError(
            path, line, f"not YAML: {getattr(error, 'problem', error)}"
        ) from error
    except ValidationError as error:
        raise DocumentedError(path, _line_of(text, error), _explain(error)) from error


def _line_of(text: str, error: ValidationError) -> int:
    """Line of the innermost key of an error that the text holds."""
    for key in reversed(error.errors()[0]["loc"]):
        found = re.search(rf"^\s*{re.escape(str(key))}\s*:", text, re.MULTILINE)
        if found:
            return text[: found.end()].count("\n") + 1
    return 1


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    given = f", not {first['input']!r}" if where and first["type"] != "missing" else ""
    return f"{where}: {message}{given}" if where else message


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentedError(path, 1, f"larger than {LARGEST // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentedError(path, 1, f"cannot be read: {error.strerror}") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentedError(path, line, "not UTF-8") from error
