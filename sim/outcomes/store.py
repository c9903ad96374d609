"""Files of a run: members as Parquet, bands as CSV, what was run as JSON.

The Parquet schema carries the shape of the dataset, so that it reads back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.dataset import Cell, cells, cells_of, label_dims
from sim.outcomes.folder import MANIFEST, FolderError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

    from sim.outcomes.results import Results

MEMBERS, QUANTILES, ANNUAL = "members.parquet", "quantiles.csv", "annual.csv"
_SHAPE = b"chokepoint"


def write_run(results: Results, folder: Path) -> None:
    """Write ``manifest.json``, ``members.parquet``, ``quantiles.csv`` and ``annual.csv``."""
    write_members(results.dataset, folder / MEMBERS)
    write_csv(results.quantiles(), folder / QUANTILES)
    write_csv(annual_with_events(results), folder / ANNUAL)
    text = json.dumps(results.manifest, indent=2, ensure_ascii=False, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table with six significant digits and months as ``2021-09``."""
    table.to_csv(path, index=False, float_format="%.6g", date_format="%Y-%m")


def annual_with_events(results: Results) -> pd.DataFrame:
    """Yearly bands, then the events: months as values, no period, share of members."""
    import pandas as pd

    annual, events = results.annual().assign(share=1.0), results.events()
    if events.empty:
        return annual
    events.insert(2, "period", "")
    numbers = annual.select_dtypes("number").columns
    annual = annual.astype(object)  # months and numbers share the columns
    annual[numbers] = annual[numbers].map(lambda value: "" if value != value else f"{value:.6g}")
    return pd.concat([annual, events], ignore_index=True)


def write_members(dataset: xr.Dataset, path: Path) -> None:
    """Write one row a member and month, one column an outcome."""
    import pyarrow.parquet as pq

    table = members_table(dataset)
    numbers = [field.name for field in table.schema if field.name not in ("member", "month")]
    pq.write_table(
        table, path, compression="zstd", compression_level=1, use_dictionary=False,
        use_byte_stream_split=numbers, write_statistics=False,
    )  # fmt: skip


def members_table(dataset: xr.Dataset) -> pa.Table:
    """One row a member and month; the members one after another."""
    import pyarrow as pa

    months, members = dataset["month"].values, dataset["member"].values
    data: dict[str, Any] = {
        "member": pa.array(np.repeat(members, len(months)), pa.int32()),
        "month": pa.array(np.tile(months.astype("datetime64[D]"), len(members)), pa.date32()),
    }
    for cell in cells(dataset):
        data[column_name(cell)] = pa.array(_rows(dataset[cell.variable], cell, len(months)))
    table = pa.table(data)
    return table.replace_schema_metadata({_SHAPE: json.dumps(_shape(dataset))})


def column_name(cell: Cell) -> str:
    """Name of a column of the members' table: ``revenue|segment=total``."""
    return f"{cell.outcome}|{cell.text}" if cell.labels else cell.outcome


def _rows(array: xr.DataArray, cell: Cell, months: int) -> np.ndarray[Any, Any]:
    values = array.sel(dict(cell.labels)) if cell.labels else array
    if "month" not in values.dims:
        return np.repeat(values.values, months)
    return np.ascontiguousarray(values.transpose("member", "month").values).ravel()


def _shape(dataset: xr.Dataset) -> dict[str, Any]:
    variables = {
        str(name): {"dims": list(map(str, array.dims)), "attrs": dict(array.attrs)}
        for name, array in dataset.data_vars.items()
    }
    dims = {dim for array in dataset.data_vars.values() for dim in label_dims(array)}
    coords = {dim: [str(label) for label in dataset[dim].values] for dim in sorted(dims)}
    return {"variables": variables, "coords": coords}


def read_members(folder: Path) -> xr.Dataset:
    """The dataset of a run folder.

    Raises:
        FolderError: if the members' file is missing or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(folder / MEMBERS)
        return _rebuild(table, json.loads(table.schema.metadata[_SHAPE]))
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise FolderError(f"{folder / MEMBERS} cannot be read: {error}") from error


def _rebuild(table: pa.Table, shape: dict[str, Any]) -> xr.Dataset:
    import xarray as xr

    months = np.unique(table["month"].to_numpy()).astype("datetime64[ns]")
    members = table["member"].to_numpy()[:: max(len(months), 1)].astype(np.int64)
    coords = {"month": months, "member": members, **shape["coords"]}
    arrays = {name: _empty(name, one, coords) for name, one in shape["variables"].items()}
    for array in arrays.values():
        for cell in cells_of(array):
            rows = table[column_name(cell)].to_numpy().reshape(len(members), len(months))
            _fill(array, cell, rows, coords)
    return xr.Dataset(arrays)


def _empty(name: str, declared: dict[str, Any], coords: dict[str, Any]) -> xr.DataArray:
    import xarray as xr

    own = {dim: coords[dim] for dim in declared["dims"]}
    values = np.full([len(labels) for labels in own.values()], np.nan)
    attrs = dict(declared["attrs"])
    attrs["labels"] = {dim: tuple(names) for dim, names in attrs.get("labels", {}).items()}
    return xr.DataArray(values, coords=own, dims=declared["dims"], attrs=attrs, name=name)


def _fill(
    array: xr.DataArray, cell: Cell, rows: np.ndarray[Any, Any], coords: Mapping[str, Any]
) -> None:
    if "month" not in array.dims:
        array.values[...] = rows[:, 0]
        return
    place = tuple(
        coords[str(dim)].index(cell.labels[str(dim)]) if dim in cell.labels else slice(None)
        for dim in array.dims
    )
    array.values[place] = rows.T
