"""Writes the tables of docs/findings.md; the words around them are written by hand.

Run by ``make docs``. A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from docs.mechanisms import CASE, SEED, Array, Move, difference, read, run_all, scorecard
from sim.analysis.attribution import Attribution, Headline, attribute
from sim.analysis.players import By
from sim.case.load import load_case

PAGE = Path(__file__).resolve().parent / "findings.md"
MEMBERS, REPLICATES = 128, 64
ORDERS = 12  # orders of entry where there are many parts, a half mirroring the other
SCENARIOS = (
    "no-sanctions", "no-grace", "no-stockpile", "no-licences", "no-home-support",
    "no-evasion", "no-foreign-direct-product-rule", "tools-with-the-listing",
    "allies-aligned-from-start", "strict-enforcement", "hbm-never-controlled",
    "settlement-accepted", "controls-lifted-2025",
)  # fmt: skip
ACCELERATORS = Move("accelerators", "", "2025/2026", {"die_origin": "total"})
CHANGES: Mapping[str, Move] = {
    "revenue 2021 [bn CNY]": Move("revenue", "", "2021", {"segment": "total"}),
    "revenue 2024 [bn CNY]": Move("revenue", "", "2024", {"segment": "total"}),
    "accelerators 2025-26 [thousand]": ACCELERATORS,
    "sales lost by US suppliers to 2024 [bn USD]": Move(
        "supplier_losses", "", "2019/2024", {"country": "united_states"}
    ),
}
CHIP = Move("domestic_advanced_phone_chip", "earlier")
REVENUE = tuple(Headline("revenue", "segment=total", year) for year in ("2021", "2023", "2024"))
GROUP_HEADLINES = (
    *REVENUE,
    Headline("phones_shipped", "soc=own_domestic_foundry", "2024"),
    Headline("accelerators", "die_origin=total", "2024"),
    Headline("domestic_advanced_phone_chip", "", ""),
)
WORDS = {
    "revenue": "revenue",
    "phones_shipped": "phones with a home-made chip",
    "accelerators": "accelerators",
    "domestic_advanced_phone_chip": "months with a home-made 7 nm phone chip",
}


def main(page: Path = PAGE) -> None:
    """Run what the tables need and put them into the page."""
    runs = run_all({name: load_case(name) for name in SCENARIOS}, MEMBERS)
    tables: dict[str, Callable[[], str]] = {
        "course": lambda: course(scorecard(runs[CASE])),
        "groups": lambda: shares("groups", GROUP_HEADLINES),
        "mechanisms": lambda: shares("mechanisms", REVENUE[::2]),
        "measures": lambda: shares("measures", REVENUE[::2]),
        "scenarios": lambda: scenarios(runs),
    }
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        text = filled(text, name, table())
    page.write_text(text, encoding="utf-8")


def filled(text: str, name: str, table: str) -> str:
    """The page with one table renewed.

    Raises:
        ValueError: if the page has no place for it.
    """
    start = f"<!-- table: {name} -->"
    place = re.compile(f"{re.escape(start)}.*?<!-- end -->", re.DOTALL)
    if not place.search(text):
        raise ValueError(f"{PAGE.name} has no '{start}'")
    return place.sub(lambda _: f"{start}\n{table}\n<!-- end -->", text)


def course(card: pd.DataFrame) -> str:
    """Total revenue by year beside what is documented."""
    rows = card[(card["outcome"] == "revenue") & (card["labels"] == "segment=total")]
    found = ["| year | documented | median | 90 % band | error | use |", "| --- " * 6 + "|"]
    for row in rows.to_dict("records"):
        if row["q50"] == row["q50"]:
            use = "may be fitted to" if row["sample"] == "in" else "judges"
            band = f"{row['q05']:.0f} to {row['q95']:.0f}"
            found.append(
                f"| {row['period']} | {row['documented']:.0f} | {row['q50']:.0f} | {band} "
                f"| {row['error_pct']:+.1f} % | {use} |"
            )
    return "\n".join(found)


def shares(by: By, headlines: tuple[Headline, ...]) -> str:
    """Shapley shares, with what a part brings alone and what leaves with it."""
    found = attribute(load_case(CASE), by, REPLICATES, SEED, headlines, ORDERS)
    head = (
        "| outcome | part | share, mean (90 % of draws) | alone | leaves with it |\n"
        "| --- | --- | --- | --- | --- |"
    )
    return "\n".join([head, *_share_rows(found)])


def _share_rows(found: Attribution) -> Iterator[str]:
    for (outcome, period), rows in found.frame().groupby(["outcome", "period"], sort=False):
        for row in rows.to_dict("records"):
            what = f"{WORDS[str(outcome)]} {period} [{row['unit']}]".replace(" to the end", "")
            band = f"{short(row['mean'])} ({short(row['q05'])} to {short(row['q95'])})"
            name = {"(none)": "*without any*", "(all)": "*with all*"}.get(
                row["player"], row["player"]
            )
            readings = [_reading(row, key) for key in ("alone", "leaves")]
            yield f"| {what} | {name} | {band} | {' | '.join(readings)} |"


def _reading(row: Mapping[Any, Any], key: str) -> str:
    value = row.get(key, np.nan)
    return short(value) if value == value else ""


def scenarios(runs: Mapping[str, xr.Dataset]) -> str:
    """What each scenario changes against history, member by member."""
    head = ["scenario", *CHANGES, "home-made 7 nm phone chip"]
    lines = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    history = [short(float(np.median(read(runs[CASE], move)))) for move in CHANGES.values()]
    lines.append(f"| *history* | {' | '.join(history)} | {_when(runs[CASE])} |")
    for name in SCENARIOS:
        cells = [_change(difference(runs[name], runs[CASE], move)) for move in CHANGES.values()]
        lines.append(f"| `{name}` | {' | '.join(cells)} | {_when(runs[name])} |")
    return "\n".join(lines)


def _change(change: Array) -> str:
    low, mid, high = np.quantile(change, (0.05, 0.5, 0.95))
    if not change.any():
        return "none"
    return f"{short(mid, sign=True)} ({short(low, sign=True)} to {short(high, sign=True)})"


def _when(data: xr.Dataset) -> str:
    months = data[CHIP.outcome].values
    seen = np.isfinite(months)
    if seen.mean() < 0.5:
        return "never" if not seen.any() else f"in {100 * seen.mean():.0f} % of members"
    return str(data["month"].values[int(np.median(months[seen]))])[:7]


def short(value: float, *, sign: bool = False) -> str:
    """Two figures, or whole numbers from a hundred on."""
    if abs(value) < 0.005:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{float(f'{value:.2g}'):g}"
    return f"+{text}" if sign and value > 0 else text


if __name__ == "__main__":
    main(*(Path(arg) for arg in sys.argv[1:]))
