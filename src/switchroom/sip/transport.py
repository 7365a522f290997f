"""Where messages come from and go to, and how a byte stream is cut into messages (RFC 3261 section 18)."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Transport = Literal["udp", "tcp", "tls"]
HEAD_LIMIT = 32_768
BODY_LIMIT = 65_536
_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n)", re.IGNORECASE)


class Flow(NamedTuple):
    """The way a message came: answers go back the same way.

    `remote` is (IP address, port) of the peer. `local` names our own socket where there are several. `connection` is
    the number of the TCP or TLS connection, 0 for UDP. `peer_name` is the verified name in the peer's TLS certificate.
    """

    transport: Transport
    remote: tuple[str, int]
    local: tuple[str, int] = ("", 0)
    connection: int = 0
    peer_name: str = ""


class Destination(NamedTuple):
    """Somewhere to open a way to: a host name or IP address; the sockets resolve names and reuse connections."""

    transport: Transport
    host: str
    port: int


class Send(NamedTuple):
    """One message to be sent. `fallback` is where a new connection may be opened when that of `to` is gone."""

    to: Flow | Destination
    data: bytes
    fallback: Destination | None = None


class BrokenStream(ValueError):
    """The peer's bytes cannot be SIP; the connection must be closed."""


class StreamFramer:
    """Cuts a TCP or TLS stream into messages by Content-Length.

    `pings` counts the double CRLF keepalives that came since it was last read (RFC 5626 section 3.5.1); each wants
    one CRLF as its pong. Memory is bounded by the limits of head and body.
    """

    __slots__ = ("_buffer", "_searched", "pings")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self.pings = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` completes. Raises BrokenStream."""
        self._buffer += data
        while self._buffer:
            self._skip_blank_lines()
            end = self._buffer.find(b"\r\n\r\n", self._searched)
            if end < 0:
                if len(self._buffer) > HEAD_LIMIT:
                    raise BrokenStream("a head without an end")
                self._searched = max(0, len(self._buffer) - 3)
                return
            total = end + 4 + self._body_length(end)
            self._searched = end
            if len(self._buffer) < total:
                return
            message = bytes(self._buffer[:total])
            del self._buffer[:total]
            self._searched = 0
            yield message

    def _skip_blank_lines(self) -> None:
        blank = 0
        while self._buffer.startswith(b"\r\n", blank):
            blank += 2
        if blank:
            del self._buffer[:blank]
            self._searched = 0
            self.pings += blank // 4

    def _body_length(self, end: int) -> int:
        if end > HEAD_LIMIT:
            raise BrokenStream("a head too long")
        found = _LENGTH.search(self._buffer, 0, end + 2)
        length = int(found[1]) if found else 0
        if length > BODY_LIMIT:
            raise BrokenStream("a body too long")
        return length
