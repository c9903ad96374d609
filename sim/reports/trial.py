"""The report of an experiment: its question, what each choice did, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.outcomes.dataset import OutcomeError
from sim.reports.abbreviations import with_abbreviations
from sim.reports.blocks import to_csv
from sim.reports.content import (
    Block,
    Cell,
    Code,
    Column,
    Figure,
    Key,
    Link,
    Number,
    Paragraph,
    Picture,
    Report,
    Row,
    Section,
    Table,
    Words,
)
from sim.reports.context import Context
from sim.reports.exceedance import exceedance_section
from sim.reports.facts import SPACE, signed_text
from sim.reports.fan import band_legend
from sim.reports.inputs import (
    assumptions_section,
    manifest_table,
    parameters_section,
    sources_section,
)
from sim.reports.limits import limits_section
from sim.reports.material import Material
from sim.reports.sweeps import Condition, draw_conditions, draw_sweep
from sim.reports.trial_data import Headline, Trial, level_text, lever_name

Parts = list["str | Number | Link"]
MOST_CONDITIONS = 40


def build_trial(folder: Path) -> Report:
    """The report of an experiment, of as much of it as has been run.

    Raises:
        FolderError: if the folder is damaged or newer than this code.
    """
    trial = Trial(folder)
    notices = _notices(trial)
    fitted = any(trial.results.manifest["plan"].get("posteriors") or ())
    case = Material(folder, {"case": trial.about["case"], "posterior": fitted}, None)
    ctx = Context.of(case)
    sections: list[Section | None] = [_answer(trial), _design(trial)]
    if len(trial.bands):
        sections += [_figures(trial), _table_section(trial), _differences(trial)]
        sections.append(exceedance_section([("", trial.results)], trial.names()))
    sections += [
        limits_section(ctx, scored=False),
        assumptions_section(ctx),
        parameters_section(ctx),
        sources_section(ctx),
        _repeat(trial),
    ]
    kept = with_abbreviations(sections)
    title = str(trial.about.get("title") or trial.about["name"])
    return Report(title, _subtitle(trial, case), kept, notices + case.notices)


def _subtitle(trial: Trial, case: Material) -> str:
    """Whom it is about, and how many members there are."""
    scenarios, levers, points, replicates = trial.results.shape
    parts = [
        f"{scenarios} scenarios" if scenarios > 1 else "",
        f"{levers} choices of levers" if levers > 1 else "",
        f"{points} draws of uncertainties" if points > 1 else "",
        f"{replicates} replicates",
    ]
    words = " by ".join(part for part in parts if part)
    about = f"{case.case.title}. " if case.case else ""
    return f"{about}Experiment {trial.about['name']}: {trial.results.members:,} members, {words}"


def _notices(trial: Trial) -> list[str]:
    found = []
    if not trial.results.complete:
        found.append("Not all blocks of this experiment have been run; what is there is shown.")
    for number, error in trial.results.failed.items():
        found.append(f"Block {number} failed: {error}")
    return found


def _answer(trial: Trial) -> Section:
    blocks: list[Block] = [Paragraph([str(trial.about["question"])], "question")]
    blocks += [Paragraph(words, "lead") for words in _sentences(trial) if words]
    if trial.about.get("found"):
        blocks.append(Paragraph([FOUND, str(trial.about["found"])], "note"))
    return Section("answer", "Question and answer", blocks)


FOUND = "Read off an earlier run, as the experiment's file tells it: "


def _sentences(trial: Trial) -> list[Words]:
    """One sentence for each of the first three headlines: the least and the most."""
    if trial.bands.empty:
        return [["Nothing has been run yet."]]
    return [_sentence(trial, headline) for headline in trial.headlines()[:3]]


def _sentence(trial: Trial, headline: Headline) -> Words:
    known = [c for c in trial.conditions(headline) if c.median == c.median]
    if not known:
        return [f"{headline.title} has no value in any condition."]
    low, high = min(known, key=lambda c: c.median), max(known, key=lambda c: c.median)
    if low.median == high.median:
        return [f"{headline.title} is the same in all conditions: ",
                _median(trial, headline, low), "."]  # fmt: skip
    first, last = (
        ("comes first in ", "last in ") if headline.event else ("is lowest at ", "highest at ")
    )
    name = f"“{headline.title}”" if headline.event else headline.title
    words: Parts = [f"{name} {first}", *_with_unit(trial, headline, low), f" (with {low.name})"]
    words += [f" and {last}", *_with_unit(trial, headline, high)]
    return [*words, f" (with {high.name})."]


def _with_unit(trial: Trial, headline: Headline, one: Condition) -> Parts:
    unit = f"{SPACE}{headline.unit}" if headline.unit not in ("", "share") else ""
    return [_median(trial, headline, one), unit]


def _median(trial: Trial, headline: Headline, one: Condition) -> Number:
    place = f"{headline.place}|{one.scenario}/{one.point}/q50"
    return Number(trial.text(headline, one.median), one.median, place)


def _design(trial: Trial) -> Section:
    """Levers and uncertainties with their levels."""
    factors = trial.results.manifest["factors"]
    rows = []
    for name in trial.results.factors:
        levels = sorted({level_text(value) for value in trial.results.points[name]}, key=_order)
        shown = levels if len(levels) <= 12 else [levels[0], "…", levels[-1]]
        paths = factors[name].get("paths") or []
        rows.append(Row([lever_name(name), factors[name]["role"], ", ".join(shown),
                         ", ".join(map(str, paths))]))  # fmt: skip
    if not rows:
        return Section("design", "Design", [])
    columns = [
        Column("Factor", width=2),
        Column("Role", width=1),
        Column("Levels", width=3),
        Column("What it sets", width=4),
    ]
    words = "Every condition runs with the same luck, replicate by replicate."
    table = Table("factors", "What was varied", columns, rows, cards=True)
    return Section("design", "Design", [Paragraph([words]), table])


def _order(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def _figures(trial: Trial) -> Section:
    found: list[Block] = []
    for k, headline in enumerate(trial.headlines()):
        try:
            found.append(_figure(trial, headline, k))
        except OutcomeError:
            continue
    return Section("results", "What came out", found)


def _figure(trial: Trial, headline: Headline, k: int) -> Figure:
    conditions = trial.conditions(headline)
    levers = trial.results.levers
    drawn = draw_sweep(trial.results, headline.column, headline.period, conditions, levers)
    if drawn is None:
        shown = conditions[:MOST_CONDITIONS]
        drawn = [("", draw_conditions(shown, trial.start if headline.event else None))]
    alt = "; ".join(f"{c.name}: {trial.text(headline, c.median)}" for c in conditions[:60])
    pictures = [Picture(title, one, f"{headline.title}, medians: {alt}.") for title, one in drawn]
    is_map = len(levers) == 2 and len(drawn) == 1 and drawn[0][0] == "map"
    pictures = [Picture("" if p.title == "map" else p.title, p.drawing, p.alt) for p in pictures]
    legend = [] if is_map else [Key("line", "median", "#0072B2"), *_bands()]
    notes: list[Words] = [[MAP_NOTE]] if is_map else []
    data = [{"scenario": c.scenario, **c.levers, **c.record()} for c in conditions]
    return Figure(
        f"figure-{k}", f"{trial.about['name']}_{k}", headline.title,
        headline.unit or "month", pictures, min(2, len(pictures)), legend, notes,
        data=to_csv(data), wide=is_map,
    )  # fmt: skip


MAP_NOTE = "Each cell gives the median, and under it the band of 90 % of the members."


def _bands() -> list[Key]:
    from sim.reports.alone import keys
    from sim.reports.fan import Look

    return keys(band_legend(Look()))


def _table_section(trial: Trial) -> Section:
    """Bands of every headline by condition."""
    headlines = trial.headlines()
    columns = _columns(headlines)
    by_headline = [trial.conditions(headline) for headline in headlines]
    rows = []
    for parts in zip(*by_headline, strict=False):
        cells: list[Cell] = [parts[0].name]
        for headline, one in zip(headlines, parts, strict=True):
            ends = [trial.text(headline, value) for value in (one.bands[0], one.bands[4])]
            cells.append([_median(trial, headline, one), f" ({ends[0]} to {ends[1]})"])
        rows.append(Row(cells))
    data = to_csv(trial.bands.to_dict("records"))
    caption = "Medians, and in brackets the band of 90 % of the members"
    table = Table("conditions", caption, columns, rows, data, folded=len(rows) > MOST_CONDITIONS)
    return Section("conditions-section", "By condition", [table])


def _columns(headlines: Sequence[Headline]) -> list[Column]:
    """A column for the conditions and one for each headline, with its unit."""
    names = [f"{h.title} [{h.unit}]" if h.unit else h.title for h in headlines]
    return [Column("Condition", width=4), *(Column(name, "right", 2) for name in names)]


def _differences(trial: Trial) -> Section:
    """Paired differences against the first scenario, or the first choice of levers."""
    table = trial.results.differences()
    if table.empty:
        return Section("differences", "Differences", [])
    headlines = [headline for headline in trial.headlines() if not headline.event]
    columns = _columns(headlines)
    rows = []
    for parts in zip(*(trial.conditions(h, differences=True) for h in headlines), strict=False):
        cells: list[Cell] = [parts[0].name]
        for headline, one in zip(headlines, parts, strict=True):
            place = f"differences|{headline.place}|{one.scenario}/{one.point}/q50"
            ends = [signed_text(value) for value in (one.bands[0], one.bands[4])]
            cells.append([Number(signed_text(one.median), one.median, place),
                          f" ({ends[0]} to {ends[1]})"])  # fmt: skip
        rows.append(Row(cells))
    base = "the first scenario" if trial.results.shape[0] > 1 else "the first choice of levers"
    words = (
        f"Differences against {base}, replicate by replicate with the same luck: the median of "
        "the change, and in brackets its band of 90 %."
    )
    made = Table("differences-table", "Paired differences", columns, rows,
                 to_csv(table.to_dict("records")), folded=len(rows) > MOST_CONDITIONS)  # fmt: skip
    return Section("differences", "Differences", [Paragraph([words]), made] if rows else [])


def _repeat(trial: Trial) -> Section:
    command = str(trial.results.manifest.get("command") or "")
    lines = [line for line in (command, f"chokepoint report {trial.folder}") if line]
    about: Sequence[Context] = [Context.of(Material(trial.folder, _short(trial), None))]
    return Section(
        "repeat",
        "How to repeat it",
        [Paragraph(["These commands make this report again:"]), Code("\n".join(lines)),
         *(manifest_table(ctx) for ctx in about)],
    )  # fmt: skip


def _short(trial: Trial) -> dict[str, Any]:
    """The manifest without its lists of factors and columns."""
    simple = (str, int, float, bool, type(None))
    return {k: v for k, v in trial.results.manifest.items() if isinstance(v, simple)}
