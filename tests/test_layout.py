"""The architecture holds: imports go downwards, and the engine knows kinds, never names."""

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from sim.case.yamltext import read_file

ROOT = Path(__file__).parents[1]
ENGINE = ("world", "rules", "policy", "case", "agents", "model", "runs")
LONGEST_FILE = 350

# Firms, products and countries of the cases: they live in configs/, not in code.
NAMES = re.findall(
    r"\w+",
    """
    huawei hisilicon honor kirin kunpeng harmonyos tsmc smic umc globalfoundries asml sophgo
    bitmain nvidia amd xilinx qualcomm mediatek samsung hynix micron cxmt ymtc xiaomi oppo
    vivo zte ericsson nokia sicarrier swaysure pengxinwei applied_materials lam_research
    tokyo_electron china chinese taiwan taiwanese netherlands dutch japan japanese korea
    korean russia russian united_states american germany german united_kingdom british beijing
    washington shenzhen
    """,
)

# Labels of published tables; the first is an event, the others are reporting regions.
PUBLISHED = ("russia_suspended", "'china', 'emea', 'asia_pacific', 'americas'")


def engine_files() -> list[Path]:
    packages = [path for part in ENGINE for path in (ROOT / "sim" / part).rglob("*.py")]
    # The benchmark is a command: it times a built-in case, by name.
    engine = [path for path in packages if path != ROOT / "sim" / "runs" / "bench.py"]
    return sorted([*engine, *(ROOT / "sim").glob("model.py")])


def code_of(path: Path) -> str:
    """Code without comments and docstrings: those may name the document a rule comes from."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body[0] = ast.Pass()
    code = ast.unparse(tree)
    for label in PUBLISHED:
        code = code.replace(label, "")
    return code


def named_in(code: str) -> list[str]:
    """Names in code, also inside identifiers such as ``from_huawei``."""
    words = re.split(r"[^a-z]+", code.lower())
    pairs = {f"{a}_{b}" for a, b in pairwise(words)}
    return [name for name in NAMES if name in pairs.union(words)]


def test_imports_respect_the_contracts():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if name == 'huawei':", ["huawei"]),
        ("sold_by_TSMC", ["tsmc"]),
        ("the United States", ["united_states"]),
        ("honoured machinery", []),
    ],
)
def test_the_search_for_names_finds_names(text, found):
    assert named_in(text) == found


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_names_no_firm_and_no_country(path):
    assert named_in(code_of(path)) == []


def test_the_engine_mentions_no_actor_of_a_case():
    actors: set[str] = set()
    for file in (ROOT / "configs" / "cases").glob("*/*.yaml"):
        actors |= set(read_file(file).tree.get("actors", {}))
    assert actors, "the built-in cases declare no actors"
    mentioned = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in engine_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in actors
    }
    assert mentioned == set()


def test_no_file_of_code_is_too_long_to_read():
    sizes = {path: len(path.read_text().splitlines()) for path in (ROOT / "sim").rglob("*.py")}
    assert len(sizes) > 20
    assert {str(path): size for path, size in sizes.items() if size > LONGEST_FILE} == {}
