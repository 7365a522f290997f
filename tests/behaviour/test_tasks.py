"""Tasks: how they end and how they are found; ends on a clock that the test turns, the rest on a server."""

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from tests.behaviour.blocks import action, publish, task
from tests.channels.people import Centre, wait_for
from tests.core.stage import Stage
from tests.core.test_life_cycle import available
from tests.core.test_life_cycle import task as start


def reasons(stage: Stage) -> list[str | None]:
    """Why contacts ended, so far."""
    return [event.reason for event in stage.events if isinstance(event, e.Disconnected)]


def test_a_task_ends_in_four_ways() -> None:
    """BASE-78: the agent completes it, a flow disconnects it, StopContact ends it, or seven days have passed."""
    stage = Stage()
    available(stage, "a1")
    completed = start(stage)
    stage.do(c.AcceptContact(agent="a1", contact=completed))
    stage.do(c.EndContact(agent="a1", contact=completed))
    start(stage, flow="bye")
    stage.do(c.StopContact(contact=start(stage)))
    assert reasons(stage) == ["AGENT_DISCONNECT", "CONTACT_FLOW_DISCONNECT", "API"]
    stage = Stage()
    contact = start(stage)
    stage.wait(7 * 86_400 - 1)
    assert stage.contact(contact).place == "queue"
    stage.wait(2)
    assert reasons(stage) == ["EXPIRED"]


def test_a_task_keeps_to_512_characters_of_name() -> None:
    """A name that StartTaskContact refuses is refused afterwards too."""
    stage = Stage()
    contact = start(stage, name="x" * 512)
    with pytest.raises(ServiceError, match="512"):
        stage.do(c.UpdateContact(contact=contact, name="x" * 513))
    stage.do(c.UpdateContact(contact=contact, name="あ" * 512))
    assert stage.contact(contact).name == "あ" * 512


def test_tasks_are_found_by_their_channel(centre: Centre) -> None:
    """BASE-79: SearchContacts finds the task; its record tells the flow's end."""
    wait = action("start", "Wait", {"TimeLimitSeconds": "1"}, None, (("Equals", "WaitCompleted", "end"),),
                  NoMatchingError="failed")  # fmt: skip
    contact = task(centre, publish(centre, wait))
    wait_for(lambda: "DisconnectTimestamp" in centre.describe(contact))
    found = centre.describe(contact)
    assert (found["Channel"], found["DisconnectReason"]) == ("TASK", "CONTACT_FLOW_DISCONNECT")
    begun = found["InitiationTimestamp"].timestamp()
    answer = centre.connect.search_contacts(
        InstanceId=centre.instance,
        TimeRange={"Type": "INITIATION_TIMESTAMP", "StartTime": begun - 1, "EndTime": begun + 1},
        SearchCriteria={"Channels": ["TASK"]},
    )
    assert contact in {one["Id"] for one in answer["Contacts"]}
