"""Browsers by what they say of themselves."""

import pytest

from switchroom.wire.user_agents import device_info

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36", ("Chrome", "140.0.0.0", "Linux")),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.3405.86",
            ("Edge", "139.0.3405.86", "Windows 10.0"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
            ("Firefox", "142.0", "macOS 10.15"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
            "Safari/605.1.15",
            ("Safari", "18.5", "macOS 10.15.7"),
        ),
    ],
)
def test_browsers_and_systems(text: str, expected: tuple[str, str, str]) -> None:
    """REC-38."""
    names = ("PlatformName", "PlatformVersion", "OperatingSystem")
    assert device_info(text) == dict(zip(names, expected, strict=True))


@pytest.mark.parametrize("text", [None, "", "Boto3/1.40 md/Botocore#1.40", "x" * 5_000])
def test_others_are_left_out(text: str | None) -> None:
    """REC-38: nothing is made up."""
    assert device_info(text) == {}
