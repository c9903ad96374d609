"""What the page of a case shows, as typed data: levers, charts (``configs/pages``), lessons."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.case.errors import ConfigError, Mark, Problem, display
from sim.case.validate import validate
from sim.case.yamltext import Document, read_file
from sim.web.lessons import read_lessons
from sim.world.builtin import builtin_folder
from sim.world.inputs import Frozen

CASE_VARIABLE = "CHOKEPOINT_CASE"
"""Environment variable by which the command tells the page its case."""

_LOADING = threading.RLock()


def once[Loaded](load: Callable[[str], Loaded]) -> Callable[[str], Loaded]:
    """Load a thing by name once for all visitors, even if all of them come at once."""
    remembered = cache(load)

    @wraps(load)
    def loaded(name: str) -> Loaded:
        with _LOADING:
            return remembered(name)

    return loaded


class Dial(Frozen):
    """What every lever says about itself."""

    group: str
    label: str
    help: str


class Scale(Dial):
    """A lever with steps from ``low`` to ``high``."""

    low: float
    high: float
    step: float = Field(gt=0)


class Shift(Scale):
    """Moves the dates of measures together [months against history]."""

    kind: Literal["shift"]
    measures: tuple[str, ...] = Field(min_length=1)


class Duration(Scale):
    """Days from a measure's start to its end."""

    kind: Literal["duration"]
    measures: tuple[str, ...] = Field(min_length=1, max_length=1)


class Grace(Scale):
    """Days of grace of the first measure; the others change by as many, not below none."""

    kind: Literal["grace"]
    measures: tuple[str, ...] = Field(min_length=1)


class Strength(Dial):
    """Scales how strongly measures act [0..1 of history]; at 0 they never come."""

    kind: Literal["strength"]
    measures: tuple[str, ...] = Field(min_length=1)
    low: float = 0.0
    high: float = 1.0
    step: float = 0.1


class Factor(Scale):
    """Multiplies numbers or paths over years [against history]; ``most`` caps a number."""

    kind: Literal["factor"]
    paths: tuple[str, ...] = Field(min_length=1)
    most: float | None = None


class Switch(Dial):
    """Turns a mechanism on or off."""

    kind: Literal["switch"]
    paths: tuple[str, ...] = Field(min_length=1, max_length=1)
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0


Lever = Annotated[
    Shift | Duration | Grace | Strength | Factor | Switch, Field(discriminator="kind")
]


class ChartSpec(Frozen):
    """One outcome as a chart; ``binds`` names lines whose limits are shown below it."""

    title: str
    group: str
    outcome: str
    labels: dict[str, str] = Field(default_factory=dict)
    binds: tuple[str, ...] = ()


class OriginSpec(Frozen):
    """Chips received by origin."""

    title: str
    items: tuple[str, ...] = Field(min_length=1)


class Headline(Frozen):
    """The outcome of the sentence in words, and its years."""

    outcome: str
    labels: dict[str, str] = Field(default_factory=dict)
    years: tuple[int, ...] = Field(min_length=1)


class Start(Frozen):
    """Where a lesson starts."""

    preset: str
    levers: dict[str, float] = Field(default_factory=dict)


class Lesson(Frozen):
    """One guided task."""

    title: str
    question: str
    start: Start
    predict: str
    watch: tuple[str, ...] = Field(min_length=1)
    debate: tuple[str, ...] = Field(min_length=1)
    teachers: str = Field("", description="Aim, plan and what to watch for; not for the class.")


class Page(Frozen):
    """Everything that the page of one case shows."""

    case: str
    headline: Headline
    levers: dict[str, Lever]
    charts: dict[str, ChartSpec]
    origins: dict[str, OriginSpec]
    lines: tuple[str, ...]
    events: tuple[str, ...]
    lessons: dict[str, Lesson] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _lessons_fit(self) -> Self:
        for name, lesson in self.lessons.items():
            strange = [key for key in lesson.start.levers if key not in self.levers]
            strange += [key for key in lesson.watch if key not in self.charts]
            if strange:
                raise ValueError(f"lesson {name} names {strange[0]}, which is no lever or chart")
        return self


def page_path(case: str) -> Path:
    """File of a case's page."""
    return builtin_folder("configs") / "pages" / f"{case}.yaml"


@once
def load_page(case: str) -> Page:
    """Read the page of a built-in case.

    Raises:
        ConfigError: if there is none, or it is not sound.
    """
    path = page_path(case)
    if not path.is_file():
        with_page = tuple(sorted(file.stem for file in path.parent.glob("*.yaml")))
        what = f"there is no page for case '{case}'"
        raise ConfigError(Problem(what, Mark(display(path)), (), with_page, case))
    document = read_file(path)
    tree = {**document.tree, "lessons": read_lessons(case)}
    return validate(Document(tree, document.marks), Page)
