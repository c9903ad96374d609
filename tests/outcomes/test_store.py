import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.outcomes.folder import FolderError, check_target, new_folder
from sim.outcomes.results import Results
from tests.outcomes import fakes


def test_a_run_reads_back_as_it_was(tmp_path):
    run = fakes.results()
    run.save(tmp_path / "run")
    again = Results.open(tmp_path / "run")
    xr.testing.assert_identical(again.dataset, run.dataset)
    assert again.manifest == run.manifest


def test_members_have_one_row_a_month_and_one_column_an_outcome(tmp_path):
    fakes.results().save(tmp_path / "run")
    table = pd.read_parquet(tmp_path / "run" / "members.parquet")
    assert len(table) == 24 * 4
    row = table[(table["member"] == 2) & (table["month"].astype(str) == "2018-02-01")].iloc[0]
    assert row["sales|region=home"] == 2 * 3
    assert row["works|maker=a;region=total"] == 9
    assert row["found"] == 2


def test_tables_use_months_and_six_digits(tmp_path):
    fakes.results().save(tmp_path / "run")
    bands = pd.read_csv(tmp_path / "run" / "quantiles.csv")
    assert list(bands) == ["outcome", "labels", "month", "q05", "q25", "q50", "q75", "q95"]
    assert bands["month"].iloc[0] == "2018-01"
    annual = pd.read_csv(tmp_path / "run" / "annual.csv", dtype=str)
    assert list(annual) == [
        "outcome", "labels", "period", "q05", "q25", "q50", "q75", "q95", "share"
    ]  # fmt: skip
    found = annual[annual["outcome"] == "found"].iloc[0]
    assert found["q50"] == "2018-02"
    assert found["share"] == "0.75"
    stock = annual[(annual["outcome"] == "stock") & (annual["period"] == "2018")].iloc[0]
    assert stock[["q05", "q50", "share"]].tolist() == ["12.65", "27.5", "1"]


def test_a_frame_can_be_written_as_csv(tmp_path):
    fakes.results().to_csv(tmp_path / "members.csv")
    table = pd.read_csv(tmp_path / "members.csv")
    assert table["sales|region=home"].sum() == (78 + 222) * (1 + 2 + 3 + 4)


def test_the_members_are_read_only_when_they_are_needed(tmp_path):
    fakes.results().save(tmp_path / "run")
    run = Results.open(tmp_path / "run")
    (tmp_path / "run" / "members.parquet").unlink()
    assert repr(run) == "<Results of fake: 4 members, 2018-01 to 2019-12, seed 1>"
    with pytest.raises(FolderError, match=r"members\.parquet cannot be read"):
        run.quantiles()


def test_a_damaged_members_file_is_reported(tmp_path):
    fakes.results().save(tmp_path / "run")
    path = tmp_path / "run" / "members.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FolderError, match="cannot be read"):
        _ = Results.open(tmp_path / "run").dataset


def test_an_existing_run_is_kept_unless_it_is_to_be_replaced(tmp_path):
    fakes.results(members=2).save(tmp_path / "run")
    with pytest.raises(FolderError, match="exists already"):
        fakes.results().save(tmp_path / "run")
    assert Results.open(tmp_path / "run").dataset.sizes["member"] == 2
    fakes.results().save(tmp_path / "run", force=True)
    assert Results.open(tmp_path / "run").dataset.sizes["member"] == 4
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_force_never_replaces_a_folder_that_is_no_run(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(FolderError, match="not a run folder of chokepoint"):
        fakes.results().save(tmp_path / "thesis", force=True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def write_half_and_fail(folder, force=False):
    with new_folder(folder, force) as draft:
        (draft / "half.txt").write_text("half")
        raise RuntimeError("stopped")


def test_a_failure_half_way_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="stopped"):
        write_half_and_fail(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_keeps_the_run_that_was_to_be_replaced(tmp_path):
    fakes.results(members=2).save(tmp_path / "run")
    with pytest.raises(RuntimeError, match="stopped"):
        write_half_and_fail(tmp_path / "run", force=True)
    assert Results.open(tmp_path / "run").dataset.sizes["member"] == 2


def test_nothing_shows_under_the_final_name_before_all_is_written(tmp_path):
    with new_folder(tmp_path / "run") as draft:
        (draft / "first.txt").write_text("first")
        assert not (tmp_path / "run").exists()
    assert (tmp_path / "run" / "first.txt").read_text() == "first"


def test_an_unwritable_place_is_found_before_the_run(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot write"):
        check_target(tmp_path / "file" / "run")
    check_target(tmp_path / "deep" / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "holds no manifest.json"),
        ("{ not json", "cannot be read"),
        ("[]", "was not written by chokepoint"),
        ('{"program": "other"}', "was not written by chokepoint"),
        ('{"program": "chokepoint", "format": 99}', "reads up to 1; upgrade"),
    ],
)
def test_a_folder_that_cannot_be_opened_says_why(tmp_path, manifest, message):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(FolderError, match=message):
        Results.open(tmp_path)


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(FolderError, match="is not a folder"):
        Results.open(tmp_path / "nowhere")


def test_the_manifest_is_readable_json(tmp_path):
    fakes.results().save(tmp_path / "run")
    about = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert about["members"] == 4
    assert np.isfinite(about["seed"])
