"""Records, contact events, the agent stream and metrics of calls, by driving the real core."""

import itertools
from pathlib import Path
from typing import Any

import msgspec

from switchroom.base.ids import new_id
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts, outbox
from switchroom.storage import journal as table
from switchroom.storage.postgres import Database
from switchroom.views.contacts import ContactRows
from switchroom.views.describe import describe_contact
from switchroom.views.facts import facts_of
from switchroom.views.realtime import Board, Moment
from switchroom.views.recordings import RecordingRows, awaited, mark_deleted
from switchroom.views.records import abandoned, contact_record
from switchroom.views.streams import Streams
from switchroom.views.timeline import timeline
from tests.core.phones import CALLER, NUMBER, Phones
from tests.core.stage import SITE, action, flow
from tests.views.recorder import Recorder, project

OUTSIDE = "+12065550199"
QUALITY = {"score": 4.2, "issues": []}


class Recorded(Phones, Recorder):
    """Telephones whose turns are kept as batches."""

    def record(self, contact: str) -> dict[str, Any]:
        return contact_record(self.facts(contact))

    def states(self, agent: str, contact: str) -> list[str]:
        """The states of a contact in the agent's stream, one after the other."""
        found = [
            entry["State"]
            for change in self.agent_stream
            if change.agent == agent
            for entry in change.event["CurrentAgentSnapshot"]["Contacts"]
            if entry["ContactId"] == contact
        ]
        return [state for state, _ in itertools.groupby(found)]

    def board(self) -> Board:
        return Board(msgspec.convert(self.do(c.RealTimeView()), Moment))

    def finished(self, contact: str, agent: str = "a1") -> None:
        self.do(c.ClearContact(agent=agent, contact=contact))

    def slots(self, agent: str) -> Any:
        return next(one for one in self.board().moment.agents if one.user == agent).slots


def test_the_record_of_a_call() -> None:
    """REC-31, REC-32, REC-44: endpoints, hold times, who hung up."""
    phones = Recorded()
    phones.available("a1")
    contact = phones.arrive()
    phones.wait(4)
    phones.take(contact, "a1")
    phones.hear_out()
    phones.wait(30)
    for seconds in (10, 20):
        phones.do(vc.HoldLeg(agent="a1", contact=contact))
        phones.wait(seconds)
        phones.do(vc.ResumeLeg(agent="a1", contact=contact))
    phones.wait(30)
    phones.hang_up(contact)
    phones.wait(7)
    phones.finished(contact)
    made = phones.record(contact)
    assert (made["Channel"], made["InitiationMethod"]) == ("VOICE", "INBOUND")
    assert made["CustomerEndpoint"] == {"Address": CALLER, "Type": "TELEPHONE_NUMBER"}
    assert made["SystemEndpoint"] == {"Address": NUMBER, "Type": "TELEPHONE_NUMBER"}
    assert made["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert made["ConnectedToSystemTimestamp"] == made["InitiationTimestamp"]
    assert made["Queue"]["Duration"] == 4
    agent = made["Agent"]
    assert agent["AgentInteractionDuration"] == 60
    assert (agent["NumberOfHolds"], agent["CustomerHoldDuration"], agent["LongestHoldDuration"]) == (2, 30, 20)
    assert agent["AfterContactWorkDuration"] == 7
    assert made["MediaStreams"] == [{"Type": "AUDIO"}]
    assert made["SegmentAttributes"]["connect:Subtype"] == {"ValueString": "connect:Telephony"}
    assert made["Tags"]["aws:connect:systemEndpoint"] == NUMBER


def test_a_caller_who_gave_up() -> None:
    """REC-47: abandoned, without an agent or a recording."""
    phones = Recorded()
    contact = phones.arrive()
    phones.wait(15)
    phones.hang_up(contact)
    made = phones.record(contact)
    assert (made["Agent"], made["Recording"], made["DisconnectReason"]) == (None, None, "CUSTOMER_DISCONNECT")
    assert abandoned(phones.facts(contact).contact)


def test_quality_of_both_sides() -> None:
    """REC-37: scores and issues by participant; the agent's browser counts where it is worse."""
    phones = Recorded()
    contact = phones.connected()
    call = phones.call(contact).id
    lossy = {"score": 2.5, "issues": ["HighPacketLoss"]}
    phones.do(vc.ReportQuality(agent="a1", contact=contact, quality=lossy))
    phones.do(vc.LegGone(call=call, leg=phones.leg(contact, "customer"), cause="hangup", quality=QUALITY))
    assert phones.facts(contact).contact.qualities["Browser"] == lossy
    metrics = phones.record(contact)["QualityMetrics"]
    assert metrics["Agent"]["Audio"] == {"QualityScore": 2.5, "PotentialQualityIssues": ["HighPacketLoss"]}
    assert metrics["Customer"]["Audio"] == {"QualityScore": 4.2, "PotentialQualityIssues": []}
    assert describe_contact(phones.facts(contact))["QualityMetrics"] == metrics


def test_the_agents_device_and_a_connection_that_broke() -> None:
    """REC-37, REC-38: what the agent spoke from; that the browser was gone when the call ended."""
    phones = Recorded()
    contact = phones.connected()
    chrome = {"PlatformName": "Chrome", "PlatformVersion": "140.0", "OperatingSystem": "Linux"}
    phones.do(vc.JoinCall(contact=contact, agent="a1", device=chrome))
    assert phones.record(contact)["DisconnectDetails"] is None
    phones.do(vc.LegLost(call=phones.call(contact).id, leg=phones.leg(contact, "a1")))
    phones.hang_up(contact)
    made = phones.record(contact)
    assert made["Agent"]["DeviceInfo"] == chrome
    assert made["DisconnectDetails"] == {"PotentialDisconnectIssue": "AGENT_CONNECTIVITY_ISSUE"}
    described = describe_contact(phones.facts(contact))
    assert described["AgentInfo"]["DeviceInfo"] == chrome
    assert described["DisconnectDetails"] == made["DisconnectDetails"]


def test_a_third_party_stays_when_the_agent_leaves() -> None:
    """REC-39, REC-43: how long outsiders were on, and where the contact went."""
    phones = Recorded()
    contact = phones.connected()
    phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number=OUTSIDE))
    third = phones.leg(contact, "third")
    phones.answer(contact, third)
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    phones.wait(20)
    phones.do(c.EndContact(agent="a1", contact=contact))
    left = phones.now
    phones.wait(25)
    phones.do(vc.LegGone(call=phones.call(contact).id, leg=third, cause="hangup"))
    phones.finished(contact)
    made = phones.record(contact)
    assert made["TransferredToEndpoint"] == {"Address": OUTSIDE, "Type": "TELEPHONE_NUMBER"}
    assert made["TransferCompletedTimestamp"] is not None
    assert phones.facts(contact).contact.transferred_at == left
    assert made["ExternalThirdParty"] == {"ExternalThirdPartyInteractionDuration": 45}


def test_states_of_a_call_in_the_agent_stream() -> None:
    """REC-52: connecting, connected, on hold, connected, ended; missed also when it was rejected."""
    phones = Recorded()
    contact = phones.connected()
    phones.do(vc.HoldLeg(agent="a1", contact=contact))
    phones.do(vc.ResumeLeg(agent="a1", contact=contact))
    phones.hang_up(contact)
    assert phones.states("a1", contact) == ["CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "CONNECTED", "ENDED"]
    phones.finished(contact)
    assert phones.agent_stream[-1].event["CurrentAgentSnapshot"]["Contacts"] == []
    rejected = phones.arrive()
    phones.do(c.RejectContact(agent="a1", contact=rejected))
    assert phones.states("a1", rejected) == ["CONNECTING", "MISSED"]


def test_states_of_an_outbound_call() -> None:
    """REC-15, REC-52: it takes a slot while it rings; a number that is busy is an error to clear."""
    phones = Recorded()
    contact = phones.do(vc.DialCall(agent="a1", number=OUTSIDE))["contact"]
    phones.answer(contact, phones.leg(contact, "a1"))
    phones.hear_out()
    entry = phones.agent_stream[-1].event["CurrentAgentSnapshot"]["Contacts"][0]
    assert (entry["State"], entry["InitiationMethod"]) == ("CONNECTING", "OUTBOUND")
    concurrency = phones.agent_stream[-1].event["CurrentAgentSnapshot"]["Configuration"]["RoutingProfile"]
    voice = next(one for one in concurrency["Concurrency"] if one["Channel"] == "VOICE")
    assert (voice["AvailableSlots"], voice["MaximumSlots"]) == (0, 1)
    phones.hang_up(contact, cause="busy")
    assert phones.states("a1", contact) == ["CONNECTING", "ERROR"]
    assert all("queueInfo" not in detail for detail in phones.told(contact))
    assert [detail["eventType"] for detail in phones.told(contact)] == ["INITIATED", "DISCONNECTED"]


def callback_entry(delay: int = 0) -> Any:
    parameters: dict[str, Any] = {
        "InitialCallDelaySeconds": delay,
        "RetryDelaySeconds": 60,
        "MaximumConnectionAttempts": 2,
        "QueueId": "Q1",
    }
    ask = action("ask", "CreateCallbackContact", "bye", **parameters)
    return flow("entry", [ask, action("bye", "DisconnectParticipant")])


def test_a_callback_in_record_stream_and_metrics() -> None:
    """REC-56, REC-58, FLOW-95: scheduled, in queue, incoming, pending, connecting, connected; both records linked."""
    phones = Recorded("entry", [callback_entry(delay=99)])
    original = phones.arrive()
    callback = next(iter(phones.state.contacts))

    def counts() -> tuple[int, int]:
        row = phones.board().rows(["Q1"], [], ["VOICE"], ["QUEUE"])[0]
        return row.size, row.scheduled

    assert counts() == (0, 1)
    phones.wait(99)
    assert counts() == (1, 0)
    phones.wait(21)
    phones.available("a1")
    assert counts() == (0, 0)
    assert phones.slots("a1")[0].method == "CALLBACK"
    phones.do(c.AcceptContact(agent="a1", contact=callback))
    phones.answer(callback, phones.leg(callback, "a1"))
    phones.wait(10)
    phones.hear_out()
    phones.answer(callback, phones.leg(callback, "customer"))
    phones.wait(15)
    phones.hear_out()
    phones.wait(300)
    phones.hang_up(callback)
    phones.finished(callback)
    assert phones.states("a1", callback) == ["INCOMING", "PENDING", "CONNECTING", "CONNECTED", "ENDED"]
    first, second = phones.record(original), phones.record(callback)
    assert (first["NextContactId"], second["PreviousContactId"]) == (callback, original)
    assert not abandoned(phones.facts(original).contact)
    assert (second["InitiationMethod"], second["Queue"]["Duration"]) == ("CALLBACK", 21)
    whole = {
        name: second[name] for name in ("InitiationTimestamp", "ConnectedToSystemTimestamp", "DisconnectTimestamp")
    }
    assert whole == {
        "InitiationTimestamp": "2023-11-14T22:13:20Z",
        "ConnectedToSystemTimestamp": "2023-11-14T22:15:30Z",
        "DisconnectTimestamp": "2023-11-14T22:20:45Z",
    }
    assert second["Agent"]["ConnectedToAgentTimestamp"] == "2023-11-14T22:15:45Z"


def test_a_supervisors_record() -> None:
    """QUAL-130, REC-40, QUAL-126: a MONITOR record with its states; metrics show monitoring and barged."""
    phones = Recorded(enhanced_voice_monitoring=True)
    contact = phones.connected()
    phones.available("s1")
    asked = vc.MonitorCall(contact=contact, user="s1", capabilities=("SILENT_MONITOR", "BARGE"))
    watching = phones.do(asked)["contact"]
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.wait(10)
    assert phones.slots("s1")[0].monitoring
    assert not phones.slots("a1")[0].barged
    row = phones.board().rows(["Q1"], [], ["VOICE"], ["QUEUE"])[0]
    assert (row.agents.on_contact, row.agents.active) == (1, 1)
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))
    assert phones.slots("a1")[0].barged
    phones.wait(5)
    phones.do(c.EndContact(agent="s1", contact=watching))
    assert not phones.slots("a1")[0].barged
    made = phones.record(watching)
    assert (made["InitiationMethod"], made["Queue"]) == ("MONITOR", None)
    assert made["Agent"]["StateTransitions"] == [
        {
            "state": "SILENT_MONITOR",
            "stateStartTimestamp": "2023-11-14T22:13:20Z",
            "stateEndTimestamp": "2023-11-14T22:13:30Z",
        },
        {"state": "BARGE", "stateStartTimestamp": "2023-11-14T22:13:30Z", "stateEndTimestamp": "2023-11-14T22:13:35Z"},
    ]
    assert phones.states("s1", watching) == ["CONNECTING", "CONNECTED"]


# ------------------------------------------------------------------ on a real database


def recorded_call(phones: Recorded) -> tuple[str, str]:
    """A recorded call that is over, its agent in after contact work: (contact, key of the file)."""
    contact = phones.connected()
    phones.do(vc.ChangeRecording(contact=contact, action="start"))
    key = phones.call(contact).recordings[contact].key
    phones.wait(60)
    phones.hang_up(contact)
    return contact, key


def stored(contact: str, key: str, phones: Recorded) -> vc.RecordingStored:
    return vc.RecordingStored(
        contact=contact,
        key=key,
        started_at=phones.now - 60_000,
        stopped_at=phones.now,
        participants=("Agent", "Customer"),
    )


async def owed(database: Database) -> list[dict[str, Any]]:
    """Contact records that are to be sent, oldest first."""
    async with database.pool.acquire() as connection:
        rows = await outbox.owed(connection, 1_000)
    messages = [message for _, found in rows for message in found]
    return [msgspec.json.decode(one.payload) for one in messages if one.subject.startswith("contact-records")]


async def test_a_recording_is_in_the_record_when_the_work_is_done(database: Database) -> None:
    """REC-34, FLOW-90: stored right after the call, on the record once after contact work is over."""
    phones = Recorded()
    phones.config.instance = new_id()
    contact, key = recorded_call(phones)
    phones.do(stored(contact, key, phones))
    phones.wait(5)
    phones.finished(contact)
    await project(database, [ContactRows(), RecordingRows(Catalogue()), Streams()], phones.batches)
    (record,) = [one for one in await owed(database) if one["ContactId"] == contact]
    (entry,) = record["Recordings"]
    assert entry["Location"] == f"switchroom/{key}"
    assert (entry["MediaStreamType"], entry["StorageType"], entry["Status"]) == ("AUDIO", "S3", "AVAILABLE")
    assert (entry["ParticipantType"], entry["StopTimestamp"]) == ("ALL", "2023-11-14T22:14:20Z")
    assert record["Recording"] == {
        "Type": "AUDIO",
        "Location": f"switchroom/{key}",
        "Status": "AVAILABLE",
        "DeletionReason": None,
    }


async def test_a_file_that_comes_late_lets_the_record_go_out_again(database: Database) -> None:
    """REC-28, REC-34."""
    phones = Recorded()
    phones.config.instance = new_id()
    contact, key = recorded_call(phones)
    phones.finished(contact)
    phones.wait(30)
    phones.do(stored(contact, key, phones))
    await project(database, [ContactRows(), RecordingRows(Catalogue()), Streams()], phones.batches)
    first, second = [one for one in await owed(database) if one["ContactId"] == contact]
    assert (first["Recording"], second["Recording"]["Status"]) == (None, "AVAILABLE")
    assert second["LastUpdateTimestamp"] > first["LastUpdateTimestamp"]


async def test_a_deleted_recording_stays_in_the_record(database: Database) -> None:
    """QUAL-140: status and reason; exported again."""
    phones = Recorded()
    instance = phones.config.instance = new_id()
    contact, key = recorded_call(phones)
    phones.do(stored(contact, key, phones))
    phones.finished(contact)
    await project(database, [ContactRows(), RecordingRows(Catalogue()), Streams()], phones.batches)
    await mark_deleted(database, SITE, instance, contact, f"switchroom/{key}", "By request", phones.now + 1_000)
    row = await contacts.get(database, instance, contact)
    assert row is not None
    assert contact_record(facts_of(SITE, row))["Recording"]["Status"] == "DELETED"
    record = [one for one in await owed(database) if one["ContactId"] == contact][-1]
    assert record["Recording"]["DeletionReason"] == "By request"
    assert describe_contact(facts_of(SITE, row))["Recordings"][0]["Status"] == "DELETED"


async def test_what_happened_on_a_call(database: Database, tmp_path: Path) -> None:
    """REC-45: the timeline has holds, parties and recordings; a recording that is not stored yet is awaited."""
    phones = Recorded()
    instance = phones.config.instance = new_id()
    contact, key = recorded_call(phones)
    await journal(database, phones)
    assert await awaited(database, instance, contact)
    phones.batches.clear()
    phones.do(stored(contact, key, phones))
    await journal(database, phones)
    assert not await awaited(database, instance, contact)
    entries, _ = await timeline(database, instance, contact, 0, 100)
    kinds = [entry["Type"] for entry in entries]
    assert kinds[:2] == ["INITIATED", "CONNECTED_TO_SYSTEM"]
    assert kinds[-1] == "RECORDING_STORED"
    assert "RECORDING_STARTED" in kinds
    assert "PARTY_CALLED" not in kinds


async def journal(database: Database, phones: Recorded) -> None:
    """Append the batches to the journal as the centre does."""
    rows = [_row(seq, event) for batch in phones.batches for seq, event in batch.events]
    async with database.pool.acquire() as connection, connection.transaction():
        await table.append(connection, phones.config.instance, rows)


def _row(seq: int, event: e.Event) -> table.Row:
    body = msgspec.json.encode(event).decode()
    return seq, event.at, type(event).__name__, e.contact_of(event), e.agent_of(event), body
