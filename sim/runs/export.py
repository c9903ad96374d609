"""The members of an experiment or run as one file for other programs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes.folder import FolderError
from sim.outcomes.results import Results
from sim.runs.experiment_results import ExperimentResults
from sim.runs.folder import open_results

if TYPE_CHECKING:
    import xarray as xr

SUFFIXES = {"csv": ".csv", "parquet": ".parquet", "netcdf": ".nc"}


def export_folder(folder: Path, form: str, out: Path | None = None) -> Path:
    """Write one file with every member and period.

    Tables are copied block by block, so their size does not matter; NetCDF is labelled
    arrays and has to fit into memory.

    Args:
        folder: folder of an experiment or run.
        form: csv, parquet or netcdf.
        out: file to write; ``members`` in the folder if not given.

    Raises:
        FolderError: if the folder is no such folder, is empty, or the file cannot be written.
    """
    opened = open_results(folder)
    path = out or folder / f"export{SUFFIXES[form]}"
    with _draft(path) as draft:
        if form == "netcdf":
            _write_netcdf(opened, draft)
        elif isinstance(opened, ExperimentResults):
            _copy_blocks(opened, form, draft)
        elif form == "csv":
            opened.to_csv(draft)
        else:
            opened.to_frame().to_parquet(draft, index=False)
    return path


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A file that takes its name when it is whole."""
    draft = path.with_name(f".{path.name}.partial")
    try:
        try:
            yield draft
            os.replace(draft, path)
        finally:  # inside, as a disk that is read-only refuses this too
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror or error}") from error


def _copy_blocks(results: ExperimentResults, form: str, draft: Path) -> None:
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    writer: Any = None
    for table in results.tables():
        if writer is None:
            make = csv.CSVWriter if form == "csv" else pq.ParquetWriter
            writer = make(str(draft), table.schema)
        writer.write_table(table)
    if writer is None:
        raise FolderError(f"{results.folder.path} holds no finished block yet")
    writer.close()


def _write_netcdf(opened: Results | ExperimentResults, draft: Path) -> None:
    start = str(opened.manifest["start"])[:7]
    dataset = _plain(opened.dataset, start).assign_attrs(_about(opened.manifest))
    try:
        dataset.to_netcdf(draft, engine="scipy", format="NETCDF3_64BIT")
    except (ImportError, ModuleNotFoundError) as error:
        raise FolderError("NetCDF needs SciPy: pip install 'chokepoint-sim[analysis]'") from error


def _plain(dataset: xr.Dataset, start: str) -> xr.Dataset:
    """The dataset with names and attributes that a NetCDF file can hold.

    An event is a number of months: its ``unit`` says since when they are counted.
    """
    import xarray as xr

    arrays = {}
    for key, array in dataset.data_vars.items():
        about = {k: v for k, v in array.attrs.items() if isinstance(v, str | int | float)}
        if about.get("kind") == "event":
            about["unit"] = f"months after {start}"
        arrays[str(key).replace("/", " ")] = array.drop_attrs().assign_attrs(about)
    return xr.Dataset(arrays)


def _about(manifest: Mapping[str, Any]) -> dict[str, str | int]:
    """Which run this is, so that a file that is sent on still says it."""
    names = ("name", "case", "scenario", "title", "seed", "members", "fingerprint", "command")
    kept = ((name, manifest.get(name)) for name in names)
    return {"program": "chokepoint"} | {k: v for k, v in kept if isinstance(v, str | int)}
