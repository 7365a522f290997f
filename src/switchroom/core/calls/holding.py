"""Who of a call is live while a flow speaks to one side (BLK-087)."""

from switchroom.base.errors import invalid_request
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
    if state == "OffHold":
        join_legs(turn, call, contact.id, [customer, *agents])
