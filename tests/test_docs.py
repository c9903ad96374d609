"""The documentation runs, its links resolve, and what it says of the code and the inputs holds."""

import importlib.util
import inspect
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

import sim.cli.compare
import sim.cli.report
import sim.cli.run
import sim.rules
from sim.case.behaviour import Mechanisms
from sim.case.load import load_case
from sim.cli.app import main
from sim.policy.measures import MEASURES
from sim.runs.inputs import number_paths
from sim.world.floor import EVENTS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
EXECUTED = (
    "tutorial.md",
    "add-a-case.md",
    "plug-ins.md",
    "evidence.md",
    "notebooks.md",
    "how-to/add-a-measure.md",
    "how-to/add-a-scenario.md",
    "how-to/add-an-outcome.md",
    "api/rules.md",
)
LONG = {"tutorial.md", "add-a-case.md", "how-to/add-a-measure.md", "how-to/add-a-scenario.md"}
# sh: what needs a network or changes a machine; tests/docs/test_shell_blocks.py gives it one.
FENCES = {"python", "console", "yaml", "text", "sh"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MODEL = (DOCS / "model.md").read_text()


def blocks(page):
    """Language and text of each code block of a page."""
    return BLOCK.findall(page.read_text())


def commands(text):
    """Commands of a console block, comments left out."""
    return [words for line in text.splitlines() if (words := shlex.split(line, comments=True))]


@contextmanager
def steady_pandas():
    # A page prints what it likes; nothing depends on the width of the terminal.
    import pandas as pd

    with pd.option_context("display.width", 200):
        yield


def execute(page, call, only=("python", "console")):
    """Execute the blocks of a page in order, in the working folder; ``call`` runs a command.

    Blocks that name a file are written. Returns the number of blocks executed.
    """
    names, executed = {"__name__": page.stem}, 0
    for language, text in blocks(page):
        named = re.match(r"# file: (\S+)\n", text)
        if named:
            Path(named[1]).parent.mkdir(parents=True, exist_ok=True)
            Path(named[1]).write_text(text)
        elif language in only:
            executed += 1
            run_block(page, language, text, names, call)
    return executed


def run_block(page, language, text, names, call):
    if language == "python":
        exec(compile(text, f"{page.name}, a block", "exec"), names)
    else:
        for words in commands(text):
            call(words)


def call_here(words):
    """A command in this process."""
    assert words[0] == "chokepoint"
    with pytest.raises(SystemExit) as stop:
        main(words[1:])
    assert stop.value.code == 0, words


def call_as_a_user(words):
    """A command as a user calls it."""
    program = Path(sys.executable).with_name(words[0])
    subprocess.run([program, *words[1:]], check=True, stdout=subprocess.DEVNULL, env=os.environ)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow if n in LONG else ()) for n in EXECUTED]
)
def test_every_block_of_a_page_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Figures and reports: slow test below.
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())
    monkeypatch.setattr(sim.cli.compare, "draw_pair", lambda *given: [])
    monkeypatch.setattr(sim.cli.report, "write_report", lambda *given, **options: None)
    with steady_pandas():
        assert execute(DOCS / name, call_here) >= 1


@pytest.mark.slow
def test_the_commands_of_the_tutorial_draw_and_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first_of_each = set()

    def call(words):
        # One program start for each command is enough to know that a user can call it.
        new = words[1] not in first_of_each and words[1] not in {"compare", "report"}
        first_of_each.add(words[1])
        (call_as_a_user if new else call_here)(words)
        monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())

    assert execute(DOCS / "tutorial.md", call, only=("console",)) >= 6
    assert list((tmp_path / "out" / "base" / "figures").glob("*.svg"))
    assert (tmp_path / "no-stock.html").stat().st_size > 100_000
    assert (tmp_path / "out" / "stores" / "report.html").is_file()


@pytest.mark.slow
def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = [text for language, text in blocks(ROOT / "README.md") if language == "python"]
    assert code
    for text in code:
        exec(compile(text, "README.md, a block", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks_say_what_they_are_and_read(page):
    for language, text in blocks(page):
        assert language in FENCES
        if language == "yaml":
            assert yaml.safe_load(text), text
    assert len(re.findall(r"^```", page.read_text(), re.MULTILINE)) == 2 * len(blocks(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page):
    text = BLOCK.sub("", page.read_text())
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = (page.parent / path) if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {target}"


def anchors(page):
    """Names of the headings of a page, as links write them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_generated_tables_are_up_to_date():
    module = generator()
    pages = module.pages(load_case(module.CASE))
    # From runs; their own tests check them.
    measured = {
        "mechanisms.md",
        "identifiability.md",
        "structure.md",
        "sensitivity.md",
        "shuffled-years.md",
    }
    assert {path.name for path in (DOCS / "generated").iterdir()} == set(pages) | measured
    stale = [k for k, text in pages.items() if (DOCS / "generated" / k).read_text() != text]
    assert stale == [], "run `make docs`"


def test_the_generated_tables_hold_what_the_case_holds():
    text = (DOCS / "generated" / "parameters.md").read_text()
    assert "`behaviour.stock.stretch` | " in text
    assert all(f"`{key}`" in text for key in ("lines.cloud.priority", "exchange.cny_per_usd"))
    schedule = (DOCS / "generated" / "schedule.md").read_text()
    assert schedule.index("review_licences") < schedule.index("plan_orders")
    assert schedule.index("build_and_sell") < schedule.index("FocalFirm.settle")


def rules():
    """Names of the public functions of all rules."""
    for module in pkgutil.iter_modules(sim.rules.__path__):
        found = importlib.import_module(f"sim.rules.{module.name}")
        for name, thing in inspect.getmembers(found, inspect.isfunction):
            if thing.__module__ == found.__name__ and not name.startswith("_"):
                yield name


def test_the_model_page_describes_every_rule():
    assert [name for name in rules() if f"`{name}`" not in MODEL] == []


def test_the_model_page_names_every_event_switch_and_kind_of_measure():
    kinds = re.findall(r"'([a-z_]+)': '#/\$defs", str(MEASURES.json_schema()))
    assert len(set(kinds)) > 10
    names = {*EVENTS, *kinds, *Mechanisms.model_fields}
    assert sorted(name for name in names if f"{name}`" not in MODEL) == []


def test_every_number_that_the_model_page_names_exists():
    groups = (
        "behaviour|research|lines|items|routes|regions|foundries|tools|components|intermediaries"
    )
    named = set(re.findall(rf"`((?:{groups}|initial|mechanisms)\.[\w.*]+)`", MODEL))
    known = list(number_paths(load_case("huawei")))
    assert len(named) > 80
    missing = {
        path
        for path in named
        if not any(fnmatchcase(k, path) or fnmatchcase(k, f"{path}.*") for k in known)
    }
    assert missing == set()
