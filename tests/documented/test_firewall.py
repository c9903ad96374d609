"""No code that takes part in a simulation may reach what really happened."""

import ast
import shutil
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from sim.case.load import fingerprint, load_case
from sim.documented.load import FOLDER, load_documented
from sim.model import SupplyChain
from sim.runs.inputs import inputs_of
from sim.world.inputs import Series

SIM = Path(__file__).parents[2] / "sim"
HUAWEI = SIM.parent / "configs" / "cases" / "huawei"
ENGINE = ("world", "rules", "policy", "case", "agents", "model")


def modules(name):
    """Files of a layer, be it a package or a single module."""
    single = SIM / f"{name}.py"
    return [single] if single.is_file() else sorted((SIM / name).rglob("*.py"))


def imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("layer", ENGINE)
def test_the_engine_never_imports_documented_outcomes(layer):
    reached = [
        f"{path.name}: {name}"
        for path in modules(layer)
        for name in imported(path)
        if name.startswith("sim.documented")
    ]
    assert reached == []


def test_the_check_sees_an_import_of_documented_outcomes(tmp_path):
    path = tmp_path / "spy.py"
    path.write_text("from sim.documented import load\n", encoding="utf-8")
    assert list(imported(path)) == ["sim.documented.load"]


# What is read, not only what is imported.


class Spy:
    """Notes the path of every file that is opened while it watches."""

    def __init__(self):
        self.watching = False
        self.opened = []
        sys.addaudithook(self.hear)  # cannot be taken off again, hence the switch

    def hear(self, event, arguments):
        if self.watching and event == "open":
            self.opened.append(str(arguments[0]))

    @contextmanager
    def watch(self):
        self.opened.clear()
        self.watching = True
        try:
            yield self.opened
        finally:
            self.watching = False


SPY = Spy()


def in_documented(paths):
    return [path for path in paths if FOLDER in Path(path).parts]


def test_loading_building_and_stepping_opens_no_documented_file():
    with SPY.watch() as opened:
        model = SupplyChain(load_case("huawei"), members=1, end=date(2018, 2, 1))
        model.step()
        model.step()
    assert any(path.endswith("measures.yaml") for path in opened)
    assert in_documented(opened) == []


def test_the_spy_sees_a_documented_file():
    with SPY.watch() as opened:
        load_documented(HUAWEI)
    assert len(in_documented(opened)) > 3


def test_a_case_without_its_documented_outcomes_is_the_same_case(tmp_path):
    bare = tmp_path / "huawei"
    shutil.copytree(HUAWEI, bare, ignore=shutil.ignore_patterns(FOLDER))
    assert not (bare / FOLDER).exists()
    assert fingerprint(load_case(bare)) == fingerprint(load_case("huawei"))


def test_no_file_of_the_case_beside_documented_names_it_as_a_place_to_read():
    for path in sorted(HUAWEI.glob("*.yaml")):
        assert f"{FOLDER}/" not in path.read_text(encoding="utf-8"), path.name


# No input that varies over time is a documented outcome of the firm in disguise.


def disguised(series, outcome):
    """Whether three or more years of a series follow an outcome up to its scale, within 1 %."""
    common = sorted(series.keys() & outcome.keys())
    ratios = [series[year] / outcome[year] for year in common if outcome[year]]
    moves = len({outcome[year] for year in common}) > 2
    return moves and len(ratios) >= 3 and max(ratios) <= min(ratios) * 1.01 and min(ratios) > 0


def yearly(documented):
    """Documented yearly paths by outcome and labels."""
    paths = {}
    for one in documented:
        if not one.is_event and one.span.year is not None:
            paths.setdefault(one.key, {})[one.span.year] = one.value
    return paths


def test_no_series_of_the_case_follows_a_documented_outcome():
    paths = yearly(load_documented(HUAWEI))
    assert len(paths) > 10
    found = [
        (one.path, key)
        for one in inputs_of(load_case("huawei"))
        if isinstance(one.number, Series)
        for key, path in paths.items()
        if disguised(one.number.values, path)
    ]
    assert found == []


def test_a_documented_outcome_would_be_recognised_in_any_unit():
    revenue = yearly(load_documented(HUAWEI))["revenue", "segment=total"]
    assert disguised({year: value / 6.9 for year, value in revenue.items()}, revenue)
    assert not disguised({year: 100.0 + year for year in revenue}, revenue)
