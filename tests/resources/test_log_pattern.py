"""Filter patterns over log entries."""

import json

import pytest

from switchroom.resources.log_pattern import BadPattern, read_pattern

ENTRY = {
    "Results": "The function lookup did not answer in time",
    "ContactFlowModuleType": "InvokeExternalResource",
    "Parameters": {"TimeLimit": "3000", "Queue": None},
}


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("lookup", True),
        ("lookup time", True),
        ("lookup nowhere", False),
        ('"not answer"', True),
        ('"answer not"', False),
        ("lookup -time", False),
        ("?nowhere ?time", True),
        ("?nowhere ?never", False),
        ('{ $.ContactFlowModuleType = "InvokeExternalResource" }', True),
        ('{ $.ContactFlowModuleType = "Invoke*" && $.Results = "*in time" }', True),
        ('{ $.Results = "*answer*" && $.ContactFlowModuleType != "InvokeExternalResource" }', False),
        ("{ $.Parameters.TimeLimit >= 3000 }", True),
        ("{ $.Parameters.TimeLimit > 3000 }", False),
        ("{ $.Parameters.Queue = x }", False),
        ("{ $.Nothing != x }", False),
    ],
)
def test_patterns(pattern: str, fits: bool) -> None:
    """FLOW-137: terms, any of terms, what may not be there, and members of the entry."""
    assert read_pattern(pattern).matches(ENTRY, json.dumps(ENTRY)) is fits


@pytest.mark.parametrize(
    "pattern", ["", "  ", "-only", "{ }", "{ $.a = ", "{ a = b }", "{ $.a ~ b }", " ".join("x" * 21)]
)
def test_patterns_that_are_none(pattern: str) -> None:
    with pytest.raises(BadPattern):
        read_pattern(pattern)
