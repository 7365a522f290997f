"""Tasks that agents have paused, for the real-time page (ROUT-115); GetCurrentUserData has no such state."""

from typing import Any

from switchroom.base.clock import SECOND, seconds
from switchroom.views.realtime import Board
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import instance_of
from switchroom.wire.services.connect.current_metrics import WATCHING
from switchroom.wire.services.connect.current_users import within_reach


@operation("switchroom", "ListPausedTasks", permission=WATCHING)
async def list_paused_tasks(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Since when, how often, and for how long before."""
    instance = instance_of(call, request)
    board: Board = await call.services.views.realtime.board(instance)
    agents = within_reach(call, instance, board.moment.agents)
    paused = [slot for agent in agents for slot in agent.slots if slot.state == "PAUSED"]
    return {
        "Tasks": [
            {
                "ContactId": slot.contact,
                "PausedAt": seconds(slot.since),
                "PauseCount": slot.pauses,
                "PausedSeconds": slot.paused_ms // SECOND,
            }
            for slot in paused
        ]
    }
