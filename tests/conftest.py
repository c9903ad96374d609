"""Settings of all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: time is judged by the benchmarks, not by single examples.
settings.register_profile("chokepoint", deadline=None)
settings.load_profile("chokepoint")

# Folders whose tests share long runs across files.
TOGETHER = ("model", "reports", "scenarios", "web")


def pytest_collection_modifyitems(items):
    """Tests that share a run go to one process, so that it is made once."""
    for item in items:
        path = Path(item.path)
        group = path.parent.name if path.parent.name in TOGETHER else path.stem
        item.add_marker(pytest.mark.xdist_group(group))
