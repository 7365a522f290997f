"""One call on this process: a plan comes in and the difference to what is gets acted upon (decision 0050)."""

import logging
from typing import TYPE_CHECKING

from switchroom.core import voice_commands as vc
from switchroom.core.command import Command
from switchroom.core.media import Audio, CallPlan, LegPlan
from switchroom.media.leg import Cause, Leg
from switchroom.media.listening import AudioOutcome, AudioValue, Ended, LegSound
from switchroom.media.sip_leg import SipLeg

if TYPE_CHECKING:
    from switchroom.media.plane import Plane

log = logging.getLogger(__name__)


class CallRuntime:
    """What there is of a call. Hears what happens to its legs (`LegOwner`) and reports it to the centre."""

    def __init__(self, plane: "Plane", instance: str, identifier: str) -> None:
        self.instance = instance
        self.id = identifier
        self.version = -1
        self.plan: CallPlan | None = None
        self.legs: dict[str, Leg] = {}
        self._plane = plane
        self._gone: set[str] = set()
        """Legs that are over; the centre may not know yet."""
        self._browsers: dict[str, LegPlan] = {}
        """Legs that browsers have yet to join."""

    # ------------------------------------------------------------------ plans

    def apply(self, plan: CallPlan) -> None:
        """What there should be. An older plan than one seen, or the same again, changes nothing."""
        if plan.version <= self.version:
            return
        self.version, self.plan = plan.version, plan
        wanted = {leg.id: leg for leg in plan.legs}
        for identifier in [one for one in self.legs if one not in wanted]:
            self._hang_up(self.legs.pop(identifier), plan.reject)
        for leg in plan.legs:
            self._want(leg)
        self._browsers = {one: leg for one, leg in wanted.items() if leg.browser and one not in self.legs}
        self._gone &= wanted.keys()
        self._plane.recordings.apply(self.instance, self.id, plan.recordings)
        self._apply_stream()
        self._plane.show_video(self)
        if not plan.legs:
            self._plane.over(self)

    def _want(self, plan: LegPlan) -> None:
        leg = self.legs.get(plan.id)
        if leg is None:
            if plan.id in self._gone:
                return
            leg = self._begin(plan)
            if leg is None:
                return
        leg.apply(plan)
        if plan.answer and isinstance(leg, SipLeg):
            leg.answer()

    def _begin(self, plan: LegPlan) -> Leg | None:
        """A leg of the plan that there is not yet."""
        if plan.browser:
            return None
        if plan.dial is not None:
            leg = self._plane.dial(self, plan.id, plan.dial)
        else:
            arrived = self._plane.take_arrival(plan.id)
            if arrived is None:
                self._gone.add(plan.id)
                self.report(vc.LegGone(call=self.id, leg=plan.id, cause=self._plane.why_gone(plan.id)))
                return None
            leg = arrived
        self.take(leg)
        return leg

    def take(self, leg: Leg) -> None:
        """The leg belongs to this call."""
        sound = LegSound(
            leg.id, self.id, self._plane.engine, self._plane.sounds, self._plane.words, _reporter(self, leg)
        )
        leg.adopt(self, sound)
        self.legs[leg.id] = leg

    def browser(self, leg: str) -> LegPlan | None:
        """The plan of a leg that a browser may join now: one that waits, is lost, or is to begin anew."""
        plan = self._browsers.get(leg)
        if plan is None and leg in self.legs and self.legs[leg].plan is not None:
            plan = self.legs[leg].plan
        return plan if plan is not None and plan.browser else None

    def end(self) -> None:
        """The centre does not know this call: nobody is left."""
        for leg in list(self.legs.values()):
            self._hang_up(leg, 480)
        self.legs.clear()
        self._plane.over(self)

    def _hang_up(self, leg: Leg, code: int | None) -> None:
        quality = leg.quality()
        if quality is not None and leg.plan is not None and leg.plan.contact:
            self.report(vc.LegMeasured(contact=leg.plan.contact, agent=leg.plan.agent, quality=quality))
        leg.hang_up(code)
        self._plane.leg_over(leg)

    def _apply_stream(self) -> None:
        if self.plan is not None:
            carried = [leg.id for leg in self.legs.values() if leg.carried and not leg.over]
            self._plane.streams.apply(self.instance, self.id, self.plan.stream, carried)

    # ------------------------------------------------------------------ what happens to legs

    def report(self, report: Command) -> None:
        """Tell the centre."""
        self._plane.reports.tell(self.instance, self.id, report)

    def ask(self) -> None:
        """Say again what the centre should know: a call that it has given up meanwhile ends by its answer."""
        leg = next((leg for leg in self.legs.values() if leg.up), None)
        if leg is not None:
            self.report(vc.LegAnswered(call=self.id, leg=leg.id))

    def leg_rang(self, leg: Leg, early: bool) -> None:
        """A called leg rings."""
        self.report(vc.LegRinging(call=self.id, leg=leg.id, early=early))

    def leg_connected(self, leg: Leg) -> None:
        """A leg has sound, for the first time or again. Of one that came in the centre knows: it had it answered."""
        if not (isinstance(leg, SipLeg) and leg.inbound):
            self.report(vc.LegAnswered(call=self.id, leg=leg.id))
        self._apply_stream()

    def leg_lost(self, leg: Leg) -> None:
        """A browser's media is gone for now."""
        self.report(vc.LegLost(call=self.id, leg=leg.id))

    def leg_gone(self, leg: Leg, cause: Cause, code: int | None) -> None:
        """A leg is over, and not by our doing."""
        if self.legs.get(leg.id) is not leg:
            return
        quality = leg.quality()
        del self.legs[leg.id]
        self._gone.add(leg.id)
        leg.finish()
        self._plane.leg_over(leg)
        self.report(vc.LegGone(call=self.id, leg=leg.id, cause=cause, code=code, quality=quality))

    def leg_referred(self, leg: Leg, target: str) -> None:
        """A desk phone asks to be replaced."""
        self.report(vc.LegReferred(call=self.id, leg=leg.id, target=target))

    def leg_key(self, leg: Leg, key: str) -> None:
        """Keys that nobody collects go to the telephones in the room, as they would on a line."""
        if leg.plan is None or not leg.plan.talk or leg.plan.mute or (leg.sound is not None and leg.sound.collecting):
            return
        for other in self.legs.values():
            if other is not leg and isinstance(other, SipLeg) and other.plan is not None and other.plan.hear:
                other.relay(key)


def _reporter(call: CallRuntime, leg: Leg) -> Ended:
    """Reports how the audios of a leg end."""

    def ended(audio: Audio, kind: AudioOutcome, value: AudioValue) -> None:
        call.report(vc.AudioEnded(call=call.id, leg=leg.id, audio=audio.id, kind=kind, value=value))

    return ended
