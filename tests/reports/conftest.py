from __future__ import annotations

import pandas as pd
import pytest

from tests.reports.synthetic import SyntheticRun, documented_rows, synthetic_run


@pytest.fixture(scope="session")
def run() -> SyntheticRun:
    return synthetic_run()


@pytest.fixture(scope="session")
def documented() -> pd.DataFrame:
    return documented_rows()
