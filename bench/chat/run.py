"""500 chats at once: from SendMessage to the other side's socket.

A real server (`switchroom up`), 50 agents with ten chats each, 1,000 chat sockets, messages of both sides at a steady
rate. The load comes from this process on the same machine. The floor beside it is `GET /health` over the same
connections in the same seconds: what HTTP costs here under this load.
"""

import asyncio
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from websockets.asyncio.client import ClientConnection, connect

from bench.report import Line, Report
from switchroom.app.engines import PostgresEngine
from tests.channels.people import DISCONNECT, TO_QUEUE, Centre, wait_for, working_queue
from tests.server import PASSWORD, Server

CHATS = 500
EACH = 10
"""Chats of one agent, the most a routing profile allows."""
RATE = 100
"""Messages a second over all chats."""
SECONDS = 15
CALLERS = 32


class Caller:
    """One kept HTTP connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, method: str, path: str, body: object = None, bearer: str = "") -> dict[str, Any]:
        """One request; its JSON. Raises RuntimeError for a status other than 200."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        payload = b"" if body is None else msgspec.json.encode(body)
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\ncontent-length: {len(payload)}\r\n"
        if bearer:
            head += f"x-amz-bearer: {bearer}\r\ncontent-type: application/json\r\n"
        writer.write(head.encode() + b"\r\n" + payload)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(headers.get("content-length", "0")))
        if " 200 " not in lines[0]:
            raise RuntimeError(f"{path}: {lines[0]} {answer!r}")
        return dict(json.loads(answer))


class Side:
    """A participant: its connection token, and the socket on which it hears the other side."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.connection = ""
        self._reading: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    async def open(self, caller: Caller, heard: dict[str, float]) -> None:
        """Connect, subscribe, and note when each message comes."""
        kinds = {"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]}
        given = await caller.call("POST", "/participant/connection", kinds, self._token)
        self.connection = given["ConnectionCredentials"]["ConnectionToken"]
        self._socket = await connect(given["Websocket"]["Url"], ping_interval=None)
        await self._socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}')
        while json.loads(await self._socket.recv())["topic"] != "aws/subscribe":
            pass
        self._reading = asyncio.create_task(self._read(heard))

    async def _read(self, heard: dict[str, float]) -> None:
        assert self._socket is not None
        async for message in self._socket:
            now = time.perf_counter()
            push = msgspec.json.decode(message)
            if push["topic"] == "aws/chat":
                item = msgspec.json.decode(push["content"])
                if item["Type"] == "MESSAGE" and item["ParticipantRole"] != "SYSTEM":
                    heard.setdefault(f"{item['ParticipantRole']}{id(self)}{item['Content']}", now)

    async def close(self) -> None:
        """Stop hearing."""
        if self._reading is not None:
            self._reading.cancel()
        if self._socket is not None:
            await self._socket.close()


def run() -> Report:
    """The bench."""
    report = Report(f"{CHATS} chats at once, {RATE} messages a second for {SECONDS} s")
    server = Server("--demo").ready()
    try:
        asyncio.run(_raise_quota(server.data))
        server.stop()
        server.start().ready()
        began = time.monotonic()
        pairs = _chats(Centre(server))
        report.add(Line("starting and accepting a chat by boto3", (time.monotonic() - began) * 1000 / CHATS, "ms"))
        asyncio.run(_measure(server.port, pairs, report))
    finally:
        server.destroy()
    return report


async def _raise_quota(data: Path) -> None:
    connection = await asyncpg.connect(PostgresEngine(data / "postgres", data / "bench.log").url)
    more = json.dumps({"Quotas": {"CONCURRENT_CHATS": 2 * CHATS}})
    await connection.execute("UPDATE documents SET body = body || $1::jsonb WHERE kind = 'instance'", more)
    await connection.close()


def _chats(centre: Centre) -> list[tuple[Side, Side]]:
    """Chats, each accepted by an agent: (customer, agent)."""
    queue = centre.id_of("queue", "BasicQueue")
    flow = centre.flow("Bench", working_queue(queue), TO_QUEUE, DISCONNECT)
    profile = centre.connect.create_routing_profile(
        InstanceId=centre.instance,
        Name="Bench",
        Description="Ten chats",
        DefaultOutboundQueueId=queue,
        MediaConcurrencies=[{"Channel": "CHAT", "Concurrency": EACH}],
        QueueConfigs=[{"QueueReference": {"QueueId": queue, "Channel": "CHAT"}, "Priority": 1, "Delay": 0}],
    )["RoutingProfileId"]
    summaries = centre.connect.list_security_profiles(InstanceId=centre.instance)["SecurityProfileSummaryList"]
    security = next(one["Id"] for one in summaries if one["Name"] == "Agent")
    desk = centre.server.boto("switchroom")
    pairs = []
    for number in range(CHATS // EACH):
        user = centre.connect.create_user(
            InstanceId=centre.instance,
            Username=f"bench{number}",
            Password=PASSWORD,
            IdentityInfo={"FirstName": "Bench", "LastName": str(number)},
            PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 0},
            SecurityProfileIds=[security],
            RoutingProfileId=profile,
        )["UserId"]
        who = {"InstanceId": centre.instance, "UserId": user}
        statuses = desk.get_agent_snapshot(**who)["Snapshot"]["Statuses"]
        available = next(status["StatusId"] for status in statuses if status["Type"] == "ROUTABLE")
        desk.set_agent_status(**who, StatusId=available)
        customers = {}
        for _ in range(EACH):
            started = centre.start_chat(flow, ConnectionTypes=["CONNECTION_CREDENTIALS"])
            customers[started["ContactId"]] = started["ParticipantToken"]
            service_connect(centre, started["ParticipantToken"])
        for contact, token in customers.items():
            wait_for(partial(_offered, desk, who, contact))
            desk.accept_contact(**who, ContactId=contact)
            given = desk.create_agent_participant_connection(**who, ContactId=contact)
            pairs.append((Side(token), Side(given["ParticipantToken"])))
    return pairs


def service_connect(centre: Centre, token: str) -> None:
    """Acknowledge a customer's connection without a socket."""
    asyncio.run(Caller(centre.server.port).call("POST", "/participant/connection", {"ConnectParticipant": True}, token))


def _offered(desk: Any, who: dict[str, str], contact: str) -> bool:
    contacts = desk.get_agent_snapshot(**who)["Snapshot"]["Contacts"]
    return any(one["ContactId"] == contact and one["State"] == "INCOMING" for one in contacts)


async def _measure(port: int, pairs: list[tuple[Side, Side]], report: Report) -> None:
    callers: asyncio.Queue[Caller] = asyncio.Queue()
    for _ in range(CALLERS):
        callers.put_nowait(Caller(port))
    heard: dict[str, float] = {}
    opener = Caller(port)
    for pair in pairs:
        for side in pair:
            await side.open(opener, heard)
    await asyncio.sleep(1)
    sent: dict[str, float] = {}
    answered: list[float] = []
    floor: list[float] = []

    async def say(number: int) -> None:
        customer, agent = pairs[number % len(pairs)]
        from_customer = (number // len(pairs)) % 2 == 0
        speaker, listener, role = (customer, agent, "CUSTOMER") if from_customer else (agent, customer, "AGENT")
        text = f"message {number}"
        body = {"ContentType": "text/plain", "Content": text}
        began = time.perf_counter()
        sent[f"{role}{id(listener)}{text}"] = began
        caller = await callers.get()
        try:
            await caller.call("POST", "/participant/message", body, speaker.connection)
            answered.append(time.perf_counter() - began)
        finally:
            callers.put_nowait(caller)

    async def probe() -> None:
        caller = Caller(port)
        while True:
            began = time.perf_counter()
            await caller.call("GET", "/health")
            floor.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)

    probing = asyncio.create_task(probe())
    tasks = []
    start = time.perf_counter()
    for number in range(RATE * SECONDS):
        delay = start + number / RATE - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        tasks.append(asyncio.create_task(say(number)))
    await asyncio.gather(*tasks)
    took = time.perf_counter() - start
    await asyncio.sleep(2)
    probing.cancel()
    await asyncio.gather(*(side.close() for pair in pairs for side in pair))
    latencies = sorted(heard[key] - began for key, began in sent.items() if key in heard)
    lost = len(sent) - len(latencies)
    report.add(Line("messages sent", len(sent) / took, "/s"))
    report.add(Line("messages that did not arrive", lost, "", at_most=0))
    for name, values in (("to the other side's socket", latencies), ("to the answer of SendMessage", sorted(answered))):
        for share in (0.50, 0.99):
            value = values[int(len(values) * share)] * 1000
            base = sorted(floor)[int(len(floor) * share)] * 1000
            report.add(Line(f"p{share * 100:.0f} {name}", value, "ms", value / base, "GET /health"))
