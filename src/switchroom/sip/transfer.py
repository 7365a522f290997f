"""Asking the peer to call someone, and being asked (RFC 3515, RFC 3891, RFC 4488)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encode
from urllib.parse import unquote as percent_decode

from switchroom.sip.events import ReferProgress, Referred, Replaces
from switchroom.sip.headers import parse_parameters
from switchroom.sip.message import REASONS, Request, Response
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.uri import BadUri, Uri, parse_address

if TYPE_CHECKING:
    from switchroom.sip.call import Call

_FRAGMENT = re.compile(rb"SIP/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?", re.IGNORECASE)
_SUBSCRIPTION_SECONDS = 180


def parse_replaces(value: str) -> Replaces | None:
    """The value of a Replaces header; None when it makes no sense."""
    call_id, _, rest = value.partition(";")
    params = parse_parameters(rest)
    if not call_id.strip() or not params.get("to-tag") or not params.get("from-tag"):
        return None
    return Replaces(call_id.strip(), params["to-tag"], params["from-tag"], "early-only" in params)


def format_replaces(replaces: Replaces) -> str:
    """The value of a Replaces header."""
    early = ";early-only" if replaces.early_only else ""
    return f"{replaces.call_id};to-tag={replaces.to_tag};from-tag={replaces.from_tag}{early}"


def _read_target(value: str) -> tuple[Uri, Replaces | None]:
    """The URI of Refer-To without its headers, and the Replaces among them. Raises BadUri."""
    target = parse_address(value).parsed
    replaces = None
    for pair in target.headers.split("&"):
        name, _, text = pair.partition("=")
        if name.lower() == "replaces":
            replaces = parse_replaces(percent_decode(text))
    return Uri(target.scheme, target.user, target.host, target.port, target.params), replaces


class Transfer:
    """REFER and its NOTIFYs within one call, one in each direction at a time."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._context = call.context
        self._asked: ServerTransaction | None = None
        self._event = ""
        self._tells = False
        self._waits = False

    def refer(self, target: str, replaces: Replaces | None) -> None:
        """Ask the peer to call `target`."""
        dialog = self._call.dialog
        if dialog is None:
            return
        if replaces is not None:
            sign = "&" if "?" in target else "?"
            target = f"{target}{sign}Replaces={percent_encode(format_replaces(replaces), safe='')}"
        request = dialog.request("REFER")
        request.headers.add("Refer-To", f"<{target}>")
        request.headers.add("Referred-By", f"<{self._call.local.uri}>")
        request.headers.add("Contact", self._call.contact)
        self._waits = True
        self._call.send_in(dialog, request, self._referred, self._refused)

    def _referred(self, response: Response) -> None:
        if response.code >= 300:
            self._refused(response.code, response.reason)
        elif response.code >= 200:
            final = (response.headers.get("Refer-Sub") or "").lower() == "false"
            self._waits = not final
            self._context.emit(ReferProgress(self._call, response.code, response.reason, final))

    def _refused(self, code: int, reason: str) -> None:
        self._waits = False
        self._context.emit(ReferProgress(self._call, code, reason, final=True))

    def notified(self, request: Request) -> int:
        """Take in a NOTIFY; the code to answer it with."""
        event = (request.headers.get("Event") or "").partition(";")[0].strip().lower()
        if event != "refer":
            return 489
        if not self._waits:
            return 481
        found = _FRAGMENT.match(request.part("message/sipfrag") or b"")
        ended = (request.headers.get("Subscription-State") or "").strip().lower().startswith("terminated")
        code = int(found[1]) if found is not None else (500 if ended else 100)
        final = ended or code >= 200
        self._waits = not final
        reason = (found[2] or b"").decode("utf-8", "replace") if found is not None else ""
        self._context.emit(ReferProgress(self._call, code, reason or REASONS.get(code, ""), final))
        return 200

    def receive(self, transaction: ServerTransaction) -> None:
        """Take in a REFER."""
        request = transaction.request
        values = request.headers.listed("Refer-To")
        try:
            target, replaces = _read_target(values[0] if len(values) == 1 else "")
        except BadUri:
            transaction.respond(self._context.answer(request, 400, "Bad Refer-To"))
            return
        if self._asked is not None or self._tells:
            transaction.respond(self._context.answer(request, 491))
            return
        self._asked = transaction
        self._context.emit(Referred(self._call, target, replaces, request.headers.get("Referred-By") or ""))

    def accept(self) -> None:
        """202, and NOTIFY unless the peer wants none."""
        transaction, self._asked = self._asked, None
        if transaction is None:
            return
        request = transaction.request
        silent = (request.headers.get("Refer-Sub") or "").strip().lower() == "false"
        lines = [("Contact", self._call.contact), *([("Refer-Sub", "false")] if silent else [])]
        transaction.respond(self._context.answer(request, 202, "", lines))
        self._event = f"refer;id={request.cseq[0]}"
        self._tells = not silent
        self.notify(100, "")

    def refuse(self, code: int) -> None:
        """Any final refusal."""
        transaction, self._asked = self._asked, None
        if transaction is not None:
            transaction.respond(self._context.answer(transaction.request, code))

    def notify(self, code: int, reason: str) -> None:
        """Tell how the call to the target goes."""
        dialog = self._call.dialog
        if not self._tells or dialog is None or self._call.over:
            return
        request = dialog.request("NOTIFY")
        final = code >= 200
        state = "terminated;reason=noresource" if final else f"active;expires={_SUBSCRIPTION_SECONDS}"
        request.headers.add("Event", self._event)
        request.headers.add("Subscription-State", state)
        request.headers.add("Contact", self._call.contact)
        request.headers.add("Content-Type", "message/sipfrag;version=2.0")
        request.body = f"SIP/2.0 {code} {reason or REASONS.get(code, '')}\r\n".encode()
        self._tells = not final
        self._call.send_in(dialog, request)

    def stop(self) -> None:
        """The call is over."""
        self.refuse(481)
        self._waits = self._tells = False
