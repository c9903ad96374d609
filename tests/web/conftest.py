import pytest

from sim.web.compute import case_of
from sim.web.setup import load_page


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def page():
    return load_page("huawei")


@pytest.fixture(scope="session")
def history():
    return case_of("huawei")
