"""A phone on real sockets that does what the dialled number says; peers of the interop tests call it.

`answer` answers at once, `ring` rings for ever, `early` sends early media first, `busy` refuses, `bye` answers and
hangs up, `hold` answers and then puts the caller on hold and takes it back, `slow` answers after a second.
"""

import asyncio
import secrets
from collections.abc import Callable

from switchroom.media.sip_sockets import Listen, SipSockets
from switchroom.sip.agent import Local, UserAgent
from switchroom.sip.call import Call
from switchroom.sip.digest import Account
from switchroom.sip.events import (
    Confirmed,
    Event,
    Incoming,
    Reanswered,
    Referred,
    Reoffer,
)
from switchroom.sip.message import Request
from switchroom.sip.offers import Capabilities, NotAcceptable, make_answer, make_offer
from switchroom.sip.screening import Challenge, Verdict
from switchroom.sip.sdp import EVENTS, G722, PCMA, PCMU, Session
from switchroom.sip.transport import Flow

CODECS = (PCMU, PCMA, G722, EVENTS)
ACCOUNTS = {"alice": Account("alice", "secret")}


class Answering:
    """One phone. `log` is what happened, by name of the event."""

    def __init__(self, listen: Listen, rtp_port: int = 40000, *, srtp: bool = False) -> None:
        self.sockets = SipSockets(listen, self._agent, self._on_event)
        self.events: list[Event] = []
        self.heard = asyncio.Event()
        self.on_event: Callable[[Event], None] | None = None
        self._mine = Capabilities(
            listen.host,
            rtp_port,
            CODECS,
            srtp="optional" if srtp else "off",
            key=secrets.token_bytes(30) if srtp else b"",
        )

    def _agent(self, local: Local) -> UserAgent:
        return UserAgent(
            local=local, ids=lambda: secrets.token_hex(10), screen=self._screen, accounts=ACCOUNTS.get, realm="test"
        )

    @staticmethod
    def _screen(request: Request, _flow: Flow, _now: float) -> Verdict:
        return Challenge() if request.method == "INVITE" and request.target.user == "private" else None

    def offer(self) -> Session:
        """Our offer."""
        return make_offer(self._mine, session_id=7)

    def answer_to(self, offer: Session | None) -> Session:
        """Our answer, or our offer when there was none."""
        if offer is None:
            return self.offer()
        return make_answer(offer, self._mine, session_id=7)[0]

    async def until(self, kind: type[Event], count: int = 1, seconds: float = 10.0) -> Event:
        """Wait for the `count`-th event of a kind."""
        async with asyncio.timeout(seconds):
            while len(found := [one for one in self.events if isinstance(one, kind)]) < count:
                self.heard.clear()
                await self.heard.wait()
        return found[count - 1]

    def _on_event(self, event: Event) -> None:
        self.events.append(event)
        self.heard.set()
        if self.on_event is not None:
            self.on_event(event)
        now = self.sockets.now()
        match event:
            case Incoming(call, request, _, sdp):
                try:
                    self._incoming(call, request.target.user, sdp)
                except NotAcceptable:
                    call.reject(488, now=now)
            case Confirmed(call) if call.app == "bye":
                call.hangup(now=now)
            case Confirmed(call) if call.app == "hold" and call.local_sdp is not None:
                call.app = "held"
                call.reoffer(call.local_sdp.with_direction("sendonly"), now=now)
            case Reanswered(call) if call.app == "held" and call.local_sdp is not None:
                call.app = "done"
                call.reoffer(call.local_sdp.with_direction("sendrecv"), now=now)
            case Reoffer(call, sdp):
                call.accept_offer(self.answer_to(sdp), now=now)
            case Referred(call):
                call.accept_refer(now=now)
                call.notify_refer(200, now=now)
            case _:
                pass

    def _incoming(self, call: Call, user: str, sdp: Session | None) -> None:
        now, answer = self.sockets.now(), self.answer_to(sdp)
        call.app = user
        match user:
            case "busy":
                call.reject(486, now=now)
            case "ring":
                call.ring(now=now)
            case "early":
                call.ring(183, sdp=answer, now=now)
                call.answer(answer, now=now)
            case "slow":
                call.ring(now=now)
                later = asyncio.get_running_loop().call_later
                later(1.0, lambda: call.answer(answer, now=self.sockets.now()))
            case _:
                call.ring(now=now)
                call.answer(answer, now=now)
