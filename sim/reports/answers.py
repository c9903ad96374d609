"""The question of a report, and its answer in three sentences made from the numbers."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sim.documented.verdicts import counts, verdict
from sim.reports.blocks import sheet_figure
from sim.reports.content import Block, Link, Number, Paragraph, Section, Words
from sim.reports.context import Context
from sim.reports.facts import SPACE, percent_text
from sim.reports.supply import ORIGINS, Supply, low_after_peak

TOTAL = ("revenue", "segment=total")
LEAST_SHARE = 0.01  # of the value of all chips: less is not told
WAYS = {
    "direct": "openly from abroad",
    "licensed": "under licence",
    "domestic": "from domestic makers",
    "rerouted": "through intermediaries",
}
Parts = list["str | Number | Link"]
_MONTH = re.compile(r"\d{4}-\d{2}")


def answer_section(ctx: Context) -> Section:
    """Question, answer, and how old the evidence is."""
    sentences = [path_sentence(ctx), chips_sentence(ctx), score_sentence(ctx)]
    blocks: list[Block] = [Paragraph(question(ctx), "question")]
    blocks += [Paragraph(words, "lead") for words in sentences if words]
    if figure := sheet_figure(ctx, "revenue"):
        blocks.append(figure)
    return Section("answer", "Question and answer", blocks)


def question(ctx: Context) -> Words:
    """What the report asks."""
    firm, title = ctx.material.firm, ctx.material.title
    tested = ", and how near is that to what is documented" if ctx.material.documented else ""
    return [
        f"What becomes of {possessive(firm)} revenue and chip supply in the run “{title}”{tested}?"
    ]


def possessive(name: str) -> str:
    """A name in the possessive: ``Huawei's``, ``the firm's``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def path_sentence(ctx: Context) -> Words:
    """Revenue at its peak, its low and its end, beside what is documented."""
    years = ctx.facts.years(*TOTAL)
    if not years:
        return []
    medians = [ctx.facts.value(*TOTAL, year) for year in years]
    high, low = low_after_peak(medians)
    if high == low:
        words: Parts = ["Simulated revenue goes from ", *_median(ctx, years[0]), " to "]
        words += [*_median(ctx, years[-1]), *_band(ctx, years[-1])]
    else:
        words = ["Simulated revenue falls from ", *_median(ctx, years[high]), " to "]
        words += [*_median(ctx, years[low]), *_band(ctx, years[low])]
        if low < len(years) - 1:
            words += [" and stands at ", *_median(ctx, years[-1]), *_band(ctx, years[-1])]
    return [*words, *_documented(ctx, years), "."]


def _median(ctx: Context, year: str) -> Parts:
    return [ctx.facts.number(*TOTAL, year), f"{SPACE}bn CNY in {year}"]


def _band(ctx: Context, year: str) -> Parts:
    low, high = (ctx.facts.number(*TOTAL, year, column) for column in ("q05", "q95"))
    return [f" (90{SPACE}% of the members: ", low, " to ", high, ")"]


def _documented(ctx: Context, years: list[str]) -> Parts:
    """The documented peak, low and last value."""
    rows = {year: ctx.facts.documented(*TOTAL, year) for year in years}
    found = {year: row for year, row in rows.items() if row is not None}
    if not found:
        return []
    names = list(found)
    high, low = low_after_peak([float(row["value"]) for row in found.values()])
    shown = list(dict.fromkeys([names[high], names[low], names[-1]]))
    parts: Parts = ["; documented are "]
    for k, year in enumerate(shown):
        parts += ["" if k == 0 else " and " if k == len(shown) - 1 else ", "]
        parts += [ctx.facts.documented_number(found[year]), f" in {year} "]
        parts += [ctx.refs.documented(found[year])]
    return parts


def chips_sentence(ctx: Context) -> Words:
    """Where the chips came from at the beginning, at the low and at the end; two events."""
    supply = ctx.material.supply
    if supply is None:
        return []
    years = supply.years
    totals = [sum(supply.revenue(year).values()) for year in years]
    low = years[low_after_peak(totals)[1]]
    words: Parts = ["By value, "]
    for k, year in enumerate(dict.fromkeys([years[0], low, years[-1]])):
        words += ["; "] if k else []
        words += _ways(ctx, year, named=k == 0)
    return [*words, *_covert(supply), *_events(ctx), "."]


def _ways(ctx: Context, year: int, *, named: bool) -> Parts:
    """Shares of the origins in a year, the largest first, those under a hundredth left out."""
    assert ctx.material.supply is not None
    shares = {origin: ctx.material.supply.share(origin, year) for origin in ORIGINS}
    ranked = sorted(ORIGINS, key=lambda origin: -shares[origin])
    shown = [origin for origin in ranked if shares[origin] >= LEAST_SHARE]
    parts: Parts = []
    for k, origin in enumerate(shown):
        share = shares[origin]
        place = f"origins|{origin}||{year}|share"
        ending = " and " if k == len(shown) - 1 else ", "
        parts += [ending if k else "", Number(percent_text(share), share, place)]
        came = " of the chips came " if named else " came "
        parts += [came if k == 0 else " ", WAYS[origin]]
    return [*parts, f" in {year}"]


def _covert(supply: Supply) -> Parts:
    """The year in which most came through intermediaries, if there was any to speak of."""
    shares = {year: supply.share("rerouted", year) for year in supply.years}
    year = max(shares, key=shares.__getitem__)
    if shares[year] < LEAST_SHARE:
        return []
    share = Number(percent_text(shares[year]), shares[year], f"origins|rerouted||{year}|share")
    return [f"; the most {WAYS['rerouted']} came in {year}, ", share]


def _events(ctx: Context) -> Parts:
    """Months in which the own advanced chips run out and in which home-made ones appear."""
    told = (
        ("own_advanced_soc_runs_out", "the stock of own advanced phone chips runs out in "),
        ("domestic_advanced_phone_chip", "the first from a domestic foundry appears in "),
    )
    parts: Parts = []
    for name, words in told:
        month = event_number(ctx, name)
        if month is not None:
            parts += ["; " if not parts else " and ", words, month, *_documented_month(ctx, name)]
    return parts


def event_number(ctx: Context, name: str, column: str = "q50") -> Number | None:
    """Month of an event in the middle member; None if it never happens."""
    events = ctx.material.events
    rows = events[events["outcome"] == name] if len(events) else events
    month = rows[column].iloc[0] if len(rows) else None
    if not isinstance(month, str):
        return None
    return Number(month_name(month), month, f"events|{name}|||{column}")


def month_name(month: str) -> str:
    """``2021-09`` as ``Sep 2021``."""
    return pd.Timestamp(f"{month}-01").strftime("%b %Y")


def _documented_month(ctx: Context, name: str) -> Parts:
    points = ctx.material.points
    rows = points[points["outcome"] == name] if points is not None else None
    if rows is None or rows.empty:
        return []
    row = rows.iloc[0].to_dict()
    place = f"documented|{name}||{row['period']}|value"
    month = Number(month_name(str(row["value"])), str(row["value"]), place)
    return [" (documented: ", month, " ", ctx.refs.documented(row), ")"]


def score_sentence(ctx: Context) -> Words:
    """Hits and misses, and the worst of them."""
    card = ctx.material.card
    if card is None or card.empty:
        return ["This run has no documented outcomes to stand beside, so nothing here is tested."]
    found = counts(card)
    judged = sum(found[name] for name in ("PASS", "WARN", "MISS"))
    words: Parts = ["Of ", _count(judged, "judged"), " documented values that the run covers, "]
    words += [_count(found["PASS"], "PASS"), " pass, ", _count(found["WARN"], "WARN")]
    words += [" are doubtful and ", _count(found["MISS"], "MISS"), " are missed"]
    return [*words, *_after_sample(card), *_worst(ctx, card), "."]


def _count(count: int, name: str) -> Number:
    return Number(str(count), count, f"verdicts|{name}|||count")


def _after_sample(card: pd.DataFrame) -> Parts:
    """The years that judge the model, apart."""
    later = card[card["sample"] == "out"]
    found = counts(later)
    judged = found["PASS"] + found["WARN"] + found["MISS"]
    if not judged:
        return []
    passed = Number(str(found["PASS"]), found["PASS"], "verdicts|out PASS|||count")
    total = Number(str(judged), judged, "verdicts|out judged|||count")
    return ["; of the ", total, " from years that no input may be fitted to, ", passed, " pass"]


def _worst(ctx: Context, card: pd.DataFrame, most: int = 3) -> Parts:
    """The largest errors, one for each outcome."""
    wide = ("WARN", "MISS")  # a band that is wide enough hides any error from the verdict
    rows: list[dict[Any, Any]] = [r for r in card.to_dict("records") if verdict(r) in wide]
    rows = [row for row in rows if _float(row["error_pct"]) == _float(row["error_pct"])]
    rows.sort(key=lambda row: -abs(_float(row["error_pct"])))
    misses: list[Parts] = []
    seen: set[str] = set()
    for row in rows:
        if row["outcome"] in seen or len(seen) == most:
            continue
        seen.add(row["outcome"])
        labels = str(row["labels"] or "") if row["labels"] == row["labels"] else ""
        misses.append(_miss(ctx, row, labels))
    if not misses:
        return []
    words: Parts = ["; the largest " + ("errors are " if len(misses) > 1 else "error is ")]
    for k, one in enumerate(misses):
        words += ["" if k == 0 else " and " if k == len(misses) - 1 else ", ", *one]
    return words


def _miss(ctx: Context, row: dict[Any, Any], labels: str) -> Parts:
    """A missed value: how far the median is above or below it."""
    error = _float(row["error_pct"])
    place = f"scorecard|{row['outcome']}|{labels}|{row['period']}|error_pct"
    name = lower_first(ctx.outcome(row["outcome"], labels))
    way = "high" if error > 0 else "low"
    share = Number(f"{abs(error):.0f}{SPACE}%", error, place)
    return [f"{name} in {period_name(row['period'])} (the median is ", share, f" too {way})"]


def period_name(period: Any) -> str:
    """A documented period in a sentence: ``2020-05`` as ``May 2020``, others as they are."""
    text = str(period)
    return month_name(text) if _MONTH.fullmatch(text) else text


def lower_first(text: str) -> str:
    """A name inside a sentence; abbreviations stay."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
