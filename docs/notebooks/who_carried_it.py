"""Class notebook: sharing a result out among those who caused it together.

Open it with ``marimo edit docs/notebooks/who_carried_it.py``; as a script it runs from top to
bottom.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Who carried the resilience?")


@app.cell
def _():
    from itertools import permutations

    import marimo as mo
    import numpy as np

    from sim import load_case
    from sim.analysis.attribution import Headline, attribute

    return Headline, attribute, load_case, mo, np, permutations


@app.cell
def _(mo):
    mo.md("""
    # Who carried the resilience?

    Groups of responses held Huawei's revenue up: **government support** (grants, a fab fund, the
    purchase of Honor, public buyers), **own strategy** (stores, licences, redesign, new
    businesses), **evasion** (orders through fronts, covert access to tools), **home foundries**,
    which rest on all three, and the **patriotism** of buyers.

    Guess before you go on: of what they added together in 2023, which share does each carry?
    """)
    return


@app.cell
def _(mo):
    mo.md("""
    ## Why a simple answer fails

    Two workers move a stone that neither can move alone. Take either away and nothing moves: each
    seems to carry all of it. Let each try alone: neither seems to carry anything. A fair share
    lets all join in every possible order and averages what each adds when it comes. That is the
    *Shapley value*; shares add up to the whole.
    """)
    return


@app.cell
def _(np, permutations):
    def fair_shares(worth, players):
        """Shapley values: what each adds, averaged over all orders of joining."""
        orders = list(permutations(players))
        shares = dict.fromkeys(players, 0.0)
        for order in orders:
            for place, player in enumerate(order):
                before = frozenset(order[:place])
                shares[player] += (worth[before | {player}] - worth[before]) / len(orders)
        return shares

    nobody, both = frozenset(), frozenset({"Ann", "Ben"})
    stone = {nobody: 0.0, frozenset({"Ann"}): 0.0, frozenset({"Ben"}): 0.0, both: 10.0}
    by_hand = fair_shares(stone, ("Ann", "Ben"))
    assert np.isclose(sum(by_hand.values()), stone[both])
    by_hand
    return (by_hand,)


@app.cell
def _(mo):
    draws = mo.ui.slider(4, 64, step=4, value=4, label="Draws", show_value=True)
    year = mo.ui.dropdown(["2020", "2021", "2022", "2023", "2024"], value="2023", label="Year")
    mo.hstack([draws, year], justify="start")
    return draws, year


@app.cell
def _(Headline, attribute, draws, load_case, year):
    # All combinations of the groups, each with the same draws and the same luck.
    headline = Headline("revenue", "segment=total", year.value)
    shared = attribute(load_case("huawei"), "groups", draws.value, headlines=(headline,))
    return (shared,)


@app.cell
def _(mo, shared):
    columns = ["player", "mean", "q05", "q50", "q95", "alone", "leaves"]
    shares = shared.frame()[columns].round(1)
    mo.vstack(
        [
            mo.md("## Shares of revenue [bn CNY]"),
            mo.plain_text(shares.to_string(index=False)),
            mo.md("""
            `(none)` is revenue with no response at all, `(all)` with all of them. Beside each
            share: what the group brings when it comes *alone*, and what is lost when it *leaves*
            the others.
            """),
        ]
    )
    return (shares,)


@app.cell
def _(mo):
    mo.md("""
    ## Talk about it

    1. Do the shares add up to the difference between `(all)` and `(none)`? Do the medians, too?
    2. For which group are *alone* and *leaves* far apart? Does it need the others, or replace them?
    3. Home foundries stand by themselves, since state money, the firm's engineers and covert tools
       all went into them. To whom would you give their share, and what would you say about the
       others then?
    4. Choose another year. Which share moves most, and which event explains it?
    5. With few draws the band is wide. Set 64 and look again: what did not become narrower?
    """)
    return


if __name__ == "__main__":
    app.run()
