"""Agents and customers at a running server, and what happens when many act at once."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.behaviour.blocks import publish, queue_in, task
from tests.channels.people import Agent, Centre, Participant, wait_for

STORM_S = 4
BUTTONS = ("accept_contact", "accept_contact", "reject_contact", "end_contact", "clear_contact")


@pytest.fixture
def own_queue(centre: Centre) -> Iterator[str]:
    """A queue that agent1 and agent2 alone serve, with room for four chats and four tasks each at once."""
    connect, instance = centre.connect, centre.instance
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    name = f"Storm {time.monotonic_ns()}"
    queue = connect.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours)["QueueId"]
    behaviour = {"BehaviorType": "ROUTE_ANY_CHANNEL"}
    profile = connect.create_routing_profile(
        InstanceId=instance,
        Name=name,
        Description=name,
        DefaultOutboundQueueId=queue,
        MediaConcurrencies=[
            {"Channel": channel, "Concurrency": 4, "CrossChannelBehavior": behaviour} for channel in ("CHAT", "TASK")
        ],
        QueueConfigs=[
            {"QueueReference": {"QueueId": queue, "Channel": channel}, "Priority": 1, "Delay": 0}
            for channel in ("CHAT", "TASK")
        ],
    )["RoutingProfileId"]
    usual = centre.id_of("profile", "Basic Routing Profile")
    for chosen in (profile, usual):
        for username in ("agent1", "agent2"):
            connect.update_user_routing_profile(
                InstanceId=instance, UserId=centre.id_of("user", username), RoutingProfileId=chosen
            )
        if chosen == profile:
            yield queue


def test_a_task_from_the_offer_to_the_close(centre: Centre, agent1: Agent) -> None:
    """ROUT-114: description and link come with the offer, which lasts 30 s; then end, after contact work, close."""
    link = {"ticket": {"Type": "URL", "Value": "https://example.com/42"}}
    flow = publish(centre, *queue_in("start", centre.id_of("queue", "BasicQueue")))
    contact = task(centre, flow, Description="Call back", References=link)
    offered = agent1.contact("INCOMING", contact)
    assert (offered["Description"], offered["References"]) == ("Call back", link)
    assert (offered["OfferExpiresAt"] - offered["StateStart"]).total_seconds() == 30
    agent1.accept(contact)
    agent1.do("end_contact", ContactId=contact)
    assert agent1.contact("ENDED", contact)
    agent1.do("clear_contact", ContactId=contact)
    assert not agent1.desk()["Contacts"]


def test_quick_connects_of_the_queues_an_agent_works(centre: Centre, agent1: Agent, own_queue: str) -> None:
    """FLOW-74, ROUT-25, ROUT-84: those of all queues of the profile, the default outbound queue among them; nothing to
    choose until one has some."""
    assert agent1.do("list_agent_quick_connects")["QuickConnects"] == []
    known = centre.connect.list_quick_connects(InstanceId=centre.instance)["QuickConnectSummaryList"][0]
    centre.connect.associate_queue_quick_connects(
        InstanceId=centre.instance, QueueId=own_queue, QuickConnectIds=[known["Id"]]
    )
    assert [one["Name"] for one in agent1.do("list_agent_quick_connects")["QuickConnects"]] == [known["Name"]]
    phone = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+12065550199"}}
    made = centre.connect.create_quick_connect(
        InstanceId=centre.instance, Name=f"Expert {time.monotonic_ns()}", QuickConnectConfig=phone
    )
    name = centre.connect.describe_quick_connect(InstanceId=centre.instance, QuickConnectId=made["QuickConnectId"])
    hours = centre.connect.list_hours_of_operations(InstanceId=centre.instance)["HoursOfOperationSummaryList"][0]["Id"]
    outbound = centre.connect.create_queue(
        InstanceId=centre.instance,
        Name=f"Outbound {time.monotonic_ns()}",
        HoursOfOperationId=hours,
        QuickConnectIds=[made["QuickConnectId"]],
    )["QueueId"]
    profile = centre.connect.describe_user(InstanceId=centre.instance, UserId=agent1.user)["User"]["RoutingProfileId"]
    centre.connect.update_routing_profile_default_outbound_queue(
        InstanceId=centre.instance, RoutingProfileId=profile, DefaultOutboundQueueId=outbound
    )
    shown = [one["Name"] for one in agent1.do("list_agent_quick_connects")["QuickConnects"]]
    assert sorted(shown) == sorted([known["Name"], name["QuickConnect"]["Name"]])


def test_a_customer_goes_on_at_another_device(centre: Centre) -> None:
    """BASE-59: the same participant, with all that was said, and the first device hears it too when it is back."""
    started = centre.start_chat(publish(centre, *queue_in("start", centre.id_of("queue", "BasicQueue"))))
    phone = Participant(centre.server, started["ParticipantToken"])
    phone.open()
    phone.say("from the phone")
    phone.socket.close()
    computer = Participant(centre.server, started["ParticipantToken"])
    computer.open()
    assert "from the phone" in [item.get("Content") for item in computer.transcript()["Transcript"]]
    computer.say("from the computer")
    phone.open()
    computer.say("to both")
    assert phone.socket.item(Content="to both")["ParticipantId"] == started["ParticipantId"]
    computer.leave()


def test_functions_of_the_instance(centre: Centre) -> None:
    """FLOW-123: added by their ARN, listed, taken off."""
    arn = "arn:aws:lambda:eu-west-1:210987654321:function:lookup"
    where = {"InstanceId": centre.instance, "FunctionArn": arn}
    centre.connect.associate_lambda_function(**where)
    assert arn in centre.connect.list_lambda_functions(InstanceId=centre.instance)["LambdaFunctions"]
    centre.connect.disassociate_lambda_function(**where)
    assert arn not in centre.connect.list_lambda_functions(InstanceId=centre.instance)["LambdaFunctions"]


def test_two_agents_reach_for_one_contact(centre: Centre, agent1: Agent, agent2: Agent, own_queue: str) -> None:
    """ROUT-16: of many acceptances at once one counts; the others are told why."""
    agent2.become("Available")
    contact = task(centre, publish(centre, *queue_in("start", own_queue)))
    holder = wait_for(lambda: next((one for one in (agent1, agent2) if one.desk()["Contacts"]), None))
    answers: list[str] = []

    def reach(agent: Agent) -> None:
        try:
            agent.do("accept_contact", ContactId=contact)
            answers.append("accepted")
        except ClientError as refusal:
            answers.append(refusal.response["Error"]["Code"])

    _at_once([partial(reach, agent) for agent in (agent1, agent2) * 4])
    assert answers.count("accepted") == 1
    assert set(answers) == {"accepted", "InvalidRequestException", "ResourceNotFoundException"}
    assert holder.contact("CONNECTED", contact)


def test_a_storm_leaves_nothing_behind(centre: Centre, agent1: Agent, agent2: Agent, own_queue: str) -> None:
    """ROUT-03, ROUT-18: chats, tasks, refusals, stops and edits at once; then everybody is served and all is over."""
    agent2.become("Available")
    flow = publish(centre, *queue_in("start", own_queue))
    storm = Storm(centre, (agent1, agent2), flow)
    _at_once([storm.customer] * 4 + [storm.desk] * 4 + [storm.tasks] * 2)
    assert not storm.broken
    for agent in (agent1, agent2):
        agent.become("Available")
    wait_for(storm.serve, patience=30)
    assert all("DisconnectTimestamp" in centre.describe(contact) for contact in storm.contacts)
    assert storm.contacts


class Storm:
    """People who act without looking; `broken` are answers that nobody should get."""

    def __init__(self, centre: Centre, agents: tuple[Agent, ...], flow: str) -> None:
        self.centre = centre
        self.agents = agents
        self.flow = flow
        self.contacts: list[str] = []
        self.broken: list[str] = []
        self._until = time.monotonic() + STORM_S

    def attempt(self, act: Callable[..., Any], *given: Any, **members: Any) -> None:
        """Refusals are part of the game."""
        try:
            act(*given, **members)
        except ClientError as refusal:
            if refusal.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                self.broken.append(str(refusal))

    def customer(self) -> None:
        """Chats that are left at any moment."""
        while time.monotonic() < self._until:
            contact, customer = self.centre.customer(self.flow)
            self.contacts.append(contact)
            self.attempt(customer.say, "こんにちは 😀")
            time.sleep(random.random() / 2)
            self.attempt(customer.leave)
            customer.socket.close()

    def tasks(self) -> None:
        """Tasks that are created, paused, resumed and stopped."""
        where = {"InstanceId": self.centre.instance}
        while time.monotonic() < self._until:
            contact = task(self.centre, self.flow)
            self.contacts.append(contact)
            for act in ("pause_contact", "resume_contact", "stop_contact"):
                time.sleep(random.random() / 5)
                self.attempt(getattr(self.centre.connect, act), **where, ContactId=contact)

    def desk(self) -> None:
        """Agents who press any button."""
        while time.monotonic() < self._until:
            agent = random.choice(self.agents)
            button = random.choice(BUTTONS)
            for one in agent.desk()["Contacts"]:
                self.attempt(agent.do, button, ContactId=one["ContactId"])
            if random.random() < 0.1:
                self.attempt(agent.become, random.choice(("Available", "Offline")))

    def serve(self) -> bool:
        """Take what is offered and finish it; whether nothing is left."""
        buttons = {"INCOMING": "accept_contact", "CONNECTED": "end_contact", "PAUSED": "end_contact"}
        held = [(agent, one) for agent in self.agents for one in agent.desk()["Contacts"]]
        for agent, one in held:
            button = buttons.get(one["State"], "clear_contact")
            self.attempt(agent.do, button, ContactId=one["ContactId"])
        return not held and all("DisconnectTimestamp" in self.centre.describe(one) for one in self.contacts)


def _at_once(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_queue_in_which_contacts_wait_stays(centre: Centre) -> None:
    """ROUT-23: only an unused queue is deleted; whoever waits in it must leave first."""
    connect, instance = centre.connect, centre.instance
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    name = f"Unused {time.monotonic_ns()}"
    queue = connect.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours)["QueueId"]
    contact = task(centre, publish(centre, *queue_in("start", queue)))
    wait_for(lambda: connect.describe_contact(InstanceId=instance, ContactId=contact)["Contact"].get("QueueInfo"))
    with pytest.raises(connect.exceptions.ResourceInUseException):
        connect.delete_queue(InstanceId=instance, QueueId=queue)
    connect.stop_contact(InstanceId=instance, ContactId=contact)
    connect.delete_queue(InstanceId=instance, QueueId=queue)


def test_the_desk_shows_statuses_in_the_order_of_the_administrator(centre: Centre, agent1: Agent) -> None:
    """ROUT-63: the order given to the statuses is the order in the agent's panel."""
    connect, instance = centre.connect, centre.instance
    made = {}
    for name, order in (("Later", 12), ("Sooner", 11)):
        status = connect.create_agent_status(
            InstanceId=instance, Name=f"{name} {time.monotonic_ns()}", State="ENABLED", DisplayOrder=order
        )
        made[name] = status["AgentStatusId"]

    def shown() -> list[str]:
        wanted = {identifier: name for name, identifier in made.items()}
        return [wanted[s["StatusId"]] for s in agent1.desk()["Statuses"] if s["StatusId"] in wanted]

    assert shown() == ["Sooner", "Later"]
    connect.update_agent_status(InstanceId=instance, AgentStatusId=made["Later"], DisplayOrder=10)
    assert shown() == ["Later", "Sooner"]
    for identifier in made.values():
        connect.update_agent_status(InstanceId=instance, AgentStatusId=identifier, State="DISABLED")
    assert shown() == []
