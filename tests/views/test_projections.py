"""The projections on a real database: contacts, transcripts, the outbox and what leaves it."""

from pathlib import Path
from typing import Any

import msgspec

from switchroom.base.ids import new_id
from switchroom.core import commands as c
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts, outbox, transcripts
from switchroom.storage.bus import Bus
from switchroom.storage.flow_logs import FlowLogs
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.views.contacts import ContactRows
from switchroom.views.facts import facts_of
from switchroom.views.flow_logs import FlowLogRows
from switchroom.views.records import contact_record
from switchroom.views.revisions import Revisions
from switchroom.views.streams import Streams, ensure_streams
from switchroom.views.transcripts import Transcripts, get_transcript
from switchroom.views.workers import Heartbeat, Publisher, TranscriptFiles
from tests.core.stage import SITE, START, configuration
from tests.views.recorder import Recorder, project


def projections(database: Database) -> list[Any]:
    return [ContactRows(), Transcripts(), FlowLogRows(FlowLogs(database), Catalogue()), Streams()]


def stage() -> Recorder:
    """An instance of its own, so that streams of other tests do not mix in."""
    return Recorder(configuration(instance=new_id(), alias="demo"))


def talk(stage: Recorder) -> tuple[str, str]:
    """A chat in which both sides wrote, ended by the customer and cleared by the agent."""
    stage.available("a1")
    contact, customer = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    chat = stage.state.chats[contact]
    agent = next(p.id for p in chat.participants.values() if p.role == "AGENT")
    for number in range(3):
        stage.wait(1)
        say(stage, contact, customer, f"question {number}")
        say(stage, contact, agent, f"answer {number}")
    stage.do(c.LeaveChat(session=contact, participant=customer))
    stage.wait(5)
    stage.do(c.ClearContact(agent="a1", contact=contact))
    return contact, agent


def say(stage: Recorder, session: str, participant: str, text: str) -> str:
    answer: dict[str, str] = stage.do(
        c.SendMessage(session=session, participant=participant, content_type="text/plain", content=text)
    )
    return answer["id"]


async def test_a_contact_is_found_with_its_whole_record(database: Database) -> None:
    """REC-24, REC-26: what the table tells is what the core knew."""
    played = stage()
    contact, _ = talk(played)
    await project(database, projections(database), played.batches)
    row = await contacts.get(database, played.config.instance, contact)
    assert row is not None
    assert row == played.rows[contact]
    assert contact_record(facts_of(SITE, row)) == contact_record(played.facts(contact))
    assert (row.agent, row.queue, row.completed_at) == ("a1", "Q1", played.now)


async def test_projecting_again_changes_nothing(database: Database) -> None:
    """A commit whose answer was lost is made again."""
    played = stage()
    contact, _ = talk(played)
    written = projections(database)
    for batch in played.batches:
        await project(database, written, [batch])
    before = await contacts.get(database, played.config.instance, contact)
    await project(database, written[:2], played.batches[-2:])
    assert await contacts.get(database, played.config.instance, contact) == before


def texts(items: list[dict[str, Any]]) -> list[str]:
    return [item["Content"] for item in items if item["Type"] == "MESSAGE" and item["ParticipantRole"] != "SYSTEM"]


async def test_the_transcript_page_by_page(database: Database) -> None:
    """CHAT-68: both directions, both orders, from an id, a time or a number of messages, and on by token."""
    played = stage()
    contact, _ = talk(played)
    instance = played.config.instance
    await project(database, projections(database), played.batches)

    async def read(position: Any = None, **request: Any) -> Any:
        return await get_transcript(database, instance, contact, request, "CUSTOMER", position)

    everything = (await read(MaxResults=100, SortOrder="ASCENDING")).items
    ids = [item["Id"] for item in everything]
    assert texts(everything) == [f"{who} {n}" for n in range(3) for who in ("question", "answer")]
    newest = await read()
    assert [item["Id"] for item in newest.items] == ids[::-1][:10]
    older = await read(newest.next)
    assert [item["Id"] for item in older.items] == ids[::-1][10:20]
    page = await read(MaxResults=2, SortOrder="ASCENDING")
    seen: list[str] = []
    assert [item["Id"] for item in page.items] == ids[-2:]
    while True:
        seen = [item["Id"] for item in page.items] + seen
        if page.next is None:
            break
        page = await read(page.next, MaxResults=2)
    assert seen == ids
    middle = everything[4]
    assert [i["Id"] for i in (await read(StartPosition={"Id": middle["Id"]}, SortOrder="ASCENDING")).items] == ids[4:14]
    back = await read(StartPosition={"AbsoluteTime": middle["AbsoluteTime"]}, ScanDirection="BACKWARD", MaxResults=3)
    assert [item["Id"] for item in back.items] == [ids[4], ids[3], ids[2]]
    recent = await read(StartPosition={"MostRecent": 3}, SortOrder="ASCENDING")
    assert [item["Id"] for item in recent.items] == ids[-3:]
    assert (await read(MaxResults=0)).items == []


async def test_who_may_read_what(database: Database) -> None:
    """Items for one side only are not in the other side's transcript; another session's start is refused."""
    played = stage()
    contact, _ = talk(played)
    await project(database, projections(database), played.batches)
    instance = played.config.instance
    rows = await transcripts.of_contact(database, instance, contact)
    secret = msgspec.structs.replace(rows[0], at=START - 1, id="whisper", visibility="AGENT")
    async with database.pool.acquire() as connection:
        await transcripts.append(connection, instance, [secret])
    request = {"MaxResults": 100, "SortOrder": "ASCENDING"}
    customer = (await get_transcript(database, instance, contact, request, "CUSTOMER")).items
    agent = (await get_transcript(database, instance, contact, request, "AGENT")).items
    assert len(agent) == len(customer) + 1
    elsewhere = {"StartPosition": {"Id": new_id()}}
    for bad in (elsewhere, {"StartPosition": {"AbsoluteTime": "yesterday"}}):
        try:
            await get_transcript(database, instance, contact, bad, "CUSTOMER")
        except Exception as error:
            assert getattr(error, "code", "") == "InvalidParameterException"
        else:
            raise AssertionError("the start was accepted")


async def test_receipts_are_read_with_their_message(database: Database) -> None:
    """CHAT-95: delivered and read, once for each recipient."""
    played = stage()
    played.available("a1")
    contact, customer = played.chat()
    played.do(c.AcceptContact(agent="a1", contact=contact))
    agent = next(p.id for p in played.state.chats[contact].participants.values() if p.role == "AGENT")
    message = say(played, contact, customer, "hello")
    for seconds, kind in ((1, "delivered"), (1, "read")):
        played.wait(seconds)
        event = f"application/vnd.amazonaws.connect.event.message.{kind}"
        content = msgspec.json.encode({"messageId": message}).decode()
        played.do(c.SendEvent(session=contact, participant=agent, content_type=event, content=content))
    await project(database, projections(database), played.batches)
    page = await get_transcript(database, played.config.instance, contact, {}, "CUSTOMER")
    found = next(item for item in page.items if item["Id"] == message)
    assert found["MessageMetadata"] == {
        "MessageId": message,
        "Receipts": [
            {
                "DeliveredTimestamp": "2023-11-14T22:13:21.000Z",
                "ReadTimestamp": "2023-11-14T22:13:22.000Z",
                "RecipientParticipantId": agent,
            }
        ],
    }


async def test_a_record_is_revised_after_the_end(database: Database) -> None:
    """REC-28, REC-92: attributes and tags set later are in a newer copy of the record."""
    played = stage()
    contact, _ = talk(played)
    played.wait(60)
    played.do(c.ReviseRecord(contact=contact, attributes={"vip": "yes"}))
    played.do(c.ReviseRecord(contact=contact, tags={"Dept": "Finance"}))
    played.do(c.ReviseRecord(contact="unknown", tags={"Dept": "Finance"}))
    await project(database, [*projections(database), Revisions()], played.batches)
    async with database.pool.acquire() as connection:
        owed = [owed for _, messages in await outbox.owed(connection, 100) for owed in messages]
    copies = [msgspec.json.decode(o.payload) for o in owed if o.subject.startswith("contact-records.")]
    assert [copy["Attributes"] for copy in copies] == [{}, {"vip": "yes"}, {"vip": "yes"}]
    assert copies[2]["Tags"] == {"Dept": "Finance"}
    assert copies[0]["LastUpdateTimestamp"] < copies[1]["LastUpdateTimestamp"]
    assert len({o.id for o in owed}) == len(owed)
    told = [msgspec.json.decode(o.payload)["detail"] for o in owed if o.subject.startswith("contact-events.")][-2:]
    assert [detail["updatedProperties"] for detail in told] == [["UserDefinedAttributes"], ["Tags"]]
    assert told[1]["tags"] == {"Dept": "Finance"}
    assert await contacts.attributes(database, played.config.instance, contact) == {"vip": "yes"}


async def received(bus: Bus, subject: str) -> list[dict[str, Any]]:
    subscription = await bus.jetstream.pull_subscribe(subject, None)
    messages = await subscription.fetch(100, timeout=2)
    return [msgspec.json.decode(message.data) for message in messages]


async def test_streams_get_everything_in_order_and_once(database: Database, bus: Bus) -> None:
    """REC-01, REC-27, REC-53: contact events, agent events and the completed record reach their streams."""
    await ensure_streams(bus)
    played = stage()
    contact, _ = talk(played)
    instance = played.config.instance
    await project(database, projections(database), played.batches)
    publisher = Publisher(database, bus)
    while await publisher.work():
        pass
    assert await database.pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert await received(bus, f"contact-events.{instance}") == played.contact_stream
    assert await received(bus, f"agent-events.{instance}") == [change.event for change in played.agent_stream]
    assert await received(bus, f"contact-records.{instance}") == [contact_record(played.facts(contact))]


async def test_a_message_sent_twice_is_in_the_stream_once(database: Database, bus: Bus) -> None:
    """A publisher that dies before it could forget what it sent sends it again."""
    await ensure_streams(bus)
    played = stage()
    played.chat()
    await project(database, projections(database), played.batches)
    async with database.pool.acquire() as connection:
        rows = await outbox.owed(connection, 10)
    for _ in range(2):
        for _, messages in rows:
            for owed in messages:
                await bus.append(owed.subject, owed.payload, owed.id)
    told = await received(bus, f"contact-events.{played.config.instance}")
    assert told == played.contact_stream


async def test_snapshots_go_on_after_a_restart(database: Database, bus: Bus) -> None:
    """REC-53: another node that takes over continues from the newest snapshot."""
    played = stage()
    talk(played)
    half = len(played.batches) // 2
    await project(database, [Streams()], played.batches[:half])
    await project(database, [Streams()], played.batches[half:])
    async with database.pool.acquire() as connection:
        rows = await outbox.owed(connection, 1000)
    events = [
        msgspec.json.decode(owed.payload)
        for _, messages in rows
        for owed in messages
        if owed.subject.startswith("agent-events.")
    ]
    assert events == [change.event for change in played.agent_stream]


async def test_heartbeats(database: Database) -> None:
    """REC-53: 120 s after the newest event of an agent, until an hour after the logout."""
    played = stage()
    played.do(c.LogIn(agent="a1"))
    played.do(c.LogIn(agent="a2"))
    played.do(c.LogOut(agent="a2"))
    await project(database, [Streams()], played.batches)
    await database.pool.execute("DELETE FROM outbox")
    now = played.now

    async def beat(at: int) -> set[str]:
        await Heartbeat(SITE, database, lambda: at).work()
        async with database.pool.acquire() as connection:
            rows = await outbox.owed(connection, 10)
            await outbox.paid(connection, [row for row, _ in rows])
        events = [msgspec.json.decode(owed.payload) for _, messages in rows for owed in messages]
        assert {event["EventType"] for event in events} <= {"HEART_BEAT"}
        return {event["AgentARN"].rpartition("/")[2] for event in events}

    assert await beat(now + 119_999) == set()
    assert await beat(now + 120_000) == {"a1", "a2"}
    assert await beat(now + 130_000) == set()
    assert await beat(now + 3_600_000) == {"a1"}


async def test_the_transcript_file(database: Database, tmp_path: Path) -> None:
    """REC-28, REC-34, CHAT-79: one file a contact under its key, named in the record, which goes out once more."""
    played = stage()
    contact, agent = talk(played)
    instance = played.config.instance
    await project(database, projections(database), played.batches)
    await database.pool.execute("DELETE FROM outbox")
    objects = ObjectStore(tmp_path, b"secret")
    files = TranscriptFiles(SITE, database, objects, Catalogue(), lambda: played.now + 1_000)
    assert await files.work()
    assert not await files.work()
    key = f"connect/demo/ChatTranscripts/2023/11/14/{contact}_20231114T22:13_UTC.json"
    stored = msgspec.json.decode(await objects.get(key))
    assert stored["ContactId"] == contact
    assert stored["InitialContactId"] == contact
    assert stored["InstanceId"] == instance
    assert {"ParticipantId": agent} in stored["Participants"]
    assert texts(stored["Transcript"]) == [f"{who} {n}" for n in range(3) for who in ("question", "answer")]
    kinds = {item["ContentType"] for item in stored["Transcript"]}
    assert not any("typing" in kind or "metadata" in kind for kind in kinds)
    row = await contacts.get(database, instance, contact)
    assert row is not None
    entry = contact_record(facts_of(SITE, row))["Recordings"][0]
    assert entry["Location"] == f"switchroom/{key}"
    assert (entry["MediaStreamType"], entry["StorageType"], entry["Status"]) == ("CHAT", "S3", "AVAILABLE")
    async with database.pool.acquire() as connection:
        again = await outbox.owed(connection, 10)
    copy = msgspec.json.decode(again[0][1][0].payload)
    assert copy["LastUpdateTimestamp"] > contact_record(played.facts(contact))["LastUpdateTimestamp"]
    assert copy["Recordings"] == [entry]


async def test_a_file_that_cannot_be_written_is_tried_again(database: Database, tmp_path: Path) -> None:
    played = stage()
    talk(played)
    await project(database, projections(database), played.batches)
    blocked = tmp_path / "connect"
    blocked.write_text("a file where a directory is needed")
    objects = ObjectStore(tmp_path, b"secret")
    clock = [played.now + 1_000]
    files = TranscriptFiles(SITE, database, objects, Catalogue(), lambda: clock[0])
    try:
        await files.work()
    except Exception as error:
        assert "connect" in str(error)
    else:
        raise AssertionError("the file was written")
    assert not await files.work(), "it is not due yet"
    blocked.unlink()
    clock[0] += 3_600_000
    assert await files.work()
