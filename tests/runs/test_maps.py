"""A sweep over two levers is drawn with every cell in its place."""

import pytest

from sim.reports.lever_map import draw_map, figure_map
from tests.runs.experiments import GRACE, REVENUE, planned, run

COVER = "behaviour.stock.normal_cover"


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    drawn = {"x": GRACE, "y": COVER, "outcome": REVENUE, "period": "2018"}
    plan = planned(64, levers={GRACE: [120, 0], COVER: [1.0, 2.0, 3.0]}, map=drawn)
    return run(plan, tmp_path_factory.mktemp("map") / "e")[1]


def test_every_cell_shows_its_own_median(swept):
    axes = figure_map(swept, GRACE, COVER, REVENUE, "2018").axes[0]
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    assert len(texts) == 2 * 3 * 2
    revenue = swept.select(REVENUE).sel(scenario="base", period="2018")
    # Point 5 is no grace and most cover: left in the map, where levels go up, and on top.
    assert texts[(0.5, 2.58)] == f"{float(revenue.isel(lever_point=5).median()):,.0f}"
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "120"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1", "2", "3"]
    assert "bn CNY" in axes.get_title(loc="left")


def test_the_map_of_an_experiment_is_written_twice_and_always_alike(swept, tmp_path):
    first, second = draw_map(swept, tmp_path / "a"), draw_map(swept, tmp_path / "b")
    assert [path.name for path in first] == ["map.svg", "map.png"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
