import json
import shlex

import pytest

from sim.runs.folder import FolderError, open_results, write_folder
from sim.runs.manifest import code_hash, differences, with_recipe
from tests.outcomes import fakes


def test_a_run_folder_holds_the_tables_and_what_is_added(tmp_path):
    def part(results, draft):
        (draft / "extra.txt").write_text(str(results.dataset.sizes["member"]))

    write_folder(fakes.results(), tmp_path / "run", (part,))
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"manifest.json", "members.parquet", "quantiles.csv", "annual.csv", "extra.txt"}
    assert (tmp_path / "run" / "extra.txt").read_text() == "4"


def test_a_part_that_fails_leaves_no_folder(tmp_path):
    def part(results, draft):
        raise RuntimeError("no ink")

    with pytest.raises(RuntimeError, match="no ink"):
        write_folder(fakes.results(), tmp_path / "run", (part,))
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_meets_a_full_disk_is_a_folder_error(tmp_path):
    def part(results, draft):
        raise OSError(28, "No space left on device")

    with pytest.raises(FolderError, match=r"cannot write .*run: No space left on device"):
        write_folder(fakes.results(), tmp_path / "run", (part,))


def test_a_run_folder_opens_by_its_name(tmp_path):
    write_folder(fakes.results(), tmp_path / "run")
    assert open_results(tmp_path / "run").manifest["seed"] == 1


def test_the_manifest_holds_the_command_that_repeats_the_run(tmp_path):
    results = with_recipe(fakes.results(), "my case.yaml", ["lines.a=1"], "out/x")
    words = shlex.split(results.manifest["command"])
    assert words == [
        "chokepoint", "run", "my case.yaml", "--members", "4", "--seed", "1", "--start", "2018-01",
        "--end", "2019-12", "--out", "out/x", "lines.a=1",
    ]  # fmt: skip


def test_the_manifest_names_no_folder_of_this_machine(tmp_path):
    write_folder(fakes.results(), tmp_path / "run")
    text = json.dumps(json.loads((tmp_path / "run" / "manifest.json").read_text()))
    assert str(tmp_path) not in text


def test_the_code_has_one_hash():
    assert code_hash() == code_hash()
    assert len(code_hash()) == 16


def test_two_runs_say_in_what_they_differ():
    mine = {"seed": 1, "members": 4, "versions": {"code": "a"}}
    theirs = {"seed": 2, "members": 4, "versions": {"code": "b"}}
    assert differences(mine, theirs) == ["seed 1 and 2", "different code"]
    assert differences(mine, mine) == []
