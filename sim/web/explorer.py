"""The words of a mailable explorer, from the experiment, its case and the case's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.case.errors import ConfigError
from sim.case.schema import Case
from sim.policy.measures import Context
from sim.policy.steps import Step
from sim.reports.explorer_words import ExplorerWords, Headline, Level, LeverWords, MarkWords
from sim.reports.names import display
from sim.runs.block import month_later
from sim.runs.dimensions import Dimension
from sim.runs.plan import Plan
from sim.web.inputs import input_label, input_unit
from sim.web.setup import Lever, Page, load_page
from sim.web.words import about_measure, about_number
from sim.world.inputs import Quantity, Series

MOST_MARKS = 12
SCENARIO = "scenario"
_DATES = {"effective", "enabled"}


def explorer_words(plan: Plan) -> ExplorerWords:
    """What the explorer of an experiment says.

    Args:
        plan: the experiment, its levers on a grid.
    """
    experiment, case = plan.loaded.experiment, plan.loaded.case()
    page = _page(case)
    levers = [lever_words(one, case, page) for one in plan.levers.dimensions]
    if len(plan.names) > 1:
        levers.insert(0, _scenarios(plan))
    return ExplorerWords(
        title=experiment.title or experiment.name,
        question=experiment.question,
        levers=tuple(levers),
        charts=_titles(page),
        headline=_headline(plan, page),
        marks=tuple(_marks(plan, case)),
    )


def _page(case: Case) -> Page | None:
    try:
        return load_page(case.id)
    except ConfigError:
        return None  # a case without a page has its own words


def _scenarios(plan: Plan) -> LeverWords:
    """The experiment's scenarios as the slowest lever."""
    levels = tuple(Level(display(name), k == 0) for k, name in enumerate(plan.names))
    return LeverWords(SCENARIO, "Scenario", "What the levers are moved in.", (), levels)


def lever_words(one: Dimension, case: Case, page: Page | None = None) -> LeverWords:
    """A lever of an experiment in words.

    Args:
        one: the lever.
        case: the case that it changes.
        page: the page of the case; a lever of the same name there gives label and help.
    """
    levers = page.levers if page else {}
    known = levers.get(one.name)
    return LeverWords(
        name=one.name,
        label=known.label if known else _label(one, case),
        help=known.help if known else _help(one, case, levers),
        about=tuple(_about(one, case)),
        levels=tuple(_level(one, float(level)) for level in one.levels),
    )


def _label(one: Dimension, case: Case) -> str:
    parts = one.name.split(".")
    if parts[0] == "measures" and len(parts) > 2:
        return f"{case.measures[parts[1]].title}: {display(parts[-1]).lower()}"
    own = one.name in {held.path for held in one.inputs}
    return input_label(one.name, case) if own else display(one.name)


def _help(one: Dimension, case: Case, levers: dict[str, Lever]) -> str:
    names = list(dict.fromkeys(_part(held.path, case, levers) for held in one.inputs))
    words = f"Moves {'together: ' if len(names) > 1 else ''}{'; '.join(names)}"
    units = {input_unit(held.path, case) for held in one.inputs} - {""}
    return f"{words}, in {units.pop()}." if len(units) == 1 else f"{words}."


def _part(path: str, case: Case, levers: dict[str, Lever]) -> str:
    """An input by the name of the page's lever on it alone, or the measure's own."""
    for lever in levers.values():
        if getattr(lever, "paths", ()) == (path,):
            return lever.label
    parts = path.split(".")
    return case.measures[parts[1]].title if parts[0] == "measures" else input_label(path, case)


def _about(one: Dimension, case: Case) -> Iterator[str]:
    keys = [held.path.split(".")[1] for held in one.inputs if held.path.startswith("measures.")]
    yield from (about_measure(key, case) for key in dict.fromkeys(keys))
    others = [held.path for held in one.inputs if not held.path.startswith("measures.")]
    yield from (about_number(path, case) for path in others)


def _level(one: Dimension, level: float) -> Level:
    how, held = one.factor.how, one.inputs[0].held
    if how in ("months", "days"):
        return Level(_moved(level, how), level == 0)
    if how == "scale":
        return Level(_scaled(one, level), level == 1)
    usual = held.value if isinstance(held, Quantity) else held
    same = isinstance(usual, float) and abs(usual - level) < 1e-9
    return Level(_set(one, level), same)


def _moved(level: float, unit: str) -> str:
    if level == 0:
        return "as it was"
    return f"{abs(level):g} {unit} {'later' if level > 0 else 'earlier'}"


def _scaled(one: Dimension, level: float) -> str:
    first = one.inputs[0]
    if first.kind == "days" and isinstance(first.held, float):
        return f"{round(level * first.held)} days"
    words = {0.0: "none", 1.0: "as it was"}.get(level, f"times {level:g}")
    if len(one.inputs) > 1 or not level or not isinstance(first.held, Quantity):
        return words
    return f"{words} ({level * first.held.value:.3g} {first.held.unit})"


def _set(one: Dimension, level: float) -> str:
    first = one.inputs[0]
    if first.kind == "date":
        return f"{date.fromordinal(round(level)):%d %b %Y}"
    if first.kind == "flag":
        return "in force" if level else "never"
    if first.kind == "switch":
        return {0.0: "off", 1.0: "on"}.get(level, f"{100 * level:g} %")
    unit = first.held.unit if isinstance(first.held, Quantity | Series) else ""
    return f"{level:g} {'days' if first.kind == 'days' else unit}".strip()


def _titles(page: Page | None) -> dict[str, str]:
    charts = page.charts.values() if page else ()
    return {_column(spec.outcome, spec.labels): spec.title for spec in charts}


def _column(outcome: str, labels: dict[str, str]) -> str:
    text = ";".join(f"{dim}={label}" for dim, label in labels.items())
    return f"{outcome}|{text}" if text else outcome


def _headline(plan: Plan, page: Page | None) -> Headline | None:
    shown = [one for one in plan.loaded.experiment.show if one.period]
    if shown:
        column = shown[0].outcome
        return Headline(column, tuple(one.period for one in shown if one.outcome == column))
    if page is None:
        return None
    years = tuple(str(year) for year in page.headline.years)
    return Headline(_column(page.headline.outcome, page.headline.labels), years)


# Measures on the time axis.


def _marks(plan: Plan, case: Case) -> Iterator[MarkWords]:
    keys = [key for key, step in case.measures.items() if _drawn(step)]
    main = [key for key in keys if case.measures[key].main] or keys
    cases = [plan.loaded.case(name) for name in plan.names] if len(plan.names) > 1 else []
    found = [_mark(plan, cases, case.measures[key], key) for key in main]
    first, last = plan.window
    shown = [mark for mark in found if mark.usual and first <= mark.usual <= last]
    yield from sorted(shown, key=lambda mark: (mark.usual, mark.title))[:MOST_MARKS]


def _drawn(step: Step) -> bool:
    return step.enabled and step.trigger is None and not isinstance(step, Context)


def _mark(plan: Plan, scenarios: list[Case], step: Step, key: str) -> MarkWords:
    moved = {}
    if scenarios:
        moved[0] = tuple(_day(one.measures.get(key)) for one in scenarios)
    for place, one in enumerate(plan.levers.dimensions, start=len(moved)):
        touched = {held.path for held in one.inputs} & {f"measures.{key}.{n}" for n in _DATES}
        if touched:
            moved[place] = tuple(_moved_day(one, step, float(x), touched) for x in one.levels)
    return MarkWords(step.title, _day(step), moved)


def _day(step: Step | None) -> date | None:
    return step.effective if step is not None and step.enabled else None


def _moved_day(one: Dimension, step: Step, level: float, touched: set[str]) -> date | None:
    """When a measure takes effect at a level of a lever that moves it, or takes it away."""
    if step.effective is None:
        return None
    if any(path.endswith(".enabled") for path in touched):
        return step.effective if level else None
    day = step.effective.toordinal()
    if one.factor.how == "months":
        return date.fromordinal(month_later(day, round(level)))
    return date.fromordinal(round(day + level) if one.factor.how == "days" else round(level))
