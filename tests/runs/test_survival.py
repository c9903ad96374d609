"""Experiments outlive kills, dead workers and full disks; with real processes throughout."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.runs.bench_runner import measure
from sim.runs.experiment_folder import ExperimentFolder
from tests.runs.experiments import GRACE, write_file

pytestmark = pytest.mark.slow

BLOCKS = 12
SIZE = {"replicates": 4, "levers": {GRACE: list(range(0, 10 * BLOCKS, 10))}, "block": 4}
PATIENCE = 120.0  # seconds


def command(file, out, *words):
    return [sys.executable, "-m", "sim.cli", "run", str(file), "--out", str(out), *words]


def start(file, out, *words, **options):
    return subprocess.Popen(
        command(file, out, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **options,
    )  # fmt: skip


def finish(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def done_blocks(out):
    return sorted(Path(out).glob("blocks/block-*.parquet"))


def wait_for_blocks(out, count):
    until = time.monotonic() + PATIENCE
    while len(done_blocks(out)) < count:
        assert time.monotonic() < until, "no block was finished in time"
        time.sleep(0.02)


def members_of(out):
    return sim.open_results(out).to_frame()


def computed(out):
    ledger = ExperimentFolder(out).ledger
    return [entry.block for entry in ledger.entries() if entry.state == "SUCCEEDED"]


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for path in tasks for child in path.read_text().split()]
    return found + [deeper for child in found for deeper in children_of(child)]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    file = write_file(folder / "e.yaml", **SIZE)
    code, _, err = finish(start(file, folder / "out", "--workers", "1"))
    assert code == 0, err
    return members_of(folder / "out")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_killed_experiment_goes_on_where_it_was(tmp_path, undisturbed, workers):
    file, out = write_file(tmp_path / "e.yaml", **SIZE), tmp_path / "out"
    process = start(file, out, "--workers", workers)
    wait_for_blocks(out, random.randint(1, 6))
    time.sleep(random.uniform(0, 0.3))
    below = children_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    until = time.monotonic() + 20
    while any(map(alive, below)):
        assert time.monotonic() < until, "workers outlive their parent"
        time.sleep(0.05)
    kept = {path: path.stat().st_mtime_ns for path in done_blocks(out)}
    assert 0 < len(kept) < BLOCKS, "the kill came too late to show anything"
    code, text, err = finish(start(file, out, "--workers", workers))
    assert code == 0, err
    assert f"{len(kept)} were there" in text
    assert kept == {path: path.stat().st_mtime_ns for path in kept}
    # A block can be whole and the kill come before the note of it: it is not computed again.
    assert len(computed(out)) == len(set(computed(out))) >= BLOCKS - 1
    pd.testing.assert_frame_equal(members_of(out), undisturbed, rtol=1e-9)


def test_a_killed_worker_is_replaced(tmp_path, undisturbed):
    file, out = write_file(tmp_path / "e.yaml", **SIZE), tmp_path / "out"
    process = start(file, out, "--workers", "2")
    wait_for_blocks(out, 2)
    workers = {entry.worker for entry in ExperimentFolder(out).ledger.entries()}
    victim = next(pid for pid in workers if alive(pid))
    os.kill(victim, signal.SIGKILL)
    code, _, err = finish(process)
    assert code == 0, err
    later = {entry.worker for entry in ExperimentFolder(out).ledger.entries()}
    assert later > workers
    pd.testing.assert_frame_equal(members_of(out), undisturbed, rtol=1e-9)


def test_a_killed_dask_worker_is_replaced(tmp_path, undisturbed):
    pytest.importorskip("distributed")
    file, out = write_file(tmp_path / "e.yaml", **SIZE), tmp_path / "out"
    process = start(file, out, "--cluster", "local", "--workers", "2")
    wait_for_blocks(out, 2)
    victim = next(iter(ExperimentFolder(out).ledger.entries())).worker
    os.kill(victim, signal.SIGKILL)
    code, _, err = finish(process)
    assert code == 0, err
    pd.testing.assert_frame_equal(members_of(out), undisturbed, rtol=1e-9)


def test_a_full_disk_is_reported_and_finished_blocks_stay_readable(tmp_path, undisturbed):
    file, out = write_file(tmp_path / "e.yaml", **SIZE), tmp_path / "out"
    code, _, err = finish(start(file, out, "--workers", "1", "--only-block", "0"))
    assert code == 0, err

    def little_room():  # the kernel itself refuses to let any file of the process grow further
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    plain = start(file, out, "--workers", "1")
    wait_for_blocks(out, 3)
    plain.send_signal(signal.SIGTERM)
    plain.communicate()
    kept = len(done_blocks(out))
    code, _, err = finish(start(file, out, "--workers", "1", preexec_fn=little_room))
    assert code == 2
    assert "cannot write" in err
    assert f"{kept} of {BLOCKS} blocks are kept; go on with: chokepoint run" in err
    assert len(members_of(out)) == 4 * kept
    assert list(out.rglob(".*.partial")) == []
    code, _, err = finish(start(file, out, "--workers", "1"))
    assert code == 0, err
    pd.testing.assert_frame_equal(members_of(out), undisturbed, rtol=1e-9)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_experiment_that_is_stopped_says_how_to_go_on(tmp_path, number):
    file, out = write_file(tmp_path / "e.yaml", **SIZE), tmp_path / "out"
    # In a group of its own, so that workers get the signal too, as they do at a terminal.
    process = start(file, out, "--workers", "2", start_new_session=True)
    wait_for_blocks(out, 2)
    os.killpg(process.pid, number)
    code, _, err = finish(process)
    assert code == 128 + number
    assert f"of {BLOCKS} blocks are kept; go on with: chokepoint run {file} --out {out}" in err
    assert "Traceback" not in err
    assert list(out.rglob(".*.partial")) == []
    states = {entry.state for entry in ExperimentFolder(out).ledger.entries()}
    assert states == {"SUCCEEDED", "ABORTED"}


def test_eight_times_the_members_take_no_more_memory():
    # The same blocks, more of them: what differs is only what a worker or the parent piles up.
    some, many = (measure("huawei", members, "2018-12", block=64) for members in (128, 1_024))
    assert many.worker < 1.1 * some.worker
    assert many.parent < 1.1 * some.parent
