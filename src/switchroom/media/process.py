"""The media process: opens what calls need, answers plans, shows that it is alive, and ends with a goodbye to callers.

Started as `python -m switchroom.media` with its settings in `SWITCHROOM_...`; several may run beside each other on
ports of their own. It knows nothing of contacts: the centre of the instance tells it what there should be of a call.
"""

import asyncio
import contextlib
import errno
import logging
import secrets
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import msgspec

from switchroom.base import memory
from switchroom.base.clock import now_ms
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.base.ids import new_id
from switchroom.base.settings import Settings
from switchroom.centre.remote import RemoteCentre
from switchroom.core.media import CallPlan
from switchroom.core.voice_commands import MediaAlive
from switchroom.media.audio.api import AudioEvent
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.certificates import own_certificate
from switchroom.media.directory import SipDirectory
from switchroom.media.gate import Gate
from switchroom.media.outbound import Dialler
from switchroom.media.phone import Phone
from switchroom.media.plane import Plane
from switchroom.media.sip_sockets import Listen, SipSockets, Tls
from switchroom.media.trunk_keeper import TrunkKeeper
from switchroom.media.trunks import Trunk, Trunks
from switchroom.media.webrtc.legs import local_addresses
from switchroom.media.webrtc.sdp import codec_order
from switchroom.media.wire import ALIVE, ALIVE_EVERY, ECHO, Join, Joined, Keys, join_subject, keys_subject, plan_subject
from switchroom.resources.catalogue import Catalogue
from switchroom.sip.agent import Local, UserAgent
from switchroom.sip.events import Event
from switchroom.sip.transport import Flow
from switchroom.storage.bus import Bus
from switchroom.storage.envelope import Envelope
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database

log = logging.getLogger(__name__)

DRAIN_WITHIN = 6.0
"""Seconds for goodbyes, last reports and recordings at the end."""
PORT_AGAIN = 2.0
"""Seconds between tries to get the SIP port."""

_plan_decoder = msgspec.msgpack.Decoder(CallPlan)
_join_decoder = msgspec.msgpack.Decoder(Join)
_alive_decoder = msgspec.msgpack.Decoder(MediaAlive)


class MediaProcess:
    """One media process, from `open` to the end of `stack`."""

    def __init__(self, settings: Settings) -> None:
        self.id = new_id()
        self.settings = settings
        self.host = settings.sip_host or settings.host
        self.started_at = now_ms()
        self._tasks: list[asyncio.Task[None]] = []
        self._sockets: SipSockets | None = None

    async def open(self, stack: AsyncExitStack) -> None:
        """Begin to take calls."""
        settings = self.settings
        await self._open_storage(stack)
        self.trunks = Trunks(self.catalogue, self.envelope, demo=settings.demo)
        self.directory = SipDirectory(self.catalogue, self.envelope)
        self.gate = Gate(self.trunks, self.directory, own=self._is_own)
        await self._open_media(stack)
        self.keeper = TrunkKeeper(
            self.id, self.started_at, self.phone, self.trunks, self.bus, lambda trunk: self.gate.calls[trunk]
        )
        for subscription in (
            await self.bus.subscribe(ALIVE, self._on_alive),
            await self.bus.respond(plan_subject(self.id), self._on_plan),
            await self.bus.respond(join_subject(self.id), self._on_join),
            await self.bus.respond(keys_subject(self.id), self._on_keys),
            await self.bus.respond(ECHO, self._on_echo, queue=ECHO),
        ):
            stack.push_async_callback(subscription.stop)
        self._spawn(self._listen())
        self._spawn(self.plane.recordings.recover())
        self._spawn(self._show_alive())
        self._spawn(self.plane.ask())
        stack.push_async_callback(self._close)
        memory.settle()

    async def _open_storage(self, stack: AsyncExitStack) -> None:
        settings = self.settings
        if settings.database_url is None or settings.nats_url is None:
            raise ValueError("a media process needs SWITCHROOM_DATABASE_URL and SWITCHROOM_NATS_URL")
        database = Database(settings.database_url, min_size=1)
        await database.open()
        stack.push_async_callback(database.close)
        self.bus = Bus(settings.nats_url)
        await self.bus.open()
        stack.push_async_callback(self.bus.close)
        self.envelope = Envelope(settings.data / "root.key")
        self.objects = ObjectStore(
            settings.object_store_url or settings.data / "objects", self.envelope.derive("objects")
        )
        self.catalogue = Catalogue()
        await self._open_catalogue(database)
        stack.push_async_callback(self.catalogue.close)
        self.centre = RemoteCentre(self.bus)
        await self.centre.open()
        stack.push_async_callback(self.centre.close)

    async def _open_catalogue(self, database: Database) -> None:
        """A node that starts at the same time may not have made the tables yet."""
        while True:
            try:
                await self.catalogue.open(database)
                return
            except asyncpg.UndefinedTableError:
                await asyncio.sleep(0.1)

    async def _open_media(self, stack: AsyncExitStack) -> None:
        settings = self.settings
        first, _, last = settings.rtp_ports.partition("-")
        self.engine = AudioEngine(
            on_events=self._audio_events, bind=self.host, ports=range(int(first), int(last or first) + 1)
        )
        self.engine.start()
        stack.push_async_callback(asyncio.to_thread, self.engine.stop)
        self.phone = Phone(self.engine, host=self.host, ports={}, public_address=settings.public_address)
        self.plane = Plane(
            self.id,
            engine=self.engine,
            bus=self.bus,
            objects=self.objects,
            phone=self.phone,
            gate=self.gate,
            dialler=Dialler(self.phone, self.trunks, self.directory, self._may_dial),
            browser_codecs=codec_order(settings.browser_codecs),
            addresses=local_addresses(self.host, [settings.public_address] if settings.public_address else []),
            submit=self.centre.submit,
            spool=settings.data / "recordings",
        )

    def _may_dial(self, trunk: Trunk) -> bool:
        return not trunk.maximum_calls or self.gate.calls[trunk.id] <= trunk.maximum_calls

    # ------------------------------------------------------------------ SIP

    async def _listen(self) -> None:
        """Take the SIP port; as long as another program has it there are calls from browsers only."""
        self._sockets = sockets = await self._take_port()
        self.phone.ports = dict(sockets.ports)
        self.phone.agent = sockets.agent
        self.keeper.start()
        log.info("SIP on %s, ports %s", self.host, ", ".join(f"{name} {port}" for name, port in sockets.ports.items()))

    async def _take_port(self) -> SipSockets:
        complained = False
        while True:
            try:
                return await self._open_sockets()
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                    raise
                if not complained:
                    log.error("no phone calls: SIP port %d of %s: %s", self.settings.sip_port, self.host, error)
                    complained = True
            await asyncio.sleep(PORT_AGAIN)

    async def _open_sockets(self) -> SipSockets:
        """The sockets, without TLS where its port is taken and nobody asked for it. Raises OSError."""
        asked = self.settings.sip_tls_port
        port = self.settings.sip_port
        tls: int | None = port + 1 if asked is None and port else asked or None
        for choice in (tls, None) if asked is None else (tls,):
            sockets = SipSockets(self._listen_on(choice), self._make_agent, self._sip_event)
            try:
                await sockets.open()
                return sockets
            except OSError as error:
                await _abandon(sockets)
                if choice is None or asked is not None or error.errno != errno.EADDRINUSE:
                    raise
        raise OSError(errno.EADDRINUSE, "no port")

    def _listen_on(self, tls: int | None) -> Listen:
        settings = self.settings
        files: Tls | None = None
        if tls is not None:
            path = settings.sip_certificate or own_certificate(settings.data / "sip.pem", self.phone.advertised)
            files = Tls(path, path)
        return Listen(
            self.host,
            udp=settings.sip_port,
            tcp=settings.sip_port,
            tls=tls,
            advertise=self.phone.advertised,
            files=files,
        )

    def _make_agent(self, local: Local) -> UserAgent:
        return UserAgent(local=local, ids=lambda: secrets.token_hex(12), screen=self.gate, accounts=self.gate.account)

    def _is_own(self, flow: Flow) -> bool:
        """Whether something was sent by this very process: from its own port and address."""
        if flow.transport != "udp" or flow.remote[1] != self.phone.ports.get("udp"):
            return False
        return flow.remote[0] in (self.host, "127.0.0.1", self.phone.advertised)

    def _sip_event(self, event: Event) -> None:
        if not self.keeper.happened(event):
            self.plane.sip_event(event)

    def _audio_events(self, events: list[AudioEvent]) -> None:
        self.plane.audio_events(events)

    # ------------------------------------------------------------------ NATS

    async def _on_plan(self, payload: bytes) -> bytes:
        self.plane.apply(_plan_decoder.decode(payload))
        return b"ok"

    async def _on_keys(self, payload: bytes) -> bytes:
        self.plane.press(msgspec.msgpack.decode(payload, type=Keys))
        return b"ok"

    async def _on_join(self, payload: bytes) -> bytes:
        join = _join_decoder.decode(payload)
        return await self._joined(self.plane.join(join.instance, join.call, join.leg, join.offer))

    async def _on_echo(self, payload: bytes) -> bytes:
        return await self._joined(self.plane.echo.join(payload.decode()))

    async def _joined(self, joining: Coroutine[Any, Any, str]) -> bytes:
        try:
            if self.settings.no_browser:
                joining.close()
                raise invalid_request("Calls from browsers are switched off here")
            joined = Joined(await joining)
        except ServiceError as refusal:
            joined = Joined(code=refusal.code, message=refusal.message)
        return msgspec.msgpack.encode(joined)

    async def _on_alive(self, payload: bytes, _subject: str) -> None:
        self.keeper.heard(_alive_decoder.decode(payload))

    async def _show_alive(self) -> None:
        while True:
            port = self.phone.ports.get("udp")
            alive = MediaAlive(
                id=self.id,
                calls=len(self.plane.calls),
                sip=f"{self.phone.advertised}:{port}" if port else "",
                load=round(self.engine.load.busy, 3),
                started_at=self.started_at,
            )
            with contextlib.suppress(OSError):
                await self.bus.publish(ALIVE, msgspec.msgpack.encode(alive))
            await asyncio.sleep(ALIVE_EVERY)

    # ------------------------------------------------------------------ the end

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.plane.drain(DRAIN_WITHIN)
        if self._sockets is not None:
            await self.keeper.stop()
            await asyncio.sleep(0.05)
            await self._sockets.close()
        self.trunks.close()
        self.directory.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        task.add_done_callback(_complain)
        self._tasks.append(task)


def _complain(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)


async def _abandon(sockets: SipSockets) -> None:
    """Close what a failed `open` had opened."""
    with contextlib.suppress(AttributeError):
        await sockets.close()


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        process = MediaProcess(settings)
        opening = asyncio.create_task(process.open(stack))
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({opening, stop}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            log.info("media process %s", process.id)
            await stop
        else:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
    log.info("stopped")
