"""One browser's leg without sockets: datagrams and time in, datagrams and events out.

A leg outlives its transport. The same browser may offer again (another track, an ICE restart), and after a loss or a
reload a new RTCPeerConnection may take the leg over; the answer then begins a new DTLS association.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from switchroom.media.audio.api import LegMedia
from switchroom.media.webrtc.dtls import Certificate, Dtls, looks_like_dtls
from switchroom.media.webrtc.ice import CONSENT_S, Credentials, IceLite
from switchroom.media.webrtc.sdp import (
    AUDIO,
    Answer,
    AudioCodec,
    Offer,
    VideoChoice,
    new_session_id,
    new_ssrc,
    read_offer,
    write_answer,
)
from switchroom.media.webrtc.stun import Address, looks_like_stun

State = Literal["new", "connecting", "connected", "lost", "closed"]


@dataclass(frozen=True, slots=True)
class Connected:
    """Sound may flow: keys are agreed and the address is known. `again` after a loss or a new join."""

    media: LegMedia
    again: bool
    fresh: bool
    """The keys are new: another RTCPeerConnection than before."""


@dataclass(frozen=True, slots=True)
class Changed:
    """While connected: another address, another codec, or sending stops until the new transport is up."""

    media: LegMedia


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing valid came for 15 s, or the join led to nothing. The same browser may return, or join again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The browser closed the connection (close_notify): on purpose, or because its page went away."""


LegEvent: TypeAlias = Connected | Changed | Lost | Closed


class BrowserLeg:
    """The transport of one leg: ICE-lite and DTLS-SRTP on one address."""

    def __init__(
        self,
        certificate: Certificate,
        addresses: tuple[Address, ...],
        *,
        codecs: tuple[AudioCodec, ...] = AUDIO,
        audio_ssrc: int = 0,
    ) -> None:
        """`addresses`: where the browser finds us, best first; `codecs`: best first."""
        self.state: State = "new"
        self.outbox: list[tuple[bytes, Address]] = []
        """Datagrams to be sent; whoever sends them takes them out."""
        self.events: list[LegEvent] = []
        self.video_ssrc = new_ssrc()
        self._certificate, self._addresses, self._codecs = certificate, addresses, codecs
        self._audio_ssrc = audio_ssrc or new_ssrc()
        self._session_id, self._version = new_session_id(), 0
        self._offer: Offer | None = None
        self._ice: list[IceLite] = []
        """The present session, and after an ICE restart the one before until the new one is nominated."""
        self._dtls: Dtls | None = None
        self._joined_at = 0.0
        self._remote: Address | None = None
        self._connected: Dtls | None = None
        """The association that was connected last."""

    @property
    def video(self) -> VideoChoice | None:
        """The video agreed on last."""
        return self._offer.video if self._offer is not None else None

    # ------------------------------------------------------------------ offer and answer

    def join(self, sdp: str, now: float) -> str:
        """Take an offer; the answer. Raises BadOffer, and then nothing has changed."""
        offer = read_offer(sdp, self._codecs)
        same = self._continues(offer)
        if not same:
            self._begin(offer, now)
        elif self._offer is not None and self._offer.credentials != offer.credentials:
            self._restart_ice(offer, now)
        self._offer = offer
        self._version += 1
        if same and self.state == "connected":
            self.events.append(Changed(self._media()))
        return write_answer(offer, self._answer(offer))

    def _continues(self, offer: Offer) -> bool:
        """Whether it is the RTCPeerConnection we know, whose keys go on."""
        before, dtls = self._offer, self._dtls
        if before is None or dtls is None or dtls.state not in ("new", "handshaking", "connected"):
            return False
        return (before.session, before.fingerprints) == (offer.session, offer.fingerprints)

    def _begin(self, offer: Offer, now: float) -> None:
        if self.state == "connected" and self._offer is not None:
            self.events.append(Changed(self._media(send=False)))
        if self._dtls is not None:
            self._send(self._dtls.close())  # whoever had the leg until now learns of it at once
        self._ice = [IceLite(Credentials.fresh(), offer.credentials)]
        self._dtls = Dtls(self._certificate, server=not offer.passive, fingerprints=offer.fingerprints)
        self._remote = None
        self._joined_at = now
        self.state = "connecting"

    def _restart_ice(self, offer: Offer, now: float) -> None:
        before = self._ice[0]
        self._ice = [IceLite(Credentials.fresh(), offer.credentials, before.remote), before]
        self._joined_at = now

    def _answer(self, offer: Offer) -> Answer:
        return Answer(
            credentials=self._ice[0].local,
            fingerprint=self._certificate.fingerprint,
            setup="active" if offer.passive else "passive",
            addresses=self._addresses,
            session_id=self._session_id,
            version=self._version,
            audio_ssrc=self._audio_ssrc,
            video_ssrc=self.video_ssrc,
        )

    def _media(self, *, send: bool = True) -> LegMedia:
        if self._offer is None or self._dtls is None:
            raise RuntimeError("no offer yet")
        audio = self._offer.audio
        name = audio.codec.name
        return LegMedia(
            codec="opus" if name.lower() == "opus" else name.upper(),  # type: ignore[arg-type]
            payload_type=audio.codec.payload,
            dtmf_payload_type=audio.events.payload if audio.events is not None else None,
            remote=self._remote,
            srtp=self._dtls.keys,
            send=send,
            latch=False,
            other_rtp=self._offer.video is not None,
            inband_digits=False,
            silent_after=0.0,
        )

    # ------------------------------------------------------------------ what arrives, and time

    def receive(self, data: bytes, source: Address, now: float) -> None:
        """Take a datagram that is not RTP. What is damaged or from a stranger is ignored."""
        if looks_like_stun(data):
            self._check(data, source, now)
        elif looks_like_dtls(data) and self._dtls is not None and any(one.valid(source) for one in self._ice):
            self._send(self._dtls.receive(data))
            self._follow_dtls()

    def tick(self, now: float) -> None:
        """Time has come to `due`."""
        if self._dtls is None:
            return
        left = self._dtls.timeout()
        if left is not None and left <= 0:
            self._send(self._dtls.tick())
            self._follow_dtls()
        if self.state in ("connecting", "connected") and now - self._heard_at() > CONSENT_S:
            self._lose("nothing was heard")

    def due(self, now: float) -> float | None:
        """When `tick` is wanted next, on the clock of `now`; None: not before something arrives."""
        times = []
        if self.state in ("connecting", "connected"):
            times.append(self._heard_at() + CONSENT_S + 0.01)
            left = self._dtls.timeout() if self._dtls is not None else None
            if left is not None:
                times.append(now + left)
        return min(times, default=None)

    def close(self) -> None:
        """Say goodbye; the last datagrams are in `outbox`."""
        if self._dtls is not None:
            self._send(self._dtls.close())
        self._ice, self.state = [], "closed"

    def _heard_at(self) -> float:
        return max([self._joined_at, *(one.heard_at for one in self._ice if one.heard_at is not None)])

    def _check(self, data: bytes, source: Address, now: float) -> None:
        for session in self._ice:
            answer = session.receive(data, source, now)
            if answer is not None:
                self.outbox.append((answer, source))
                self._follow_ice(session)
                return

    def _follow_ice(self, session: IceLite) -> None:
        if session is self._ice[0] and session.nominated:
            del self._ice[1:]
        if session.heard_at is None or self._dtls is None:
            return
        moved = self._remote != self._ice[0].remote
        self._remote = self._ice[0].remote
        if self._dtls.state == "new":
            self._send(self._dtls.start())
            self._follow_dtls()
        elif self.state == "lost" and self._dtls.state == "connected":
            self._connect()
        elif moved and self.state == "connected":
            self.events.append(Changed(self._media()))

    def _follow_dtls(self) -> None:
        if self._dtls is None:
            return
        match self._dtls.state:
            case "connected" if self.state in ("connecting", "lost"):
                self._connect()
            case "failed" if self.state != "lost":
                self._lose(self._dtls.reason)
                self._ice = []
            case "closed" if self.state != "closed":
                self._ice, self.state = [], "closed"
                self.events.append(Closed())
            case _:
                pass

    def _connect(self) -> None:
        self.state = "connected"
        fresh = self._dtls is not self._connected
        self.events.append(Connected(self._media(), again=self._connected is not None, fresh=fresh))
        self._connected = self._dtls

    def _lose(self, reason: str) -> None:
        if self.state == "connected":
            self.events.append(Changed(self._media(send=False)))
        self.state = "lost"
        self.events.append(Lost(reason))

    def _send(self, datagrams: list[bytes]) -> None:
        if self._remote is not None:
            self.outbox += [(datagram, self._remote) for datagram in datagrams]
