"""A leg that is a SIP call: offer and answer, early media, hold, keys by INFO."""

import logging
import os
import secrets
from dataclasses import replace

from switchroom.media.audio.api import Address, AudioError, LegMedia, NoPortsError, SrtpKeys
from switchroom.media.leg import Cause, Leg
from switchroom.media.phone import Phone, now
from switchroom.media.trunks import Trunk
from switchroom.sip import events
from switchroom.sip.call import Call
from switchroom.sip.offers import Agreed, Capabilities, NotAcceptable, Srtp, conclude, make_answer, make_offer
from switchroom.sip.sdp import EVENTS, EVENTS_48, G722, KEY_BYTES, OPUS, PCMA, PCMU, Codec, Session
from switchroom.sip.uri import BadUri

log = logging.getLogger(__name__)

_FIRST: tuple[Codec, ...] = (PCMU, PCMA, EVENTS)
_THEN: tuple[Codec, ...] = (PCMU, PCMA, G722, OPUS, EVENTS, EVENTS_48)
"""What a peer without any G.711 is answered: wide-band codecs cost several times as much."""
_CAUSES: dict[int, Cause] = {
    486: "busy", 600: "busy", 408: "no_answer", 480: "no_answer", 487: "no_answer",
    401: "rejected", 403: "rejected", 407: "rejected", 603: "rejected", 607: "rejected", 608: "rejected",
    404: "invalid", 410: "invalid", 414: "invalid", 416: "invalid", 484: "invalid", 604: "invalid",
}  # fmt: skip


SILENT_SECONDS = 60.0
"""Without any packet for so long, after there were some, the other end is gone. Some phones send none when muted."""


def cause_of(code: int) -> Cause:
    """Why a call was not answered, by its final response."""
    return _CAUSES.get(code, "failed")


class SipLeg(Leg):
    """One SIP call, in or out. `inbound` legs wait for `answer`; others were dialled."""

    def __init__(self, identifier: str, phone: Phone, trunk: Trunk | None, *, desk: bool = False) -> None:
        super().__init__(identifier, phone.engine)
        self.desk = desk
        self.trunk = trunk
        self.inbound = False
        self.answered = False
        self.counted = ""
        """The name under which the gate counts this call."""
        self._phone = phone
        self._call: Call | None = None
        self._ringing = False
        self._early = False
        self._open = False
        self._ours: Session | None = None
        self._session_id = secrets.randbits(31)
        self._version = 0
        self._agreed: Agreed | None = None
        self._key = os.urandom(KEY_BYTES)
        self._host = ""
        self._port = 0

    @property
    def up(self) -> bool:
        return self.answered and super().up

    # ------------------------------------------------------------------ beginning

    def arrive(self, incoming: events.Incoming) -> None:
        """It is this call that came in. Raises NotAcceptable (488) and NoPortsError (503)."""
        self.inbound = True
        self._call = incoming.call
        incoming.call.app = self
        self._host = self._phone.address_for(incoming.flow.remote[0])
        if incoming.sdp is not None:
            self._ours = self._answer_to(incoming.sdp)
        else:
            self._ours = make_offer(self._capabilities(_FIRST), session_id=self._session_id, version=self._next())

    def offer(self, peer: str) -> Session:
        """The offer to dial with; `peer` is the IP address it goes to. Raises NoPortsError."""
        self._host = self._phone.address_for(peer)
        codecs = self.trunk.codecs if self.trunk is not None else _FIRST
        self._ours = make_offer(self._capabilities(codecs), session_id=self._session_id, version=self._next())
        return self._ours

    def dialled(self, call: Call) -> None:
        """It is this call that went out."""
        self._call = call
        call.app = self

    # ------------------------------------------------------------------ what a plan asks

    def answer(self) -> None:
        """Pick up. Twice does no harm."""
        if self.answered or self.over or self._call is None:
            return
        self.answered = True
        self._call.answer(self._ours, now=now())
        if self._agreed is not None:
            self._connect()
            self.owner.leg_connected(self)

    def ring(self) -> None:
        """Tell the caller that somebody is being called."""
        if self._call is not None:
            self._call.ring(now=now())

    def hang_up(self, code: int | None = None) -> None:
        if self._call is not None and not self.over:
            if self.inbound and not self.answered:
                self._call.reject(code or 480, now=now())
            else:
                self._call.hangup(now=now())
        self.finish()

    def finish(self) -> None:
        super().finish()
        if self._open:
            self._open = False
            try:
                self.engine.close_leg(self.id)
            except AudioError:
                log.debug("leg %s was closed already", self.id)

    def relay(self, key: str) -> None:
        """A key that another party pressed."""
        if self.sound is not None:
            self.sound.send(key)

    # ------------------------------------------------------------------ what happens

    def happened(self, event: events.Event) -> None:
        """An event of this leg's call."""
        if self.over:
            return
        match event:
            case events.Ringing(sdp=sdp):
                self._rang(sdp)
            case events.Answered(sdp=sdp):
                self._was_answered(sdp)
            case events.Confirmed(sdp=sdp):
                self._confirmed(sdp)
            case events.Cancelled():
                self._gone("hangup", 487)
            case events.Failed(code=code):
                self._gone(cause_of(code), code)
            case events.Ended(by=by):
                self._gone("hangup" if by in ("remote", "local") else "failed", None)
            case events.Reoffer(sdp=sdp):
                self._reoffered(sdp)
            case events.Digit(digit=digit):
                self.key(digit, "info")
            case events.Referred():
                self._referred(event)

    def silent(self) -> None:
        """No packet came for long."""
        stats = self.stats()
        patient = self.plan is not None and self.plan.patient
        if self.over or patient or stats is None or not stats.received:
            return
        log.info("leg %s is hung up: nothing was heard of it for %s s", self.id, stats.silent_for)
        quality_kept = self.owner
        if self._call is not None:
            self._call.hangup(now=now())
        quality_kept.leg_gone(self, "failed", None)

    def _rang(self, sdp: Session | None) -> None:
        early = self._early or (sdp is not None and self._agree(sdp))
        if early != self._early or not self._ringing:
            self._early, self._ringing = early, True
            self.owner.leg_rang(self, early)

    def _was_answered(self, sdp: Session | None) -> None:
        self.answered = True
        if sdp is not None and not self._agree(sdp):
            if self._call is not None:
                self._call.hangup(now=now())
            self._gone("failed", 488)
            return
        self.owner.leg_connected(self)

    def _confirmed(self, sdp: Session | None) -> None:
        if sdp is not None and self._ours is not None and self._agreed is None:
            if self._agree(sdp):
                self.owner.leg_connected(self)
            else:
                self.hang_up()
                self.owner.leg_gone(self, "failed", 488)

    def _gone(self, cause: Cause, code: int | None) -> None:
        if self.owned:
            self.owner.leg_gone(self, cause, code)
        else:
            self.finish()

    def _referred(self, event: events.Referred) -> None:
        try:
            target = event.target.number
        except BadUri:
            target = ""
        if not self.desk or not target or self._call is None:
            event.call.refuse_refer(603, now=now())
            return
        event.call.accept_refer(now=now())
        event.call.notify_refer(200, now=now())
        self.owner.leg_referred(self, target)

    # ------------------------------------------------------------------ offer and answer

    def _next(self) -> int:
        self._version += 1
        return self._version

    def _capabilities(self, codecs: tuple[Codec, ...]) -> Capabilities:
        if not self._open:
            self._port = self.engine.open_leg(self.id)
            self._open = True
        return Capabilities(self._host, self._port, codecs, srtp=self._srtp, key=self._key)

    @property
    def _srtp(self) -> Srtp:
        if self.trunk is not None:
            return self.trunk.srtp
        return "optional" if self.inbound else "off"

    def _answer_to(self, offer: Session) -> Session:
        choices = (self.trunk.codecs,) if self.trunk is not None else (_FIRST, _THEN)
        for number, codecs in enumerate(choices):
            try:
                ours, self._agreed = make_answer(
                    offer, self._capabilities(codecs), session_id=self._session_id, version=self._next()
                )
                return ours
            except NotAcceptable:
                if number == len(choices) - 1:
                    raise
        raise NotAcceptable("nothing was tried")

    def _agree(self, theirs: Session) -> bool:
        """Take the answer to our offer."""
        if self._ours is None:
            return False
        try:
            self._agreed = conclude(self._ours, theirs)
        except NotAcceptable as error:
            log.info("leg %s: %s", self.id, error)
            return False
        self._connect()
        return True

    def _reoffered(self, sdp: Session | None) -> None:
        if self._call is None:
            return
        if sdp is None:
            if self._ours is not None:
                self._ours = replace(self._ours, version=self._next())
                self._call.accept_offer(self._ours, now=now())
            return
        try:
            self._ours = self._answer_to(sdp)
        except NotAcceptable:
            self._call.refuse_offer(488, now=now())
            return
        self._call.accept_offer(self._ours, now=now())
        if self.answered:
            self._connect()

    def _connect(self) -> None:
        """Let the sound flow as it was agreed."""
        agreed = self._agreed
        if agreed is None or self.over:
            return
        first = not self.carried
        self.carried = True
        self.engine.connect_leg(self.id, _media(agreed))
        if first and self.sound is not None:
            self.sound.connect()


def _media(agreed: Agreed) -> LegMedia:
    held = agreed.remote[0] in ("0.0.0.0", "::")  # noqa: S104 - how RFC 2543 held
    remote: Address | None = None if held else agreed.remote
    srtp = None
    if agreed.srtp is not None:
        srtp = SrtpKeys(agreed.srtp.local_key, agreed.srtp.remote_key, agreed.srtp.suite)  # type: ignore[arg-type]
    name = agreed.codec.name
    return LegMedia(
        codec="opus" if name.lower() == "opus" else name.upper(),  # type: ignore[arg-type]
        payload_type=agreed.codec.payload,
        dtmf_payload_type=agreed.events.payload if agreed.events is not None else None,
        remote=remote,
        remote_rtcp=None if agreed.rtcp_mux or held else (agreed.remote[0], agreed.remote[1] + 1),
        srtp=srtp,
        send=agreed.sends and not held,
        receive=agreed.receives,
        silent_after=SILENT_SECONDS,
    )


__all__ = ["NoPortsError", "NotAcceptable", "SipLeg", "cause_of"]
