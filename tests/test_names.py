"""Code knows kinds: firms, products and countries have their names in configs/ alone."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from sim.case.sources import read_folder

ROOT = Path(__file__).parents[1]
CASES = sorted(path for path in (ROOT / "configs" / "cases").iterdir() if path.is_dir())

# Names that no label of a case spells out: products, former names, adjectives, places.
MORE = re.findall(
    r"\w+",
    """
    hisilicon kirin kunpeng ascend harmonyos umc globalfoundries sophgo bitmain hynix vivo
    sicarrier swaysure pengxinwei applied_materials lam_research tokyo_electron taiwanese dutch
    russian american german british beijing washington
    """,
)

# Words of the labels that are everyday English: they name nobody.
GENERIC = set(
    re.findall(
        r"\w+",
        """
        analog applied chip chips devices electron fabs fpga government hbm home house lam
        materials other radio research shell sk software south states tools traders united west
        works parts
        """,
    )
)
# Regions of the world market, coarse enough to be said in code.
CONTINENTS = {"americas", "asia_pacific", "europe", "middle_east_africa"}


@cache
def names() -> frozenset[str]:
    """Countries, and words of the labels of actors, in all built-in cases."""
    found = set(MORE)
    for case in CASES:
        tree = read_folder(case).tree
        for actor in tree["actors"].values():
            words = {word.lower() for word in re.findall(r"\b[A-Z]\w+", actor["label"])}
            found |= (words - GENERIC) | {actor["country"]}
        for region in tree["regions"].values():
            found |= set(region.get("tags", ())) - CONTINENTS
    return frozenset(found - CONTINENTS)


def code_of(path: Path) -> str:
    """Code without comments and docstrings: those may name the document a rule comes from."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body[0] = ast.Pass()
    return ast.unparse(tree)


def named_in(code: str) -> list[str]:
    """Names in code, also inside identifiers such as ``from_huawei``."""
    words = re.split(r"[^a-z]+", code.lower())
    pairs = {f"{a}_{b}" for a, b in pairwise(words)}
    return sorted(names() & pairs.union(words))


def files() -> list[Path]:
    return sorted((ROOT / "sim").rglob("*.py"))


def test_the_names_of_every_case_are_looked_for():
    assert {"huawei", "zte", "tsmc", "apple", "sweden", "united_states", "meridian"} <= names()
    assert len(CASES) >= 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if name == 'huawei':", ["huawei"]),
        ("sold_by_TSMC", ["tsmc"]),
        ("the United States", ["united_states"]),
        ("zte_only = 1", ["zte"]),
        ("honoured machinery", []),
    ],
)
def test_the_search_for_names_finds_names(text, found):
    assert named_in(text) == found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_a_firm_or_a_country(path):
    assert named_in(code_of(path)) == []


def test_no_module_mentions_an_actor_of_a_case_by_its_id():
    actors = {name for case in CASES for name in read_folder(case).tree["actors"]}
    assert len(actors) > 20
    mentioned = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in actors
    }
    assert mentioned == set()
