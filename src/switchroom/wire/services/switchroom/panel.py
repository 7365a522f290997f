"""What the embeddable panel needs beside the desk itself (DESK-153..157)."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import access_denied
from switchroom.resources.document import Document
from switchroom.wire.authenticate import session_token
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue
from switchroom.wire.services.switchroom.desktop import AGENT, agent_of


@operation("switchroom", "GetAgentConfiguration", permission=AGENT)
def get_agent_configuration(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-154: what `agent.getRoutingProfile()` and `agent.getEndpoints()` stand on."""
    instance, user = agent_of(call, request)
    found = catalogue(call)
    profile = found.find(instance, "routing-profile", found.get(instance, "user", user).body["RoutingProfileId"])
    body = profile.body if profile is not None else {}
    outbound = found.find(instance, "queue", body.get("DefaultOutboundQueueId") or "")
    identifiers = dict.fromkeys(entry["QueueId"] for entry in body.get("QueueConfigs") or ())
    queues = [queue for one in identifiers if (queue := found.find(instance, "queue", one)) is not None]
    return {
        "Queues": [_queue(queue) for queue in sorted(queues, key=lambda queue: queue.name)],
        "DefaultOutboundQueue": {"Id": outbound.id, "Arn": outbound.arn, "Name": outbound.name} if outbound else None,
    }


def _queue(queue: Document) -> dict[str, Any]:
    quick_connects = list(queue.body.get("QuickConnectIds") or ())
    return {"Id": queue.id, "Arn": queue.arn, "Name": queue.name, "QuickConnectIds": quick_connects}


@operation("switchroom", "ShareSession", auth="session")
async def share_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-157: a window of our own origin hands the session to a panel in a frame that gets no cookies."""
    token, _ = session_token(call.headers)
    if token is None or call.services.sessions is None:
        raise access_denied("You are not signed in")
    row = await call.services.sessions.row(token)
    return {"Token": token, "ExpiresAt": seconds(row.expires_at)}
