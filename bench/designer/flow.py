"""A flow of two hundred blocks and some six hundred connections."""

import json
from typing import Any
from uuid import UUID

BLOCKS = 200
_COLUMNS = 20
_STEP = (280, 300)


def content() -> str:
    """The flow in the flow language: rows of prompts, menus, attributes and checks."""
    actions = [_action(number) for number in range(BLOCKS)]
    places = {
        _id(number): {"position": {"x": 200 + number % _COLUMNS * _STEP[0], "y": 40 + number // _COLUMNS * _STEP[1]}}
        for number in range(BLOCKS)
    }
    metadata = {"entryPointPosition": {"x": 40, "y": 40}, "ActionMetadata": places, "Annotations": []}
    return json.dumps({"Version": "2019-10-30", "StartAction": _id(0), "Metadata": metadata, "Actions": actions})


def _id(number: int) -> str:
    return str(UUID(int=number % BLOCKS + 1, version=4))


def _action(number: int) -> dict[str, Any]:
    if number == BLOCKS - 1:
        return {"Identifier": _id(number), "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    kind, parameters, conditions, errors = _KINDS[number % len(_KINDS)]
    transitions: dict[str, Any] = {
        "Conditions": [
            {"NextAction": _id(number + step), "Condition": {"Operator": "Equals", "Operands": [str(step)]}}
            for step in range(1, conditions + 1)
        ],
        "Errors": [{"NextAction": _id(number + 1), "ErrorType": error} for error in errors],
    }
    if not conditions:
        transitions["NextAction"] = _id(number + 1)
    return {"Identifier": _id(number), "Type": kind, "Parameters": parameters, "Transitions": transitions}


_KINDS: tuple[tuple[str, dict[str, Any], int, tuple[str, ...]], ...] = (
    ("MessageParticipant", {"Text": "A prompt of some length for the caller"}, 0, ("NoMatchingError",)),
    (
        "GetParticipantInput",
        {"Text": "Press 1, 2 or 3", "StoreInput": "False", "InputTimeLimitSeconds": "5"},
        3,
        ("InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError"),
    ),
    ("UpdateContactAttributes", {"Attributes": {"step": "1"}, "TargetContact": "Current"}, 0, ("NoMatchingError",)),
    ("Compare", {"ComparisonValue": "$.Attributes.step"}, 1, ("NoMatchingCondition",)),
)
