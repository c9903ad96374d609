from math import nan

import pytest

from sim.documented.span import Span, month_text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01", "2021-12"),
        ("2021H1", "2021-01", "2021-06"),
        ("2021H2", "2021-07", "2021-12"),
        ("2021Q3", "2021-07", "2021-09"),
        ("2021-09", "2021-09", "2021-09"),
        ("2023/2024", "2023-01", "2024-12"),
        ("2020-11/2021-04", "2020-11", "2021-04"),
    ],
)
def test_a_period_is_read_as_its_months(text, first, last):
    span = Span.parse(text)
    assert (month_text(span.first), month_text(span.last)) == (first, last)


@pytest.mark.parametrize("text", ["", "21", "2021Q5", "2021-13", "2021-9", "2021/", "2021H1x"])
def test_anything_else_is_no_period(text):
    with pytest.raises(ValueError, match="a period is 2021"):
        Span.parse(text)


def test_only_a_calendar_year_is_a_year():
    assert Span.parse("2021").year == 2021
    assert Span.parse("2021-07/2022-06").year is None


def test_never_has_no_text():
    assert month_text(nan) is None
