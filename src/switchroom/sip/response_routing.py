"""The way back: where a request really came from and where its responses go (RFC 3261 section 18.2, RFC 3581)."""

from switchroom.sip.headers import split_outside
from switchroom.sip.message import Request
from switchroom.sip.transport import Flow


def stamp(request: Request, flow: Flow) -> None:
    """Note in the topmost Via where the request really came from (RFC 3261 section 18.2.1, RFC 3581)."""
    via, (host, port) = request.via, flow.remote
    if "rport" in via.params:
        via.params["rport"] = str(port)
        via.params["received"] = host
    elif via.host != host:
        via.params["received"] = host
    else:
        return
    lines = request.headers.fields["Via"]
    rest = split_outside(lines[0], ",")[1:]
    lines[0] = ", ".join([str(via), *rest])


def reply_to(request: Request, flow: Flow) -> Flow:
    """Where the response to a request goes: the way it came; over UDP without rport to the port that Via names.

    `maddr` is not followed: a datagram would choose who receives our answer.
    """
    if flow.transport != "udp" or "rport" in request.via.params:
        return flow
    return flow._replace(remote=(flow.remote[0], request.via.port or 5060))
