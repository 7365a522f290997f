"""All browser legs of a media process, on the sockets of the audio engine."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Protocol

from switchroom.media.audio.api import AudioError, AudioEvent, OtherRtp, RawPacket
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.webrtc.dtls import Certificate
from switchroom.media.webrtc.leg import BrowserLeg, Changed, Closed, Connected, LegEvent, Lost
from switchroom.media.webrtc.sdp import AUDIO, AudioCodec
from switchroom.media.webrtc.video import VideoSwitch

log = logging.getLogger(__name__)


class BrowserListener(Protocol):
    """Who is told what becomes of browser legs."""

    def connected(self, leg: str, again: bool) -> None:
        """Sound flows; `again`: it did before."""

    def lost(self, leg: str, reason: str) -> None:
        """The browser is not heard any more, or a join led to nothing. It may come back by itself or join again."""

    def closed(self, leg: str) -> None:
        """The browser closed its connection: hung up, or the page went away. It may join again."""


class BrowserLegs:
    """Joins browsers to legs of the audio engine. Everything runs in the event loop's thread.

    `addresses`: IP addresses under which browsers reach this machine, best first (see `addresses.local_addresses`).
    """

    def __init__(
        self,
        engine: AudioEngine,
        listener: BrowserListener,
        *,
        addresses: Sequence[str],
        codecs: Sequence[AudioCodec] = AUDIO,
        certificate: Certificate | None = None,
    ) -> None:
        self._engine, self._listener = engine, listener
        self._addresses, self._codecs = tuple(addresses), tuple(codecs)
        self._certificate = certificate or Certificate()
        self._loop = asyncio.get_running_loop()
        self._legs: dict[str, BrowserLeg] = {}
        self._timers: dict[str, tuple[float, asyncio.TimerHandle]] = {}
        """By leg: when it is due, and the handle. (A handle of uvloop that is due at once cannot tell.)"""
        self._video = VideoSwitch(self._send_rtp)

    def __contains__(self, leg: str) -> bool:
        return leg in self._legs

    async def join(self, leg: str, offer: str) -> str:
        """Answer a browser's offer for a leg: its first, a further one, or one that takes the leg over after a loss.

        The first opens the leg in the engine. Raises BadOffer (nothing has changed then) and NoPortsError.
        """
        found = self._legs.get(leg)
        made = found is None
        if found is None:
            port = self._engine.open_leg(leg)
            found = BrowserLeg(
                self._certificate,
                tuple((host, port) for host in self._addresses),
                codecs=self._codecs,
                audio_ssrc=self._engine.ssrc(leg),
            )
        try:
            answer = found.join(offer, self._loop.time())
        except ValueError:
            if made:
                self._engine.close_leg(leg)
            raise
        self._legs[leg] = found
        self._settle(leg, found)
        return answer

    def handle(self, event: AudioEvent) -> bool:
        """Take an event of the engine; True if it belonged to a browser leg's transport."""
        if isinstance(event, RawPacket):
            leg = self._legs.get(event.leg)
            if leg is None:
                return False
            try:
                leg.receive(event.data, event.address, self._loop.time())
            except Exception:  # one leg's trouble must not keep the events of others
                log.exception("browser leg %s: a datagram of %d bytes", event.leg, len(event.data))
            self._settle(event.leg, leg)
            return True
        if isinstance(event, OtherRtp) and event.leg in self._legs:
            self._video.take(event.leg, event.data, self._loop.time())
            return True
        return False

    def show_video(self, room: str, legs: Sequence[tuple[str, bool]]) -> None:
        """The browser legs of one call that may see each other, each with whether it may send video (CHAT-03).

        Given again it replaces what was said of the room; empty when the room is over.
        """
        self._video.show(room, legs, self._loop.time())

    def leave(self, leg: str) -> None:
        """The leg is over: say goodbye, close it in the engine. Unknown legs are fine."""
        found = self._legs.pop(leg, None)
        if found is None:
            return
        found.close()
        self._flush(leg, found)
        self._video.remove(leg, self._loop.time())
        timer = self._timers.pop(leg, None)
        if timer is not None:
            timer[1].cancel()
        try:
            self._engine.close_leg(leg)
        except AudioError:
            log.debug("leg %s was closed already", leg)

    def _settle(self, name: str, leg: BrowserLeg) -> None:
        """Send and tell what a step left behind, and arrange for the next."""
        self._flush(name, leg)
        events, leg.events = leg.events, []
        for event in events:
            self._happened(name, leg, event)
        if self._legs.get(name) is leg:
            self._arm(name, leg)

    def _flush(self, name: str, leg: BrowserLeg) -> None:
        datagrams, leg.outbox = leg.outbox, []
        for data, address in datagrams:
            try:
                self._engine.send_raw(name, data, address)
            except (AudioError, OSError):
                log.debug("leg %s: nothing can be sent to %s", name, address)

    def _happened(self, name: str, leg: BrowserLeg, event: LegEvent) -> None:
        try:
            match event:
                case Connected(media, again, fresh):
                    self._engine.connect_leg(name, media)
                    self._video.speaks(name, leg.video, leg.video_ssrc, self._loop.time(), fresh=fresh)
                    self._listener.connected(name, again)
                case Changed(media):
                    self._engine.connect_leg(name, media)
                    self._video.speaks(name, leg.video, leg.video_ssrc, self._loop.time(), fresh=False)
                case Lost(reason):
                    log.info("browser leg %s is lost: %s", name, reason)
                    self._listener.lost(name, reason)
                case Closed():
                    self._listener.closed(name)
        except AudioError:
            log.warning("leg %s is gone from the audio engine", name)

    def _arm(self, name: str, leg: BrowserLeg) -> None:
        due = leg.due(self._loop.time())
        timer = self._timers.get(name)
        if due is None or (timer is not None and timer[0] <= due):
            return
        if timer is not None:
            timer[1].cancel()
        self._timers[name] = (due, self._loop.call_at(due, self._tick, name))

    def _tick(self, name: str) -> None:
        self._timers.pop(name, None)
        leg = self._legs.get(name)
        if leg is not None:
            leg.tick(self._loop.time())
            self._settle(name, leg)

    def _send_rtp(self, leg: str, packet: bytes) -> None:
        try:
            self._engine.send_rtp(leg, packet)
        except AudioError:
            log.debug("leg %s has no media for video", leg)


def local_addresses(bind: str, public: Sequence[str] = ()) -> list[str]:
    """Addresses to offer to browsers: the public ones of the settings, then this machine's, loopback last.

    `bind` is what the engine's sockets are bound to; a single address there is the only local one.
    """
    if bind not in ("0.0.0.0", "::", ""):  # noqa: S104
        return list(dict.fromkeys([*public, bind]))
    return list(dict.fromkeys([*public, *_interfaces(), "127.0.0.1"]))


def _interfaces() -> list[str]:
    """IPv4 addresses of the network interfaces, where the system tells; the one that leads out comes first."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.append(str(probe.getsockname()[0]))
        except OSError:
            log.debug("no route to the outside")
        found += [address for _, name in socket.if_nameindex() if (address := _address_of(probe, name))]
    return [address for address in found if not address.startswith(("127.", "0."))]


def _address_of(probe: socket.socket, interface: str) -> str:
    try:
        import fcntl

        answer = fcntl.ioctl(probe, 0x8915, interface.encode()[:15].ljust(256, b"\0"))
    except (ImportError, OSError):
        return ""
    return socket.inet_ntoa(answer[20:24])
