import pytest

from sim.runs import bench


def test_runs_that_are_compared_take_turns_and_the_median_counts(monkeypatch):
    ticks = iter([0, 1, 10, 12, 20, 24, 30, 33, 40, 41, 50, 59])  # begin and end of each call
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(ticks))
    order = []
    works = {name: lambda name=name: order.append(name) for name in ("one", "many")}
    assert bench.in_turns(works, rounds=3) == {"one": 1, "many": 3}
    assert order == ["one", "many"] * 3


def test_the_report_states_ratios_and_aims(monkeypatch):
    cost = {"1": 0.5, "256": 1.0, "512": 1.5, "1024": 3.0, "2048": 6.0, "half": 0.5}
    monkeypatch.setattr(bench, "ensemble_costs", lambda case: cost)
    answers = {"help": 0.1, "check": 0.8, "python": 0.02}
    monkeypatch.setattr(bench, "batch_run_cost", lambda case: 0.6)
    monkeypatch.setattr(bench, "command_costs", lambda: answers)
    monkeypatch.setattr(bench, "size", lambda case: (10, 100))
    runner = bench.RunnerCost(seconds=20.0, used=0.95, parent=200_000_000, worker=500_000_000)
    monkeypatch.setattr(bench, "measure", lambda case, members: runner)
    values = {what: value for what, value, _ in bench.report(None)}
    assert values["cost of 256 members, of 1 member"] == "2.00 x"
    assert values["cost of 2,048 members, of 1,024"] == "2.00 x"
    assert values["cost of 100 months, of 50"] == "2.00 x"
    assert values["chokepoint check FILE"] == "800 ms"
    assert float(values["an agent, member and month at 1,024 members"].split()[0]) == pytest.approx(
        3e9 / (10 * 1024 * 100), abs=1
    )
    by_runner = "a member by the runner is faster than by mesa.batch_run, both on 2 processes"
    assert values[by_runner] == f"{0.6 / (20 / 10_000):.0f} x"
    assert values["share of the workers' time spent on blocks"] == "0.95"
    faster = "a member in the ensemble of 2,048 is faster than by mesa.batch_run"
    assert values[faster] == f"{0.6 / (6 / 2048):.0f} x"
