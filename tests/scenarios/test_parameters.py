"""No parameter is idle: each is moved to the ends of its range, and some outcome must change."""

from itertools import batched

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.outcomes.declared import OUTCOMES
from sim.runs.inputs_varied import varied_inputs
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity
from tests.scenarios.runs import base_case

GROUPS = (
    "behaviour", "intermediaries", "components", "foundries", "items", "routes", "lines",
    "regions", "research", "tools", "initial", "actors", "markets", "exchange", "mechanisms",
    "measures",
)  # fmt: skip
REPLICATES = (0, 3)  # two lucks: what sleeps in one may act in the other
BATCH = 255  # paths in one model: two members each fill a block
FIXED = 0.1  # how far a number without a range is moved

# Parameters that change no outcome, and why.
IDLE = {
}


def ends(one):
    """Two values of an input: the ends of its range, or a tenth to either side."""
    held = one.held
    if isinstance(held, Quantity):
        if held.uncertain:
            return held.low, held.high
        high = held.value * (1 + FIXED) + 0.01
        low = min(held.value * (1 - FIXED), held.value)
        return low, min(high, 1.0) if "share" in held.unit and held.value <= 1 else high
    if one.kind == "switch":
        return 0.0, 0.5
    return 0.9, 1.1  # a series is scaled


def moved():
    """Every number and switch in which members may differ."""
    kinds = ("number", "series", "switch")
    return {
        path: one
        for path, one in varied_inputs(base_case()).items()
        if one.kind in kinds and one.held is not None and path.split(".")[0] in GROUPS
    }


def model_of(paths, replicate):
    """A model whose member 0 is as it is; two members for each path have its two values."""
    alone = Ensemble(1, np.array([replicate]), {})
    members = 1 + 2 * len(paths)
    values = {}
    for place, (path, one) in enumerate(paths.items()):
        values[path] = np.full(members, one.usual(alone)[0])
        values[path][1 + 2 * place : 3 + 2 * place] = ends(one)
    return SupplyChain(base_case(), ensemble=Ensemble(1, np.full(members, replicate), values))


def effective(paths, replicate):
    """Paths whose members come to differ from member 0 in any outcome."""
    model = model_of(paths, replicate)
    moves = np.zeros(model.ensemble.members, dtype=bool)
    for _ in range(model.calendar.months):
        model.step()
        for outcome in OUTCOMES:
            seen = outcome.read(model).reshape(-1, len(moves))
            same = (seen == seen[:, :1]) | (np.isnan(seen) & np.isnan(seen[:, :1]))
            moves |= ~same.all(axis=0)
        if moves[1:].all():
            break
    return {path for k, path in enumerate(paths) if moves[1 + 2 * k] or moves[2 + 2 * k]}


@pytest.fixture(scope="module")
def idle():
    left = moved()
    for replicate in REPLICATES:
        for part in list(batched(left.items(), BATCH)):
            found = effective(dict(part), replicate)
            left = {path: one for path, one in left.items() if path not in found}
    return set(left)


def test_the_ends_of_a_range_lie_on_either_side_of_what_is_held():
    for path, one in moved().items():
        low, high = ends(one)
        assert low < high, path
        if isinstance(one.held, Quantity):
            assert low <= one.held.value <= high, path


@pytest.mark.slow
def test_every_parameter_changes_an_outcome_or_its_idleness_is_explained(idle):
    assert len(moved()) > 500
    assert idle == set(IDLE)
