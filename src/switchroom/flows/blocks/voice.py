"""Blocks that are for calls alone: dialling, holding, streaming."""

import re
from dataclasses import replace
from typing import Any

from switchroom.flows.blocks.declare import (
    AW,
    BOTH,
    CQ,
    CW,
    ERROR,
    IN,
    MOST,
    OW,
    SUCCESS,
    TA,
    TQ,
    Face,
    Field,
    choices,
    error,
    on,
    shows,
)
from switchroom.flows.blocks.phone import E164
from switchroom.flows.blocks.registry import Spot, block, resumes
from switchroom.flows.blocks.step import Move, Step, truth
from switchroom.flows.language import text_of
from switchroom.flows.state import CallCustomer, CallThirdParty, Signal
from switchroom.flows.world import FlowError, ThirdPartyRequest

_KEYS = re.compile(r"[0-9,*#]{0,50}")
_KEYS_TEXT = "DTMF digits may be up to 50 of 0-9, comma, * and #"

CALL = Face(
    "call-phone-number",
    ("Call phone number", "電話番号への発信"),
    ("Dials the customer of an outbound call.", "発信通話の顧客に電話をかけます。"),
    "INTERACT",
    (OW,),
    "YEE",
    "CallPhoneNumber",
    failure=None,
)
TRANSFER = Face(
    "transfer-to-phone-number",
    ("Transfer to phone number", "電話番号への転送"),
    ("Dials somebody outside and joins the caller to them.", "外部の電話番号に発信し、発信者と接続します。"),
    "END",
    MOST,
    "YEE",
    "TransferToPhoneNumber",
    behind="loop-prompts",
)
HOLD = Face(
    "hold-customer-or-agent",
    ("Hold customer or agent", "顧客またはエージェントの保留"),
    (
        "Puts the agent or the customer of the call on hold, or joins them.",
        "エージェントまたは顧客を保留にするか、会議にします。",
    ),
    "INTERACT",
    (IN, OW, TA, TQ),
    "YEE",
    "HoldCustomerOrAgent",
)
START_STREAM = Face(
    "start-media-streaming",
    ("Start media streaming", "メディアストリーミングの開始"),
    ("Streams the customer's audio until it is stopped.", "停止するまで顧客の音声をストリーミングします。"),
    "INTERACT",
    (IN, CQ, CW, OW, TA, TQ),
    "YEE",
    "StartMediaStreaming",
    also=(AW,),
    behind="loop-prompts",
)
STOP_STREAM = Face(
    "stop-media-streaming",
    ("Stop media streaming", "メディアストリーミングの停止"),
    ("Stops streaming the customer's audio.", "顧客の音声のストリーミングを停止します。"),
    "INTERACT",
    (IN, CQ, CW, OW, AW, TA, TQ),
    "YEE",
    "StopMediaStreaming",
    behind="loop-prompts",
)

_CONTINUES = on("ContinueFlowExecution")
_CALLER_NUMBER = Field(
    "CallerId.Number",
    ("Caller ID number", "発信者 ID 番号"),
    "PHONE",
    resource="phone-number",
)


@block(CALL, "CompleteOutboundCall", _CALLER_NUMBER, ways=(SUCCESS,), waits=True)
def call_customer(step: Step) -> Move:
    """Dials the customer; success when the call is answered (BLK-013..016, NUM-56)."""
    chosen = _caller(step)[0]
    step.logged = {"CallerId": chosen} if chosen else {}
    return step.stand(CallCustomer(chosen))


@resumes("CompleteOutboundCall")
def customer_called(step: Step, signal: Signal) -> Move:
    if signal.kind == "answered":
        return step.next()
    step.results, step.failed = text_of(signal.value or signal.kind), True
    return step.end("failed", step.results)


def _keys_allowed(spot: Spot) -> None:
    keys = spot.parameters.get("ThirdPartyDTMFDigits")
    if isinstance(keys, str) and "$" not in keys and not _KEYS.fullmatch(keys):
        spot.problem("bad-keys", "Parameters.ThirdPartyDTMFDigits", detail=_KEYS_TEXT)


@block(
    TRANSFER,
    "TransferParticipantToThirdParty",
    Field("ThirdPartyPhoneNumber", ("Phone number", "電話番号"), "PHONE", required=True),
    Field(
        "ThirdPartyConnectionTimeLimitSeconds",
        ("Timeout", "タイムアウト"),
        "DURATION",
        default="30",
        low=0,
        high=600,
        unit="SECONDS",
    ),
    Field("ContinueFlowExecution", ("Resume flow after disconnect", "切断後にフローを再開する"), "FLAG", "M"),
    Field(
        "ThirdPartyDTMFDigits",
        ("Send DTMF", "DTMF を送信"),
        "KEYS",
        high=50,
        help=("A comma waits 750 ms.", "コンマは 750 ミリ秒の待機です。"),
    ),
    _CALLER_NUMBER,
    Field("CallerId.Name", ("Caller ID name", "発信者名")),
    ways=(
        replace(SUCCESS, when=(_CONTINUES,)),
        error("CallFailed", ("Call failed", "通話失敗"), _CONTINUES),
        error("ConnectionTimeLimitExceeded", ("Timeout", "タイムアウト"), _CONTINUES),
        ERROR,
    ),
    check=_keys_allowed,
    waits=True,
)
def transfer_out(step: Step) -> Move:
    """Dials somebody outside and joins the customer to them (BLK-167..171, FLOW-81)."""
    number = step.text("ThirdPartyPhoneNumber") or ""
    if not E164.fullmatch(number):
        raise FlowError(f"{number!r} is not a phone number in E.164 form")
    keys = step.text("ThirdPartyDTMFDigits") or ""
    if not _KEYS.fullmatch(keys):
        raise FlowError(_KEYS_TEXT)
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
    HOLD,
    "UpdatePreviousContactParticipantState",
    Field(
        "PreviousContactParticipantState",
        ("Action", "アクション"),
        "CHOICE",
        "M",
        required=True,
        default="AgentOnHold",
        choices=choices(
            AgentOnHold=("Agent on hold", "エージェントを保留"),
            CustomerOnHold=("Customer on hold", "顧客を保留"),
            OffHold=("Conference all", "全員で会議"),
        ),
    ),
    ways=BOTH,
)
def hold(step: Step) -> Move:
    """Who of the call that is being transferred is live (BLK-087)."""
    state = step.text("PreviousContactParticipantState") or ""
    step.logged = {"PreviousContactParticipantState": state}
    step.world.hold_participants(state)
    return step.next()


@block(
    STOP_STREAM,
    "UpdateContactMediaStreamingBehavior",
    ways=BOTH,
    tells=(shows("MediaStreamingState", "Disabled"),),
    preset={"MediaStreamingState": "Disabled", "MediaStreamType": "Audio"},
)
@block(
    START_STREAM,
    "UpdateContactMediaStreamingBehavior",
    Field(
        "Participants",
        ("Stream", "ストリーミングする音声"),
        "ROWS",
        "M",
        required=True,
        fields=(
            Field(
                "MediaDirections",
                ("Audio", "音声"),
                "CHOICES",
                "M",
                required=True,
                choices=choices(
                    From=("From the customer", "顧客からの音声"),
                    To=("To the customer", "顧客への音声"),
                ),
            ),
        ),
    ),
    ways=BOTH,
    tells=(shows("MediaStreamingState", "Enabled"),),
    preset={
        "MediaStreamingState": "Enabled",
        "MediaStreamType": "Audio",
        "Participants": [{"ParticipantType": "Customer", "MediaDirections": ["From", "To"]}],
    },
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
    owned = step.world.find("phone-number", number) if number and not E164.fullmatch(number) else None
    number = owned.name if owned is not None else number
    name = step.scalar(given["Name"]) if given.get("Name") else None
    return number, name
