"""A task in the metrics of the moment and of history, through boto3 against a server."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.channels.people import Agent, Centre, wait_for

pytestmark = pytest.mark.process


def history(centre: Centre, *metrics: str) -> list[float | None]:
    """Of tasks of BasicQueue, of the last hours; all None before the first."""
    now = datetime.now(UTC)
    answer = centre.connect.get_metric_data_v2(
        ResourceArn=centre.connect.describe_instance(InstanceId=centre.instance)["Instance"]["Arn"],
        StartTime=now - timedelta(hours=5),
        EndTime=now + timedelta(seconds=60),
        Filters=[
            {"FilterKey": "QUEUE", "FilterValues": [centre.id_of("queue", "BasicQueue")]},
            {"FilterKey": "CHANNEL", "FilterValues": ["TASK"]},
        ],
        Metrics=[{"Name": name} for name in metrics],
    )
    rows = answer["MetricResults"] or [{"Collections": [{}] * len(metrics)}]
    return [one.get("Value") for one in rows[0]["Collections"]]


def moment(centre: Centre, *metrics: str) -> list[float]:
    """Of tasks in BasicQueue now."""
    answer = centre.connect.get_current_metric_data(
        InstanceId=centre.instance,
        Filters={"Queues": [centre.id_of("queue", "BasicQueue")], "Channels": ["TASK"]},
        Groupings=["QUEUE", "CHANNEL"],
        CurrentMetrics=[{"Name": name, "Unit": "COUNT"} for name in metrics],
    )
    (row,) = answer["MetricResults"]
    assert row["Dimensions"]["Channel"] == "TASK"
    return [one["Value"] for one in row["Collections"]]


def test_a_task_counts_as_it_is_handled(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-109: in hand and active now, paused still active; then handled in history, with its pause and 0 of hold and
    conversation."""
    counted: Any = (history(centre, "CONTACTS_HANDLED")[0] or 0) + 1
    task = centre.connect.start_task_contact(InstanceId=centre.instance, ContactFlowId=flow, Name="Count me")[
        "ContactId"
    ]
    agent1.accept(task)
    agent1.contact("CONNECTED", task)
    names = ("AGENTS_ON_CONTACT", "SLOTS_ACTIVE")
    wait_for(lambda: min(moment(centre, *names)) >= 1)
    centre.connect.pause_contact(InstanceId=centre.instance, ContactId=task)
    agent1.contact("PAUSED", task)
    time.sleep(1.1)
    assert min(moment(centre, *names)) >= 1
    centre.connect.resume_contact(InstanceId=centre.instance, ContactId=task)
    agent1.contact("CONNECTED", task)
    agent1.do("end_contact", ContactId=task)
    agent1.do("clear_contact", ContactId=task)
    wait_for(lambda: history(centre, "CONTACTS_HANDLED") == [counted])
    none = ("SUM_INTERACTION_TIME", "AVG_INTERACTION_TIME", "AVG_INTERACTION_AND_HOLD_TIME", "AVG_HOLD_TIME")
    assert history(centre, *none) == [0, 0, 0, 0]
    paused, handled, active = history(centre, "AVG_AGENT_PAUSE_TIME", "SUM_HANDLE_TIME", "AVG_ACTIVE_TIME")
    assert paused and handled and active is not None
    assert paused >= 1 and handled >= paused
