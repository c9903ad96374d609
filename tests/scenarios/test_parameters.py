"""No parameter is idle: each is moved to the ends of its range, and some outcome must change."""

import re
from itertools import batched

import numpy as np
import pytest

from sim.model import SupplyChain
from sim.outcomes.declared import OUTCOMES
from sim.runs.inputs_varied import varied_inputs
from sim.world.ensemble import Ensemble
from sim.world.inputs import Quantity, Series
from tests.scenarios.runs import base_case

GROUPS = (
    "behaviour", "intermediaries", "components", "foundries", "items", "routes", "lines",
    "regions", "research", "tools", "initial", "actors", "markets", "exchange", "industry",
    "mechanisms", "measures",
)  # fmt: skip
REPLICATES = (0, 3, 7)  # what sleeps under one luck may act under another
BATCH = 255  # paths in one model: two members each fill a block
FIXED = 0.1  # how far a number without a range is moved

# Parameters that change no outcome within their range, and why; names are patterns.
HYPOTHETICAL = (
    "settlement_offer|tools_with_the_listing|reactive_tool_control|reactive_easing|"
    "retaliation_on_allies"
)
IDLE = {
    r"items\.(?!ai_die)\w+\.visible": "read for what fronts carry",
    r"lines\.(other_devices|digital_power)\.priority":
        "what they need is met in full under these lucks, whatever the weight of their claim",
    r"items\.platform_service\.(price|initial_cover)": "a free service that is on no bill",
    r"lines\.\w+\.processor\.\w+": "a line's only processor: shares are scaled to one",
    r"routes\.\w+\.share": "an item's only usual maker: shares are scaled to one",
    r"routes\.\w+_(smic|shenzhen|home|fronts|traders)\.issuer_(content|tools)":
        "no measure asks for the content of domestic and rerouted goods on this basis",
    r"routes\.\w+_(smic|shenzhen)\.price_factor": "priced by the wafer",
    r"routes\.platform\.(issuer_tools|price_factor)": "wholly of the issuer's origin, and free",
    r"foundries\.(shenzhen_fabs|other_home_fabs)\.nodes\.n28\.(wafer_price|ramp_months)":
        "nothing of the firm's is made on it, or it is converted from the start",
    r"foundries\.shenzhen_fabs\.growth_rate": "a rate on a plan of zero",
    r"research\.sites\.united_states\.receives": "closed when posts are to be filled",
    r"markets\.(automotive|ai_computing)\.regions\.(?!china)\w+": "the firm sells none there",
    r"behaviour\.home_state\.unit_profit_years":
        "no chips are in sight any more when they have been short for months",
    r"actors\.(netherlands|japan|taiwan|south_korea)\.(critical_inputs|diversified)":
        "counter-measures name these states in scenarios only",
    r"actors\.phone_platform\.firm_share": "a service: there is always more of it",
    r"measures\.affiliates_august_20(19|20)\.workaround":
        "none is added to that around the first listing",
    r"exchange\.usd_per_eur": "no maker who reports in euros sells it chips",
    r"behaviour\.settlement\.\w+": "no settlement is on offer outside scenarios",
    rf"measures\.({HYPOTHETICAL})\..*": "switched on by scenarios",
    r"measures\.\w+\.(threat|hazard|trigger\.lag_months)":
        "a chance: both ends fall on the same side of the draws of these members",
    r"measures\.(smic_letters_2020|smic_listing_2020|fab_network_listing_2024)\.strength\w*":
        "another measure or another node leaves the same tools open or closed",
    r"measures\.memory_and_fab_listing_2022\.strength_above": "stricter measures bind already",
    r"measures\.affiliates_rule_2025\.entry_factor": "for 42 days, in which no front would enter",
}  # fmt: skip

# Thresholds of decisions that come out the same over the whole range; beyond it they do not.
THRESHOLDS = {
    "behaviour.stock.cash_months": 100.0,
    "behaviour.home_state.unit_supply_floor": 0.0,
    "behaviour.secondary.margin": 1000.0,
    "behaviour.secondary.stake": 1e-6,
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
    spread = held.spread if isinstance(held, Series) and held.spread else FIXED
    return 1 - spread, 1 + spread  # a series is scaled


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
    unexplained = [
        path
        for path in sorted(idle - set(THRESHOLDS))
        if not any(re.fullmatch(pattern, path) for pattern in IDLE)
    ]
    assert unexplained == []
    assert len(idle) < 0.15 * len(moved())


@pytest.mark.slow
@pytest.mark.parametrize("path", THRESHOLDS)
def test_a_threshold_that_no_value_in_its_range_crosses_is_crossed_beyond_it(path):
    usual, changed = (
        SupplyChain(base_case(), ensemble=Ensemble.of(8, 1, values))
        for values in ({}, {path: np.full(8, THRESHOLDS[path])})
    )
    for _ in range(60):
        usual.step()
        changed.step()
    assert not np.array_equal(usual.ledger.money, changed.ledger.money)
