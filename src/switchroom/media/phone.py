"""The telephone of a media process: the user agent on its sockets, and what of it every leg needs."""

import ipaddress
import socket
import time
from functools import lru_cache

from switchroom.media.audio.engine import AudioEngine
from switchroom.sip.agent import UserAgent
from switchroom.sip.transport import Transport

now = time.monotonic
"""The clock of everything in SIP."""


class Phone:
    """The user agent with its ports, and the address that peers are told."""

    def __init__(
        self,
        engine: AudioEngine,
        *,
        host: str,
        ports: dict[Transport, int],
        public_address: str | None = None,
    ) -> None:
        """`host` is the address listened on."""
        self.engine = engine
        self.host = host
        self.ports = ports
        self.public_address = public_address
        self._agent: UserAgent | None = None

    @property
    def agent(self) -> UserAgent:
        """The user agent. RuntimeError while the SIP port is not ours."""
        if self._agent is None:
            raise RuntimeError("there is no SIP port")
        return self._agent

    @agent.setter
    def agent(self, agent: UserAgent) -> None:
        self._agent = agent

    @property
    def up(self) -> bool:
        """Whether there is a user agent."""
        return self._agent is not None

    @property
    def advertised(self) -> str:
        """The host that peers in general are told."""
        return self.address_for("192.0.2.1")

    def address_for(self, peer: str) -> str:
        """Our address as a peer (IP address) reaches it: for SDP."""
        if _is_loopback(peer) and (_is_any(self.host) or _is_loopback(self.host)):
            return "127.0.0.1"
        if self.public_address:
            return self.public_address
        return _towards(peer) if _is_any(self.host) else self.host


def _is_any(host: str) -> bool:
    return host in ("0.0.0.0", "::", "")  # noqa: S104


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@lru_cache(maxsize=1024)
def _towards(peer: str) -> str:
    """The address of the interface that packets to a peer leave by."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
