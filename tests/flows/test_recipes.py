"""Recipes of the guide as flows: several queues compared, columns of a campaign."""

import pytest

from switchroom.flows.world import AgentCounts, QueueCounts
from tests.flows.build import HANG_UP, Drive, action, text


def _measure(identifier: str, queue: str, then: str) -> list[dict[str, object]]:
    """Get metrics of a queue and keep its size as an attribute."""
    kept = {"Attributes": {f"{queue}_size": "$.Metrics.Queue.Size"}, "TargetContact": "Current"}
    return [
        action(identifier, "GetMetricData", {"QueueId": queue}, f"keep-{queue}", {"NoMatchingError": "disconnect"}),
        action(f"keep-{queue}", "UpdateContactAttributes", kept, then, {"NoMatchingError": "disconnect"}),
    ]


def _route(queue: str) -> dict[str, object]:
    return action(queue, "UpdateContactTargetQueue", {"QueueId": queue}, "go", {"NoMatchingError": "disconnect"})


@pytest.mark.parametrize(
    ("gold", "silver", "expected"), [(2, 5, "gold"), (7, 5, "silver"), (30, 40, "callback"), (5, 5, "silver")]
)
def test_shortest_queue(gold: int, silver: int, expected: str) -> None:
    """FLOW-85: sizes of two queues are kept as attributes and compared; where both are long, a callback."""
    drive = Drive(
        *_measure("start", "gold", "second"),
        *_measure("second", "silver", "long"),
        action(
            "long",
            "Compare",
            {"ComparisonValue": "$.Attributes.gold_size"},
            None,
            {"NoMatchingCondition": "shorter"},
            [("NumberGreaterOrEqualTo", "25", "callback")],
        ),
        action(
            "shorter",
            "Compare",
            {"ComparisonValue": "$.Attributes.gold_size"},
            None,
            {"NoMatchingCondition": "silver"},
            [("NumberLessThan", "$.Attributes.silver_size", "gold")],
        ),
        _route("gold"),
        _route("silver"),
        action(
            "go",
            "TransferContactToQueue",
            None,
            None,
            dict.fromkeys(("QueueAtCapacity", "NoMatchingError"), "disconnect"),
        ),
        action(
            "callback",
            "CreateCallbackContact",
            {
                "InitialCallDelaySeconds": "5",
                "RetryDelaySeconds": "60",
                "MaximumConnectionAttempts": "1",
                "QueueId": "gold",
            },
            "disconnect",
            {"NoMatchingError": "disconnect"},
        ),
        HANG_UP,
        channel="VOICE",
    )
    for name, size in (("gold", gold), ("silver", silver)):
        counts = QueueCounts(size, 0, AgentCounts(online=1))
        drive.world.add("queue", name, id=name, counts=counts)
    drive.go()
    assert expected in drive.path
    assert not {"gold", "silver", "callback"} - {expected} & set(drive.path)


def test_columns_of_a_campaign() -> None:
    """FLOW-145: columns of the segment are user-defined attributes that begin with `attributes_`."""
    drive = Drive(text("start", "Hello $.Attributes.attributes_FirstName", "disconnect"), HANG_UP)
    drive.world.person.attributes["attributes_FirstName"] = "Jane"
    assert drive.go().said == ["Hello Jane"]
