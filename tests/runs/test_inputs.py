from sim.runs.inputs import inputs_of, number_paths
from sim.world.inputs import Frozen, Quantity, Series


class Leaf(Frozen):
    price: Quantity
    demand: Series


class Tree(Frozen):
    name: str
    leaves: dict[str, Leaf]


def tree():
    price = Quantity(value=2, low=1, high=4, unit="USD", standing="assumed", source="A-01")
    demand = Series(
        values={2018: 1, 2020: 3}, spread=0.05, unit="m", standing="documented", source="x"
    )
    return Tree(name="t", leaves={"phones": Leaf(price=price, demand=demand)})


def test_every_number_is_listed_by_the_path_that_changes_it():
    assert [one.path for one in inputs_of(tree())] == [
        "leaves.phones.price", "leaves.phones.demand"
    ]  # fmt: skip


def test_a_number_says_its_value_and_range():
    texts = [one.text for one in inputs_of(tree())]
    assert texts == ["2 (1 to 4)", "2018-2020: 1 to 3 (±5 %)"]
    assert all(one.uncertain for one in inputs_of(tree()))


def test_switches_are_numbers_in_which_members_may_differ():
    class Switches(Frozen):
        rerouting: float
        title: str

    assert list(number_paths(Switches(rerouting=1.0, title="x"), "mechanisms")) == [
        "mechanisms.rerouting"
    ]
