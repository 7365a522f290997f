"""Calls on the pure core: who is connected to whom, what each hears, and what the records will say."""

from typing import Any

import pytest
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.config import UserSettings
from switchroom.core.evolve import Fold
from switchroom.core.media import SendPlan
from switchroom.core.state import State
from switchroom.flows.language import CompiledFlow
from tests.core.phones import CALLER, NUMBER, Phones
from tests.core.stage import action, end_flow, flow


def test_a_call_enters_the_flow_of_its_number() -> None:
    """NUM-07: answered, with both numbers; the customer hears the queue flow."""
    phones = Phones()
    contact = phones.contact(phones.arrive())
    assert (contact.initiation_method, contact.place) == ("INBOUND", "queue")
    assert contact.customer_endpoint is not None and contact.customer_endpoint.address == CALLER
    assert contact.system_endpoint is not None and contact.system_endpoint.address == NUMBER
    assert phones.planned(contact.id, "customer").answer
    assert phones.hears(contact.id, "customer") == "you are in line"


@pytest.mark.parametrize(
    ("number", "voice", "code"),
    [
        ("+15550199", {}, "ResourceNotFoundException"),
        (NUMBER, {"inbound": False}, "InvalidRequestException"),
    ],
)
def test_calls_that_lead_nowhere_are_refused(number: str, voice: dict[str, Any], code: str) -> None:
    """NUM-08, NUM-44."""
    phones = Phones(**voice)
    with pytest.raises(ServiceError) as refused:
        phones.arrive(number)
    assert refused.value.code == code and not phones.state.contacts


def test_the_same_report_twice_changes_nothing() -> None:
    """Reports are delivered at least once."""
    phones = Phones()
    first = phones.do(vc.CallArrived(media="m1", leg="x", number=NUMBER, caller=CALLER))
    assert phones.do(vc.CallArrived(media="m1", leg="x", number=NUMBER, caller=CALLER)) == first
    assert len(phones.state.contacts) == 1


def test_whispers_come_in_their_order() -> None:
    """BLK-146, FLOW-14, DESK-35: agent whisper while the customer waits, then the customer's, then both are joined."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    assert phones.slot("a1", contact) == "INCOMING"
    phones.do(c.AcceptContact(agent="a1", contact=contact))
    assert phones.slot("a1", contact) == "CONNECTING" and phones.contact(contact).place == "queue"
    phones.answer(contact, phones.leg(contact, "a1"))
    assert phones.hears(contact, "a1") == "whisper to agent"
    assert phones.hears(contact, "customer") == "you are in line"
    phones.played(contact, "a1")
    assert phones.contact(contact).place == "agent"
    assert (phones.hears(contact, "a1"), phones.hears(contact, "customer")) == ("silence", "whisper to customer")
    assert phones.contact(contact).agent.connected_at is None  # type: ignore[union-attr]
    phones.played(contact, "customer")
    assert (phones.hears(contact, "a1"), phones.hears(contact, "customer")) == ("room", "room")
    assert phones.slot("a1", contact) == "CONNECTED"


def test_a_call_is_accepted_by_itself() -> None:
    """ROUT-69: auto-accept on a softphone; the browser is expected at once."""
    phones = Phones()
    phones.config.users["a1"] = _changed(phones, "a1", auto_accept=True)
    phones.available("a1")
    contact = phones.arrive()
    assert phones.slot("a1", contact) == "CONNECTING"
    assert phones.planned(contact, "a1").browser


def _changed(phones: Phones, user: str, **changes: Any) -> UserSettings:
    return replace(phones.config.users[user], **changes)


def test_a_missed_call_goes_to_the_next_agent() -> None:
    """DESK-36, DESK-37: the caller stays in line; who missed it gets no other until it is cleared."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    phones.wait(20)
    assert phones.slot("a1", contact) == "MISSED"
    assert phones.hears(contact, "customer") == "you are in line"
    phones.available("a2")
    assert phones.slot("a2", contact) == "INCOMING"


def test_a_browser_that_brings_no_media_gives_the_call_back() -> None:
    """The contact is offered to another (DESK-164)."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    phones.do(c.AcceptContact(agent="a1", contact=contact))
    phones.wait(20)
    assert phones.slot("a1", contact) == "MISSED" and phones.contact(contact).place == "queue"
    assert [leg.kind for leg in phones.call(contact).legs.values()] == ["CUSTOMER"]


@pytest.mark.parametrize("how", ["ends", "too long"])
def test_an_agent_gone_during_the_whisper_leaves_the_customer_queued(how: str) -> None:
    """BLK-146, BLK-147."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    phones.take(contact, "a1")
    if how == "ends":
        phones.do(c.EndContact(agent="a1", contact=contact))
    else:
        phones.wait(121)
    assert phones.contact(contact).place == "queue" and phones.slot("a1", contact) == "MISSED"
    assert phones.hears(contact, "customer") == "you are in line"
    assert [leg.kind for leg in phones.call(contact).legs.values()] == ["CUSTOMER"]


def test_a_customer_whisper_that_lasts_too_long_ends_the_contact() -> None:
    """BLK-147."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    phones.take(contact, "a1")
    phones.played(contact, "a1")
    phones.wait(121)
    assert phones.contact(contact).place == "ended" and phones.slot("a1", contact) == "ENDED"


def test_a_caller_who_hangs_up_in_queue_is_abandoned() -> None:
    """REC-32, REC-47."""
    phones = Phones()
    contact = phones.arrive()
    call = phones.call(contact).id
    phones.hang_up(contact)
    ended = [event for event in phones.events if isinstance(event, e.Disconnected)]
    assert [(event.contact, event.reason) for event in ended] == [(contact, "CUSTOMER_DISCONNECT")]
    assert not phones.state.contacts and not phones.state.calls
    assert phones.plan(call).legs == ()


def test_a_caller_gone_during_the_agent_whisper_frees_the_agent() -> None:
    """The offer is void, the agent's leg is hung up."""
    phones = Phones()
    phones.available("a1")
    contact = phones.arrive()
    phones.take(contact, "a1")
    phones.hang_up(contact)
    assert phones.slot("a1", contact) is None and not phones.state.calls


@pytest.mark.parametrize("who", ["customer", "a1"])
def test_either_side_hangs_up(who: str) -> None:
    """DESK-44: after contact work; the reason says who it was (REC-32)."""
    phones = Phones()
    contact = phones.connected()
    if who == "a1":
        phones.do(c.EndContact(agent="a1", contact=contact))
    else:
        phones.hang_up(contact)
    reason = {"customer": "CUSTOMER_DISCONNECT", "a1": "AGENT_DISCONNECT"}[who]
    assert phones.contact(contact).disconnect_reason == reason
    assert phones.slot("a1", contact) == "ENDED" and not phones.state.calls
    phones.do(c.ClearContact(agent="a1", contact=contact))
    assert not phones.state.contacts


def test_a_disconnect_flow_keeps_the_customer() -> None:
    """BASE-63: after the agent has left, the customer hears the flow set for it; hanging up runs none."""
    survey = flow(
        "survey",
        [action("ask", "MessageParticipant", "end", Text="how was it"), action("end", "DisconnectParticipant")],
    )
    entry = flow(
        "entry",
        [
            action("hook", "UpdateContactEventHooks", "to", EventHooks={"CustomerRemaining": "survey"}),
            action("to", "TransferToFlow", "to", ContactFlowId="to-queue"),
        ],
    )
    phones = Phones("entry", [survey, entry])
    contact = phones.connected()
    phones.do(c.EndContact(agent="a1", contact=contact))
    after = phones.contact(contact).next_id
    assert after is not None and phones.contact(after).initiation_method == "DISCONNECT"
    assert phones.hears(after, "customer") == "how was it"
    phones.hear_out()
    assert after not in phones.state.contacts and not phones.state.calls
    contact = phones.connected(agent="a2")
    phones.hang_up(contact)
    assert phones.contact(contact).next_id is None


def test_hold_and_resume() -> None:
    """DESK-41, REC-31: hold flows, CONNECTED_ONHOLD, and the sums of the record."""
    phones = Phones()
    contact = phones.connected()
    phones.do(vc.HoldLeg(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == "held customer" and phones.planned(contact, "customer").patient
    assert phones.slot("a1", contact) == "CONNECTED_ONHOLD"
    phones.wait(10)
    phones.do(vc.ResumeLeg(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == "room" and phones.slot("a1", contact) == "CONNECTED"
    phones.do(vc.HoldLeg(agent="a1", contact=contact))
    phones.wait(5)
    phones.do(c.EndContact(agent="a1", contact=contact))
    stay = phones.contact(contact).agent
    assert stay is not None and (stay.holds, stay.hold_ms, stay.longest_hold_ms) == (2, 15_000, 10_000)


def test_mute_and_keys() -> None:
    """DESK-42, DESK-43."""
    phones = Phones()
    contact = phones.connected()
    phones.do(vc.MuteLeg(agent="a1", contact=contact, muted=True))
    assert phones.planned(contact, "a1").mute
    phones.do(vc.SendDigits(agent="a1", contact=contact, digits="12#"))
    phones.do(vc.SendDigits(agent="a1", contact=contact, digits="5"))
    assert phones.planned(contact, "customer").digits == (4, "12#5")
    with pytest.raises(ServiceError):
        phones.do(vc.SendDigits(agent="a1", contact=contact, digits="hello"))


# ------------------------------------------------------------------ calls that we place


def test_an_agent_dials() -> None:
    """DESK-46, NUM-54, NUM-55, table I1: agent first, ringing, outbound whisper, joined."""
    phones = Phones()
    contact = phones.do(vc.DialCall(agent="a1", number="(206) 555-0142"))["contact"]
    assert phones.slot("a1", contact) == "CONNECTING" and len(phones.call(contact).legs) == 1
    phones.answer(contact, phones.leg(contact, "a1"))
    dial = phones.planned(contact, "customer").dial
    assert dial is not None
    assert (dial.number, dial.caller_id, dial.caller_name) == ("+12065550142", NUMBER, "Support")
    assert phones.hears(contact, "a1") == "ringback"
    phones.answer(contact, phones.leg(contact, "customer"))
    assert phones.hears(contact, "customer") == "whisper to called"
    phones.hear_out()
    assert phones.hears(contact, "customer") == phones.hears(contact, "a1") == "room"
    found = phones.contact(contact)
    assert found.connected_to_system_at is not None and phones.slot("a1", contact) == "CONNECTED"


def test_early_media_is_heard() -> None:
    """NUM-64, DESK-51: where the instance has it on."""
    for on, heard in ((True, "room"), (False, "ringback")):
        phones = Phones(early_media=on)
        contact = phones.do(vc.DialCall(agent="a1", number="+12065550142"))["contact"]
        phones.answer(contact, phones.leg(contact, "a1"))
        customer = phones.leg(contact, "customer")
        phones.do(vc.LegRinging(call=phones.call(contact).id, leg=customer, early=True))
        assert phones.hears(contact, "a1") == heard


@pytest.mark.parametrize(
    ("number", "voice", "code"),
    [
        ("+4915112345678", {}, "DestinationNotAllowedException"),
        ("+447700900123", {}, "DestinationNotAllowedException"),
        ("+80012345678", {}, "DestinationNotAllowedException"),
        ("+12065550142", {"outbound": False}, "OutboundContactNotPermittedException"),
        ("hello", {}, "InvalidParameterException"),
    ],
)
def test_calls_that_may_not_be_placed(number: str, voice: dict[str, Any], code: str) -> None:
    """NUM-50, NUM-52, NUM-53, NUM-60."""
    phones = Phones(**voice)
    with pytest.raises(ServiceError) as refused:
        phones.do(vc.DialCall(agent="a1", number=number))
    assert refused.value.code == code and not phones.state.contacts


def test_a_busy_line_is_shown_and_cleared() -> None:
    """DESK-52, DESK-176."""
    phones = Phones()
    contact = phones.do(vc.DialCall(agent="a1", number="+12065550142"))["contact"]
    phones.answer(contact, phones.leg(contact, "a1"))
    phones.hang_up(contact, cause="busy")
    slot = phones.state.slot("a1", contact)
    assert slot is not None and (slot.state, slot.error) == ("ERROR", "LineEngagedCustomer")
    phones.do(c.ClearContact(agent="a1", contact=contact))
    assert not phones.state.contacts and not phones.state.calls


def test_a_call_by_api_runs_its_flow_when_answered() -> None:
    """NUM-71: `StartOutboundVoiceContact`."""
    phones = Phones()
    asked = vc.StartOutboundCall(flow="to-queue", number="+12065550142", queue="Q1", attributes={"a": "b"}, token="t")
    contact = phones.do(asked)["contact"]
    assert phones.do(asked)["contact"] == contact
    assert phones.contact(contact).place == "created"
    phones.answer(contact, phones.leg(contact, "customer"))
    assert phones.contact(contact).place == "queue" and phones.hears(contact, "customer") == "you are in line"


def test_a_flow_transfers_to_a_number_and_goes_on() -> None:
    """FLOW-81, BLK-167: the customer hears ringing, then the other; success when the other hangs up."""
    parameters: dict[str, Any] = {
        "ThirdPartyPhoneNumber": "+12065550199",
        "ThirdPartyConnectionTimeLimitSeconds": "15",
        "ContinueFlowExecution": "True",
        "ThirdPartyDTMFDigits": "12,3",
    }
    out = action("out", "TransferParticipantToThirdParty", "thanks", **parameters)
    out["Transitions"]["Errors"] = [
        {"NextAction": "late", "ErrorType": "ConnectionTimeLimitExceeded"},
        {"NextAction": "failed", "ErrorType": "CallFailed"},
        {"NextAction": "failed", "ErrorType": "NoMatchingError"},
    ]
    says = [action(word, "MessageParticipant", "end", Text=word) for word in ("thanks", "late", "failed")]
    entry = flow("entry", [out, *says, action("end", "DisconnectParticipant")])
    for cause, word in (("hangup", "thanks"), ("no_answer", "late"), ("busy", "failed")):
        phones = Phones("entry", [entry])
        contact = phones.arrive()
        third = phones.planned(contact, "third")
        assert third.dial is not None and (third.dial.caller_id, third.dial.timeout) == (CALLER, 15)
        assert phones.hears(contact, "customer") == "ringback"
        if cause == "hangup":
            phones.answer(contact, phones.leg(contact, "third"))
            assert phones.planned(contact, "third").digits == (4, "12,3")
            assert phones.hears(contact, "customer") == phones.hears(contact, "third") == "room"
        phones.hang_up(contact, "third", cause)
        assert phones.hears(contact, "customer") == word


def test_a_caller_who_leaves_ends_the_transfer() -> None:
    """BLK-167: the customer hangs up, everything ends."""
    out = action("out", "TransferParticipantToThirdParty", "end", ThirdPartyPhoneNumber="+12065550199")
    phones = Phones("entry", [flow("entry", [out, action("end", "DisconnectParticipant")])])
    contact = phones.arrive()
    phones.answer(contact, phones.leg(contact, "third"))
    phones.hang_up(contact)
    assert not phones.state.calls and not phones.state.contacts


def test_keys_choose_the_branch() -> None:
    """BLK-068: a menu by keys, with its timeout."""
    menu = action("menu", "GetParticipantInput", "end", Text="press one", InputTimeLimitSeconds="5", StoreInput="False")
    condition = {"NextAction": "one", "Condition": {"Operator": "Equals", "Operands": ["1"]}}
    kinds = ("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError")
    menu["Transitions"] = {
        "NextAction": "end",
        "Conditions": [condition],
        "Errors": [{"NextAction": "end", "ErrorType": kind} for kind in kinds],
    }
    one = action("one", "MessageParticipant", "end", Text="you pressed one")
    phones = Phones("entry", [flow("entry", [menu, one, action("end", "DisconnectParticipant")])])
    contact = phones.arrive()
    assert phones.hears(contact, "customer") == "press one"
    phones.press(contact, "1")
    assert phones.hears(contact, "customer") == "you pressed one"


# ------------------------------------------------------------------ recording and supervision


def _recorded() -> list[CompiledFlow]:
    behaviour = {"RecordedParticipants": ["Agent", "Customer"]}
    record = action("record", "UpdateContactRecordingBehavior", "to", RecordingBehavior=behaviour)
    return [flow("entry", [record, action("to", "TransferToFlow", "to", ContactFlowId="to-queue")])]


def test_only_the_agents_time_is_recorded() -> None:
    """FLOW-86, FLOW-87, FLOW-88, table R1: from the join to the agent's end; agent right, everybody else left."""
    phones = Phones("entry", _recorded())
    phones.available("a1")
    contact = phones.arrive()
    phones.take(contact, "a1")
    assert phones.plan(phones.call(contact).id).recordings == ()
    phones.hear_out()
    (recording,) = phones.plan(phones.call(contact).id).recordings
    assert recording.right == (phones.leg(contact, "a1"),) and recording.left == (phones.leg(contact, "customer"),)
    assert recording.key.startswith("connect/demo/CallRecordings/2023/11/14/") and contact in recording.key
    phones.do(vc.ChangeRecording(contact=contact, action="suspend"))
    assert phones.plan(phones.call(contact).id).recordings[0].suspended
    phones.do(vc.ChangeRecording(contact=contact, action="resume"))
    assert not phones.plan(phones.call(contact).id).recordings[0].suspended
    phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number="+12065550199"))
    phones.answer(contact, phones.leg(contact, "third"))
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.plan(phones.call(contact).id).recordings == ()


def test_recording_by_api() -> None:
    """`StartContactRecording` and the rest: only with an agent, and never again after a stop."""
    phones = Phones()
    waiting = phones.arrive()
    with pytest.raises(ServiceError):
        phones.do(vc.ChangeRecording(contact=waiting, action="start"))
    phones.hang_up(waiting)
    contact = phones.connected()
    phones.do(vc.ChangeRecording(contact=contact, action="start"))
    assert len(phones.plan(phones.call(contact).id).recordings) == 1
    phones.do(vc.ChangeRecording(contact=contact, action="stop"))
    assert phones.plan(phones.call(contact).id).recordings == ()
    with pytest.raises(ServiceError):
        phones.do(vc.ChangeRecording(contact=contact, action="start"))


def test_a_supervisor_listens_and_barges_in() -> None:
    """QUAL-128, QUAL-124, QUAL-130: silent first; heard by all after barging; one's own record."""
    phones = Phones(enhanced_voice_monitoring=True)
    contact = phones.connected()
    phones.available("s1")
    watching = phones.do(vc.MonitorCall(contact=contact, user="s1", capabilities=("SILENT_MONITOR", "BARGE")))[
        "contact"
    ]
    assert phones.contact(watching).initiation_method == "MONITOR"
    phones.answer(watching, phones.leg(contact, "s1"))
    plan = phones.planned(contact, "s1")
    assert (plan.hear, plan.talk) == (True, False)
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))
    assert phones.planned(contact, "s1").talk
    phones.do(vc.DropLeg(agent="s1", contact=watching, leg=phones.leg(contact, "a1")))
    assert phones.contact(contact).disconnect_reason == "BARGED"


def test_monitoring_ends_with_the_agent() -> None:
    """The supervisor needs no after contact work."""
    phones = Phones(enhanced_voice_monitoring=True)
    contact = phones.connected()
    phones.available("s1")
    watching = phones.do(vc.MonitorCall(contact=contact, user="s1", capabilities=("SILENT_MONITOR",)))["contact"]
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.slot("s1", watching) is None and watching not in phones.state.contacts and not phones.state.calls


# ------------------------------------------------------------------ faults


def test_a_media_process_that_dies_ends_its_calls() -> None:
    """The records are proper: TELECOM_PROBLEM."""
    phones = Phones()
    talking = phones.connected()
    waiting = phones.arrive()
    phones.do(vc.MediaLost(media="m1"))
    assert not phones.state.calls and phones.slot("a1", talking) == "ENDED"
    reasons = {event.contact: event.reason for event in phones.events if isinstance(event, e.Disconnected)}
    assert reasons == {talking: "TELECOM_PROBLEM", waiting: "TELECOM_PROBLEM"}
    with pytest.raises(ServiceError):
        phones.do(vc.DialCall(agent="a2", number="+12065550142"))


def test_an_agents_lost_browser_comes_back() -> None:
    """DESK-15: the call stays, and goes on when the browser joins again."""
    phones = Phones()
    contact = phones.connected()
    call, leg = phones.call(contact).id, phones.leg(contact, "a1")
    phones.do(vc.LegLost(call=call, leg=leg))
    assert phones.hears(contact, "a1") == "silence" and phones.slot("a1", contact) == "CONNECTED"
    assert phones.do(vc.JoinCall(contact=contact, agent="a1"))["leg"] == leg
    phones.do(vc.LegAnswered(call=call, leg=leg))
    assert phones.hears(contact, "a1") == "room"


def test_after_a_restart_all_plans_are_sent_again() -> None:
    """The journal gives the same state and the same plans, so calls go on talking."""
    phones = Phones()
    contact = phones.connected()
    waiting = phones.arrive()
    before = {one: phones.plan(one) for one in phones.state.calls}
    fold = Fold(State())
    for event in phones.events:
        fold.apply(event)
    assert fold.state.calls == phones.state.calls and fold.state.contacts == phones.state.contacts
    decider = phones.fresh(fold.state)
    turn = decider.turn(phones.now)
    decider.resume(turn)
    decider.finish(turn, len(phones.events))
    sent = {effect.plan.call: effect.plan for effect in turn.effects if isinstance(effect, SendPlan)}
    assert {one: (p.legs, p.recordings) for one, p in sent.items()} == {
        one: (p.legs, p.recordings) for one, p in before.items()
    }
    assert contact in fold.state.contacts and waiting in fold.state.contacts


def test_a_desk_phone_rings_when_the_call_is_offered() -> None:
    """DESK-78, ROUT-113: the stored number is called, nothing accepts by itself; no answer is missed."""
    phones = Phones()
    phones.config.users["a1"] = _changed(phones, "a1", desk_phone="+12065550177", auto_accept=True)
    phones.available("a1")
    contact = phones.arrive()
    dial = phones.planned(contact, "a1").dial
    assert dial is not None and (dial.number, dial.desk) == ("+12065550177", True)
    assert phones.slot("a1", contact) == "INCOMING"
    phones.answer(contact, phones.leg(contact, "a1"))
    assert phones.hears(contact, "a1") == "whisper to agent"
    phones.hear_out()
    assert phones.slot("a1", contact) == "CONNECTED"
    phones.hang_up(contact, "a1")
    assert phones.contact(contact).disconnect_reason == "AGENT_DISCONNECT"
    phones.do(c.ClearContact(agent="a1", contact=contact))
    contact = phones.arrive()
    phones.hang_up(contact, "a1", "no_answer")
    assert phones.slot("a1", contact) == "MISSED" and phones.contact(contact).place == "queue"


def test_a_web_caller_joins_and_presses_keys() -> None:
    """CHAT-04, CHAT-07: the flow starts when the browser's media is up; keys count as heard."""
    phones = Phones()
    started = phones.do(vc.StartWebCall(flow="to-queue", display_name="Ann", attributes={"a": "1"}))
    contact = started["contact"]
    assert phones.contact(contact).subtype == "connect:WebRTC" and phones.contact(contact).place == "created"
    joined = phones.do(vc.JoinWebCall(call=started["participant"]))
    assert joined["leg"] == started["leg"] and joined["media"] == "m1"
    phones.answer(contact, started["leg"])
    assert phones.contact(contact).place == "queue"
    phones.do(vc.PressKeys(call=started["participant"], digits="1#"))
    assert phones.planned(contact, "customer").pressed == (2, "1#")
    phones.do(vc.LeaveWebCall(call=started["participant"]))
    assert not phones.state.contacts and not phones.state.calls


def test_a_web_caller_who_never_comes() -> None:
    """The contact ends by itself."""
    phones = Phones()
    phones.do(vc.StartWebCall(flow="to-queue", display_name="Ann"))
    phones.wait(120)
    assert not phones.state.contacts and not phones.state.calls


def test_a_flow_without_a_way_on_hangs_up() -> None:
    """CONTACT_FLOW_DISCONNECT (REC-32)."""
    phones = Phones("goodbye", [end_flow("goodbye")])
    phones.arrive()
    reasons = [event.reason for event in phones.events if isinstance(event, e.Disconnected)]
    assert reasons == ["CONTACT_FLOW_DISCONNECT"] and not phones.state.calls
    assert any(isinstance(event, v.CallClosed) for event in phones.events)


def test_how_it_sounded_is_kept_after_we_have_hung_up() -> None:
    """REC-37: measured by the media plane, noted while the agent wraps up; too late it changes nothing."""
    phones = Phones()
    contact = phones.connected()
    assert phones.planned(contact, "a1").agent and phones.planned(contact, "customer").contact == contact
    phones.do(c.EndContact(agent="a1", contact=contact))
    for agent in (True, False):
        phones.do(vc.LegMeasured(contact=contact, agent=agent, quality={"score": 4.2, "issues": []}))
    assert phones.contact(contact).qualities == {side: {"score": 4.2, "issues": []} for side in ("Agent", "Customer")}
    phones.do(c.ClearContact(agent="a1", contact=contact))
    phones.do(vc.LegMeasured(contact=contact, agent=True, quality={"score": 1.0, "issues": []}))
