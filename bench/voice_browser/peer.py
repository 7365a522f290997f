"""Browsers as far as the wire is concerned: ICE checks, DTLS, SRTP with PCMU both ways. Many in one process.

    python -m bench.voice_browser.peer LEGS

Reads answers and writes offers on its standard streams, one JSON line each; `talk` starts the sound.
"""

import asyncio
import json
import secrets
import socket
import sys
import time

import pylibsrtp

from switchroom.media.webrtc import stun
from switchroom.media.webrtc.dtls import Certificate, Dtls, Fingerprint
from switchroom.media.webrtc.ice import Credentials

CERTIFICATE = Certificate()
PROFILES = {"AEAD_AES_128_GCM": 7, "AES_CM_128_HMAC_SHA1_80": 1}
CHECK_S = 2.5


class Peer(asyncio.DatagramProtocol):
    """One browser."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.own = Credentials.fresh()
        self.session: pylibsrtp.Session | None = None
        self.received = 0
        self.sequence = 0
        self.checked = 0.0

    def offer(self) -> str:
        host, port = self.socket.getsockname()
        lines = ["v=0", f"o=- {secrets.randbits(50)} 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0"]
        lines += [f"m=audio {port} UDP/TLS/RTP/SAVPF 0", f"c=IN IP4 {host}", "a=mid:0", "a=sendrecv", "a=rtcp-mux"]
        lines += [f"a=rtcp:{port} IN IP4 {host}", "a=msid:x y"]
        lines += [f"a=ice-ufrag:{self.own.ufrag}", f"a=ice-pwd:{self.own.password}", "a=setup:active"]
        lines += [f"a=fingerprint:sha-256 {CERTIFICATE.fingerprint.value}", "a=rtpmap:0 PCMU/8000"]
        lines += [f"a=ssrc:{1000 + self.number} cname:x", f"a=candidate:1 1 udp 2130706431 {host} {port} typ host"]
        return "\r\n".join([*lines, "a=end-of-candidates", ""])

    async def answered(self, sdp: str) -> None:
        fields = {}
        for line in sdp.splitlines():
            name, _, value = line.removeprefix("a=").partition(":")
            if name == "candidate" and "127.0.0.1" not in fields.get("candidate", ""):
                fields[name] = value
            elif name == "fingerprint" and not value.startswith("sha-256"):
                continue
            else:
                fields.setdefault(name, value)
        candidate = fields["candidate"].split()
        self.remote = (candidate[4], int(candidate[5]))
        self.theirs = Credentials(fields["ice-ufrag"], fields["ice-pwd"])
        kind, value = fields["fingerprint"].split()
        self.dtls = Dtls(CERTIFICATE, server=False, fingerprints=(Fingerprint(kind, value),))
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self.socket)
        self.check()

    def check(self) -> None:
        """A check that nominates."""
        self.checked = time.monotonic()
        attributes = [
            (stun.USERNAME, f"{self.theirs.ufrag}:{self.own.ufrag}".encode()),
            (stun.PRIORITY, (1 << 30).to_bytes(4)),
            (stun.ICE_CONTROLLING, bytes(7) + b"\1"),
            (stun.USE_CANDIDATE, b""),
        ]
        request = stun.serialize(
            stun.BINDING_REQUEST, secrets.token_bytes(12), attributes, self.theirs.password.encode()
        )
        self.transport.sendto(request, self.remote)

    def send(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self.transport.sendto(datagram, self.remote)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[0] < 4:
            message = stun.parse(data)
            if message.kind == stun.BINDING_REQUEST:
                self.transport.sendto(stun.success(message, addr, self.own.password.encode()), addr)
            elif self.dtls.state == "new":
                self.send(self.dtls.start())
        elif data[0] < 64:
            self.send(self.dtls.receive(data))
            if self.dtls.keys is not None and self.session is None:
                keys = self.dtls.keys
                policy = pylibsrtp.Policy(
                    key=keys.local, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILES[keys.profile]
                )
                self.session = pylibsrtp.Session(policy)
        elif not 192 <= data[1] <= 223:
            self.received += 1

    def speak(self) -> None:
        """One packet of 20 ms."""
        if self.session is None:
            return
        self.sequence += 1
        head = b"\x80\x00" + (self.sequence & 0xFFFF).to_bytes(2) + (self.sequence * 160).to_bytes(4)
        packet = head + (1000 + self.number).to_bytes(4) + bytes([0x55 + self.sequence % 32]) * 160
        self.transport.sendto(self.session.protect(packet), self.remote)


async def main() -> None:
    """Offers, answers, then talk until standard input ends."""
    loop = asyncio.get_running_loop()
    peers = [Peer(number) for number in range(int(sys.argv[1]))]

    async def line() -> str:
        return await loop.run_in_executor(None, sys.stdin.readline)

    for peer in peers:
        print(json.dumps(peer.offer()), flush=True)
        await peer.answered(json.loads(await line()))
    while not all(peer.session for peer in peers):
        await asyncio.sleep(0.02)
        for peer in peers:
            if peer.session is None:
                peer.send(peer.dtls.tick()) if peer.dtls.state == "handshaking" else peer.check()
    print(json.dumps("connected"), flush=True)
    stop = loop.run_in_executor(None, sys.stdin.readline)
    due = loop.time()
    while not stop.done():
        for peer in peers:
            peer.speak()
            if time.monotonic() - peer.checked > CHECK_S:
                peer.check()
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))
    print(json.dumps([sum(peer.received for peer in peers), sum(peer.sequence for peer in peers)]), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
