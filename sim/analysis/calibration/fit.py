"""A fit from its first round to its posterior."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.calibration.bank import Workplace, simulated
from sim.analysis.calibration.file import LoadedCalibration
from sim.analysis.calibration.population import Population, posterior
from sim.analysis.calibration.rounds import design, perturbed, survivors
from sim.analysis.calibration.space import Space, fitted_space
from sim.analysis.calibration.targets import (
    Target,
    blurred,
    distances,
    shuffled_years,
    targets_of,
)
from sim.analysis.calibration.weights import Mixture, log_importance, systematic
from sim.case.load import case_folder, load_case
from sim.case.schema import Case
from sim.documented.load import load_documented
from sim.runs.experiment_folder import write_whole
from sim.world.calendar import Array

Say = Callable[[str], None]
MOST_CHECKED = 4096  # members of the posterior that are run in the end
_AFTER_MATCHING = 2  # the round that starts from what history matching left
_CHECK = 99  # number of the last run, beyond all rounds


@dataclass(frozen=True)
class RoundReport:
    """What a round did; ``effective`` and ``width`` are of all rounds up to it."""

    members: int
    seconds: float
    width: float
    effective: float

    def text(self, number: int) -> str:
        """One line for the user."""
        return (
            f"Round {number}: {self.members:,} members in {self.seconds:.0f} s, "
            f"{self.effective:.0f} effective draws under a kernel of {self.width:.3f}"
        )


@dataclass(frozen=True)
class Problem:
    """What a file asks for, resolved against its case."""

    loaded: LoadedCalibration
    case: Case
    folder: Path
    space: Space
    targets: tuple[Target, ...]

    @property
    def last(self) -> int:
        """Month number of the last month of a run."""
        until = self.loaded.calibration.until
        return until.year * 12 + until.month - 1

    def blurred(self, values: dict[str, Array], seed: int) -> Array:
        """What would be documented of members, (members, targets)."""
        common = self.loaded.calibration.common_error
        return blurred(self.targets, values, self.last, common, seed)


@dataclass(frozen=True)
class Fit:
    """A finished fit.

    ``before`` and ``after`` are signed distances of members drawn from the priors and from
    the posterior to the documented ranges, in standard deviations, (members, targets).
    """

    problem: Problem
    population: Population
    rounds: tuple[RoundReport, ...]
    cutoff: float
    plausible: float  # share of the first round that history matching left
    before: Array
    after: Array

    @property
    def members(self) -> int:
        """Members of all rounds."""
        return len(self.population.places)

    @property
    def acceptance(self) -> float:
        """Effective draws of the last population for each member."""
        return self.population.effective / self.members


def problem_of(loaded: LoadedCalibration, shuffled: bool = False) -> Problem:
    """Resolve a file against its case and the case's documented outcomes.

    Args:
        loaded: the calibration.
        shuffled: exchange the years of the targets, to see that the fit can fail.

    Raises:
        ConfigError: with the place in the file.
    """
    case, folder = load_case(loaded.case), case_folder(loaded.case)
    targets = targets_of(loaded, case, load_documented(folder))
    if shuffled:
        targets = shuffled_years(targets, loaded.calibration.seed)
    return Problem(loaded, case, folder, fitted_space(loaded, case), targets)


def fit(problem: Problem, place: Workplace, say: Say | None = None, prefix: str = "") -> Fit:
    """Run all rounds; what is on disk already is not run again.

    Args:
        problem: what to fit to what.
        place: where blocks go.
        say: told of each round.
        prefix: of the folders of later rounds, for fits that share the first.

    Raises:
        RunError: if a block fails.
        FolderError: if the folder belongs to another fit, or cannot be written.
    """
    work = _Work(problem, place, prefix)
    for number in range(1, problem.loaded.calibration.rounds.count + 1):
        work.round(number)
        if say is not None:
            say(work.reports[-1].text(number))
    return work.finished()


class _Work:
    """Rounds as they pile up."""

    def __init__(self, problem: Problem, place: Workplace, prefix: str) -> None:
        self.problem, self.place, self.prefix = problem, place, prefix
        self.rule, self.seed = problem.loaded.calibration.rounds, problem.loaded.calibration.seed
        self.places = np.empty((0, len(problem.space)))
        self.seen = np.empty((0, len(problem.targets)))
        self.drawn: list[Mixture] = []
        self.reports: list[RoundReport] = []
        self.population: Population | None = None
        self.cutoff, self.plausible = np.inf, 1.0

    def round(self, number: int) -> None:
        """Propose, simulate and weigh one round."""
        began = time.perf_counter()
        new, mixture = self._proposed(number)
        # Fits to other values of the same targets share the first round.
        name = f"{self.prefix if number > 1 else ''}round-{number}"
        values = self._simulated(new, name, number)
        errors = self.problem.blurred(values, self._luck(number))
        self.places = np.concatenate([self.places, new])
        self.seen = np.concatenate([self.seen, errors])
        self.drawn.append(mixture)
        self._weigh()
        if number == 1:
            self._match_history(values)
        assert self.population is not None
        took = time.perf_counter() - began
        self.reports.append(
            RoundReport(len(new), took, self.population.width, self.population.effective)
        )

    def finished(self) -> Fit:
        """The fit, with members of its posterior run once to see what they do."""
        assert self.population is not None
        rng = np.random.default_rng(self._luck(_CHECK))
        rows = systematic(self.population.weights, min(self.rule.members, MOST_CHECKED), rng)
        values = self._simulated(self.population.places[rows], f"{self.prefix}check", _CHECK)
        after = distances(self.problem.targets, values, self.problem.last)
        return Fit(
            self.problem, self.population, tuple(self.reports), self.cutoff, self.plausible,
            self.before, after,
        )  # fmt: skip

    def _luck(self, number: int) -> int:
        return self.seed * 1000 + number

    def _proposed(self, number: int) -> tuple[Array, Mixture]:
        if self.population is None:
            return design(len(self.problem.space), self.rule.members, self._luck(number))
        places, weights = self.population.places, self.population.weights
        if number == _AFTER_MATCHING:
            places, weights = self.places, self.matched
        return perturbed(places, weights, self.rule, self._luck(number))

    def _simulated(self, new: Array, name: str, number: int) -> dict[str, Array]:
        """Values of the targets of new members, each with luck of its own."""
        proposals = self.place.folder / f"{name}.parquet"
        write_whole(proposals, _parquet(self.problem.space.values(new)))
        return simulated(
            self.problem.loaded, self.problem.targets, len(new), name, self._luck(number),
            self.place, proposals,
        )  # fmt: skip

    def _weigh(self) -> None:
        base = log_importance(self.places, self.drawn)
        self.population = posterior(
            self.places, self.seen, base, self.rule.effective, self.rule.structural, self.seed
        )

    def _match_history(self, values: dict[str, Array]) -> None:
        self.before = distances(self.problem.targets, values, self.problem.last)
        self.matched, self.cutoff = survivors(self.before, self.rule)
        self.plausible = float((self.matched > 0).mean())


def _parquet(values: dict[str, Array]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table(values), sink, compression="zstd", compression_level=1)
    return sink.getvalue()
