"""Read the documented outcomes of a case: tables of values and one file on how to read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from sim.case.errors import ConfigError, Mark, Problem, display
from sim.case.validate import validate
from sim.case.yamltext import Document, read_file
from sim.documented.observation import Documented, Observation, Reading

FOLDER = "documented"
READING = "series.yaml"
COLUMNS = tuple(Observation.model_fields)
LARGEST = 5_000_000  # bytes; the tables are a few hundred lines


def load_documented(case_folder: str | Path) -> Documented:
    """All documented outcomes of a case.

    Args:
        case_folder: folder of the case; the tables lie in its folder ``documented``.

    Raises:
        ConfigError: if a file is missing or cannot be read, or a row is unsound or written
            twice; names file and line.
    """
    folder = Path(case_folder) / FOLDER
    reading = validate(read_file(folder / READING), Reading)
    tables = sorted(folder.glob("*.csv"))
    if not tables:
        raise _error("there is no table of documented outcomes (*.csv)", Mark(display(folder)))
    seen: dict[tuple[str, str, str], Mark] = {}
    rows: list[Observation] = []
    for mark, row in (found for table in tables for found in _rows(table)):
        _check_series(mark, row, reading)
        first = seen.setdefault((*row.key, row.period), mark)
        if first is not mark:
            raise _error(f"this value stands already in {first}", mark)
        rows.append(row)
    return Documented(tuple(rows), reading)


def has_documented(case_folder: str | Path) -> bool:
    """Whether a case has documented outcomes."""
    return (Path(case_folder) / FOLDER / READING).is_file()


def _error(what: str, mark: Mark, choices: tuple[str, ...] = (), given: str = "") -> ConfigError:
    return ConfigError(Problem(what, mark, (), choices, given))


def _check_series(mark: Mark, row: Observation, reading: Reading) -> None:
    if not row.series:
        return
    series = reading.series.get(row.series)
    if series is None:
        what = f"{READING} has no series '{row.series}'"
        raise _error(what, mark, tuple(reading.series), row.series)
    if not series.begins <= row.span.first // 12 <= row.span.last_year <= series.ends:
        text = f"{row.period} lies outside {row.series} ({series.begins} to {series.ends})"
        raise _error(text, mark)


def _rows(table: Path) -> Iterator[tuple[Mark, Observation]]:
    """Rows with the line on which each begins (a quoted note may run over several)."""
    source = display(table)
    reader = csv.reader(io.StringIO(_text(table), newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise _error(f"the columns must be {','.join(COLUMNS)}", Mark(source, 1))
        line = reader.line_num + 1
        for record in reader:
            if record:
                yield Mark(source, line), _row(record, Mark(source, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _error(f"not CSV: {error}", Mark(source, reader.line_num)) from error


def _row(record: list[str], mark: Mark) -> Observation:
    if len(record) != len(COLUMNS):
        raise _error(f"{len(record)} fields instead of {len(COLUMNS)}", mark)
    fields = dict(zip(COLUMNS, (field.strip() for field in record), strict=True))
    return validate(Document(fields, {(): mark}), Observation)


def _text(path: Path) -> str:
    source = display(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            what = f"the file has {size / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB are read"
            raise _error(what, Mark(source))
        raw = path.read_bytes()
    except OSError as error:
        raise _error(f"the file cannot be read ({error.strerror})", Mark(source)) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error("not UTF-8 text: save the file as UTF-8", Mark(source, line)) from error
