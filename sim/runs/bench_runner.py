"""How fast the runner of experiments is, and how much memory it takes, for the benchmark."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from sim.runs.experiment_folder import ExperimentFolder

WORKERS = 2
_SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class RunnerCost:
    """What an experiment took: wall-clock [s], share of the workers' time used, memory [bytes]."""

    seconds: float
    used: float
    parent: int
    worker: int


def measure(
    case: str, members: int, months_end: str | None = None, block: int | None = None
) -> RunnerCost:
    """Run an experiment of a number of replicates in processes of their own.

    Args:
        case: name of a case.
        members: replicates of its only point.
        months_end: last month, if not the case's own.
        block: members advanced together; sized from the cache if not given.

    Raises:
        RuntimeError: if the run fails.
    """
    with tempfile.TemporaryDirectory() as place:
        file, out = Path(place) / "bench.yaml", Path(place) / "out"
        file.write_text(yaml.safe_dump(_experiment(case, members, months_end, block)))
        words = [sys.executable, "-m", "sim.cli", "run", str(file), "--out", str(out)]
        began = time.perf_counter()
        with subprocess.Popen(
            [*words, "--workers", str(WORKERS)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            parent, worker = _watch(process)
            if process.returncode:
                assert process.stderr is not None
                raise RuntimeError(process.stderr.read().decode())
        seconds = time.perf_counter() - began
        folder = ExperimentFolder(out)
        busy = sum(entry.seconds for entry in folder.ledger.entries())
        wall = folder.manifest["timings"]["wall_s"]
    return RunnerCost(seconds, busy / (WORKERS * wall), parent, worker)


def _experiment(case: str, members: int, end: str | None, block: int | None) -> dict[str, object]:
    plain: dict[str, object] = {
        "name": "bench",
        "question": "How long does it take?",
        "case": case,
        "replicates": members,
    }
    given = {"end": end, "block": block}
    return plain | {name: value for name, value in given.items() if value is not None}


def _watch(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """Peak memory of a process and of the largest one below it until it ends [bytes]."""
    parent = worker = 0
    while process.poll() is None:
        parent = max(parent, _peak(process.pid))
        worker = max([worker, *map(_peak, _below(process.pid))])
        time.sleep(_SAMPLE_SECONDS)
    return parent, worker


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended, or this system has no such folder
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((1024 * int(words[1]) for words in lines), 0)


def _below(pid: int) -> Iterator[int]:
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _below(child)
