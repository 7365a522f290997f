"""UDP, TCP and TLS sockets under a SIP user agent, in the event loop of the process that owns them.

    sockets = SipSockets(Listen("0.0.0.0", udp=5060, tcp=5060, advertise="192.0.2.1"), make_agent, on_event)
    await sockets.open()
    call = sockets.agent.invite(..., now=sockets.now())        # output leaves by itself
    await sockets.close()

`on_event` is a plain function, called in the loop for each event; what it does to calls is sent when it returns.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from switchroom.media.sip_connection import PONG, Connection
from switchroom.media.sip_names import Names
from switchroom.sip.agent import Local, UserAgent
from switchroom.sip.events import Event
from switchroom.sip.transport import Destination, Flow, Send, Transport

_log = logging.getLogger(__name__)
_BATCH = 128
_DATAGRAM = 65_536
_RECEIVE_BUFFER = 4 * 1024 * 1024
_SWEEP_SECONDS = 15.0
_CONNECT_SECONDS = 10.0
_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM form. `ca` verifies peers we connect to (the system's authorities without it) and, with
    `clients`, those who connect to us. `verify` False accepts any server certificate: for tests only."""

    certificate: Path
    key: Path
    ca: Path | None = None
    verify: bool = True
    clients: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen. A port of None leaves a transport out, 0 takes any free port. `advertise` is the address that
    peers are told, `host` itself when empty. Seconds: `idle` closes a quiet connection, `first` one that never
    spoke."""

    host: str = "0.0.0.0"  # noqa: S104  a telephone system is there to be reached
    udp: int | None = 5060
    tcp: int | None = 5060
    tls: int | None = None
    advertise: str = ""
    files: Tls | None = None
    connections: int = 2000
    connections_per_source: int = 100
    idle: float = 900.0
    first: float = 20.0


class SipSockets:
    """The sockets of one user agent."""

    def __init__(
        self, listen: Listen, make_agent: Callable[[Local], UserAgent], on_event: Callable[[Event], None]
    ) -> None:
        """`make_agent` is called by `open`, once the ports are known."""
        self.listen = listen
        self.agent: UserAgent
        self.ports: dict[Transport, int] = {}
        self._make_agent = make_agent
        self._on_event = on_event
        self._loop: asyncio.AbstractEventLoop
        self._udp: socket.socket | None = None
        self._servers: list[asyncio.Server] = []
        self._connections: dict[int, Connection] = {}
        self._to: dict[Destination, Connection] = {}
        self._sources: Counter[str] = Counter()
        self._numbers = 0
        self._waiting: dict[Destination, list[Send]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._names: Names
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._flushing = False
        self._scheduled = False
        self._sweeper: asyncio.TimerHandle | None = None
        self._sweep_every = min(_SWEEP_SECONDS, listen.idle, listen.first)

    def now(self) -> float:
        """The agent's clock."""
        return self._loop.time()

    async def open(self) -> None:
        """Bind and start. Raises OSError when a port is taken; nothing is left open then."""
        self._loop = asyncio.get_running_loop()
        self._names = Names(self._loop)
        listen = self.listen
        try:
            if listen.udp is not None:
                self._open_udp(listen.host, listen.udp)
            if listen.tcp is not None:
                await self._serve("tcp", listen.tcp, None)
            if listen.tls is not None and listen.files is not None:
                await self._serve("tls", listen.tls, server_context(listen.files))
        except OSError:
            self._stop_listening()
            raise
        self.agent = self._make_agent(Local(listen.advertise or listen.host, dict(self.ports)))
        self.agent.wake = self._wake
        self._sweeper = self._loop.call_later(self._sweep_every, self._sweep)

    def _open_udp(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        try:
            sock.bind((host, port))
        except OSError:
            sock.close()
            raise
        self._udp = sock
        self.ports["udp"] = sock.getsockname()[1]
        self._loop.add_reader(sock.fileno(), self._readable)

    async def _serve(self, transport: Transport, port: int, context: ssl.SSLContext | None) -> None:
        timeout = None if context is None else _CONNECT_SECONDS
        server = await self._loop.create_server(
            lambda: Connection(self, transport),
            self.listen.host,
            port,
            ssl=context,
            ssl_handshake_timeout=timeout,
            backlog=512,
        )
        self._servers.append(server)
        self.ports[transport] = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Send what is left, then close everything."""
        self._flush()
        for handle in (self._timer, self._sweeper):
            if handle is not None:
                handle.cancel()
        self.agent.wake = None
        self._stop_listening()
        for task in list(self._tasks):
            task.cancel()
        for connection in list(self._connections.values()):
            connection.close()
        await asyncio.sleep(0)

    def _stop_listening(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()
        if self._udp is not None:
            self._loop.remove_reader(self._udp.fileno())
            self._udp.close()
            self._udp = None

    # in

    def _readable(self) -> None:
        """A batch of datagrams, then everything they have led to."""
        sock, agent, now = self._udp, self.agent, self._loop.time()
        if sock is None:
            return
        for _ in range(_BATCH):
            try:
                data, address = sock.recvfrom(_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                continue
            if len(data) > len(PONG) * 2 or data.strip():
                self._receive(agent, data, Flow("udp", (address[0], address[1])), now)
            elif data == PONG * 2:
                self._send_datagram(PONG, (address[0], address[1]))
        self._flush()

    def received(self, message: bytes, flow: Flow) -> None:
        """A message of a connection."""
        self._receive(self.agent, message, flow, self._loop.time())

    def _receive(self, agent: UserAgent, data: bytes, flow: Flow, now: float) -> None:
        try:
            agent.receive(data, flow, now)
        except Exception:
            _log.exception("a SIP message from %s was not understood", flow.remote[0])

    # out

    def _wake(self) -> None:
        if not self._flushing and not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def flush(self) -> None:
        """Send and tell what there is."""
        self._flush()

    def _flush(self) -> None:
        if self._flushing:
            return
        self._scheduled = False
        self._flushing = True
        agent = self.agent
        try:
            while True:
                output, events = agent.take_output(), agent.take_events()
                if not output and not events:
                    break
                for send in output:
                    self._send(send)
                for event in events:
                    self._tell(event)
        finally:
            self._flushing = False
        self._arm()

    def _tell(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            _log.exception("handling %s failed", type(event).__name__)

    def _arm(self) -> None:
        """One timer of the loop for all timers of the agent; one that fires too early does no harm."""
        at = self.agent.next_timer()
        if at is None:
            return
        if self._timer is not None:
            if self._due <= at:
                return
            self._timer.cancel()
        self._due = at
        self._timer = self._loop.call_at(at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.agent.tick(self._loop.time())
        except Exception:
            _log.exception("a SIP timer failed")
        self._flush()

    def _send(self, send: Send) -> None:
        to = send.to
        if to.transport == "udp":
            self._send_udp(send)
        elif isinstance(to, Flow):
            connection = self._connections.get(to.connection)
            if connection is not None:
                connection.write(send.data)
            elif send.fallback is not None:
                self._send(Send(send.fallback, send.data))
            else:
                self._failed(to)
        elif to in self._to:
            self._to[to].write(send.data)
        else:
            self._later(to, send)

    def _send_udp(self, send: Send) -> None:
        to = send.to
        address = to.remote if isinstance(to, Flow) else self._names.known(to.host, to.port)
        if address is None and isinstance(to, Destination):
            self._later(to, send)
        elif address is not None and not self._send_datagram(send.data, address):
            self._failed(to)

    def _send_datagram(self, data: bytes, address: tuple[str, int]) -> bool:
        """False when there is no way; a full socket buffer is loss as on any network."""
        if self._udp is None:
            return False
        try:
            self._udp.sendto(data, address)
        except OSError as error:
            return error.errno in (errno.EAGAIN, errno.EINTR, errno.ENOBUFS)
        return True

    def _failed(self, to: Flow | Destination) -> None:
        self.agent.transport_failed(to, self._loop.time())

    # opening a way

    def _later(self, to: Destination, send: Send) -> None:
        waiting = self._waiting.get(to)
        if waiting is not None:
            if len(waiting) < _WAITING:
                waiting.append(send)
            return
        self._waiting[to] = [send]
        task = self._loop.create_task(self._open_way(to))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open_way(self, to: Destination) -> None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                if to.transport == "udp":
                    await self._names.resolve(to.host, to.port)
                else:
                    await self._connect(to)
        except (OSError, ssl.SSLError, TimeoutError, ValueError) as error:
            _log.warning("no way to %s:%s over %s: %s", to.host, to.port, to.transport, error)
            self._waiting.pop(to, None)
            self._failed(to)
        for send in self._waiting.pop(to, []):
            self._send(send)
        self._flush()

    async def _connect(self, to: Destination) -> None:
        address = self._names.known(to.host, to.port) or await self._names.resolve(to.host, to.port)
        context = client_context(self.listen.files) if to.transport == "tls" else None
        _, connection = await self._loop.create_connection(
            lambda: Connection(self, to.transport, to),
            *address,
            ssl=context,
            server_hostname=to.host if context is not None else None,
        )
        if connection.number in self._connections:
            self._to[to] = connection

    # connections

    def connected(self, connection: Connection) -> bool:
        """Take in a new connection; False when there are too many."""
        source = connection.flow.remote[0]
        if connection.destination is None and (
            len(self._connections) >= self.listen.connections
            or self._sources[source] >= self.listen.connections_per_source
        ):
            return False
        self._numbers += 1
        connection.number = self._numbers
        self._sources[source] += 1
        self._connections[connection.number] = connection
        return True

    def disconnected(self, connection: Connection) -> None:
        """Forget a connection that was taken in."""
        source = connection.flow.remote[0]
        if self._connections.pop(connection.number, None) is None:
            return
        self._sources[source] -= 1
        if not self._sources[source]:
            del self._sources[source]
        if connection.destination is not None and self._to.get(connection.destination) is connection:
            del self._to[connection.destination]
            self._failed(connection.destination)
        self._failed(connection.flow)
        self._flush()

    def _sweep(self) -> None:
        """Close what has been quiet for too long."""
        now = self._loop.time()
        for connection in list(self._connections.values()):
            patience = self.listen.idle if connection.messages else self.listen.first
            if now - connection.heard_at > patience:
                connection.close()
        self._sweeper = self._loop.call_later(self._sweep_every, self._sweep)


def server_context(files: Tls) -> ssl.SSLContext:
    """TLS 1.2 and later with our certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(files.certificate, files.key)
    if files.clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.ca)
    return context


def client_context(files: Tls | None) -> ssl.SSLContext:
    """TLS 1.2 and later; the peer's certificate must fit its name unless `verify` is False."""
    context = ssl.create_default_context(cafile=files.ca if files is not None else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if files is not None:
        context.load_cert_chain(files.certificate, files.key)
        if not files.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
    return context
