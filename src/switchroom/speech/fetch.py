"""Audio by http(s) for prompts: from hosts of the public network only, or those the operator has named (FLOW-67).

A flow's author chooses the address, and this process stands inside the operator's network: so names are looked up here,
the address that was checked is the one that is connected to, and every redirection is checked again.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

_REDIRECTIONS = 3
_SECONDS = 15.0
_CONNECT_SECONDS = 4.0


class NotFetched(ValueError):
    """The address may not be read, or could not be; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Reads http(s) addresses. `allowed`: hosts that may have private addresses. `limit`: most bytes."""

    allowed: frozenset[str]
    limit: int

    async def get(self, url: str) -> bytes:
        """The bytes at an address. Raises NotFetched."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._follow(url)
        except TimeoutError:
            raise NotFetched(f"{_host(url)} did not answer in time") from None
        except (httpx.HTTPError, OSError) as error:
            raise NotFetched(f"{_host(url)} could not be read: {type(error).__name__}") from None

    async def _follow(self, url: str) -> bytes:
        for _ in range(_REDIRECTIONS + 1):
            address = await self._checked(url)
            body, moved = await self._read(url, address)
            if moved is None:
                return body
            url = urljoin(url, moved)
        raise NotFetched("too many redirections")

    async def _checked(self, url: str) -> str:
        """The address to connect to."""
        parts = urlsplit(url)
        host = parts.hostname
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise NotFetched("an address of audio begins with http:// or https:// and a host")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if host.lower() not in self.allowed and not all(map(_public, addresses)):
            raise NotFetched(f"{host} is not on the public network; SWITCHROOM_PROMPT_HOSTS can allow it")
        return addresses[0]

    async def _read(self, url: str, address: str) -> tuple[bytes, str | None]:
        parts = urlsplit(url)
        pinned = f"[{address}]" if ":" in address else address
        netloc = f"{pinned}:{parts.port}" if parts.port else pinned
        request = httpx.Request(
            "GET",
            parts._replace(netloc=netloc, fragment="").geturl(),
            headers={"host": parts.netloc, "accept": "audio/*, */*", "accept-encoding": "identity"},
            extensions={"sni_hostname": parts.hostname, "timeout": httpx.Timeout(_CONNECT_SECONDS).as_dict()},
        )
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.send(request, stream=True)
            try:
                if answer.is_redirect:
                    return b"", answer.headers["location"]
                if answer.status_code != 200:
                    raise NotFetched(f"{parts.hostname} answers {answer.status_code}")
                return await self._body(answer), None
            finally:
                await answer.aclose()

    async def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > self.limit:
                raise NotFetched("the file is too large")
        return bytes(body)


def _public(address: str) -> bool:
    """Whether an address is one of the public network, also when it is wrapped in IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return inner.is_global
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF).is_global
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the host"
