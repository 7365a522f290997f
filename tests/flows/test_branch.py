"""Blocks that choose a way."""

from typing import Any

import pytest

from switchroom.flows.scenario import ScenarioWorld
from switchroom.flows.world import AgentCounts, QueueCounts
from tests.flows.build import END, Drive, action

NUMBER = {"=": "Equals", ">": "NumberGreaterThan", ">=": "NumberGreaterOrEqualTo", "<": "NumberLessThan"}
NUMBER["<="] = "NumberLessOrEqualTo"


def branch(kind: str, parameters: dict[str, Any], conditions: list[tuple[str, str]], **more: str) -> list[Any]:
    """A block whose nth condition leads to `branch-n`, no match to `none`, an error to `error`."""
    ways = [(operator, operand, f"branch-{n}") for n, (operator, operand) in enumerate(conditions)]
    errors = {"NoMatchingCondition": "none", "NoMatchingError": "error"}
    ends = [action(name, "EndFlowExecution") for name in (*(w[2] for w in ways), "none", "error")]
    return [action("block", kind, parameters, None, errors | more, ways), *ends]


def taken(drive: Drive) -> str:
    return drive.go().path[-1]


def compared(value: str | None, conditions: list[tuple[str, str]], **attributes: str) -> str:
    values = {**({} if value is None else {"x": value}), **attributes}
    return taken(Drive(*branch("Compare", {"ComparisonValue": "$.Attributes.x"}, conditions), attributes=values))


@pytest.mark.parametrize(("value", "expected"), [("75", 0), ("12", 1), ("5", 2), ("1", None)])
def test_first_true_condition_wins(value: str, expected: int | None) -> None:
    """BLK-031: conditions in order, the first true one is taken, else No match."""
    conditions = [(NUMBER[">="], "60"), (NUMBER[">="], "10"), (NUMBER[">="], "2")]
    assert compared(value, conditions) == ("none" if expected is None else f"branch-{expected}")


@pytest.mark.parametrize(
    ("operator", "operand", "value", "holds"),
    [
        ("Equals", "Green", "Green", True),
        ("Equals", "green", "Green", False),
        ("TextStartsWith", "Gr", "Green", True),
        ("TextStartsWith", "gr", "Green", False),
        ("TextContains", "ee", "Green", True),
        ("TextEndsWith", "en", "Green", True),
        ("NumberGreaterThan", "5", "5", False),
        ("NumberGreaterOrEqualTo", "5", "5.0", True),
        ("NumberLessThan", "10", "9", True),
        ("NumberLessOrEqualTo", "10", "10", True),
        ("NumberLessThan", "10", "nine", False),
        ("NumberGreaterThan", "abc", "9", False),
    ],
)
def test_operators(operator: str, operand: str, value: str, holds: bool) -> None:
    """BLK-032: the operators, case-sensitive, number operators false when a side is no number."""
    assert (compared(value, [(operator, operand)]) == "branch-0") is holds


def test_condition_value_may_be_a_reference() -> None:
    """BLK-033: the condition's value is read from an attribute."""
    assert compared("42", [("Equals", "$.Attributes.code")], code="42") == "branch-0"
    assert compared("42", [("Equals", "$.Attributes.code")], code="43") == "none"
    assert compared("42", [("Equals", "$.Attributes.missing")]) == "none"


def test_missing_value_matches_nothing() -> None:
    """BLK-034: a missing value takes No match, whatever the conditions are."""
    assert compared(None, [("Equals", ""), ("TextContains", ""), ("NumberLessThan", "5")]) == "none"


def hours_world(drive: Drive, *, open: bool) -> ScenarioWorld:
    drive.world.add("hours-of-operation", "Basic Hours", id="hours", open=open)
    drive.world.person.queue = drive.world.add("queue", "BasicQueue", id="queue", hours="hours")
    return drive.world


HOURS = [("Equals", "True"), ("Equals", "False")]


def test_hours_of_the_working_queue() -> None:
    """ROUT-37, BLK-036: In hours, Out of hours by the current queue's hours."""
    for open in (True, False):
        drive = Drive(*branch("CheckHoursOfOperation", {}, HOURS))
        hours_world(drive, open=open)
        assert taken(drive) == ("branch-0" if open else "branch-1")


def test_named_hours() -> None:
    """BLK-036: hours named by ARN win over the queue's; unknown ones take Error."""
    drive = Drive(*branch("CheckHoursOfOperation", {"HoursOfOperationId": "$.Attributes.hours"}, HOURS))
    hours_world(drive, open=True)
    closed = drive.world.add("hours-of-operation", "Night", open=False)
    drive.world.person.attributes["hours"] = closed.arn
    assert taken(drive) == "branch-1"
    drive.world.person.attributes["hours"] = "nowhere"
    assert taken(drive) == "error"


def test_agent_queue_has_no_hours() -> None:
    """BLK-037: the hours check on an agent queue takes Error; so does one without a queue."""
    drive = Drive(*branch("CheckHoursOfOperation", {}, HOURS))
    assert taken(drive) == "error"
    drive.world.person.queue = drive.world.add("queue", "agent1", user="u1")
    assert taken(drive) == "error"


def status(drive: Drive, size: int, oldest_s: int, **agents: int) -> str:
    counts = QueueCounts(size, oldest_s * 1000, AgentCounts(**agents))
    drive.world.person.queue = drive.world.add("queue", f"q{len(drive.world.resources)}", counts=counts)
    return taken(drive)


def test_queue_status_vectors() -> None:
    """BLK-038: time in queue, ordered conditions; vectors A and B, in seconds and as exports store them."""
    metric = {"MetricType": "OldestContactInQueueAgeSeconds"}
    steps = [("<=", "90"), ("<=", "9"), ("<=", "12"), ("<=", "15"), ("<=", "18"), ("<", "20"), ("<", "21"), (">", "21")]
    for unit in ("", "000"):
        order = [(NUMBER["<="], f"90{unit}"), (NUMBER[">="], f"90{unit}"), (NUMBER[">"], f"21{unit}")]
        a = Drive(*branch("CheckMetricData", metric, order))
        assert [status(a, 1, s) for s in (0, 90, 91, 4000)] == ["branch-0", "branch-0", "branch-1", "branch-1"]
        b = Drive(*branch("CheckMetricData", metric, [(NUMBER[o], f"{v}{unit}") for o, v in steps]))
        assert [status(b, 1, s) for s in (5, 90, 91)] == ["branch-0", "branch-0", "branch-7"]


def test_queue_capacity() -> None:
    """BLK-038: the number of contacts that wait, of the queue named or the working queue (BLK-039)."""
    metric = {"MetricType": "NumberOfContactsInQueue", "QueueId": "$.Attributes.queue"}
    drive = Drive(*branch("CheckMetricData", metric, [(NUMBER[">"], "3")]))
    other = drive.world.add("queue", "other", counts=QueueCounts(5, 0, AgentCounts()))
    drive.world.person.attributes["queue"] = other.arn
    assert status(drive, 0, 0) == "branch-0"
    drive.world.person.attributes["queue"] = "other-name-is-no-id"
    assert taken(drive) == "error"


@pytest.mark.parametrize(
    ("metric", "count"),
    [
        ("NumberOfAgentsAvailable", "available"),
        ("NumberOfAgentsStaffed", "staffed"),
        ("NumberOfAgentsOnline", "online"),
    ],
)
def test_staffing(metric: str, count: str) -> None:
    """BLK-043: True when the count is above zero, else False; no queue takes Error (BLK-044)."""
    drive = Drive(*branch("CheckMetricData", {"MetricType": metric}, [(NUMBER[">"], "0")]))
    assert taken(drive) == "error"
    assert status(drive, 0, 0, **{count: 1}) == "branch-0"
    assert status(drive, 0, 0) == "none"


def test_queue_metrics() -> None:
    """BLK-083, BLK-085, FLOW-147: counters under $.Metrics; agent counters are missing when nobody is online."""
    drive = Drive(action("get", "GetMetricData", {}, "end", {"NoMatchingError": "end"}), END)
    agents = AgentCounts(online=3, available=1, staffed=2, after_contact_work=1, busy=1)
    drive.world.person.queue = drive.world.add("queue", "Support", counts=QueueCounts(4, 61_000, agents))
    metrics = drive.go().run.frame.metrics
    assert metrics is not None
    assert metrics["Queue"]["Size"] == 4
    assert metrics["Queue"]["OldestContactAge"] == 61
    assert metrics["Queue"]["Name"] == "Support"
    assert metrics["Agents"]["Online"]["Count"] == metrics["Agents"]["Offline"]["Count"] == 3
    assert metrics["Agents"]["Available"]["Count"] == 1
    drive.world.person.queue = drive.world.add("queue", "Idle")
    assert drive.go().run.frame.metrics["Agents"] is None  # type: ignore[index]


def test_branch_on_a_metric() -> None:
    """BLK-086: Check contact attributes compares what Get queue metrics read, as numbers."""
    ways = [(NUMBER["<"], "5", "few"), (NUMBER[">="], "5", "many")]
    blocks = [
        action("get", "GetMetricData", {}, "size", {"NoMatchingError": "end"}),
        action(
            "size", "Compare", {"ComparisonValue": "$.Metrics.Queue.Size"}, None, {"NoMatchingCondition": "end"}, ways
        ),
        action("few", "EndFlowExecution"),
        action("many", "EndFlowExecution"),
        END,
    ]
    assert status(Drive(*blocks), 4, 0) == "few"
    assert status(Drive(*blocks), 5, 0) == "many"


def test_metric_channel() -> None:
    """BLK-084: the channel is case-insensitive; another word takes Error."""
    for channel, expected in (("voice", "end"), ("Chat", "end"), ("TASK", "end"), ("fax", "error")):
        drive = Drive(
            action("get", "GetMetricData", {"QueueChannel": channel}, "end", {"NoMatchingError": "error"}),
            END,
            action("error", "EndFlowExecution"),
        )
        assert status(drive, 0, 0) == expected


def test_shares() -> None:
    """BLK-065: draws of 1 to 100 against ascending thresholds, the rest is Default."""
    drive = Drive(*branch("DistributeByPercentage", {}, [(NUMBER["<"], "21"), (NUMBER["<"], "61")]))
    drawn = {0.0: "branch-0", 0.19: "branch-0", 0.2: "branch-1", 0.599: "branch-1", 0.6: "none", 0.9999: "none"}
    for value, expected in drawn.items():
        drive.world.random = lambda value=value: value  # type: ignore[method-assign]
        assert taken(drive) == expected


def looped(count: Any) -> Drive:
    ways = [("Equals", "ContinueLooping", "again"), ("Equals", "DoneLooping", "end")]
    return Drive(
        action("loop", "Loop", {"LoopCount": count}, None, {"NoMatchingError": "error"}, ways),
        action("again", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "loop"),
        END,
        action("error", "EndFlowExecution"),
    )


def test_loop() -> None:
    """BLK-094, BLK-095: Looping N times, then Complete; N of 0 completes at once; the counter then starts anew."""
    assert looped("3").go().path == ["loop", "again"] * 3 + ["loop", "end"]
    assert looped(0).go().path == ["loop", "end"]
    assert looped("101").go().path == ["loop", "error"]
    drive = looped("2").go()
    assert drive.run.loops == {}


def test_loop_counter_belongs_to_the_contact() -> None:
    """BLK-100: entering the flow again goes on with the counter."""
    ways = [("Equals", "ContinueLooping", "end"), ("Equals", "DoneLooping", "done")]
    drive = Drive(action("loop", "Loop", {"LoopCount": "2"}, None, {}, ways), END, action("done", "EndFlowExecution"))
    assert drive.go().path[-1] == "end"
    assert drive.go(loops=drive.run.loops).path[-1] == "end"
    assert drive.go(loops=drive.run.loops).path[-1] == "done"
