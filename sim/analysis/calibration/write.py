"""The posterior of a case on disk: weighted draws, and what is to be known about the fit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from sim.analysis.calibration.fit import Fit
from sim.analysis.calibration.weights import systematic, weighted_quantiles
from sim.case.load import fingerprint
from sim.runs.manifest import versions
from sim.runs.posterior import DRAWS, FOLDER, write_draws
from sim.world.calendar import Array
from sim.world.ensemble import triangular

DIAGNOSTICS = "diagnostics.yaml"
PROBS = (0.05, 0.25, 0.5, 0.75, 0.95)
_DIGITS = 4
_DECISIVE = ("code", "numpy", "scipy")
_HEAD = """\
# How the draws in draws.parquet came about; written by `chokepoint calibrate`.
"""


def chosen_rows(fit: Fit) -> tuple[npt.NDArray[np.int64], Array]:
    """Members kept as draws, in random order, and how often each counts.

    Drawn again by their weights, so a few hundred rows stand for all members.
    """
    calibration = fit.problem.loaded.calibration
    rng = np.random.default_rng(calibration.seed)
    drawn = systematic(fit.population.weights, calibration.draws, rng)
    rows, counts = np.unique(drawn, return_counts=True)
    order = rng.permutation(len(rows))
    return rows[order], counts[order].astype(float)


def write_posterior(fit: Fit, folder: Path) -> Path:
    """Write draws and diagnostics to a folder.

    Returns:
        The file of draws.

    Raises:
        OSError: if it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, counts = chosen_rows(fit)
    draws = fit.problem.space.values(fit.population.places[rows])
    write_draws(folder / DRAWS, draws, counts, fit.problem.space.ranges)
    text = yaml.safe_dump(diagnostics(fit), sort_keys=False, allow_unicode=True, width=100)
    (folder / DIAGNOSTICS).write_text(_HEAD + text, encoding="utf-8")
    return folder / DRAWS


def install(written: Path, case_folder: Path) -> Path:
    """Make a posterior that of a case; returns its folder.

    Raises:
        OSError: if it cannot be written.
    """
    target = case_folder / FOLDER
    target.mkdir(exist_ok=True)
    for name in (DIAGNOSTICS, DRAWS):  # the draws last: they are what a run looks for
        shutil.copyfile(written.parent / name, target / name)
    return target


def read_diagnostics(draws: Path) -> dict[str, Any]:
    """What was written beside a file of draws about their fit.

    Raises:
        OSError: if it is not there.
    """
    found: dict[str, Any] = yaml.safe_load((draws.parent / DIAGNOSTICS).read_text("utf-8"))
    return found


def diagnostics(fit: Fit) -> dict[str, Any]:
    """What is to be known about a fit, as plain data."""
    problem, calibration = fit.problem, fit.problem.loaded.calibration
    versions_now = versions()
    return {
        "calibration": calibration.name,
        "case": problem.case.id,
        "case_fingerprint": fingerprint(problem.case),
        "versions": {name: versions_now[name] for name in _DECISIVE if name in versions_now},
        "until": f"{calibration.until:%Y-%m}",
        "members": fit.members,
        "kernel_width": _short(fit.population.width),
        "effective_draws": _short(fit.population.effective),
        "acceptance": _short(fit.acceptance),
        "history_matching": {"cutoff": _short(fit.cutoff), "plausible": _short(fit.plausible)},
        "rounds": [
            {
                "members": one.members,
                "kernel_width": _short(one.width),
                "effective_draws": _short(one.effective),
            }
            for one in fit.rounds
        ],
        "parameters": parameters(fit),
        "targets": list(target_rows(fit)),
    }


def parameters(fit: Fit) -> dict[str, dict[str, Any]]:
    """Prior and posterior quantiles of each parameter, and the fall of its variance."""
    space, weights = fit.problem.space, fit.population.weights
    places = fit.population.places
    values = space.values(places)
    mean = weights @ places
    variance = weights @ (places - mean) ** 2
    return {
        path: {
            "low": ends[0], "mode": ends[1], "high": ends[2],
            "prior": _shorts(triangular(np.array(PROBS), *ends)),
            "posterior": _shorts(weighted_quantiles(values[path], weights, PROBS)),
            "contraction": _short(1.0 - float(variance[k])),
        }
        for k, (path, ends) in enumerate(space.ranges.items())
    }  # fmt: skip


def target_rows(fit: Fit) -> list[dict[str, Any]]:
    """Each target with its mean distance before and after, and whether the fit meets it.

    Distances are in standard deviations, of members with luck that the fit has not seen; a
    target is met if their 90 % band reaches the documented range. ``widened`` is the factor
    by which its error grew because members miss it by far.
    """
    rows = []
    for k, one in enumerate(fit.problem.targets):
        low, high = np.quantile(fit.after[:, k], (0.05, 0.95))
        rows.append({
            "target": one.name,
            "sigma": _short(one.sigma),
            "widened": _short(float(fit.population.widened[k])),
            "prior_distance": _short(float(np.abs(fit.before[:, k]).mean())),
            "distance": _short(float(np.abs(fit.after[:, k]).mean())),
            "met": bool(low <= 0.0 <= high),
        })  # fmt: skip
    return rows


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _shorts(numbers: Array) -> list[float]:
    return [_short(float(number)) for number in numbers]
