"""Calls that come in: from the INVITE to the moment at which a plan takes the leg."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.core.command import Command
from switchroom.core.voice_commands import CallArrived, LegGone
from switchroom.media import numbers
from switchroom.media.gate import Entry, Gate
from switchroom.media.leg import Cause
from switchroom.media.phone import Phone, now
from switchroom.media.sip_leg import NoPortsError, NotAcceptable, SipLeg
from switchroom.sip.events import Incoming
from switchroom.sip.message import Request
from switchroom.sip.uri import Address, BadUri, parse_address

log = logging.getLogger(__name__)

READABLE = (
    "P-Asserted-Identity", "P-Charge-Info", "From", "To", "ISUP-OLI", "JIP", "Hop-Counter", "Originating-Switch",
    "Originating-Trunk", "Call-Forwarding-Indicator", "Calling-Party-Address", "Called-Party-Address",
    "Diversion", "User-to-User",
)  # fmt: skip
"""SIP headers that flows may read (FLOW-144)."""
LONGEST_HEADER = 1024
NOTHING_SAID = 480
"""Answer to a call whose flow hung up at once."""
PLAN_WITHIN = 10.0
"""Seconds from the centre's word that a call is welcome to its plan."""
REMEMBER = 60.0
"""Seconds for which the fate of a leg that no plan took is known."""
RETRY_AFTER = (("Retry-After", "10"),)
_CODES = {
    "ResourceNotFoundException": 404,
    "InvalidRequestException": 403,
    "AccessDeniedException": 403,
    "LimitExceededException": 503,
}
"""A quota that is used up is told as 503, which callers hear as fast busy (BASE-36)."""


class Arrivals:
    """Legs that have come in and belong to no call yet."""

    def __init__(
        self,
        phone: Phone,
        gate: Gate,
        media: str,
        submit: Callable[[str, Command], Awaitable[Any]],
        report: Callable[[str, str, Command], None],
    ) -> None:
        self._phone = phone
        self._gate = gate
        self._media = media
        self._submit = submit
        self._report = report
        self._waiting: dict[str, SipLeg] = {}
        self._gone: dict[str, Cause] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    def arrive(self, event: Incoming) -> None:
        """An INVITE that the gate has let in."""
        if self.closed:
            event.call.reject(503, headers=list(RETRY_AFTER), now=now())
            return
        trunk = self._gate.trunk_of(event.flow, event.user)
        entry = self._gate.entry(event.request, trunk)
        if entry is None:
            event.call.reject(404, now=now())
            return
        key = trunk.id if trunk is not None else event.flow.remote[0]
        if not self._gate.may_call(key, trunk):
            event.call.reject(503, headers=list(RETRY_AFTER), now=now())
            return
        leg = SipLeg(new_id(), self._phone, trunk)
        try:
            leg.arrive(event)
        except NotAcceptable:
            event.call.reject(488, now=now())
        except NoPortsError:
            event.call.reject(503, headers=list(RETRY_AFTER), now=now())
        else:
            leg.counted = key
            self._gate.calls[key] += 1
            self._waiting[leg.id] = leg
            self._spawn(self._announce(leg, entry, event))
            return
        leg.finish()

    def take(self, leg: str) -> SipLeg | None:
        """The leg, which belongs to a call from now on."""
        return self._waiting.pop(leg, None)

    def why_gone(self, leg: str) -> Cause:
        """What became of a leg that cannot be taken."""
        return self._gone.get(leg, "failed")

    def left(self, leg: SipLeg) -> None:
        """A leg that no call has taken is over: the caller gave up."""
        if self._waiting.pop(leg.id, None) is not None:
            self._forget(leg, "hangup")

    def close(self) -> None:
        """Take no more; who waits is sent away."""
        self.closed = True
        for leg in list(self._waiting.values()):
            self._refuse(leg, 503)

    async def _announce(self, leg: SipLeg, entry: Entry, event: Incoming) -> None:
        instance = entry.number.instance
        number, name = caller_of(event.request, self._gate.caller_country(entry))
        arrived = CallArrived(
            media=self._media,
            leg=leg.id,
            number=entry.number.name,
            caller=number,
            caller_name=name,
            headers=readable_headers(event.request),
        )
        try:
            await self._submit(instance, arrived)
        except ServiceError as refusal:
            code = _CODES.get(refusal.code, 503)
            log.info("a call to %s is refused with %d: %s", entry.number.name, code, refusal)
            self._refuse(leg, code)
            return
        except Exception:
            log.exception("a call to %s could not be announced", entry.number.name)
            self._refuse(leg, 503)
            return
        if leg.id in self._gone:
            self._report(instance, leg.id, LegGone(call=leg.id, leg=leg.id, cause=self._gone[leg.id]))
            return
        if leg.id in self._waiting:
            asyncio.get_running_loop().call_later(PLAN_WITHIN, self._give_up, leg, instance)

    def _give_up(self, leg: SipLeg, instance: str) -> None:
        """No plan has come."""
        if leg.id in self._waiting:
            log.warning("no plan came for the call %s", leg.id)
            self._refuse(leg, 503)
            self._report(instance, leg.id, LegGone(call=leg.id, leg=leg.id, cause="failed"))

    def over(self, call: str) -> None:
        """The flow of a call has ended it before there was anything to hear: it is not answered."""
        leg = self._waiting.get(call)
        if leg is not None:
            self._refuse(leg, NOTHING_SAID)

    def _refuse(self, leg: SipLeg, code: int) -> None:
        if self._waiting.pop(leg.id, None) is None:
            return
        leg.hang_up(code)
        self._forget(leg, "rejected")

    def _forget(self, leg: SipLeg, cause: Cause) -> None:
        leg.finish()
        self.discount(leg)
        self._gone[leg.id] = cause
        asyncio.get_running_loop().call_later(REMEMBER, self._gone.pop, leg.id, None)

    def discount(self, leg: SipLeg) -> None:
        """A leg is over: one call less from where it came."""
        if leg.counted:
            self._gate.calls[leg.counted] -= 1
            if self._gate.calls[leg.counted] <= 0:
                del self._gate.calls[leg.counted]
            leg.counted = ""

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def caller_of(request: Request, country: str | None) -> tuple[str | None, str | None]:
    """Number (E.164) and name of the caller: asserted, else as From has them; `None` for what is withheld."""
    if "id" in (request.headers.get("Privacy") or "").lower().split(";"):
        return None, None
    for address in (_asserted(request), request.from_):
        if address is None:
            continue
        try:
            uri = address.parsed
        except BadUri:
            continue
        if uri.host == "anonymous.invalid" or uri.user.lower() == "anonymous":
            return None, None
        number = numbers.caller(uri.number, country)
        if number is not None:
            return number, address.display or request.from_.display or None
    return None, request.from_.display or None


def _asserted(request: Request) -> Address | None:
    value = request.headers.get("P-Asserted-Identity")
    try:
        return parse_address(value) if value else None
    except BadUri:
        return None


def readable_headers(request: Request) -> dict[str, str]:
    """The headers of an INVITE that flows may read, by their usual names."""
    found = ((name, request.headers.get(name)) for name in READABLE)
    return {name: value[:LONGEST_HEADER] for name, value in found if value}
