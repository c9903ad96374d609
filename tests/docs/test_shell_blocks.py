"""Every line for the shell (`sh` blocks, and `make`) runs: on a machine of its own, with less.

A line runs as it stands but for the size: :data:`LESS` says what is made smaller, and how. What
needs a network gets by without one: the clone is made from the files here, and pip finds what it
is asked for installed already.
"""

import re
import socket
import time
from functools import cache
from urllib.request import urlopen

import pytest

import sim.cli.run
from tests.docs.machine import new_machine
from tests.test_docs import DOCS, PAGES, ROOT, blocks, call_here, commands

pytestmark = pytest.mark.slow

# Pages with `sh` blocks that need more than one line after the other, and where they run.
ELSEWHERE = {"docs/how-to/use-a-cluster.md": "test_the_lines_for_many_machines_run"}
CLUSTER = DOCS / "how-to" / "use-a-cluster.md"

LESS = (
    # Whole: 256 members of nine years.
    (r"chokepoint run huawei.*", r"\g<0> --members 2 --end 2018-12 --force"),
    # Whole: thousands of members.
    (r"chokepoint sensitivity .*",
     r"\g<0> --end 2018-12 --trajectories 2 --points 2 --factors 1 --replicates 1 --workers 1"),
    # Whole: what this test is a part of.
    (r"bin/pytest .*not slow.*", r"\g<0> -n 0 tests/world/test_calendar.py"),
    (r"bin/pytest .*-m slow.*", r"\g<0> -n 0 --collect-only tests/test_docs.py"),
    (r"bin/pytest tests/rules$", r"\g<0>/test_stock.py"),
    # Whole: the types of the program, which `make lint` reads before any test.
    (r"bin/mypy$", r"\g<0> docs/tables.py"),
    # Whole: a page in a browser, until it is closed.
    (r"bin/marimo (edit|run) .*", r"\g<0> --headless --no-token --port PORT"),
)  # fmt: skip


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """With a clone and its environment, made by the lines of the README and of contributing.md."""
    machine = new_machine(tmp_path_factory.mktemp("machine"))
    clone, *_ = lines(DOCS / "contributing.md")
    assert clone == "git clone ADDRESS chokepoint && cd chokepoint"
    machine.type(clone.replace("ADDRESS", str(machine.origin)), machine.home)
    install, activate, _ = lines(ROOT / "README.md")
    machine.type(install)
    machine.lay_programs()
    assert machine.type(f"{activate}; command -v chokepoint").startswith(str(machine.clone))
    return machine


def lines(page):
    """Lines of the `sh` blocks of a page, without comments."""
    said = "".join(text for language, text in blocks(page) if language == "sh")
    bare = [re.sub(r"\s+#.*$", "", line) for line in said.replace("\\\n", "").splitlines()]
    return [line for line in bare if line]


def less(line):
    for pattern, smaller in LESS:
        line = re.sub(pattern, smaller, line)
    return line


def with_shell_blocks():
    return [page for page in PAGES if lines(page) and name_of(page) not in ELSEWHERE]


def name_of(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", with_shell_blocks(), ids=name_of)
def test_every_line_for_the_shell_runs(page, machine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())  # `make demo` draws
    for line in lines(page):
        run(line, machine)


def run(line, machine):
    if line.startswith("git clone") or line in lines(ROOT / "README.md")[:2]:
        return  # the machine was made with it
    if line.startswith("make "):
        make(line.split()[1], machine)
    elif line.startswith("chokepoint "):
        (words,) = commands(less(line))
        call_here(words)
    elif "bin/marimo" in line:
        assert "<title>" in page_served_by(less(line), machine)
    else:
        type_once(less(line), machine)


@cache
def make(target, machine):
    """The lines of a target, each with less; make itself is asked what they are."""
    (machine.clone / ".venv" / ".ready").unlink(missing_ok=True)
    recipe = machine.type(f"make --dry-run {target}").splitlines()
    assert recipe[0] == "scripts/make-environment"
    for line in recipe:
        if "bin/mkdocs" not in line:  # tests/docs/test_site.py builds the site by this line
            type_once(less(line), machine)
    assert machine.type(f"make --question {target} || echo to do") == "to do\n"


@cache
def type_once(line, machine):
    """A line that several pages have in common need not run for each of them."""
    return machine.type(line)


def page_served_by(line, machine):
    port = free_port()
    server = machine.start(line.replace("PORT", str(port)))
    try:
        return fetched(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait()


def fetched(address, server):
    for _ in range(300):
        try:
            with urlopen(address, timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            assert server.poll() is None, server.stdout.read()
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_make_runs_as_the_readme_says(machine):
    said = "".join(text for language, text in blocks(ROOT / "README.md") if language == "console")
    targets = re.findall(r"^make (\w+)", said, re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        make(target, machine)
    assert (machine.clone / "out" / "demo" / "report.html").stat().st_size > 100_000


def test_nothing_is_made_smaller_that_no_page_says():
    said = "\n".join([*(line for page in PAGES for line in lines(page)),
                      (ROOT / "Makefile").read_text().replace("$(BIN)", ".venv/bin")])  # fmt: skip
    assert [pattern for pattern, _ in LESS if not re.search(pattern, said, re.MULTILINE)] == []


def test_the_lines_for_many_machines_run(machine):
    many, slurm = [text for language, text in blocks(CLUSTER) if language == "sh"]
    (spread,) = [text for language, text in blocks(CLUSTER) if language == "yaml"]
    for name in ("spread", "my-experiment"):
        (machine.clone / f"{name}.yaml").write_text(spread)
    scheduler, worker, start = (one.partition("#")[0] for one in many.splitlines())
    machine.type(on_one_machine(f"{scheduler} & {worker} & {start}"))
    assert blocks_in(machine.clone / "out" / "spread") == 2
    machine.type(on_one_machine(slurm))
    assert blocks_in(machine.clone / "scratch" / "my-experiment") == 2


def blocks_in(folder):
    return len(list((folder / "blocks").glob("*.parquet")))


def on_one_machine(script):
    """The same lines where all machines are this one, and the batch system a shell."""
    here = (
        "source .venv/bin/activate; export SCRATCH=scratch; "
        "trap 'kill $(jobs -p); wait' EXIT; "
        'srun() { "$@"; }; hostname() { echo 127.0.0.1; }\n'
    )
    meant = {"8786": str(free_port()), "first": "127.0.0.1", "--nworkers 16": "--nworkers 1",
             "dask scheduler": "dask scheduler --host 127.0.0.1 --no-dashboard"}  # fmt: skip
    for said, instead in meant.items():
        script = script.replace(said, instead)
    return here + script
