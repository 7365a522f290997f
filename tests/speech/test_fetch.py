"""Audio by http: what may be read, and from where."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from switchroom.speech.fetch import Fetcher, NotFetched, _public

LIMIT = 10_000


class Site:
    """A small web server of the operator's own network."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split()[1]
        self.hosts += [line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")]
        bodies = {"/ok": b"x" * 100, "/large": b"x" * (LIMIT + 1)}
        if path in bodies:
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bodies[path])
        elif path.startswith("/to?"):
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {path[4:]}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


@pytest.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield site, f"localhost:{port}"
    server.close()


async def test_host_that_the_operator_named(site: tuple[Site, str]) -> None:
    """FLOW-67."""
    fetcher = Fetcher(frozenset({"localhost"}), LIMIT)
    assert await fetcher.get(f"http://{site[1]}/ok") == b"x" * 100
    assert await fetcher.get(f"http://{site[1]}/to?/ok") == b"x" * 100
    assert set(site[0].hosts) == {site[1]}


@pytest.mark.parametrize(
    "path", ["/missing", "/large", "/to?/to?/to?/to?/to?/ok", "/to?http://127.0.0.1/ok", "/to?file:///etc/passwd"]
)
async def test_what_is_refused(site: tuple[Site, str], path: str) -> None:
    """BLK-108: failures, files that are too large, and redirections to where one may not go."""
    with pytest.raises(NotFetched):
        await Fetcher(frozenset({"localhost"}), LIMIT).get(f"http://{site[1]}{path}")


async def test_private_network_is_closed(site: tuple[Site, str]) -> None:
    with pytest.raises(NotFetched, match="public network"):
        await Fetcher(frozenset(), LIMIT).get(f"http://{site[1]}/ok")
    assert site[0].hosts == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_addresses(address: str, public: bool) -> None:
    assert _public(address) is public
