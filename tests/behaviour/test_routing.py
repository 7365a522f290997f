"""Routing at a running server: edits that act on what waits, limits of queues, criteria of waiting contacts."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.behaviour.blocks import Action, action, attributes, document, publish, queue_in, task
from tests.channels.people import Agent, Centre, wait_for

SKILL = "Speaks"


class Desk:
    """agent1 on a routing profile of its own (one task at a time), with queues A and B and a flow to each."""

    def __init__(self, centre: Centre, agent: Agent) -> None:
        self.centre, self.agent, self.connect = centre, agent, centre.connect
        self._where = {"InstanceId": centre.instance}
        self._name = f"Routing {time.monotonic_ns()}"
        hours = self.do("list_hours_of_operations")["HoursOfOperationSummaryList"][0]["Id"]
        self.queues = {
            name: self.do("create_queue", Name=f"{self._name} {name}", HoursOfOperationId=hours)["QueueId"]
            for name in "AB"
        }
        self.flows = {name: publish(centre, *queue_in("start", queue)) for name, queue in self.queues.items()}
        self.profile = self.do(
            "create_routing_profile",
            Name=self._name,
            Description=self._name,
            DefaultOutboundQueueId=self.queues["A"],
            MediaConcurrencies=[{"Channel": "TASK", "Concurrency": 1}],
            QueueConfigs=self.entries(A=(1, 0), B=(2, 0)),
        )["RoutingProfileId"]
        self.do("update_user_routing_profile", UserId=agent.user, RoutingProfileId=self.profile)

    def do(self, operation: str, **members: Any) -> Any:
        return getattr(self.connect, operation)(**self._where, **members)

    def refused(self, operation: str, **members: Any) -> tuple[str, str]:
        """Code and message."""
        with pytest.raises(ClientError) as refusal:
            self.do(operation, **members)
        error = refusal.value.response["Error"]
        return error["Code"], error["Message"]

    def entries(self, **queues: tuple[int, int]) -> list[dict[str, Any]]:
        return [
            {"QueueReference": {"QueueId": self.queues[name], "Channel": "TASK"}, "Priority": priority, "Delay": delay}
            for name, (priority, delay) in queues.items()
        ]

    def edit(self, **queues: tuple[int, int]) -> None:
        """Priority and delay of entries; those that are missing are added."""
        self.do("associate_routing_profile_queues", RoutingProfileId=self.profile, QueueConfigs=self.entries(**queues))

    def channels(self, *channels: str) -> None:
        media = [{"Channel": channel, "Concurrency": 1} for channel in channels]
        self.do("update_routing_profile_concurrency", RoutingProfileId=self.profile, MediaConcurrencies=media)

    def task(self, queue: str, **members: Any) -> str:
        """A task that waits in the queue."""
        contact = task(self.centre, self.flows[queue], **members)
        wait_for(lambda: "QueueInfo" in self.centre.describe(contact) or attributes(self.centre, contact))
        return contact

    def idle(self) -> bool:
        """Nothing is offered; asked twice with time between."""
        time.sleep(0.2)
        return not self.agent.desk()["Contacts"]

    def finish(self, contact: str) -> None:
        """Take the offer, do the work, close it."""
        self.agent.accept(contact)
        self.agent.do("end_contact", ContactId=contact)
        self.agent.do("clear_contact", ContactId=contact)

    def flow(self, kind: str, *actions: Action) -> str:
        """A published flow of another type."""
        name = f"Routing {time.monotonic_ns()}"
        made = self.do("create_contact_flow", Name=name, Type=kind, Content=document(*actions))
        return str(made["ContactFlowId"])

    def limit(self, queue: str, contacts: int) -> None:
        self.do("update_queue_max_contacts", QueueId=self.queues[queue], MaxContacts=contacts)

    def refuses(self, queue: str) -> bool:
        """Whether a new task takes the branch "At capacity"."""
        return attributes(self.centre, self.task(queue)).get("full") == "yes"


@pytest.fixture
def desk(centre: Centre, agent1: Agent) -> Iterator[Desk]:
    desk = Desk(centre, agent1)
    yield desk
    usual = centre.id_of("profile", "Basic Routing Profile")
    desk.do("update_user_routing_profile", UserId=agent1.user, RoutingProfileId=usual)


def test_edits_act_on_what_waits(desk: Desk) -> None:
    """ROUT-18, ROUT-07, ROUT-08, ROUT-13: priority, delay, membership and channels of a profile, without a restart, on
    contacts that wait and an agent who is available."""
    desk.do("disassociate_routing_profile_queues", RoutingProfileId=desk.profile,
            QueueReferences=[entry["QueueReference"] for entry in desk.entries(B=(2, 0))])  # fmt: skip
    first = desk.task("B")
    assert desk.idle()
    desk.edit(B=(2, 0))
    desk.agent.accept(first)
    older, newer = desk.task("B"), desk.task("A")
    desk.agent.do("end_contact", ContactId=first)
    desk.agent.do("clear_contact", ContactId=first)
    desk.agent.accept(newer)
    newest = desk.task("A")
    desk.edit(A=(2, 0), B=(1, 0))
    desk.agent.do("end_contact", ContactId=newer)
    desk.agent.do("clear_contact", ContactId=newer)
    desk.agent.accept(older)
    desk.edit(A=(1, 9999))
    desk.agent.do("end_contact", ContactId=older)
    desk.agent.do("clear_contact", ContactId=older)
    assert desk.idle()
    desk.channels("CHAT")
    desk.edit(A=(1, 0))
    assert desk.idle()
    desk.channels("CHAT", "TASK")
    desk.finish(newest)


def test_the_switch_for_strict_priorities(desk: Desk) -> None:
    """ROUT-07, V7: on, a contact within its delay keeps the agent from queues of lower priority; off, at once not."""
    settings = desk.centre.server.boto("switchroom")
    where = {"InstanceId": desk.centre.instance}
    assert settings.update_instance_settings(**where, StrictPriorityBlocking=True)["StrictPriorityBlocking"]
    desk.edit(A=(1, 9999), B=(2, 0))
    delayed, ready = desk.task("A"), desk.task("B")
    assert desk.idle()
    assert not settings.update_instance_settings(**where, StrictPriorityBlocking=False)["StrictPriorityBlocking"]
    desk.finish(ready)
    desk.do("stop_contact", ContactId=delayed)


def test_limit_of_a_queue(desk: Desk) -> None:
    """ROUT-26, ROUT-27, ROUT-28, ROUT-30, ROUT-22: full is full for every channel, the limit acts at once, and 0 and a
    disabled queue take nobody; who is inside is served."""
    desk.agent.become("Offline")
    desk.limit("A", 2)
    inside = [desk.task("A"), desk.task("A")]
    assert desk.refuses("A")
    chat, _ = desk.centre.customer(desk.flows["A"])
    wait_for(lambda: attributes(desk.centre, chat).get("full") == "yes")
    desk.limit("A", 3)
    inside.append(desk.task("A"))
    assert "full" not in attributes(desk.centre, inside[-1])
    desk.limit("A", 0)
    assert desk.refuses("A")
    code, text = desk.refused("update_queue_max_contacts", QueueId=desk.queues["A"], MaxContacts=10_000_000)
    assert code == "InvalidParameterException"
    assert text.startswith("You cannot have more contacts in the queue than your total queued contacts per instance")
    desk.do("update_queue_status", QueueId=desk.queues["A"], Status="DISABLED")
    outside = desk.task("A")
    assert attributes(desk.centre, outside) == {"failed": "yes"}
    desk.agent.become("Available")
    for contact in inside:
        desk.finish(contact)


def test_the_buffer_is_for_transfers(desk: Desk) -> None:
    """ROUT-29: limit 5 and five waiting: a new task is refused, a sixth enters by an agent's transfer, a seventh does
    not."""
    flow = desk.flow("QUEUE_TRANSFER", *queue_in("start", desk.queues["A"]))
    target = {"QueueId": desk.queues["A"], "ContactFlowId": flow}
    connect = desk.do(
        "create_quick_connect",
        Name=f"Buffer {time.monotonic_ns()}",
        QuickConnectConfig={"QuickConnectType": "QUEUE", "QueueConfig": target},
    )["QuickConnectId"]
    desk.do("associate_queue_quick_connects", QueueId=desk.queues["B"], QuickConnectIds=[connect])
    desk.edit(A=(2, 9999))
    desk.limit("A", 5)
    for _ in range(5):
        assert not attributes(desk.centre, desk.task("A"))
    assert desk.refuses("A")
    passed_on = []
    for _ in range(2):
        held = desk.task("B")
        desk.agent.accept(held)
        answer = desk.agent.do("transfer_agent_contact", ContactId=held, QuickConnectId=connect)
        passed_on.append(answer["ContactId"])
        desk.agent.do("clear_contact", ContactId=held)
    wait_for(lambda: attributes(desk.centre, passed_on[1]).get("full"))
    assert "DisconnectTimestamp" not in desk.centre.describe(passed_on[0])


def test_a_personal_queue_holds_ten(desk: Desk) -> None:
    """ROUT-15: the eleventh contact is refused; the owner takes them before anybody else's, his own agent alone."""
    desk.agent.become("Offline")
    personal = {"AgentId": desk.agent.user}
    choose = action("start", "UpdateContactTargetQueue", personal, "transfer", NoMatchingError="failed")
    flow = publish(desk.centre, choose, *queue_in("unused", desk.queues["A"])[1:])
    shared = desk.task("A")
    own = [task(desk.centre, flow) for _ in range(10)]
    for contact in own:
        wait_for(lambda contact=contact: "QueueInfo" in desk.centre.describe(contact))  # type: ignore[misc]
    eleventh = task(desk.centre, flow)
    wait_for(lambda: attributes(desk.centre, eleventh).get("full") == "yes")
    desk.agent.become("Available")
    for contact in own:
        desk.finish(contact)
    desk.finish(shared)


def criteria(*levels: float, seconds: int = 600) -> dict[str, Any]:
    """Steps that ask for these levels, one after another; the last never expires."""
    steps: list[dict[str, Any]] = []
    for level in levels:
        condition = {"Name": SKILL, "Value": "Ainu", "ProficiencyLevel": level}
        condition["ComparisonOperator"] = "NumberGreaterOrEqualTo"
        steps.append({"Expression": {"AttributeCondition": condition}, "Expiry": {"DurationInSeconds": seconds}})
    del steps[-1]["Expiry"]
    return {"Steps": steps}


@pytest.fixture
def skill(desk: Desk) -> Iterator[None]:
    desk.do("create_predefined_attribute", Name=SKILL, Values={"StringList": ["Ainu"]})
    yield
    held = [{"AttributeName": SKILL, "AttributeValue": "Ainu"}]
    desk.do("disassociate_user_proficiencies", UserId=desk.agent.user, UserProficiencies=held)
    desk.do("delete_predefined_attribute", Name=SKILL)


def test_criteria_of_a_waiting_contact(desk: Desk, skill: None) -> None:
    """ROUT-52, ROUT-54, ROUT-56, ROUT-46: replaced twice while it waits, the step before interrupted, a fourth set
    refused; a decline leaves step and clock as they are; a proficiency counts as soon as the agent has it."""
    contact = desk.task("A")
    desk.agent.do("reject_contact", ContactId=desk.agent.contact("INCOMING", contact)["ContactId"])
    for level in (5.0, 4.0, 3.0):
        desk.do("update_contact_routing_data", ContactId=contact, RoutingCriteria=criteria(level, 1.0))
    code, _ = desk.refused("update_contact_routing_data", ContactId=contact, RoutingCriteria=criteria(2.0))
    assert code == "LimitExceededException"
    desk.agent.do("clear_contact", ContactId=contact)
    assert desk.idle()
    held = [{"AttributeName": SKILL, "AttributeValue": "Ainu", "Level": 3}]
    desk.do("associate_user_proficiencies", UserId=desk.agent.user, UserProficiencies=held)
    desk.agent.contact("INCOMING", contact)
    before = steps(desk, contact)
    desk.agent.do("reject_contact", ContactId=contact)
    assert steps(desk, contact) == before
    desk.agent.do("clear_contact", ContactId=contact)
    desk.agent.accept(contact)
    assert [step["Status"] for step in steps(desk, contact)] == ["JOINED", "INACTIVE"]
    refusal = desk.refused("delete_predefined_attribute", Name=SKILL)
    assert refusal[0] == "ResourceInUseException"


def steps(desk: Desk, contact: str) -> list[dict[str, Any]]:
    """The steps of the criteria in force."""
    found: list[dict[str, Any]] = desk.centre.describe(contact)["RoutingCriteria"]["Steps"]
    return found
