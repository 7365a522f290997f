"""The media plane of one process: its calls, its legs, and the way of every event to the leg it belongs to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from switchroom.base.errors import ServiceError, invalid_request, not_found
from switchroom.core.call import Dial
from switchroom.core.command import Command
from switchroom.core.media import CallPlan
from switchroom.media.arrivals import Arrivals
from switchroom.media.audio import api as audio
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.browser_leg import WebLeg
from switchroom.media.call import CallRuntime
from switchroom.media.echo import EchoLegs
from switchroom.media.gate import Gate
from switchroom.media.leg import Cause, Leg
from switchroom.media.outbound import CannotDial, Dialler
from switchroom.media.phone import Phone
from switchroom.media.recordings import Recordings
from switchroom.media.reports import Reports
from switchroom.media.sip_leg import SipLeg
from switchroom.media.sounds import SoundLibrary
from switchroom.media.streams import Streams
from switchroom.media.webrtc.legs import BrowserLegs
from switchroom.media.webrtc.sdp import AUDIO, AudioCodec, BadOffer
from switchroom.media.wire import Keys
from switchroom.media.words import Words
from switchroom.sip import events as sip
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore

log = logging.getLogger(__name__)

REMEMBER = 120.0
"""Seconds for which the version of a call that is over is known, so that a late plan does not call again."""

ASK_EVERY = 60.0
"""Seconds between two times that the centre is asked whether it knows a call."""

Submit = Callable[[str, Command], Awaitable[Any]]


class Plane:
    """Holds everything that calls need, and the calls."""

    def __init__(
        self,
        media: str,
        *,
        engine: AudioEngine,
        bus: Bus,
        objects: ObjectStore,
        phone: Phone,
        gate: Gate,
        dialler: Dialler,
        addresses: Sequence[str],
        submit: Submit,
        spool: Path,
        browser_codecs: Sequence[AudioCodec] = AUDIO,
    ) -> None:
        self.media = media
        self.engine = engine
        self.sounds = SoundLibrary(bus, objects)
        self.words = Words(bus)
        self.reports = Reports(submit, self._unknown)
        self.recordings = Recordings(engine, objects, self.reports, spool, media)
        self.streams = Streams(bus, engine)
        self.calls: dict[tuple[str, str], CallRuntime] = {}
        self.legs: dict[str, Leg] = {}
        """By their names in the audio engine."""
        self.arrivals = Arrivals(phone, gate, media, submit, self.reports.tell)
        self._gate = gate
        self._dialler = dialler
        self._browsers = BrowserLegs(engine, self, addresses=addresses, codecs=browser_codecs)
        self.echo = EchoLegs(engine, self._browsers)
        self._over: dict[tuple[str, str], int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------------ from the centre

    def apply(self, plan: CallPlan) -> None:
        """This is what there should be of a call."""
        key = (plan.instance, plan.call)
        call = self.calls.get(key)
        if call is None:
            if plan.version <= self._over.get(key, -1):
                return
            if not plan.legs:
                self.arrivals.over(plan.call)
                return
            call = self.calls[key] = CallRuntime(self, *key)
        call.apply(plan)

    def press(self, keys: Keys) -> None:
        """The party of a leg presses keys, elsewhere than in its sound."""
        call = self.calls.get((keys.instance, keys.call))
        leg = call.legs.get(keys.leg) if call is not None else None
        if leg is not None:
            for key in keys.digits:
                leg.key(key, "info")

    async def join(self, instance: str, call: str, leg: str, offer: str) -> str:
        """A browser brings its media: the answer to its offer. Raises ServiceError."""
        runtime = self.calls.get((instance, call))
        plan = runtime.browser(leg) if runtime is not None else None
        if runtime is None or plan is None:
            raise not_found("Leg", leg)
        if leg not in self.legs:
            web = self.legs[leg] = WebLeg(leg, self.engine, self._browsers)
            runtime.take(web)
            web.apply(plan)
        try:
            answer = await self._browsers.join(leg, offer)
        except audio.NoPortsError:
            raise ServiceError("LimitExceededException", "No more media fits on this node") from None
        except BadOffer as error:
            raise invalid_request(f"The offer cannot be answered: {error}") from None
        self.show_video(runtime)
        return answer

    def show_video(self, call: CallRuntime) -> None:
        """Browsers of a call see each other, where the plan lets them."""
        shown = [
            (leg.id, leg.plan is not None and leg.plan.video)
            for leg in call.legs.values()
            if isinstance(leg, WebLeg) and leg.id in self._browsers
        ]
        if shown:
            self._browsers.show_video(call.id, shown)

    # of browsers (`BrowserListener`)

    def connected(self, leg: str, again: bool) -> None:
        """A browser's sound flows."""
        found = self.legs.get(leg)
        if isinstance(found, WebLeg):
            found.connected()

    def lost(self, leg: str, reason: str) -> None:
        """A browser is not heard any more."""
        found = self.legs.get(leg)
        if isinstance(found, WebLeg):
            found.lost()
        else:
            self.echo.closed(leg)

    def closed(self, leg: str) -> None:
        """A browser closed its connection; whether it hung up the centre hears by another way."""
        self.lost(leg, "closed")

    async def drain(self, within: float) -> None:
        """Take no more calls, end what there is, tell everything and store what was recorded."""
        self.arrivals.close()
        for call in list(self.calls.values()):
            for leg in list(call.legs.values()):
                leg.hang_up(503)
                call.leg_gone(leg, "failed", None)
            call.end()
        await asyncio.sleep(0.1)
        await self.recordings.drain(within / 2)
        await self.reports.drain(within / 2)

    async def ask(self) -> None:
        """For ever: calls that the centre has given up while it could not reach us are not kept alive."""
        while True:
            await asyncio.sleep(ASK_EVERY)
            for call in list(self.calls.values()):
                call.ask()
                await asyncio.sleep(ASK_EVERY / max(2000, 2 * len(self.calls)))

    # ------------------------------------------------------------------ what calls ask

    def dial(self, call: CallRuntime, leg: str, dial: Dial) -> SipLeg:
        """A leg that is being called from now on."""
        made = self._dialler.prepare(call.instance, leg, dial)
        self.legs[leg] = made
        if made.trunk is not None:
            made.counted = made.trunk.id
            self._gate.calls[made.counted] += 1
        self._spawn(self._dial(call, made, dial))
        return made

    async def _dial(self, call: CallRuntime, leg: SipLeg, dial: Dial) -> None:
        try:
            placed = await self._dialler.place(leg, call.instance, dial)
        except CannotDial as reason:
            log.info("leg %s cannot be called: %s", leg.id, reason)
            call.leg_gone(leg, reason.cause, reason.code)
            return
        if leg.over:
            leg.dialled(placed)
            leg.over = False
            leg.hang_up()
            return
        leg.dialled(placed)

    def take_arrival(self, leg: str) -> SipLeg | None:
        """A leg that came in; it belongs to a call from now on."""
        return self.arrivals.take(leg)

    def why_gone(self, leg: str) -> Cause:
        """What became of a leg that came in."""
        return self.arrivals.why_gone(leg)

    def leg_over(self, leg: Leg) -> None:
        """A leg is over."""
        self.legs.pop(leg.id, None)
        if isinstance(leg, SipLeg):
            self.arrivals.discount(leg)

    def over(self, call: CallRuntime) -> None:
        """Nothing is left of a call."""
        key = (call.instance, call.id)
        if self.calls.pop(key, None) is None:
            return
        self.recordings.forget(call.id)
        self.streams.apply(call.instance, call.id, None, ())
        self._over[key] = call.version
        asyncio.get_running_loop().call_later(REMEMBER, self._over.pop, key, None)

    def _unknown(self, instance: str, call: str) -> None:
        runtime = self.calls.get((instance, call))
        if runtime is not None:
            log.info("the centre does not know the call %s: it ends here", call)
            runtime.end()

    # ------------------------------------------------------------------ what happens

    def sip_event(self, event: sip.Event) -> None:
        """What the user agent tells of a call."""
        call = getattr(event, "call", None)
        if call is None:
            return
        if isinstance(event, sip.Incoming):
            self.arrivals.arrive(event)
            if isinstance(call.app, SipLeg) and not call.app.over:
                self.legs[call.app.id] = call.app
        elif isinstance(call.app, SipLeg):
            leg = call.app
            leg.happened(event)
            if leg.over and not leg.owned:
                self.arrivals.left(leg)
                self.legs.pop(leg.id, None)

    def audio_events(self, events: list[audio.AudioEvent]) -> None:
        """What the audio engine tells."""
        for event in events:
            if isinstance(event, audio.RecordingStopped):
                self.recordings.stopped(event)
            elif isinstance(event, audio.LateTicks):
                self._late(event)
            elif not self._browsers.handle(event):
                leg = self.legs.get(event.leg)
                if leg is not None:
                    self._leg_event(leg, event)

    def _late(self, event: audio.LateTicks) -> None:
        """Single ticks are late on any busy machine; worth a line is what can be heard."""
        level = logging.WARNING if event.late * 20 > event.ticks or event.skipped else logging.DEBUG
        log.log(level, "%d of %d ticks were late, %d left out", event.late, event.ticks, event.skipped)

    def _leg_event(self, leg: Leg, event: audio.AudioEvent) -> None:
        match event:
            case audio.PlayEnded(id=identifier):
                if leg.sound is not None:
                    leg.sound.play_ended(identifier)
            case audio.Digit(digit=digit, source=source):
                leg.key(digit, source)
            case audio.DigitsSent():
                if leg.sound is not None:
                    leg.sound.digits_sent()
            case audio.LegSilent():
                if isinstance(leg, SipLeg):
                    leg.silent()
            case _:
                pass

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
