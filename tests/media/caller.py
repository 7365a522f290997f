"""A telephone for tests: SIP over UDP and RTP in G.711, written here and sharing nothing with what is tested."""

import asyncio
import contextlib
import hashlib
import itertools
import random
import re
import socket
import struct
import time
from dataclasses import dataclass, field

import numpy as np

_names = itertools.count(1)
_KEYS = "0123456789*#ABCD"
FRAME = 160


@dataclass
class Message:
    """A SIP message: first line, headers by lower-case name (first of each), body."""

    first: str
    headers: dict[str, str]
    body: str
    all: dict[str, list[str]] = field(default_factory=dict)
    """Every value of each header."""

    @property
    def code(self) -> int:
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return "" if self.code else self.first.split()[0]


def read(data: bytes) -> Message:
    head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    every: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        every.setdefault(key, []).append(value.strip())
        if key == "via" and key in headers:
            headers[key] += f"\r\nVia: {value.strip()}"
        else:
            headers.setdefault(key, value.strip())
    return Message(first, headers, body, every)


def _mulaw_tables() -> tuple[np.ndarray, np.ndarray]:
    codes = ~np.arange(256, dtype=np.uint8)
    sign, exponent, mantissa = codes & 0x80, (codes >> 4) & 7, codes & 15
    magnitude = (((mantissa.astype(np.int32) << 3) + 0x84) << exponent) - 0x84
    decode = np.where(sign, -magnitude, magnitude).astype(np.int16)
    levels = np.arange(-32768, 32768)
    order = np.argsort(decode, kind="stable")
    nearest = np.clip(np.searchsorted(decode[order], levels), 0, 255)
    return decode, order[nearest].astype(np.uint8)


DECODE, _ENCODE = _mulaw_tables()


def encode(sound: np.ndarray) -> bytes:
    return _ENCODE[sound.astype(np.int32) + 32768].tobytes()


@dataclass
class Heard:
    """What arrived: samples with the time of each packet, and keys."""

    frames: list[tuple[float, bytes]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    last_event: int = -1

    @property
    def sound(self) -> np.ndarray:
        return DECODE[np.frombuffer(b"".join(data for _, data in self.frames), np.uint8)]

    def since(self, moment: float) -> np.ndarray:
        return DECODE[np.frombuffer(b"".join(data for at, data in self.frames if at >= moment), np.uint8)]

    def loud(self, moment: float = 0.0) -> float:
        """RMS of what was heard since then."""
        sound = self.since(moment).astype(float)
        return float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0


class Telephone(asyncio.DatagramProtocol):
    """One SIP socket, one call at a time."""

    def __init__(self, host: str = "127.0.0.1", number: str = "+15550177") -> None:
        self.number = number
        self.host = host
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self.heard = Heard()
        self.over = asyncio.Event()
        self.answers = True
        """Whether a call that comes in is answered."""
        self.answer_code = 200
        self.early = False
        """Whether it sends sound of its own (183) before it is picked up."""
        self.invite: Message | None = None
        self.say: np.ndarray | None = None
        """What is said, in a loop; silence without."""
        self._words = np.zeros(0, np.int16)
        self.user_agent = "telephone"
        self.extra = ""
        """Further headers of the INVITE, each with its line end."""
        self._id = f"{next(_names)}-{random.randrange(1 << 32):x}"
        self._cseq = 0
        self._call_id = ""
        """Of a call that came in."""
        self._remote_tag = ""
        self._target = ""
        self._dialled = ""
        self._server: tuple[str, int] = ("", 0)
        self._rtp_to: tuple[str, int] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._sequence = random.randrange(1000)
        self._stamp = random.randrange(1 << 20)
        self._keys: list[str] = []
        self._quiet = False

    async def open(self, server_port: int, server_host: str = "127.0.0.1") -> "Telephone":
        self._loop = asyncio.get_running_loop()
        self._server = (server_host, server_port)
        self._sip, _ = await self._loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 0))
        self.port = self._sip.get_extra_info("sockname")[1]
        self._rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._rtp.setblocking(False)
        self._rtp.bind((self.host, 0))
        self.rtp_port = self._rtp.getsockname()[1]
        self._loop.add_reader(self._rtp.fileno(), self._rtp_readable)
        return self

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(ValueError):
            self._loop.remove_reader(self._rtp.fileno())
        self._rtp.close()
        self._sip.close()

    # ------------------------------------------------------------------ SIP

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = read(data)
        if message.method == "BYE":
            self._respond(message, 200, addr)
            self.over.set()
        elif message.method == "INVITE":
            self._invited(message, addr)
        elif message.method == "CANCEL":
            self._respond(message, 200, addr)
            if self.invite is not None:
                self._respond(self.invite, 487, addr)
            self.over.set()
        elif message.method in ("OPTIONS", "INFO", "NOTIFY", "UPDATE"):
            self._respond(message, 200, addr)
        self.inbox.put_nowait(message)

    async def expect(self, *codes: int, patience: float = 15.0) -> Message:
        """The next final (or wanted) response. Raises TimeoutError."""
        deadline = time.monotonic() + patience
        while True:
            message = await asyncio.wait_for(self.inbox.get(), deadline - time.monotonic())
            if message.code in codes or (message.code >= 200 and "INVITE" in message.headers.get("cseq", "")):
                return message

    def sdp(self, direction: str = "sendrecv") -> str:
        lines = [
            "v=0", f"o=t 1 {self._cseq + 1} IN IP4 {self.host}", "s=-", f"c=IN IP4 {self.host}", "t=0 0",
            f"m=audio {self.rtp_port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-16", f"a={direction}",
        ]  # fmt: skip
        return "".join(f"{line}\r\n" for line in lines)

    def request(self, method: str, *, body: str = "", kind: str = "application/sdp", extra: str = "") -> None:
        """Send a request of the call."""
        if method not in ("ACK", "CANCEL"):
            self._cseq += 1
        target = self._target if self._remote_tag else f"sip:{self._dialled}@{self._server[0]}:{self._server[1]}"
        to = f"<sip:{self._dialled}@{self._server[0]}>" + (f";tag={self._remote_tag}" if self._remote_tag else "")
        branch = f"z9hG4bK{self._id}.{self._cseq}" + (".ack" if method == "ACK" and self._remote_tag else "")
        content = f"Content-Type: {kind}\r\n" if body else ""
        text = (
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport\r\n"
            f'From: "Tess Caller" <sip:{self.number}@{self.host}>;tag={self._id}\r\nTo: {to}\r\n'
            f"Call-ID: {self._call_id or self._id}\r\nCSeq: {self._cseq} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:t@{self.host}:{self.port}>\r\nUser-Agent: {self.user_agent}\r\n"
            f"{extra}{content}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._sip.sendto(text.encode(), self._server)

    async def call(self, number: str, patience: float = 15.0) -> Message:
        """Call and, when answered, talk. Returns the final response."""
        self._dialled = number
        self.request("INVITE", body=self.sdp(), extra=self.extra)
        final = await self.expect(patience=patience)
        self._remote_tag = _tag(final.headers.get("to", ""))
        if final.code == 200:
            self._connected(final)
            self.request("ACK")
        return final

    def _connected(self, message: Message) -> None:
        contact = re.search(r"<([^>]+)>", message.headers["contact"])
        self._target = contact[1] if contact else message.headers["contact"]
        if message.body:
            port = re.search(r"^m=audio (\d+)", message.body, re.MULTILINE)
            host = re.search(r"^c=IN IP4 (\S+)", message.body, re.MULTILINE)
            assert port and host, message.body
            self._rtp_to = (host[1], int(port[1]))
        if not self._tasks:
            self._tasks.append(asyncio.create_task(self._talk()))

    async def hang_up(self) -> None:
        """BYE, and wait for its answer."""
        self.request("BYE")
        answer = await self.answered("BYE")
        assert answer.code == 200, answer.first
        self.over.set()

    async def answered(self, method: str) -> Message:
        while True:
            message = await asyncio.wait_for(self.inbox.get(), 5)
            if message.code >= 200 and message.headers["cseq"].endswith(method):
                return message

    async def register(self, user: str, password: str, expires: int = 300) -> Message:
        """Register as a desk phone, with a digest (MD5); the final response."""
        self._dialled = self.number = user
        contact = f"Expires: {expires}\r\n"
        self.request("REGISTER", extra=contact)
        challenge = await self.answered("REGISTER")
        if challenge.code != 401:
            return challenge
        self.request("REGISTER", extra=contact + self._authorization(challenge, "REGISTER", user, password))
        answer = await self.answered("REGISTER")
        self._id, self._remote_tag = f"{self._id}r", ""
        return answer

    def _authorization(self, challenge: Message, method: str, user: str, password: str) -> str:
        head = next(one for one in challenge.all["www-authenticate"] if "MD5" in one)
        given = dict(re.findall(r'(\w+)="([^"]*)"', head))
        uri = f"sip:{self._dialled}@{self._server[0]}:{self._server[1]}"
        first = _md5(f"{user}:{given['realm']}:{password}")
        second = _md5(f"{method}:{uri}")
        answer = _md5(f"{first}:{given['nonce']}:00000001:abc:auth:{second}")
        return (
            f'Authorization: Digest username="{user}", realm="{given["realm"]}", nonce="{given["nonce"]}", '
            f'uri="{uri}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc", response="{answer}"\r\n'
        )

    async def reinvite(self, direction: str) -> Message:
        """Change the direction of the sound; the answer."""
        self._quiet = direction in ("recvonly", "inactive")
        self.request("INVITE", body=self.sdp(direction))
        answer = await self.answered("INVITE")
        self.request("ACK")
        return answer

    def _invited(self, invite: Message, addr: tuple[str, int]) -> None:
        first = self.invite is None
        self.invite = invite
        if not first:
            return
        self._server = addr
        if self.answer_code != 200:
            self._respond(invite, self.answer_code, addr)
            return
        self._respond(invite, 180, addr)
        if self.early:
            self._respond(invite, 183, addr, body=self.sdp())
            self._connected(invite)
        if self.answers:
            self.pick_up()

    def pick_up(self) -> None:
        """Answer the call that came in."""
        assert self.invite is not None
        self._remote_tag = _tag(self.invite.headers["from"])
        self._dialled = "them"
        self._call_id = self.invite.headers["call-id"]
        self._respond(self.invite, 200, self._server, body=self.sdp())
        self._connected(self.invite)

    def _respond(self, request: Message, code: int, addr: tuple[str, int], body: str = "") -> None:
        headers = request.headers
        to = headers["to"] if "tag=" in headers["to"] else f"{headers['to']};tag={self._id}"
        content = "Content-Type: application/sdp\r\n" if body else ""
        text = (
            f"SIP/2.0 {code} Test\r\nVia: {headers['via']}\r\nFrom: {headers['from']}\r\nTo: {to}\r\n"
            f"Call-ID: {headers['call-id']}\r\nCSeq: {headers['cseq']}\r\n"
            f"Contact: <sip:t@{self.host}:{self.port}>\r\n{content}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._sip.sendto(text.encode(), addr)

    # ------------------------------------------------------------------ RTP

    def press(self, keys: str) -> None:
        """Press keys (RFC 4733), one after the other."""
        self._keys += list(keys)

    def speak(self, sound: np.ndarray) -> None:
        """Say this once, from now on."""
        self._words = np.concatenate([self._words, sound])

    async def _talk(self) -> None:
        due = time.monotonic()
        position = 0
        while True:
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if self._keys:
                due = await self._press(self._keys.pop(0), due)
                continue
            frame = np.zeros(FRAME, np.int16)
            if len(self._words):
                frame[: min(FRAME, len(self._words))] = self._words[:FRAME]
                self._words = self._words[FRAME:]
            elif self.say is not None:
                take = np.arange(position, position + FRAME) % len(self.say)
                frame, position = self.say[take], position + FRAME
            if not self._quiet:
                self._send_rtp(0, encode(frame))
            self._stamp += FRAME

    async def _press(self, key: str, due: float) -> float:
        event = _KEYS.index(key)
        for step in range(8):
            end = 0x80 if step > 4 else 0
            duration = min(step + 1, 5) * FRAME
            self._send_rtp(101, struct.pack("!BBH", event, end | 10, duration), marker=step == 0)
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        self._stamp += 8 * FRAME
        for _ in range(5):
            self._send_rtp(0, encode(np.zeros(FRAME, np.int16)))
            self._stamp += FRAME
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        return due

    def _send_rtp(self, kind: int, payload: bytes, *, marker: bool = False) -> None:
        if self._rtp_to is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), self._sequence, self._stamp & 0xFFFFFFFF, 7)
        with contextlib.suppress(OSError):
            self._rtp.sendto(head + payload, self._rtp_to)

    def _rtp_readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self._rtp.recv(2048)
                kind = data[1] & 0x7F
                if kind == 0:
                    self.heard.frames.append((time.monotonic(), data[12:]))
                elif kind == 101:
                    stamp = struct.unpack("!I", data[4:8])[0]
                    if stamp != self.heard.last_event:
                        self.heard.last_event = stamp
                        self.heard.keys.append(_KEYS[data[12]])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _tag(value: str) -> str:
    found = re.search(r";\s*tag=([^;>\s]+)", value)
    return found[1] if found else ""


def tone(frequency: float, level: float = 8000.0, seconds: float = 1.0) -> np.ndarray:
    """A sine that can be looped."""
    return (level * np.sin(2 * np.pi * frequency * np.arange(int(8000 * seconds)) / 8000)).astype(np.int16)


def strength(sound: np.ndarray, frequency: float) -> float:
    """Amplitude of one frequency in a sound."""
    if not len(sound):
        return 0.0
    wave = np.exp(-2j * np.pi * frequency * np.arange(len(sound)) / 8000)
    return float(2 * np.abs(wave @ sound.astype(float)) / len(sound))


def found_in(sound: np.ndarray, heard: np.ndarray) -> float:
    """How well a sound is found somewhere in what was heard: normalised correlation, 1 is a copy."""
    size = len(sound) + len(heard)
    product = np.fft.irfft(
        np.fft.rfft(heard.astype(float), size) * np.conj(np.fft.rfft(sound.astype(float), size)), size
    )
    window = np.convolve(heard.astype(float) ** 2, np.ones(len(sound)), "valid") if len(heard) >= len(sound) else None
    if window is None:
        return 0.0
    norm = np.sqrt(np.maximum(window, 1.0) * float(np.sum(sound.astype(float) ** 2)))
    return float(np.max(product[: len(window)] / norm))
