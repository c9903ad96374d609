"""Sensitivity: known functions, refused rows, and a small study of the example case."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.sensitivity.designs import HEADLINES, Study, indices, screening, unit_design
from sim.analysis.sensitivity.indices import convergence, morris_table, ranked, sobol_table
from sim.analysis.sensitivity.targets import Target, targets_of
from sim.case.errors import ConfigError
from sim.case.load import fingerprint, load_case
from sim.cli.sensitivity import EFFECTS, SHARES, Order, analyse, checked
from sim.outcomes.folder import FolderError
from sim.reports.sensitivity import by_outcome, heat_map, never_words, settled_words, short_name
from sim.runs.design import unit_points
from sim.runs.experiment_results import ExperimentResults
from sim.runs.plan import make_plan
from sim.runs.simulate import RunError

NAMES = ("a", "b", "c")
REVENUE, CHIP = "revenue|segment=total", "domestic_advanced_phone_chip"


def target(values, period="2020", column=REVENUE, never=0.0):
    return Target(column, period, "bn CNY", np.asarray(values, dtype=float), never)


def of(table, name, column):
    return table.set_index("parameter").loc[name, column]


def test_elementary_effects_of_a_sum_are_its_factors():
    places = unit_points("morris", 3, 6, seed=1)
    table = morris_table([target(4 * places[:, 0] - places[:, 1])], NAMES, places)
    assert table["mu_star"].tolist() == pytest.approx([4.0, 1.0, 0.0])
    assert table["mu"].tolist() == pytest.approx([4.0, -1.0, 0.0])
    assert table["mu_star_half"].tolist() == pytest.approx([4.0, 1.0, 0.0])
    assert ranked(table).tolist() == pytest.approx([16 / 17, 1 / 17, 0.0])


def test_years_in_which_little_moves_decide_little():
    places = unit_points("morris", 2, 4, seed=1)
    quiet = target(0.1 * places[:, 0], "2018")
    loud = target(3.0 * places[:, 1], "2019")
    assert ranked(morris_table([quiet, loud], NAMES[:2], places)).index[0] == "b"


def test_shares_of_variance_of_a_sum_and_of_a_product():
    places = unit_points("saltelli", 3, 1024, seed=1)
    added = sobol_table([target(2 * places[:, 0] + places[:, 1])], NAMES)
    assert added["S1"].tolist() == pytest.approx([0.8, 0.2, 0.0], abs=0.02)
    assert added["ST"].tolist() == pytest.approx([0.8, 0.2, 0.0], abs=0.02)
    mixed = sobol_table([target((places[:, 0] - 0.5) * (places[:, 1] - 0.5))], NAMES)
    assert of(mixed, "a", "S1") == pytest.approx(0.0, abs=0.05)
    assert of(mixed, "a", "ST") == pytest.approx(1.0, abs=0.05)


def test_indices_come_with_their_interval_and_with_those_of_half_the_sample():
    places = unit_points("saltelli", 2, 64, seed=1)
    half = unit_points("saltelli", 2, 64, seed=1)[: 32 * 4]
    whole = sobol_table([target(places[:, 0] ** 2 + places[:, 1])], NAMES[:2])
    first = sobol_table([target(half[:, 0] ** 2 + half[:, 1])], NAMES[:2])
    assert whole["ST_half"].tolist() == pytest.approx(first["ST"].tolist())
    assert (whole["ST_conf"] > 0).all()
    found = convergence(whole).iloc[0]
    assert found["change"] == pytest.approx((whole["ST"] - whole["ST_half"]).abs().max())
    assert found["settled"] == (max(found["widest"], found["change"]) < 0.1)


def test_a_target_that_does_not_vary_has_no_indices():
    places = unit_points("saltelli", 2, 4, seed=1)
    table = sobol_table([target(np.ones(len(places))), target(places[:, 0], "2021")], NAMES[:2])
    assert set(table["period"]) == {"2021"}


def test_a_design_that_lacks_rows_is_refused():
    places = unit_points("morris", 2, 4, seed=1)
    with pytest.raises(RunError, match="a design of 11 rows is not made of"):
        morris_table([target(places[:-1, 0])], NAMES[:2], places[:-1])


def fake(values, event=False, complete=True):
    """Results of an experiment over uncertainties: (points, replicates[, periods])."""
    import xarray as xr

    dims = ("scenario", "lever_point", "uncertainty_point", "replicate")
    dims = dims if event else (*dims, "period")
    coords = {} if event else {"period": ["2018"]}
    array = xr.DataArray(np.asarray(values)[None, None], coords, dims, attrs={"unit": "bn CNY"})
    return SimpleNamespace(
        columns=(CHIP if event else REVENUE,), periods=("2018",), complete=complete, failed={},
        folder=SimpleNamespace(path=SimpleNamespace(__str__=lambda: "x")),
        manifest={"plan": {"blocks": 3}, "start": "2018-01", "end": "2018-12"},
        is_event=lambda column: event, select=lambda column: array,
    )  # fmt: skip


def test_an_event_that_never_happens_counts_as_the_month_after_the_run_and_is_told():
    (found,) = targets_of(fake([[3.0, np.nan], [5.0, 7.0]], event=True))
    assert found.values.tolist() == [(3.0 + 12.0) / 2, 6.0]
    assert (found.never, found.period) == (0.25, "")
    table = sobol_table([target(unit_points("saltelli", 1, 4, 1)[:, 0], "", CHIP, 0.25)], ("a",))
    assert "in 25 % of the members" in never_words(table)


def test_an_outcome_without_a_value_is_refused_by_name():
    values = np.array([[[1.0]], [[np.nan]], [[2.0]]])
    with pytest.raises(RunError, match=r"segment=total has no value in 2018 at 1 of 3 points"):
        targets_of(fake(values))


def test_screening_varies_every_uncertain_input_and_shares_only_the_chosen():
    study = Study("example", ("behaviour.stock.stretch=9",), 2, 4, replicates=1)
    plan = make_plan(screening(study))
    names = plan.uncertainties.names
    assert "behaviour.stock.adjust" in names
    assert "behaviour.stock.stretch" not in names  # set by the user
    assert unit_design(plan).shape == (2 * (len(names) + 1), len(names))
    assert make_plan(indices(study, names[:2])).members == 4 * (2 + 2)


def test_a_study_that_makes_no_design_is_refused():
    with pytest.raises(FolderError, match="power of two"):
        checked(Study("example", points=12))
    with pytest.raises(FolderError, match="at least two trajectories"):
        checked(Study("example", trajectories=1))
    with pytest.raises(ConfigError, match="has no segment 'gold'"):
        make_plan(screening(Study("example", outcomes=("revenue|segment=gold",))))


@pytest.fixture(scope="module")
def order(tmp_path_factory):
    study = Study(
        "example", (), 2, 2, 2, 1, outcomes=(REVENUE, "telecom_equipment_share"), end="2030-12"
    )
    out = tmp_path_factory.mktemp("sensitivity") / "of-example"
    made = Order(study, "both", (), out, False, 1, None, False)
    assert analyse(made) == 0
    return made


def test_a_study_leaves_tables_figures_and_a_manifest_with_its_command(order):
    shares, effects = (
        pd.read_csv(order.out / name, keep_default_na=False, na_values=["nan"])
        for name in (SHARES, EFFECTS)
    )
    about = json.loads((order.out / "manifest.json").read_text())
    assert set(shares["parameter"]) == set(about["parameters"])
    assert list(ranked(effects).index[:2]) == about["parameters"]
    assert about["fingerprint"] == fingerprint(load_case("example"))
    assert about["command"].startswith("chokepoint sensitivity example --method both")
    assert "--outcome 'revenue|segment=total'" in about["command"]
    assert list((order.out / "figures").glob("sensitivity_revenue_total.*"))


def test_the_same_command_runs_only_what_is_missing(order, capsys):
    (block,) = (order.out / "indices" / "blocks").glob("block-*.parquet")
    block.unlink()
    with pytest.raises(RunError, match="0 of 1 blocks: a design with missing rows gives no"):
        targets_of(ExperimentResults(order.out / "indices"))
    assert analyse(order) == 0
    said = capsys.readouterr().out
    assert "0 blocks computed" in said  # of the screening
    assert "1 blocks computed" in said
    assert block.exists()


def test_a_heat_map_has_a_row_an_input_and_a_column_a_year():
    places = unit_points("saltelli", 2, 16, seed=1)
    years = [target((k + 1) * places[:, 0] + places[:, 1], str(2018 + k)) for k in range(3)]
    table = sobol_table(years, ("behaviour.stock.adjust", "b" * 60))
    ((outcome, labels, shares),) = by_outcome(table)
    assert (outcome, labels, shares.shape) == ("revenue", "segment=total", (2, 3))
    axes = heat_map(shares).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2018", "2019", "2020"]
    assert axes.get_yticklabels()[0].get_text() == "stock.adjust"
    assert len(short_name("b" * 60)) == 44
    assert "of 3 outcomes and years have settled" in settled_words(table)


def test_a_year_in_which_nothing_varies_is_not_drawn_unless_there_is_no_other():
    key = {"outcome": "revenue", "labels": "", "unit": "bn CNY", "never": 0.0, "S1": 0.5}
    rows = [key | {"period": year, "parameter": name, "ST": 0.5, "ST_half": 0.5, "ST_conf": width}
            for year, width in (("2019", 11.0), ("2020", 0.04)) for name in "ab"]  # fmt: skip
    table = pd.DataFrame(rows)
    ((*_, shares),) = by_outcome(table)
    assert list(shares.columns) == ["2020"]
    ((*_, shares),) = by_outcome(table[table["period"] == "2019"])
    assert list(shares.columns) == ["2019"]
    assert "In 1 next to nothing varies" in settled_words(table)


def test_headlines_exist_in_the_shipped_case():
    plan = make_plan(screening(Study("huawei", trajectories=2, end="2018-12")))
    assert plan.loaded.experiment.outcomes == HEADLINES
    assert len(plan.uncertainties.names) > 300
