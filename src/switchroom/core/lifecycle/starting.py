"""How contacts begin: chats and tasks by API, by agents and by flows."""

from typing import Any

from switchroom.base.clock import DAY, MINUTE
from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request, limit_exceeded, not_found
from switchroom.core import events as e
from switchroom.core.chat import Chat, Participant
from switchroom.core.commands import LinkedContact, StartChat, StartTask
from switchroom.core.contact import Channel, Contact, InitiationMethod
from switchroom.core.turn import StartFlow, Turn, fires, handles, once

CONNECT_WITHIN = 5 * MINUTE
"""A chat whose customer has not connected by then is over (CHAT-63)."""
TASK_LIFE = 7 * DAY
SCHEDULE_HORIZON = 6 * DAY
MAX_LINKED = 11
MAX_ATTRIBUTES = 32 * 1024
SUBTYPES: dict[Channel, str] = {"CHAT": "connect:Chat", "TASK": "connect:Task", "VOICE": "connect:Telephony"}


@handles(StartChat)
def start_chat(turn: Turn, command: StartChat) -> dict[str, Any]:
    """CHAT-60: the flow starts only when the customer's connection is acknowledged."""

    def decide() -> dict[str, Any]:
        if not 60 <= command.duration_minutes <= 10_080:
            raise invalid_request("ChatDurationInMinutes must be between 60 and 10080")
        if "text/plain" not in command.content_types:
            raise invalid_request("SupportedMessagingContentTypes must contain text/plain")
        if len(turn.state.chats) >= turn.config.quotas.chats:
            raise limit_exceeded(f"The quota of {turn.config.quotas.chats} concurrent active chats is reached")
        check_size(command.attributes)
        contact = open_contact(
            turn,
            channel="CHAT",
            method="API",
            flow=command.flow,
            related_id=command.related,
            continued_from=command.continued_from,
            customer_name=command.customer_name,
            customer_id=command.customer_id,
            segment_attributes=command.segment_attributes,
        )
        if command.attributes:
            turn.emit(e.AttributesSet(at=turn.now, contact=contact.id, chain=contact.id, attributes=command.attributes))
        customer = Participant(turn.new_id(), "CUSTOMER", command.customer_name, contact.id)
        chat = Chat(
            id=contact.id,
            contact=contact.id,
            created_at=turn.now,
            expires_at=turn.now + command.duration_minutes * MINUTE,
            content_types=list(command.content_types),
            participants={customer.id: customer},
            customer=customer.id,
            initial_message=command.initial_message,
            connect_by=turn.now + CONNECT_WITHIN,
            system=turn.new_id(),
        )
        turn.emit(e.ChatOpened(at=turn.now, contact=contact.id, chat=chat))
        return {
            "contact": contact.id,
            "participant": customer.id,
            "continued_from": command.continued_from,
            "expires_at": chat.expires_at,
        }

    return once(turn, command.token, "StartChat", decide)


@handles(StartTask)
def start_task(turn: Turn, command: StartTask) -> dict[str, Any]:
    """ROUT-99, ROUT-92, ROUT-94: a task begins now or at its time; links copy or share attributes."""

    def decide() -> dict[str, Any]:
        return {"contact": create_task(turn, command).id}

    return once(turn, command.token, "StartTask", decide)


def create_task(turn: Turn, command: StartTask) -> Contact:
    """Create a task contact; a task without a schedule enters its flow in this turn."""
    flow, queue, target = _task_target(turn, command)
    if command.previous is not None and command.related is not None:
        raise invalid_request("PreviousContactId and RelatedContactId cannot both be given")
    quota = turn.config.quotas.tasks
    if len(_open_tasks(turn)) >= quota:
        raise ServiceError("ServiceQuotaExceededException", f"The quota of {quota} concurrent active tasks is reached")
    if command.scheduled_at is not None and not turn.now <= command.scheduled_at <= turn.now + SCHEDULE_HORIZON:
        raise invalid_parameter("ScheduledTime must not be in the past and at most 6 days ahead")
    check_size(command.attributes)
    linked = _linked(turn, command)
    links = linked.links + 1 if linked is not None and command.previous is not None else 0
    if links > MAX_LINKED:
        raise limit_exceeded(f"At most {MAX_LINKED} tasks may be linked to one contact")
    contact = open_contact(
        turn,
        channel="TASK",
        method="API",
        flow=flow,
        place="scheduled" if command.scheduled_at is not None else "created",
        initial_id=linked.initial_id if linked is not None and command.previous is not None else None,
        previous_id=command.previous,
        related_id=command.related,
        name=command.name,
        description=command.description,
        references=dict(command.references),
        scheduled_at=command.scheduled_at,
        expires_at=(command.scheduled_at or turn.now) + _life(command),
        template=command.template,
        created_by=command.by,
        segment_attributes=command.segment_attributes,
        links=links,
        queue=queue,
        target_agent=target,
        tags=dict(linked.tags) if linked is not None else {},
    )
    attributes = {**(linked.attributes if linked is not None else {}), **command.attributes}
    if attributes:
        turn.emit(e.AttributesSet(at=turn.now, contact=contact.id, chain=contact.initial_id, attributes=attributes))
    if command.scheduled_at is None:
        begin(turn, contact)
    return contact


def _linked(turn: Turn, command: StartTask) -> LinkedContact | None:
    """ROUT-94, BASE-221: attributes and user tags come along; an unfinished contact is newer than its record."""
    identifier = command.previous or command.related
    if identifier is None:
        return None
    contact = turn.state.contacts.get(identifier)
    if contact is None:
        if command.linked is None:
            raise not_found("Contact", identifier)
        return command.linked
    tags = {key: value for key, value in contact.tags.items() if not key.startswith("aws:")}
    return LinkedContact(
        initial_id=contact.initial_id, attributes=turn.attributes(contact), tags=tags, links=contact.links
    )


def open_contact(turn: Turn, *, channel: Channel, method: InitiationMethod, **members: Any) -> Contact:
    """Let a contact exist: its own id, its chain, the tags every contact has (BASE-219, REC-18)."""
    identifier = turn.new_id()
    initial = members.pop("initial_id", None) or identifier
    subtype = (members.get("segment_attributes") or {}).get("connect:Subtype") or SUBTYPES[channel]
    segment = {**(members.pop("segment_attributes", None) or {}), "connect:Subtype": subtype}
    tags = {**members.pop("tags", {}), "aws:connect:instanceId": turn.config.instance}
    endpoint = members.get("system_endpoint")
    if endpoint is not None:
        tags["aws:connect:systemEndpoint"] = endpoint.address
    contact = Contact(
        id=identifier,
        initial_id=initial,
        channel=channel,
        subtype=subtype,
        initiation_method=method,
        initiated_at=turn.now,
        segment_attributes=segment,
        tags=tags,
        updated_at=turn.now,
        **members,
    )
    turn.emit(e.ContactInitiated(at=turn.now, contact=contact))
    return turn.contact(identifier)


def begin(turn: Turn, contact: Contact) -> None:
    """The contact is there: hand it to its flow."""
    if contact.connected_to_system_at is None:
        turn.emit(e.ConnectedToSystem(at=turn.now, contact=contact.id))
    turn.emit(e.FlowEntered(at=turn.now, contact=contact.id))
    turn.intents.append(StartFlow(contact.id, "main", contact.flow))


def check_size(attributes: dict[str, str]) -> None:
    """User-defined attributes of a chain hold 32 KB at most (BASE-144)."""
    size = sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())
    if size > MAX_ATTRIBUTES:
        raise invalid_request(f"Contact attributes of {size} bytes exceed the limit of {MAX_ATTRIBUTES} bytes")


@fires("schedule")
def _scheduled_time_came(turn: Turn, words: list[str]) -> None:
    contact = turn.state.contacts.get(words[0])
    if contact is not None and contact.place == "scheduled":
        begin(turn, contact)


def _open_tasks(turn: Turn) -> list[Contact]:
    """Tasks that count against the quota: all that have begun and are not complete (BASE-38)."""
    if turn.indexes.channels.get("TASK", 0) < turn.config.quotas.tasks:
        return []
    return [c for c in turn.state.contacts.values() if c.channel == "TASK" and c.place != "scheduled"]


def _life(command: StartTask) -> int:
    """How long a task lives from its start."""
    if command.expires_in is None:
        return TASK_LIFE
    if not 0 < command.expires_in * MINUTE <= TASK_LIFE:
        raise invalid_parameter("A task expires after 1 minute at the least and 7 days at the most")
    return command.expires_in * MINUTE


def _task_target(turn: Turn, command: StartTask) -> tuple[str | None, str | None, str | None]:
    """(flow, queue, target agent): of the flow named, or of the quick connect."""
    if command.quick_connect is None:
        if command.flow is None:
            raise invalid_request("One of ContactFlowId, QuickConnectId and TaskTemplateId must be given")
        assignee = turn.config.user(command.assignee) if command.assignee is not None else None
        return command.flow, assignee.queue if assignee else None, assignee.id if assignee else None
    return quick_connect_target(turn, command.quick_connect)


def quick_connect_target(turn: Turn, identifier: str) -> tuple[str | None, str | None, str | None]:
    """(flow, queue, target agent) of a quick connect to a queue or a user."""
    quick_connect = turn.config.quick_connects.get(identifier)
    if quick_connect is None:
        raise ServiceError("ResourceNotFoundException", f"Quick connect {identifier} was not found")
    if quick_connect.type == "QUEUE":
        return quick_connect.flow, turn.config.queue(quick_connect.target).id, None
    if quick_connect.type == "USER":
        user = turn.config.user(quick_connect.target)
        return quick_connect.flow, user.queue, user.id
    raise invalid_request(f"Quick connect {quick_connect.name} leads to a phone number")
