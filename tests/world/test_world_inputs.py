"""What a number must say about itself."""

import pytest
from pydantic import ValidationError

from sim.world.inputs import Quantity, Series

ABOUT = {"unit": "share", "standing": "estimated", "source": "A-01"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"low": 0.1}, "both 'low' and 'high'"),
        ({"high": 0.1}, "both 'low' and 'high'"),
        ({"low": 0.4, "high": 0.6}, r"'value' 0\.3 must lie between 'low' 0\.4 and 'high' 0\.6"),
        ({"low": 0.1, "high": 0.2}, r"between 'low' 0\.1 and 'high' 0\.2"),
        ({"standing": "assumed"}, "an assumed number needs 'low' and 'high'"),
        ({"standing": "guessed"}, "documented"),
        ({"unit": ""}, "unit"),
        ({"source": []}, "source"),
        ({"value": "nan"}, "finite"),
        ({"value": float("inf")}, "finite"),
        ({"hihg": 1}, "hihg"),
    ],
)
def test_a_quantity_that_says_too_little_or_contradicts_itself_is_refused(given, message):
    with pytest.raises(ValidationError, match=message):
        Quantity(**{"value": 0.3, **ABOUT, **given})


@pytest.mark.parametrize(
    ("given", "uncertain"),
    [({}, False), ({"low": 0.3, "high": 0.3}, False), ({"low": 0.2, "high": 0.3}, True)],
)
def test_members_differ_only_where_there_is_a_range(given, uncertain):
    assert Quantity(value=0.3, **ABOUT, **given).uncertain == uncertain


def test_one_source_needs_no_brackets():
    assert Quantity(value=0.3, **ABOUT).source == ("A-01",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"values": {}}, "at least 1"),
        ({"values": {1989: 1.0}}, "1989 is not a year between 1990 and 2100"),
        ({"values": {2018: float("nan")}}, "finite|not a number"),
        ({"spread": 1.0}, "less than 1"),
        ({"spread": -0.1}, "greater than or equal to 0"),
    ],
)
def test_a_series_that_is_none_is_refused(given, message):
    with pytest.raises(ValidationError, match=message):
        Series(**{"values": {2018: 1.0}, **ABOUT, **given})


def test_a_number_cannot_change_under_a_running_model():
    with pytest.raises(ValidationError, match="frozen"):
        Quantity(value=0.3, **ABOUT).value = 0.4


@pytest.mark.parametrize(("value", "low", "high"), [(-5, None, None), (1, -1, 2), (-1, -2, 0)])
def test_no_input_is_negative(value, low, high):
    told = {"unit": "wafers", "standing": "estimated", "source": "A-01"}
    with pytest.raises(ValidationError, match="must not be negative"):
        Quantity(value=value, low=low, high=high, **told)
    with pytest.raises(ValidationError, match="not negative"):
        Series(values={2018: value if value < 0 else -1.0}, **told)


@pytest.mark.parametrize("unit", ["share", "share of market", "share of gap/month", "probability"])
def test_a_share_above_one_is_refused(unit):
    with pytest.raises(ValidationError, match=r"lies between 0 and 1, not at 1\.2"):
        Quantity(value=0.9, low=0.5, high=1.2, unit=unit, standing="estimated", source="s")
    with pytest.raises(ValidationError, match="lies between 0 and 1, not at 3"):
        Series(values={2020: 0.5, 2021: 3}, unit=unit, standing="estimated", source="s")


@pytest.mark.parametrize("unit", ["ratio", "share/year", "probability per bn USD/year"])
def test_what_is_no_share_may_exceed_one(unit):
    assert Quantity(value=1.2, unit=unit, standing="estimated", source="s").value == 1.2
