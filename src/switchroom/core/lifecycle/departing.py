"""A user is deleted while at work, a queue while contacts wait in it."""

from collections.abc import Set

from switchroom.core import events as e
from switchroom.core.agent import Agent
from switchroom.core.lifecycle.ending import clear, disconnect
from switchroom.core.lifecycle.queueing import withdraw
from switchroom.core.turn import Turn


def depart(turn: Turn, agent: Agent) -> None:
    """Nothing stays with a user who is no more: offers go back to their queues, conversations end as if the agent
    had ended them (so that a disconnect flow can keep the customer), and after contact work is closed (ROUT-18)."""
    for identifier, slot in list(agent.slots.items()):
        contact = turn.state.contacts.get(identifier)
        if contact is not None and contact.offered_to == agent.user:
            withdraw(turn, contact)
        elif contact is not None and slot.live:
            disconnect(turn, contact, "AGENT_DISCONNECT", by_party=True)
        if identifier in agent.slots:
            clear(turn, agent.user, identifier)
    if agent.logged_in_at is not None:
        turn.emit(e.LoggedOut(at=turn.now, agent=agent.user))
    offline = turn.config.status_of_type("OFFLINE")
    if agent.status != offline.id:
        turn.emit(e.StatusSet(at=turn.now, agent=agent.user, status=offline.id, status_type=offline.type))


def abandon(turn: Turn, queues: Set[str]) -> None:
    """Nobody will ever serve a queue that is no more: its contacts end, by their disconnect flows where they have one,
    which may queue them elsewhere."""
    for contact in list(turn.state.contacts.values()):
        if contact.place == "queue" and contact.stay is not None and contact.stay.queue in queues:
            disconnect(turn, contact, "OTHER", by_party=True)
