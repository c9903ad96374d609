"""Sections on analyses of a run, which appear only where such results have been computed.

They lie in the run's folder, or in a folder beside it that was made of the same inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from sim.reports import style
from sim.reports.axes import number as tick
from sim.reports.blocks import to_csv
from sim.reports.content import (
    Block,
    Cell,
    Column,
    Figure,
    Key,
    Link,
    Number,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    Words,
)
from sim.reports.context import Context
from sim.reports.facts import number_text, percent_text, signed_text
from sim.reports.material import loose_manifest
from sim.reports.names import display
from sim.reports.sensitivity import LEAST, heat_figure

ATTRIBUTION, SENSITIVITY = "attribution.csv", "sensitivity.csv"
NONE, ALL = "(none)", "(all)"
_HEAD = ["outcome", "labels", "period"]
_TITLES = {
    "groups": "What carried the result",
    "mechanisms": "What each mechanism carried",
    "measures": "What each kind of measure did",
}


def extra_sections(ctx: Context) -> list[Section]:
    """Attribution and sensitivity of a run, if they have been computed."""
    found = [_attribution(ctx, folder, k) for k, folder in enumerate(_having(ctx, ATTRIBUTION))]
    found += [_sensitivity(folder, k) for k, folder in enumerate(_having(ctx, SENSITIVITY))]
    return [section for section in found if section is not None]


def _having(ctx: Context, name: str) -> Iterator[Path]:
    """Folders with a file of that name: the run's own, and those beside it of the same inputs."""
    own = ctx.material.folder
    if (own / name).is_file():
        yield own
    wanted = ctx.material.manifest.get("fingerprint")
    for path in sorted(own.absolute().parent.glob(f"*/{name}")):
        if path.parent != own.absolute() and wanted and _print_of(path.parent) == wanted:
            yield path.parent


def _print_of(folder: Path) -> str:
    return str(loose_manifest(folder).get("fingerprint", ""))


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, keep_default_na=False, na_values=["nan"], dtype={"period": str})
    except (OSError, ValueError):
        return pd.DataFrame()


def _attribution(ctx: Context, folder: Path, k: int) -> Section | None:
    """Waterfalls of the headline outcomes, and their table."""
    table = _read(folder / ATTRIBUTION)
    if not {*_HEAD, "player", "mean", "q05", "q95"} <= set(table.columns):
        return None
    by = str(loose_manifest(folder).get("by", ""))
    pictures = [_picture(ctx, part) for _, part in table.groupby(_HEAD, sort=False)]
    words = (
        "Shapley shares over all orders in which the parts could come in, on common luck: means, "
        "with the band of 90 % of the draws as a line. They add up from the result without any "
        "of the parts to the result with all of them."
    )
    figure = Figure(
        f"figure-attribution-{k}", f"attribution_{by or k}", "From without to with all of them",
        "in the unit of each outcome", pictures, 2, _LEGEND, [[words]],
        data=to_csv(table.to_dict("records")),
    )  # fmt: skip
    source = f"From {folder.name}: {loose_manifest(folder).get('replicates', '?')} draws."
    blocks: list[Block] = [Paragraph(shares_sentence(ctx, table), "lead")]
    blocks += [Paragraph([source]), figure]
    blocks.append(tidy_table(table, f"attribution-{k}", "All shares", ATTRIBUTION))
    return Section(f"attribution-section-{k}", _TITLES.get(by, "Attribution"), blocks)


def shares_sentence(ctx: Context, table: pd.DataFrame) -> Words:
    """What each part adds to the first outcome in the last year that it has."""
    first = table.iloc[0]
    alike = table[(table["outcome"] == first["outcome"]) & (table["labels"] == first["labels"])]
    rows = alike[alike["period"] == alike["period"].max()]
    values = {str(row["player"]): (k, float(row["mean"])) for k, row in rows.iterrows()}
    unit = f" {first['unit']}" if "unit" in table else ""
    name = ctx.outcome(str(first["outcome"]), str(first["labels"]))
    words: list[str | Number | Link] = [f"{name} in {rows['period'].iloc[0]}: "]
    words += [_share(values, NONE, signed=False), f"{unit} without any of the parts; "]
    parts = [player for player in values if player not in (NONE, ALL)]
    for player in sorted(parts, key=lambda one: -abs(values[one][1])):
        words += [f"{player} ", _share(values, player, signed=True), ", "]
    return [*words, "which makes ", _share(values, ALL, signed=False), " with all of them."]


def _share(values: dict[str, tuple[Any, float]], player: str, *, signed: bool) -> Number:
    row, value = values.get(player, ("", float("nan")))
    text = signed_text(value) if signed else number_text(value)
    return Number(text, value, f"{ATTRIBUTION}|{row}|||mean")


_LEGEND = (
    Key("fill", "without, with all", style.SKY),
    Key("fill", "raises it", style.GREEN),
    Key("fill", "lowers it", style.VERMILION, "/"),
)


def _picture(ctx: Context, part: pd.DataFrame) -> Picture:
    first = part.iloc[0]
    unit = f" [{first['unit']}]" if "unit" in part else ""
    title = f"{ctx.outcome(first['outcome'], str(first['labels']))} {first['period']}{unit}"
    steps = [f"{_name(row)} {signed_text(float(row['mean']))}" for _, row in part.iterrows()]
    return Picture(title, waterfall(part), f"{title}: {'; '.join(steps)}.")


def _name(row: Any) -> str:
    player = str(row["player"])
    return {NONE: "Without", ALL: "With all"}.get(player, display(player.replace(" ", "_")))


@style.styled
def waterfall(part: pd.DataFrame) -> Drawing:
    """Shares one after another, from the result without any part to the one with all."""
    rows = part.to_dict("records")
    height = 0.3 + 0.27 * len(rows)
    figure = style.new_figure(4.5, height)
    ax = figure.add_axes((0.33, 0.26 / height, 0.55, 1 - 0.3 / height))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    base = 0.0
    for place, row in enumerate(rows):
        base = _step(ax, row, place, base)
        text = number_text(float(row["mean"]))
        shown = text if row["player"] in (NONE, ALL) else signed_text(float(row["mean"]))
        across = ax.get_yaxis_transform()
        ax.text(-0.03, place, _name(row), transform=across, ha="right", va="center", size=8)
        ax.text(1.19, place, shown, transform=across, ha="right", va="center", size=8)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=style.MUTED, linewidth=0.7)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(lambda value, place: tick(value))
    ax.tick_params(axis="x", labelsize=7.5)
    return figure


def _step(ax: Axes, row: dict[Any, Any], place: int, base: float) -> float:
    """One bar, and the level after it."""
    value = float(row["mean"])
    if row["player"] in (NONE, ALL):
        ax.barh(place, value, height=0.62, color=style.SKY)
        return value
    falls = value < 0
    ax.barh(
        place, value, height=0.62, left=base, color="white" if falls else style.GREEN,
        edgecolor=style.VERMILION if falls else style.GREEN, hatch="//" if falls else None,
    )  # fmt: skip
    ends = [base + float(row["q05"]), base + float(row["q95"])]
    ax.plot(ends, [place, place], color=style.BLACK, linewidth=1.0)
    return base + value


def _sensitivity(folder: Path, k: int) -> Section | None:
    """Heat maps of shares of variance, and their table."""
    table = _read(folder / SENSITIVITY)
    if table.empty:
        return None
    about = loose_manifest(folder)
    words = (
        f"From {folder.name}: Sobol shares over {about.get('points', '?')} base points. A total "
        "share is the part of the variance that would go if the input were known. The others that "
        "are uncertain stay at one draw; a screening of all chose which to take. Inputs vary "
        "over the ranges of the case, whatever a fit has left of them."
    )
    blocks: list[Block] = [Paragraph([words])]
    if {*_HEAD, "parameter", "never", "ST", "ST_conf", "ST_half", "S1"} <= set(table.columns):
        blocks.append(heat_figure(table, f"sensitivity_{k}"))
        table = table[table["ST"] >= LEAST]
    caption = f"Shares of variance from {percent_text(LEAST)} on"
    blocks.append(tidy_table(table, f"sensitivity-{k}", caption, SENSITIVITY))
    return Section(f"sensitivity-section-{k}", "Sensitivity", blocks)


def tidy_table(table: pd.DataFrame, key: str, caption: str, file: str) -> Table:
    """Any tidy table as it stands."""
    numeric = set(table.select_dtypes("number").columns)
    columns = [
        Column(str(name).replace("_", " "), "right" if name in numeric else "left")
        for name in table.columns
    ]
    rows = [_tidy_row(record, numeric, file, k) for k, record in enumerate(_records(table))]
    return Table(key, caption, columns, rows, to_csv(_records(table)), folded=True)


def _records(table: pd.DataFrame) -> Sequence[dict[Any, Any]]:
    return list(table.to_dict("records"))


def _tidy_row(record: dict[Any, Any], numeric: set[Any], file: str, k: int) -> Row:
    cells: list[Cell] = []
    for name, value in record.items():
        if name in numeric and value == value:
            cells.append([Number(number_text(float(value)), float(value), f"{file}|{k}|||{name}")])
        else:
            cells.append("" if value != value else str(value))
    return Row(cells)
