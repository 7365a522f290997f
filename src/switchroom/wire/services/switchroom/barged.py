"""Where supervisors take part right now, for the real-time page (QUAL-126)."""

from typing import Any

from switchroom.views.realtime import Board
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import instance_of
from switchroom.wire.services.connect.current_metrics import WATCHING
from switchroom.wire.services.connect.current_users import within_reach


@operation("switchroom", "ListBargedContacts", permission=WATCHING)
async def list_barged_contacts(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The contacts of the agents, and of the supervisors themselves."""
    instance = instance_of(call, request)
    board: Board = await call.services.views.realtime.board(instance)
    agents = within_reach(call, instance, board.moment.agents)
    return {"ContactIds": [slot.contact for agent in agents for slot in agent.slots if slot.barged]}
