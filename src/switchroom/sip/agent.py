"""The user agent: bytes and time in, bytes and events out.

agent = UserAgent(local=Local("192.0.2.1", {"udp": 5060, "tcp": 5060}), ids=lambda: secrets.token_hex(12))
agent.receive(data, Flow("udp", ("198.51.100.7", 5060)), now)
for event in agent.take_events():
    match event:
        case Incoming(call, request, _, sdp):
            if sdp is None: ...                                    # the caller wants our offer: answer(make_offer(...))
            answer, agreed = make_answer(sdp, Capabilities(host, rtp_port), session_id=1)
            call.ring(now=now)
            call.answer(answer, now=now)                           # agreed: where to send which codec
        case Ended(call):
            ...
for send in agent.take_output():
    socket.sendto(send.data, send.to)                              # media/sip_sockets.py does all this
agent.tick(now)                                                    # at the time of agent.next_timer()

call = agent.invite("sip:+15550123@trunk.example", Destination("udp", "trunk.example", 5060),
                    from_=Address("sip:+15550100@192.0.2.1", "Switchroom"), sdp=offer, now=now)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from switchroom.sip.call import Call
from switchroom.sip.digest import Accounts, Credentials
from switchroom.sip.events import Binding, Event, Replaces
from switchroom.sip.screening import Screen
from switchroom.sip.sdp import Session
from switchroom.sip.transport import Destination, Flow, Send, Transport
from switchroom.sip.uri import Address


@dataclass(frozen=True, slots=True)
class Local:
    """Where peers reach us: the advertised host (an IP address or a name) and the port of each transport."""

    host: str
    ports: Mapping[Transport, int]


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration to keep up at a trunk: address of record, where to, and how to prove it. `expires` in seconds."""

    aor: str
    destination: Destination
    credentials: Credentials | None = None
    expires: int = 3600
    registrar: str = ""
    contact_user: str = ""


class UserAgent:
    """All calls, registrations and pings of one set of sockets. Not thread-safe; nothing in it waits."""

    def __init__(
        self,
        *,
        local: Local,
        ids: Callable[[], str],
        user_agent: str = "Switchroom",
        screen: Screen | None = None,
        accounts: Accounts | None = None,
        realm: str = "switchroom",
        session_expires: int = 1800,
        min_se: int = 90,
    ) -> None:
        """`ids` makes unguessable texts of 16 or more letters and digits. `screen` is asked before any state is made
        for a request from outside; None lets everything in untrusted. `accounts` looks up who may prove itself by
        digest; without it nobody can, and REGISTER is refused. `wake` may be set to a function that is called when an
        operation outside of `receive` and `tick` has made output, events or an earlier timer."""
        self.wake: Callable[[], None] | None = None

    def receive(self, data: bytes, flow: Flow, now: float) -> None:
        """Take in one datagram or one message cut from a stream. Never raises."""

    def tick(self, now: float) -> None:
        """Let everything happen that is due."""

    def next_timer(self) -> float | None:
        """When `tick` wants to be called next."""
        return None

    def take_output(self) -> list[Send]:
        """What has to be sent now, in order."""
        return []

    def take_events(self) -> list[Event]:
        """What has happened, in order."""
        return []

    def transport_failed(self, to: Flow | Destination, now: float) -> None:
        """There is no way there (refused, name unknown, connection lost): what waits for an answer fails with 503."""

    def invite(
        self,
        target: str,
        destination: Destination | Flow,
        *,
        from_: Address,
        to: Address | None = None,
        sdp: Session | None,
        headers: list[tuple[str, str]] | None = None,
        body_parts: list[tuple[str, bytes]] | None = None,
        credentials: Credentials | None = None,
        replaces: Replaces | None = None,
        timeout: float = 180.0,
        now: float,
    ) -> Call:
        """Call `target`. `sdp` of None asks the peer for the offer. `body_parts` (media type, bytes) go along with the
        SDP as multipart/mixed. After `timeout` seconds without answer the call is given up and Failed with 408."""
        raise NotImplementedError

    def options(self, target: str, destination: Destination | Flow, *, now: float) -> str:
        """Ping; Pinged with the returned name follows."""
        raise NotImplementedError

    def register(self, registration: Registration, *, now: float) -> str:
        """Register and keep registered; Registered and RegistrationFailed with the returned name follow."""
        raise NotImplementedError

    def unregister(self, name: str, *, now: float) -> None:
        """Take a registration back."""

    def bindings(self, user: str, now: float) -> list[Binding]:
        """Where the phones of a user are, best first: call with `invite(binding.contact, binding.flow, ...)`."""
        return []

    def find(self, replaces: Replaces) -> Call | None:
        """The call that a Replaces names."""
        return None

    def calls(self) -> list[Call]:
        """Every call that is not over."""
        return []
