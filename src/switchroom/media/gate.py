"""Who is let in: the screen before the user agent. Scanners hear nothing, floods are cut, strangers are refused."""

import ipaddress
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from switchroom.media.directory import SipDirectory
from switchroom.media.numbers import country_of
from switchroom.media.trunks import LOOPBACK, Trunk, Trunks
from switchroom.resources.document import Document
from switchroom.sip.digest import Account
from switchroom.sip.message import Request
from switchroom.sip.screening import Accept, Challenge, Drop, FloodGate, Reject, Verdict, known_scanner
from switchroom.sip.transport import Flow
from switchroom.sip.uri import BadUri

log = logging.getLogger(__name__)

STRANGERS = (10.0, 40.0)
"""Requests a second, and at once, that one unknown address gets answered."""
FRIENDS = (400.0, 1200.0)
"""The same for trunks, and for this machine."""
FAILURES = (0.2, 10.0)
"""Refusals a second, and at once, after which an unknown address hears nothing more."""
CALLS_OF_STRANGERS = 20
"""Calls at a time from one unknown address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A caller who may come in: through which trunk (None: a stranger at the open door), to which number."""

    trunk: Trunk | None
    number: Document


class Gate:
    """The verdict on each request outside of a dialog. `own` says whether an address and port are this process's."""

    def __init__(
        self,
        trunks: Trunks,
        directory: SipDirectory,
        *,
        own: Callable[[Flow], bool] = lambda _: False,
    ) -> None:
        self.calls: Counter[str] = Counter()
        """Calls under way by trunk id, or by address of a stranger; kept by whoever takes them."""
        self.dropped = 0
        self.refused = 0
        self._trunks = trunks
        self._directory = directory
        self._own = own
        self._strangers = FloodGate(*STRANGERS)
        self._friends = FloodGate(*FRIENDS)
        self._failures = FloodGate(*FAILURES)
        self._blocked: dict[str, float] = {}

    def account(self, username: str) -> Account | None:
        """What a name is to be proved with: of a trunk, or of a desk phone."""
        trunk = self._trunks.by_username(username)
        return Account(username, trunk.secret) if trunk is not None else self._directory.phone_account(username)

    def __call__(self, request: Request, flow: Flow, now: float) -> Verdict:
        """Called by the user agent."""
        trunk = self.trunk_of(flow)
        local = trunk is not None or is_local(flow.remote[0])
        if known_scanner(request) and trunk is None:
            return self._drop()
        if not (self._friends if local else self._strangers).admit(flow, now):
            return self._drop()
        if not local and self._is_blocked(flow, now):
            return self._drop()
        verdict = self._judge(request, flow, trunk)
        if isinstance(verdict, Reject):
            self.refused += 1
            if not local and not self._failures.admit(flow, now):
                self._block(flow, now)
                return self._drop()
        return verdict

    def trunk_of(self, flow: Flow, user: str = "") -> Trunk | None:
        """The trunk that something came through: by the proven name, by address, or our own loopback."""
        if user and (trunk := self._trunks.by_username(user)) is not None:
            return trunk
        if (trunk := self._trunks.by_address(flow.remote[0])) is not None:
            return trunk
        if self._own(flow):
            return next((trunk for trunk in self._trunks.all() if trunk.loopback), LOOPBACK)
        return None

    def entry(self, request: Request, trunk: Trunk | None) -> Entry | None:
        """The claimed number that an INVITE is for, as its trunk writes numbers. None: there is no such number."""
        try:
            dialled = request.target.number
            if trunk is not None and trunk.registered_as(request.target.user):
                dialled = request.to.parsed.number
        except BadUri:
            return None
        country = None
        if trunk is not None:
            dialled = trunk.rewrite(dialled, "INBOUND")
        found = self._directory.number(dialled, country)
        if found is None or (trunk is not None and trunk.instance not in ("", found.instance)):
            return None
        return Entry(trunk, found)

    def caller_country(self, entry: Entry) -> str | None:
        """The country in which a national caller number is to be read: that of the dialled number."""
        return str(entry.number.body.get("PhoneNumberCountryCode") or country_of(entry.number.name) or "") or None

    def may_call(self, key: str, trunk: Trunk | None) -> bool:
        """Whether one more call may come from there."""
        if trunk is None:
            return is_local(key) or self.calls[key] < CALLS_OF_STRANGERS
        return not trunk.maximum_calls or self.calls[key] < trunk.maximum_calls

    def _judge(self, request: Request, flow: Flow, trunk: Trunk | None) -> Verdict:
        match request.method:
            case "REGISTER":
                return Challenge() if self._directory.has_phones else Reject(403)
            case "INVITE":
                return self._judge_call(request, trunk)
            case "OPTIONS":
                return Accept(trusted=trunk is not None) if trunk or self._trunks.open_door else Drop()
            case _:
                return Accept(trusted=trunk is not None)

    def _judge_call(self, request: Request, trunk: Trunk | None) -> Verdict:
        if trunk is None and not self._trunks.open_door:
            return Challenge() if self._proof_possible() else Reject(403)
        entry = self.entry(request, trunk)
        if entry is None:
            return Reject(404)
        return Accept(trusted=trunk is not None)

    def _proof_possible(self) -> bool:
        return self._directory.has_phones or any(trunk.username for trunk in self._trunks.all())

    def _is_blocked(self, flow: Flow, now: float) -> bool:
        until = self._blocked.get(flow.remote[0])
        if until is None:
            return False
        if now >= until:
            del self._blocked[flow.remote[0]]
            return False
        return True

    def _block(self, flow: Flow, now: float) -> None:
        if len(self._blocked) >= 10_000:
            self._blocked.clear()
        if flow.remote[0] not in self._blocked:
            log.warning("%s is not listened to for a minute: too many refused requests", flow.remote[0])
        self._blocked[flow.remote[0]] = now + 60.0

    def _drop(self) -> Drop:
        self.dropped += 1
        return Drop()


def is_local(address: str) -> bool:
    """This very machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
