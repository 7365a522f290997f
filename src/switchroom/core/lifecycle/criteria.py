"""Routing criteria on a contact: the sets it has had, and the step in force (routing.md section 9)."""

from typing import Any

from switchroom.core import events as e
from switchroom.core.contact import Contact
from switchroom.core.routing import criteria as rules
from switchroom.core.routing.criteria import RoutingCriteria
from switchroom.core.turn import Turn, fires


def activate(turn: Turn, contact: Contact) -> None:
    """The contact entered a queue: step 1 becomes active; in an agent queue only the time is kept (ROUT-49)."""
    if not contact.criteria or contact.queue is None:
        return
    queue = turn.config.queues.get(contact.queue)
    begin = rules.activate_without_effect if queue is not None and queue.agent else rules.activate
    _replace_last(turn, contact, begin(contact.criteria[-1], turn.now))


def replace_criteria(turn: Turn, contact: Contact, document: dict[str, Any], *, dynamic: bool = True) -> None:
    """A new set of criteria; the one in force is interrupted, three sets at most (ROUT-52)."""
    steps = rules.parse(document, dynamic=dynamic)
    rules.check_attributes(steps, turn.config.attributes)
    queue = turn.config.queues.get(contact.queue or "")
    in_queue = contact.place == "queue" and queue is not None and queue.agent is None
    history = rules.apply(contact.criteria, steps, turn.now, in_queue=in_queue)
    turn.emit(e.CriteriaChanged(at=turn.now, contact=contact.id, criteria=history))


def carried_on(contact: Contact) -> list[RoutingCriteria]:
    """What the next segment of a contact has: the last set from its first step; none once an agent joined (ROUT-53)."""
    return [rules.restart(contact.criteria[-1])] if contact.criteria and contact.place != "agent" else []


def joined(turn: Turn, contact: Contact) -> None:
    """The agent accepted: the active step is joined."""
    if contact.criteria:
        _replace_last(turn, contact, rules.join(contact.criteria[-1]))


def deactivated(turn: Turn, contact: Contact) -> None:
    """The contact is over: open steps are given up."""
    if contact.criteria:
        _replace_last(turn, contact, rules.deactivate(contact.criteria[-1]))


def _replace_last(turn: Turn, contact: Contact, criteria: RoutingCriteria) -> None:
    if criteria != contact.criteria[-1]:
        history = [*contact.criteria[:-1], criteria]
        turn.emit(e.CriteriaChanged(at=turn.now, contact=contact.id, criteria=history, steps=True))


@fires("criteria")
def _step_expired(turn: Turn, words: list[str]) -> None:
    """ROUT-50: the next step is active, or any agent of the queue will do."""
    contact = turn.state.contacts.get(words[0])
    if contact is not None and contact.criteria:
        _replace_last(turn, contact, rules.expire(contact.criteria[-1], turn.now))
