"""A calibration file: what is fitted to what, and how hard, as typed data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.case.draft import Draft
from sim.case.errors import ConfigError, Problem, Trail
from sim.case.load import Overrides, apply_overrides
from sim.case.schema import Month
from sim.case.shape import shape_of
from sim.case.validate import validate
from sim.case.yamltext import Document, read_file
from sim.documented.observation import Grade
from sim.runs.experiment import PeriodText
from sim.runs.experiment_file import find_experiment
from sim.world.inputs import Frozen

MOST_MEMBERS = 2**20

Share = Annotated[float, Field(ge=0, le=10)]


class TargetRule(Frozen):
    """Documented values that a fit is held to, and how near the model can be expected to come."""

    outcome: str
    labels: str | None = Field(None, description="As in the tables; all labels if not given.")
    periods: tuple[PeriodText, ...] = Field(
        (), description="2019, 2020-05 ...; every one in the sample if none is given."
    )
    discrepancy: Share | None = Field(
        None, gt=0, description="Standard deviation of the model's own error, share of the value."
    )
    months: float | None = Field(None, gt=0, description="The same for an event [months].")

    @model_validator(mode="after")
    def _one_error(self) -> Self:
        if (self.discrepancy is None) == (self.months is None):
            raise ValueError("give 'discrepancy' (share), or 'months' for an event")
        return self


class Rounds(Frozen):
    """How members are spent."""

    count: int = Field(4, ge=1, le=12)
    members: int = Field(32_768, ge=64, le=MOST_MEMBERS, description="A round; a power of two.")
    cutoff: float = Field(
        3.0, gt=0, description="Implausible beyond this many standard deviations ..."
    )
    spared: int = Field(1, ge=0, description="... on this many targets more than one.")
    effective: int = Field(
        1000, ge=8, description="Effective draws that the kernel around the targets leaves."
    )
    structural: float = Field(
        2.0,
        gt=0,
        description="A target that members miss by more standard deviations than this tells of "
        "the model's structure: its error is widened until they do not.",
    )
    kernel: float = Field(
        0.5, gt=0, le=2, description="Width of the perturbation, in spreads of the population."
    )
    from_prior: float = Field(0.1, ge=0, le=1, description="Share of later rounds from the prior.")

    @model_validator(mode="after")
    def _power(self) -> Self:
        if self.members & (self.members - 1):
            raise ValueError(f"a round has a power of two as members, not {self.members}")
        return self


class Recovery(Frozen):
    """How it is found out what the targets could tell at all."""

    members: int = Field(16_384, ge=256, le=MOST_MEMBERS, description="Runs from the prior.")
    truths: int = Field(64, ge=2, description="Of these, taken as truth and recovered.")
    nearest: float = Field(0.05, gt=0, le=1, description="Effective share of runs accepted.")
    identified: float = Field(
        0.25, gt=0, lt=1, description="Fall of the variance from which an input is identified."
    )
    noticed: float = Field(
        0.1, gt=0, lt=1, description="The same once all others are known: in combination."
    )


class Calibration(Frozen):
    """Everything needed to fit a case again."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")
    question: str = Field(min_length=10)
    case: str = Field(min_length=1, description="Name or path of a case.")
    until: Month = Field(description="Last month of a run; nothing later is looked at.")
    parameters: tuple[str, ...] = Field(
        min_length=1, description="Dotted names; their priors are the case's own ranges."
    )
    grades: dict[Grade, Share] = Field(
        description="Standard deviation of documented values by grade, share of the value."
    )
    common_error: float = Field(
        0.5, ge=0, le=1, description="Part of the error that all periods of an outcome share."
    )
    targets: tuple[TargetRule, ...] = Field(min_length=1)
    rounds: Rounds = Rounds()
    draws: int = Field(1000, ge=8, le=20_000, description="Draws kept of the posterior.")
    seed: int = Field(1, ge=0)
    recovery: Recovery = Recovery()


@dataclass(frozen=True)
class LoadedCalibration:
    """A checked calibration, and where each of its values was written."""

    calibration: Calibration
    document: Document
    path: Path

    def problem(
        self, what: str, trail: Trail, choices: tuple[str, ...] = (), given: str = ""
    ) -> ConfigError:
        """An error that points at a place of the file."""
        return ConfigError(Problem(what, self.document.mark(trail), trail, choices, given))

    @property
    def case(self) -> str | Path:
        """The case; a path starts from the file's own folder."""
        place = self.path.parent / self.calibration.case
        return place if "/" in self.calibration.case and place.exists() else self.calibration.case


def load_calibration(name_or_path: str | Path, overrides: Overrides = ()) -> LoadedCalibration:
    """Read and check a calibration file.

    Args:
        name_or_path: a built-in one, or a file.
        overrides: ``name=value`` texts or a mapping, such as ``rounds.members=256``.

    Raises:
        ConfigError: with file, line, place, what is allowed and the nearest match.
    """
    path = find_experiment(name_or_path)
    draft = Draft(read_file(path), shape_of(Calibration))
    apply_overrides(draft, overrides)
    document = draft.document()
    return LoadedCalibration(validate(document, Calibration, draft.added), document, path)
