"""``chokepoint report``: what it says and writes."""

from __future__ import annotations

import errno
import os

import pytest

from sim.cli.app import main
from sim.outcomes.results import Results
from sim.outcomes.store import write_run


@pytest.fixture
def folder(tmp_path, run):
    place = tmp_path / "run"
    place.mkdir()
    about = {"program": "chokepoint", "format": 1, "start": "2018-01", "end": "2026-12",
             "case": "huawei", "command": "chokepoint run huawei"}  # fmt: skip
    write_run(Results(run.dataset, {**run.manifest, **about}), place)
    return place


def call(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return int(stop.value.code or 0)


def test_the_page_is_written_beside_the_run_and_named(folder, capsys):
    assert call("report", str(folder)) == 0
    assert f"Written: {folder / 'report.html'}" in capsys.readouterr().out
    assert "<h1>Invented firm</h1>" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_there_is_an_error_in_one_paragraph(tmp_path, capsys):
    assert call("report", str(tmp_path / "nothing")) == 2
    said = capsys.readouterr().err
    assert "is not a folder; give the folder of an earlier run" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_page_that_cannot_be_written_leaves_nothing_behind(folder, tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    assert call("report", str(folder), "--out", str(tmp_path / "taken" / "x.html")) == 2
    assert "cannot write" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_full_disk_keeps_no_half_page(folder, tmp_path, monkeypatch, capsys):
    def fill(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    (tmp_path / "full").mkdir()
    assert call("report", str(folder), "--out", str(tmp_path / "full" / "x.html")) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list((tmp_path / "full").iterdir()) == []


def test_damage_is_told_on_the_side_and_the_rest_is_written(folder, capsys):
    (folder / "members.parquet").write_bytes(b"broken")
    assert call("report", str(folder)) == 0
    assert "Note: The members of this run are missing" in capsys.readouterr().err
    assert (folder / "report.html").exists()


@pytest.mark.slow
def test_the_bundle_lies_beside_the_page(folder, tmp_path):
    assert call("report", str(folder), "--out", str(tmp_path / "it.html"), "--bundle") == 0
    assert (tmp_path / "it" / "report.md").is_file()
    assert list((tmp_path / "it" / "figures").glob("*.pdf"))
