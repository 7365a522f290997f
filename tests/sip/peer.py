"""One user agent and a peer whose messages a test writes itself."""

from switchroom.sip.message import Request, Response
from switchroom.sip.parser import Malformed, parse
from switchroom.sip.transport import Destination, Flow, Send, Transport
from tests.sip.wire import SDP, Side

BODY = SDP.encode()


class Peer:
    """Writes to the agent of `side` from 192.0.2.7:5070 and keeps what it says, newest last."""

    def __init__(self, side: Side | None = None, transport: Transport = "udp") -> None:
        self.side = side or Side("192.0.2.1")
        self.agent = self.side.agent
        self.flow = Flow(transport, ("192.0.2.7", 5070), ("192.0.2.1", 5060), int(transport != "udp"))
        self.way = Destination(transport, "192.0.2.7", 5070)
        self.now = 1000.0
        self.sends: list[Send] = []
        self.heard: list[Request | Response] = []

    def say(self, data: bytes | str) -> None:
        """Send bytes; LF in a text stands for CRLF."""
        if isinstance(data, str):
            data = data.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")
        self.agent.receive(data, self.flow, self.now)
        self.listen()

    def listen(self) -> None:
        """Take what the agent has to say."""
        for send in self.agent.take_output():
            self.sends.append(send)
            self.heard.append(read(send.data))
        self.side.events += self.agent.take_events()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        self.listen()
        while (moment := self.agent.next_timer()) is not None and moment <= end:
            self.now = max(self.now, moment)
            self.agent.tick(self.now)
            self.listen()
        self.now = end

    @property
    def codes(self) -> list[int]:
        """The codes of all responses so far."""
        return [message.code for message in self.heard if isinstance(message, Response)]

    @property
    def methods(self) -> list[str]:
        """The methods of all requests so far."""
        return [message.method for message in self.heard if isinstance(message, Request)]

    @property
    def response(self) -> Response:
        """The newest response."""
        return next(message for message in reversed(self.heard) if isinstance(message, Response))

    @property
    def request(self) -> Request:
        """The newest request."""
        return next(message for message in reversed(self.heard) if isinstance(message, Request))

    def ask(
        self,
        method: str,
        *lines: str,
        body: bytes = b"",
        branch: str = "",
        cseq: int = 1,
        to_tag: str = "",
        call_id: str = "c1",
        uri: str = "sip:+15550100@192.0.2.1",
        from_: str = "<sip:caller@192.0.2.7>;tag=f1",
    ) -> None:
        """Send a request."""
        tag = f";tag={to_tag}" if to_tag else ""
        head = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/{self.flow.transport.upper()} 192.0.2.7:5070;branch=z9hG4bK{branch or method + str(cseq)}",
            "Max-Forwards: 70",
            f"From: {from_}",
            f"To: <sip:+15550100@192.0.2.1>{tag}",
            f"Call-ID: {call_id}",
            f"CSeq: {cseq} {method}",
            "Contact: <sip:caller@192.0.2.7:5070>",
            *(["Content-Type: application/sdp"] if body and not any("Content-Type" in line for line in lines) else []),
            *lines,
            f"Content-Length: {len(body)}",
        ]
        self.say("\r\n".join([*head, "", ""]).encode() + body)

    def reply(
        self, request: Request, code: int, *lines: str, tag: str = "t1", body: bytes = b"", reason: str = "Because"
    ) -> None:
        """Answer a request of the agent."""
        copied = [
            f"{name}: {value}" for name in ("Via", "From", "Call-ID", "CSeq") for value in request.headers.all(name)
        ]
        to = request.headers.get("To") or ""
        if tag and "tag=" not in to:
            to = f"{to};tag={tag}"
        contact = [] if any(line.startswith("Contact") for line in lines) else ["Contact: <sip:callee@192.0.2.7:5070>"]
        head = [
            f"SIP/2.0 {code} {reason}",
            *copied,
            f"To: {to}",
            *contact,
            *(["Content-Type: application/sdp"] if body else []),
            *lines,
            f"Content-Length: {len(body)}",
        ]
        self.say("\r\n".join([*head, "", ""]).encode() + body)


def read(data: bytes) -> Request | Response:
    """A message of the agent; an answer to a damaged request carries its damage."""
    try:
        return parse(data)
    except Malformed:
        return Response(int(data.split(b" ", 2)[1]))
