"""The scorecard: each documented value beside the band of the run, misses shown like hits."""

from __future__ import annotations

from math import inf, isnan, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.documented import naive
from sim.documented.align import Aligned, Simulated, align, run_span
from sim.documented.observation import Documented, Observation
from sim.documented.predictive import FormErrors, form_errors, predictive_band
from sim.documented.verdicts import PERCENT, verdict
from sim.world.calendar import Array

if TYPE_CHECKING:
    import pandas as pd

PROBS = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = ("q05", "q25", "q50", "q75", "q95")
REQUIRED = (
    "outcome", "labels", "period", "documented", "low", "high",
    *BANDS, "error_pct", "in_band90", "sample",
)  # fmt: skip
EXTRA = (
    "in_band50", "error_months", "occurred", "crps", "skill_last", "skill_trend",
    "p05", "p95", "in_predictive90",
    "unit", "grade", "series", "naive_last", "naive_trend", "tolerance", "verdict",
)  # fmt: skip
_NUMBERS = (
    "p05", "p95",
    "error_pct", "error_months", "occurred", "crps", "skill_last", "skill_trend",
    "naive_last", "naive_trend", "tolerance",
)  # fmt: skip


def score(results: Simulated, documented: Documented) -> pd.DataFrame:
    """The scorecard of a run, one row for each documented value that the run covers.

    Values of events are months (``2021-09``; empty for never), others numbers.

    Returns:
        The columns ``REQUIRED``, then ``EXTRA``: error_pct of the median [%], 0 within the
        documented range; in_band90 and in_band50, whether that range meets the band; p05, p95
        and in_predictive90, the same with the model's own error (``predictive.py``), numbers only;
        error_months for events; occurred, the share of members that saw the event; crps in
        the value's unit (months for events, never as the month after the run); skill of the
        median over the last value and over the trend before the sanctions (1 is perfect, 0 no
        better), and what these two forecast; tolerance of the median [%]; verdict. A value
        that the run does not simulate has empty bands and no verdict.
    """
    import pandas as pd

    after, aligned = run_span(results).last + 1, align(results, documented)
    errors = form_errors(one for one in aligned if documented.sample(one.observation) == "in")
    rows = [_row(one, documented, after, errors) for one in aligned]
    frame = pd.DataFrame(rows, columns=[*REQUIRED, *EXTRA])
    flags = dict.fromkeys(("in_band90", "in_band50", "in_predictive90"), "boolean")
    return frame.astype({**flags, **dict.fromkeys(_NUMBERS, "float64")})


def _row(
    one: Aligned, documented: Documented, after: int, errors: FormErrors | None
) -> dict[str, Any]:
    seen = one.observation
    row: dict[str, Any] = {
        "outcome": seen.outcome,
        "labels": seen.labels,
        "period": seen.period,
        "documented": seen.text(seen.value),
        "low": seen.text(seen.low),
        "high": seen.text(seen.high),
        "sample": documented.sample(seen),
        "unit": seen.unit,
        "grade": seen.grade,
        "series": seen.series,
        "verdict": "",
    }
    if one.members is None:
        return row
    row |= _judged(seen, one.members, documented, after)
    if errors is not None and not seen.is_event:
        low, high = predictive_band(one.members, errors.of(seen.outcome))
        row |= {"p05": low, "p95": high, "in_predictive90": meets(seen, low, high)}
    return row | {"verdict": verdict(row)}


def _judged(
    seen: Observation, members: Array, documented: Documented, after: int
) -> dict[str, Any]:
    bands = quantiles(members, never_last=seen.is_event)
    median = float(bands[2])
    judged: dict[str, Any] = {
        name: seen.text(float(band)) for name, band in zip(BANDS, bands, strict=True)
    }
    judged["in_band90"] = meets(seen, bands[0], bands[4])
    judged["in_band50"] = meets(seen, bands[1], bands[3])
    if seen.is_event:
        judged["crps"] = crps(np.where(np.isnan(members), after, members), seen.value)
        judged["error_months"] = nan if isnan(median) else seen.distance(median)
        judged["occurred"] = float(np.mean(~np.isnan(members)))
        return judged
    judged["error_pct"] = error_pct(seen, median)
    judged["crps"] = crps(members, seen.value)
    judged["tolerance"] = documented.reading.tolerances.get(seen.outcome, PERCENT)
    for name, forecast in (("last", naive.last_value), ("trend", naive.trend)):
        judged[f"naive_{name}"] = guess = forecast(documented, seen)
        judged[f"skill_{name}"] = skill(seen, median, guess)
    return judged


def quantiles(members: Array, never_last: bool) -> Array:
    """Bands over the members, (5,).

    Args:
        members: one value a member.
        never_last: NaN means never, later than any month; otherwise NaN is left out.
    """
    if not never_last:
        return np.asarray(np.nanquantile(members, PROBS))
    ordered = np.sort(members)  # NaN last
    places = np.ceil(np.asarray(PROBS) * len(ordered)).astype(int) - 1
    return np.asarray(ordered[np.maximum(places, 0)])


def meets(seen: Observation, low: float, high: float) -> bool:
    """Whether the documented range meets a band; an end that is NaN lies after the run."""
    bottom, top = (inf if isnan(end) else float(end) for end in (low, high))
    return bottom <= seen.high and seen.low <= top


def error_pct(seen: Observation, median: float) -> float:
    """Error of the median against the value [%]; NaN where the value is nil and missed."""
    distance = seen.distance(median)
    if distance == 0.0:
        return 0.0
    return 100.0 * distance / abs(seen.value) if seen.value else nan


def crps(members: Array, value: float) -> float:
    """Continuous ranked probability score of the members, in their unit; 0 is perfect.

    Source:
        Form: Gneiting and Raftery (2007), Strictly Proper Scoring Rules, eq. 21, for the
        empirical distribution. NaN if a member has no value.
    """
    ordered = np.sort(members)
    n = len(ordered)
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(np.mean(np.abs(ordered - value)) - (weights * ordered).sum() / n**2)


def skill(seen: Observation, median: float, forecast: float) -> float:
    """1 less the error over that of a naive forecast; NaN if there is none or it is right."""
    naive_error = abs(seen.distance(forecast)) if not isnan(forecast) else 0.0
    return 1.0 - abs(seen.distance(median)) / naive_error if naive_error else nan


def summary(card: pd.DataFrame) -> pd.DataFrame:
    """Inside and outside the sample apart: counts, median absolute errors, coverage, skill.

    Args:
        card: a scorecard, also one read back from its file.

    Returns:
        One row for ``in`` and one for ``out``; documented, simulated and events are counts.
    """
    import pandas as pd

    rows = {sample: _summed(card[card["sample"] == sample]) for sample in ("in", "out")}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("sample")


def _summed(part: pd.DataFrame) -> dict[str, float]:
    simulated = part[part["in_band90"].notna()]
    return {
        "documented": len(part),
        "simulated": len(simulated),
        "events": int(simulated["occurred"].notna().sum()),
        "median_abs_error_pct": float(simulated["error_pct"].abs().median()),
        "median_abs_error_months": float(simulated["error_months"].abs().median()),
        "coverage50": _share(simulated["in_band50"]),
        "coverage90": _share(simulated["in_band90"]),
        "beats_last_value": _share(simulated["skill_last"].dropna() > 0.0),
        "beats_trend": _share(simulated["skill_trend"].dropna() > 0.0),
    }


def _share(flags: pd.Series[Any]) -> float:
    return float(flags.astype("float64").mean()) if len(flags) else nan
