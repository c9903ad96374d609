"""How fast the model is, as ratios measured side by side: ``python -m sim.runs.bench``.

Machines are noisy, so runs that are compared take turns and medians are reported. The
seconds belong to this machine; the ratios are what counts. With ``--large`` 100,000 members
are run too.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

from mesa import DataCollector, batch_run

from sim.case.load import load_case
from sim.case.schema import Case
from sim.model import SupplyChain
from sim.runs.bench_runner import RunnerCost, measure
from sim.runs.simulate import BLOCK, simulate
from sim.world.builtin import builtin_folder, default_case
from sim.world.calendar import Calendar

CASE = default_case()
EXPERIMENT = "grace-window.yaml"
ROUNDS = 3
MANY, MOST = 10_000, 100_000  # members by the runner; the latter only when asked for
BATCH = 4  # members run one at a time by mesa.batch_run


class OneMember(SupplyChain):
    """The same model as ``mesa.batch_run`` wants it: one member, one reporter."""

    def __init__(self, case: Case, rng: int = 1) -> None:
        super().__init__(case, members=1, rng=rng)
        self.datacollector = DataCollector(model_reporters={"month": "month"})

    def step(self) -> None:
        """One month, and what ``mesa.batch_run`` looks at."""
        super().step()
        self.datacollector.collect(self)


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock time of one call [s]."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median time of each work, the works taking turns [s]."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(taken) for name, taken in times.items()}


def ensemble_costs(case: Case) -> dict[str, float]:
    """Time of ensembles of several sizes, model and recording, and of half the months [s]."""
    works = {str(size): partial(simulate, case, size) for size in (1, 256, 512, 1024, 2048)}
    calendar = Calendar(case.calendar.start, case.calendar.end)
    half = calendar.first_day(calendar.months // 2 - 1)
    return in_turns({**works, "half": partial(simulate, case, 256, end=half)})


def batch_run_cost(case: Case) -> float:
    """Time of one member run alone by ``mesa.batch_run`` on two processes [s].

    Starting the processes costs seconds and is left out: it is the same for few and many.
    """
    _, months = size(case)
    works = {str(size): partial(_batch, case, months, size) for size in (BATCH, 3 * BATCH)}
    times = in_turns(works)
    return (times[str(3 * BATCH)] - times[str(BATCH)]) / (2 * BATCH)


def _batch(case: Case, months: int, members: int) -> None:
    rows = batch_run(
        OneMember,
        {"case": [case]},
        number_processes=2,
        rng=list(range(members)),
        max_steps=months,
        data_collection_period=-1,
        display_progress=False,
    )
    if [row["month"] for row in rows] != [months - 1] * members:
        raise RuntimeError("mesa.batch_run did not run every member to the end")


def command_costs() -> dict[str, float]:
    """Time until ``chokepoint --help`` and ``check FILE`` answer, and of Python alone [s]."""
    file = str(builtin_folder("experiments") / EXPERIMENT)
    words = {
        "help": ["-m", "sim.cli", "--help"],
        "check": ["-m", "sim.cli", "check", file],
        "python": ["-c", "pass"],
    }
    return in_turns({name: partial(_python, rest) for name, rest in words.items()}, 5)


def _python(rest: list[str]) -> None:
    subprocess.run([sys.executable, *rest], check=True, stdout=subprocess.DEVNULL)


def size(case: Case) -> tuple[int, int]:
    """Number of agents and of months of a run."""
    model = SupplyChain(case, members=1, rng=1)
    return len(model.agents), model.calendar.months


def runner_report(alone: float, large: bool) -> list[tuple[str, str, str]]:
    """What the runner of experiments reaches on two processes: what, value, aim.

    Args:
        alone: time of a member by ``mesa.batch_run`` on two processes [s].
        large: run 100,000 members too, which takes ten times as long.
    """
    many = measure(CASE, MANY)
    rows = [
        (f"{MANY:,} members by the runner, 2 processes", f"{many.seconds:.0f} s", ""),
        (
            "a member by the runner is faster than by mesa.batch_run, both on 2 processes",
            f"{alone / (many.seconds / MANY):.0f} x",
            "at least 100 x",
        ),
        ("share of the workers' time spent on blocks", f"{many.used:.2f}", "at least 0.9"),
        (f"peak memory of a worker at {MANY:,} members", _megabytes(many.worker), ""),
        (f"peak memory of the parent at {MANY:,} members", _megabytes(many.parent), ""),
    ]
    return rows + (_large_rows(many) if large else [])


def _large_rows(many: RunnerCost) -> list[tuple[str, str, str]]:
    most = measure(CASE, MOST)
    times = f"{most.seconds / many.seconds:.1f} x"
    return [
        (f"cost of {MOST:,} members, of {MANY:,}", times, "10 x (linear)"),
        ("  memory of a worker", f"{most.worker / many.worker:.2f} x", "1 x (constant)"),
        ("  memory of the parent", f"{most.parent / many.parent:.2f} x", "1 x (constant)"),
    ]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def report(case: Case, large: bool = False) -> list[tuple[str, str, str]]:
    """Every measured ratio: what, value, aim."""
    agents, months = size(case)
    cost = ensemble_costs(case)
    alone, commands = batch_run_cost(case), command_costs()
    per_step = 1e9 * cost["1024"] / (agents * 1024 * months)
    return [
        (f"{agents} agents, {months} months, blocks of {BLOCK}", "", ""),
        ("cost of 256 members, of 1 member", f"{cost['256'] / cost['1']:.2f} x", "at most 3 x"),
        ("1 member", f"{1e3 * cost['1']:.0f} ms", ""),
        ("256 members", f"{1e3 * cost['256']:.0f} ms", ""),
        ("an agent, member and month at 1,024 members", f"{per_step:.0f} ns", "at most 200 ns"),
        (
            "a member in the ensemble of 2,048 is faster than by mesa.batch_run",
            f"{alone / (cost['2048'] / 2048):.0f} x",
            "at least 100 x",
        ),
        ("a member by mesa.batch_run, 2 processes", f"{1e3 * alone:.0f} ms", ""),
        (
            "cost of 2,048 members, of 1,024",
            f"{cost['2048'] / cost['1024']:.2f} x",
            "2 x (linear)",
        ),
        (
            f"cost of {months} months, of {months // 2}",
            f"{cost['256'] / cost['half']:.2f} x",
            "2 x (linear)",
        ),
        ("chokepoint --help", f"{1e3 * commands['help']:.0f} ms", "under 250 ms"),
        ("chokepoint check FILE", f"{1e3 * commands['check']:.0f} ms", "under 1000 ms"),
        ("an empty Python", f"{1e3 * commands['python']:.0f} ms", ""),
        *runner_report(alone, large),
    ]


def main() -> None:
    """Measure and print."""
    for what, value, aim in report(load_case(CASE), "--large" in sys.argv[1:]):
        print(f"{what:<78} {value:>10}   {aim}".rstrip())


if __name__ == "__main__":  # batch_run starts processes that import this file again
    main()
