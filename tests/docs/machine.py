"""A machine on which a page's lines for the shell are typed: a clone, and no network.

The clone is of the files as they stand here, in a folder that is thrown away. What pip is asked to
install is there already: it finds the packages of this test run, and only installs the clone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GIT = ("-c", "user.name=nobody", "-c", "user.email=nobody@localhost")
# Programs that a user's pip would have written, had there been anything to install.
PROGRAMS = ("dask", "lint-imports", "marimo", "mkdocs", "mypy", "pytest", "ruff")


@dataclass(frozen=True)
class Machine:
    """A home with a clone of the program in it."""

    home: Path

    @property
    def origin(self) -> Path:
        """What ADDRESS stands for."""
        return self.home / "origin"

    @property
    def clone(self) -> Path:
        """Where the lines of a page are typed."""
        return self.home / "chokepoint"

    @property
    def environment(self) -> dict[str, str]:
        """Variables of a shell there; pip reads `false` as no isolation."""
        return {
            "HOME": str(self.home),
            "PATH": f"{self.home / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(self.home / "packages"),
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "false",
            "UV_OFFLINE": "1",
            "LANG": "C.UTF-8",
        }

    def type(self, line: str, folder: Path | None = None) -> str:
        """Run a line, which must end well; returns what it wrote."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=folder or self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, line: str) -> subprocess.Popen[str]:
        """Start a program that stays; the caller ends it."""
        return subprocess.Popen(
            ["bash", "-c", f"exec {line}"],
            cwd=self.clone,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def lay_programs(self) -> None:
        """Put the programs of this test run into the clone's environment, run by its Python."""
        own, place = Path(sysconfig.get_path("scripts")), self.clone / ".venv" / "bin"
        for name in PROGRAMS:
            raw = (own / name).read_bytes()
            if raw.startswith(b"#!"):
                (place / name).write_bytes(
                    re.sub(rb"^#!.*", f"#!{place / 'python'}".encode(), raw, count=1)
                )
                (place / name).chmod(0o755)
            else:
                (place / name).unlink(missing_ok=True)
                (place / name).symlink_to(own / name)


def new_machine(home: Path) -> Machine:
    """A machine with Python, git, make and packages, and the program to be cloned."""
    machine = Machine(home)
    _lay_origin(machine)
    _lay_python(home / "bin")
    _lay_packages(home / "packages")
    return machine


def _lay_origin(machine: Machine) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # else removed, and not yet committed
            (machine.origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, machine.origin / name)
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "all"]):
        subprocess.run(["git", *GIT, *words], cwd=machine.origin, check=True)


def _lay_python(folder: Path) -> None:
    """The interpreter of this test run, whatever its version, under the name that pages use."""
    folder.mkdir()
    base = getattr(sys, "_base_executable", sys.executable)
    for name in ("python3.12", "python3"):
        (folder / name).write_text(f'#!/bin/sh\nexec "{base}" "$@"\n')
        (folder / name).chmod(0o755)


def _lay_packages(folder: Path) -> None:
    """All packages of this test run, without the program itself and pip."""
    folder.mkdir()
    own = re.compile(r"_?_?(chokepoint|editable_|pip\b|pip-)")
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for path in Path(place).iterdir():
            if not own.match(path.name):
                (folder / path.name).symlink_to(path)
