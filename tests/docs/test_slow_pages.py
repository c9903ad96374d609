"""Pages whose blocks take more than a few seconds: docs/report.md, docs/how-to/use-a-cluster.md."""

import pytest

import sim.cli.run
from tests.docs.test_pages import parse
from tests.test_docs import DOCS, call_here, execute

pytestmark = pytest.mark.slow


def test_the_commands_of_the_page_on_reports_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())  # reports draw their own
    call_here(["chokepoint", "run", "example", "--members", "4", "--end", "2031-12",
               "--out", "out/demo"])  # fmt: skip

    def call(words):
        # A run, two runs and an experiment are reported with the tutorial, as HTML.
        call_here(words) if "--pdf" in words else parse(words[1:])

    assert execute(DOCS / "report.md", call) == 1
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert (tmp_path / "paper.html").is_file()


def test_every_block_of_the_page_on_clusters_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert execute(DOCS / "how-to" / "use-a-cluster.md", call_here) == 3
    assert (tmp_path / "out" / "mine" / "blocks").is_dir()
