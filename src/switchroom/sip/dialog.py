"""A dialog: who talks to whom, along which route, with which sequence numbers (RFC 3261 section 12)."""

import ipaddress
from functools import lru_cache

from switchroom.sip.message import Message, Request, Response
from switchroom.sip.transport import Destination, Flow, Transport
from switchroom.sip.uri import Address, BadUri, Uri, parse_address, parse_uri

MAX_FORWARDS = "70"
_PORTS: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}


class Dialog:
    """The state both sides keep. `local` and `remote` are the From and To of our requests, tags included, as text."""

    __slots__ = (
        "allows_update", "call_id", "flow", "local", "local_sequence", "local_tag", "remote", "remote_sequence",
        "remote_tag", "routes", "target",
    )  # fmt: skip

    def __init__(self, call_id: str, local: str, local_tag: str, remote: str, remote_tag: str, target: str) -> None:
        self.call_id = call_id
        self.local, self.local_tag = local, local_tag
        self.remote, self.remote_tag = remote, remote_tag
        self.target = target
        self.routes: list[str] = []
        self.flow: Flow | Destination = Destination("udp", "", 0)
        self.local_sequence = 0
        self.remote_sequence: int | None = None
        self.allows_update = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the dialog here."""
        return self.call_id, self.local_tag, self.remote_tag

    def refresh(self, message: Message) -> None:
        """Take the peer's new Contact, its way and its abilities from a request or 2xx that may change them.
        Raises BadUri when the Contact is no place to send to."""
        if message.contact is not None:
            destination_of(message.contact.parsed, "udp")
            self.target = message.contact.uri
        if message.flow is not None:
            self.flow = message.flow
        if "Allow" in message.headers.fields:
            self.allows_update = "update" in message.headers.tokens("Allow")

    def request(self, method: str, *, sequence: int | None = None) -> Request:
        """A new request inside the dialog; ACK is given the sequence number of its INVITE."""
        if sequence is None:
            self.local_sequence += 1
            sequence = self.local_sequence
        uri, routes = self._routed()
        request = Request(method, uri)
        fields = request.headers.fields
        fields["Via"] = []
        fields["Max-Forwards"] = [MAX_FORWARDS]
        if routes:
            fields["Route"] = routes
        fields["From"] = [self.local]
        fields["To"] = [self.remote]
        fields["Call-ID"] = [self.call_id]
        fields["CSeq"] = [f"{sequence} {method}"]
        return request

    def _routed(self) -> tuple[str, list[str]]:
        """The Request-URI and the Route values (section 12.2.1.1)."""
        if not self.routes:
            return self.target, []
        first = parse_address(self.routes[0])
        if "lr" in first.parsed.params:
            return self.target, list(self.routes)
        return first.uri, [*self.routes[1:], f"<{self.target}>"]

    def next_hop(self) -> tuple[Flow | Destination, Destination | None]:
        """Where the next request goes, and where to when that connection is gone."""
        first = parse_address(self.routes[0]).parsed if self.routes else parse_uri(self.target)
        where = destination_of(first, self.flow.transport)
        if isinstance(self.flow, Flow):
            if self.flow.transport != "udp":
                return self.flow, where
            if where.transport == "udp" and not self.routes and _hidden(where.host, self.flow.remote[0]):
                return self.flow, None
        return where, None


def destination_of(uri: Uri, default: Transport) -> Destination:
    """Where a SIP URI points to; `default` is the transport when it names none. Raises BadUri for other URIs."""
    if uri.scheme not in ("sip", "sips") or not uri.host:
        raise BadUri("no place to send a request to")
    transport: Transport = default
    match uri.params.get("transport", "").lower():
        case "tcp":
            transport = "tcp"
        case "tls":
            transport = "tls"
        case "udp":
            transport = "udp"
    if uri.scheme == "sips":
        transport = "tls"
    return Destination(transport, uri.host, uri.port or _PORTS[transport])


@lru_cache(maxsize=1024)
def _private(host: str) -> bool | None:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return None


def _hidden(host: str, source: str) -> bool:
    """Whether a Contact is an address behind a NAT that the peer does not know of."""
    return host != source and _private(host) is True and _private(source) is False


def dialog_as_server(request: Request, tag: str) -> Dialog:
    """The dialog that our answer to an INVITE makes. Raises BadUri when the request cannot make one."""
    if request.contact is None:
        raise BadUri("Contact is missing")
    remote = request.headers.get("From") or ""
    local = f"{request.headers.get('To')};tag={tag}"
    dialog = Dialog(request.call_id, local, tag, remote, request.from_.tag, request.contact.uri)
    dialog.routes = request.headers.listed("Record-Route")
    dialog.remote_sequence = request.cseq[0]
    dialog.refresh(request)
    dialog.next_hop()
    return dialog


def dialog_as_client(request: Request, response: Response, to: Flow | Destination) -> Dialog:
    """The dialog that a response to our INVITE makes. Raises BadUri when the response cannot make one."""
    if response.contact is None:
        raise BadUri("Contact is missing")
    remote = response.headers.get("To") or ""
    local = request.headers.get("From") or ""
    dialog = Dialog(request.call_id, local, request.from_.tag, remote, response.to.tag, response.contact.uri)
    dialog.routes = response.headers.listed("Record-Route")[::-1]
    dialog.local_sequence = request.cseq[0]
    dialog.flow = to
    dialog.refresh(response)
    dialog.next_hop()
    return dialog


def address_of(value: str) -> Address:
    """From or To without its tag."""
    found = parse_address(value)
    return Address(found.uri, found.display)
