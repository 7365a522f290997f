"""Numbers as SIP peers write them (NUM-53)."""

import pytest

from switchroom.media import numbers


@pytest.mark.parametrize(
    ("dialled", "country", "first"),
    [
        ("+15550100", None, "+15550100"),
        ("15550100", None, "+15550100"),
        ("0015550100", None, "+15550100"),
        ("02079460123", "GB", "+442079460123"),
        ("anonymous", "US", None),
        ("12", "US", None),
    ],
)
def test_what_a_dialled_number_means(dialled: str, country: str | None, first: str | None) -> None:
    """NUM-53: E.164 however it is written; the national trunk zero goes."""
    assert next(numbers.candidates(dialled, country), None) == first


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("+12025550143", "US", "+12025550143"),
        ("2025550143", "US", "+12025550143"),
        ("0312345678", "JP", "+81312345678"),
        ("0081312345678", "US", "+81312345678"),
        ("101", "US", None),
        ("anonymous", "US", None),
    ],
)
def test_who_calls(written: str, country: str, number: str | None) -> None:
    assert numbers.caller(written, country) == number


def test_countries() -> None:
    assert numbers.country_of("+81312345678") == "JP"
    assert numbers.country_of("nonsense") is None
