"""Phones for the tests: real sockets that speak RTP, and an engine whose ticks the test makes, so that time flies."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from switchroom.media.audio import g711
from switchroom.media.audio.api import FRAME, TICK, Address, AudioEvent, Digit, LegMedia, Pcm
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.srtp import Srtp

EventType = type[AudioEvent]


def speech(seed: int, seconds: float) -> Pcm:
    """Something like speech: syllables of band-limited noise, unlike any of another seed."""
    rng = np.random.default_rng(seed)
    count = round(seconds * 8000)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / 8000)
    spectrum[(frequencies < 300) | (frequencies > 3000)] = 0
    noise = np.fft.irfft(spectrum, count)
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * np.arange(count) / 8000 + seed)
    return (noise / np.abs(noise).max() * 12000 * syllables).astype(np.int16)


def likeness(heard: Pcm, sent: Pcm) -> float:
    """Highest normalized correlation of `sent` with any stretch of `heard`; 1 is identical but for loudness."""
    if len(heard) < len(sent):
        heard = np.concatenate((heard, np.zeros(len(sent) - len(heard), np.int16)))
    long, short = heard.astype(float), sent.astype(float)
    size = 1 << (len(long) + len(short) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size)), size)
    product = product[: len(long) - len(short) + 1]
    energy = np.concatenate(([0], np.cumsum(long**2)))
    local = np.sqrt(energy[len(short) :] - energy[: -len(short)]) * np.sqrt((short**2).sum())
    return float((product / np.maximum(local, 1e4)).max())


def _bound() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", 0))
    return made


def pieces(heard: Pcm, sent: Pcm, size: int = 1600) -> float:
    """Median likeness of pieces of 200 ms, each wherever it was heard: the buffer may have left out a frame between."""
    return float(np.median([likeness(heard, sent[at : at + size]) for at in range(0, len(sent) - size + 1, size)]))


@dataclass
class Packet:
    """RTP that a phone got."""

    payload_type: int
    marker: bool
    sequence: int
    time: int
    payload: bytes


@dataclass
class Phone:
    """One end of a leg."""

    port: int
    """Of the engine."""
    law: g711.Law = g711.MU
    payload_type: int = 0
    ssrc: int = 7
    srtp: Srtp | None = None
    wire: socket.socket = field(default_factory=_bound)
    sequence: int = 65000
    time: int = (1 << 32) - 4000
    packets: list[Packet] = field(default_factory=list)
    control: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> Address:
        host, port = self.wire.getsockname()
        return host, port

    def packet(self, payload: bytes, payload_type: int, time: int, *, marker: bool = False) -> bytes:
        """The next packet, as it goes on the wire."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        first = payload_type | (0x80 if marker else 0)
        plain = struct.pack("!BBHII", 0x80, first, self.sequence, time & 0xFFFFFFFF, self.ssrc) + payload
        wire = plain if self.srtp is None else self.srtp.protect(plain)
        assert wire is not None
        return wire

    def frame(self, sound: Pcm) -> bytes:
        """A packet of sound; time goes on."""
        wire = self.packet(g711.encode(sound, self.law).tobytes(), self.payload_type, self.time)
        self.time += len(sound)
        return wire

    def send(self, wire: bytes) -> None:
        self.wire.sendto(wire, ("127.0.0.1", self.port))

    def say(self, sound: Pcm) -> None:
        self.send(self.frame(sound))

    def listen(self) -> None:
        """Take what came."""
        while True:
            try:
                wire = self.wire.recv(2048)
            except BlockingIOError:
                return
            if 192 <= wire[1] <= 223:
                self.control.append(wire)
                continue
            plain = wire if self.srtp is None else self.srtp._in.unprotect(wire)
            _, kind, sequence, time, _ = struct.unpack_from("!BBHII", plain)
            self.packets.append(Packet(kind & 127, kind > 127, sequence, time, plain[12:]))

    def sound(self) -> Pcm:
        """All sound that came, in order."""
        frames = [packet.payload for packet in self.packets if packet.payload_type == self.payload_type]
        return g711.decode(np.frombuffer(b"".join(frames), np.uint8), self.law)

    def hush(self) -> None:
        """Forget what was heard."""
        self.packets.clear()


class Exchange:
    """An engine, its phones, and its time."""

    def __init__(self, engine: AudioEngine, clock: list[float], events: list[AudioEvent]) -> None:
        self.engine, self._clock, self._events = engine, clock, events
        self.phones: dict[str, Phone] = {}

    def phone(
        self, leg: str, media: LegMedia | None = None, *, connect: bool = True, srtp: Srtp | None = None
    ) -> Phone:
        """A leg with a phone at its other end."""
        media = media or LegMedia()
        law = g711.A if media.codec == "PCMA" else g711.MU
        phone = Phone(self.engine.open_leg(leg), law, media.payload_type, ssrc=len(self.phones) + 100, srtp=srtp)
        self.phones[leg] = phone
        if connect:
            self.engine.connect_leg(leg, replace_remote(media, phone.address))
        return phone

    def tick(self) -> None:
        """20 ms."""
        self._clock[0] += TICK
        self.engine.tick(self._clock[0])
        for phone in self.phones.values():
            phone.listen()

    def run(self, ticks: int) -> None:
        for _ in range(ticks):
            self.tick()

    def talk(self, *speakers: tuple[Phone, Pcm], after: int = 10) -> None:
        """Everybody talks at once, each his sound, to the end of the longest; then silence for some ticks."""
        longest = max(len(sound) for _, sound in speakers)
        for at in range(0, longest, FRAME):
            for phone, sound in speakers:
                if at + FRAME <= len(sound):
                    phone.say(sound[at : at + FRAME])
            self.tick()
        self.run(after)

    def events(self, *kinds: EventType) -> list[AudioEvent]:
        """Those of these kinds up to now, once."""
        found = [event for event in self._events if isinstance(event, kinds)]
        self._events[:] = [event for event in self._events if not isinstance(event, kinds)]
        return found

    def digits(self) -> str:
        """Keys reported since the last question."""
        return "".join(event.digit for event in self.events(Digit) if isinstance(event, Digit))

    def room(self, *legs: str, name: str = "room") -> None:
        for leg in legs:
            self.engine.place(leg, name)


def replace_remote(media: LegMedia, remote: Address) -> LegMedia:
    """With this address."""
    return replace(media, remote=remote)


def frames(sound: Pcm) -> Iterable[Pcm]:
    """Of 20 ms."""
    for at in range(0, len(sound) - FRAME + 1, FRAME):
        yield sound[at : at + FRAME]
