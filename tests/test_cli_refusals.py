"""What the disk refuses, and what a stop leaves, is told in a line; a fault keeps its traceback."""

import errno

import pytest

from sim.cli.app import main
from sim.cli.calibrate import Order, kept


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
