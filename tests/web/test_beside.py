"""Work in a process beside the server: results, progress, errors, and work nobody waits for."""

import os
import time
from dataclasses import replace

import pytest

from sim.case.errors import ConfigError, Problem
from sim.web.beside import Beside, Here, LeftError
from sim.web.compute import Desk
from sim.web.state import history_state

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def beside():
    place = Beside()
    yield place
    place.close()


def silent(done, before):
    pass


def add(one, two, tell):
    tell(0.5, 0)
    return os.getpid(), one + two


def fail(tell):
    raise ConfigError(Problem("wrong"))


def die(path, tell):
    if not os.path.exists(path):
        open(path, "w").close()
        os._exit(1)
    return "alive"


def last(path, tell):
    for step in range(200):
        time.sleep(0.02)
        try:
            tell(step / 200, 0)
        except LeftError:
            open(path, "w").close()
            raise
    return "done"


def test_work_is_done_elsewhere_and_here(beside):
    process, total = beside.call(add, 1, 2, tell=silent)
    assert (process != os.getpid(), total) == (True, 3)
    assert Here().call(add, 1, 2, tell=silent) == (os.getpid(), 3)


def test_an_error_comes_back_as_what_it_was(beside):
    with pytest.raises(ConfigError, match="wrong"):
        beside.call(fail, tell=silent)


def test_a_process_that_dies_is_replaced(beside, tmp_path):
    assert beside.call(die, str(tmp_path / "died"), tell=silent) == "alive"


def test_a_visitor_who_leaves_ends_the_work_and_frees_the_process(beside, tmp_path):
    told = []

    def leave(done, before):
        told.append(done)
        if done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        beside.call(last, str(tmp_path / "left"), tell=leave)
    assert beside.call(add, 2, 2, tell=silent)[1] == 4
    assert (tmp_path / "left").exists()
    assert 0 < told[-1] < 1


def test_a_view_from_beside_is_the_view_from_here(beside, page, history):
    state = replace(history_state(page, history), members=32, end=2021)
    state = state.with_lever("product_rule_grace", 0, usual=123)
    one, other = Desk(place=beside).view(state, page), Desk().view(state, page)
    assert (one.tracks["cash"].values == other.tracks["cash"].values).all()
