"""Which draws an experiment uses: a file that it names, the case's own, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.case.errors import ConfigError
from sim.case.schema import Case
from sim.runs.experiment_file import Loaded
from sim.runs.inputs_varied import Varied
from sim.runs.posterior import Posterior, case_posterior, posterior_of
from sim.world.calendar import Array

NONE = "none"  # priors are wanted
_TRAIL = ("posterior",)


def named_posterior(loaded: Loaded, known: Mapping[str, Varied]) -> Posterior | None:
    """The draws in the file that an experiment names; None if it names none.

    Raises:
        ConfigError: if the file cannot be read, or holds something that members cannot have.
    """
    name = loaded.experiment.posterior
    if name in ("", NONE):
        return None
    path = next((p for p in (loaded.path.parent / name, Path(name)) if p.is_file()), None)
    if path is None:
        raise loaded.problem(f"no such file '{name}'", _TRAIL)
    try:
        found = posterior_of(path)
    except ConfigError as error:
        raise loaded.problem(str(error), _TRAIL) from error
    for column, draws in found.draws.items():
        if column not in known:
            what = f"column '{column}' of {name} is no input in which members differ"
            raise loaded.problem(what, _TRAIL, tuple(known), column)
        if wrong := _impossible(draws, known[column]):
            raise loaded.problem(f"column '{column}' of {name} {wrong}", _TRAIL)
    return found


def _impossible(draws: Array, one: Varied) -> str:
    """What is wrong with draws that the input cannot take; empty if it can."""
    outside = draws[(draws < one.low) | (draws > one.high)]
    if not len(outside):
        return ""
    return f"holds {outside[0]:g}, which is not between {one.low:g} and {one.high:g}"


def posterior_for(loaded: Loaded, named: Posterior | None, case: Case) -> Posterior | None:
    """The draws for the members of one case: the named ones, or the case's own.

    Raises:
        ConfigError: if the case's own cannot be read.
    """
    return named or (None if loaded.experiment.posterior == NONE else case_posterior(case))
