"""A day of random traffic on two real nodes, one of which is always being killed: afterwards all is accounted for."""

import asyncio
import contextlib
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from switchroom.core import events as e
from switchroom.core.evolve import Fold
from switchroom.core.state import State
from switchroom.storage import journal
from switchroom.storage.postgres import Database
from tests.behaviour.blocks import document, queue_in
from tests.centre.test_takeover import PASSWORD, Node

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]

SEED = 5
CAPACITY = 2
CHANNELS = ("CHAT", "TASK")
SKILL = "Day"
_events = msgspec.json.Decoder(e.AnyEvent)


class Ways:
    """Calls of everybody, each at whatever node answers. What is not answered may have happened or not."""

    def __init__(self, nodes: tuple[Node, Node]) -> None:
        services = ("connect", "connectparticipant", "switchroom")
        self._nodes = nodes
        self._clients = [{service: node.boto(service) for service in services} for node in nodes]
        self._refused = ""
        self.broken: list[str] = []
        self.answered: Counter[str] = Counter()
        self.instance: str = self._clients[0]["connect"].list_instances()["InstanceSummaryList"][0]["Id"]

    def __call__(self, operation: str, service: str = "connect", **members: Any) -> Any:
        """The answer; None when it was refused, or when nobody knows. What a node could not do is noted in `broken`."""
        if service != "connectparticipant":
            members["InstanceId"] = self.instance
        try:
            answer = getattr(random.choice(self._clients)[service], operation)(**members)
        except ClientError as refusal:
            self._refused = str(refusal)
            if refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 500 and "moving" not in self._refused:
                self.broken.append(f"{operation} {members}: {refusal}")
            return None
        except BotoCoreError:
            return None
        self.answered[operation] += 1
        return answer

    def sure(self, operation: str, service: str = "connect", **members: Any) -> Any:
        """The answer, asked for until it comes."""
        deadline = time.monotonic() + 30
        while (answer := self(operation, service, **members)) is None:
            assert time.monotonic() < deadline, f"{operation}: {self._refused}"
            time.sleep(0.1)
        return answer

    def sign_in_and_out(self, username: str) -> None:
        """A session that begins and ends: the agent is Offline afterwards."""
        with contextlib.suppress(httpx.HTTPError):
            node = random.choice(self._nodes)
            given = {"InstanceAlias": "demo", "Username": username, "Password": PASSWORD}
            session = httpx.post(f"{node.url}/switchroom/session", json=given, timeout=20).json()
            headers = {"Authorization": f"Bearer {session.get('Token')}"}
            httpx.delete(f"{node.url}/switchroom/session", headers=headers, timeout=20)


class Day:
    """The people of the day. `acknowledged` are the contacts that somebody was told of."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.acknowledged: list[str] = []
        self.over = threading.Event()
        self._threads: list[threading.Thread] = []
        hours = ways.sure("list_hours_of_operations")["HoursOfOperationSummaryList"][0]["Id"]
        self.queues = [
            ways.sure("create_queue", Name=f"Day {name}", HoursOfOperationId=hours)["QueueId"] for name in "AB"
        ]
        ways.sure("create_predefined_attribute", Name=SKILL, Values={"StringList": ["gold", "silver"]})
        self.flows = [
            ways.sure(
                "create_contact_flow",
                Name=f"Day {number}",
                Type="CONTACT_FLOW",
                Content=document(*queue_in("start", queue)),
            )["ContactFlowId"]
            for number, queue in enumerate(self.queues)
        ]
        self.profiles = [self._profile(name) for name in ("early", "late")]
        self.agents = {name: self._agent(name, number) for number, name in enumerate(("day1", "day2", "day3", "day4"))}
        self.connects = self._quick_connects()

    def _profile(self, name: str) -> str:
        made = self.ways.sure(
            "create_routing_profile",
            Name=f"Day {name}",
            Description=name,
            DefaultOutboundQueueId=self.queues[0],
            MediaConcurrencies=self._media(("ROUTE_ANY_CHANNEL",) * 2),
            QueueConfigs=self._entries(),
        )
        return str(made["RoutingProfileId"])

    def _agent(self, name: str, number: int) -> str:
        profiles = self.ways.sure("list_security_profiles")["SecurityProfileSummaryList"]
        made = self.ways.sure(
            "create_user",
            Username=name,
            Password=PASSWORD,
            IdentityInfo={"FirstName": "Day", "LastName": name},
            PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": number},
            SecurityProfileIds=[next(one["Id"] for one in profiles if one["Name"] == "Agent")],
            RoutingProfileId=self.profiles[number % 2],
        )
        return str(made["UserId"])

    def _quick_connects(self) -> list[str]:
        flows = self.ways.sure("list_contact_flows")["ContactFlowSummaryList"]
        by_name = {one["Name"]: one["Id"] for one in flows}
        configs: list[dict[str, Any]] = [
            {"QuickConnectType": "QUEUE", "QueueConfig": {
                "QueueId": self.queues[1], "ContactFlowId": by_name["Default queue transfer"]}},
            {"QuickConnectType": "USER", "UserConfig": {
                "UserId": self.agents["day1"], "ContactFlowId": by_name["Default agent transfer"]}},
        ]  # fmt: skip
        made = [
            self.ways.sure("create_quick_connect", Name=f"Day {number}", QuickConnectConfig=config)["QuickConnectId"]
            for number, config in enumerate(configs)
        ]
        for queue in self.queues:
            self.ways.sure("associate_queue_quick_connects", QueueId=queue, QuickConnectIds=made)
        return made

    def _media(self, behaviours: tuple[str, ...], channels: tuple[str, ...] = CHANNELS) -> list[dict[str, Any]]:
        return [
            {"Channel": channel, "Concurrency": CAPACITY, "CrossChannelBehavior": {"BehaviorType": behaviour}}
            for channel, behaviour in zip(channels, behaviours, strict=False)
        ]

    def _entries(self, draw: Callable[[], tuple[int, int]] = lambda: (1, 0)) -> list[dict[str, Any]]:
        entries = []
        for queue in self.queues:
            for channel in CHANNELS:
                priority, delay = draw()
                reference = {"QueueId": queue, "Channel": channel}
                entries.append({"QueueReference": reference, "Priority": priority, "Delay": delay})
        return entries

    # ------------------------------------------------------------------ people

    def begin(self) -> None:
        """Everybody comes to work."""
        actors: list[Callable[[random.Random], None]] = [self.customer, self.customer, self.tasks, self.edits]
        actors += [lambda draw, name=name: self.desk(draw, name) for name in self.agents]  # type: ignore[misc]
        for number, actor in enumerate(actors):
            thread = threading.Thread(target=self._act, args=(actor, random.Random(SEED + number)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Nobody begins anything new."""
        self.over.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive()

    def _act(self, actor: Callable[[random.Random], None], draw: random.Random) -> None:
        while not self.over.is_set():
            actor(draw)
            self.over.wait(draw.uniform(0.02, 0.2))

    def customer(self, draw: random.Random) -> None:
        """A chat; most say something, some leave before or after somebody answers, some stay for good."""
        name = {"DisplayName": "Jane"}
        chat = self.ways("start_chat_contact", ContactFlowId=draw.choice(self.flows), ParticipantDetails=name)
        if chat is None:
            return
        self.acknowledged.append(chat["ContactId"])
        wanted = {"Type": ["CONNECTION_CREDENTIALS"], "ParticipantToken": chat["ParticipantToken"]}
        given = self.ways("create_participant_connection", "connectparticipant", **wanted, ConnectParticipant=True)
        if given is None:
            return
        token = given["ConnectionCredentials"]["ConnectionToken"]
        for _ in range(draw.randrange(3)):
            self.over.wait(draw.random())
            said = {"ContentType": "text/plain", "Content": "もしもし"}
            self.ways("send_message", "connectparticipant", ConnectionToken=token, **said)
        if draw.random() < 0.5:
            self.ways("disconnect_participant", "connectparticipant", ConnectionToken=token)

    def tasks(self, draw: random.Random) -> None:
        """A task is made, and something happens to one of them."""
        made = self.ways("start_task_contact", ContactFlowId=draw.choice(self.flows), Name="Day")
        if made is not None:
            self.acknowledged.append(made["ContactId"])
        if not self.acknowledged:
            return
        where = {"ContactId": draw.choice(self.acknowledged[-20:])}
        level = {"Name": SKILL, "Value": draw.choice(["gold", "silver"]), "ProficiencyLevel": draw.randint(1, 5)}
        step = {"Expression": {"AttributeCondition": {**level, "ComparisonOperator": "NumberGreaterOrEqualTo"}}}
        criteria = {"Steps": [{**step, "Expiry": {"DurationInSeconds": draw.randint(1, 4)}}]}
        acts: list[Callable[[], Any]] = [
            lambda: self.ways("pause_contact", **where),
            lambda: self.ways("resume_contact", **where),
            lambda: self.ways("stop_contact", **where),
            lambda: self.ways("transfer_contact", **where, ContactFlowId=self.flows[0], QueueId=self.queues[1]),
            lambda: self.ways("update_contact_routing_data", **where, QueuePriority=draw.randint(1, 9)),
            lambda: self.ways("update_contact_routing_data", **where, RoutingCriteria=criteria),
        ]
        draw.choice(acts)()

    def desk(self, draw: random.Random, name: str) -> None:
        """An agent who mostly works, sometimes misses, passes on, pauses, goes away or signs out."""
        user = self.agents[name]
        if draw.random() < 0.04:
            self.ways.sign_in_and_out(name)
        found = self.ways("get_agent_snapshot", "switchroom", UserId=user)
        if found is None:
            return
        desk = found["Snapshot"]
        if desk["Status"]["Type"] != "ROUTABLE" or draw.random() < 0.04:
            statuses = {one["Name"]: one["StatusId"] for one in desk["Statuses"]}
            status = draw.choice([statuses["Available"], statuses["Available"], statuses["Offline"]])
            self.ways("set_agent_status", "switchroom", UserId=user, StatusId=status)
        buttons = {
            "INCOMING": ["accept_contact"] * 6 + ["reject_contact"] + ["get_agent_snapshot"] * 3,
            "CONNECTED": ["end_contact"] * 3
            + ["get_agent_snapshot"] * 3
            + ["transfer_agent_contact", "pause_agent_contact"],
            "PAUSED": ["resume_agent_contact", "end_contact"],
        }
        for one in desk["Contacts"]:
            button = draw.choice(buttons.get(one["State"], ["clear_contact"]))
            members = {"QuickConnectId": draw.choice(self.connects)} if button == "transfer_agent_contact" else {}
            if button != "get_agent_snapshot":
                self.ways(button, "switchroom", UserId=user, ContactId=one["ContactId"], **members)

    def edits(self, draw: random.Random) -> None:
        """Profiles, queues and people are changed while all of it goes on."""
        profile, queue, user = (
            draw.choice(self.profiles),
            draw.choice(self.queues),
            draw.choice(list(self.agents.values())),
        )
        behaviours = tuple(draw.choice(["ROUTE_ANY_CHANNEL", "ROUTE_CURRENT_CHANNEL_ONLY"]) for _ in CHANNELS)
        channels = draw.choice([CHANNELS, CHANNELS, CHANNELS, ("TASK",)])
        skill = {"AttributeName": SKILL, "AttributeValue": draw.choice(["gold", "silver"])}
        one = [{"QueueId": queue, "Channel": draw.choice(CHANNELS)}]
        entries = self._entries(lambda: (draw.randint(1, 3), draw.choice([0, 0, 2])))
        acts: list[Callable[[], Any]] = (
            [
                lambda: self.ways("update_routing_profile_queues", RoutingProfileId=profile, QueueConfigs=entries),
                lambda: self.ways("update_routing_profile_concurrency", RoutingProfileId=profile,
                                  MediaConcurrencies=self._media(behaviours, channels)),
                lambda: self.ways("disassociate_routing_profile_queues", RoutingProfileId=profile, QueueReferences=one),
                lambda: self.ways("associate_routing_profile_queues", RoutingProfileId=profile, QueueConfigs=entries),
                lambda: self.ways("update_user_routing_profile", UserId=user, RoutingProfileId=profile),
                lambda: self.ways("update_queue_status", QueueId=queue, Status=draw.choice(["ENABLED", "DISABLED"])),
                lambda: self.ways("update_queue_max_contacts", QueueId=queue, MaxContacts=draw.randint(2, 40)),
                lambda: self.ways("associate_user_proficiencies", UserId=user,
                                  UserProficiencies=[{**skill, "Level": draw.randint(1, 5)}]),
                lambda: self.ways("disassociate_user_proficiencies", UserId=user, UserProficiencies=[skill]),
            ]
        )  # fmt: skip
        draw.choice(acts)()
        self.over.wait(0.5)

    # ------------------------------------------------------------------ the evening

    def settle(self, left: Callable[[], list[str]]) -> None:
        """All is switched on again, and everybody is served, until nothing is left."""
        for queue in self.queues:
            self.ways.sure("update_queue_status", QueueId=queue, Status="ENABLED")
        for profile in self.profiles:
            media = self._media(("ROUTE_ANY_CHANNEL",) * 2)
            self.ways.sure("update_routing_profile_concurrency", RoutingProfileId=profile, MediaConcurrencies=media)
            self.ways.sure("associate_routing_profile_queues", RoutingProfileId=profile, QueueConfigs=self._entries())
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            held = sum(self._serve(user) for user in self.agents.values())
            waiting = left()
            if not held and not waiting:
                return
            if not held or time.monotonic() > deadline - 20:
                for contact in waiting:
                    self.ways("stop_contact", ContactId=contact)
        raise AssertionError(f"left at the end of the day: {left()}")

    def _serve(self, user: str) -> int:
        desk = self.ways.sure("get_agent_snapshot", "switchroom", UserId=user)["Snapshot"]
        if desk["Status"]["Type"] != "ROUTABLE" or desk.get("NextStatus"):
            status = next(one["StatusId"] for one in desk["Statuses"] if one["Name"] == "Available")
            self.ways.sure("set_agent_status", "switchroom", UserId=user, StatusId=status)
        buttons = {"INCOMING": "accept_contact", "CONNECTED": "end_contact", "PAUSED": "end_contact"}
        for one in desk["Contacts"]:
            button = buttons.get(one["State"], "clear_contact")
            self.ways(button, "switchroom", UserId=user, ContactId=one["ContactId"])
        return len(desk["Contacts"])


class Ledger:
    """What the journal says of the day: every rule is checked at every event."""

    def __init__(self, database: Database, instance: str) -> None:
        self._database = database
        self._instance = instance
        self.completed: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()

    async def check(self, live: dict[int, State]) -> State:
        """Replay it all from the beginning; `live` is what nodes had in memory after an event."""
        fold, expected = Fold(State()), 1
        async for seq, body in journal.tail(self._database, self._instance, 0):
            event = _events.decode(body)
            assert seq == expected, "the journal has a gap"
            expected += 1
            if isinstance(event, e.Offered):
                self._may_be_offered(fold.state, event)
            if isinstance(event, e.Completed):
                self.completed[event.contact] += 1
            fold.apply(event)
            self.kinds[type(event).__name__] += 1
            if seq in live:
                assert plain(fold.state, event.at) == plain(live[seq], event.at)
        return fold.state

    def _may_be_offered(self, state: State, event: e.Offered) -> None:
        contact = state.contacts[event.contact]
        assert contact.place == "queue" and contact.offered_to is None, "offered twice at once"
        assert not any(agent.slots[contact.id].live for agent in state.agents.values() if contact.id in agent.slots)
        slots = state.agents[event.agent].slots.values()
        assert sum(slot.occupies and slot.channel == contact.channel for slot in slots) < CAPACITY, "over capacity"
        assert state.agents[event.agent].status_type == "ROUTABLE"


def plain(state: State, now: int) -> Any:
    """The state as data, without timers that are over: a node drops them silently."""
    found = msgspec.to_builtins(state)
    found["timers"] = {key: due for key, due in found.get("timers", {}).items() if due > now}
    return found


@pytest.fixture
def nodes(database_url: str, nats_url: str, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    first = Node(database_url, nats_url, tmp_path).ready()
    second = Node(database_url, nats_url, tmp_path).ready()
    yield first, second
    for node in (first, second):
        node.end()


async def test_a_day(nodes: tuple[Node, Node], database: Database) -> None:
    """ROUT-03, ROUT-11, ROUT-18: whatever happens in whatever order, with nodes killed and stopped: no contact is
    offered twice at once or beyond capacity, every one that was acknowledged has one record with its end, no agent is
    stuck, and the journal gives again what the nodes had in memory."""
    ways = Ways(nodes)
    day = await asyncio.to_thread(Day, ways)
    live: dict[int, State] = {}

    async def left() -> list[str]:
        rows = await database.pool.fetch("SELECT id FROM contacts WHERE completed_at IS NULL")
        return [row["id"] for row in rows]

    day.begin()
    await asyncio.sleep(3)
    nodes[0].end()
    await asyncio.sleep(1)
    await asyncio.to_thread(nodes[0].start().ready)
    await asyncio.to_thread(nodes[1].end, signal.SIGTERM)
    live.update(await snapshot(database, ways.instance))
    await asyncio.sleep(3)
    await asyncio.to_thread(day.end)
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(day.settle, lambda: asyncio.run_coroutine_threadsafe(left(), loop).result())
    for queue in day.queues:
        metrics = [{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}]
        found = ways.sure("get_current_metric_data", Filters={"Queues": [queue]}, CurrentMetrics=metrics)
        assert all(one["Value"] == 0 for result in found["MetricResults"] for one in result["Collections"])
    nodes[0].end(signal.SIGTERM)
    live.update(await snapshot(database, ways.instance))

    ledger = Ledger(database, ways.instance)
    state = await ledger.check(live)
    assert not ways.broken
    assert len(live) == 2 and max(live) == await journal.last(database, ways.instance)
    assert (state.contacts, state.chats, state.runs, state.loops) == ({}, {}, {}, {})
    assert not any(agent.slots for agent in state.agents.values())
    rows = await database.pool.fetch("SELECT id, place, disconnected_at FROM contacts")
    assert {row["id"] for row in rows} == ledger.completed.keys() and set(ledger.completed.values()) == {1}
    assert all(row["disconnected_at"] for row in rows)
    assert set(day.acknowledged) <= ledger.completed.keys()
    assert ledger.kinds["Accepted"] > 20 and ledger.kinds["OfferMissed"] and ledger.kinds["Paused"]


async def snapshot(database: Database, instance: str) -> dict[int, State]:
    """What the node that just stopped had in memory."""
    found = await journal.load_snapshot(database, instance)
    assert found is not None
    return {found[0]: msgspec.msgpack.decode(found[1], type=State)}
