"""Class notebook: how to read a run that is a whole ensemble.

Open it with ``marimo edit docs/notebooks/read_a_run.py``; as a script it runs from top to bottom.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Read a run")


@app.cell
def _():
    import marimo as mo
    import matplotlib.pyplot as plt

    from sim import load_case, simulate

    return load_case, mo, plt, simulate


@app.cell
def _(mo):
    mo.md("""
    # Read a run

    A firm that does not exist sells phones and networks; a country that does not exist turns
    against it. One run computes many complete histories at once. What do the curves say?
    """)
    return


@app.cell
def _(load_case, simulate):
    run = simulate(load_case("example"), members=32, seed=1)
    revenue = run.annual_members("revenue", segment="total")
    dict(revenue.sizes)
    return revenue, run


@app.cell
def _(mo, revenue):
    member = mo.ui.slider(0, revenue.sizes["member"] - 1, value=3, label="Member", show_value=True)
    member
    return (member,)


@app.cell
def _(member, plt, revenue):
    figure, panel = plt.subplots(figsize=(8, 3.5), layout="constrained")
    years = [int(period) for period in revenue.period.values]
    low, middle, high = revenue.quantile([0.05, 0.5, 0.95], dim="member").values
    panel.fill_between(years, low, high, color="tab:blue", alpha=0.2, linewidth=0)
    panel.plot(years, middle, color="tab:blue", label="median and 90 % band")
    own = revenue.isel(member=member.value)
    panel.plot(years, own, color="black", label=f"member {member.value}")
    panel.set(ylabel="bn CNY", title="Revenue of a year", xticks=years)
    panel.legend(frameon=False)
    figure
    return high, low


@app.cell
def _(high, low, mo, revenue):
    inside = ((revenue >= low[:, None]) & (revenue <= high[:, None])).mean("member")
    never_left = ((revenue >= low[:, None]) & (revenue <= high[:, None])).all("period").mean()
    mo.md(f"""
    ## The band is no corridor

    In each year {float(inside.min()):.0%} or more of the members lie in the band, as it should
    be. But only **{float(never_left):.0%}** of them lie in it in *every* year. And the median is
    nobody's history: no member need follow it. So never read a path off the edge of a band.
    """)
    return (never_left,)


@app.cell
def _(mo, run):
    events = run.events()[["outcome", "q05", "q50", "q95", "share"]]
    mo.vstack(
        [
            mo.md("## When things happen, and in how many members"),
            mo.plain_text(events.to_string(index=False)),
        ]
    )
    return


@app.cell
def _(load_case, revenue, simulate):
    without = simulate(load_case("example", ["mechanisms.stockpiling=0"]), members=32, seed=1)
    other_luck = simulate(load_case("example", ["mechanisms.stockpiling=0"]), members=32, seed=2)
    paired = without.annual_members("revenue", segment="total") - revenue
    unpaired = other_luck.annual_members("revenue", segment="total") - revenue
    width = [float(one.sel(period="2032").std("member")) for one in (paired, unpaired)]
    return paired, width


@app.cell
def _(mo, paired, width):
    lost = float(paired.sel(period="2032").median())
    mo.md(f"""
    ## Differences need the same luck

    Without stores the firm loses {-lost:.0f} bn CNY in 2032 (median). With the same luck in both
    runs, the differences scatter by {width[0]:.1f} bn CNY from member to member; with other luck,
    by {width[1]:.1f}. What luck had moved in both runs alike has gone.
    """)
    return


@app.cell
def _(mo):
    mo.md("""
    ## Talk about it

    1. Move the slider. Find a member that is never poor, and one that recovers late. What could
       differ between them? (`run.select("stock_cover", item="phone_chip")` and the events help.)
    2. Does the band hold the truth in nine cases of ten? List what would have to be right for that.
    3. Take 8 members instead of 32, with seeds 1, 2 and 3. Which numbers here may be quoted?
    """)
    return


if __name__ == "__main__":
    app.run()
