"""Desk phones that register with us: who is where (RFC 3261 section 10.3)."""

from __future__ import annotations

from dataclasses import dataclass

from switchroom.sip.context import Context
from switchroom.sip.dialog import destination_of
from switchroom.sip.events import Binding, BindingChanged
from switchroom.sip.message import Request
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.timers import Timer
from switchroom.sip.transport import Flow
from switchroom.sip.uri import Address, BadUri, parse_address

SHORTEST = 60
LONGEST = 3600
PER_USER = 10


@dataclass(slots=True)
class _Entry:
    binding: Binding
    call_id: str
    sequence: int
    timer: Timer


class _Refused(Exception):
    def __init__(self, code: int, reason: str = "", lines: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.lines = lines


class Registrar:
    """Bindings by user and contact URI; each disappears when its time is up."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._layer = context.layer
        self._entries: dict[str, dict[str, _Entry]] = {}

    def bindings(self, user: str) -> list[Binding]:
        """Where a user's phones are, best first."""
        found = [entry.binding for entry in self._entries.get(user, {}).values()]
        return sorted(found, key=lambda one: (-one.q, -one.expires_at))

    def receive(self, transaction: ServerTransaction, user: str) -> None:
        """Take in a REGISTER of a user who has proven who it is."""
        request = transaction.request
        before = self.bindings(user)
        try:
            self._register(request, user, transaction.flow)
        except _Refused as refusal:
            transaction.respond(self._context.answer(request, refusal.code, refusal.reason, refusal.lines))
            return
        except BadUri:
            transaction.respond(self._context.answer(request, 400, "Bad Contact"))
            return
        lines = [("Contact", f"<{one.contact}>;expires={self._left(one)}") for one in self.bindings(user)]
        transaction.respond(self._context.answer(request, 200, "", lines))
        if self.bindings(user) != before:
            self._tell(user)

    def _left(self, binding: Binding) -> int:
        return max(0, round(binding.expires_at - self._layer.now))

    def _register(self, request: Request, user: str, flow: Flow) -> None:
        if request.to.parsed.user != user:
            raise _Refused(403, "Not Your Address")
        values = request.headers.listed("Contact")
        wanted = _number(request.headers.get("Expires"), LONGEST)
        if values == ["*"]:
            if wanted != 0:
                raise _Refused(400, "Bad Expires")
            for uri in list(self._entries.get(user, {})):
                self._remove(user, uri)
            return
        contacts = [parse_address(value) for value in values]
        for contact in contacts:
            destination_of(contact.parsed, "udp")
            self._check(user, contact, request, _number(contact.params.get("expires"), wanted))
        if len({*self._entries.get(user, {}), *(contact.uri for contact in contacts)}) > PER_USER:
            raise _Refused(403, "Too Many Phones")
        for contact in contacts:
            self._bind(user, contact, request, flow, _number(contact.params.get("expires"), wanted))

    def _check(self, user: str, contact: Address, request: Request, expires: int) -> None:
        if 0 < expires < SHORTEST:
            raise _Refused(423, "", (("Min-Expires", str(SHORTEST)),))
        known = self._entries.get(user, {}).get(contact.uri)
        if known is not None and known.call_id == request.call_id and known.sequence >= request.cseq[0]:
            raise _Refused(500, "Sequence Out Of Order")

    def _bind(self, user: str, contact: Address, request: Request, flow: Flow, expires: int) -> None:
        entries = self._entries.setdefault(user, {})
        if contact.uri in entries:
            entries.pop(contact.uri).timer.cancel()
        if expires == 0:
            self._remove(user, contact.uri)
            return
        expires = min(expires, LONGEST)
        timer = self._layer.after(expires, lambda: self._expire(user, contact.uri))
        name = request.headers.get("User-Agent") or ""
        moment = self._layer.now + expires
        binding = Binding(user, contact.uri, flow, moment, name, _preference(contact.params.get("q", "")))
        entries[contact.uri] = _Entry(binding, request.call_id, request.cseq[0], timer)

    def _expire(self, user: str, contact: str) -> None:
        self._remove(user, contact)
        self._tell(user)

    def _remove(self, user: str, contact: str) -> None:
        entries = self._entries.get(user, {})
        entry = entries.pop(contact, None)
        if entry is not None:
            entry.timer.cancel()
        if not entries:
            self._entries.pop(user, None)

    def _tell(self, user: str) -> None:
        self._context.emit(BindingChanged(user, tuple(self.bindings(user))))

    def connection_lost(self, flow: Flow) -> None:
        """Phones behind a closed connection cannot be reached any more."""
        if not flow.connection:
            return
        for user, entries in list(self._entries.items()):
            gone = [contact for contact, entry in entries.items() if entry.binding.flow.connection == flow.connection]
            for contact in gone:
                self._remove(user, contact)
            if gone:
                self._tell(user)


def _number(text: str | None, default: int) -> int:
    """An unreadable number of seconds counts as the default (section 10.2.1.1)."""
    if text is None or not text.isascii() or not text.isdigit():
        return default
    return int(text[:9])


def _preference(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text))) if text else 1.0
    except ValueError:
        return 1.0
