"""What a browser offers (RFC 8829) and what it is answered: one bundled transport, one audio codec, perhaps video."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from switchroom.media.webrtc.dtls import Fingerprint
from switchroom.media.webrtc.ice import Credentials
from switchroom.media.webrtc.stun import Address
from switchroom.sip.sdp import BadSdp, Codec, Direction, Media, Session, parse_sdp

AudioCodec = Literal["PCMU", "PCMA", "opus"]
AUDIO: tuple[AudioCodec, ...] = ("PCMU", "PCMA", "opus")
VIDEO = ("VP8", "H264")
_NOWHERE = "0.0.0.0"  # noqa: S104 - the address of a refused section
_FEEDBACK = ("ccm fir", "nack", "nack pli", "goog-remb")
_ANSWERS: dict[Direction, Direction] = {
    "sendrecv": "sendrecv",
    "sendonly": "recvonly",
    "recvonly": "sendonly",
    "inactive": "inactive",
}


def codec_order(names: str) -> tuple[AudioCodec, ...]:
    """The codecs of a setting such as `opus,PCMU`. Raises ValueError for one that is not spoken."""
    known = {name.lower(): name for name in AUDIO}
    wanted = [name.strip().lower() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise ValueError(f"codecs of browsers are {', '.join(AUDIO)}, not {', '.join(unknown) or 'none'}")
    return tuple(known[name] for name in wanted)


class BadOffer(ValueError):
    """An offer that cannot be answered."""


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """The audio that was agreed: `events` is the payload type of RFC 4733 digits, None without them."""

    mid: str
    codec: Codec
    events: Codec | None


@dataclass(frozen=True, slots=True)
class VideoChoice:
    """The video that was agreed. `feedback` are the RTCP messages both sides know."""

    mid: str
    codec: Codec
    feedback: tuple[str, ...]
    sending: bool
    """Whether the browser will send."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A browser's offer, understood. `session` tells one RTCPeerConnection from another."""

    session: tuple[str, int]
    credentials: Credentials
    fingerprints: tuple[Fingerprint, ...]
    passive: bool
    """The browser wants to be the DTLS server."""
    audio: AudioChoice
    video: VideoChoice | None
    sections: tuple[Media, ...]
    bundle: tuple[str, ...]


def read_offer(sdp: str, codecs: Sequence[AudioCodec] = AUDIO) -> Offer:
    """Understand an offer; `codecs` are the audio codecs we speak, best first. Raises BadOffer."""
    try:
        session = parse_sdp(sdp.encode())
    except (BadSdp, UnicodeEncodeError) as error:
        raise BadOffer(str(error)) from None
    audio = session.audio
    if audio is None:
        raise BadOffer("no audio")
    if not audio.rtcp_mux:
        raise BadOffer("no rtcp-mux")
    bundle = _bundle(session)
    video = next((one for one in session.media if one.kind == "video" and _mid(one) in bundle and one.port), None)
    if bundle and _mid(audio) not in bundle:
        raise BadOffer("the audio is not in the bundle")
    return Offer(
        session=(session.user, session.session_id),
        credentials=_credentials(session, audio),
        fingerprints=_fingerprints(session, audio),
        passive=_value(session, audio, "setup") == "passive",
        audio=_audio(audio, codecs),
        video=_video(session, video) if video is not None and _mid(audio) in bundle else None,
        sections=session.media,
        bundle=bundle,
    )


def _bundle(session: Session) -> tuple[str, ...]:
    groups = [value.split() for name, value in session.attributes if name == "group"]
    return next((tuple(group[1:]) for group in groups if group[:1] == ["BUNDLE"]), ())


def _all(media: Media, name: str) -> list[str]:
    return [value for key, value in media.attributes if key == name]


def _mid(media: Media) -> str:
    return next(iter(_all(media, "mid")), "")


def _value(session: Session, media: Media, name: str) -> str:
    """An attribute of the section, or else of the session."""
    of_session = [value for key, value in session.attributes if key == name]
    return next(iter(_all(media, name) + of_session), "")


def _credentials(session: Session, media: Media) -> Credentials:
    found = Credentials(_value(session, media, "ice-ufrag"), _value(session, media, "ice-pwd"))
    if not 4 <= len(found.ufrag) <= 256 or not 22 <= len(found.password) <= 256:
        raise BadOffer("no ICE credentials")
    return found


def _fingerprints(session: Session, media: Media) -> tuple[Fingerprint, ...]:
    lines = _all(media, "fingerprint") or [value for name, value in session.attributes if name == "fingerprint"]
    found = [Fingerprint(kind.lower(), value.strip()) for kind, _, value in (line.partition(" ") for line in lines)]
    usable = tuple(one for one in found if one.usable)
    if not usable:
        raise BadOffer("no fingerprint")
    return usable


def _codec(media: Media, name: str, rate: int | None = None) -> Codec | None:
    for codec in media.codecs:
        if codec.name.lower() == name.lower() and rate in (None, codec.rate):
            return codec
    return None


def _audio(media: Media, codecs: Sequence[AudioCodec]) -> AudioChoice:
    codec = next((found for name in codecs if (found := _codec(media, name)) is not None), None)
    if codec is None:
        raise BadOffer("no audio codec in common")
    return AudioChoice(_mid(media), codec, _codec(media, "telephone-event", codec.rate))


def _video(session: Session, media: Media) -> VideoChoice | None:
    codec = next((found for name in VIDEO if (found := _codec(media, name)) is not None), None)
    if codec is None:
        return None
    lines = (value.partition(" ") for value in _all(media, "rtcp-fb"))
    offered = {name for payload, _, name in lines if payload in (str(codec.payload), "*")}
    feedback = tuple(one for one in _FEEDBACK if one in offered)
    return VideoChoice(_mid(media), codec, feedback, session.direction_of(media) in ("sendrecv", "sendonly"))


@dataclass(frozen=True, slots=True)
class Answer:
    """Our side of the transport, and the SSRCs under which we send."""

    credentials: Credentials
    fingerprint: Fingerprint
    setup: Literal["active", "passive"]
    addresses: tuple[Address, ...]
    """Where we listen, best first."""
    session_id: int
    version: int
    audio_ssrc: int
    video_ssrc: int


def write_answer(offer: Offer, answer: Answer) -> str:
    """The answer: sections in the order of the offer, refused where we do not speak them (RFC 3264, RFC 8843)."""
    accepted = {offer.audio.mid} | ({offer.video.mid} if offer.video is not None else set())
    media = tuple(_section(one, offer, answer) for one in offer.sections)
    attributes: list[tuple[str, str]] = [("ice-lite", "")]
    if offer.bundle:
        attributes.append(("group", " ".join(["BUNDLE", *(mid for mid in offer.bundle if mid in accepted)])))
    attributes.append(("msid-semantic", "WMS *"))
    session = Session(
        session_id=answer.session_id,
        version=answer.version,
        origin_host="127.0.0.1",
        media=media,
        attributes=tuple(attributes),
    )
    return session.encode().decode()


def _section(section: Media, offer: Offer, answer: Answer) -> Media:
    mid = _mid(section)
    if section.kind == "audio" and mid == offer.audio.mid and section.port:
        events = [replace(offer.audio.events, fmtp="0-15")] if offer.audio.events is not None else []
        return _accepted(section, answer, [offer.audio.codec, *events], answer.audio_ssrc)
    if offer.video is not None and section.kind == "video" and mid == offer.video.mid:
        return _accepted(section, answer, [offer.video.codec], answer.video_ssrc, offer.video.feedback)
    refused = tuple((name, value) for name, value in section.attributes if name == "mid")
    formats = section.formats[:1]
    return Media(section.kind, 0, section.protocol, formats, host=_NOWHERE, direction="inactive", attributes=refused)


def _accepted(section: Media, answer: Answer, codecs: list[Codec], ssrc: int, feedback: Sequence[str] = ()) -> Media:
    direction = _ANSWERS[section.direction or "sendrecv"]
    host, port = answer.addresses[0]
    attributes = [(name, value) for name, value in section.attributes if name == "mid"] + _transport(answer)
    attributes += [("rtcp-fb", f"{codecs[0].payload} {one}") for one in feedback]
    if direction in ("sendrecv", "sendonly"):
        attributes += [("msid", f"switchroom-{section.kind} {section.kind}"), ("ssrc", f"{ssrc} cname:switchroom")]
    return Media(
        section.kind,
        port,
        section.protocol,
        tuple(str(codec.payload) for codec in codecs),
        tuple(codecs),
        host,
        direction,
        20 if section.kind == "audio" else None,
        rtcp_mux=True,
        attributes=tuple(attributes),
    )


def _transport(answer: Answer) -> list[tuple[str, str]]:
    lines = [
        ("ice-ufrag", answer.credentials.ufrag),
        ("ice-pwd", answer.credentials.password),
        ("fingerprint", f"{answer.fingerprint.algorithm} {answer.fingerprint.value}"),
        ("setup", answer.setup),
    ]
    for at, (host, port) in enumerate(answer.addresses):
        priority = (126 << 24) + ((65535 - at) << 8) + 255
        lines.append(("candidate", f"{at + 1} 1 udp {priority} {host} {port} typ host"))
    lines.append(("end-of-candidates", ""))
    return lines


def new_session_id() -> int:
    """A number for `o=`, below 2^62."""
    return secrets.randbits(62)


def new_ssrc() -> int:
    """A synchronisation source, never 0."""
    return secrets.randbits(32) or 1
