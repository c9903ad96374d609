"""Tables of a run: chips by origin, revenue by year."""

from __future__ import annotations

from typing import Any

from sim.reports.answers import TOTAL, WAYS
from sim.reports.blocks import to_csv
from sim.reports.content import Cell, Column, Number, Row, Table, Words
from sim.reports.context import Context
from sim.reports.facts import number_text, percent_text
from sim.reports.supply import ORIGINS, Supply


def origins_table(ctx: Context, supply: Supply) -> Table:
    """Chips received and the revenue that rests on them, by origin and year."""
    years = supply.years
    columns = [Column("", width=3), *(Column(str(year), "right") for year in years)]
    rows = [Row(["Share of the value of chips received"], "group")]
    values = {year: supply.by_origin(year) for year in years}
    total = {year: sum(values[year].values()) or 1.0 for year in years}
    records: list[dict[str, Any]] = []
    for origin in ORIGINS:
        cells: list[Cell] = [WAYS[origin]]
        for year in years:
            share = values[year][origin] / total[year]
            place = f"origins|{origin}||{year}|share"
            cells.append([Number(percent_text(share), share, place)])
            records.append({"origin": origin, "year": year, "bn_usd": values[year][origin],
                            "share": share})  # fmt: skip
        rows.append(Row(cells))
    rows.append(Row(["Chips received [bn USD at open prices]", *(
        [Number(number_text(total[y]), total[y], f"origins|total||{y}|bn_usd")] for y in years
    )], "total"))  # fmt: skip
    return Table("origins", "Chips by origin", columns, rows, to_csv(records))


def revenue_table(ctx: Context) -> Table | None:
    """Revenue by year: bands of the run beside the documented value."""
    years = ctx.facts.years(*TOTAL)
    if not years:
        return None
    columns = [
        Column("Year"),
        Column("Median", "right"),
        Column("50 % band", "right", 1.6),
        Column("90 % band", "right", 1.6),
        Column("Documented", "right", 1.4),
    ]
    rows = [Row(_year_cells(ctx, year)) for year in years]
    data = to_csv([dict(row) for row in ctx.facts.rows(*TOTAL)])
    return Table("revenue-by-year", "Revenue a year [bn CNY]", columns, rows, data)


def _year_cells(ctx: Context, year: str) -> list[Cell]:
    def number(column: str) -> Number:
        return ctx.facts.number(*TOTAL, year, column)

    row = ctx.facts.documented(*TOTAL, year)
    said: Words = []
    if row is not None:
        said = [ctx.facts.documented_number(row), " ", ctx.refs.documented(row)]
    return [
        year,
        [number("q50")],
        [number("q25"), " to ", number("q75")],
        [number("q05"), " to ", number("q95")],
        said,
    ]
