"""A case with a calendar and two measures, enough to run the fake model on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.case.schema import Case, Components, RegimeSwitch, Span
from sim.policy.measures import MEASURES

_GROUPS = (
    "actors", "regions", "items", "lines", "routes", "foundries", "tools", "markets", "sources",
    "assumptions",
)  # fmt: skip


def small_case(start: str = "2018-01-01", end: str = "2019-12-01") -> Case:
    """A case without actors; never validated, since the fake model reads the calendar only."""
    said = {"issuer": "there", "summary": "It says so.", "source": "law", "grade": "high"}
    measures = MEASURES.validate_python({
        "late": {"kind": "signal", "title": "Bill", "announced": date(2019, 6, 1), **said},
        "early": {
            "kind": "context", "instrument": "speech", "title": "Speech",
            "announced": date(2018, 6, 1), **said,
        },
    })  # fmt: skip
    groups: dict[str, Any] = {name: {} for name in _GROUPS}
    span = Span(start=date.fromisoformat(start), end=date.fromisoformat(end))
    return Case.model_construct(
        id="small", title="A small case", calendar=span, regime=RegimeSwitch(),
        measures=measures, components=Components.model_construct(country_shares={}), **groups,
    )  # fmt: skip
