"""What the disk refuses, and what a stop leaves, is told in a line; a fault keeps its traceback."""

import errno
import json

import pytest

from sim.cli.app import main
from sim.cli.calibrate import Order, kept
from sim.cli.options import named


@pytest.fixture
def refuse(monkeypatch):
    def with_error(number, text):
        def fail(*_):
            raise OSError(number, text, "there/x.csv")

        monkeypatch.setattr("sim.cli.exceed.exceed", fail)

    return with_error


@pytest.mark.parametrize(
    ("number", "text"),
    [(errno.EROFS, "Read-only file system"), (errno.ENOSPC, "No space left on device")],
)
def test_a_disk_that_refuses_is_told_in_a_line(number, text, refuse, capsys):
    refuse(number, text)
    with pytest.raises(SystemExit) as stop:
        main(["exceed", "example"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said == f"chokepoint: there/x.csv: {text}; choose another folder or make room\n"


def test_any_other_error_of_the_system_keeps_its_traceback(refuse):
    refuse(errno.EBADF, "Bad file descriptor")
    with pytest.raises(OSError, match="Bad file descriptor"):
        main(["exceed", "example"])


def test_a_fit_that_is_stopped_says_that_nothing_is_lost(capsys):
    with pytest.raises(SystemExit), kept():
        raise SystemExit(130)
    assert "the same command goes on with it" in capsys.readouterr().err


def test_the_command_that_goes_on_with_a_draft_leaves_it_a_draft():
    order = Order("small.yaml", (), None, False, None, None, False, draft=True, figures=True)
    assert order.command == "chokepoint calibrate small.yaml --draft --figures"


@pytest.mark.parametrize("command", ["run", "check", "attribute", "sensitivity"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ({}, "the results of a run, no case: chokepoint report window (also compare, exceed)"),
        ({"kind": "experiment"}, "the results of an experiment, no case: chokepoint report window"),
        ({"kind": "attribution"}, "the results of an attribution, no case: read the CSV files"),
    ],
)
def test_a_folder_of_results_is_no_case_and_its_reader_is_named(
    command, kind, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "window"
    folder.mkdir()
    about = {"program": "chokepoint", "command": "chokepoint run window.yaml", **kind}
    (folder / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(SystemExit) as stop:
        main([command, "window"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert f"window holds {words}" in said
    assert said.endswith("what made it: chokepoint run window.yaml\n")


def test_a_built_in_name_is_the_case_though_a_run_lies_beside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    assert named("example", None) == ("example", ())


LEVELS = """
name: words
question: What do levels with a unit do?
case: huawei
levers:
  measures.direct_product_rule_may_2020.grace_days: [0 days, 30]
replicates: many
"""


def test_a_level_of_the_wrong_kind_gets_one_message(tmp_path, capsys):
    file = tmp_path / "words.yaml"
    file.write_text(LEVELS)
    with pytest.raises(SystemExit):
        main(["check", str(file)])
    said = capsys.readouterr().err
    assert said.count("'0 days'") == 1
    assert "line 6" in said
    assert "needs true or false, a number or a date such as 2018-01-31, not '0 days'" in said
    assert "2 problems" in said
    assert "(2)" in said
    assert "'many'" in said
