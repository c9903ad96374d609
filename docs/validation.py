"""Writes docs/validation.md: the default case beside everything that is documented.

Run by ``make docs``; ``python docs/validation.py FILE MEMBERS`` writes somewhere else, of fewer
members. The bars are those of the case, the numbers those of one run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.case.load import fingerprint, load_case
from sim.case.schema import Case
from sim.documented.bars import Judged, judge, load_bars
from sim.documented.lines import LINE_RULE, TOTAL, by_outcome
from sim.documented.load import load_documented
from sim.documented.observation import Documented
from sim.documented.score import score
from sim.documented.verdicts import MONTHS, PERCENT, RULE
from sim.outcomes.results import Results
from sim.reports.bars import asked, text_of
from sim.reports.facts import number_text, signed_text
from sim.runs.simulate import simulate

CASE, SEED, MEMBERS = "huawei", 1, 512
PAGE = Path(__file__).resolve().parent / "validation.md"
SAMPLES = {
    "in": "In the sample: {first} to {last}",
    "out": "Out of the sample: {next} on",
}
VALUE_COLUMNS = (
    "outcome", "labels", "period", "documented", "range", "median", "90 % band",
    "predictive band", "error", "tolerance", "grade", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A run laid beside what is documented."""

    case: Case
    documented: Documented
    results: Results
    card: pd.DataFrame
    bars: Mapping[str, Judged]


def main(page: Path = PAGE, members: int = MEMBERS) -> None:
    """Run the case and write the page."""
    page.write_text(text(checked(members)), encoding="utf-8")


def checked(members: int = MEMBERS) -> Checked:
    """Run the default case and score it."""
    case = load_case(CASE)
    assert case.folder is not None
    documented = load_documented(case.folder)
    results = simulate(case, members=members, seed=SEED)
    card = score(results, documented)
    bars = judge(load_bars(case.folder), results, documented, card)
    return Checked(case, documented, results, card, bars)


def text(run: Checked) -> str:
    """The whole page."""
    parts = [
        _HEAD,
        _origin(run),
        _SCOPE.format(last=run.documented.reading.in_sample_to),
        "## What was to be shown\n",
        _BARS,
        *bars(run.bars),
        "## In short\n",
        f"{RULE} {_GRADES}",
        summary(run.card),
        _VERDICTS,
        *_by_sample(run),
        "## Events\n",
        events(run.card),
        "## Total revenue, beside forecasts that know no model\n",
        naive(run),
        "## Every value\n",
        _VALUES,
        values(run.card),
    ]
    return "\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def _origin(run: Checked) -> str:
    fitted = run.results.manifest.get("posterior")
    drawn = (
        f"{len(fitted['parameters'])} parameters drawn from the posterior (`{fitted['digest']}`), "
        "the others from their ranges"
        if fitted
        else "all parameters drawn from their ranges: nothing is fitted"
    )
    members = run.results.manifest["members"]
    return (
        f"One run of the case `{CASE}` (fingerprint `{fingerprint(run.case)}`): {members} members, "
        f"seed {SEED}, {drawn}. The same numbers come from `chokepoint run {CASE} --members "
        f"{members} --seed {SEED}` and `chokepoint compare`."
    )


def bars(found: Mapping[str, Judged]) -> Iterator[str]:
    """The bars with what was measured, and why those that are not cleared are not."""
    yield table(("bar", "asked", "measured", "values", "members that clear it", "verdict"),
                map(_bar_row, found.values()))  # fmt: skip
    short = [one for one in found.values() if one.verdict in ("WARN", "MISS") and one.bar.weakness]
    if short:
        yield "Bars that are not cleared, and the weakness of the model behind each:\n"
        yield "\n".join(f"- **{one.bar.title}** ({one.verdict}): {one.bar.weakness}"
                        for one in short)  # fmt: skip


def _bar_row(one: Judged) -> Sequence[str]:
    aim = f" ({one.bar.aim})" if one.bar.aim else ""
    clear = "" if one.members != one.members else f"{100 * one.members:.0f} %"
    measured = _plain(text_of(one.bar, one.measured))
    return (
        one.bar.title,
        _plain(asked(one.bar)) + aim,
        measured,
        str(one.values),
        clear,
        one.verdict,
    )


def summary(card: pd.DataFrame) -> str:
    """Verdicts, errors, coverage and skill by sample, by grade of the evidence, and in all."""
    parts = {"in the sample": card[card["sample"] == "in"],
             "out of the sample": card[card["sample"] == "out"]}  # fmt: skip
    parts |= {f"evidence of grade {grade}": card[card["grade"] == grade]
              for grade in ("high", "medium", "low", "recall")}  # fmt: skip
    rows = [_line(name, by_outcome(part).loc[TOTAL]) for name, part in parts.items() if len(part)]
    return table(_LINE_COLUMNS, [*rows, _line("**all**", by_outcome(card).loc[TOTAL])])


def _by_sample(run: Checked) -> Iterator[str]:
    reading = run.documented.reading
    names = {"first": run.case.calendar.start.year, "last": reading.in_sample_to,
             "next": reading.in_sample_to + 1}  # fmt: skip
    for sample, title in SAMPLES.items():
        lines = by_outcome(run.card[run.card["sample"] == sample])
        rows = [_line(f"**{name}**" if name == TOTAL else f"`{name}`", line)
                for name, line in lines.iterrows()]  # fmt: skip
        yield f"## {title.format(**names)}\n"
        yield table(_LINE_COLUMNS, rows)


_LINE_COLUMNS = (
    "outcome", "values", "PASS", "WARN", "MISS", "mean error", "median error", "in 50 % band",
    "in 90 % band", "CRPS", "skill over last value", "skill over trend", "verdict",
)  # fmt: skip


def _line(name: object, line: Any) -> Sequence[str]:
    either = [
        _percent(line["mean_abs_error_pct"]) or _months(line["mean_abs_error_months"]),
        _percent(line["median_abs_error_pct"]),
        _percent(100 * line["coverage50"]),
        _percent(100 * line["coverage90"]),
        _percent(line["crps_pct"]) or _months(line["crps_months"]),
        *(_two(line[name]) for name in ("skill_last", "skill_trend")),
    ]
    counts = [f"{line[key]:.0f}" for key in ("values", "PASS", "WARN", "MISS")]
    return [str(name), *counts, *either, line["verdict"]]


def events(card: pd.DataFrame) -> str:
    """Month of each documented event, and in how many members it happens at all."""
    rows = []
    for row in card[card["occurred"].notna()].to_dict("records"):
        span = "" if row["low"] == row["high"] else f" ({row['low']} to {row['high']})"
        name = " ".join(part for part in (f"`{row['outcome']}`", row["labels"]) if part)
        band = f"{row['q05'] or 'never'} to {row['q95'] or 'never'}"
        rows.append((name, f"{row['documented']}{span}", row["q50"] or "never", band,
                     _percent(100 * row["occurred"]), _signed(row["error_months"]),
                     row["sample"], row["verdict"]))  # fmt: skip
    columns = ("event", "documented", "median", "90 % band", "members that see it",
               "months off", "sample", "verdict")  # fmt: skip
    return table(columns, rows)


def naive(run: Checked) -> str:
    """Total revenue by year: documented, simulated, last value, trend."""
    card = run.card
    rows = [
        (row["period"], number_text(row["documented"]), number_text(row["q50"]),
         f"{number_text(row['q05'])} to {number_text(row['q95'])}",
         *(_signed(100 * (row[name] / row["documented"] - 1.0))
           for name in ("q50", "naive_last", "naive_trend")))
        for row in card[card["labels"] == "segment=total"].to_dict("records")
    ]  # fmt: skip
    columns = ("year", "documented", "median", "90 % band", "error of the median [%]",
               "of the last value [%]", "of the trend [%]")  # fmt: skip
    return table(columns, rows)


def values(card: pd.DataFrame) -> str:
    """One row a documented value."""
    return table(VALUE_COLUMNS, (_value_row(row) for row in card.to_dict("records")))


def _value_row(row: Mapping[Any, Any]) -> Sequence[str]:
    span = "" if row["low"] == row["high"] else f"{_shown(row['low'])} to {_shown(row['high'])}"
    band = f"{_shown(row['q05'])} to {_shown(row['q95'])}" if row["verdict"] else ""
    wider = f"{_shown(row['p05'])} to {_shown(row['p95'])}" if row["p05"] == row["p05"] else ""
    event = row["occurred"] == row["occurred"]
    error = _signed(row["error_months"]) if event else _signed(row["error_pct"])
    unit = "" if not error else " months" if event else " %"
    tolerance = f"{MONTHS:.0f} months" if event else _percent(row["tolerance"])
    return (f"`{row['outcome']}`", row["labels"], row["period"], _shown(row["documented"]), span,
            _shown(row["q50"]) if row["verdict"] else "not simulated", band, wider,
            error + unit, tolerance, row["grade"], row["verdict"])  # fmt: skip


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "never" if value is None or value != value else _plain(number_text(float(value)))


def _plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def _signed(value: float) -> str:
    return "" if value != value else _plain(signed_text(round(value)))


def _percent(value: float) -> str:
    return "" if value != value else f"{value:.0f} %"


def _months(value: float) -> str:
    return "" if value != value else f"{value:.1f} months"


def _two(value: float) -> str:
    return "" if value != value else f"{value:.2f}"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in lines)


_HEAD = """# How near the model comes

<!-- Written by `make docs` from a run of the default case; changes here are lost. -->
"""
_SCOPE = """## What this can show, and what not

- **What was fitted.** Values to {last}, and none later, may be fitted to (`chokepoint calibrate`);
  ranges of parameters rest on sources and judgement, some of them on figures of those years.
- **What judges.** Values after {last}. They enter no fit, and by the rule of the project no number
  is tuned to them.
- **How strong that is.** While the structure of the model was being built, the whole documented
  series, later years included, was on the screen: which mechanisms were thought of was not blind to
  it, and some flaws of form were found by asking why a later year was missed. So the rows after
  {last} are weaker evidence than an untouched hold-out would be.
- **The clean test** is what the project does not hold: quarterly, half-yearly and regional
  outcomes, everything on the firm from 2025 on, and the second case after its order. The model
  records all of these, to be scored by whoever has the values.
- **Neighbouring values are not independent.** Revenue of a year and of its segments go wrong
  together, so many rows are fewer tests than they look.
"""
_BARS = """Bars are part of the case (`documented/bars.yaml`) and stand there before a run; one that
was added after a look says so. Where WARN ends and MISS begins is a judgement. Errors are those of
the median; a documented range counts as a range: inside it there is no error.
"""
_GRADES = (
    "Grades of evidence weigh nothing; they are told apart below, so that nobody needs to believe "
    "the weak ones."
)
_VERDICTS = f"""Errors are shares of the documented value, without sign. CRPS is the continuous
ranked probability score, which for a single number is its error: a wide band pays for being wide.
Skill is 1 less the CRPS over the error of a naive forecast (the last value known; the growth before
the sanctions, carried on): 1 is perfect, 0 no better, below 0 worse.

{LINE_RULE}
"""
_VALUES = f"""Labels and units are those of `chokepoint list outcomes`. Tolerance is that of the
outcome: {PERCENT:.0f} % unless the case says otherwise. The band of 90 % is that of the members,
who differ in parameters and luck and share one form. The predictive band lays the error that this
form has shown in the sample, outcome by outcome, on each of them; so in the sample it covers by
making, and what lies after it is its test. Where the sample has no value of an outcome, the error
is that of the middle outcome.
"""

if __name__ == "__main__":
    main(*[Path(word) for word in sys.argv[1:2]], *[int(word) for word in sys.argv[2:3]])
