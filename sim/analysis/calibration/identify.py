"""What the targets could tell about the inputs at all, whatever was documented.

Members drawn from the priors are truths whose inputs are known. Their outcomes, blurred by
the error of the targets, stand for documented values; how well the inputs are found again
shows what documented values of this kind and number can pin down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sim.analysis.calibration.bank import Workplace, simulated
from sim.analysis.calibration.file import Recovery
from sim.analysis.calibration.fit import Problem
from sim.analysis.calibration.population import Forecast, moved_onto
from sim.analysis.calibration.space import whole_space
from sim.analysis.calibration.weights import weighted_quantiles
from sim.world.calendar import Array
from sim.world.ensemble import Ensemble

Verdict = Literal["identified", "in combination", "not identified"]
FOLDS = 4
COVERED = 0.9  # of the posterior, which should hold as many truths
_SEED_OFFSET = 500


@dataclass(frozen=True)
class Bank:
    """Members drawn from the priors: inputs (members, inputs) and targets (members, targets).

    Inputs are in normal coordinates; targets hold the error that a documented value has.
    """

    paths: tuple[str, ...]
    inputs: Array
    seen: Array


@dataclass(frozen=True)
class Screen:
    """Fall of the variance of each input, (inputs,), and the residual correlations."""

    alone: Array  # once the targets are known
    together: Array  # once the targets and all other inputs are known
    correlation: Array  # of what remains unknown, (inputs, inputs)


@dataclass(frozen=True)
class Recovered:
    """Truths found again: fall of the variance and coverage of each parameter, (parameters,)."""

    contraction: Array
    coverage: Array


def bank_of(problem: Problem, place: Workplace) -> Bank:
    """Run members from the priors of all inputs; what is on disk is not run again.

    Raises:
        RunError, FolderError: as :func:`sim.analysis.calibration.bank.simulated`.
    """
    members = problem.loaded.calibration.recovery.members
    seed = problem.loaded.calibration.seed * 1000 + _SEED_OFFSET
    values = simulated(problem.loaded, problem.targets, members, "identify", seed, place)
    space = whole_space(problem.case)
    inputs = space.drawn(Ensemble.of(members, seed))
    return Bank(space.paths, inputs, problem.blurred(values, seed))


def foretold(bank: Bank) -> Array:
    """Inputs as the targets of other members foretell them, (members, inputs).

    Regression in folds: no member takes part in its own forecast.
    """
    fold = np.arange(len(bank.seen)) % FOLDS
    out = np.empty_like(bank.inputs)
    for k in range(FOLDS):
        here, rest = fold == k, fold != k
        even = np.full(rest.sum(), 1.0 / rest.sum())
        out[here] = Forecast.of(bank.seen[rest], bank.inputs[rest], even).at(bank.seen[here])
    return out


def screen(bank: Bank) -> Screen:
    """What the targets tell about every input, to first and second order.

    Known others help only as far as the targets tie them together: the fall ``together`` is
    that of the conditional variance, from the inverse of the residual covariance.
    """
    left = bank.inputs - foretold(bank)
    members, inputs = left.shape
    covariance = np.cov(left.T)
    variance = np.diag(covariance)
    # The inverse of an estimated covariance makes conditional variances too small.
    conditional = members / (members - inputs + 1) / np.diag(np.linalg.inv(covariance))
    spread = np.sqrt(variance)
    correlation = covariance / np.outer(spread, spread)
    return Screen(1.0 - variance, 1.0 - conditional, correlation)


def recover(bank: Bank, paths: Sequence[str], rule: Recovery) -> Recovered:
    """Take members as truth and find their inputs again, as a fit does."""
    inputs = bank.inputs[:, [bank.paths.index(path) for path in paths]]
    members = len(inputs)
    even = np.full(members, 1.0 / members)
    forecast = Forecast.of(bank.seen, inputs, even).at(bank.seen)
    spaced = np.linspace(0, members - 1, rule.truths).astype(int)
    found = [_one_truth(inputs, forecast, truth, rule.nearest * members) for truth in spaced]
    variance, inside = (np.stack(part) for part in zip(*found, strict=True))
    return Recovered(1.0 - variance.mean(axis=0), inside.mean(axis=0))


def _one_truth(inputs: Array, forecast: Array, truth: int, wanted: float) -> tuple[Array, Array]:
    """Posterior variance of each parameter, and whether its band holds the truth."""
    others = np.zeros(len(inputs))
    others[truth] = -np.inf
    draws, weights, _ = moved_onto(inputs, forecast - forecast[truth], others, wanted)
    mean = weights @ draws
    low, high = np.array([
        weighted_quantiles(draws[:, k], weights, ((1 - COVERED) / 2, (1 + COVERED) / 2))
        for k in range(draws.shape[1])
    ]).T  # fmt: skip
    inside = (low <= inputs[truth]) & (inputs[truth] <= high)
    return weights @ (draws - mean) ** 2, inside


def verdicts(seen: Screen, rule: Recovery) -> list[Verdict]:
    """How well each input is known: by itself, only together with others, or not at all."""
    named: list[Verdict] = []
    for alone, together in zip(seen.alone, seen.together, strict=True):
        if alone >= rule.identified:
            named.append("identified")
        else:
            named.append("in combination" if together >= rule.noticed else "not identified")
    return named


def report(bank: Bank, problem: Problem) -> pd.DataFrame:
    """Every input that the targets tell something about, and every fitted one.

    Returns:
        parameter, verdict, alone, together (fall of the variance), contraction and coverage
        (of truths found again; empty where not fitted), partner and its correlation, fitted.
    """
    rule = problem.loaded.calibration.recovery
    seen = screen(bank)
    named, fitted = verdicts(seen, rule), problem.space.paths
    found = recover(bank, fitted, rule)
    rows = []
    for place, path in enumerate(bank.paths):
        if named[place] == "not identified" and path not in fitted:
            continue
        row = {"parameter": path, "verdict": named[place], "fitted": path in fitted}
        row |= {"alone": seen.alone[place], "together": seen.together[place]}
        row |= _partner(bank, seen, place)
        if path in fitted:
            k = fitted.index(path)
            row |= {"contraction": found.contraction[k], "coverage": found.coverage[k]}
        rows.append(row)
    table = pd.DataFrame(rows).sort_values("alone", ascending=False, ignore_index=True)
    table.attrs["inputs"] = len(bank.paths)
    return table


def _partner(bank: Bank, seen: Screen, place: int) -> dict[str, object]:
    others = np.abs(seen.correlation[place])
    others[place] = 0.0
    most = int(np.argmax(others))
    return {"partner": bank.paths[most], "correlation": float(seen.correlation[place, most])}
