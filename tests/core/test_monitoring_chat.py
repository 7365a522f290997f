"""Supervisors and chats, through the real decisions."""

from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core import voice_commands as v
from switchroom.core.config import Configuration, VoiceSettings
from tests.core.stage import Stage, configuration

BOTH = ("SILENT_MONITOR", "BARGE")


def enhanced(**changes: Any) -> Configuration:
    return configuration(voice=VoiceSettings(enhanced_chat_monitoring=True), **changes)


class Watched(Stage):
    """A chat that a1 has, before the eyes of a2."""

    def __init__(self, config: Configuration | None = None) -> None:
        super().__init__(config or enhanced())
        self.do(c.SetStatus(agent="a1", status="available"))
        answer = self.do(c.StartChat(flow="to-queue", customer_name="Jane"))
        self.chat_id, self.customer = answer["contact"], answer["participant"]
        self.do(c.ConnectParticipant(session=self.chat_id, participant=self.customer))
        self.do(c.AcceptContact(agent="a1", contact=self.chat_id))

    def watch(self, *capabilities: Any, user: str = "a2") -> str:
        wanted = capabilities or BOTH
        answer: dict[str, str] = self.do(v.MonitorCall(contact=self.chat_id, user=user, capabilities=wanted))
        return answer["contact"]

    def desk(self, agent: str) -> dict[str, Any]:
        found: dict[str, Any] = self.do(c.AgentSnapshot(agent=agent))
        return found

    def participant(self, watching: str) -> str:
        found: dict[str, str] = self.do(c.AgentParticipant(agent="a2", contact=watching))
        return found["participant"]

    def announced(self) -> list[str]:
        items = [event.item for event in self.events if isinstance(event, e.ItemSent)]
        return [item.content_type for item in items if item.role == "SUPERVISOR"]


def test_a_supervisor_reads_unseen() -> None:
    """QUAL-116: items reach the supervisor, and nobody is told; the desk shows the monitoring (QUAL-119)."""
    stage = Watched()
    watching = stage.watch()
    contact = stage.contact(watching)
    assert (contact.initiation_method, contact.channel, contact.monitored) == ("MONITOR", "CHAT", stage.chat_id)
    shown = stage.desk("a2")["Contacts"][0]
    assert (shown["State"], shown["ContactId"], shown["CustomerName"]) == ("CONNECTED", watching, "Jane")
    assert shown["Monitoring"] == {
        "Mode": "SILENT_MONITOR",
        "Capabilities": ["SILENT_MONITOR", "BARGE"],
        "AgentName": "A1",
        "MonitoredContactId": stage.chat_id,
    }
    assert stage.announced() == []
    stage.do(
        c.SendMessage(session=stage.chat_id, participant=stage.customer, content="Hello", content_type="text/plain")
    )
    sent = stage.events[-2] if isinstance(stage.events[-2], e.ItemSent) else stage.events[-1]
    assert isinstance(sent, e.ItemSent)
    assert stage.participant(watching) in sent.item.to


def test_who_only_reads_cannot_write() -> None:
    """QUAL-116: a message is refused, typing and receipts go nowhere."""
    stage = Watched()
    own = stage.participant(stage.watch())
    with pytest.raises(ServiceError, match="Barge in"):
        stage.do(c.SendMessage(session=stage.chat_id, participant=own, content="Hello", content_type="text/plain"))
    before = len(stage.events)
    stage.do(c.SendEvent(session=stage.chat_id, participant=own, content_type=messaging.TYPING))
    assert not any(isinstance(event, e.ItemSent) for event in stage.events[before:])


def test_barging_in_and_out() -> None:
    """QUAL-123, QUAL-124: taking part is announced both ways, and recorded (REC-40)."""
    stage = Watched()
    watching = stage.watch()
    stage.wait(10)
    stage.do(v.SetMonitorMode(agent="a2", contact=watching, mode="BARGE"))
    own = stage.participant(watching)
    stage.do(c.SendMessage(session=stage.chat_id, participant=own, content="May I help?", content_type="text/plain"))
    stage.wait(5)
    stage.do(v.SetMonitorMode(agent="a2", contact=watching, mode="SILENT_MONITOR"))
    assert stage.announced() == [messaging.JOINED, "text/plain", messaging.LEFT]
    stays = stage.contact(watching).monitor_stays
    assert [stay.mode for stay in stays] == ["SILENT_MONITOR", "BARGE", "SILENT_MONITOR"]
    assert [stay.ended_at for stay in stays][:2] == [stay.started_at for stay in stays][1:]


def test_only_who_may_barges_in_and_only_one() -> None:
    """QUAL-122: by capability, one at a time."""
    stage = Watched()
    watching = stage.watch("SILENT_MONITOR")
    with pytest.raises(ServiceError, match="not among your capabilities"):
        stage.do(v.SetMonitorMode(agent="a2", contact=watching, mode="BARGE"))


def test_the_supervisor_stops() -> None:
    """QUAL-120: the conversation goes on, and there is no after contact work."""
    stage = Watched()
    watching = stage.watch()
    stage.do(c.EndContact(agent="a2", contact=watching))
    assert stage.slot("a2", watching) is None
    assert watching not in stage.state.contacts
    assert stage.slot("a1", stage.chat_id) == "CONNECTED"
    assert stage.announced() == []


def test_monitoring_ends_with_the_conversation() -> None:
    """QUAL-120: when the agent ends it, or it is handed to another."""
    stage = Watched()
    watching = stage.watch()
    stage.do(c.EndContact(agent="a1", contact=stage.chat_id))
    assert stage.slot("a2", watching) is None
    assert watching not in stage.state.contacts
    other = Watched()
    watching = other.watch()
    other.do(c.TransferAgentContact(agent="a1", contact=other.chat_id, quick_connect="to-q2"))
    assert other.slot("a2", watching) is None


def test_a_status_chosen_while_monitoring_comes_after_it() -> None:
    """ROUT-65 for supervisors."""
    stage = Watched()
    stage.do(c.SetStatus(agent="a2", status="available"))
    watching = stage.watch()
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    stage.do(c.EndContact(agent="a2", contact=watching))
    assert stage.state.agents["a2"].status == "lunch"


def test_a_dropped_connection_ends_it() -> None:
    """QUAL-120: a supervisor who is gone no longer monitors; the chat goes on."""
    stage = Watched()
    watching = stage.watch()
    stage.do(c.LoseParticipant(session=stage.chat_id, participant=stage.participant(watching)))
    assert stage.slot("a2", watching) is None
    assert stage.slot("a1", stage.chat_id) == "CONNECTED"


def refused(stage: Watched, *capabilities: str) -> ServiceError:
    with pytest.raises(ServiceError) as refusal:
        stage.do(v.MonitorCall(contact=stage.chat_id, user="a2", capabilities=capabilities))  # type: ignore[arg-type]
    return refusal.value


def test_what_permits_monitoring() -> None:
    """BLK-127, QUAL-121, QUAL-127, QUAL-133: the option with a capability, or the block set to agent and customer."""
    assert "at least SILENT_MONITOR" in refused(Watched()).message
    plain = Watched(configuration())
    assert refused(plain, "SILENT_MONITOR").message == "Monitoring failed, please enable call recording"
    assert refused(plain, *BOTH).message == "Monitoring failed, enable multi-party conference"
    plain.contact(plain.chat_id).recording = {"Participants": ["Agent", "Customer"]}
    assert plain.watch("SILENT_MONITOR")


def test_states_that_cannot_be_monitored() -> None:
    """QUAL-133: no agent yet, over, a task."""
    stage = Watched()
    stage.do(c.EndContact(agent="a1", contact=stage.chat_id))
    assert "not in a state" in refused(stage, *BOTH).message
    waiting = stage.do(c.StartChat(flow="to-queue", customer_name="Joe"))
    stage.chat_id = waiting["contact"]
    assert refused(stage, *BOTH).message == "No agent participant found on the contact"
    stage.chat_id = stage.do(c.StartTask(name="Task", flow="to-queue"))["contact"]
    assert refused(stage, *BOTH).message == "MonitorContact is not supported for TASK contacts"


def test_as_many_as_there_may_be() -> None:
    """QUAL-133: as many chats as the profile has slots, a contact once."""
    stage = Watched()
    stage.watch()
    assert refused(stage, "SILENT_MONITOR").code == "ServiceQuotaExceededException"
