"""Host names of peers, looked up without holding up the event loop."""

import asyncio
import ipaddress
import socket

_KEPT_SECONDS = 60.0
_KEPT_NAMES = 1024


class Names:
    """Addresses by host and port, kept for a minute. IP addresses need no looking up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._found: dict[tuple[str, int], tuple[tuple[str, int], float]] = {}

    def known(self, host: str, port: int) -> tuple[str, int] | None:
        """The address if it is known by now."""
        kept = self._found.get((host, port))
        if kept is not None and kept[1] > self._loop.time():
            return kept[0]
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return None
        self._keep(host, port, (host, port), float("inf"))
        return host, port

    async def resolve(self, host: str, port: int) -> tuple[str, int]:
        """Look a name up, IPv4 first. Raises OSError."""
        found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.sort(key=lambda one: one[0] != socket.AF_INET)
        address = str(found[0][4][0]), port
        self._keep(host, port, address, self._loop.time() + _KEPT_SECONDS)
        return address

    def _keep(self, host: str, port: int, address: tuple[str, int], until: float) -> None:
        if len(self._found) >= _KEPT_NAMES:
            self._found.pop(next(iter(self._found)))
        self._found[host, port] = address, until
