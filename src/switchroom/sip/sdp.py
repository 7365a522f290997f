"""Session descriptions (RFC 8866) as data: read them, write them. What they mean between two parties is in `offers`."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("sendrecv", "sendonly", "recvonly", "inactive")
KEY_BYTES = 30
SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
SIZE_LIMIT = 32_768
LINE_LIMIT = 600
MEDIA_LIMIT = 32
FORMAT_LIMIT = 128
_MEDIA = re.compile(r"(\S+) (\d{1,5})(?:/\d+)? (\S+) (\S.*)")
_RTPMAP = re.compile(r"(\d{1,3})\s+([A-Za-z0-9_.\-]+)/(\d{1,6})(?:/(\d{1,2}))?\s*", re.ASCII)
_CRYPTO = re.compile(r"(\d{1,9})\s+(\S+)\s+inline:([A-Za-z0-9+/=]+)((?:\|[^\s;|]+)*)(?:;inline:\S*)?(?:\s+(.*))?")


class BadSdp(ValueError):
    """A body that is no session description."""


@dataclass(frozen=True, slots=True)
class Codec:
    """An RTP payload format: `Codec("PCMU", 8000, payload=0)`. `rate` is the RTP clock in Hz."""

    name: str
    rate: int = 8000
    channels: int = 1
    payload: int = 0
    fmtp: str = ""

    def same(self, other: "Codec") -> bool:
        """Whether both are one format, whatever their payload numbers."""
        return (self.name.upper(), self.rate, self.channels) == (other.name.upper(), other.rate, other.channels)


PCMU = Codec("PCMU", payload=0)
PCMA = Codec("PCMA", payload=8)
G722 = Codec("G722", payload=9)
OPUS = Codec("opus", 48_000, 2, 107, "useinbandfec=1")
EVENTS = Codec("telephone-event", payload=101, fmtp="0-16")
EVENTS_48 = Codec("telephone-event", 48_000, payload=110, fmtp="0-16")
_STATIC = {
    0: PCMU, 8: PCMA, 9: G722, 3: Codec("GSM", payload=3), 4: Codec("G723", payload=4),
    18: Codec("G729", payload=18), 13: Codec("CN", payload=13),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crypto:
    """An SDES attribute (RFC 4568): the master key and salt (30 bytes) with which its sender encrypts."""

    tag: int
    suite: str
    key: bytes
    params: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One `m=` section. `host` is its own `c=` address or None; `port` 0 means refused. `ptime` in ms."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    codecs: tuple[Codec, ...] = ()
    host: str | None = None
    direction: Direction | None = None
    ptime: int | None = None
    maxptime: int | None = None
    rtcp_mux: bool = False
    rtcp_port: int | None = None
    crypto: tuple[Crypto, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def secure(self) -> bool:
        """Whether it is SRTP keyed by SDES."""
        return self.protocol.upper() in ("RTP/SAVP", "RTP/SAVPF")


@dataclass(frozen=True, slots=True)
class Session:
    """A whole session description."""

    user: str = "-"
    session_id: int = 0
    version: int = 0
    origin_host: str = "127.0.0.1"
    name: str = "-"
    host: str | None = None
    direction: Direction | None = None
    media: tuple[Media, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def audio(self) -> Media | None:
        """The first audio section that is not refused."""
        return next((media for media in self.media if media.kind == "audio" and media.port), None)

    def direction_of(self, media: Media) -> Direction:
        """The direction of a section, from itself or from the session."""
        return media.direction or self.direction or "sendrecv"

    def host_of(self, media: Media) -> str:
        """The address of a section; empty when there is none."""
        return media.host or self.host or ""

    def with_direction(self, direction: Direction) -> "Session":
        """The next version of this description, with another direction for its audio: hold and resume."""
        media = tuple(replace(one, direction=direction) if one.kind == "audio" else one for one in self.media)
        return replace(self, version=self.version + 1, direction=None, media=media)

    def encode(self) -> bytes:
        """The body to send as application/sdp."""
        lines = [
            "v=0",
            f"o={self.user} {self.session_id} {self.version} IN {_kind(self.origin_host)} {self.origin_host}",
        ]
        lines.append(f"s={self.name}")
        if self.host is not None:
            lines.append(f"c=IN {_kind(self.host)} {self.host}")
        lines.append("t=0 0")
        if self.direction is not None:
            lines.append(f"a={self.direction}")
        lines += _attributes(self.attributes)
        for media in self.media:
            lines += _media_lines(media)
        lines.append("")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def _kind(host: str) -> str:
    return "IP6" if ":" in host else "IP4"


def _attributes(attributes: Iterable[tuple[str, str]]) -> list[str]:
    return [f"a={name}:{value}" if value else f"a={name}" for name, value in attributes]


def _media_lines(media: Media) -> list[str]:
    lines = [f"m={media.kind} {media.port} {media.protocol} {' '.join(media.formats)}"]
    if media.host is not None:
        lines.append(f"c=IN {_kind(media.host)} {media.host}")
    for codec in media.codecs:
        channels = f"/{codec.channels}" if codec.channels > 1 else ""
        lines.append(f"a=rtpmap:{codec.payload} {codec.name}/{codec.rate}{channels}")
        if codec.fmtp:
            lines.append(f"a=fmtp:{codec.payload} {codec.fmtp}")
    for crypto in media.crypto:
        params = f" {crypto.params}" if crypto.params else ""
        lines.append(f"a=crypto:{crypto.tag} {crypto.suite} inline:{base64.b64encode(crypto.key).decode()}{params}")
    if media.ptime is not None:
        lines.append(f"a=ptime:{media.ptime}")
    if media.maxptime is not None:
        lines.append(f"a=maxptime:{media.maxptime}")
    if media.rtcp_port is not None:
        lines.append(f"a=rtcp:{media.rtcp_port}")
    if media.rtcp_mux:
        lines.append("a=rtcp-mux")
    if media.direction is not None:
        lines.append(f"a={media.direction}")
    return lines + _attributes(media.attributes)


def parse_sdp(body: bytes) -> Session:
    """Read a body. Raises BadSdp and nothing else."""
    if len(body) > SIZE_LIMIT:
        raise BadSdp("too long")
    lines = body.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
    if len(lines) > LINE_LIMIT or lines[0].rstrip() != "v=0":
        raise BadSdp("not a session description")
    sections: list[list[str]] = [[]]
    for line in lines[1:]:
        if not line.strip():
            continue
        if len(line) < 2 or line[1] != "=":
            raise BadSdp(f"not a line of a session description: {line[:40]!r}")
        if line[0] == "m":
            sections.append([])
        sections[-1].append(line)
    if len(sections) > MEDIA_LIMIT:
        raise BadSdp("too many media")
    try:
        return _session(sections)
    except (ValueError, IndexError, binascii.Error) as error:
        raise BadSdp(str(error)) from None


def _session(sections: list[list[str]]) -> Session:
    user, session_id, version, origin_host, name = "-", 0, 0, "", "-"
    host: str | None = None
    for line in sections[0]:
        kind, value = line[0], line[2:]
        if kind == "o":
            user, first, second, _, _, origin_host = value.split()
            session_id, version = _number(first), _number(second)
        elif kind == "s":
            name = value
        elif kind == "c":
            host = _host(value)
    if not origin_host:
        raise BadSdp("no origin")
    attributes = _attribute_lines(sections[0])
    media = tuple([_media(section) for section in sections[1:]])
    if any(one.port and not (one.host or host) for one in media):
        raise BadSdp("media without an address")
    direction, rest = _take_direction(attributes)
    return Session(user, session_id, version, origin_host, name, host, direction, media, tuple(rest))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise BadSdp(f"not a number: {text[:40]!r}")
    return int(text)


def _host(value: str) -> str:
    network, _, address = value.split()[:3]
    if network.upper() != "IN":
        raise BadSdp("a network that is not the internet")
    return address.partition("/")[0]


def _attribute_lines(lines: Iterable[str]) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        if line[0] == "a":
            name, _, value = line[2:].partition(":")
            found.append((name.strip(), value.strip()))
    return found


def _take_direction(attributes: list[tuple[str, str]]) -> tuple[Direction | None, list[tuple[str, str]]]:
    direction: Direction | None = None
    rest = []
    for name, value in attributes:
        known = next((one for one in DIRECTIONS if one == name), None) if not value else None
        if known is None:
            rest.append((name, value))
        else:
            direction = known
    return direction, rest


def _media(lines: list[str]) -> Media:
    found = _MEDIA.fullmatch(lines[0][2:].rstrip())
    if found is None or int(found[2]) > 65535:
        raise BadSdp("a media line that is not valid")
    formats = tuple(found[4].split())
    if len(formats) > FORMAT_LIMIT:
        raise BadSdp("too many formats")
    host = next((_host(line[2:]) for line in lines if line[0] == "c"), None)
    direction, attributes = _take_direction(_attribute_lines(lines))
    facts, rest = _facts(attributes)
    maps = {codec.payload: codec for codec in facts.codecs}
    known = _STATIC | maps
    codecs = [known.get(int(one)) if one.isascii() and one.isdigit() and len(one) < 4 else None for one in formats]
    return Media(
        found[1],
        int(found[2]),
        found[3],
        formats,
        tuple([replace(codec, fmtp=facts.fmtp.get(codec.payload, "")) for codec in codecs if codec is not None]),
        host,
        direction,
        facts.ptime,
        facts.maxptime,
        facts.rtcp_mux,
        facts.rtcp_port,
        tuple(facts.crypto),
        tuple(rest),
    )


class _Facts:
    """The attributes of a section that have a field of their own."""

    def __init__(self) -> None:
        self.codecs: list[Codec] = []
        self.fmtp: dict[int, str] = {}
        self.crypto: list[Crypto] = []
        self.ptime: int | None = None
        self.maxptime: int | None = None
        self.rtcp_mux = False
        self.rtcp_port: int | None = None

    def take(self, name: str, value: str) -> bool:
        """Whether the attribute was one of these."""
        match name:
            case "rtpmap":
                found = _RTPMAP.fullmatch(value)
                if found is not None:
                    self.codecs.append(Codec(found[2], int(found[3]), int(found[4] or 1), int(found[1])))
            case "fmtp":
                payload, _, rest = value.partition(" ")
                if payload.isascii() and payload.isdigit() and len(payload) < 4:
                    self.fmtp[int(payload)] = rest.strip()
            case "crypto":
                crypto = parse_crypto(value)
                if crypto is not None:
                    self.crypto.append(crypto)
            case "ptime" | "maxptime":
                if value.isascii() and value.isdigit() and len(value) < 5:
                    setattr(self, name, int(value))
            case "rtcp-mux":
                self.rtcp_mux = True
            case "rtcp":
                port = value.split(" ")[0]
                if port.isascii() and port.isdigit() and len(port) < 6:
                    self.rtcp_port = int(port)
            case _:
                return False
        return True


def _facts(attributes: list[tuple[str, str]]) -> tuple[_Facts, list[tuple[str, str]]]:
    facts = _Facts()
    rest = [(name, value) for name, value in attributes if not facts.take(name, value)]
    return facts, rest


def parse_crypto(value: str) -> Crypto | None:
    """The value of `a=crypto`; None for a suite, a key length or parameters that are not spoken here."""
    found = _CRYPTO.fullmatch(value)
    if found is None or found[2] not in SUITES or "UNENCRYPTED" in (found[5] or ""):
        return None
    try:
        key = base64.b64decode(found[3], validate=True)
    except binascii.Error:
        return None
    if len(key) != KEY_BYTES or ":" in (found[4] or ""):
        return None
    return Crypto(int(found[1]), found[2], key)
