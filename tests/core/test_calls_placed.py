"""Rules of calls that we place: caller IDs, emergency calls, third parties; and what flows do to who is on a call."""

from typing import Any

import pytest
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.config import NumberSettings
from switchroom.flows.language import CompiledFlow
from tests.core.phones import CALLER, NUMBER, Phones
from tests.core.stage import action, flow
from tests.core.test_life_cycle import chat

OTHER = "+12065550110"


def _whisper(caller: str | None) -> CompiledFlow:
    """An outbound whisper flow that calls with a caller ID, then says something."""
    parameters: dict[str, Any] = {"CallerId": {"Number": caller}} if caller else {}
    call = action("call", "CompleteOutboundCall", "say", error=None, **parameters)
    say = action("say", "MessageParticipant", "end", Text="hello")
    return flow("outbound-whisper", [call, say, action("end", "EndFlowExecution")], "OUTBOUND_WHISPER")


def _dialled(phones: Phones, number: str = "+12065550142") -> str:
    contact: str = phones.do(vc.DialCall(agent="a1", number=number))["contact"]
    phones.answer(contact, phones.leg(contact, "a1"))
    return contact


def _phones(caller: str | None = None, **voice: Any) -> Phones:
    phones = Phones(**voice)
    phones.config.numbers[OTHER] = NumberSettings(OTHER, None, "DID", "US")
    phones.shelf.flows["outbound-whisper"] = _whisper(caller)
    return phones


def test_the_default_outbound_queue_decides_what_is_shown() -> None:
    """ROUT-40, NUM-54, BLK-014: number and name of the routing profile's outbound queue."""
    phones = _phones()
    contact = _dialled(phones)
    dial = phones.planned(contact, "customer").dial
    assert dial is not None and (dial.caller_id, dial.caller_name) == (NUMBER, "Support")
    assert phones.contact(contact).queue == "Q1"


def test_call_phone_number_chooses_the_caller_id() -> None:
    """BLK-013, NUM-56: the block dials, shows its number, and goes on when the call is answered."""
    phones = _phones(OTHER)
    contact = _dialled(phones)
    dial = phones.planned(contact, "customer").dial
    assert dial is not None and dial.caller_id == OTHER
    phones.answer(contact, phones.leg(contact, "customer"))
    assert phones.hears(contact, "customer") == "hello"
    phones.hear_out()
    assert phones.hears(contact, "customer") == "room"


def test_a_caller_id_that_is_no_number_falls_back_to_the_queues() -> None:
    """NUM-57."""
    phones = _phones("front desk")
    dial = phones.planned(_dialled(phones), "customer").dial
    assert dial is not None and dial.caller_id == NUMBER


def test_a_call_that_cannot_start_ends_in_after_contact_work() -> None:
    """BLK-015, NUM-57, NUM-58: a foreign number as caller ID; the flow ends, the agent wraps up."""
    phones = _phones("+12065559999")
    contact = _dialled(phones)
    assert phones.contact(contact).place == "ended" and phones.slot("a1", contact) == "ENDED"
    assert not phones.state.calls and not phones.state.runs


def test_a_queue_without_a_number_cannot_call_out() -> None:
    """DESK-50."""
    phones = _phones()
    phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], outbound_caller_number=None)
    with pytest.raises(ServiceError) as refused:
        phones.do(vc.DialCall(agent="a1", number="+12065550142"))
    assert refused.value.code == "OutboundContactNotPermittedException"


def test_toll_free_numbers_are_not_shown_abroad() -> None:
    """NUM-59."""
    phones = _phones()
    phones.config.numbers[NUMBER] = NumberSettings(NUMBER, None, "TOLL_FREE", "US")
    phones.config.numbers["+442079460100"] = NumberSettings("+442079460100", None, "DID", "GB")
    with pytest.raises(ServiceError) as refused:
        phones.do(vc.DialCall(agent="a1", number="+442079460999"))
    assert refused.value.code == "OutboundContactNotPermittedException"
    assert phones.do(vc.DialCall(agent="a1", number="+12065550142"))


def test_emergency_calls_ask_no_country() -> None:
    """NUM-65, NUM-67, NUM-69: no allow list; a number of the right country is shown, with the address."""
    phones = _phones("+442079460100", countries=frozenset())
    phones.config.numbers["+442079460100"] = NumberSettings("+442079460100", None, "DID", "GB")
    contact = phones.do(vc.DialCall(agent="a1", number="933"))["contact"]
    phones.do(c.SetAttributes(contact=contact, attributes={"CivicAddress": '{"country":"USA","RD":"7th"}'}))
    phones.answer(contact, phones.leg(contact, "a1"))
    dial = phones.planned(contact, "customer").dial
    assert dial is not None and (dial.number, dial.caller_id) == ("933", NUMBER)
    assert dial.location == '{"country":"USA","RD":"7th"}'


def test_an_agent_calls_out_in_any_status() -> None:
    """DESK-33: also Offline or in a status of one's own; nobody with a call in hand calls another."""
    phones = _phones()
    phones.do(c.SetStatus(agent="a1", status="lunch"))
    contact = _dialled(phones)
    assert phones.slot("a1", contact) == "CONNECTING"
    with pytest.raises(ServiceError):
        phones.do(vc.DialCall(agent="a1", number="+12065550143"))


def _transfer(**parameters: Any) -> Phones:
    out = action("out", "TransferParticipantToThirdParty", "end", **parameters)
    phones = Phones("entry", [flow("entry", [out, action("end", "DisconnectParticipant")])])
    phones.config.numbers[OTHER] = NumberSettings(OTHER, None, "DID", "US")
    return phones


def test_a_transferred_caller_shows_his_own_number() -> None:
    """BLK-170, NUM-61, REC-44: unless the block names one; who came anonymously shows the number that was dialled."""
    phones = _transfer(ThirdPartyPhoneNumber="+12065550199")
    dial = phones.planned(phones.arrive(), "third").dial
    assert dial is not None and dial.caller_id == CALLER
    dial = phones.planned(phones.arrive(caller=None), "third").dial
    assert dial is not None and dial.caller_id == NUMBER
    phones = _transfer(ThirdPartyPhoneNumber="+12065550199", CallerId={"Number": OTHER, "Name": "Shop"})
    dial = phones.planned(phones.arrive(), "third").dial
    assert dial is not None and (dial.caller_id, dial.caller_name) == (OTHER, "Shop")


def test_a_transfer_to_a_country_that_may_not_be_called_fails() -> None:
    """BLK-171."""
    phones = _transfer(ThirdPartyPhoneNumber="+4915112345678")
    phones.arrive()
    assert not phones.state.calls


def _secure_input() -> CompiledFlow:
    store = action("card", "GetParticipantInput", "together", Text="enter your card", InputTimeLimitSeconds="10")
    store["Parameters"] |= {"StoreInput": "True", "InputValidation": {"CustomValidation": {"MaximumLength": "16"}}}
    return flow(
        "secure",
        [
            action(
                "hold", "UpdatePreviousContactParticipantState", "card", PreviousContactParticipantState="AgentOnHold"
            ),
            store,
            action(
                "together", "UpdatePreviousContactParticipantState", "end", PreviousContactParticipantState="OffHold"
            ),
            action("end", "EndFlowExecution"),
        ],
        "QUEUE_TRANSFER",
    )


def test_the_agent_is_held_while_the_customer_keys_in() -> None:
    """BLK-087: the agent hears the hold flow, the customer the flow that asks; afterwards both talk again."""
    phones = Phones(flows=[_secure_input()])
    phones.config.quick_connects["card"] = replace(phones.config.quick_connects["to-q2"], id="card", flow="secure")
    contact = phones.connected()
    phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="card"))
    assert phones.hears(contact, "a1") == "held agent"
    assert phones.hears(contact, "customer") == "enter your card"
    phones.press(contact, "4111111111111111")
    assert phones.hears(contact, "a1") == phones.hears(contact, "customer") == "room"
    assert len(phones.state.contacts) == 2 or phones.contact(contact).place == "agent"


def test_streaming_runs_until_it_is_stopped() -> None:
    """BLK-155, BLK-156: over a change of flow; refused where the instance has it off."""
    customer = [{"ParticipantType": "Customer", "MediaDirections": ["From"]}]
    start = action(
        "start", "UpdateContactMediaStreamingBehavior", "to", MediaStreamingState="Enabled", Participants=customer
    )
    entry = flow("entry", [start, action("to", "TransferToFlow", "to", ContactFlowId="to-queue")])
    phones = Phones("entry", [entry], media_streaming=True)
    stream = phones.plan(phones.call(phones.arrive()).id).stream
    assert stream is not None and (stream.from_customer, stream.to_customer) == (True, False)
    stop = action("stop", "UpdateContactMediaStreamingBehavior", "menu", MediaStreamingState="Disabled")
    menu = action("menu", "MessageParticipant", "end", Text="off")
    on_off = [{**start, "Transitions": {**start["Transitions"], "NextAction": "stop"}}, stop, menu]
    phones = Phones("entry", [flow("entry", [*on_off, action("end", "DisconnectParticipant")])], media_streaming=True)
    assert phones.plan(phones.call(phones.arrive()).id).stream is None
    start["Transitions"]["Errors"] = [{"NextAction": "no", "ErrorType": "NoMatchingError"}]
    refused = [
        start,
        action("no", "MessageParticipant", "end", Text="not here"),
        action("end", "DisconnectParticipant"),
    ]
    start["Transitions"]["NextAction"] = "end"
    phones = Phones("entry", [flow("entry", refused)])
    assert phones.hears(phones.arrive(), "customer") == "not here"


def test_recording_is_changed_on_the_way() -> None:
    """BLK-130: Off, then On with other participants, while the agent is connected."""

    def behaviour(id: str, next: str, *participants: str) -> dict[str, Any]:
        return action(
            id, "UpdateContactRecordingBehavior", next, RecordingBehavior={"RecordedParticipants": list(participants)}
        )

    first = behaviour("record", "to", "Agent", "Customer")
    entry = flow("entry", [first, action("to", "TransferToFlow", "to", ContactFlowId="to-queue")])
    ui = flow("ui", [behaviour("off", "on"), behaviour("on", "end", "Agent"), action("end", "EndFlowExecution")])
    entry_actions = [action("hook", "UpdateContactEventHooks", "record", EventHooks={"DefaultAgentUI": "ui"}), first]
    to = action("to", "TransferToFlow", "to", ContactFlowId="to-queue")
    phones = Phones("entry", [entry])
    contact = phones.connected()
    (recording,) = phones.plan(phones.call(contact).id).recordings
    assert recording.agent and recording.customer
    phones = Phones("entry", [flow("entry", [*entry_actions, to]), ui])
    contact = phones.connected()
    (recording,) = phones.plan(phones.call(contact).id).recordings
    assert recording.agent and not recording.customer


def test_who_is_held_is_not_in_the_room_that_is_recorded() -> None:
    """BLK-132, table R1: while the customer is on hold the agent is recorded still."""
    behaviour = {"RecordedParticipants": ["Agent", "Customer"]}
    record = action("record", "UpdateContactRecordingBehavior", "to", RecordingBehavior=behaviour)
    entry = flow("entry", [record, action("to", "TransferToFlow", "to", ContactFlowId="to-queue")])
    phones = Phones("entry", [entry])
    contact = phones.connected()
    phones.do(vc.HoldLeg(agent="a1", contact=contact))
    (recording,) = phones.plan(phones.call(contact).id).recordings
    assert not recording.suspended and recording.right == (phones.leg(contact, "a1"),)
    assert not phones.planned(contact, "customer").talk and phones.planned(contact, "a1").talk


def test_a_quick_connect_to_a_queue() -> None:
    """FLOW-76, FLOW-78, DESK-61 (Q2): queued behind the flow, taken by an agent of the queue, joined, held, left."""
    phones = Phones()
    contact = phones.connected()
    asked = phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-q2"))["contact"]
    assert phones.contact(asked).place == "queue" and phones.contact(asked).queue == "Q2"
    phones.available("a2")
    phones.take(asked, "a2")
    phones.hear_out()
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    assert {phones.hears(contact, who) for who in ("customer", "a1", "a2")} == {"room"}
    phones.do(vc.HoldAll(agent="a1", contact=contact))
    assert phones.hears(contact, "a2") == "held agent" and phones.hears(contact, "customer") == "held customer"
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.hears(asked, "customer") == phones.hears(asked, "a2") == "room"


def test_calls_and_chats_side_by_side() -> None:
    """DESK-105, DESK-107: an agent with a chat calls out, and is called where the profile lets channels cross."""
    phones, written = Phones(), ""
    for crosses in (True, False):
        phones = Phones()
        routing = phones.config.profiles["P"].routing
        exclusive = replace(routing, exclusive=dict.fromkeys(("VOICE", "CHAT", "TASK"), not crosses))
        phones.config.profiles["P"] = replace(phones.config.profiles["P"], routing=exclusive)
        phones.decider = phones.fresh(phones.state)
        phones.available("a1")
        written = chat(phones)
        phones.do(c.AcceptContact(agent="a1", contact=written))
        assert phones.slot("a1", phones.arrive()) == ("INCOMING" if crosses else None)
    dialled = _dialled(phones)
    assert phones.slot("a1", dialled) == "CONNECTING" and phones.slot("a1", written) == "CONNECTED"
    phones.do(c.EndContact(agent="a1", contact=dialled))
    phones.do(c.ClearContact(agent="a1", contact=dialled))
    assert phones.slot("a1", written) == "CONNECTED"
