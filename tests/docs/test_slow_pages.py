"""Pages whose commands take more than a few seconds, with less to do: reports, fits, clusters."""

import shutil
from itertools import count

import pytest

import sim.cli.run
from sim.case.load import case_folder
from sim.runs.posterior import DRAWS, FOLDER
from tests.test_docs import DOCS, call_here, execute

pytestmark = pytest.mark.slow

SHORT = ("--members", "4", "--end", "2031-12")
SUBSETS = """\
name: mechanism-subsets
question: What do stores bring, alone and together with licences?
case: example
levers: {mechanisms.stockpiling: [0, 1], mechanisms.licences: [0, 1]}
replicates: 4
end: 2031-12
outcomes: [revenue|segment=total]
show: [{outcome: revenue|segment=total, period: 2031}]
"""


def test_every_block_of_the_page_on_reports_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.cli.run, "parts_of", lambda documented: ())  # reports draw their own
    call_here(["chokepoint", "run", "example", *SHORT, "--out", "out/demo"])
    call_here(["chokepoint", "run", "example", "mechanisms.stockpiling=0", *SHORT,
               "--out", "out/no-grace"])  # fmt: skip
    (tmp_path / "subsets.yaml").write_text(SUBSETS)
    call_here(["chokepoint", "run", "subsets.yaml", "--workers", "1"])

    assert execute(DOCS / "report.md", call_here) == 1
    for name in ("demo/report", "demo/report-demo-no-grace", "mechanism-subsets/report"):
        assert (tmp_path / "out" / f"{name}.html").stat().st_size > 50_000
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert (tmp_path / "paper.html").is_file()


# Thousands of members become 64, and the posterior goes to a copy of the case that ends earlier.
FIT = ("rounds.count=1", "rounds.members=64", "rounds.effective=8", "draws=8",
       "recovery.members=256", "recovery.truths=2")  # fmt: skip


def test_every_block_of_the_page_on_calibration_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    case, shipped = tmp_path / "huawei", case_folder("huawei") / FOLDER / DRAWS
    shutil.copytree(case_folder("huawei"), case)
    shorten(case / "case.yaml")
    before, number = shipped.read_bytes(), count()

    def call(words):
        call_here([*words[:2], "calibrate", *words[2:], f"case={case}", *FIT,
                   "--workers", "1", "--out", f"out/{next(number)}"])  # fmt: skip

    assert execute(DOCS / "calibration.md", call) == 1
    assert (tmp_path / "out" / "0" / "identifiability.csv").is_file()
    assert (case / FOLDER / DRAWS).read_bytes() != before
    scores = tmp_path / "out" / "2" / "shuffled-posterior-scores.csv"
    assert "shuffled years" in scores.read_text()
    assert shipped.read_bytes() == before


def shorten(file):
    text = file.read_text()
    assert "end: 2026-12}" in text
    file.write_text(text.replace("end: 2026-12}", "end: 2022-12}"))


def test_every_block_of_the_page_on_clusters_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert execute(DOCS / "how-to" / "use-a-cluster.md", call_here) == 3
    assert (tmp_path / "out" / "mine" / "blocks").is_dir()
