"""G.722 and Opus at the edge."""

import itertools
from fractions import Fraction

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from switchroom.media.audio import g711, tones
from switchroom.media.audio.api import Codec, LegMedia, Pcm
from switchroom.media.audio.edge import coder
from switchroom.media.audio.figures import mos
from tests.media.audio.phones import Exchange, Phone

MEDIA: dict[Codec, LegMedia] = {
    "PCMU": LegMedia("PCMU", 0),
    "PCMA": LegMedia("PCMA", 8),
    "G722": LegMedia("G722", 9),
    "opus": LegMedia("opus", 111),
}
TONE = tones.sine((700,), 1.2, -10)


class Talker:
    """A phone's own encoder and decoder, independent of the engine's."""

    def __init__(self, codec: Codec) -> None:
        self.codec: Codec = codec
        name, self.rate = {"G722": ("g722", 16000), "opus": ("libopus", 48000)}.get(codec, ("", 8000))
        if name:
            self._encoder, self._decoder = _context(name, "w", self.rate), _context(name, "r", self.rate)
        self._at = 0

    def packets(self, seconds: float, frequency: float) -> list[bytes]:
        """A tone at the codec's full rate."""
        count = self.rate // 50
        wave = (9000 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * self.rate)) / self.rate)).astype(
            np.int16
        )
        parts = [wave[at : at + count] for at in range(0, len(wave), count)]
        if self.codec in ("PCMU", "PCMA"):
            law: g711.Law = g711.A if self.codec == "PCMA" else g711.MU
            return [g711.encode(part, law).tobytes() for part in parts]
        return [b"".join(bytes(it) for it in self._encoder.encode(self._frame(part))) for part in parts]

    def _frame(self, part: Pcm) -> AudioFrame:
        frame = AudioFrame.from_ndarray(part[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = self.rate, self._at
        self._at += len(part)
        return frame

    def sound(self, phone: Phone) -> Pcm:
        """Of what the phone got."""
        payloads = [packet.payload for packet in phone.packets]
        if self.codec in ("PCMU", "PCMA"):
            return phone.sound()
        frames = [frame for payload in payloads for frame in self._decoder.decode(av.Packet(payload))]
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def _context(name: str, mode: str, rate: int) -> AudioCodecContext:
    context = av.CodecContext.create(name, mode)  # type: ignore[call-overload]
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.layout = rate, "mono"
    if mode == "w":
        context.format, context.time_base = "s16", Fraction(1, rate)
    return context


def pitch(sound: Pcm, rate: int) -> tuple[float, float]:
    """Frequency of the loudest tone in the second half, and its share of the energy."""
    part = sound[len(sound) // 2 : len(sound) // 2 + rate // 4].astype(float)
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    top = int(power.argmax())
    return top * rate / len(part), float(power[max(0, top - 3) : top + 4].sum() / power.sum())


@pytest.mark.parametrize("one", list(MEDIA))
@pytest.mark.parametrize("other", ["PCMU", "G722", "opus"])
def test_every_pair_of_codecs_carries_a_tone_both_ways(exchange: Exchange, one: Codec, other: Codec) -> None:
    a, b = exchange.phone("a", MEDIA[one]), exchange.phone("b", MEDIA[other])
    exchange.room("a", "b")
    ta, tb = Talker(one), Talker(other)
    for pa, pb in zip(ta.packets(1.2, 700), tb.packets(1.2, 1100), strict=True):
        for phone, payload, talker in ((a, pa, ta), (b, pb, tb)):
            phone.send(phone.packet(payload, phone.payload_type, phone.time))
            phone.time += 960 if talker.codec == "opus" else 160
        exchange.tick()
        exchange.engine.half_tick(wait=10.0)
    for phone, talker, wanted in ((a, ta, 1100), (b, tb, 700)):
        frequency, share = pitch(talker.sound(phone), talker.rate)
        assert abs(frequency - wanted) < 10
        assert share > 0.9
    step = 960 if one == "opus" else 160
    times = [packet.time for packet in a.packets]
    assert {(after - before) & 0xFFFFFFFF for before, after in itertools.pairwise(times)} == {step}


@pytest.mark.parametrize("codec", ["G722", "opus"])
def test_a_coder_takes_and_gives_whole_frames_and_survives_rubbish(codec: Codec) -> None:
    it = coder(codec)
    assert len(it.decode(b"\xff" * 7)) % 80 == 0
    sizes = []
    for at in range(0, len(TONE) - 159, 160):
        packet = it.encode(TONE[at : at + 160])
        sizes.append(len(it.decode(packet)) if packet else 0)
    assert set(sizes[2:]) == {160}


def test_g711_is_exact_where_it_can_be() -> None:
    for law in (g711.MU, g711.A):
        levels = g711.DECODE[law]
        assert (g711.decode(g711.encode(levels, law), law) == levels).all()
        every = np.arange(-32768, 32768).astype(np.int16)
        error = np.abs(g711.decode(g711.encode(every, law), law).astype(int) - every)
        assert (error <= np.maximum(16, np.abs(every.astype(int)) // 16)).mean() > 0.97
    assert (g711.encode(np.zeros(3, np.int16)) == 0xFF).all()


def test_the_score_falls_with_loss_and_delay() -> None:
    best = mos("PCMU", 0, 50)
    assert best > 4.3
    assert best > mos("PCMU", 0.03, 50) > mos("PCMU", 0.1, 50) > 1
    assert best > mos("PCMU", 0, 400)
