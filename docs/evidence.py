"""The evidence page: every documented value of the case, its source, and where sources differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from docs.tables import CASE, head, table
from sim.case.load import case_folder
from sim.case.schema import Case
from sim.documented.load import load_documented
from sim.documented.observation import Documented, Observation
from sim.outcomes.declared import OUTCOMES

SAMPLES = {"in": "fit", "out": "judge"}
GRADES = ("high", "medium", "low", "recall")


def evidence(case: Case) -> str:
    """Text of the page."""
    documented = load_documented(case_folder(CASE))
    parts = [head("Documented outcomes", _TEXT), *_counts(documented), *_breaks(documented)]
    parts += ["## Where sources differ", "", _DIFFER, "", _differing(documented), ""]
    for outcome, rows in groupby(sorted(documented, key=_order), key=lambda one: one.outcome):
        parts += _one_outcome(outcome, list(rows), documented)
    return "\n".join(parts)


def _order(one: Observation) -> tuple[str, str, int]:
    return one.outcome, one.labels, one.span.last


def _counts(documented: Documented) -> Iterator[str]:
    used = Counter((one.grade, documented.sample(one)) for one in documented)
    rows = [
        (grade, *(str(used[grade, sample]) for sample in SAMPLES), str(_total(used, grade)))
        for grade in GRADES
    ]
    sums = [str(sum(used[grade, sample] for grade in GRADES)) for sample in SAMPLES]
    last = ("all", *sums, str(len(documented)))
    to = documented.reading.in_sample_to
    yield table(("grade", f"to {to}: {SAMPLES['in']}", f"later: {SAMPLES['out']}", "all"),
                [*rows, last])  # fmt: skip
    yield ""


def _total(used: Counter[tuple[str, str]], grade: str) -> int:
    return sum(count for (given, _), count in used.items() if given == grade)


def _breaks(documented: Documented) -> Iterator[str]:
    yield "## Breaks\n\nValues compare within a series, not across its ends.\n"
    rows = (
        (f"`{name}`", f"{one.begins} to {one.ends}", one.text)
        for name, one in documented.reading.series.items()
    )
    yield table(("series", "years", "what it holds"), rows)
    yield ""


def _differing(documented: Documented) -> str:
    rows = (
        (f"`{one.outcome}`", _labels(one), one.period, _number(one, one.value), _range(one),
         one.note)
        for one in sorted(documented, key=_order)
        if one.low < one.high
    )  # fmt: skip
    return table(("outcome", "labels", "period", "value", "range", "who says what"), rows)


def _one_outcome(outcome: str, rows: list[Observation], documented: Documented) -> Iterator[str]:
    yield f"## `{outcome}`\n"
    units = ", ".join(dict.fromkeys(one.unit for one in rows))
    yield f"{_label(outcome)} [{units}]\n"
    cells = (
        (_labels(one), one.period, _number(one, one.value), _range(one), one.grade,
         SAMPLES[documented.sample(one)], f"`{one.series}`" if one.series else "",
         _source(one), one.note)
        for one in rows
    )  # fmt: skip
    columns = ("labels", "period", "value", "range", "grade", "used to", "series", "source", "note")
    yield table(columns, cells)
    yield ""


def _label(outcome: str) -> str:
    named = (one.label for one in OUTCOMES if one.csv_name == outcome)
    return next(named, "Read off other outcomes")


def _labels(one: Observation) -> str:
    return ", ".join(f"{key} {name}" for key, name in one.by_label.items())


def _number(one: Observation, number: float) -> str:
    text = one.text(number)
    return text if isinstance(text, str) else f"{number:.6g}"


def _range(one: Observation) -> str:
    if one.low == one.high:
        return ""
    return " to ".join(_number(one, end) for end in (one.low, one.high))


def _source(one: Observation) -> str:
    named = f"[{one.source}]({one.address})" if one.address else one.source
    return ", ".join(_filled((named, one.source_date)))


def _filled(words: Iterable[str]) -> list[str]:
    return [word for word in words if word]


_TEXT = """
    What is known of the case's outcomes, value by value, as the files in its folder `documented/`
    hold it. The model reads none of it. Values of the first years may be fitted to, later ones
    judge. How values were chosen, and what the grades mean, stands on the page on
    [evidence](../evidence.md); sources of the inputs are in the list of [sources](sources.md).
"""
_DIFFER = (
    "A range spans what the sources say. A median inside it counts as no error; one outside it is\n"
    "measured from the value."
)
