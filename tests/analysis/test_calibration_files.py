"""What is wrong with a calibration file is told with its place; nothing late is fitted to."""

import pytest

from sim.analysis.calibration.file import load_calibration
from sim.analysis.calibration.fit import problem_of
from sim.analysis.calibration.space import fitted_space
from sim.analysis.calibration.targets import targets_of
from sim.case.errors import ConfigError
from sim.case.load import case_folder, load_case
from sim.documented.load import load_documented
from sim.documented.observation import Documented

HUAWEI = "calibrate"


@pytest.fixture(scope="module")
def resolve():
    """Checks a file against the built-in case, which is read once."""
    case, documented = load_case("huawei"), load_documented(case_folder("huawei"))

    def check(loaded):
        fitted_space(loaded, case)
        return targets_of(loaded, case, documented)

    return check


@pytest.fixture(scope="module")
def shipped():
    return problem_of(load_calibration(HUAWEI))


def broken(tmp_path, old, new):
    """The shipped file with a change, as a file of its own."""
    text = load_calibration(HUAWEI).path.read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_the_shipped_file_is_fitted_to_the_sample_alone(shipped):
    assert len(shipped.targets) > 40
    assert max(one.observation.span.last_year for one in shipped.targets) == 2021
    assert shipped.loaded.calibration.until.year == 2021
    rounds = shipped.loaded.calibration.rounds
    assert rounds.count * rounds.members >= 100_000


def test_every_error_is_told_with_its_value(shipped):
    by_name = {one.name: one for one in shipped.targets}
    revenue = by_name["revenue|segment=total@2019"]
    assert revenue.sigma == pytest.approx(858.833 * (0.05**2 + 0.01**2) ** 0.5)
    assert by_name["unit_sold@2020-11"].sigma == 2
    none_sold = by_name["foundry_sales|foundry=tsmc@2021"]
    assert none_sold.sigma > 10  # a share of the other years


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("until: 2021-12", "until: 2022-06", r"line \d+: until: the sample ends with 2021"),
        (
            "periods: [2018, 2019, 2020]", "periods: [2018, 2022]",
            r"line \d+: targets.\d+.periods: 2022 lies after the sample",
        ),
        (
            "periods: [2018, 2019, 2020]", "periods: [2013]",
            "nothing is documented for 2013",
        ),
        ("outcome: revenue", "outcome: revenu", "did you mean 'revenue'"),
        (
            "outcome: purchases", "outcome: purchases, labels: country=mars",
            "no such documented labels",
        ),
        ("behaviour.threat.step", "behaviour.threat.stop", "did you mean 'behaviour.threat.step'"),
        ("behaviour.threat.step", "behaviour.stock.adjust", "is named twice"),
        ("behaviour.threat.step", "mechanisms.licences", "gives no range"),
        ("recall: 0.08", "rcall: 0.08", r"line \d+: grades"),
        (", recall: 0.08", "", "no error is given for grade 'recall'"),
        ("unit_sold, months: 2", "unit_sold, discrepancy: 0.1", "an error in 'months'"),
        ("{outcome: unit_sold, months: 2}", "{outcome: unit_sold}", "give 'discrepancy'"),
        ("unit_sold, months: 2", "revenue, discrepancy: 1", "is a target already"),
        ("members: 32768", "members: 30000", "power of two"),
        ("discrepancy: 0.05", "discrepancy: -0.05", "greater than or equal to 0"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(resolve, tmp_path, old, new, message):
    with pytest.raises(ConfigError, match=message):
        resolve(load_calibration(broken(tmp_path, old, new)))


def test_overrides_change_the_file_by_dotted_name():
    changed = load_calibration(HUAWEI, ["rounds.members=64", "draws=10"]).calibration
    assert (changed.rounds.members, changed.draws) == (64, 10)


def test_documented_values_after_the_sample_change_nothing(shipped):
    """The firewall: later values may be anything."""
    documented = load_documented(case_folder("huawei"))
    spoilt = [
        one.model_copy(update={"value": 1e6, "low": 1e6, "high": 1e6})
        if documented.sample(one) == "out" else one
        for one in documented
    ]  # fmt: skip
    assert list(documented) != spoilt
    later = Documented(tuple(spoilt), documented.reading)
    assert targets_of(shipped.loaded, shipped.case, later) == shipped.targets
