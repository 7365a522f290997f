"""One TCP or TLS connection that carries SIP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from switchroom.sip.transport import BrokenStream, Destination, Flow, StreamFramer, Transport

if TYPE_CHECKING:
    from switchroom.media.sip_sockets import SipSockets

PONG = b"\r\n"
_BUFFERED = 1024 * 1024


class Connection(asyncio.Protocol):
    """Cuts the stream into messages, answers keepalives, knows how long it has been quiet.

    `destination` is what we connected to, None when the peer did.
    """

    def __init__(self, sockets: SipSockets, transport: Transport, destination: Destination | None = None) -> None:
        self.destination = destination
        self.number = 0
        self.messages = 0
        self.heard_at = sockets.now()
        self.flow = Flow(transport, ("", 0))
        self._sockets = sockets
        self._kind = transport
        self._framer = StreamFramer()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The peer is there (and, with TLS, proven)."""
        self._transport = stream = cast(asyncio.Transport, transport)
        peer, own = stream.get_extra_info("peername"), stream.get_extra_info("sockname")
        if not peer:
            stream.abort()
            return
        self.flow = Flow(self._kind, (peer[0], peer[1]))
        if not self._sockets.connected(self):
            stream.abort()
            return
        name = _certificate_name(stream.get_extra_info("peercert"))
        self.flow = Flow(self._kind, (peer[0], peer[1]), (own[0], own[1]), self.number, name)

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer."""
        self.heard_at = self._sockets.now()
        try:
            for message in self._framer.feed(data):
                self.messages += 1
                self._sockets.received(message, self.flow)
        except BrokenStream:
            self.close()
        if self._framer.pings:
            self._framer.pings = 0
            self.write(PONG)
        self._sockets.flush()

    def connection_lost(self, _error: Exception | None) -> None:
        """The connection is gone, whoever closed it."""
        self._sockets.disconnected(self)

    def write(self, data: bytes) -> None:
        """Send; a peer that does not read what it is sent is cut off."""
        stream = self._transport
        if stream is None or stream.is_closing():
            return
        if stream.get_write_buffer_size() > _BUFFERED:
            stream.abort()
            return
        stream.write(data)

    def close(self) -> None:
        """Close once everything is sent."""
        if self._transport is not None:
            self._transport.close()


def _certificate_name(certificate: dict[str, object] | None) -> str:
    """The first DNS name of a verified certificate."""
    names = cast("tuple[tuple[str, str], ...]", (certificate or {}).get("subjectAltName", ()))
    return next((name for kind, name in names if kind == "DNS"), "")
