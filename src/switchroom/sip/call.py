"""A call: one INVITE, the dialog it makes and everything that happens inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from switchroom.sip.changes import Changes
from switchroom.sip.context import ALLOW, CAPABILITIES, EXTENSIONS, Context, Lines, put_body
from switchroom.sip.dialog import Dialog, address_of
from switchroom.sip.digest import Credentials, DigestClient
from switchroom.sip.digits import RELAY, read_digit, write_digit
from switchroom.sip.events import Digit, Ended, Info, Replaces
from switchroom.sip.exchange import Exchange
from switchroom.sip.inbound import Inbound
from switchroom.sip.message import Request, Response
from switchroom.sip.outbound import Outbound
from switchroom.sip.sdp import Session
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.session_timer import SessionTimer
from switchroom.sip.transfer import Transfer
from switchroom.sip.transport import Destination, Flow
from switchroom.sip.via import COOKIE


class Call:
    """One call, in or out. Operations take `now` (seconds of the owner's monotonic clock) and never block.

    `id` is unique within the agent; `local` and `remote` are the addresses of From and To as seen from here; `request`
    is the first INVITE; `local_sdp` is what we described last; `app` belongs to the owner. Operations that make no
    sense in the state the call is in, or on a call that is over, do nothing.
    """

    def __init__(
        self,
        context: Context,
        request: Request,
        direction: Literal["in", "out"],
        contact: str,
        credentials: Credentials | None = None,
    ) -> None:
        self.context = context
        self.id = context.layer.ids()
        self.direction = direction
        self.request = request
        self.call_id = request.call_id
        ends = address_of(request.headers.get("To") or ""), address_of(request.headers.get("From") or "")
        self.local, self.remote = ends if direction == "in" else ends[::-1]
        self.contact = contact
        self.answered = False
        self.over = False
        self.app: Any = None
        self.local_sdp: Session | None = None
        self.dialog: Dialog | None = None
        self.dialog_tag = ""
        self.on_close: Callable[[], object] | None = None
        self.digest = None if credentials is None else DigestClient(credentials, context.layer.ids)
        self.session = SessionTimer(context, self._refresh, self._expired)
        self._dialogs: list[Dialog] = []
        self._changes = Changes(self)
        self._transfer = Transfer(self)
        self._inbound: Inbound | None = None
        self._outbound: Outbound | None = None
        context.calls[self.id] = self

    # what the owner does

    def ring(
        self, code: int = 180, reason: str = "", *, sdp: Session | None = None, headers: Lines = (), now: float
    ) -> None:
        """Tell the caller how it goes: 180, 181, 182 or 183; with `sdp` (the answer to its offer) early media starts.
        Sent reliably when the caller asks for that."""
        self.context.enter(now)
        if self._inbound is not None and not self.over:
            self._inbound.ring(code, reason, sdp, headers)

    def answer(self, sdp: Session | None, *, headers: Lines = (), now: float) -> None:
        """Accept the call. `sdp` is the answer, or our offer when the INVITE had none; None repeats that of `ring`."""
        self.context.enter(now)
        if self._inbound is not None and not self.over:
            self._changes.last_offer = self.request.body
            self._inbound.answer(sdp, headers)

    def reject(self, code: int = 486, reason: str = "", *, headers: Lines = (), now: float) -> None:
        """Refuse an incoming call with any final code (a redirect is 302 with a Contact header). Ended follows."""
        self.context.enter(now)
        if self._inbound is not None and not self.over and not self._inbound.settled:
            self._inbound.reject(code, reason, headers)
            self.end("local")

    def hangup(self, *, headers: Lines = (), now: float) -> None:
        """End the call in whatever state it is: CANCEL, BYE or 480. E.g. headers=[("Reason", "Q.850;cause=16")].
        Ended follows, or Failed with 487 for a call of ours that was not answered yet."""
        self.context.enter(now)
        if self.over:
            return
        if self._outbound is not None and not self._outbound.settled:
            self._outbound.give_up(487, headers)
        elif self._inbound is not None and not self._inbound.settled:
            self._inbound.reject(480, "", headers)
            self.end("local")
        elif self._inbound is not None and self._inbound.unconfirmed:
            self._inbound.end_after_ack(headers)
        else:
            self.bye(headers)

    def acknowledge(self, sdp: Session, *, now: float) -> None:
        """Send the answer to an offer that came with Answered or Reanswered."""
        self.context.enter(now)
        if self.over:
            return
        if self._outbound is not None and self._outbound.unconfirmed:
            self.local_sdp = sdp
            self._outbound.acknowledge(sdp)
            self._changes.resume()
        else:
            self._changes.acknowledge(sdp)

    def reoffer(self, sdp: Session | None, *, update: bool = False, now: float) -> None:
        """Change the session with a re-INVITE (or UPDATE): hold, resume. Reanswered or ReofferFailed follows; when
        both sides offer at once (491) it is tried again by itself. `sdp` of None asks the peer for an offer."""
        self.context.enter(now)
        if not self.over:
            self._changes.offer(sdp, update=update)

    def accept_offer(self, sdp: Session, *, now: float) -> None:
        """Answer a Reoffer."""
        self.context.enter(now)
        self._changes.accept(sdp)

    def refuse_offer(self, code: int = 488, *, now: float) -> None:
        """Refuse a Reoffer; the session stays as it was."""
        self.context.enter(now)
        self._changes.refuse(code)

    def info(self, content_type: str, body: bytes, *, headers: Lines = (), now: float) -> None:
        """Send an INFO."""
        self.context.enter(now)
        if self.dialog is not None and not self.over:
            request = self.dialog.request("INFO")
            self.context.dress(request, headers)
            request.headers.set("Content-Type", content_type)
            request.body = body
            self.send_in(self.dialog, request)

    def send_digit(self, digit: str, duration: int = 160, *, now: float) -> None:
        """Send a key as INFO application/dtmf-relay; `duration` in ms. Raises ValueError for something else."""
        self.info(RELAY, write_digit(digit, duration), now=now)

    def refer(self, target: str, *, replaces: Replaces | None = None, now: float) -> None:
        """Ask the peer to call `target`; ReferProgress follows. For an attended transfer `replaces` is
        `other_call.replaces`, and `target` is `other_call.peer_target`."""
        self.context.enter(now)
        if not self.over:
            self._transfer.refer(target, replaces)

    def accept_refer(self, *, now: float) -> None:
        """Take a Referred: 202, and the peer is told 100 Trying."""
        self.context.enter(now)
        self._transfer.accept()

    def refuse_refer(self, code: int = 603, *, now: float) -> None:
        """Do not take a Referred."""
        self.context.enter(now)
        self._transfer.refuse(code)

    def notify_refer(self, code: int, reason: str = "", *, now: float) -> None:
        """Tell the peer how the call to the target goes; a code of 200 and above is the last word."""
        self.context.enter(now)
        self._transfer.notify(code, reason)

    @property
    def replaces(self) -> Replaces | None:
        """What names this call to its peer's side, for an attended transfer; None without a dialog."""
        dialog = self.dialog
        return None if dialog is None else Replaces(dialog.call_id, dialog.remote_tag, dialog.local_tag)

    @property
    def peer_target(self) -> str:
        """The peer's Contact, or where the call was sent to."""
        return self.request.uri if self.dialog is None else self.dialog.target

    @property
    def flow(self) -> Flow | Destination | None:
        """The way to the peer."""
        return None if self.dialog is None else self.dialog.flow

    # what the agent and the parts of the call use

    def begin_inbound(self, transaction: ServerTransaction, dialog: Dialog) -> None:
        """The call is the INVITE of `transaction`."""
        self.dialog_tag = dialog.local_tag
        self._inbound = Inbound(self, transaction)
        self.adopt(dialog)
        self.dialog = dialog

    def begin_outbound(self, to: Flow | Destination, timeout: float) -> None:
        """Send the INVITE."""
        self._outbound = Outbound(self, self.request, to, timeout)

    @property
    def unconfirmed(self) -> bool:
        """Whether the ACK of the first INVITE is still to come or to go."""
        either = self._inbound or self._outbound
        return either is not None and either.unconfirmed

    def adopt(self, dialog: Dialog) -> None:
        """Requests within this dialog belong to the call."""
        self._dialogs.append(dialog)
        self.context.dialogs[dialog.key] = self

    def establish(self, dialog: Dialog, response: Response) -> None:
        """A fork of our INVITE has won."""
        if dialog not in self._dialogs:
            self.adopt(dialog)
        self.dialog = dialog
        self.answered = True
        self.session.agreed(response)

    def send_in(
        self,
        dialog: Dialog,
        request: Request,
        on_response: Callable[[Response], None] | None = None,
        on_failure: Callable[[int, str], None] | None = None,
    ) -> Exchange:
        """Send a request within a dialog; without handlers only the end of the dialog is of interest."""

        def sequence() -> int:
            dialog.local_sequence += 1
            return dialog.local_sequence

        self.context.dress(request)
        return Exchange(
            self.context.layer,
            request,
            dialog.next_hop(),
            self.digest,
            sequence,
            on_response or self._outcome,
            on_failure or self._no_outcome,
        )

    def _outcome(self, response: Response) -> None:
        if response.code == 481:
            self.lost()

    def _no_outcome(self, code: int, _why: str) -> None:
        if code == 408:
            self.lost()

    def build_ack(self, dialog: Dialog, invite: Request, sdp: Session | None) -> bytes:
        """The ACK of a 2xx; it has a transaction name of its own and is sent without a transaction."""
        ack = dialog.request("ACK", sequence=invite.cseq[0])
        layer = self.context.layer
        ack.headers.fields["Via"] = [layer.via(dialog.next_hop()[0].transport, COOKIE + layer.ids())]
        for name in ("Authorization", "Proxy-Authorization"):
            if name in invite.headers.fields:
                ack.headers.fields[name] = invite.headers.fields[name]
        self.context.dress(ack)
        put_body(ack, sdp)
        return ack.encode()

    def bye(self, lines: Lines) -> None:
        """Hang up an answered call."""
        dialog = self.dialog
        if self.over or dialog is None:
            return
        if self._outbound is not None and self._outbound.unconfirmed:
            self._outbound.acknowledge(None)
        request = dialog.request("BYE")
        for name, value in lines:
            request.headers.add(name, value)
        self.send_in(dialog, request)
        self.end("local")

    def lost(self) -> None:
        """The peer does not answer any more or does not know the call."""
        self._drop("lost")

    def _expired(self) -> None:
        self._drop("expired")

    def _drop(self, by: Literal["expired", "lost"]) -> None:
        if self.over:
            return
        if self._outbound is not None and not self._outbound.settled:
            self._outbound.give_up(408, ())
            return
        if self._inbound is not None:
            self._inbound.reject(480, "", ())
        if self.dialog is not None and self.answered:
            self.send_in(self.dialog, self.dialog.request("BYE"))
        self.end(by)

    def _refresh(self) -> None:
        if not self.over:
            self._changes.refresh()

    def end(self, by: Literal["local", "remote", "expired", "lost"], reason: str = "") -> None:
        """Close and tell the owner, once."""
        if not self.over:
            self.close()
            self.context.emit(Ended(self, by, reason))

    def close(self) -> None:
        """Forget the call; transactions run out by themselves."""
        self.over = True
        self.session.stop()
        self._changes.stop()
        self._transfer.stop()
        for part in (self._inbound, self._outbound):
            if part is not None:
                part.stop()
        for dialog in self._dialogs:
            self.context.dialogs.pop(dialog.key, None)
        self.context.calls.pop(self.id, None)
        if self.on_close is not None:
            self.on_close()

    def resume(self) -> None:
        """The call is confirmed: changes that have waited may begin."""
        self._changes.resume()

    def acknowledged(self, ack: Request) -> None:
        """An ACK for a 2xx of ours."""
        if self._inbound is not None and self._inbound.acknowledged(ack):
            self.resume()
        else:
            self._changes.acknowledged(ack)

    def receive(self, transaction: ServerTransaction, dialog_key: tuple[str, str, str]) -> None:
        """A request within the dialog, but ACK and CANCEL."""
        request = transaction.request
        dialog = next((one for one in self._dialogs if one.key == dialog_key), None)
        if dialog is None:
            return
        number = request.cseq[0]
        if dialog.remote_sequence is not None and number <= dialog.remote_sequence:
            self._respond(transaction, 500, "Sequence Out Of Order")
            return
        dialog.remote_sequence = number
        unknown = request.headers.tokens("Require") - EXTENSIONS
        if unknown:
            self._respond(transaction, 420, "", [("Unsupported", ", ".join(sorted(unknown)))])
            return
        self._dispatch(transaction, request)

    def _dispatch(self, transaction: ServerTransaction, request: Request) -> None:
        match request.method:
            case "BYE":
                self._bye_received(transaction)
            case "INVITE" | "UPDATE":
                self._changes.receive(transaction)
            case "PRACK":
                self._prack_received(transaction)
            case "INFO":
                self._info_received(transaction)
            case "REFER":
                self._transfer.receive(transaction)
            case "NOTIFY":
                self._respond(transaction, self._transfer.notified(request))
            case "OPTIONS":
                self._respond(transaction, 200, "", CAPABILITIES)
            case _:
                self._respond(transaction, 405, "", [("Allow", ALLOW)])

    def _respond(self, transaction: ServerTransaction, code: int, reason: str = "", lines: Lines = ()) -> None:
        transaction.respond(self.context.answer(transaction.request, code, reason, lines))

    def _prack_received(self, transaction: ServerTransaction) -> None:
        if self._inbound is None:
            self._respond(transaction, 481)
        else:
            self._respond(transaction, self._inbound.provisional_acknowledged(transaction))
            self._inbound.proceed()

    def _bye_received(self, transaction: ServerTransaction) -> None:
        reason = transaction.request.headers.get("Reason") or ""
        self._respond(transaction, 200)
        if self._inbound is not None:
            self._inbound.reject(487, "", ())
        self.end("remote", reason)

    def _info_received(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if "Info-Package" in request.headers.fields:
            self._respond(transaction, 469, "", [("Recv-Info", "")])
            return
        self._respond(transaction, 200)
        for content_type, body in request.parts():
            found = read_digit(content_type, body)
            if found is not None:
                self.context.emit(Digit(self, *found))
            else:
                self.context.emit(Info(self, content_type, body, request.headers))
