"""``chokepoint check`` of an experiment: what it would run, and what that would cost."""

from __future__ import annotations

from datetime import date

import typer

from sim.cli.terminal import console, notes, number, table
from sim.runs.cost import Cost, estimate, refuse_unaffordable
from sim.runs.experiment_file import load_experiment
from sim.runs.plan import Plan, make_plan
from sim.runs.speed import usable_cores

_LEVELS_SHOWN = 6


def check_experiment(name: str, overrides: tuple[str, ...], workers: int | None) -> None:
    """Say what an experiment would run and what it would cost.

    Raises:
        ConfigError: with file, line and what is allowed.
        RunError: if this machine cannot run it.
    """
    loaded = load_experiment(name, overrides)
    with notes():
        plan = make_plan(loaded)
    typer.echo(f"{loaded.experiment.name}: sound (fingerprint {plan.fingerprint})")
    typer.echo(loaded.experiment.question)
    console().print(table("", ("what", "count"), _sizes(plan)))
    if rows := _factor_rows(plan):
        console().print(table("", ("factor", "role", "levels", "points"), rows, words=3))
    cores = workers or usable_cores()
    typer.echo(_cost_words(estimate(plan, cores), cores))
    refuse_unaffordable(plan, plan.default_folder)


def _sizes(plan: Plan) -> list[tuple[str, str]]:
    numbers = {
        f"scenarios ({', '.join(plan.names)})": len(plan.names),
        "models (scenarios that differ in structure have their own)": len(plan.groups),
        "lever points": len(plan.levers),
        "uncertainty points": len(plan.uncertainties),
        "replicates": plan.replicates,
        "members": plan.members,
        "members of a block": plan.block,
        "blocks": plan.blocks,
    }
    return [(what, f"{count:,}") for what, count in numbers.items()]


def _factor_rows(plan: Plan) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for role, points in (("lever", plan.levers), ("uncertainty", plan.uncertainties)):
        for place, one in enumerate(points.dimensions):
            seen = sorted({float(x) for x in points.values[:, place] if x == x})
            texts = [_level(level, one.is_date) for level in seen]
            few = len(seen) <= _LEVELS_SHOWN
            shown = ", ".join(texts) if few else f"{texts[0]} to {texts[-1]}"
            rows.append((one.name, role, shown, str(len(seen))))
    return rows


def _level(level: float, is_date: bool) -> str:
    return date.fromordinal(int(level)).isoformat() if is_date else number(level)


def _cost_words(cost: Cost, workers: int) -> str:
    minutes, seconds = divmod(round(cost.seconds), 60)
    time_ = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return (
        f"With {workers} workers about {time_}, {cost.memory / 1e6:,.0f} MB of memory "
        f"and {cost.disk / 1e6:,.1f} MB of disk."
    )
