"""What flows set for later: disconnect, pause and resume flows, analysis, priority, criteria; by the real decisions."""

from typing import Any

from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core.contact import Contact
from switchroom.flows.language import CompiledFlow
from tests.core.phones import Phones
from tests.core.stage import Stage, action, configuration, flow
from tests.core.test_chats import Talk
from tests.core.test_tasks import DAY, task

AGENTS = {"AnalyticsLanguage": "en-US", "ChannelConfiguration": {"Chat": {"AnalyticsModes": ["ContactLens"]}}}
ON = {"Enabled": "True", **AGENTS}
OFF = {"Enabled": "False"}


def setting(id: str, *actions: dict[str, Any]) -> CompiledFlow:
    """A flow that sets something and queues."""
    queue = action("queue", "UpdateContactTargetQueue", "go", QueueId="Q1")
    go = {
        "Identifier": "go",
        "Type": "TransferContactToQueue",
        "Parameters": {},
        "Transitions": {
            "NextAction": "end",
            "Errors": [
                {"NextAction": "end", "ErrorType": "QueueAtCapacity"},
                {"NextAction": "end", "ErrorType": "NoMatchingError"},
            ],
        },
    }
    return flow(id, [*actions, queue, go, action("end", "DisconnectParticipant")])


def hook(event: str, of: str, next: str = "queue") -> dict[str, Any]:
    return action(event, "UpdateContactEventHooks", next, EventHooks={event: of})


def recording(id: str, next: str, analytics: dict[str, Any] | None, *participants: str) -> dict[str, Any]:
    behavior = {"AnalyticsBehavior": analytics} if analytics is not None else {}
    who = {"RecordedParticipants": list(participants)}
    return action(id, "UpdateContactRecordingBehavior", next, RecordingBehavior=who, **behavior)


def marking(id: str, key: str) -> CompiledFlow:
    """A flow that leaves a mark and ends."""
    mark = action("mark", "UpdateContactAttributes", "end", Attributes={key: "ran"})
    return flow(id, [mark, action("end", "EndFlowExecution")])


def latest(stage: Stage) -> Contact:
    return max(stage.state.contacts.values(), key=lambda one: one.initiated_at)


def test_a_task_that_expires_runs_its_disconnect_flow() -> None:
    """BLK-120, BLK-119: after seven days; the flow may queue it again, and then it has a life of its own."""
    again = setting("again")
    stage = Stage(flows=[setting("main", hook("CustomerRemaining", "again")), again])
    first = task(stage, flow="main")
    stage.wait(7 * DAY)
    gone = [one for one in stage.events if isinstance(one, e.Disconnected)]
    assert [(one.contact, one.reason) for one in gone] == [(first, "EXPIRED")]
    waiting = stage.contact(gone[0].next or "")
    assert (waiting.initiation_method, waiting.place, waiting.previous_id) == ("DISCONNECT", "queue", first)
    stage.wait(6 * DAY)
    assert stage.contact(waiting.id).place == "queue"


def test_a_task_that_a_flow_ends_runs_its_disconnect_flow() -> None:
    """BLK-119: and the Disconnect of that flow ends it for good."""
    main = flow("main", [hook("CustomerRemaining", "survey", "end"), action("end", "DisconnectParticipant")])
    stage = Stage(flows=[main, marking("survey", "survey")])
    task(stage, flow="main")
    methods = [one.contact.initiation_method for one in stage.events if isinstance(one, e.ContactInitiated)]
    assert methods == ["API", "DISCONNECT"]
    marked = [one.attributes for one in stage.events if isinstance(one, e.AttributesSet)]
    assert {"survey": "ran"} in marked
    assert not [one for one in stage.state.contacts.values() if one.place != "ended"]


def test_flows_of_pause_and_resume() -> None:
    """BLK-123: they run when the task is paused and when it goes on."""
    flows = [marking("on-pause", "paused"), marking("on-resume", "resumed")]
    main = setting("main", hook("PauseContact", "on-pause", "ResumeContact"), hook("ResumeContact", "on-resume"))
    stage = Stage(flows=[main, *flows])
    contact = task(stage, flow="main")
    stage.do(c.SetStatus(agent="a1", status="available"))
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.PauseContact(contact=contact))
    assert stage.state.attributes[contact] == {"paused": "ran"}
    stage.do(c.ResumeContact(contact=contact))
    assert stage.state.attributes[contact] == {"paused": "ran", "resumed": "ran"}
    assert stage.slot("a1", contact) == "CONNECTED"


def test_a_resumed_task_out_of_queue_needs_a_queue() -> None:
    """BLK-110: paused while nobody had it, it is in no queue; its resume flow puts it back."""
    back = setting("back")
    stage = Stage(flows=[setting("main", hook("ResumeContact", "back")), setting("plain"), back])
    kept, lost = task(stage, flow="main"), task(stage, flow="plain")
    for contact in (kept, lost):
        stage.do(c.PauseContact(contact=contact))
        assert stage.contact(contact).place != "queue"
        stage.do(c.ResumeContact(contact=contact))
    assert stage.contact(kept).place == "queue"
    assert stage.contact(lost).place != "queue"


def _analytics(stage: Stage) -> Any:
    return (latest(stage).recording or {}).get("Analytics")


def test_analysis_of_a_chat_stays_on() -> None:
    """BLK-129, BLK-131: once a block has switched it on, no later block switches it off."""
    on = recording("on", "off", ON, "Agent", "Customer")
    main = setting("main", on, recording("off", "queue", OFF, "Agent", "Customer"))
    stage = Stage(flows=[main])
    Talk(stage, "main")
    assert _analytics(stage) == ON


def test_analysis_of_a_call_follows_the_last_block() -> None:
    """BLK-128, BLK-131: on a call a later block counts, and switches off what an earlier one switched on."""
    on, off = recording("on", "queue", ON, "Agent", "Customer"), recording("off", "queue", OFF, "Agent", "Customer")
    phones = Phones("main", [setting("main", on)])
    assert (phones.contact(phones.arrive()).recording or {})["Analytics"] == ON
    phones = Phones("main", [setting("main", {**on, "Transitions": {"NextAction": "off"}}, off)])
    assert (phones.contact(phones.arrive()).recording or {})["Analytics"] == OFF


def test_analysis_ends_with_a_transfer() -> None:
    """BLK-132: the next contact of the chain is analysed only if a flow says so again; who is recorded stays."""
    main = setting("main", recording("on", "queue", ON, "Agent", "Customer"))
    stage = Stage(flows=[main])
    talk = Talk(stage, "main")
    talk.agent("a1")
    before = talk.contact
    stage.do(c.TransferContact(contact=before.id, flow="to-queue", queue="Q2"))
    after = talk.contact
    assert after.id != before.id
    assert after.recording == {"Participants": ["Agent", "Customer"]}


def test_priority_of_a_waiting_contact() -> None:
    """BLK-026, BLK-028: a contact that waits already moves to its new place."""
    stage = Stage()
    first, second = task(stage), task(stage)
    stage.do(c.SetRoutingData(contact=second, priority=1))
    stage.do(c.SetStatus(agent="a1", status="available"))
    stage.do(c.AcceptContact(agent="a1", contact=second))
    assert stage.contact(first).place == "queue"


def test_a_task_over_the_quota_is_an_error() -> None:
    """BLK-055, BLK-053: the block is bound by the quota of tasks; over it, it leaves by Error and makes none."""
    make = {
        "Identifier": "make",
        "Type": "CreateTask",
        "Parameters": {"Name": "More", "ContactFlowId": "plain"},
        "Transitions": {"NextAction": "made", "Errors": [{"NextAction": "none", "ErrorType": "NoMatchingError"}]},
    }
    made = action("made", "UpdateContactAttributes", "queue", Attributes={"made": "$.Task.ContactId"})
    none = action("none", "UpdateContactAttributes", "queue", Attributes={"made": "none"})
    quotas = type(configuration().quotas)(tasks=3)
    stage = Stage(configuration(quotas=quotas), flows=[setting("main", make, made, none), setting("plain")])
    first, second = task(stage, flow="main"), task(stage, flow="main")
    assert stage.state.attributes[first]["made"] in stage.state.contacts
    assert (stage.state.attributes[second]["made"], len(stage.state.contacts)) == ("none", 3)


def test_a_whisper_is_for_one_side() -> None:
    """BLK-148: the other side hears something else, and no whisper is recorded; in a chat only one reads it."""
    on = recording("on", "queue", None, "Agent", "Customer")
    phones = Phones("main", [setting("main", on)])
    phones.available("a1")
    contact = phones.arrive()
    phones.take(contact, "a1")
    assert phones.hears(contact, "a1") == "whisper to agent"
    assert phones.hears(contact, "customer") == "you are in line"
    assert not phones.plan(phones.call(contact).id).recordings
    phones.played(contact, "a1")
    assert phones.hears(contact, "customer") == "whisper to customer"
    assert phones.hears(contact, "a1") != "whisper to customer"
    assert not phones.plan(phones.call(contact).id).recordings
    phones.played(contact, "customer")
    assert phones.hears(contact, "customer") == phones.hears(contact, "a1") == "room"
    assert len(phones.plan(phones.call(contact).id).recordings) == 1

    said = [action("say", "MessageParticipant", "end", Text="VIP"), action("end", "EndFlowExecution")]
    stage = Stage(flows=[setting("main", hook("AgentWhisper", "tell")), flow("tell", said, "AGENT_WHISPER")])
    talk = Talk(stage, "main")
    talk.agent("a1")
    whispered = next(item for item in talk.items() if item.content == "VIP")
    assert whispered.visibility == "AGENT"
    assert talk.customer not in whispered.to
