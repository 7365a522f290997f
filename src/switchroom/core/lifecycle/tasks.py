"""What only tasks do: pause, resume, move to another time (foundations.md B7)."""

from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request, limit_exceeded
from switchroom.core import events as e
from switchroom.core.commands import PauseContact, RescheduleContact, ResumeContact
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.queueing import withdraw
from switchroom.core.lifecycle.starting import SCHEDULE_HORIZON
from switchroom.core.turn import StartFlow, StopFlow, Turn, handles

MAX_PAUSES = 10
MAX_RESCHEDULES = 20


@handles(PauseContact)
def pause(turn: Turn, command: PauseContact) -> None:
    """A queued task leaves its queue; one with an agent frees the slot (ROUT-81, BASE-81)."""
    if command.holder is not None:
        turn.slot(command.holder, command.contact)
    contact = _task(turn, command.contact)
    if contact.place == "scheduled":
        raise invalid_request("A scheduled task cannot be paused before its time")
    if contact.paused_at is not None:
        raise ServiceError("ConflictException", f"Task {contact.id} is already paused")
    if contact.pause_count >= MAX_PAUSES:
        raise limit_exceeded(f"A task may be paused at most {MAX_PAUSES} times")
    holder = contact.agent.user if contact.place == "agent" and contact.agent else None
    if holder is not None:
        if _paused_at(turn, holder) >= _task_capacity(turn, holder):
            raise limit_exceeded("The agent has as many paused tasks as the routing profile's task limit")
        if turn.slot(holder, contact.id).state != "CONNECTED":
            raise invalid_request("Only a connected task can be paused")
    withdraw(turn, contact)
    if contact.place == "queue":
        turn.intents.append(StopFlow(contact.id, "customer_queue"))
    turn.emit(e.Paused(at=turn.now, contact=contact.id))
    flow = command.flow or contact.flows.get("pause")
    if flow is not None:
        turn.intents.append(StartFlow(contact.id, "pause", flow))


@handles(ResumeContact)
def resume(turn: Turn, command: ResumeContact) -> None:
    """With an agent: connected again at once, over capacity too. Unassigned: the resume flow queues it (ROUT-82)."""
    if command.holder is not None:
        turn.slot(command.holder, command.contact)
    resume_paused(turn, _task(turn, command.contact), command.flow)


def resume_paused(turn: Turn, contact: Contact, flow: str | None = None) -> None:
    """Resume a task; `flow` replaces the flow at contact resume. Raises ConflictException when it is not paused."""
    if contact.paused_at is None:
        raise ServiceError("ConflictException", f"Task {contact.id} is not paused")
    turn.emit(e.Resumed(at=turn.now, contact=contact.id))
    flow = flow or contact.flows.get("resume")
    if flow is not None:
        turn.intents.append(StartFlow(contact.id, "resume", flow))


@handles(RescheduleContact)
def reschedule(turn: Turn, command: RescheduleContact) -> None:
    """ROUT-93: while it has not begun, at most 20 times, at most 6 days ahead."""
    contact = _task(turn, command.contact)
    if contact.place != "scheduled":
        raise invalid_request("Only a task whose time has not come can be rescheduled")
    if contact.reschedules >= MAX_RESCHEDULES:
        raise limit_exceeded(f"A task may be rescheduled at most {MAX_RESCHEDULES} times")
    if not turn.now <= command.scheduled_at <= turn.now + SCHEDULE_HORIZON:
        raise invalid_parameter("ScheduledTime must not be in the past and at most 6 days ahead")
    turn.emit(e.ContactScheduled(at=turn.now, contact=contact.id, scheduled_at=command.scheduled_at))


def _task(turn: Turn, identifier: str) -> Contact:
    contact = turn.contact(identifier)
    if contact.channel != "TASK":
        raise invalid_request(f"Contact {identifier} is not a task")
    if contact.place == "ended":
        raise invalid_request(f"Task {identifier} has ended")
    return contact


def _paused_at(turn: Turn, agent: str) -> int:
    return sum(slot.state == "PAUSED" for slot in turn.agent(agent).slots.values())


def _task_capacity(turn: Turn, agent: str) -> int:
    user = turn.config.users.get(agent)
    profile = turn.config.profiles.get(user.profile) if user else None
    return profile.routing.capacity.get("TASK", 0) if profile else 0
