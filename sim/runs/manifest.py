"""What a run writes down about itself, so that somebody else can repeat it."""

from __future__ import annotations

import hashlib
import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.case.schema import Case
from sim.outcomes.folder import FORMAT, PROGRAM
from sim.outcomes.results import Results
from sim.policy.regime import TimelineEntry
from sim.world.ensemble import Ensemble

PACKAGES = ("mesa", "numpy", "pandas", "pyarrow", "pydantic", "xarray")
DISTRIBUTION = "chokepoint-sim"


def make_manifest(
    case: Case,
    start: date,
    ensemble: Ensemble,
    block: int,
    seconds: float,
    entries: Iterable[TimelineEntry],
) -> dict[str, Any]:
    """What was run, with what, and how long it took; nothing that names the machine.

    Args:
        case: the case as it ran, its calendar cut at the last month.
        start: first month reported.
        ensemble: all members.
        block: members advanced together.
        seconds: time that model and recording took [s].
        entries: the regime's calendar as the run saw it.
    """
    member_months = ensemble.members * _months(start, case.calendar.end)
    return {
        "program": PROGRAM,
        "format": FORMAT,
        "case": case.id,
        "title": case.title,
        "fingerprint": _fingerprint(case),
        "seed": ensemble.seed,
        "members": ensemble.members,
        "start": f"{start:%Y-%m}",
        "end": f"{case.calendar.end:%Y-%m}",
        "varied": sorted(ensemble.values),
        "block": block,
        "overrides": [],
        "versions": versions(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "timings": {
            "simulation_s": round(seconds, 3),
            "per_member_month_us": round(1e6 * seconds / member_months, 2),
        },
        "timeline": timeline(case, entries),
        "names": names(case),
        "key_items": list(case.key_items),
    }


def with_recipe(
    results: Results,
    scenario: str,
    overrides: Sequence[str],
    out: str | None = None,
    *,
    prior: bool = False,
) -> Results:
    """The same results, with the command that makes them again in their manifest.

    Args:
        results: what ``simulate`` gave.
        scenario: name or file of the case or scenario that was asked for.
        overrides: ``key=value`` pairs of the command line.
        out: name of the run folder.
        prior: whether its members were drawn from priors though the case has a posterior.
    """
    about = results.manifest
    words = ["chokepoint", "run", scenario, "--members", str(about["members"])]
    words += ["--seed", str(about["seed"]), "--start", about["start"], "--end", about["end"]]
    words += ["--prior"] if prior else []
    words += ["--out", out] if out else []
    recipe = {
        "scenario": scenario,
        "overrides": list(overrides),
        "command": shlex.join([*words, *overrides]),
    }
    results.manifest = {**about, **recipe}
    return results


def versions() -> dict[str, str]:
    """Version of this code, of Python, of the packages that numbers depend on; the system."""
    found = {name: _version(name) for name in (DISTRIBUTION, *PACKAGES)}
    system = f"{platform.system()} {platform.machine()}"
    return {**found, "code": code_hash(), "python": platform.python_version(), "system": system}


@cache
def code_hash() -> str:
    """Hash of the program's own sources: two runs of the same hash ran the same code.

    Taken once a process, which runs the code that it has loaded.
    """
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def timeline(case: Case, entries: Iterable[TimelineEntry]) -> list[dict[str, Any]]:
    """The regime's calendar as figures and reports show it, with sources and words."""
    return [
        {
            **asdict(entry),
            "announced": _day(entry.announced),
            "effective": _day(entry.effective),
            "ended": _day(entry.ended),
            "grace_days": int(getattr(case.measures[entry.id], "grace_days", 0)),
            "issuer": list(case.measures[entry.id].issuer),
            "source": list(case.measures[entry.id].source),
            "summary": case.measures[entry.id].summary,
        }
        for entry in entries
    ]


def names(case: Case) -> dict[str, str]:
    """What people call the countries, actors, regions, items, lines and tools of a case."""
    groups = (case.actors, case.regions, case.items, case.lines, case.tools)
    labels = {key: entry.label for group in groups for key, entry in group.items()}
    countries = {actor.country for actor in case.actors.values()}
    countries |= set(case.components.country_shares)
    spelt = {country: country.replace("_", " ").title() for country in countries}
    return {**spelt, **labels, **case.names}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month + 1


@cache
def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _fingerprint(case: Case) -> str:
    from sim.case.load import fingerprint

    return fingerprint(case)


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """What two manifests disagree on, in words: seed, members, months, code."""
    keys = ("seed", "members", "start", "end")
    found = [
        f"{key} {mine.get(key)} and {theirs.get(key)}"
        for key in keys
        if mine.get(key) != theirs.get(key)
    ]
    codes = [about.get("versions", {}).get("code") for about in (mine, theirs)]
    return [*found, "different code"] if codes[0] != codes[1] else found
