"""What pages say of the program holds, and each code block of each page is executed somewhere."""

import re
import shlex

import pytest
import yaml
from typer.main import get_command

import sim
from docs.evidence import evidence
from sim.case.behaviour import Mechanisms
from sim.case.load import case_folder, load_case
from sim.cli.app import app
from sim.documented.load import load_documented
from sim.policy.measures import MEASURES
from sim.world.ledger import ORIGINS
from tests.test_docs import DOCS, EXECUTED, PAGES, ROOT, blocks, rules

# Pages with blocks that another test executes, and where.
ELSEWHERE = {
    "README.md": "tests/docs/test_readme.py",
    "docs/experiments.md": "tests/runs/test_experiments_page.py",
    "docs/calibration.md": "tests/docs/test_slow_pages.py",
    "docs/report.md": "tests/docs/test_slow_pages.py",
    "docs/how-to/use-a-cluster.md": "tests/docs/test_slow_pages.py",
}
PROGRAM = get_command(app)
GLOSSARY = (DOCS / "glossary.md").read_text()
MODEL = (DOCS / "model.md").read_text()


def test_every_block_that_can_run_is_executed_by_some_test():
    runnable = {
        str(page.relative_to(ROOT))
        for page in PAGES
        if {"python", "console"} & {language for language, _ in blocks(page)}
    }
    executed = {f"docs/{name}" for name in EXECUTED} | set(ELSEWHERE)
    assert runnable - executed == set()
    for page, test in ELSEWHERE.items():
        assert page.split("/")[-1] in (ROOT / test).read_text(), page


def test_every_command_of_a_page_is_understood():
    # Executed too, in slow tests: `sh` blocks and `make` in test_shell_blocks.py.
    makefile = (ROOT / "Makefile").read_text()
    said = "\n".join(text for page in PAGES for language, text in blocks(page)
                     if language in {"sh", "console"}).replace("\\\n", " ")  # fmt: skip
    lines = re.findall(r"^(?:\.venv/bin/)?chokepoint (.+)$", said, re.MULTILINE)
    assert len(lines) > 30
    for line in lines:
        parse(shlex.split(line, comments=True))
    for target in re.findall(r"^make (\w+)", said, re.MULTILINE):
        assert f"\n{target}:" in makefile


def parse(words):
    """Read a command with its options, and do nothing."""
    context = PROGRAM.make_context("chokepoint", list(words))
    name, command, rest = PROGRAM.resolve_command(context, words)
    command.make_context(name, rest, parent=context)


def test_a_command_with_an_option_that_is_not_there_is_noticed():
    with pytest.raises(Exception, match="No such option"):
        parse(["run", "huawei", "--membrs", "3"])


def test_every_page_stands_once_in_the_navigation():
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    listed = list(leaves(config["nav"]))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    assert sorted(pages - set(listed)) == [], "add the page to mkdocs.yml"
    assert sorted(name for name in listed if listed.count(name) > 1) == []


def leaves(tree):
    if isinstance(tree, str):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from leaves(part)


def test_the_glossary_explains_every_kind_of_measure_origin_and_kind_of_outcome():
    kinds = re.findall(r"'([a-z_]+)': '#/\$defs", str(MEASURES.json_schema()))
    assert len(set(kinds)) > 10
    words = {*kinds, *ORIGINS, "flow", "stock", "share", "event"}
    assert sorted(word for word in words if f"`{word}`" not in GLOSSARY) == []


def test_the_glossary_names_no_kind_of_measure_that_is_gone():
    kinds = set(re.findall(r"'([a-z_]+)': '#/\$defs", str(MEASURES.json_schema())))
    law = GLOSSARY[GLOSSARY.index("| term | `kind` |") :]
    listed = re.findall(r"^\| [^|`]+ \| `([a-z_]+)` \|", law, re.MULTILINE)
    assert len(listed) == len(set(listed)) > 10
    assert set(listed) - {"kind"} == kinds


def test_the_glossary_has_no_term_twice():
    terms = re.findall(r"^\| ([^|`]+?) \|", GLOSSARY, re.MULTILINE)
    found = [term for term in terms if term not in {"term", "---"}]
    assert len(found) > 80
    assert sorted({term for term in found if found.count(term) > 1}) == []


def test_the_evidence_page_holds_every_documented_value_with_its_source():
    documented = load_documented(case_folder("huawei"))
    text = evidence(load_case("huawei"))
    for one in documented:
        assert one.source in text
        assert not one.address or f"]({one.address})" in text
    rows = re.findall(r"^\| [^|]* \| [^|]* \| [^|]* \| [^|]* \| (?:high|medium|low|recall) \|",
                      text, re.MULTILINE)  # fmt: skip
    assert len(rows) == len(documented)


def test_the_evidence_page_lists_every_disagreement():
    documented = load_documented(case_folder("huawei"))
    text = evidence(load_case("huawei"))
    part = text[text.index("## Where sources differ") : text.index("## `")]
    assert part.count("\n| `") == sum(one.low < one.high for one in documented) > 10


def test_the_reference_names_what_the_package_offers():
    text = "".join(path.read_text() for path in (DOCS / "api").glob("*.md"))
    shown = re.findall(r"^::: (sim[\w.]+)$", text, re.MULTILINE)
    homes = {f"{getattr(sim, name).__module__}.{name}" for name in sim.__all__}
    assert homes <= set(shown)
    modules = {name.split(".")[-1] for name in shown if name.startswith("sim.rules.")}
    held = {path.stem for path in (ROOT / "sim" / "rules").glob("*.py")} - {"__init__"}
    assert modules == held
    assert list(rules())


def test_the_model_page_has_every_element_of_the_protocol():
    first = MODEL.index("### Where each element")
    table = MODEL[first : MODEL.index("\n## ", first)]
    missing = [element for element in ELEMENTS if f"| {element} |" not in table]
    assert missing == []


ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
    "Initialization",
    "Input data",
    "Submodels",
)


def test_the_model_page_sorts_every_switch_into_a_group():
    part = MODEL[MODEL.index("### 3.5 Mechanism switches") : MODEL.index("### 3.6")]
    assert [name for name in Mechanisms.model_fields if f"`{name}`" not in part] == []


@pytest.mark.parametrize("name", ["model-card.md", "index.md"])
def test_what_must_be_said_up_front_is_said(name):
    text = (DOCS / name).read_text()
    assert "model-card.md" in text or "Advice on evading controls" in text
    assert "limits.md" in text
