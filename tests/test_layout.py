"""The architecture holds: imports go downwards, files stay short."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 350


def test_imports_respect_the_contracts():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_file_of_code_is_too_long_to_read():
    sizes = {path: len(path.read_text().splitlines()) for path in (ROOT / "sim").rglob("*.py")}
    assert len(sizes) > 20
    assert {str(path): size for path, size in sizes.items() if size > LONGEST_FILE} == {}
