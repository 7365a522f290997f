"""StartChatContact (CHAT-60..62), and the participants and timeouts of a chat (CHAT-100, CHAT-135)."""

from typing import Any

from switchroom.base.clock import MINUTE, iso_ms
from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.channels.chat import continuing
from switchroom.core.commands import AddParticipant, ContinueChat, SetChatTimers, StartChat
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.contact_common import contact_of, flow, record, segment_attributes, submit
from switchroom.wire.services.connectparticipant.grants import connect

DURATION = 1_500
CONTENT_TYPES = (
    "text/plain",
    "text/markdown",
    "application/json",
    "application/vnd.amazonaws.connect.message.interactive",
    "application/vnd.amazonaws.connect.message.interactive.response",
)
SUBTYPES = ("connect:Chat", "connect:Guide", "connect:SMS")
MOST_CHARACTERS = 1_024
JOIN_WITHIN = 15_000
START = "ChatTestMode"


@operation("connect", "StartChatContact", permission=START)
async def start_chat_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A chat whose flow starts when the customer's connection is acknowledged."""
    instance = instance_of(call, request)
    command = StartChat(
        flow=flow(call, instance, request["ContactFlowId"]),
        customer_name=request["ParticipantDetails"]["DisplayName"],
        attributes=request.get("Attributes") or {},
        content_types=content_types(request.get("SupportedMessagingContentTypes")),
        duration_minutes=request.get("ChatDurationInMinutes") or DURATION,
        segment_attributes=_segment(request),
        customer_id=request.get("CustomerId"),
        token=request.get("ClientToken") or None,
    )
    command.initial_message = _initial(request, command.content_types)
    _enabled(call, instance)
    if request.get("ChatStreamingConfiguration") is not None:
        raise invalid_request("ChatStreamingConfiguration is not available: read the chat's socket instead")
    related, persistent = request.get("RelatedContactId"), request.get("PersistentChat")
    if related is not None and persistent is not None:
        raise invalid_request("RelatedContactId and PersistentChat cannot both be given")
    if related is not None:
        command.related = (await record(call, instance, related)).id
    if persistent is not None:
        source = await continuing.source(call.services.database, instance, persistent)
        command.continued_from = command.related = source.id
        command.attributes = {**source.attributes, **command.attributes}
    started = await submit(call, instance, command)
    answer: dict[str, Any] = start_answer(call, instance, started)
    kinds = request.get("ConnectionTypes") or []
    if kinds:
        view = {"role": "CUSTOMER", "expires_at": started["expires_at"]}
        answer.update(connect(call, instance, started["contact"], started["participant"], view, kinds))
    return answer


def _enabled(call: Call, instance: str) -> None:
    """CHAT-79: chat is on once transcripts have a store. Raises InvalidRequestException."""
    if catalogue(call).by_name(instance, "storage-config", "CHAT_TRANSCRIPTS") is None:
        raise invalid_request("Chat is not enabled: associate a storage configuration of CHAT_TRANSCRIPTS first")


def start_answer(call: Call, instance: str, started: dict[str, Any]) -> dict[str, Any]:
    """Ids and the participant's token; the same request gets the same token."""
    assert call.services.tokens is not None
    contact, participant = started["contact"], started["participant"]
    token = call.services.tokens.mint(
        "participant", instance, contact, participant, "CUSTOMER", started["expires_at"], participant[:16]
    )
    return {
        "ContactId": contact,
        "ParticipantId": participant,
        "ParticipantToken": token,
        "ContinuedFromContactId": started["continued_from"],
    }


def content_types(given: list[str] | None) -> tuple[str, ...]:
    """CHAT-62: what either side may send. Raises InvalidRequestException."""
    if not given:
        return ("text/plain",)
    unknown = [kind for kind in given if kind not in CONTENT_TYPES]
    if unknown:
        raise invalid_request(f"Content type {unknown[0]} is not one that a chat supports")
    if "text/plain" not in given:
        raise invalid_request("SupportedMessagingContentTypes must contain text/plain")
    return tuple(dict.fromkeys(given))


def _initial(request: dict[str, Any], allowed: tuple[str, ...]) -> tuple[str, str] | None:
    message = request.get("InitialMessage")
    if message is None:
        return None
    kind, content = message["ContentType"], message["Content"]
    if kind not in allowed:
        raise invalid_request(f"InitialMessage: content type {kind} is not among SupportedMessagingContentTypes")
    if kind.startswith("text/") and len(content) > MOST_CHARACTERS:
        raise invalid_request(f"InitialMessage: Content may have at most {MOST_CHARACTERS} characters")
    return kind, content


def _segment(request: dict[str, Any]) -> dict[str, str]:
    found = segment_attributes(request)
    subtype = found.get("connect:Subtype")
    if subtype is not None and subtype not in SUBTYPES:
        raise invalid_parameter(f"connect:Subtype of a chat is one of {', '.join(SUBTYPES)}")
    return found


@operation("connect", "CreatePersistentContactAssociation", permission=OPERATOR)
async def create_persistent_contact_association(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-106: during the chat, once."""
    instance, contact = contact_of(call, request, "InitialContactId")
    source = await continuing.source(call.services.database, instance, request)
    await submit(call, instance, ContinueChat(contact=contact, source=source.id))
    return {"ContinuedFromContactId": source.id}


@operation("connect", "CreateParticipant", permission=OPERATOR)
async def create_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-135: a custom participant, which has 15 s to connect."""
    instance, contact = contact_of(call, request)
    details = request["ParticipantDetails"]
    if details.get("ParticipantRole") != "CUSTOM_BOT":
        raise invalid_request("ParticipantRole must be CUSTOM_BOT")
    added = await submit(
        call,
        instance,
        AddParticipant(
            contact=contact, name=details.get("DisplayName") or "BOT", token=request.get("ClientToken") or None
        ),
    )
    expires = call.now + 24 * 60 * MINUTE
    assert call.services.tokens is not None
    token = call.services.tokens.mint(
        "participant", instance, added["session"], added["participant"], "CUSTOM_BOT", expires
    )
    return {
        "ParticipantId": added["participant"],
        "ParticipantCredentials": {"ParticipantToken": token, "Expiry": iso_ms(expires)},
    }


@operation("connect", "UpdateParticipantRoleConfig", permission=OPERATOR)
async def update_participant_role_config(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-100: chat timeouts by role."""
    instance, contact = contact_of(call, request)
    chat = request["ChannelConfiguration"].get("Chat")
    if chat is None:
        raise invalid_parameter("ChannelConfiguration needs Chat")
    timers = []
    for timer in chat["ParticipantTimerConfigList"]:
        value = timer["TimerValue"]
        minutes, action = value.get("ParticipantTimerDurationInMinutes"), value.get("ParticipantTimerAction")
        if (minutes is None) == (action is None):
            raise invalid_parameter("TimerValue takes a duration or the action Unset")
        timers.append((timer["ParticipantRole"], timer["TimerType"], minutes))
    if not timers:
        raise invalid_parameter("ParticipantTimerConfigList must not be empty")
    await submit(call, instance, SetChatTimers(contact=contact, timers=timers))
    return {}
