import importlib.util
import socket

import pytest

from sim.cli import page
from sim.cli.app import main


@pytest.fixture
def started(monkeypatch):
    seen = {}

    def execve(path, words, settings):
        seen.update(words=words, settings=settings)

    monkeypatch.setattr(page.os, "execve", execve)
    return seen


def run(*words):
    with pytest.raises(SystemExit) as stopped:
        main(["app", *words])
    return stopped.value.code


def test_the_page_is_served_to_this_machine_alone_and_sends_no_statistics(started, capsys):
    assert run() == 0
    assert "--server.address=127.0.0.1" in started["words"]
    assert started["settings"]["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] == "false"
    assert started["settings"]["STREAMLIT_SERVER_HEADLESS"] == "true"
    assert "http://127.0.0.1:85" in capsys.readouterr().out


def test_another_address_is_served_only_where_asked_with_a_note(started, capsys):
    assert run("--host", "0.0.0.0", "--port", "8790") == 0
    assert "--server.address=0.0.0.0" in started["words"]
    assert "other machines" in capsys.readouterr().err


def test_a_taken_port_is_told(started, capsys):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert run("--port", str(port)) == 2
    assert "is taken" in capsys.readouterr().err
    assert not started


def test_a_missing_extra_is_told_with_the_command_that_installs_it(started, capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run() == 2
    assert "pip install chokepoint-sim[web]" in capsys.readouterr().err
    assert not started


def test_the_page_is_that_of_the_case_asked_for(started):
    assert run("huawei") == 0
    assert started["settings"]["CHOKEPOINT_CASE"] == "huawei"


def test_a_case_without_a_page_is_told_with_those_that_have_one(started, capsys):
    assert run("exampel") == 2
    assert "there is no page for case 'exampel'; allowed: huawei, zte" in capsys.readouterr().err
    assert not started
