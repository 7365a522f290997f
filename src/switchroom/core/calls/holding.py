"""Who of a call is live while a flow speaks to one side (BLK-087).

In a transfer flow that an agent has started, the flow speaks to whoever is live: with the agent on hold the customer
may key in a card number that the agent neither sees nor hears.
"""

from switchroom.base.errors import invalid_request
from switchroom.core import voice_events as v
from switchroom.core.call import Leg
from switchroom.core.calls.legs import call_of, hold_leg, join_legs, resume_leg
from switchroom.core.contact import Contact
from switchroom.core.turn import Turn


def set_participants(turn: Turn, contact: Contact, state: str) -> None:
    """`AgentOnHold`: only the customer is live; `CustomerOnHold`: only the agent; `OffHold`: all together.

    Raises InvalidRequestException when customer or agent is not on the call.
    """
    call = call_of(turn, contact)
    customer = call.legs.get(call.customer or "")
    agents = [leg for leg in call.legs.values() if leg.kind == "AGENT" and leg.up]
    if customer is None or not agents:
        raise invalid_request("Customer and agent are not both on the call")
    live: list[Leg] = {"AgentOnHold": [customer], "CustomerOnHold": agents}.get(state, [customer, *agents])
    for leg in (customer, *agents):
        if leg in live:
            resume_leg(turn, call, leg)
        else:
            hold_leg(turn, call, leg)
    if contact.party is not None and contact.party != live[0].id:
        turn.emit(v.PartyChanged(at=turn.now, contact=contact.id, call=call.id, leg=live[0].id))
    if state == "OffHold":
        join_legs(turn, call, contact.id, [customer, *agents])
