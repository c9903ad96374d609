"""What a mailable explorer says: levers with their levels, charts, measures on the time axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Level:
    """One setting of a lever; ``usual`` is the one of the case itself."""

    text: str
    usual: bool


@dataclass(frozen=True)
class LeverWords:
    """One lever.

    Args:
        name: as in the experiment.
        label, help: what it is called, and what it does in one line.
        about: the inputs it moves with value, range and source, in Markdown.
        levels: in the order of the experiment.
    """

    name: str
    label: str
    help: str
    about: tuple[str, ...]
    levels: tuple[Level, ...]

    @property
    def start(self) -> int:
        """Place of the usual level; the first if the experiment leaves it out."""
        return next((k for k, level in enumerate(self.levels) if level.usual), 0)


@dataclass(frozen=True)
class MarkWords:
    """A measure on the time axis.

    Args:
        title: what it is.
        usual: day of its effect in the case itself; None if it never comes.
        moved: place of a lever -> its day at each level.
    """

    title: str
    usual: date | None
    moved: Mapping[int, tuple[date | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Headline:
    """Column and periods of the sentence in words."""

    column: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class ExplorerWords:
    """Everything that an explorer says beside its numbers.

    Args:
        title, question: of the experiment.
        levers: in the order of the experiment; the last one turns fastest.
        charts: column -> title; columns without one have the outcome's own label.
        headline: of the sentence in words; none for the first column.
        marks: in order of time.
    """

    title: str
    question: str
    levers: tuple[LeverWords, ...]
    charts: Mapping[str, str] = field(default_factory=dict)
    headline: Headline | None = None
    marks: tuple[MarkWords, ...] = ()
