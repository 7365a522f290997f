"""What flows and queues decide about calls: defaults, transfers that come back, recording, streams, capacity."""

from typing import Any

from msgspec.structs import replace

from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.media import SendKeys
from switchroom.flows.language import CompiledFlow
from tests.certificates import owner
from tests.core.phones import CALLER, NUMBER, Phones, loops, says
from tests.core.stage import action, flow

END = action("end", "DisconnectParticipant")
TO_QUEUE = action("to", "TransferToFlow", "to", ContactFlowId="to-queue")


def test_defaults_where_nothing_is_set() -> None:
    """FLOW-02: waiting, whispers and holds are those of the instance until a contact or a queue has its own."""
    phones = Phones()
    contact = phones.arrive()
    assert phones.hears(contact, "customer") == "you are in line"
    phones.available("a1")
    phones.take(contact, "a1")
    assert phones.hears(contact, "a1") == "whisper to agent"
    phones.played(contact, "a1")
    assert phones.hears(contact, "customer") == "whisper to customer"
    phones.hear_out()
    phones.do(vc.HoldAll(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == "held customer"
    called: str = phones.do(vc.DialCall(agent="a2", number="+12065550142"))["contact"]
    phones.answer(called, phones.leg(called, "a2"))
    phones.answer(called, phones.leg(called, "customer"))
    assert phones.hears(called, "customer") == "whisper to called"


def test_a_contacts_own_flows() -> None:
    """FLOW-02: what a flow has chosen for the contact comes before the default."""
    hooks = {"CustomerQueue": "waiting", "AgentWhisper": "to-a", "CustomerWhisper": "to-c", "CustomerHold": "holding"}
    chosen = [
        action(f"set {hook}", "UpdateContactEventHooks", following, EventHooks={hook: name})
        for (hook, name), following in zip(
            hooks.items(), [*(f"set {hook}" for hook in list(hooks)[1:]), "to"], strict=True
        )
    ]
    own = [
        loops("waiting", "own waiting", "CUSTOMER_QUEUE"),
        says("to-a", "own to agent", "AGENT_WHISPER"),
        says("to-c", "own to customer", "CUSTOMER_WHISPER"),
        loops("holding", "own hold", "CUSTOMER_HOLD"),
    ]
    phones = Phones("entry", [flow("entry", [*chosen, TO_QUEUE, END]), *own])
    contact = phones.arrive()
    assert phones.hears(contact, "customer") == "own waiting"
    phones.available("a1")
    phones.take(contact, "a1")
    assert phones.hears(contact, "a1") == "own to agent"
    phones.played(contact, "a1")
    assert phones.hears(contact, "customer") == "own to customer"
    phones.hear_out()
    phones.do(vc.HoldAll(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == "own hold"


def _sent_out(resume: str = "True") -> tuple[Phones, str]:
    """A caller whose flow has called somebody for him."""
    out = action("out", "TransferParticipantToThirdParty", "back", error="wrong", ThirdPartyPhoneNumber="+12065550199")
    out["Parameters"] |= {"ContinueFlowExecution": resume, "ThirdPartyConnectionTimeLimitSeconds": "20"}
    for kind, target in (("CallFailed", "failed"), ("ConnectionTimeLimitExceeded", "late")):
        out["Transitions"]["Errors"].append({"NextAction": target, "ErrorType": kind})
    texts = [
        action(name, "MessageParticipant", "end", Text=text)
        for name, text in (("back", "back again"), ("failed", "call failed"), ("late", "too late"), ("wrong", "error"))
    ]
    phones = Phones("entry", [flow("entry", [out, *texts, END])])
    return phones, phones.arrive()


def test_a_flow_goes_on_when_the_other_party_hangs_up() -> None:
    """BLK-168: Success after they have talked; the branches of a call that failed, and of one not answered in time."""
    phones, contact = _sent_out()
    phones.answer(contact, phones.leg(contact, "third"))
    assert phones.hears(contact, "customer") == phones.hears(contact, "third") == "room"
    phones.hang_up(contact, "third")
    assert phones.hears(contact, "customer") == "back again"
    phones.hear_out()
    assert not phones.state.calls
    for cause, said in (("busy", "call failed"), ("no_answer", "too late")):
        phones, contact = _sent_out()
        phones.hang_up(contact, "third", cause)
        assert phones.hears(contact, "customer") == said


def test_a_customer_who_hangs_up_ends_it_all() -> None:
    """BLK-168: whether the flow would go on or not; and without Resume the end of the other party is the end."""
    for resume in ("True", "False"):
        phones, contact = _sent_out(resume)
        phones.answer(contact, phones.leg(contact, "third"))
        phones.hang_up(contact)
        assert not phones.state.calls
    phones, contact = _sent_out("False")
    phones.answer(contact, phones.leg(contact, "third"))
    phones.hang_up(contact, "third")
    assert not phones.state.calls


def test_a_quick_connect_to_a_number() -> None:
    """FLOW-77: dialled at once without a flow, with the number of the queue that the call came through."""
    phones = Phones()
    phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], outbound_caller_name="Desk")
    contact = phones.connected()
    runs = set(phones.state.runs)
    phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="out"))
    dial = phones.planned(contact, "third").dial
    assert dial is not None and (dial.number, dial.caller_id, dial.caller_name) == ("+12065550199", NUMBER, "Desk")
    assert not {run for run in set(phones.state.runs) - runs if not run.endswith("customer_hold")}


def test_outbound_calls_are_recorded_by_their_whisper() -> None:
    """FLOW-91: the outbound whisper flow that the queue names switches recording on; without it there is none."""

    def whisper(*participants: str) -> CompiledFlow:
        behaviour = {"RecordedParticipants": list(participants)}
        record = action("record", "UpdateContactRecordingBehavior", "say", RecordingBehavior=behaviour)
        say = action("say", "MessageParticipant", "end", Text="this call is recorded")
        return flow("recorded", [record, say, action("end", "EndFlowExecution")], "OUTBOUND_WHISPER")

    for chosen, expected in ((True, True), (False, False)):
        phones = Phones(flows=[whisper("Agent", "Customer")])
        if chosen:
            phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], outbound_flow="recorded")
        contact: str = phones.do(vc.DialCall(agent="a1", number="+12065550142"))["contact"]
        phones.answer(contact, phones.leg(contact, "a1"))
        phones.answer(contact, phones.leg(contact, "customer"))
        assert phones.hears(contact, "customer") == ("this call is recorded" if chosen else "whisper to called")
        phones.hear_out()
        recordings = phones.plan(phones.call(contact).id).recordings
        assert bool(recordings) is expected
        if recordings:
            assert recordings[0].agent and recordings[0].customer


def test_streams_of_a_call() -> None:
    """FLOW-128, FLOW-129, FLOW-131: off unless the instance has them; both ways; what flows know of them."""
    sides = [{"ParticipantType": "Customer", "MediaDirections": ["From", "To"]}]
    start = action("start", "UpdateContactMediaStreamingBehavior", "keep", error="no", MediaStreamingState="Enabled")
    start["Parameters"]["Participants"] = sides
    kept = {
        "arn": "$.MediaStreams.Customer.Audio.StreamARN",
        "began": "$.MediaStreams.Customer.Audio.StartTimestamp",
        "fragment": "$.MediaStreams.Customer.Audio.StartFragmentNumber",
    }
    keep = action("keep", "UpdateContactAttributes", "to", TargetContact="Current", Attributes=kept)
    no = action("no", "MessageParticipant", "end", Text="no streams here")
    phones = Phones("entry", [flow("entry", [start, keep, no, TO_QUEUE, END])], media_streaming=True)
    contact = phones.connected()
    stream = phones.plan(phones.call(contact).id).stream
    assert stream is not None and (stream.from_customer, stream.to_customer) == (True, True)
    assert stream.leg == phones.leg(contact, "customer")
    known = phones.state.attributes[contact]
    assert known["arn"].endswith(stream.id) and known["fragment"] == "1" and int(known["began"]) > 0
    stop = action("stop", "UpdateContactMediaStreamingBehavior", "kept", MediaStreamingState="Disabled")
    stopped = {**kept, "ended": "$.MediaStreams.Customer.Audio.StopTimestamp"}
    after = action("kept", "UpdateContactAttributes", "to", TargetContact="Current", Attributes=stopped)
    begin = {**start, "Transitions": {**start["Transitions"], "NextAction": "stop"}}
    over = Phones("entry", [flow("entry", [begin, stop, after, no, TO_QUEUE, END])], media_streaming=True)
    contact = over.connected()
    assert over.plan(over.call(contact).id).stream is None
    known = over.state.attributes[contact]
    assert known["arn"] and int(known["ended"]) >= int(known["began"])
    off = Phones("entry", [flow("entry", [start, keep, no, TO_QUEUE, END])])
    assert off.hears(off.arrive(), "customer") == "no streams here"


def test_callbacks_count_for_the_size_of_a_queue() -> None:
    """BLK-173, BLK-175: once it is full the next callback takes Error, the next caller the branch of a full queue."""
    callback = action("callback", "CreateCallbackContact", "made", error="full")
    callback["Parameters"] = {"InitialCallDelaySeconds": "0", "MaximumConnectionAttempts": "1"}
    callback["Parameters"]["RetryDelaySeconds"] = "60"
    wanted: list[dict[str, Any]] = [
        action("set", "UpdateContactTargetQueue", "number", QueueId="Q1"),
        action("number", "UpdateContactCallbackNumber", "callback", CallbackNumber=CALLER),
        callback,
        action("made", "MessageParticipant", "end", Text="we call back"),
        action("full", "MessageParticipant", "end", Text="no callback"),
        END,
    ]
    queue = action("queue", "TransferContactToQueue", "end")
    queue["Transitions"]["Errors"].append({"NextAction": "full", "ErrorType": "QueueAtCapacity"})
    live = [
        action("set", "UpdateContactTargetQueue", "queue", QueueId="Q1"),
        queue,
        action("full", "MessageParticipant", "end", Text="queue full"),
        END,
    ]
    phones = Phones("callbacks", [flow("callbacks", wanted), flow("live", live)])
    phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], max_contacts=1)
    phones.config.numbers["+15550199"] = replace(phones.config.numbers[NUMBER], number="+15550199", flow="live")
    assert phones.hears(phones.arrive(), "customer") == "we call back"
    assert phones.hears(phones.arrive(), "customer") == "no callback"
    assert phones.hears(phones.arrive("+15550199"), "customer") == "queue full"


def test_keys_of_a_web_caller_that_are_encrypted() -> None:
    """CHAT-07, BLK-161: no event and no plan holds them; they go straight to where they are collected."""
    ours = owner()
    store = action("card", "GetParticipantInput", "end", Text="enter your card", InputTimeLimitSeconds="10")
    store["Parameters"] |= {"StoreInput": "True", "InputEncryption": {"EncryptionKeyId": "k", "Key": ours.certificate}}
    store["Parameters"]["InputValidation"] = {"CustomValidation": {"MaximumLength": "16"}}
    phones = Phones(flows=[flow("card", [store, action("end", "DisconnectParticipant")])])
    phones.keys["k"] = ours.public
    started = phones.do(vc.StartWebCall(flow="card", display_name="Ann"))
    phones.do(vc.JoinWebCall(call=started["participant"]))
    phones.answer(started["contact"], started["leg"])
    events, plans = len(phones.events), len(phones.effects)
    phones.do(vc.PressKeys(call=started["participant"], digits="4929#"))
    assert len(phones.events) == events
    (sent,) = phones.effects[plans:]
    assert isinstance(sent, SendKeys) and (sent.leg, sent.digits) == (started["leg"], "4929#")


def _full(*told: dict[str, Any]) -> Phones:
    """A call into a queue that takes nobody; at capacity the flow says what is `told`, and hangs up."""
    put = action("put", "TransferContactToQueue")
    after = "say" if told else "end"
    put["Transitions"] = {"Errors": [{"NextAction": after, "ErrorType": "QueueAtCapacity"},
                                     {"NextAction": "end", "ErrorType": "NoMatchingError"}]}  # fmt: skip
    choose = action("set", "UpdateContactTargetQueue", "put", QueueId="Q1")
    phones = Phones("entry", [flow("entry", [choose, put, *told, END])])
    phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], max_contacts=0)
    return phones


def test_a_caller_at_a_full_queue_hears_the_reorder_tone() -> None:
    """ROUT-28, FLOW-100: where the flow has nothing else to say; then the call ends."""
    phones = _full()
    contact = phones.arrive()
    assert phones.hears(contact, "customer") == "reorder"
    sounds = phones.planned(contact, "customer").audio.sounds  # type: ignore[union-attr]
    assert len(sounds) == 20 and {sound.tone for sound in sounds} == {"reorder"}
    phones.played(contact, "customer")
    assert contact not in phones.state.contacts and not phones.state.calls


def test_a_full_queue_that_the_flow_explains() -> None:
    """ROUT-28: who is told that all lines are busy hears no tone after it."""
    phones = _full(action("say", "MessageParticipant", "end", Text="all lines are busy"))
    contact = phones.arrive()
    assert phones.hears(contact, "customer") == "all lines are busy"
    phones.played(contact, "customer")
    assert contact not in phones.state.contacts
