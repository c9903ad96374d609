"""Settings of all tests."""

import gc
import shutil
from pathlib import PurePosixPath

import pytest
from hypothesis import settings

# A busy machine is no failure: time is judged by the benchmarks, not by single examples.
settings.register_profile("chokepoint", deadline=None)
settings.load_profile("chokepoint")

# Folders whose tests share long runs across files.
TOGETHER = ("model", "reports", "scenarios", "web")


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, driven by Playwright; where either is missing the test is left out."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs Chromium (Debian package chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def pytest_collection_finish():
    """What is there now stays: each block of a run collects garbage, which need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With ``--dist loadscope``, tests that share a run go to one process: it is made once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRun(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path = PurePosixPath(nodeid.partition("::")[0])
            return path.parent.name if path.parent.name in TOGETHER else str(path)

    return ByRun(config, log) if config.getoption("dist") == "loadscope" else None
