"""What is installed: the wheel carries the built-in cases, and the engine finds them there."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.world import builtin

ROOT = Path(__file__).parents[1]
KINDS = ("configs", "experiments", "docs/lessons")


def test_a_checkout_uses_its_own_configs():
    assert builtin.builtin_folder("configs") == ROOT / "configs"


def test_an_installed_package_uses_the_configs_inside_it(tmp_path, monkeypatch):
    inside = tmp_path / "site-packages" / "sim" / "_data" / "configs"
    inside.mkdir(parents=True)
    # A stranger's folder of the same name beside the package is left alone.
    (tmp_path / "site-packages" / "configs").mkdir()
    monkeypatch.setattr(builtin, "_PACKAGE", tmp_path / "site-packages" / "sim")
    assert builtin.builtin_folder("configs") == inside


def test_a_broken_installation_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(builtin, "_PACKAGE", tmp_path / "sim")
    with pytest.raises(FileNotFoundError, match="built-in configs are missing"):
        builtin.builtin_folder("configs")


@pytest.mark.slow
def test_the_wheel_carries_every_built_in_file(tmp_path):
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wheel = zipfile.ZipFile(tmp_path / done.stdout.split()[-1])
    files = [path for kind in KINDS for path in (ROOT / kind).rglob("*.*")]
    expected = {f"sim/_data/{path.relative_to(ROOT)}" for path in files if path.is_file()}
    assert expected, "there are no built-in files"
    assert expected | {"sim/py.typed", "sim/case/load.py"} <= set(wheel.namelist())


def test_pinned_versions_name_no_host_and_no_path():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 30
    assert [line for line in pins if line.count("==") != 1 or "/" in line or "@" in line] == []
