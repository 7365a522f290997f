"""Requests and responses: what was received and what is sent, with the headers every layer asks for parsed once."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from switchroom.sip.headers import Headers, parse_parameters
from switchroom.sip.multipart import split_parts
from switchroom.sip.transport import Flow
from switchroom.sip.uri import Address, Uri, parse_address, parse_uri
from switchroom.sip.via import Via, parse_via

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
    200: "OK", 202: "Accepted", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily",
    305: "Use Proxy", 380: "Alternative Service", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
    407: "Proxy Authentication Required", 408: "Request Timeout", 410: "Gone", 413: "Request Entity Too Large",
    414: "Request-URI Too Long", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension",
    421: "Extension Required", 422: "Session Interval Too Small", 423: "Interval Too Brief",
    424: "Bad Location Information", 429: "Provide Referrer Identity", 469: "Bad Info Package",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 484: "Address Incomplete",
    485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event",
    491: "Request Pending", 493: "Undecipherable", 494: "Security Agreement Required", 500: "Server Internal Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
    505: "Version Not Supported", 513: "Message Too Large", 600: "Busy Everywhere", 603: "Decline",
    604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}  # fmt: skip


@dataclass(eq=False)
class Message(ABC):
    """What requests and responses share. `headers` may be changed until the message is encoded; `flow` is the way a
    received message came."""

    headers: Headers = field(default_factory=Headers, kw_only=True)
    body: bytes = field(default=b"", kw_only=True)
    flow: Flow | None = field(default=None, kw_only=True)

    @cached_property
    def via(self) -> Via:
        """The topmost Via."""
        return parse_via(self.headers.listed("Via")[0])

    @cached_property
    def from_(self) -> Address:
        """From, with its tag."""
        return parse_address(self.headers.get("From") or "")

    @cached_property
    def to(self) -> Address:
        """To, with its tag if there is a dialog."""
        return parse_address(self.headers.get("To") or "")

    @cached_property
    def cseq(self) -> tuple[int, str]:
        """The sequence number and the method."""
        number, _, method = (self.headers.get("CSeq") or "").strip().partition(" ")
        return int(number), method.strip()

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        return self.headers.get("Call-ID") or ""

    @cached_property
    def contact(self) -> Address | None:
        """The first Contact, or None when there is none or it is `*`."""
        listed = self.headers.listed("Contact")
        return parse_address(listed[0]) if listed and listed[0] != "*" else None

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The body as (media type, bytes): one part, or those of a multipart body."""
        kind = self.content_type
        if not kind.startswith("multipart/"):
            if self.body:
                yield kind, self.body
            return
        params = parse_parameters((self.headers.get("Content-Type") or "").partition(";")[2])
        yield from split_parts(self.body, params.get("boundary", ""))

    def part(self, kind: str) -> bytes | None:
        """The first part of a media type."""
        if self.content_type == kind:
            return self.body or None
        return next((payload for found, payload in self.parts() if found == kind), None)

    def encode(self) -> bytes:
        """The message as it goes on the wire; sets Content-Length."""
        self.headers.fields["Content-Length"] = [str(len(self.body))]
        lines = [self.start_line]
        for name, values in self.headers.fields.items():
            for value in values:
                lines.append(f"{name}: {value}")  # noqa: PERF401  two nested comprehensions are slower to read
        lines.append("\r\n")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body

    @property
    @abstractmethod
    def start_line(self) -> str:
        """The request line or the status line."""


@dataclass(eq=False)
class Request(Message):
    """A request. `uri` is the Request-URI as text."""

    method: str
    uri: str

    @property
    def start_line(self) -> str:
        return f"{self.method} {self.uri} SIP/2.0"

    @property
    def target(self) -> Uri:
        """The Request-URI taken apart. Raises BadUri."""
        return parse_uri(self.uri)

    def response(
        self, code: int, reason: str = "", to_tag: str = "", extra: Iterable[tuple[str, str]] = ()
    ) -> "Response":
        """A response to this request with the headers RFC 3261 section 8.2.6 wants copied."""
        mine = self.headers.fields
        response = Response(code, " ".join(reason.split()) or REASONS.get(code, "Unknown"))
        fields = response.headers.fields
        for name in ("Via", "From", "To", "Call-ID", "CSeq"):
            fields[name] = mine.get(name, [])
        if to_tag and not self.to.tag:
            fields["To"] = [f"{mine['To'][0]};tag={to_tag}"]
        if 100 < code < 300 and "Record-Route" in mine:
            fields["Record-Route"] = mine["Record-Route"]
        for name, value in extra:
            response.headers.add(name, value)
        return response


@dataclass(eq=False)
class Response(Message):
    """A response."""

    code: int
    reason: str = ""

    @property
    def start_line(self) -> str:
        return f"SIP/2.0 {self.code} {self.reason}"
