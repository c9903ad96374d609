import numpy as np
import pytest

from sim.outcomes.dataset import OutcomeError, cells, own_labels, parse_labels, select
from tests.outcomes import fakes


@pytest.fixture(scope="module")
def dataset():
    return fakes.results().dataset


def test_a_column_is_found_by_outcome_and_labels(dataset):
    home = select(dataset, "sales", "region=home")
    assert home.dims == ("month", "member")
    assert home.sel(month="2018-02", member=3).item() == 2 * 4


def test_labels_may_come_in_any_order(dataset):
    assert select(dataset, "works", "region=total;maker=a")[0].values.tolist() == [3, 6, 9, 12]


def test_total_sums_over_a_dimension_that_does_not_hold_it(dataset):
    total = select(dataset, "sales", {"region": "total"})
    assert total.sel(month="2018-02", member=0).item() == 2 + 1


def test_a_total_that_another_outcome_brings_in_is_filled_and_not_left_empty(dataset):
    # `works` has region=total, so the shared coordinate has it for `sales` too.
    assert dataset["sales"].sel(region="total")[0].values.tolist() == [1.5, 3, 4.5, 6]
    assert own_labels(dataset["sales"])["region"] == ("home", "abroad", "total")


def test_a_label_of_another_outcome_is_not_a_label_of_this_one(dataset):
    assert "abroad" in dataset["region"].values
    with pytest.raises(OutcomeError, match="works has no region 'abroad'"):
        select(dataset, "works", "maker=a;region=abroad")


def test_a_misspelt_outcome_names_the_nearest(dataset):
    with pytest.raises(OutcomeError, match="no outcome 'slaes'; did you mean 'sales'"):
        select(dataset, "slaes", "region=home")


def test_a_misspelt_label_names_the_nearest(dataset):
    with pytest.raises(OutcomeError, match="no region 'hme'; did you mean 'home'"):
        select(dataset, "sales", "region=hme")


def test_missing_labels_name_the_dimensions(dataset):
    with pytest.raises(OutcomeError, match="works is labelled by maker;region, not by maker"):
        select(dataset, "works", "maker=a")


def test_two_variables_may_share_a_name_in_tables():
    by_region = fakes.OUTCOMES[0]
    data = fakes.results().dataset
    again = (
        data["sales"]
        .rename(region="line")
        .assign_attrs(
            {**data["sales"].attrs, "labels": {"line": ("home", "abroad")}, "csv_name": "sales"}
        )
    )
    data = data.assign(sales_line=again)
    assert by_region.csv_name == "sales"
    assert select(data, "sales", "line=home").name == "sales_line"
    assert select(data, "sales", "region=home").name == "sales"


def test_labels_are_key_value_pairs():
    assert parse_labels("item=memory; stage=used") == {"item": "memory", "stage": "used"}
    assert parse_labels("") == {}
    with pytest.raises(OutcomeError, match="key=value"):
        parse_labels("memory")


def test_every_column_is_listed_once(dataset):
    names = [(cell.outcome, cell.text) for cell in cells(dataset)]
    assert len(names) == len(set(names)) == 3 + 1 + 1 + 4 + 1
    assert ("works", "maker=a;region=home") in names
    assert ("found", "") in names


def test_variables_say_their_unit_label_and_kind(dataset):
    assert {dataset["stock"].attrs[key] for key in ("unit", "label", "kind")} == {
        "m", "Stock", "stock"
    }  # fmt: skip
    assert dataset["month"].values[0] == np.datetime64("2018-01-01")
