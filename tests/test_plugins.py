"""A user's own rules and agents take the place of the shipped ones, where they may."""

import copy
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import numpy as np
import pytest

import sim.case.plugins
from sim import SupplyChain, load_case, simulate
from sim.agents.suppliers import Supplier
from sim.case.errors import ConfigError
from sim.case.load import fingerprint
from sim.case.skeleton import write_skeleton
from sim.rules.stock import target_cover
from sim.runs.pools import ProcessPool
from sim.world.replaceable import REPLACEABLE, replacing
from tests.runs.experiments import planned, run

MINE = """
import numpy as np
from sim.agents.suppliers import Supplier
from sim.world.replaceable import REPLACEABLE

def doubled(normal, precaution, threat):
    return 2 * REPLACEABLE["stock.target_cover"](normal, precaution, threat)

def other_arguments(normal):
    return normal

class Fearless(Supplier):
    def _caution(self):
        return np.zeros_like(self.base)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with a module of its own beside it."""
    case = write_skeleton("orbit", tmp_path)
    (case / "mine.py").write_text(MINE)
    return case


def name(folder: Path, *, agents: str = "{}", rules: str = "{}") -> Path:
    (folder / "plugins.yaml").write_text(f"plugins: {{agents: {agents}, rules: {rules}}}\n")
    return folder


def cover(case):
    """Median stock cover of the phone chip after a year."""
    results = simulate(case, members=4, seed=1, end="2030-12")
    return float(results.select("stock_cover", item="phone_chip").isel(month=-1).median())


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        SupplyChain(load_case(folder), members=1)
    return str(caught.value)


def test_a_rule_of_the_case_answers_in_place_of_the_shipped_one(folder):
    plain = cover(load_case(folder))
    own = cover(load_case(name(folder, rules="{stock.target_cover: 'mine:doubled'}")))
    assert own > 1.4 * plain


def test_a_rule_of_one_model_leaves_other_models_alone(folder):
    own = SupplyChain(load_case(name(folder, rules="{stock.target_cover: 'mine:doubled'}")), 2)
    plain = SupplyChain(load_case("example"), 2)
    for _ in range(3):
        own.step()
        plain.step()
    alone = SupplyChain(load_case("example"), 2)
    for _ in range(3):
        alone.step()
    np.testing.assert_array_equal(plain.floor.orders, alone.floor.orders)
    assert (own.floor.orders > alone.floor.orders).any()


def test_outside_a_model_the_shipped_rule_answers():
    assert target_cover(np.array([1.0]), np.array([5.0]), np.array([0.5])) == [3.0]
    with replacing({"stock.target_cover": lambda normal, precaution, threat: normal}):
        assert target_cover(np.array([1.0]), np.array([5.0]), np.array([0.5])) == [1.0]
    assert target_cover(np.array([1.0]), np.array([5.0]), np.array([0.5])) == [3.0]


def test_an_agent_of_the_case_plays_in_place_of_the_shipped_one(folder):
    model = SupplyChain(load_case(name(folder, agents="{supplier: 'mine:Fearless'}")), 2)
    kinds = {type(agent).__name__ for agent in model.suppliers}
    assert kinds == {"Fearless", "Foundry"}
    model.step()


def test_a_model_with_plug_ins_can_branch(folder):
    case = load_case(
        name(
            folder,
            agents="{supplier: 'mine:Fearless'}",
            rules="{stock.target_cover: 'mine:doubled'}",
        )
    )
    model = SupplyChain(case, 2)
    model.step()
    branch = copy.deepcopy(model)
    model.step()
    branch.step()
    np.testing.assert_array_equal(model.floor.orders, branch.floor.orders)


@pytest.mark.slow
def test_plug_ins_work_in_the_worker_processes_of_an_experiment(folder, tmp_path):
    changes = {"case": str(folder), "levers": None, "end": "2030-12",
               "outcomes": ["stock_cover|item=phone_chip"]}  # fmt: skip
    _, plain = run(planned(2, **changes), tmp_path / "plain")
    name(folder, rules="{stock.target_cover: 'mine:doubled'}")
    report, own = run(planned(2, **changes), tmp_path / "own", ProcessPool(2))
    assert report.failed == {}
    most = [float(one.to_frame().iloc[:, -1].median()) for one in (plain, own)]
    assert most[1] > 1.4 * most[0]


def test_a_scenario_file_may_name_code(folder):
    file = folder.parent / "doubled.yaml"
    file.write_text(
        "extends: orbit\nset: {plugins: {rules: {stock.target_cover: 'mine:doubled'}}}\n"
    )
    assert set(SupplyChain(load_case(file), 1).own_rules) == {"stock.target_cover"}


@pytest.mark.parametrize(
    "override",
    ["plugins.agents.supplier=os:system", {"plugins": {"agents": {"supplier": "os:system"}}}],
)
def test_an_override_cannot_name_code(override):
    with pytest.raises(ConfigError, match="plug-ins are named in a case or scenario file"):
        load_case("example", [override] if isinstance(override, str) else override)


def test_loading_and_checking_a_case_runs_none_of_its_code(folder):
    (folder / "mine.py").write_text("raise SystemExit('was run')\n")
    before = set(sys.modules)
    case = load_case(name(folder, rules="{stock.target_cover: 'mine:doubled'}"))
    assert fingerprint(case)
    new = set(sys.modules) - before
    assert not [module for module in new if module.startswith("chokepoint_plugin_")]


def test_the_page_refuses_a_case_that_names_code(folder, monkeypatch):
    from sim.web import compute

    case = load_case(name(folder, rules="{stock.target_cover: 'mine:doubled'}"))
    monkeypatch.setattr(compute, "load_case", lambda preset: case)
    with pytest.raises(ConfigError, match="names code of its own"):
        compute.case_of.__wrapped__("orbit")


def test_changed_code_is_another_case(folder):
    name(folder, rules="{stock.target_cover: 'mine:doubled'}")
    before = fingerprint(load_case(folder))
    (folder / "mine.py").write_text(MINE + "\n# changed\n")
    assert fingerprint(load_case(folder)) != before


def test_an_installed_package_offers_a_plug_in_by_name(folder, monkeypatch):
    point = EntryPoint("fearless", "sim.agents.suppliers:Supplier", "chokepoint.plugins")
    monkeypatch.setattr(
        sim.case.plugins, "entry_points", lambda **wanted: EntryPoints([point]).select(**wanted)
    )
    model = SupplyChain(load_case(name(folder, agents="{supplier: fearless}")), 1)
    assert {type(agent) for agent in model.suppliers} >= {Supplier}
    assert "no entry point of group chokepoint.plugins" in refusal(
        name(folder, agents="{supplier: fearful}")
    )


def test_a_role_or_rule_that_does_not_exist_is_told_with_the_nearest(folder):
    with pytest.raises(ConfigError, match=r"plugins\.yaml, line 1"):
        load_case(name(folder, agents="{focal_frim: 'mine:Fearless'}"))
    with pytest.raises(ConfigError, match=r"no rule 'stock.target'; did you mean 'stock.target_"):
        load_case(name(folder, rules="{stock.target: 'mine:doubled'}"))


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"rules": "{stock.target_cover: 'mine:nothing'}"}, "has no attribute 'nothing'"),
        ({"rules": "{stock.target_cover: 'nowhere:doubled'}"}, "No module named 'nowhere'"),
        (
            {"rules": "{stock.target_cover: 'mine:other_arguments'}"},
            "must be a function of (normal, precaution, threat)",
        ),
        ({"agents": "{supplier: 'mine:doubled'}"}, "must be a subclass of Supplier"),
        ({"agents": "{focal_firm: 'mine:Fearless'}"}, "must be a subclass of FocalFirm"),
    ],
)
def test_what_cannot_take_the_place_is_refused(folder, named, message):
    assert message in refusal(name(folder, **named))


def test_every_rule_can_be_replaced():
    assert set(sim.case.plugins.shipped_rules()) == set(REPLACEABLE)
    assert len(REPLACEABLE) > 30
