"""Blocks that are for calls alone: dialling, holding, streaming."""

import re
from typing import Any

from switchroom.flows.blocks.phone import E164
from switchroom.flows.blocks.registry import AW, CQ, CW, IN, MOST, OW, TA, TQ, Gate, Parameter, block, resumes
from switchroom.flows.blocks.step import Move, Step, truth
from switchroom.flows.language import text_of
from switchroom.flows.state import CallCustomer, CallThirdParty, Signal
from switchroom.flows.world import FlowError, ThirdPartyRequest

_KEYS = re.compile(r"[0-9,*#]{0,50}")
_TRANSFER = Gate("Transfer to phone number", "電話番号への転送", "TransferToPhoneNumber", MOST, "YEE")


@block(
    "CompleteOutboundCall",
    Gate("Call phone number", "電話番号への発信", "CallPhoneNumber", (OW,), "YEE"),
    errors=(),
)
def call_customer(step: Step) -> Move:
    """Dials the customer; success when the call is answered (BLK-013..016, NUM-56)."""
    chosen = _caller(step)[0]
    step.logged = {"CallerId": chosen} if chosen else {}
    return step.stand(CallCustomer(chosen))


@resumes("CompleteOutboundCall")
def customer_called(step: Step, signal: Signal) -> Move:
    return step.next() if signal.kind == "answered" else step.fail("NoMatchingError", text_of(signal.value))


@block(
    "TransferParticipantToThirdParty",
    _TRANSFER,
    Parameter("ThirdPartyPhoneNumber", required=True),
    Parameter("ThirdPartyConnectionTimeLimitSeconds", low=0, high=600),
    optional_errors=("ConnectionTimeLimitExceeded", "CallFailed"),
    next=False,
    waits=True,
)
def transfer_out(step: Step) -> Move:
    """Dials somebody outside and joins the customer to them (BLK-167..171, FLOW-81)."""
    number = step.text("ThirdPartyPhoneNumber") or ""
    if not E164.fullmatch(number):
        raise FlowError(f"{number!r} is not a phone number in E.164 form")
    keys = step.text("ThirdPartyDTMFDigits") or ""
    if not _KEYS.fullmatch(keys):
        raise FlowError("DTMF digits may be up to 50 of 0-9, comma, * and #")
    timeout = step.integer("ThirdPartyConnectionTimeLimitSeconds", 0, 600, 30)
    caller = _caller(step)
    step.logged = {"PhoneNumber": number, "TimeoutSeconds": str(timeout)}
    step.world.call_third_party(
        ThirdPartyRequest(number=number, timeout_s=timeout or 30, caller_number=caller[0], caller_name=caller[1])
    )
    return step.stand(CallThirdParty(number, keys, truth(step.parameters.get("ContinueFlowExecution"))))


@resumes("TransferParticipantToThirdParty")
def transferred_out(step: Step, signal: Signal) -> Move:
    resume = truth(step.parameters.get("ContinueFlowExecution"))
    keys = step.text("ThirdPartyDTMFDigits") or ""
    if signal.kind == "third_party_answered":
        if keys:
            step.world.send_keys(keys)
        return step.stand(CallThirdParty(step.text("ThirdPartyPhoneNumber") or "", keys, resume))
    if signal.kind == "third_party_left":
        return step.next() if resume else step.end("disconnect")
    if not resume:
        return step.fail("NoMatchingError", text_of(signal.value or signal.kind))
    timed_out = signal.kind in ("third_party_timeout", "timeout")
    return step.fail("ConnectionTimeLimitExceeded" if timed_out else "CallFailed", text_of(signal.value or ""))


@block(
    "UpdatePreviousContactParticipantState",
    Gate("Hold customer or agent", "顧客またはエージェントの保留", "HoldCustomerOrAgent", (IN, OW, TA, TQ), "YEE"),
    Parameter("PreviousContactParticipantState", required=True, choices=("AgentOnHold", "CustomerOnHold", "OffHold")),
)
def hold(step: Step) -> Move:
    """Who of the call that is being transferred is live (BLK-087)."""
    state = step.text("PreviousContactParticipantState") or ""
    step.logged = {"PreviousContactParticipantState": state}
    step.world.hold_participants(state)
    return step.next()


@block(
    "UpdateContactMediaStreamingBehavior",
    Gate(
        "Start / Stop media streaming",
        "メディアストリーミングの開始 / 停止",
        "MediaStreaming",
        (IN, CQ, CW, OW, AW, TA, TQ),
        "YEE",
    ),
    Parameter("MediaStreamingState", required=True, choices=("Enabled", "Disabled")),
)
def stream_media(step: Step) -> Move:
    """Live streaming of the customer's audio, over changes of flow, until it is stopped (BLK-155, BLK-156)."""
    on = step.text("MediaStreamingState") == "Enabled"
    directions = _directions(step.parameters.get("Participants"))
    if on and not directions:
        raise FlowError("Choose From the customer, To the customer, or both")
    step.logged = {"MediaStreamingState": "Enabled" if on else "Disabled"}
    step.world.stream_media(on, "From" in directions, "To" in directions)
    return step.next()


def _directions(raw: Any) -> set[str]:
    found: set[str] = set()
    for one in raw if isinstance(raw, list) else []:
        if isinstance(one, dict) and one.get("ParticipantType") == "Customer":
            found |= {str(direction) for direction in one.get("MediaDirections") or []}
    return found & {"From", "To"}


def _caller(step: Step) -> tuple[str | None, str | None]:
    """Caller ID number and name of the block."""
    given = step.parameters.get("CallerId")
    if not isinstance(given, dict):
        return None, None
    number = step.scalar(given["Number"]) if given.get("Number") else None
    name = step.scalar(given["Name"]) if given.get("Name") else None
    return number, name
