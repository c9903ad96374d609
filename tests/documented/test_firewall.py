"""No code that takes part in a simulation may reach what really happened."""

import ast
from pathlib import Path

import pytest

SIM = Path(__file__).parents[2] / "sim"
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
