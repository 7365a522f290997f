"""What the calls, registrations and pings of one agent share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from switchroom.sip.events import Event
from switchroom.sip.layer import Layer
from switchroom.sip.message import Message, Request, Response
from switchroom.sip.multipart import join_parts
from switchroom.sip.sdp import Session, parse_sdp

if TYPE_CHECKING:
    from switchroom.sip.call import Call

Lines = Iterable[tuple[str, str]]
ALLOW = "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, OPTIONS, REFER, NOTIFY"
SUPPORTED = "100rel, timer, replaces, norefersub"
EXTENSIONS = frozenset({"100rel", "timer", "replaces", "norefersub"})
SDP = "application/sdp"
CAPABILITIES = [("Allow", ALLOW), ("Accept", SDP), ("Supported", SUPPORTED)]


class Context:
    """The transaction layer, the events for the owner and the calls by their names."""

    def __init__(self, layer: Layer, session_expires: int, min_se: int) -> None:
        self.layer = layer
        self.session_expires = session_expires
        self.min_se = min_se
        self.events: list[Event] = []
        self.calls: dict[str, Call] = {}
        self.dialogs: dict[tuple[str, str, str], Call] = {}
        self.wake: Callable[[], None] | None = None

    def enter(self, now: float) -> None:
        """The owner does something: the clock moves, and there may be output afterwards."""
        self.layer.now = max(now, self.layer.now)
        if self.wake is not None:
            self.wake()

    def emit(self, event: Event) -> None:
        """Tell the owner."""
        self.events.append(event)

    def dress(self, message: Message, lines: Lines = ()) -> None:
        """Add our name and the owner's own headers."""
        fields = message.headers.fields
        fields["User-Agent" if isinstance(message, Request) else "Server"] = [self.layer.user_agent]
        for name, value in lines:
            message.headers.add(name, value)

    def answer(self, request: Request, code: int, reason: str = "", lines: Lines = (), tag: str = "") -> Response:
        """A response with our name in it."""
        response = request.response(code, reason, tag or self.layer.ids())
        self.dress(response, lines)
        return response


def read_sdp(message: Message) -> Session | None:
    """The session description in a message. Raises BadSdp."""
    body = message.part(SDP) if message.body else None
    return None if body is None else parse_sdp(body)


def put_body(message: Message, sdp: Session | None, parts: Iterable[tuple[str, bytes]] = ()) -> None:
    """Set the body: a session description, other parts, or all of them as multipart/mixed."""
    bodies = [*([(SDP, sdp.encode())] if sdp is not None else []), *parts]
    if not bodies:
        return
    if len(bodies) == 1:
        kind, message.body = bodies[0]
        message.headers.set("Content-Type", kind)
        return
    message.body, boundary = join_parts(bodies)
    message.headers.set("Content-Type", f'multipart/mixed;boundary="{boundary}"')
    message.headers.set("MIME-Version", "1.0")
