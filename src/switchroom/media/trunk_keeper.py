"""Trunks kept up: registered, pinged, and their state told (`trunks.state`)."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import msgspec

from switchroom.base.clock import now_ms
from switchroom.core.voice_commands import MediaAlive
from switchroom.media.phone import Phone, now
from switchroom.media.trunks import STATE, Trunk, Trunks, TrunkState
from switchroom.sip import events as sip
from switchroom.sip.agent import Registration
from switchroom.sip.uri import host_port
from switchroom.storage.bus import Bus

log = logging.getLogger(__name__)

TELL_EVERY = 10.0
PEER_GONE = 7.0
"""Seconds without a heartbeat after which another media process takes over the registrations."""


class TrunkKeeper:
    """Of several media processes the oldest registers, so that a call rings in one place; every one pings."""

    def __init__(
        self, media: str, started_at: int, phone: Phone, trunks: Trunks, bus: Bus, calls: Callable[[str], int]
    ):
        self._media = media
        self._rank = (started_at, media)
        self._phone = phone
        self._trunks = trunks
        self._bus = bus
        self._calls = calls
        self._states: dict[str, TrunkState] = {}
        self._kept: dict[str, Trunk] = {}
        """The trunks as their states speak of them."""
        self._registered: dict[str, tuple[str, Trunk]] = {}
        """By trunk: the name of its registration, and the trunk as it then was."""
        self._names: dict[str, str] = {}
        self._pings: dict[str, str] = {}
        self._next_ping: dict[str, float] = {}
        self._peers: dict[str, tuple[int, float]] = {}
        self._finding: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        trunks.on_change(self._wake.set)

    def start(self) -> None:
        """Begin, once there is a user agent."""
        self._task = asyncio.create_task(self._run(), name="trunks")

    async def stop(self) -> None:
        """Take the registrations back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for name, _ in self._registered.values():
            self._phone.agent.unregister(name, now=now())

    def heard(self, alive: MediaAlive) -> None:
        """Another media process, or this one, is alive."""
        if alive.id != self._media:
            self._peers[alive.id] = (alive.started_at, now())

    def happened(self, event: sip.Event) -> bool:
        """Take an event of the user agent; True if it was about a trunk."""
        match event:
            case sip.Registered(registration=name):
                self._note(self._names.get(name), registered=True)
                self._find_registrar(self._names.get(name))
            case sip.RegistrationFailed(registration=name, code=code, reason=reason):
                self._note(self._names.get(name), registered=False, error=f"REGISTER: {code} {reason}")
            case sip.Pinged(ping=ping, code=code, rtt=rtt):
                trunk = self._pings.pop(ping, None)
                if code:
                    self._note(trunk, reachable=True, rtt_ms=round(rtt * 1000, 1))
                else:
                    self._note(trunk, reachable=False, error="OPTIONS: no answer")
            case _:
                return False
        return True

    def failed(self, trunk: str, error: str) -> None:
        """A call through a trunk failed for a reason that is the trunk's."""
        self._note(trunk, error=error)

    # ------------------------------------------------------------------ the loop

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                self._keep()
                await self._tell()
            except (OSError, RuntimeError) as error:
                log.warning("trunks: %s", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._pause())

    def _pause(self) -> float:
        due = [at - now() for at in self._next_ping.values()]
        return max(0.5, min([TELL_EVERY, *due]))

    def _keep(self) -> None:
        current = {trunk.id: trunk for trunk in self._trunks.all()}
        first = self._is_first()
        for identifier, (name, trunk) in list(self._registered.items()):
            if not first or current.get(identifier) != trunk:
                self._phone.agent.unregister(name, now=now())
                del self._registered[identifier], self._names[name]
        for identifier in [one for one, trunk in self._kept.items() if current.get(one) != trunk]:
            self._start_over(identifier)
        self._kept = current
        for trunk in current.values():
            state = self._states.setdefault(
                trunk.id, TrunkState(instance=trunk.instance, trunk=trunk.id, media=self._media)
            )
            if first and trunk.register and trunk.id not in self._registered:
                state.registered = False
                self._register(trunk)
            elif not trunk.register:
                state.registered = None
            self._ping(trunk)

    def _start_over(self, identifier: str) -> None:
        """A trunk is gone or another: what was known of it says nothing any more, and it is pinged at once."""
        self._states.pop(identifier, None)
        self._next_ping.pop(identifier, None)
        self._pings = {ping: trunk for ping, trunk in self._pings.items() if trunk != identifier}

    def _is_first(self) -> bool:
        self._peers = {one: seen for one, seen in self._peers.items() if now() - seen[1] < PEER_GONE}
        return all(self._rank < (started, one) for one, (started, _) in self._peers.items())

    def _register(self, trunk: Trunk) -> None:
        if trunk.destination is None or trunk.credentials is None:
            state = self._states[trunk.id]
            state.error, state.error_at = "it cannot register without a host and a user name", now_ms()
            return
        registration = Registration(
            f"sip:{trunk.credentials.username}@{trunk.domain}", trunk.destination, trunk.credentials, trunk.expires
        )
        name = self._phone.agent.register(registration, now=now())
        self._registered[trunk.id] = (name, trunk)
        self._names[name] = trunk.id

    def _find_registrar(self, identifier: str | None) -> None:
        trunk = self._trunks.get(identifier or "")
        if trunk is not None and trunk.destination is not None:
            finding = asyncio.create_task(self._resolve(trunk.id, trunk.destination.host))
            self._finding.add(finding)
            finding.add_done_callback(self._finding.discard)

    async def _resolve(self, trunk: str, host: str) -> None:
        with contextlib.suppress(OSError):
            found = await asyncio.get_running_loop().getaddrinfo(host, None)
            self._trunks.registered_at(trunk, frozenset(str(one[4][0]) for one in found))

    def _ping(self, trunk: Trunk) -> None:
        if not trunk.ping_seconds or trunk.destination is None:
            self._next_ping.pop(trunk.id, None)
            return
        if now() < self._next_ping.get(trunk.id, 0.0):
            return
        self._next_ping[trunk.id] = now() + trunk.ping_seconds
        target = f"sip:{host_port(trunk.domain, None)}"
        self._pings[self._phone.agent.options(target, trunk.destination, now=now())] = trunk.id

    def _note(
        self,
        trunk: str | None,
        *,
        registered: bool | None = None,
        reachable: bool | None = None,
        rtt_ms: float | None = None,
        error: str = "",
    ) -> None:
        state = self._states.get(trunk or "")
        if state is None:
            return
        if registered is not None:
            state.registered = registered
        if reachable is not None:
            state.reachable, state.rtt_ms = reachable, rtt_ms
        if error:
            log.warning("trunk %s: %s", trunk, error)
            state.error, state.error_at = error, now_ms()
        self._wake.set()

    async def _tell(self) -> None:
        for state in self._states.values():
            state.at, state.calls = now_ms(), self._calls(state.trunk)
        await self._bus.publish(STATE, msgspec.msgpack.encode(list(self._states.values())))
