"""What an input is called on the page: its place and meaning, not its key."""

import pytest
import yaml

from sim.case.load import load_case
from sim.runs.experiment_file import parse_experiment
from sim.runs.inputs_varied import varied_inputs
from sim.runs.plan import make_plan
from sim.web.explorer import explorer_words
from sim.web.inputs import input_label

OWN = """
name: own
question: What do inputs without a lever on the page do?
case: huawei
levers:
  lines.flagship_phones.adjust: [0.05, 0.1]
  behaviour.stock.normal_cover: {values: [0.5, 1, 2], how: scale}
  mechanisms.rerouting: [0, 1]
design: {levers: grid}
"""


@pytest.fixture(scope="module")
def own():
    words = explorer_words(make_plan(parse_experiment(yaml.safe_load(OWN))))
    return {lever.name: lever for lever in words.levers}


def test_an_input_taken_by_its_path_says_where_it_stands_and_what_it_is(own):
    assert own["lines.flagship_phones.adjust"].label == (
        "Flagship phones: speed toward the potential"
    )
    assert own["behaviour.stock.normal_cover"].label == "Stock: cover in calm times"
    assert own["mechanisms.rerouting"].label == "Rerouting"


def test_its_unit_stands_in_its_help_and_at_each_level(own):
    cover = own["behaviour.stock.normal_cover"]
    usual = load_case("huawei").behaviour.stock.normal_cover.value
    assert cover.help == "Moves Stock: cover in calm times, in months of use."
    assert [level.text for level in cover.levels] == [
        f"times 0.5 ({usual / 2:.3g} months of use)",
        f"as it was ({usual:.3g} months of use)",
        f"times 2 ({usual * 2:.3g} months of use)",
    ]


def test_every_input_has_a_label_of_words():
    case = load_case("huawei")
    paths = [path for path in varied_inputs(case) if not path.startswith("measures.")]
    labels = {path: input_label(path, case) for path in paths}
    assert [path for path, label in labels.items() if "_" in label or not label] == []
    assert labels["markets.phones_premium.regions.china"] == "Premium smartphones, China"
    assert labels["foundries.smic.nodes.n7.capacity"].startswith("SMIC, 7 nm class: ")
    route = "Own advanced phone processor (7 nm and below) from TSMC: "
    assert labels["routes.advanced_tsmc.share"] == route + "usual share of the item's orders"
