"""Writes docs/generated/mechanisms.md: what each system changes, beside what is documented.

Run by ``make docs``. The rows are in docs/mechanisms.yaml; the tests check the same rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
import yaml

from sim.case.load import load_case
from sim.case.schema import Case
from sim.cli.run import documented_of
from sim.documented.score import score
from sim.outcomes.declared import OUTCOMES
from sim.outcomes.results import Results
from sim.runs.inputs_varied import varied_inputs
from sim.runs.manifest import make_manifest
from sim.runs.posterior import case_posterior
from sim.runs.scenarios import numeric_difference
from sim.runs.simulate import simulate, simulate_block
from sim.world.ensemble import Ensemble

Array = npt.NDArray[np.float64]
CASE, SEED, MEMBERS = "huawei", 1, 64
BATCH = 512  # members advanced together
HERE = Path(__file__).resolve().parent
PAGE = HERE / "generated" / "mechanisms.md"
EVENT_SIGNS = ("earlier", "later", "never")


@dataclass(frozen=True)
class Move:
    """One outcome that a change must move, and where to."""

    outcome: str
    sign: str
    period: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Outcome, labels and period in words."""
        labels = ", ".join(self.labels.values())
        return " ".join(part for part in (self.outcome, f"({labels})" if labels else "",
                                          self.period) if part)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One system of the evidence and its counterpart in the model."""

    id: str
    acts: tuple[str, ...]
    change: Mapping[str, Any]
    moves: tuple[Move, ...]
    documented: str
    near: Mapping[str, str] | None = None

    def case(self) -> Case:
        """The case with the row's change."""
        if "scenario" in self.change:
            return load_case(self.change["scenario"])
        return load_case(CASE, self.change.get("set") or _without_kinds(self.change["kinds"]))

    @property
    def changed(self) -> str:
        """The change in words."""
        if "scenario" in self.change:
            return f"scenario `{self.change['scenario']}`"
        if "kinds" in self.change:
            return f"no measure of kind `{', '.join(self.change['kinds'])}`"
        return ", ".join(f"`{path}={_level(level)}`" for path, level in self.change["set"].items())


def rows() -> list[Row]:
    """All rows of docs/mechanisms.yaml, in order."""
    listed = yaml.safe_load((HERE / "mechanisms.yaml").read_text(encoding="utf-8"))["rows"]
    return [
        Row(**{**one, "acts": tuple(one["acts"]), "moves": tuple(Move(**m) for m in one["moves"])})
        for one in listed
    ]


def run_all(cases: Mapping[str, Case], members: int = MEMBERS) -> dict[str, xr.Dataset]:
    """Outcomes of the case (key ``CASE``) and of changed cases, same members and luck.

    Changes in numbers, switches and dates share a model; others take one of their own.
    """
    base = load_case(CASE)
    known = varied_inputs(base)
    found = {name: numeric_difference(base, case, known) for name, case in cases.items()}
    together = {CASE: {}} | {name: change for name, change in found.items() if change is not None}
    results = dict(_run_together(base, together, members))
    for name, change in found.items():
        if change is None:
            results[name] = simulate(cases[name], members=members, seed=SEED).dataset
    return results


def _run_together(
    base: Case, changes: Mapping[str, Mapping[str, float]], members: int
) -> Iterator[tuple[str, xr.Dataset]]:
    names = list(changes)
    size = max(BATCH // members, 1)
    start, end = base.calendar.start, base.calendar.end
    for first in range(0, len(names), size):
        batch = names[first : first + size]
        replicates = np.tile(np.arange(members), len(batch))
        paths = {path for name in batch for path in changes[name]}
        drawn = _drawn(base, members)
        values = {path: np.tile(own, len(batch)) for path, own in drawn.items()}
        values |= {path: _values(base, path, batch, changes, drawn, members) for path in paths}
        data = simulate_block(base, Ensemble(SEED, replicates, values), OUTCOMES, start, end)
        for place, name in enumerate(batch):
            here = slice(place * members, (place + 1) * members)
            yield name, data.isel(member=here)


def _drawn(base: Case, members: int) -> dict[str, Array]:
    """What members draw from the posterior of the case, as :func:`simulate` has them do."""
    fitted = case_posterior(base)
    return fitted.values(np.arange(members)) if fitted else {}


def _values(
    base: Case,
    path: str,
    names: list[str],
    changes: Mapping[str, Mapping[str, float]],
    drawn: Mapping[str, Array],
    members: int,
) -> Array:
    ensemble = Ensemble.of(members, SEED, drawn)
    usual = drawn[path] if path in drawn else varied_inputs(base)[path].usual(ensemble)
    parts = [np.full(members, changes[n][path]) if path in changes[n] else usual for n in names]
    return np.concatenate(parts)


def read(data: xr.Dataset, move: Move) -> Array:
    """A move's outcome by member; an event that never happens lies beyond the run."""
    chosen = data[move.outcome].sel(dict(move.labels))
    kind = data[move.outcome].attrs["kind"]
    if kind == "event":
        return np.where(np.isnan(chosen.values), float(data.sizes["month"]), chosen.values)
    first, _, last = move.period.partition("/")
    window = chosen.sel(month=slice(first, last or first))
    summed = {"flow": "sum", "share": "mean"}.get(kind)
    series = getattr(window, summed)("month") if summed else window.isel(month=-1)
    return np.asarray(series.sum([d for d in series.dims if d != "member"]).values, dtype=float)


def difference(row_data: xr.Dataset, base: xr.Dataset, move: Move) -> Array:
    """The changed run less the case, member by member."""
    return read(row_data, move) - read(base, move)


def beyond_noise(change: Array) -> float:
    """Mean change in standard errors of the mean; infinite where all members agree."""
    if not change.any():
        return 0.0
    error = change.std(ddof=1) / np.sqrt(len(change))
    return float(change.mean() / error) if error > 0 else float(np.sign(change.mean()) * np.inf)


def main(page: Path = PAGE) -> None:
    """Run all rows and write the table."""
    page.parent.mkdir(parents=True, exist_ok=True)
    found = rows()
    data = run_all({row.id: row.case() for row in found})
    card = scorecard(data[CASE])
    parts = [_HEAD.format(members=MEMBERS), *(_row_text(row, data, card) for row in found)]
    page.write_text("\n".join(parts) + "\n", encoding="utf-8")


def scorecard(data: xr.Dataset) -> Any:
    """Documented values of the case beside a run's bands."""
    case = load_case(CASE)
    members = Ensemble.of(data.sizes["member"], SEED)
    results = Results(data, make_manifest(case, case.calendar.start, members, BATCH, 0.0, []))
    documented = documented_of(CASE)
    assert documented is not None
    return score(results, documented)


def nearness(row: Row, card: Any) -> str:
    """The documented value beside the model's median and band."""
    if row.near is None:
        return ""
    near = {key: str(value) for key, value in row.near.items()}
    same = (card["outcome"] == near["outcome"]) & (card["period"] == near["period"])
    one = card[same & (card["labels"].fillna("") == near["labels"])].iloc[0]
    band = f"{_shown(one['q05'])} to {_shown(one['q95'])}"
    where = " ".join(part for part in (near["outcome"], near["labels"], near["period"]) if part)
    return f"{where}: documented {_shown(one['documented'])}, model {_shown(one['q50'])} ({band})"


def _row_text(row: Row, data: Mapping[str, xr.Dataset], card: Any) -> str:
    acts = ", ".join(f"`{path}`" for path in row.acts)
    moves = "<br>".join(_move_text(move, data[row.id], data[CASE]) for move in row.moves)
    near = "<br>".join(part for part in (row.documented, nearness(row, card)) if part)
    return f"| {row.id} | {acts} | {row.changed} | {moves} | {near} |"


def _move_text(move: Move, changed: xr.Dataset, base: xr.Dataset) -> str:
    if move.sign in EVENT_SIGNS:
        return f"{move.text}: {_when(base, move)} -> {_when(changed, move)}"
    change = difference(changed, base, move)
    low, high = np.quantile(change, (0.05, 0.95))
    before = float(np.median(read(base, move)))
    unit = base[move.outcome].attrs["unit"]
    return (
        f"{move.text}: {_short(before)} {unit}, changes by {_short(float(np.median(change)), True)}"
        f" ({_short(low, True)} to {_short(high, True)})"
    )


def _when(data: xr.Dataset, move: Move) -> str:
    months = data[move.outcome].values
    seen = np.isfinite(months)
    if not seen.any():
        return "never"
    place = int(np.median(months[seen]))
    month = str(data["month"].values[place])[:7]
    return f"{month} ({100 * seen.mean():.0f} % of members)"


def _short(value: float, signed: bool = False) -> str:
    text = f"{float(f'{value:.2g}'):,g}" if abs(value) < 1e6 else f"{value:.2g}"
    return f"+{text}" if signed and value > 0 and not text.startswith("+") else text


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value or "never"
    return "never" if value is None or value != value else _short(float(value))


def _level(level: Any) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _without_kinds(kinds: list[str]) -> dict[str, bool]:
    measures = load_case(CASE).measures.items()
    return {f"measures.{key}.enabled": False for key, one in measures if one.kind in kinds}


_HEAD = """<!-- Written by `make docs` from docs/mechanisms.yaml; changes here are lost. -->

# What each system changes

Each row takes a system away, or lays a scenario over the case, and compares {members} members one
by one with the case: same members, same luck. Changes are medians with a 90 % band of the paired
differences; events are medians of the members in which they happen. The last column says what is
documented and how near the case comes, by its own median and 90 % band.

| system | acts in | change | measured effect | documented, and how near |
| --- | --- | --- | --- | --- |"""

if __name__ == "__main__":
    main(*(Path(arg) for arg in sys.argv[1:]))
