"""Agents' statuses: chosen by the agent or a supervisor, never changed by handling contacts (routing.md section 11)."""

from switchroom.base.errors import invalid_parameter
from switchroom.core import events as e
from switchroom.core.agent import Agent, Link
from switchroom.core.commands import LogIn, LogOut, LoseAgent, SetStatus
from switchroom.core.lifecycle.ending import clear
from switchroom.core.lifecycle.queueing import withdraw
from switchroom.core.turn import Turn, handles


@handles(SetStatus)
def set_status(turn: Turn, command: SetStatus) -> None:
    """ROUT-64, ROUT-65: at once when nothing is going on, else as the next status; Available cancels that."""
    turn.config.user(command.agent)
    status = turn.config.status(command.status)
    if not status.enabled:
        raise invalid_parameter(f"Agent status {status.name} is disabled")
    agent = turn.agent(command.agent)
    if command.unattended:
        _link(turn, agent, "none")
    elif agent.link == "lost" and command.by == agent.user:
        _link(turn, agent, "open")
    for contact, slot in list(agent.slots.items()):
        if slot.state in ("MISSED", "REJECTED", "ERROR") or (slot.state == "ENDED" and status.type != "ROUTABLE"):
            clear(turn, command.agent, contact)
    if status.type != "ROUTABLE" and agent.slots:
        turn.emit(
            e.NextStatusSet(at=turn.now, agent=agent.user, status=status.id, status_type=status.type, by=command.by)
        )
        return
    if status.type == "ROUTABLE" and agent.next_status is not None:
        turn.emit(e.NextStatusSet(at=turn.now, agent=agent.user, by=command.by))
    if agent.status != status.id:
        turn.emit(e.StatusSet(at=turn.now, agent=agent.user, status=status.id, status_type=status.type, by=command.by))


@handles(LogIn)
def log_in(turn: Turn, command: LogIn) -> None:
    """The agent's desktop is open; the status is what it was (DESK-11)."""
    turn.config.user(command.agent)
    if turn.agent(command.agent).logged_in_at is None:
        turn.emit(e.LoggedIn(at=turn.now, agent=command.agent))
    _link(turn, turn.agent(command.agent), "open")


@handles(LogOut)
def log_out(turn: Turn, command: LogOut) -> None:
    """ROUT-66: Offline, at once or as the next status while contacts are in hand."""
    agent = turn.agent(command.agent)
    _link(turn, agent, "none")
    if agent.logged_in_at is not None:
        turn.emit(e.LoggedOut(at=turn.now, agent=command.agent))
    offline = turn.config.status_of_type("OFFLINE")
    set_status(turn, SetStatus(agent=command.agent, status=offline.id, by=command.agent))


@handles(LoseAgent)
def lose_agent(turn: Turn, command: LoseAgent) -> None:
    """ROUT-111: nothing more is offered, what was goes to another agent; the status stays, conversations go on."""
    agent = turn.agent(command.agent)
    if agent.link != "open":
        return
    _link(turn, agent, "lost")
    for identifier, slot in list(agent.slots.items()):
        contact = turn.state.contacts.get(identifier)
        if slot.state == "INCOMING" and contact is not None and contact.offered_to == agent.user:
            withdraw(turn, contact)


def _link(turn: Turn, agent: Agent, link: Link) -> None:
    if agent.link != link:
        turn.emit(e.LinkSet(at=turn.now, agent=agent.user, link=link))
