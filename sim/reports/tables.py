"""Tables of a run: chips by origin, revenue by year."""

from __future__ import annotations

from sim.reports.answers import TOTAL, WAYS
from sim.reports.blocks import to_csv
from sim.reports.content import Cell, Column, Number, Row, Table, Words
from sim.reports.context import Context
from sim.reports.facts import number_text, percent_text
from sim.reports.names import display
from sim.reports.supply import ORIGINS, Supply


def origins_table(ctx: Context, supply: Supply) -> Table:
    """Chips received by year: the share of each origin in their value, and the value."""
    columns = [
        Column("Year", width=0.8),
        *(Column(_narrow(display(WAYS[origin])), "right") for origin in ORIGINS),
        Column("All [bn USD]", "right", 1.2),
    ]
    rows, records = [], []
    for year in supply.years:
        values = supply.by_origin(year)
        cells: list[Cell] = [str(year)]
        for origin in ORIGINS:
            share = supply.share(origin, year)
            cells.append([Number(percent_text(share), share, f"origins|{origin}||{year}|share")])
            records.append({"origin": origin, "year": year, "bn_usd": values[origin],
                            "share": share})  # fmt: skip
        total = sum(values.values())
        cells.append([Number(number_text(total), total, f"origins|total||{year}|bn_usd")])
        rows.append(Row(cells))
    caption = "Chips received by origin, as share of their value at open prices"
    return Table("origins", caption, columns, rows, to_csv(records))


def _narrow(name: str) -> str:
    """A name whose long word may break on a narrow screen."""
    return name.replace("intermediaries", "inter\N{SOFT HYPHEN}mediaries")


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
