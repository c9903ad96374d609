"""Forecasts that know no model: what a run must beat to be of use."""

from __future__ import annotations

from math import nan

from sim.documented.observation import Documented, Observation


def last_value(documented: Documented, observation: Observation) -> float:
    """The last yearly value known when the forecast is made; NaN without one.

    It is made at the end of the sample for values outside it, and before the sanctions for
    values inside it.
    """
    reading = documented.reading
    inside = documented.sample(observation) == "in"
    limit = reading.before_sanctions_to if inside else reading.in_sample_to
    known = _years(documented, observation, limit)
    return known[max(known)] if known else nan


def trend(documented: Documented, observation: Observation) -> float:
    """The growth before the sanctions carried on; NaN without two positive yearly values."""
    known = _years(documented, observation, documented.reading.before_sanctions_to)
    if len(known) < 2 or observation.span.year is None:
        return nan
    first, last = min(known), max(known)
    if known[first] <= 0.0 or known[last] <= 0.0:
        return nan
    growth = (known[last] / known[first]) ** (1.0 / (last - first))
    return float(known[last] * growth ** (observation.span.year - last))


def _years(documented: Documented, observation: Observation, limit: int) -> dict[int, float]:
    """Yearly values of the same outcome and labels up to a year and before the value."""
    year = observation.span.year
    if year is None or observation.is_event:
        return {}
    return {
        one.span.year: one.value
        for one in documented.select(*observation.key)
        if one.span.year is not None and one.span.year <= min(limit, year - 1)
    }
