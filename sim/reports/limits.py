"""What the model cannot say: of any case in general, and of this run in numbers."""

from __future__ import annotations

from sim.documented.verdicts import verdict
from sim.reports.content import Block, Link, Listing, Number, Paragraph, Section
from sim.reports.context import Context
from sim.reports.facts import percent_text
from sim.runs.inputs import inputs_of

Parts = list["str | Number | Link"]

GENERAL = (
    "It is an instrument for thinking about mechanisms and timing, not a forecast; a band says how "
    "far outcomes spread over what members draw, not how likely they are.",
    "Inputs that were not fitted together are drawn independently of one another, though real "
    "uncertainties hang together.",
    "Measures are dated inputs. What governments would have done under another course of events is "
    "not known to it, apart from a few measures that answer acts inside the model.",
    "Competitors take what is left in fixed parts. They do not respond, and the size of a market "
    "does not depend on what happens in it.",
    "Prices of chips are inputs: stocking up raises no price and takes no capacity from others, "
    "except at domestic foundries.",
    "A chip is a process node, an area and a generation. Design quality, packaging, test, software "
    "and power are not in it.",
    "Nothing below a month, below a region, or about single products and people can be read off.",
    "Welfare and the macroeconomy are left out: losses of suppliers are sales along usual shares.",
)


def limits_section(ctx: Context, *, scored: bool = True) -> Section:
    """General limits, then what this run rests on and, if it is ``scored``, misses."""
    blocks: list[Block] = [Listing([[point] for point in GENERAL])]
    own = [*_assumed(ctx), *(_untested(ctx) if scored else [])]
    if own:
        blocks += [Paragraph(["Of this run in particular:"]), Listing(own)]
    return Section("limits", "What the model cannot say", blocks)


def _assumed(ctx: Context) -> list[Parts]:
    case = ctx.material.case
    if case is None:
        return []
    found = list(inputs_of(case))
    assumed = sum(one.number.standing == "assumed" for one in found)
    documented = sum(one.number.standing == "documented" for one in found)
    words: Parts = [
        Number(str(assumed), assumed, "inputs|assumed|||count"),
        " of ",
        Number(str(len(found)), len(found), "inputs|all|||count"),
        " inputs are assumed and only ",
        Number(str(documented), documented, "inputs|documented|||count"),
        " documented; they are listed under ",
        Link("Parameters", "#parameters"),
        ".",
    ]
    return [words]


def _untested(ctx: Context) -> list[Parts]:
    """What the scorecard cannot judge or finds wrong."""
    card = ctx.material.card
    if card is None or card.empty:
        return [["No documented outcome stands beside it, so nothing about it is tested."]]
    rows = card.to_dict("records")
    found = [verdict(row) for row in rows]
    missed = sorted({ctx.outcome(row["outcome"]) for row in rows if verdict(row) == "MISS"})
    points: list[Parts] = []
    if missed:
        points.append([f"Outcomes with at least one miss: {', '.join(missed)}."])
    silent = found.count("")
    if silent:
        number = Number(str(silent), silent, "verdicts|not simulated|||count")
        points.append([number, " documented values have no counterpart in the run."])
    weak = sum(row.get("grade") in ("low", "recall") for row in rows) / len(rows)
    share = Number(percent_text(weak), weak, "verdicts|weak sources|||share")
    points.append([share, " of the documented values rest on weak sources or on memory."])
    return points
