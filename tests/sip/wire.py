"""Two user agents and a network between them that a test holds in its hands: time, loss and what was said."""

import itertools
from collections.abc import Callable
from typing import TypeVar

from switchroom.sip.agent import Local, UserAgent
from switchroom.sip.digest import Account
from switchroom.sip.events import Event
from switchroom.sip.message import Request, Response
from switchroom.sip.parser import parse
from switchroom.sip.screening import Screen
from switchroom.sip.sdp import EVENTS, PCMA, PCMU, Session, parse_sdp
from switchroom.sip.transport import Destination, Flow, Transport

E = TypeVar("E")
SDP = parse_sdp(
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
CODECS = (PCMU, PCMA, EVENTS)
Message = Request | Response


def names(prefix: str) -> Callable[[], str]:
    """Names in order, so that a test runs the same way every time."""
    counter = itertools.count(1)
    return lambda: f"{prefix}{next(counter):06d}aaaaaaaaaa"


class Side:
    """One agent with an address of its own."""

    def __init__(
        self,
        host: str,
        *,
        screen: Screen | None = None,
        accounts: dict[str, Account] | None = None,
        session_expires: int = 0,
    ) -> None:
        self.host = host
        self.agent = UserAgent(
            local=Local(host, {"udp": 5060, "tcp": 5060, "tls": 5061}),
            ids=names(f"{host[-1]}x"),
            screen=screen,
            accounts=None if accounts is None else accounts.get,
            realm="test",
            session_expires=session_expires,
        )
        self.events: list[Event] = []

    def last(self, kind: type[E]) -> E:
        """The newest event of a kind."""
        return next(event for event in reversed(self.events) if isinstance(event, kind))

    def count(self, kind: type[E]) -> int:
        """How many events of a kind there were."""
        return sum(isinstance(event, kind) for event in self.events)

    @property
    def kinds(self) -> list[str]:
        """The names of all events so far."""
        return [type(event).__name__ for event in self.events]


class Wire:
    """Carries messages between `a` and `b` at once, unless `lose` says that one is lost. `said` is what was carried."""

    def __init__(self, a: Side | None = None, b: Side | None = None, transport: Transport = "udp") -> None:
        self.a = a or Side("192.0.2.1")
        self.b = b or Side("192.0.2.2")
        self.transport = transport
        self.now = 100.0
        self.said: list[tuple[str, Message]] = []
        self.lose: Callable[[Message], bool] = lambda message: False
        self.on_event: Callable[[Side, Event], None] | None = None

    @property
    def to_b(self) -> Destination:
        """The way from a to b."""
        return Destination(self.transport, self.b.host, 5060)

    def run(self, seconds: float = 0.0) -> None:
        """Let everything happen that happens in the next seconds."""
        end = self.now + seconds
        while True:
            self._carry()
            moments = [moment for side in (self.a, self.b) if (moment := side.agent.next_timer()) is not None]
            if not moments or min(moments) > end:
                break
            self.now = max(self.now, min(moments))
            for side in (self.a, self.b):
                side.agent.tick(self.now)
        self.now = end

    def _carry(self) -> None:
        moved = True
        while moved:
            moved = False
            for side, other in ((self.a, self.b), (self.b, self.a)):
                for event in side.agent.take_events():
                    moved = True
                    side.events.append(event)
                    if self.on_event is not None:
                        self.on_event(side, event)
                for send in side.agent.take_output():
                    moved = True
                    message = parse(send.data)
                    self.said.append((side.host[-1], message))
                    if not self.lose(message):
                        flow = Flow(self.transport, (side.host, 5060), (other.host, 5060), int(self.transport != "udp"))
                        other.agent.receive(send.data, flow, self.now)

    @property
    def talk(self) -> list[str]:
        """What was said, shortly: `1>INVITE`, `2>180`."""
        return [f"{who}>{brief(message)}" for who, message in self.said]

    def count(self, what: str) -> int:
        """How many messages of a kind were sent, lost ones included."""
        return sum(brief(message) == what for _, message in self.said)


def brief(message: Message) -> str:
    """`INVITE` or `200`."""
    return message.method if isinstance(message, Request) else str(message.code)


def sdp(host: str = "192.0.2.7", port: int = 4000) -> Session:
    """A session description."""
    return parse_sdp(SDP.encode().replace(b"192.0.2.7", host.encode()).replace(b" 4000 ", f" {port} ".encode()))
