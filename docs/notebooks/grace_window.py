"""Class notebook: what the days between announcement and effect were worth.

Open it with ``marimo edit docs/notebooks/grace_window.py``; as a script it runs from top to bottom.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="The grace window")


@app.cell
def _():
    import marimo as mo
    import matplotlib.pyplot as plt

    from sim import load_case, simulate

    return load_case, mo, plt, simulate


@app.cell
def _(mo):
    mo.md("""
    # The grace window

    In May 2020 the United States closed foundries abroad to Huawei's own designs, and let work in
    progress ship for another 120 days. **Was that a gift, or a formality?**

    Write down before you go on: how many months of own phone chips are in store at the end of
    September 2020 with the window, and how many without it?
    """)
    return


@app.cell
def _(mo):
    days = mo.ui.slider(0, 240, step=30, value=0, label="Days of grace", show_value=True)
    members = mo.ui.slider(8, 256, step=8, value=16, label="Members", show_value=True)
    mo.hstack([days, members], justify="start")
    return days, members


@app.cell
def _(days, load_case, members, simulate):
    grace = "measures.direct_product_rule_may_2020.grace_days"
    window = {"members": members.value, "seed": 1, "end": "2022-12"}
    as_it_was = simulate(load_case("huawei"), **window)
    moved = simulate(load_case("huawei", {grace: days.value}), **window)
    return as_it_was, moved


@app.cell
def _(as_it_was, days, moved, plt):
    def draw_cover(ax, run, label, colour):
        """Median and 90 % band of the months of use in store."""
        cover = run.select("stock_cover", item="own_advanced_soc")
        low, middle, high = cover.quantile([0.05, 0.5, 0.95], dim="member")
        ax.fill_between(cover.month, low, high, color=colour, alpha=0.2, linewidth=0)
        ax.plot(cover.month, middle, color=colour, label=label)

    figure, panel = plt.subplots(figsize=(8, 3.5), layout="constrained")
    draw_cover(panel, as_it_was, "120 days, as it was", "tab:blue")
    draw_cover(panel, moved, f"{days.value} days", "tab:orange")
    panel.set(ylabel="months of use in store", title="Own phone chips, median and 90 % band")
    panel.legend(frameon=False)
    figure
    return


@app.cell
def _(as_it_was, mo, moved):
    lost = moved.annual_members("revenue", segment="total") - as_it_was.annual_members(
        "revenue", segment="total"
    )
    change = lost.quantile([0.05, 0.5, 0.95], dim="member").round(0)
    mo.vstack(
        [
            mo.md("## Revenue, moved less as it was [bn CNY]"),
            mo.plain_text(change.transpose("period", "quantile").to_pandas().to_string()),
        ]
    )
    return (change,)


@app.cell
def _(mo):
    mo.md("""
    ## Talk about it

    1. Which year pays for the missing days, and why not the year of the rule?
    2. Set 240 days. Is the second half of the window worth as much as the first? What ends it?
       (Look for the rule of August 2020 in the [table of measures](../generated/measures.md).)
    3. Both curves have a band, and the bands overlap. Does that mean that the difference may be
       nothing? The table holds differences member by member: what is the same in both runs?
    4. Add `"mechanisms.stockpiling": 0` to both cases above. What is a window worth that nobody
       uses?
    """)
    return


if __name__ == "__main__":
    app.run()
