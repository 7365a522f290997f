"""Offer and answer for one audio stream (RFC 3264): what we offer, what we answer, and what both then do.

mine = Capabilities(host="192.0.2.1", port=40000, codecs=(PCMU, PCMA, EVENTS))
ours = make_offer(mine, session_id=1)                   # we call: send it, then
agreed = conclude(ours, theirs)                         # read the answer

ours, agreed = make_answer(theirs, mine, session_id=1)  # we are called
"""

from dataclasses import dataclass, replace
from typing import Literal

from switchroom.sip.sdp import EVENTS, KEY_BYTES, PCMA, PCMU, SUITES, Codec, Crypto, Direction, Media, Session

Srtp = Literal["off", "optional", "required"]
_EVENTS = "TELEPHONE-EVENT"
_MIRROR: dict[Direction, Direction] = {
    "sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive",
}  # fmt: skip


class NotAcceptable(ValueError):
    """Nothing in common: 488."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this side can do and where it listens. `codecs` in order of preference, with telephone-event among them.

    `key` is this side's SRTP master key and salt, 30 bytes, wanted unless `srtp` is `off`. `direction` is what this
    side wants: `sendonly` holds with music, `inactive` holds without.
    """

    host: str
    port: int
    codecs: tuple[Codec, ...] = (PCMU, PCMA, EVENTS)
    srtp: Srtp = "off"
    key: bytes = b""
    direction: Direction = "sendrecv"
    ptime: int = 20
    rtcp_mux: bool = True


@dataclass(frozen=True, slots=True)
class Srtps:
    """Both keys of an SRTP stream, each the 30 bytes of master key and salt."""

    suite: str
    local_key: bytes
    remote_key: bytes


@dataclass(frozen=True, slots=True)
class Agreed:
    """The stream both parties have agreed on.

    `codec.payload` is the number to send with; `receive_payload` is the number the peer will send with. The same for
    `events` (RFC 4733), None when the peer takes none. `direction` is what this side may do; the peer holds when we
    may not both send and receive without having asked for it. `remote` is (host, port) of the peer's RTP.
    """

    remote: tuple[str, int]
    codec: Codec
    receive_payload: int
    events: Codec | None
    receive_events: int | None
    direction: Direction
    ptime: int
    rtcp_mux: bool
    srtp: Srtps | None

    @property
    def sends(self) -> bool:
        """Whether this side may send."""
        return self.direction in ("sendrecv", "sendonly")

    @property
    def receives(self) -> bool:
        """Whether this side will hear something."""
        return self.direction in ("sendrecv", "recvonly")


def make_offer(mine: Capabilities, *, session_id: int, version: int = 1) -> Session:
    """An offer of audio. With `srtp` optional it is offered as RTP/AVP with keys, as RFC 8643 has it."""
    media = Media(
        "audio",
        mine.port,
        "RTP/SAVP" if mine.srtp == "required" else "RTP/AVP",
        tuple([str(codec.payload) for codec in mine.codecs]),
        mine.codecs,
        direction=mine.direction,
        ptime=mine.ptime,
        rtcp_mux=mine.rtcp_mux,
        crypto=_offered_crypto(mine),
    )
    return Session("switchroom", session_id, version, mine.host, host=mine.host, media=(media,))


def _offered_crypto(mine: Capabilities) -> tuple[Crypto, ...]:
    if mine.srtp == "off":
        return ()
    return tuple([Crypto(tag, suite, _checked(mine.key)) for tag, suite in enumerate(SUITES, 1)])


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"an SRTP key has {KEY_BYTES} bytes")
    return key


def make_answer(offer: Session, mine: Capabilities, *, session_id: int, version: int = 1) -> tuple[Session, Agreed]:
    """Answer an offer: the first audio section that can be agreed on, all others refused. Raises NotAcceptable."""
    media: list[Media] = []
    agreed: Agreed | None = None
    for theirs in offer.media:
        if agreed is None and theirs.kind == "audio" and theirs.port:
            found = _accept(offer, theirs, mine)
            if found is not None:
                agreed = found[1]
                media.append(found[0])
                continue
        media.append(Media(theirs.kind, 0, theirs.protocol, theirs.formats[:1]))
    if agreed is None:
        raise NotAcceptable("no audio in common")
    return Session("switchroom", session_id, version, mine.host, host=mine.host, media=tuple(media)), agreed


def _accept(offer: Session, theirs: Media, mine: Capabilities) -> tuple[Media, Agreed] | None:
    chosen = _choose_codec(theirs.codecs, mine.codecs)
    if chosen is None or not theirs.protocol.upper().startswith("RTP/"):
        return None
    crypto = next((one for one in theirs.crypto if one.suite in SUITES), None) if mine.srtp != "off" else None
    if crypto is None and (theirs.secure or mine.srtp == "required"):
        return None
    events = _choose_events(theirs.codecs, mine.codecs, chosen.rate)
    direction = _answer_direction(_direction(offer, theirs), mine.direction)
    ptime = theirs.ptime if theirs.ptime in (10, 20, 30, 40, 60) else mine.ptime
    codecs = (chosen,) if events is None else (chosen, events)
    answer = Media(
        "audio",
        mine.port,
        theirs.protocol,
        tuple([str(codec.payload) for codec in codecs]),
        codecs,
        direction=direction,
        ptime=ptime,
        rtcp_mux=theirs.rtcp_mux and mine.rtcp_mux,
        crypto=() if crypto is None else (Crypto(crypto.tag, crypto.suite, _checked(mine.key)),),
    )
    srtp = None if crypto is None else Srtps(crypto.suite, mine.key, crypto.key)
    return answer, _agreed(offer, theirs, answer, chosen, chosen.payload, events, srtp)


def _agreed(
    peer: Session, theirs: Media, ours: Media, codec: Codec, receive: int, events: Codec | None, srtp: Srtps | None
) -> Agreed:
    own_events = next((one.payload for one in ours.codecs if one.name.upper() == _EVENTS), None)
    return Agreed(
        (peer.host_of(theirs), theirs.port),
        codec,
        receive,
        events,
        None if events is None else own_events,
        ours.direction or "sendrecv",
        ours.ptime or 20,
        ours.rtcp_mux and theirs.rtcp_mux,
        srtp,
    )


def _choose_codec(theirs: tuple[Codec, ...], mine: tuple[Codec, ...]) -> Codec | None:
    """Their first codec that we speak, with their payload number: the order of the offer counts."""
    for one in theirs:
        if one.name.upper() != _EVENTS and any(one.same(other) for other in mine):
            return one
    return None


def _choose_events(theirs: tuple[Codec, ...], mine: tuple[Codec, ...], rate: int) -> Codec | None:
    if not any(one.name.upper() == _EVENTS for one in mine):
        return None
    found = [one for one in theirs if one.name.upper() == _EVENTS]
    return next((one for one in found if one.rate == rate), found[0] if found else None)


def _direction(session: Session, media: Media) -> Direction:
    """The direction of a peer's section; an address of zeros holds, as RFC 2543 had it."""
    stated = session.direction_of(media)
    if session.host_of(media) not in ("0.0.0.0", "::"):  # noqa: S104
        return stated
    return "sendonly" if stated in ("sendrecv", "sendonly") else "inactive"


def _answer_direction(offered: Direction, wanted: Direction) -> Direction:
    possible = _MIRROR[offered]
    sends = possible in ("sendrecv", "sendonly") and wanted in ("sendrecv", "sendonly")
    receives = possible in ("sendrecv", "recvonly") and wanted in ("sendrecv", "recvonly")
    if sends:
        return "sendrecv" if receives else "sendonly"
    return "recvonly" if receives else "inactive"


def conclude(ours: Session, answer: Session) -> Agreed:
    """What our offer and its answer agree on. Raises NotAcceptable."""
    offered = ours.media[0] if ours.media else None
    theirs = answer.media[0] if answer.media else None
    if offered is None or theirs is None or theirs.kind != "audio" or not theirs.port:
        raise NotAcceptable("audio was refused")
    codec = _choose_codec(theirs.codecs, offered.codecs)
    if codec is None:
        raise NotAcceptable("no codec in common")
    receive = next(one.payload for one in offered.codecs if one.same(codec))
    events = _choose_events(theirs.codecs, offered.codecs, codec.rate)
    srtp = _concluded_srtp(offered, theirs)
    direction = _answer_direction(_direction(answer, theirs), ours.direction_of(offered))
    return _agreed(answer, theirs, replace(offered, direction=direction), codec, receive, events, srtp)


def _concluded_srtp(offered: Media, theirs: Media) -> Srtps | None:
    for crypto in theirs.crypto:
        for mine in offered.crypto:
            if mine.tag == crypto.tag and mine.suite == crypto.suite:
                return Srtps(crypto.suite, mine.key, crypto.key)
    if offered.secure:
        raise NotAcceptable("the answer has no key")
    return None
