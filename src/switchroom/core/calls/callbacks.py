"""Queued callbacks: asked for in a flow, waiting without the customer, dialled when an agent is there (CB1)."""

from msgspec.structs import replace

from switchroom.base.clock import DAY, MINUTE, SECOND
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core import voice_events as v
from switchroom.core.calls.admission import admit
from switchroom.core.calls.legs import end_leg
from switchroom.core.contact import CallbackTerms, Contact, Endpoint
from switchroom.core.lifecycle.ending import disconnect, fail_slot
from switchroom.core.lifecycle.queueing import check_entry, enqueue, succeed
from switchroom.core.turn import StopFlow, Turn, fires

LIFE = 7 * DAY
"""A callback that nobody has taken by then is dropped (FLOW-99)."""
FULL_AGAIN = MINUTE
"""When a full queue is tried again."""


def create_callback(
    turn: Turn, contact: Contact, *, queue: str | None, delay_seconds: int, retry_seconds: int, maximum: int
) -> Contact:
    """FLOW-95..97: a contact of its own that keeps the place in line. `maximum`: calls to the customer in all.

    A full queue takes none (FLOW-100).
    """
    number = contact.callback_number or (contact.customer_endpoint.address if contact.customer_endpoint else None)
    if number is None:
        raise invalid_request("No callback number is set")
    target = turn.config.queue(queue or contact.queue or "")
    check_entry(turn, target, moved=False)
    admit_callback(turn, number)
    callback = succeed(
        turn,
        contact,
        "CALLBACK",
        queue=target.id,
        arrival_at=contact.arrival_at if contact.arrival_at is not None else contact.initiated_at,
        customer_endpoint=Endpoint(number),
        callback_number=number,
        expires_at=turn.now + LIFE,
        call=None,
        party=None,
        flows={key: flow for key, flow in contact.flows.items() if key not in ("disconnect", "customer_queue")},
    )
    schedule(turn, callback, delay_seconds * SECOND, CallbackTerms(maximum, retry_seconds))
    return callback


def admit_callback(turn: Turn, number: str) -> None:
    """Whether the number may be called, without the quota of calls that is for later."""
    try:
        admit(turn, number)
    except ServiceError as refusal:
        if refusal.code != "LimitExceededException":
            raise


def schedule(turn: Turn, contact: Contact, delay: int, terms: CallbackTerms) -> None:
    """Wait for `delay` ms, then enter the queue."""
    turn.emit(v.CallbackScheduled(at=turn.now, contact=contact.id, due_at=turn.now + delay, terms=terms))
    if not delay:
        _enqueue(turn, contact)


@fires("callback")
def _callback_due(turn: Turn, words: list[str]) -> None:
    contact = turn.state.contacts.get(words[0])
    if contact is not None and contact.place == "scheduled":
        _enqueue(turn, contact)


def _enqueue(turn: Turn, contact: Contact) -> None:
    """FLOW-100: the queue's buffer of 20 % is open to it; when that is full too it tries again."""
    try:
        enqueue(turn, contact, moved=True)
    except ServiceError:
        terms = contact.callback or CallbackTerms()
        turn.emit(v.CallbackScheduled(at=turn.now, contact=contact.id, due_at=turn.now + FULL_AGAIN, terms=terms))
        return
    turn.emit(v.CallbackQueued(at=turn.now, contact=contact.id))


def tried(turn: Turn, contact: Contact) -> None:
    """The customer is being called once more."""
    terms = contact.callback or CallbackTerms()
    counted = replace(terms, attempts=terms.attempts + 1)
    turn.emit(v.CallbackTried(at=turn.now, contact=contact.id, terms=counted))


def failed(turn: Turn, contact: Contact, error: str, *, retry: bool = True) -> None:
    """The agent accepted and the customer was not reached: again after a while, or over (FLOW-97)."""
    call = turn.state.call_of(contact)
    for purpose in ("agent_whisper", "outbound_whisper"):
        turn.intents.append(StopFlow(contact.id, purpose))
    fail_slot(turn, contact, error)
    terms = contact.callback or CallbackTerms()
    if not retry or terms.attempts >= terms.maximum:
        disconnect(turn, contact, "OTHER")
        return
    schedule_again(turn, contact, terms)
    if call is not None:
        for leg in list(call.legs.values()):
            end_leg(turn, call, leg)
        turn.emit(v.CallClosed(at=turn.now, contact=contact.id, call=call.id, media=call.media))


def schedule_again(turn: Turn, contact: Contact, terms: CallbackTerms) -> None:
    """After the time between attempts."""
    due = turn.now + terms.retry_seconds * SECOND
    turn.emit(v.CallbackScheduled(at=turn.now, contact=contact.id, due_at=due, terms=terms))
