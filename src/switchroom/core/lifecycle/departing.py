"""A user is deleted while at work."""

from switchroom.core import events as e
from switchroom.core.agent import Agent
from switchroom.core.lifecycle.ending import clear, disconnect
from switchroom.core.turn import Turn


def depart(turn: Turn, agent: Agent) -> None:
    """Nothing stays with a user who is no more: offers go back to their queues, conversations end as if the agent
    had ended them (so that a disconnect flow can keep the customer), and after contact work is closed (ROUT-18)."""
    for identifier, slot in list(agent.slots.items()):
        if slot.state == "INCOMING":
            turn.emit(e.OfferWithdrawn(at=turn.now, contact=identifier, agent=agent.user))
        elif slot.live:
            disconnect(turn, turn.contact(identifier), "AGENT_DISCONNECT", by_party=True)
        if identifier in agent.slots:
            clear(turn, agent.user, identifier)
    if agent.logged_in_at is not None:
        turn.emit(e.LoggedOut(at=turn.now, agent=agent.user))
    offline = turn.config.status_of_type("OFFLINE")
    if agent.status != offline.id:
        turn.emit(e.StatusSet(at=turn.now, agent=agent.user, status=offline.id, status_type=offline.type))
