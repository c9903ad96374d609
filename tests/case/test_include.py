"""A case may take parts of another one, unchanged."""

from pathlib import Path

import pytest

from sim.case.errors import ConfigError

TAKING = """\
include: {alpha: [price, actors.alpha, market]}
id: beta
title: The Beta case
calendar: {start: 2030-01-01, end: 2031-12-31}
actors:
  orbit: {kind: buyer}
yield_rate: {value: 0.6, unit: share, standing: estimated, source: s2}
measures:
  ban: {kind: market_ban, issuer: orbit, effective: 2030-06-01}
sources:
  s2: {title: A newspaper}
"""


@pytest.fixture
def beta(folder: Path) -> Path:
    """A case beside the small one that takes three parts of it."""
    case = folder.parent / "beta"
    case.mkdir()
    (case / "case.yaml").write_text(TAKING.replace("{alpha:", "{../alpha:"))
    return case


def write(case: Path, old: str, new: str) -> None:
    file = case / "case.yaml"
    file.write_text(file.read_text().replace(old, new))


def message(load, path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path=path)
    return str(caught.value)


def test_included_parts_stand_as_if_written_here(load, beta, folder):
    taken, original = load(path=beta), load(path=folder)
    assert taken.price == original.price
    assert taken.market == original.market
    assert taken.id == "beta"


def test_what_the_case_gives_itself_stands_beside_what_it_includes(load, beta):
    assert set(load(path=beta).actors) == {"alpha", "orbit"}


def test_only_the_sources_that_included_numbers_name_come_along(load, beta, folder):
    write(folder, "actors:", "sources: {s9: {title: Not named by any number}}\nactors:")
    assert set(load(path=beta).sources) == {"s1", "s2"}


def test_a_number_that_both_give_is_refused_with_both_places(load, beta):
    write(
        beta, "id: beta", "id: beta\nprice: {value: 1, unit: USD, standing: estimated, source: s2}"
    )
    said = message(load, beta)
    assert "case.yaml, line 3" in said
    assert "included from" in said
    assert "rest.yaml, line 2" in said


def test_a_place_that_does_not_exist_is_told_with_the_nearest_match(load, beta):
    write(beta, "price, ", "prise, ")
    said = message(load, beta)
    assert "case.yaml, line 1" in said
    assert "has no 'prise'; did you mean 'price'?" in said


def test_an_error_in_an_included_number_points_at_the_file_it_stands_in(load, beta, folder):
    rest = folder / "rest.yaml"
    rest.write_text(rest.read_text().replace("price: {value: 5", "price: {value: 50"))
    assert "alpha/rest.yaml, line 2" in message(load, beta)


def test_a_circle_of_inclusions_is_refused(load, beta, folder):
    write(folder, "id: alpha", "include: {../beta: [price]}\nid: alpha")
    assert "'include' goes in a circle" in message(load, beta)


@pytest.mark.parametrize("words", ["include: alpha", "include: {../alpha: 3}"])
def test_an_inclusion_in_another_form_is_refused(load, beta, words):
    write(beta, "include: {../alpha: [price, actors.alpha, market]}", words)
    assert "needs a mapping of cases to lists of places" in message(load, beta)


def test_overrides_change_what_was_included(load, beta):
    assert load(["price=4.5"], beta).price.value == 4.5


def test_a_source_key_that_means_something_else_here_is_refused(load, beta):
    write(beta, "  s2:", "  s1: {title: Another yearbook}\n  s2:")
    said = message(load, beta)
    assert "sources.s1: an included number cites its own 's1'" in said
    assert "choose another key here" in said
