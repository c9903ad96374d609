"""A small case with documented outcomes that its own model made, to be fitted in seconds."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.analysis.calibration.bank import Workplace
from sim.analysis.calibration.file import LoadedCalibration, load_calibration
from sim.case.load import load_case
from sim.runs.pools import SerialPool
from sim.runs.simulate import simulate
from sim.world.builtin import builtin_folder

HOME_SHARE, ABROAD = "lines.phones.initial_share.norvia", "lines.phones.initial_share.abroad"
TRUTH = {HOME_SHARE: 0.235, ABROAD: 0.12}
WIDENED = {
    "norvia: {value: 0.2,": "low: 0.15, high: 0.25,",
    "abroad: {value: 0.1,": "low: 0.07, high: 0.13,",
}
HEADER = "outcome,labels,period,value,low,high,unit,source,address,source_date,grade,series,note"
SERIES = """\
before_sanctions_to: 2029
in_sample_to: 2030
resolve: The model itself made these values.
"""
SEEN = (("revenue", "segment=consumer"), ("phones_shipped", "region=abroad"))
MONTHS, LATE = ("2030-01", "2030-02"), "2031"


def make_case(folder: Path) -> Path:
    """A copy of the example with documented outcomes of a world in which ``TRUTH`` holds."""
    shutil.copytree(builtin_folder("configs") / "cases" / "example", folder)
    products = folder / "products.yaml"
    text = products.read_text("utf-8")
    for number, ends in WIDENED.items():
        assert number in text
        text = text.replace(number, f"{number} {ends}", 1)
    products.write_text(text)
    case = load_case(folder, dict(TRUTH))
    results = simulate(case, members=128, seed=5, end="2030-02", posterior=False)
    rows = [HEADER]
    for outcome, labels in SEEN:
        values = results.select(outcome, labels).median("member").values
        for month, value in zip(MONTHS, values, strict=True):
            rows.append(f"{outcome},{labels},{month},{value:.4f},,,units,model,,,recall,,")
        rows.append(f"{outcome},{labels},{LATE},1.0,,,units,model,,,recall,,")
    (folder / "documented").mkdir()
    (folder / "documented" / "values.csv").write_text("\n".join(rows) + "\n")
    (folder / "documented" / "series.yaml").write_text(SERIES)
    return folder


def content(case: Path | str, **changes: Any) -> dict[str, Any]:
    """A calibration of two parameters to two outcomes of the first two months."""
    plain: dict[str, Any] = {
        "name": "small",
        "question": "With which share does the phone begin?",
        "case": str(case),
        "until": "2030-02",
        "parameters": [HOME_SHARE, ABROAD],
        "grades": {"recall": 0.005},
        "targets": [
            {"outcome": "revenue", "discrepancy": 0.02},
            {"outcome": "phones_shipped", "discrepancy": 0.02},
        ],
        "rounds": {"count": 2, "members": 256, "effective": 60},
        "draws": 100,
    }
    return plain | changes


def write_calibration(path: Path, case: Path | str, **changes: Any) -> Path:
    """The calibration as a file."""
    path.write_text(yaml.safe_dump(content(case, **changes), sort_keys=False))
    return path


def loaded(path: Path, case: Path | str, **changes: Any) -> LoadedCalibration:
    """The calibration as read from a file."""
    return load_calibration(write_calibration(path, case, **changes))


def workplace(folder: Path, **options: Any) -> Workplace:
    """A folder and this very process."""
    settings: Mapping[str, Any] = {"command": "chokepoint calibrate", "new_code": True} | options
    return Workplace(folder, SerialPool, **settings)
