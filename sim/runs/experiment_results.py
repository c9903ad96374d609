"""Reading an experiment back: lazily, column by column, as labelled arrays and tidy tables.

Members lie in the order scenario, lever point, uncertainty point, replicate. Members of
blocks that are missing or failed are NaN and counted.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.dataset import OutcomeError, hint
from sim.outcomes.folder import FolderError
from sim.outcomes.summary import PROBS, event_quantiles, member_quantiles, quantile_names
from sim.runs.block import METADATA
from sim.runs.columns import split_column
from sim.runs.experiment_folder import BLOCKS, SUMMARIES, ExperimentFolder, write_whole
from sim.world.calendar import Array

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

_AT_ONCE = 64_000_000  # bytes of columns read in one pass over the blocks
_IDENTITY = ("member", "scenario", "lever_point", "point", "replicate")


class ExperimentResults:
    """What an experiment gave; nothing is read before it is asked for.

    Args:
        folder: folder of the experiment.

    Raises:
        FolderError: if it is no folder of an experiment.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = ExperimentFolder(folder)
        self.manifest = self.folder.manifest
        plan = self.manifest["plan"]
        self.scenarios = tuple(plan["scenarios"])
        self.shape = (
            len(self.scenarios),
            int(plan["lever_points"]),
            int(plan["uncertainty_points"]),
            int(plan["replicates"]),
        )

    @property
    def experiment(self) -> dict[str, Any]:
        """The experiment file, as it was run."""
        return dict(self.manifest["experiment"])

    @property
    def members(self) -> int:
        """Members of the whole experiment."""
        return int(np.prod(self.shape))

    @cached_property
    def _blocks(self) -> list[Path]:
        return sorted((self.folder.path / BLOCKS).glob("block-*.parquet"))

    @property
    def complete(self) -> bool:
        """Whether every block is there."""
        return len(self._blocks) == self.manifest["plan"]["blocks"]

    @property
    def failed(self) -> dict[int, str]:
        """Blocks whose last try failed, with the last line of their error."""
        return {number: entry.error for number, entry in self.folder.ledger.failed().items()}

    @cached_property
    def _about(self) -> dict[str, Any]:
        """Periods and columns, from the first block of each model that is there."""
        import pyarrow.parquet as pq

        found: dict[str, Any] = {"periods": [""], "columns": {}, "factors": []}
        for path in self._first_blocks():
            about = json.loads(pq.read_schema(path).metadata[METADATA])
            found = {**about, "columns": {**found["columns"], **about["columns"]}}
        return found

    def _first_blocks(self) -> list[Path]:
        firsts = map(self.folder.block_path, self.manifest["plan"]["first_blocks"])
        return [path for path in firsts if path.exists()] or self._blocks[:1]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that were kept, such as ``revenue|segment=total``."""
        return tuple(self._about["columns"])

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods that were kept, such as ``2021``."""
        return tuple(self._about["periods"])

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of levers and uncertainties."""
        return tuple(self._about["factors"])

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of levers."""
        about = self.manifest["factors"]
        return tuple(name for name in self.factors if about[name]["role"] == "lever")

    def is_event(self, column: str) -> bool:
        """Whether a column holds one month a member, counted from the start."""
        return bool(self._about["columns"][column]["kind"] == "event")

    # Arrays.

    def _table(self, columns: Sequence[str], first_period: bool = False) -> pa.Table:
        import pyarrow as pa
        import pyarrow.dataset as ds
        import pyarrow.parquet as pq

        if not self._blocks:
            raise FolderError(f"{self.folder.path} holds no finished block yet")
        schema = pa.unify_schemas([pq.read_schema(path) for path in self._first_blocks()])
        dataset = ds.dataset([str(path) for path in self._blocks], schema=schema)
        only = ds.field("period") == self.periods[0] if first_period else None
        return dataset.to_table(columns=list(columns), filter=only)

    def _arrays(self, columns: Sequence[str]) -> Iterator[tuple[str, Array]]:
        """Columns as (members, periods), events as (members, 1); NaN where a block is missing."""
        size = 8 * self.members * len(self.periods)
        for some in itertools.batched(columns, max(1, _AT_ONCE // size)):
            values = {c: np.full((self.members, len(self.periods)), np.nan) for c in some}
            for path in self._blocks:
                self._fill(values, path)
            for column in some:
                yield column, values[column][:, :1] if self.is_event(column) else values[column]

    def _fill(self, values: dict[str, Array], path: Path) -> None:
        """Read columns of one block; the periods of a member follow one another."""
        import pyarrow.parquet as pq

        here = [column for column in values if column in pq.read_schema(path).names]
        table = pq.read_table(path, columns=["member", *here])
        member = table["member"].to_numpy()[:: len(self.periods)]
        for column in here:
            values[column][member] = table[column].to_numpy().reshape(len(member), -1)

    def _known(self, column: str) -> str:
        if column not in self.columns:
            what = f"there is no column {column!r}{hint(column, self.columns)}"
            raise OutcomeError(what)
        return column

    def select(self, outcome: str, labels: str = "", **by: str) -> xr.DataArray:
        """One outcome by scenario, lever point, uncertainty point, replicate and period.

        Args:
            outcome: ``revenue``, or a whole column such as ``revenue|segment=total``.
            labels: labels of the outcome, as ``segment=total``.
            by: the same as keywords.

        Raises:
            OutcomeError: if the experiment did not keep it.
        """
        labels = labels or ";".join(f"{dim}={label}" for dim, label in by.items())
        column = self._known(f"{outcome}|{labels}" if labels else outcome)
        _, values = next(self._arrays([column]))
        return self._labelled(column, values)

    def _labelled(self, column: str, values: Array) -> xr.DataArray:
        import xarray as xr

        dims = ["scenario", "lever_point", "uncertainty_point", "replicate"]
        coords: dict[str, Any] = {"scenario": list(self.scenarios)}
        whole = values.reshape(*self.shape, -1)
        if self.is_event(column):
            whole = whole[..., 0]
        else:
            dims, coords["period"] = [*dims, "period"], list(self.periods)
        for name, levels in self.points.items():
            role = self.manifest["factors"][str(name)]["role"]
            coords[str(name)] = (f"{role}_point", self._per_role(levels, role))
        about = dict(self._about["columns"][column])
        return xr.DataArray(whole, coords=coords, dims=dims, name=column, attrs=about)

    def _per_role(self, levels: Any, role: str) -> Any:
        _, lever, unknown, _ = self.shape
        grid = np.asarray(levels).reshape(lever, unknown)
        return grid[:, 0] if role == "lever" else grid[0, :]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Levels of all factors at each point of the design; index: the point."""
        import pandas as pd

        if not self.factors or not self._blocks:
            return pd.DataFrame(index=range(self.shape[1] * self.shape[2]))
        frame = self._table(["point", *self.factors], first_period=True).to_pandas()
        first = frame.drop_duplicates("point").set_index("point").sort_index()
        return first.reindex(range(self.shape[1] * self.shape[2]))

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Every column as a labelled array; all of it is read."""
        import xarray as xr

        arrays = self._arrays(self.columns)
        return xr.Dataset({column: self._labelled(column, v) for column, v in arrays})

    def to_frame(self, *columns: str) -> pd.DataFrame:
        """One row a member and period: who the member is, its factors, and the columns.

        Raises:
            OutcomeError: for a column that was not kept.
        """
        wanted = [self._known(column) for column in columns] or list(self.columns)
        table = self._table([*_IDENTITY, *self.factors, "period", *wanted])
        return table.to_pandas().sort_values(["member", "period"], ignore_index=True)

    # Tables.

    def tables(self) -> Iterator[pa.Table]:
        """The blocks one after another as Arrow tables of one schema."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema: Any = None
        for path in self._blocks:
            table = pq.read_table(path)
            place = table.schema.get_field_index("scenario")
            table = table.set_column(place, "scenario", table["scenario"].cast(pa.string()))
            schema = schema or table.schema.remove_metadata()
            table = pa.concat_tables([schema.empty_table(), table], promote_options="default")
            yield table.select(schema.names).replace_schema_metadata(None)

    def quantiles(self, probs: Sequence[float] = PROBS) -> pd.DataFrame:
        """Bands by scenario, lever point and period, over uncertainties and replicates.

        Computed once: a complete experiment keeps them beside its blocks. Events have no
        period, count months from the start, and ``share`` is the share of members that see one.
        """
        return self._once(SUMMARIES[0], probs, lambda values: values, 0)

    def differences(self, probs: Sequence[float] = PROBS) -> pd.DataFrame:
        """Bands of paired differences, member by member with the same luck.

        Scenarios are set against the first one; where there is only one, lever points are
        set against the first point.
        """
        if self.shape[0] > 1:
            return self._once(SUMMARIES[1], probs, lambda v: v[1:] - v[:1], 1)
        return self._once(SUMMARIES[1], probs, lambda v: v[:, 1:] - v[:, :1], 1)

    def _once(self, name: str, probs: Sequence[float], change: Any, skip: int) -> pd.DataFrame:
        import pandas as pd

        path = self.folder.path / name
        keep = self.complete and tuple(probs) == PROBS
        if keep and path.exists():
            return pd.read_csv(path, keep_default_na=False, na_values=["nan"],
                               dtype={"period": str, "labels": str})  # fmt: skip
        frame = pd.concat(
            [
                self._bands(column, change(values.reshape(*self.shape, -1)), probs, skip)
                for column, values in self._arrays(self.columns)
            ],
            ignore_index=True,
        )
        if keep:
            with suppress(OSError):  # a folder that cannot be written can still be read
                write_whole(path, frame.to_csv(index=False, na_rep="nan").encode())
        return frame

    def _bands(self, column: str, values: Array, probs: Sequence[float], skip: int) -> pd.DataFrame:
        """Bands of one column, (scenarios, levers, uncertainties, replicates, periods)."""
        scenarios, levers, *_, periods = values.shape
        pooled = np.moveaxis(values.reshape(scenarios, levers, -1, periods), 2, -1)
        if self.is_event(column) and not skip:
            bands = np.apply_along_axis(event_quantiles, -1, pooled, probs)
            bands = np.moveaxis(bands, -1, 0)
        else:
            bands = member_quantiles(pooled, probs)
        frame = self._heads(column, scenarios, levers, periods, skip)
        for name, band in zip(quantile_names(probs), bands, strict=True):
            frame[name] = band.ravel()
        known = np.count_nonzero(~np.isnan(pooled), axis=-1).ravel()
        frame["share"] = known / pooled.shape[-1]
        return frame

    def _heads(
        self, column: str, scenarios: int, levers: int, periods: int, skip: int
    ) -> pd.DataFrame:
        import pandas as pd

        names = self.scenarios[-scenarios:]
        texts = [""] if self.is_event(column) else list(self.periods)
        points = range(self.shape[1] - levers, self.shape[1])
        index = pd.MultiIndex.from_product(
            [names, points, texts], names=["scenario", "lever_point", "period"]
        )
        frame = index.to_frame(index=False)
        outcome, labels = split_column(column)
        frame.insert(0, "outcome", outcome)
        frame.insert(1, "labels", labels)
        for place, name in enumerate(self.levers):
            levels = self.points[name].to_numpy()[:: self.shape[2]]
            frame.insert(4 + place, name, levels[frame["lever_point"]])
        return frame

    def __repr__(self) -> str:
        done = f"{len(self._blocks)} of {self.manifest['plan']['blocks']} blocks"
        name = self.experiment["name"]
        return f"<Experiment {name}: {self.members} members, {done}>"
