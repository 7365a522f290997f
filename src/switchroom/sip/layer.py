"""The transaction layer: which transaction a message belongs to, and the clock, output and names all of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from switchroom.sip.client_transaction import ClientTransaction, InviteClient, OtherClient
from switchroom.sip.message import Request, Response
from switchroom.sip.server_transaction import InviteServer, OtherServer, ServerTransaction
from switchroom.sip.timers import Timer, Timers
from switchroom.sip.transport import Destination, Flow, Send, Transport
from switchroom.sip.uri import escape_user, host_port
from switchroom.sip.via import COOKIE

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Local:
    """Where peers reach us: the advertised host (an IP address or a name) and the port of each transport."""

    host: str
    ports: Mapping[Transport, int]

    def contact(self, transport: Transport, user: str = "") -> str:
        """Our Contact, as a name-addr."""
        at = f"{escape_user(user)}@" if user else ""
        suffix = "" if transport == "udp" else f";transport={transport}"
        return f"<sip:{at}{host_port(self.host, self.ports.get(transport))}{suffix}>"


class Layer:
    """Transactions by their keys. `now` is set by whoever enters the agent, before anything else happens."""

    def __init__(self, local: Local, ids: Callable[[], str], user_agent: str) -> None:
        self.local = local
        self.ids = ids
        self.user_agent = user_agent
        self.now = 0.0
        self.output: list[Send] = []
        self.timers = Timers()
        self.clients: dict[tuple[str, str], ClientTransaction] = {}
        self.servers: dict[Key, ServerTransaction] = {}

    def after(self, delay: float, action: Callable[[], None]) -> Timer:
        """Do something in `delay` seconds."""
        return self.timers.at(self.now + delay, action)

    def send(self, to: Flow | Destination, data: bytes, fallback: Destination | None = None) -> None:
        """Put a message into the output."""
        self.output.append(Send(to, data, fallback))

    def request(
        self,
        request: Request,
        to: Flow | Destination,
        on_response: Callable[[Response], None],
        on_failure: Callable[[int, str], None],
        *,
        fallback: Destination | None = None,
        branch: str = "",
    ) -> ClientTransaction:
        """Send a request of ours in a transaction of its own. `on_failure` gets 408 or 503 when no answer comes."""
        branch = branch or COOKIE + self.ids()
        request.headers.fields["Via"] = [self.via(to.transport, branch)]
        kind = InviteClient if request.method == "INVITE" else OtherClient
        transaction = kind(self, request, branch, to, fallback, on_response, on_failure)
        self.clients[branch, request.method] = transaction
        transaction.start()
        return transaction

    def via(self, transport: Transport, branch: str) -> str:
        """The Via of a request of ours."""
        sent_by = host_port(self.local.host, self.local.ports.get(transport))
        return f"SIP/2.0/{transport.upper()} {sent_by};branch={branch};rport"

    def receive_response(self, response: Response) -> None:
        """Hand a response to its transaction; one that nobody waits for is dropped."""
        transaction = self.clients.get((response.via.branch, response.cseq[1]))
        if transaction is not None:
            transaction.receive(response)

    def find_server(self, request: Request) -> ServerTransaction | None:
        """The transaction that a request repeats or, for ACK, ends."""
        return self.servers.get(server_key(request, "INVITE" if request.method == "ACK" else request.method))

    def find_invite(self, cancel: Request) -> ServerTransaction | None:
        """The INVITE that a CANCEL means."""
        return self.servers.get(server_key(cancel, "INVITE"))

    def serve(self, request: Request, flow: Flow, *, trusted: bool) -> ServerTransaction:
        """Make the transaction of a new request."""
        key = server_key(request, request.method)
        kind = InviteServer if request.method == "INVITE" else OtherServer
        transaction = self.servers[key] = kind(self, request, key, flow, trusted)
        transaction.start()
        return transaction


def server_key(request: Request, method: str) -> Key:
    """What names a transaction at the server (RFC 3261 section 17.2.3), also for peers without the magic cookie."""
    via = request.via
    if via.branch.startswith(COOKIE) and len(via.branch) > len(COOKIE):
        return via.branch, via.host, str(via.port), method
    return (
        request.uri,
        request.from_.tag,
        request.call_id,
        str(request.cseq[0]),
        via.host,
        str(via.port),
        via.branch,
        method,
    )
