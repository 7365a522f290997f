"""A waiting contact is given to an agent from outside, past the matcher."""

from switchroom.base.errors import invalid_request
from switchroom.core.commands import AssignContact
from switchroom.core.lifecycle.ending import clear
from switchroom.core.lifecycle.offering import offer
from switchroom.core.lifecycle.queueing import withdraw
from switchroom.core.turn import Turn, handles


@handles(AssignContact)
def assign(turn: Turn, command: AssignContact) -> None:
    """The agent is chosen from outside: any status, over capacity too, but not a second call at a time."""
    contact, agent = turn.contact(command.contact), turn.agent(command.user)
    if contact.place != "queue" or contact.paused_at is not None:
        raise invalid_request("Only a contact that waits in a queue can be given to an agent")
    if contact.offered_to == agent.user:
        return
    if contact.channel == "VOICE" and any(slot.channel == "VOICE" for slot in agent.slots.values()):
        raise invalid_request("The agent has a call")
    withdraw(turn, contact)
    if contact.id in agent.slots:
        clear(turn, agent.user, contact.id)
    offer(turn, contact, agent.user)
