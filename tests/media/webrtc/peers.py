"""aiortc as the browser, and a leg on a plain socket."""

import asyncio
import fractions
import socket
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from av import AudioFrame

from switchroom.media.webrtc.dtls import Certificate
from switchroom.media.webrtc.leg import BrowserLeg, LegEvent

Pcm = npt.NDArray[np.int16]
Filter = Callable[[bytes], bool]


def tone(hertz: float, seconds: float, rate: int = 8000) -> Pcm:
    """A sine at half the full scale."""
    return (np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate) * 16000).astype(np.int16)


def strength(sound: Pcm, hertz: float, rate: int = 8000) -> float:
    """Correlation with a tone of this frequency, whatever its phase: 1 is that tone and nothing else."""
    wave = sound.astype(float)
    energy = float(np.sqrt((wave**2).sum()))
    if energy == 0:
        return 0.0
    turning = np.exp(-2j * np.pi * hertz * np.arange(len(wave)) / rate)
    return float(abs((wave * turning).sum()) / energy * np.sqrt(2 / len(wave)))


class ToneTrack(MediaStreamTrack):
    """A microphone that hears one tone for ever."""

    kind = "audio"

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self._wave = tone(hertz, 1.0)
        self._frame = 0
        self._begun = asyncio.get_running_loop().time()

    async def recv(self) -> AudioFrame:
        self._frame += 1
        wait = self._begun + self._frame * 0.02 - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, wait))
        at = self._frame * 160 % 8000
        frame = AudioFrame.from_ndarray(self._wave[None, at : at + 160], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 8000, self._frame * 160, fractions.Fraction(1, 8000)
        return frame


class Browser:
    """An aiortc connection that speaks a tone and keeps what it hears (s16 mono at 8 kHz)."""

    def __init__(self, hertz: float = 440.0, codec: str = "audio/PCMU") -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.heard: list[Pcm] = []
        transceiver = self.connection.addTransceiver(ToneTrack(hertz), direction="sendrecv")
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([one for one in codecs if one.mimeType == codec])
        self.connection.on("track", self._listen)
        self._task: asyncio.Task[None] | None = None

    def _listen(self, track: MediaStreamTrack) -> None:
        self._task = asyncio.get_running_loop().create_task(self._keep(track))

    async def _keep(self, track: MediaStreamTrack) -> None:
        while True:
            frame = await track.recv()
            step = len(frame.layout.channels) * frame.sample_rate // 8000
            self.heard.append(frame.to_ndarray().reshape(-1)[::step])

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def answered(self, sdp: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self.connection.close()


class Plug(asyncio.DatagramProtocol):
    """A `BrowserLeg` on a socket of its own. `passes` decides which datagrams come through, in either direction."""

    def __init__(self, passes: Filter = lambda data: True) -> None:
        self.passes = passes
        self.events: list[LegEvent] = []
        self.rtp: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.leg = BrowserLeg(Certificate(), (self._socket.getsockname(),))
        self._ticker = self._loop.create_task(self._tick())

    async def open(self) -> "Plug":
        self._transport, _ = await self._loop.create_datagram_endpoint(lambda: self, sock=self._socket)
        return self

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if 128 <= data[0] < 192:
            self.rtp.append(data)
        elif self.passes(data):
            self.leg.receive(data, addr, self._loop.time())
            self._settle()

    def _settle(self) -> None:
        for data, address in self.leg.outbox:
            if self.passes(data):
                self._transport.sendto(data, address)
        self.leg.outbox.clear()
        self.events += self.leg.events
        self.leg.events.clear()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            self.leg.tick(self._loop.time())
            self._settle()

    async def seen(self, kind: type[LegEvent]) -> LegEvent:
        """The first event of a kind, when it has come."""
        while True:
            for event in self.events:
                if isinstance(event, kind):
                    return event
            await asyncio.sleep(0.01)

    def close(self) -> None:
        self._ticker.cancel()
        self.leg.close()
        self._settle()
        self._transport.close()
