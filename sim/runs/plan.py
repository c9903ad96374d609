"""An experiment expanded: its scenarios, points and replicates as members, cut into blocks.

Nothing here grows with the number of members: a block's table is made when it is asked for.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.case.load import fingerprint
from sim.case.schema import Case
from sim.runs.block import BlockTask, Change
from sim.runs.blocksize import block_size
from sim.runs.columns import periods_of, refuse_unknown_periods, resolve_outcomes
from sim.runs.design import Points, count, make_points
from sim.runs.dimensions import Dimension, refuse_twice, resolve
from sim.runs.experiment_file import Loaded
from sim.runs.inputs_varied import varied_inputs
from sim.runs.posterior import Posterior
from sim.runs.posterior_named import named_posterior, posterior_for
from sim.runs.scenarios import numeric_difference
from sim.runs.simulate import RunError, parse_window
from sim.world.calendar import Array

MOST_MEMBERS = 100_000_000
MOST_POINTS = 5_000_000
_ONLY_WORDS = {"title", "question", "found", "show", "map", "block", "search"}


@dataclass(frozen=True)
class Group:
    """Scenarios that run in one model: they differ in numbers that members can carry."""

    case: Case
    scenarios: tuple[int, ...]
    changes: tuple[Mapping[str, float], ...]  # of each scenario
    posterior: Posterior | None = None

    @cached_property
    def pickled(self) -> bytes:
        """The case as it travels to workers."""
        return pickle.dumps(self.case, protocol=pickle.HIGHEST_PROTOCOL)


@dataclass(frozen=True)
class Plan:
    """Every member of an experiment; member = (scenario, point, replicate), in this order.

    A point is a lever point and an uncertainty point; the same points and the same
    replicates meet every scenario, so differences between scenarios are paired.
    """

    loaded: Loaded
    names: tuple[str, ...]  # of the scenarios
    groups: tuple[Group, ...]
    levers: Points
    uncertainties: Points
    block: int

    @property
    def replicates(self) -> int:
        """Lucks at each point."""
        return self.loaded.experiment.replicates

    @property
    def points(self) -> int:
        """Points of the whole design."""
        return len(self.levers) * len(self.uncertainties)

    @property
    def members(self) -> int:
        """Members of all scenarios."""
        return len(self.names) * self.points * self.replicates

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of all factors."""
        return (*self.levers.names, *self.uncertainties.names)

    @cached_property
    def _starts(self) -> list[int]:
        """Number of the first block of each group, and of all blocks."""
        starts = [0]
        for group in self.groups:
            starts.append(starts[-1] + -(-self._members_of(group) // self.block))
        return starts

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return self._starts[-1]

    def _members_of(self, group: Group) -> int:
        return len(group.scenarios) * self.points * self.replicates

    def task(self, number: int) -> BlockTask:
        """The block of this number, ready to run anywhere."""
        place = int(np.searchsorted(self._starts, number, side="right")) - 1
        group = self.groups[place]
        first = (number - self._starts[place]) * self.block
        last = min(first + self.block, self._members_of(group))
        return self._task(number, group, np.arange(first, last))

    def tasks(self) -> Iterator[BlockTask]:
        """All blocks in order."""
        return map(self.task, range(self.blocks))

    def rows_of(self, number: int) -> int:
        """Members of a block, without making it."""
        place = int(np.searchsorted(self._starts, number, side="right")) - 1
        first = (number - self._starts[place]) * self.block
        return min(self.block, self._members_of(self.groups[place]) - first)

    def _task(self, number: int, group: Group, local: npt.NDArray[np.int64]) -> BlockTask:
        cell, replicate = np.divmod(local, self.replicates)
        which, point = np.divmod(cell, self.points)
        scenario = np.asarray(group.scenarios)[which]
        lever, unknown = np.divmod(point, len(self.uncertainties))
        experiment = self.loaded.experiment
        return BlockTask(
            number=number,
            case=group.pickled,
            seed=experiment.seed,
            window=parse_window(group.case, experiment.start, experiment.end),
            outcomes=experiment.outcomes,
            resolution=experiment.resolution,
            member=(scenario * self.points + point) * self.replicates + replicate,
            scenario=scenario,
            names=self.names,
            lever=lever,
            point=point,
            replicate=replicate,
            factors=self._factor_columns(lever, unknown),
            dates=frozenset(d.name for p in (self.levers, self.uncertainties)
                            for d in p.dimensions if d.is_date),
            changes=self._changes(group, which, lever, unknown, replicate),
        )  # fmt: skip

    def _factor_columns(
        self, lever: npt.NDArray[np.int64], unknown: npt.NDArray[np.int64]
    ) -> dict[str, Array]:
        columns: dict[str, Array] = {}
        for points, place in ((self.levers, lever), (self.uncertainties, unknown)):
            for k, name in enumerate(points.names):
                columns[name] = points.values[place, k]
        return columns

    def _changes(
        self, group: Group, which: npt.NDArray[np.int64], lever: npt.NDArray[np.int64],
        unknown: npt.NDArray[np.int64], replicate: npt.NDArray[np.int64],
    ) -> tuple[Change, ...]:  # fmt: skip
        """What the members of a block change in the case, later ones over earlier ones."""
        found: list[Change] = []
        drawn = group.posterior.values(replicate) if group.posterior else {}
        found += [Change(path, "set", values) for path, values in drawn.items()]
        for path in dict.fromkeys(path for one in group.changes for path in one):
            by_scenario = np.array([one.get(path, np.nan) for one in group.changes])
            found.append(Change(path, "set", by_scenario[which]))
        for points, place in ((self.uncertainties, unknown), (self.levers, lever)):
            for k, one in enumerate(points.dimensions):
                levels = points.values[place, k]
                found += [Change(held.path, one.factor.how, levels) for held in one.inputs]
        return tuple(found)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that decides which members there are and what is kept of them."""
        content = self.loaded.experiment.model_dump(mode="json", exclude=_ONLY_WORDS)
        whole = {
            "experiment": content,
            "cases": [fingerprint(group.case) for group in self.groups],
            "changes": [[dict(one) for one in group.changes] for group in self.groups],
            "posteriors": self.posteriors,
        }
        text = json.dumps(whole, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def posteriors(self) -> list[str]:
        """Digest of the draws of each group; empty where members are drawn from priors."""
        return [group.posterior.digest if group.posterior else "" for group in self.groups]

    @property
    def window(self) -> tuple[date, date]:
        """First and last month reported."""
        experiment = self.loaded.experiment
        return parse_window(self.groups[0].case, experiment.start, experiment.end)

    @property
    def default_folder(self) -> Path:
        """Where an experiment goes that is given no folder."""
        return Path("out") / self.loaded.experiment.name

    def describe_factors(self) -> dict[str, Any]:
        """Each factor with its role, the inputs it moves and how, for a manifest."""
        return {
            one.name: {
                "role": role,
                "paths": [held.path for held in one.inputs],
                "how": one.factor.how,
                "date": one.is_date,
                "low": one.range[0],
                "high": one.range[1],
            }
            for role, points in (("lever", self.levers), ("uncertainty", self.uncertainties))
            for one in points.dimensions
        }

    def describe(self) -> dict[str, Any]:
        """The plan in numbers, for a manifest."""
        return {
            "scenarios": list(self.names),
            "models": len(self.groups),
            "lever_points": len(self.levers),
            "uncertainty_points": len(self.uncertainties),
            "replicates": self.replicates,
            "members": self.members,
            "block": self.block,
            "blocks": self.blocks,
            "first_blocks": self._starts[:-1],
            "posteriors": self.posteriors,
        }


def make_plan(loaded: Loaded, block: int | None = None) -> Plan:
    """Expand an experiment.

    Args:
        loaded: the experiment.
        block: members advanced together; sized from the cache if not given.

    Raises:
        ConfigError: for scenarios, factors, outcomes, months or a size that make no experiment.
    """
    experiment, design = loaded.experiment, loaded.experiment.design
    base = loaded.case()
    known = varied_inputs(base)
    levers = resolve(loaded, "levers", known)
    unknown = resolve(loaded, "uncertainties", known)
    refuse_twice(loaded, levers, unknown)
    lever_points = design.lever_points or design.points
    sizes = (
        count(design.levers, levers, lever_points),
        count(design.uncertainties, unknown, design.points),
    )
    _refuse_too_many(loaded, *sizes)
    named = named_posterior(loaded, known)
    groups = tuple(
        replace(group, posterior=posterior_for(loaded, named, group.case))
        for group in _group(loaded, base, {p for d in (*levers, *unknown) for p in _paths(d)})
    )
    for group in groups:
        resolve_outcomes(loaded, group.case)
    _refuse_periods(loaded, base)
    members = len(experiment.scenarios) * sizes[0] * sizes[1] * experiment.replicates
    return Plan(
        loaded=loaded,
        names=tuple(experiment.scenarios),
        groups=groups,
        levers=make_points(design.levers, levers, lever_points, experiment.seed),
        uncertainties=make_points(
            design.uncertainties, unknown, design.points, experiment.seed, "uncertainties"
        ),
        block=block or experiment.block or block_size(members),
    )


def _paths(dimension: Dimension) -> list[str]:
    return [one.path for one in dimension.inputs]


def _refuse_periods(loaded: Loaded, base: Case) -> None:
    experiment = loaded.experiment
    try:
        first, last = parse_window(base, experiment.start, experiment.end)
    except RunError as error:
        raise loaded.problem(str(error), ("start",)) from error
    periods = periods_of(first, last, experiment.resolution)
    if not periods:
        what = f"{first:%Y-%m} to {last:%Y-%m} covers no whole {experiment.resolution}"
        raise loaded.problem(what, ("resolution",))
    refuse_unknown_periods(loaded, periods)


def _refuse_too_many(loaded: Loaded, levers: int, unknown: int) -> None:
    experiment = loaded.experiment
    points = levers * unknown
    members = len(experiment.scenarios) * points * experiment.replicates
    if members > MOST_MEMBERS or max(levers, unknown) > MOST_POINTS:
        what = (
            f"{len(experiment.scenarios):,} scenarios of {points:,} points with "
            f"{experiment.replicates:,} replicates are {members:,} members; at most "
            f"{MOST_MEMBERS:,} are run"
        )
        raise loaded.problem(what, ("design",))


def _group(loaded: Loaded, base: Case, moved: set[str]) -> tuple[Group, ...]:
    """Scenarios by the model that can run them, in the order in which they are written."""
    together: dict[int, tuple[Case, list[int], list[Mapping[str, float]]]] = {}
    known, plain = varied_inputs(base), 0
    for place, name in enumerate(loaded.experiment.scenarios):
        case = loaded.case(name) if loaded.experiment.scenarios[name] else base
        changes = numeric_difference(base, case, known)
        plain += changes == {}
        if plain > 1:
            raise loaded.problem(f"'{name}' is the same as an earlier scenario",
                                 ("scenarios", name))  # fmt: skip
        if clash := sorted((changes or {}).keys() & moved):
            what = f"'{name}' sets {clash[0]}, which the design moves"
            raise loaded.problem(what, ("scenarios", name))
        if changes is None and (lost := sorted(moved - varied_inputs(case).keys())):
            what = f"'{name}' has no {lost[0]}, which the design moves"
            raise loaded.problem(what, ("scenarios", name))
        key = -1 if changes is not None else place
        shared = together.setdefault(key, (base if changes is not None else case, [], []))
        shared[1].append(place)
        shared[2].append(changes or {})
    return tuple(Group(c, tuple(s), tuple(m)) for c, s, m in together.values())
