"""Running, going on, and reading back: the results do not depend on how they were made."""

import json
import os
import shutil
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest

import sim
from sim.outcomes.dataset import OutcomeError
from sim.outcomes.folder import FolderError
from sim.runs import experiment_folder
from sim.runs.block import run_task
from sim.runs.execute import run_one
from sim.runs.experiment_folder import ExperimentFolder
from sim.runs.export import export_folder
from sim.runs.folder import open_run
from sim.runs.ledger import Entry, Ledger
from sim.runs.pools import Inline, ProcessPool, SerialPool, make_pool
from tests.runs.experiments import BREAKS, GRACE, REVENUE, planned, run

overflows = pytest.mark.filterwarnings("ignore:(overflow|invalid value):RuntimeWarning")
FAILING = {"levers": {BREAKS: [1.0, 1e308, 2.0]}}  # the second of three blocks cannot be built


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiments") / "small"
    scenarios = {"base": {}, "free": {"regime.enabled": False}}
    changes = {"scenarios": scenarios, "end": "2020-12", "outcomes": [REVENUE, "stock_cover",
               "own_advanced_soc_runs_out"]}  # fmt: skip
    _, results = run(planned(6, **changes), folder)
    return results


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Four blocks, computed one after the other."""
    _, results = run(planned(2), tmp_path_factory.mktemp("experiments") / "alone")
    return results


@pytest.fixture
def mine(alone, tmp_path):
    """The same in a folder that a test may change."""
    return shutil.copytree(alone.folder.path, tmp_path / "e")


def frame_of(results):
    return results.to_frame().sort_values(["member", "period"], ignore_index=True)


# However it is computed.


@pytest.mark.parametrize("block", [3, 64])
def test_the_number_of_blocks_does_not_matter(finished, tmp_path, block):
    scenarios = {"base": {}, "free": {"regime.enabled": False}}
    plan = planned(block, scenarios=scenarios, end="2020-12")
    _, results = run(plan, tmp_path / "e")
    mine, theirs = (r.select("revenue", segment="total").values for r in (results, finished))
    np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def test_processes_give_what_one_process_gives(alone, tmp_path):
    report, shared = run(planned(2), tmp_path / "b", ProcessPool(2))
    assert sorted(report.computed) == [0, 1, 2, 3]
    workers = {entry.worker for entry in shared.folder.ledger.entries()}
    assert os.getpid() not in workers
    pd.testing.assert_frame_equal(frame_of(alone), frame_of(shared), rtol=1e-9)


@pytest.mark.slow
def test_a_running_dask_cluster_gives_what_one_process_gives(alone, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tcp://127.0.0.1:")
        report, shared = run(planned(2), tmp_path / "b", make_pool(1, address))
        assert len(cluster.workers) == 2, "the cluster belongs to somebody else: it stays"
    assert sorted(report.computed) == [0, 1, 2, 3]
    workers = {entry.worker for entry in shared.folder.ledger.entries()}
    assert os.getpid() not in workers
    pd.testing.assert_frame_equal(frame_of(alone), frame_of(shared), rtol=1e-9)


def test_the_order_of_blocks_does_not_matter(alone, tmp_path):
    plan = planned(2)
    folder = ExperimentFolder(tmp_path / "b")
    folder.prepare(plan, "", False, False)
    for number in (3, 0, 2, 1):
        folder.keep(experiment_folder.BlockResult(number, 2, run_task(plan.task(number)).table))
    pd.testing.assert_frame_equal(frame_of(alone), frame_of(sim.open_results(tmp_path / "b")))


def test_differences_are_paired_member_by_member(finished):
    revenue = finished.select("revenue", segment="total")
    gain = revenue.sel(scenario="free") - revenue.sel(scenario="base")
    bands = finished.differences()
    row = bands[(bands["outcome"] == "revenue") & (bands["period"] == "2020")].iloc[0]
    here = gain.sel(period="2020").isel(lever_point=0).values.ravel()
    assert row["q50"] == pytest.approx(np.median(here))
    # Before the window opens nothing tells its lengths apart: the luck is the same.
    change = (revenue.isel(lever_point=1) - revenue.isel(lever_point=0)).sel(scenario="base")
    assert (change.sel(period=["2018", "2019"]) == 0).all()
    assert (change.sel(period="2020") != 0).all()


# Going on.


def test_what_is_there_is_not_computed_again(mine):
    before = {p: p.stat().st_mtime_ns for p in (mine / "blocks").iterdir()}
    report, _ = run(planned(2), mine)
    assert (report.earlier, report.computed) == (4, [])
    assert before == {p: p.stat().st_mtime_ns for p in (mine / "blocks").iterdir()}


def test_only_missing_and_damaged_blocks_are_computed(alone, mine):
    folder = ExperimentFolder(mine)
    folder.block_path(1).unlink()
    folder.block_path(2).write_bytes(b"PAR1 half of a block")
    report, again = run(planned(2), mine)
    assert report.computed == [1, 2]
    pd.testing.assert_frame_equal(frame_of(alone), frame_of(again))


def test_the_blocks_keep_the_size_they_were_begun_with(mine):
    report, _ = run(planned(3), mine)
    assert (report.blocks, report.computed) == (4, [])


def test_a_changed_experiment_is_refused_and_force_starts_over(mine):
    with pytest.raises(FolderError, match=r"has changed since.*--force to start over"):
        run(planned(2, seed=2), mine)
    report, _ = run(planned(2, seed=2), mine, force=True)
    assert report.computed == [0, 1, 2, 3]


def test_a_changed_program_is_refused_unless_asked(mine, monkeypatch):
    ExperimentFolder(mine).block_path(0).unlink()
    now = experiment_folder.versions()
    monkeypatch.setattr(experiment_folder, "versions", lambda: {**now, "code": "other"})
    with pytest.raises(FolderError, match=r"program has changed.*code.*--new-code"):
        run(planned(2), mine)
    report, results = run(planned(2), mine, new_code=True)
    assert report.computed == [0]
    assert results.manifest["earlier_versions"][0]["code"] == now["code"]


def test_the_folder_of_another_experiment_is_refused_even_with_force_if_it_is_a_run(tmp_path):
    run(planned(8), tmp_path / "e")
    with pytest.raises(FolderError, match="holds the experiment 'small', not 'other'"):
        run(planned(8, name="other"), tmp_path / "e")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "thesis.txt").write_text("years of work")
    for force in (False, True):
        with pytest.raises(FolderError, match=r"no manifest\.json"):
            run(planned(8), tmp_path / "notes", force=force)
    assert (tmp_path / "notes" / "thesis.txt").read_text() == "years of work"


def test_two_programs_do_not_work_in_one_folder(tmp_path):
    folder = ExperimentFolder(tmp_path / "e")
    folder.prepare(planned(8), "", False, False)
    with folder.locked(), pytest.raises(FolderError, match="another program is at work"):
        run(planned(8), tmp_path / "e")
    assert run(planned(8), tmp_path / "e")[0].complete


# When something fails.


@overflows
def test_a_failed_block_is_recorded_and_the_others_go_on(tmp_path):
    report, results = run(planned(4, **FAILING), tmp_path / "e")
    assert report.computed == [0, 2]
    assert list(report.failed) == list(results.failed) == [1]
    assert "LedgerError" in results.failed[1]
    assert "Traceback" in results.folder.failure_path(1).read_text()
    assert not results.complete
    revenue = results.select("revenue", segment="total")
    assert np.isnan(revenue.isel(lever_point=1)).all()
    assert revenue.isel(lever_point=[0, 2]).notnull().all()
    assert results.manifest["state"] == "FAILED"


@overflows
def test_one_command_reproduces_a_failed_block(tmp_path):
    plan = planned(4, **FAILING)
    with pytest.raises(Exception, match="amount is negative"):
        run_one(plan, 1)
    assert run_one(plan, 0) == 4


@overflows
def test_a_failed_block_is_tried_again(tmp_path):
    run(planned(4, **FAILING), tmp_path / "e")
    report, _ = run(planned(4, **FAILING), tmp_path / "e")
    assert (report.earlier, list(report.failed)) == (2, [1])


class Fragile(SerialPool):
    """A pool whose workers die with some blocks."""

    def __init__(self, deaths):
        self.deaths, self.renewed = deaths, 0

    def executor(self):
        outer = self

        class Dying(Inline):
            def submit(self, fn, /, *args, **kwargs):
                if outer.deaths.get(args[0].number, 0) > 0:
                    outer.deaths[args[0].number] -= 1
                    future = Future()
                    future.set_exception(BrokenProcessPool("a worker died"))
                    return future
                return super().submit(fn, *args, **kwargs)

        return Dying()

    def renew(self):
        self.renewed += 1


def test_blocks_of_dead_workers_are_computed_by_new_ones(tmp_path):
    pool = Fragile({1: 2})
    report, _ = run(planned(2), tmp_path / "e", pool)
    assert (sorted(report.computed), report.failed, pool.renewed) == ([0, 1, 2, 3], {}, 2)


def test_a_block_that_kills_its_workers_is_given_up_in_the_end(tmp_path):
    report, results = run(planned(2), tmp_path / "e", Fragile({1: 99}))
    assert (sorted(report.computed), list(report.failed)) == ([0, 2, 3], [1])
    assert "a worker died" in results.failed[1]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, OSError])
def test_a_write_that_is_stopped_leaves_nothing_behind(tmp_path, monkeypatch, stop):
    def interrupted(number):
        raise stop

    experiment_folder.write_whole(tmp_path / "block", b"whole")
    monkeypatch.setattr(experiment_folder.os, "fsync", interrupted)
    with pytest.raises(stop):
        experiment_folder.write_whole(tmp_path / "block", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["block"]
    assert (tmp_path / "block").read_bytes() == b"whole"


def test_a_ledger_that_was_cut_short_is_read_and_continued(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.write(Entry(0, "SUCCEEDED", 4))
    with ledger.path.open("ab") as file:
        file.write(b'{"block": 1, "sta')
    ledger.write(Entry(2, "FAILED", 4, error="it did not work"))
    assert {n: entry.state for n, entry in ledger.last().items()} == {0: "SUCCEEDED", 2: "FAILED"}
    assert ledger.failed()[2].error == "it did not work"


# Reading back.


def test_an_experiment_is_opened_by_the_name_of_its_folder(finished):
    opened = sim.open_results(finished.folder.path)
    assert opened.scenarios == ("base", "free")
    assert opened.periods == ("2018", "2019", "2020")
    assert opened.levers == (GRACE,)
    assert "own_advanced_soc_runs_out" in opened.columns
    with pytest.raises(FolderError, match="holds an experiment"):
        open_run(finished.folder.path)


def test_arrays_are_labelled_by_scenario_lever_and_period(finished):
    revenue = finished.select("revenue", segment="total")
    assert revenue.dims[0] == "scenario"
    assert revenue.sel(scenario="base")[GRACE].values.tolist() == [0, 120]
    assert revenue.attrs["unit"] == "bn CNY"
    base = revenue.sel(scenario="base", period="2018").isel(lever_point=0)
    assert base.shape == (1, 4)
    assert finished.dataset["revenue|segment=total"].equals(revenue)


def test_a_column_that_was_not_kept_is_refused_with_the_nearest(finished):
    with pytest.raises(OutcomeError, match=r"did you mean 'revenue\|segment=total'"):
        finished.select("revenue", segment="totals")


def test_bands_are_over_replicates_and_computed_once(finished):
    bands = finished.quantiles()
    row = bands[(bands["outcome"] == "revenue") & (bands["scenario"] == "base")
                & (bands[GRACE] == 120) & (bands["period"] == "2019")].iloc[0]  # fmt: skip
    here = finished.select("revenue", segment="total").sel(scenario="base", period="2019")
    assert row["q50"] == pytest.approx(np.median(here.isel(lever_point=1)))
    kept = finished.folder.path / "quantiles.csv"
    before = kept.stat().st_mtime_ns
    pd.testing.assert_frame_equal(sim.open_results(kept.parent).quantiles(), bands)
    assert kept.stat().st_mtime_ns == before


def test_an_event_that_nobody_sees_is_never(finished):
    bands = finished.quantiles()
    rows = bands[bands["outcome"] == "own_advanced_soc_runs_out"]
    free = rows[rows["scenario"] == "free"]
    assert (free["share"] == 0).all()
    assert free["q50"].isna().all()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_holds_every_member_and_period(finished, tmp_path, form):
    path = export_folder(finished.folder.path, form, tmp_path / f"all.{form}")
    read = pd.read_csv if form == "csv" else pd.read_parquet
    table = read(path)
    assert len(table) == finished.members * 3
    assert table[REVENUE].sum() == pytest.approx(finished.to_frame(REVENUE)[REVENUE].sum())


def test_netcdf_holds_labelled_arrays(finished, tmp_path):
    xr = pytest.importorskip("xarray")
    path = export_folder(finished.folder.path, "netcdf", tmp_path / "all.nc")
    with xr.open_dataset(path, engine="scipy") as again:
        assert again["revenue|segment=total"].shape == (2, 2, 1, 4, 3)


def test_netcdf_says_which_run_it_is_and_since_when_events_are_counted(finished, tmp_path):
    xr = pytest.importorskip("xarray")
    path = export_folder(finished.folder.path, "netcdf", tmp_path / "all.nc")
    with xr.open_dataset(path, engine="scipy") as again:
        assert again["own_advanced_soc_runs_out"].attrs["unit"] == "months after 2018-01"
        assert again.attrs["case"] == "huawei"
        assert again.attrs["fingerprint"] == finished.manifest["fingerprint"]


def test_the_manifest_tells_what_was_run_without_naming_the_machine(finished):
    manifest = json.loads((finished.folder.path / "manifest.json").read_text())
    assert manifest["experiment"]["question"].startswith("Is this")
    assert manifest["plan"]["members"] == 16
    assert manifest["factors"][GRACE]["role"] == "lever"
    assert os.uname().nodename not in json.dumps(manifest)
