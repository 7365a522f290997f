"""The user agent: bytes and time in, bytes and events out.

    agent = UserAgent(local=Local("192.0.2.1", {"udp": 5060, "tcp": 5060}), ids=lambda: secrets.token_hex(12))
    agent.receive(data, Flow("udp", ("198.51.100.7", 5060)), now)
    for event in agent.take_events():
        match event:
            case Incoming(call, request, _, sdp) if sdp is not None:   # None: the caller wants our offer
                answer, agreed = make_answer(sdp, Capabilities(host, rtp_port), session_id=1)
                call.ring(now=now)
                call.answer(answer, now=now)                           # agreed: where to send which codec
            case Ended(call):
                ...
    for send in agent.take_output():                                   # media/sip_sockets.py does all this
        socket.sendto(send.data, send.to.remote)
    agent.tick(now)                                                    # at the time of agent.next_timer()

    call = agent.invite("sip:+15550123@trunk.example", Destination("udp", "trunk.example", 5060),
                        from_=Address("sip:+15550100@192.0.2.1", "Switchroom"), sdp=offer, now=now)

`now` is in seconds of any clock that never goes back. The agent reads no clock, no random source and no socket.
"""

import hashlib
from collections.abc import Callable, Iterable

from switchroom.sip.call import Call
from switchroom.sip.context import ALLOW, CAPABILITIES, EXTENSIONS, SDP, SUPPORTED, Context, Lines, put_body, read_sdp
from switchroom.sip.dialog import MAX_FORWARDS, dialog_as_server
from switchroom.sip.digest import ALGORITHMS, Accounts, Credentials, DigestServer
from switchroom.sip.events import Binding, Event, Incoming, Pinged, Replaces
from switchroom.sip.layer import Layer, Local
from switchroom.sip.message import Request, Response
from switchroom.sip.parser import Malformed, parse
from switchroom.sip.registrar import Registrar
from switchroom.sip.registration import Registering, Registration
from switchroom.sip.response_routing import reply_to, stamp
from switchroom.sip.screening import Accept, Challenge, Drop, Reject, Screen, Verdict
from switchroom.sip.sdp import BadSdp, Session
from switchroom.sip.session_timer import too_small
from switchroom.sip.transfer import format_replaces, parse_replaces
from switchroom.sip.transport import Destination, Flow, Send
from switchroom.sip.uri import Address, BadUri, parse_uri

__all__ = ["Local", "Registration", "UserAgent"]
_METHODS = frozenset(ALLOW.replace(",", "").split())
_OTHER_METHODS = frozenset({"REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"})
_IN_DIALOG_ONLY = frozenset({"BYE", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY"})


class UserAgent:
    """All calls, registrations and pings of one set of sockets. Not thread-safe; nothing in it waits."""

    def __init__(
        self,
        *,
        local: Local,
        ids: Callable[[], str],
        user_agent: str = "Switchroom",
        admit: Callable[[Flow, float], bool] | None = None,
        screen: Screen | None = None,
        accounts: Accounts | None = None,
        realm: str = "switchroom",
        algorithms: Iterable[str] = ALGORITHMS,
        session_expires: int = 1800,
        min_se: int = 90,
    ) -> None:
        """`ids` makes unguessable texts of 16 or more letters and digits. `admit` is asked before a message is even
        read, and False drops it: for addresses that are blocked. `screen` is asked before any state is made for a
        request from outside; None lets everything in untrusted. `accounts` looks up who may prove itself by digest;
        without it nobody can, and REGISTER is refused; `algorithms` are those of the challenges. `session_expires` in
        seconds, 0 for no session timers of our own."""
        self._layer = Layer(local, ids, user_agent)
        self._context = Context(self._layer, session_expires, min_se)
        self._admit = admit
        self._screen = screen
        self._secret = ids()
        self._digest = None if accounts is None else DigestServer(realm, accounts, ids() + ids(), algorithms)
        self._registrar = Registrar(self._context)
        self._registrations: dict[str, Registering] = {}
        self._invites: dict[tuple[str, str, int], Call] = {}

    @property
    def wake(self) -> Callable[[], None] | None:
        """Called when the owner does something outside of `receive` and `tick`: there may be output, events or an
        earlier timer once it is done."""
        return self._context.wake

    @wake.setter
    def wake(self, wake: Callable[[], None] | None) -> None:
        self._context.wake = wake

    # in and out

    def receive(self, data: bytes, flow: Flow, now: float) -> None:
        """Take in one datagram or one message cut from a stream. Never raises: what makes no sense is answered with
        400 or dropped."""
        self._layer.now = max(now, self._layer.now)
        self._run_due()
        if self._admit is not None and not self._admit(flow, self._layer.now):
            return
        try:
            message = parse(data)
        except Malformed as error:
            if error.request is not None:
                self._refuse_malformed(error, error.request, flow)
            return
        message.flow = flow
        if isinstance(message, Response):
            self._layer.receive_response(message)
        else:
            stamp(message, flow)
            self._receive_request(message, flow)

    def tick(self, now: float) -> None:
        """Let everything happen that is due."""
        self._layer.now = max(now, self._layer.now)
        self._run_due()

    def _run_due(self) -> None:
        while (action := self._layer.timers.due(self._layer.now)) is not None:
            action()

    def next_timer(self) -> float | None:
        """When `tick` wants to be called next."""
        return self._layer.timers.next()

    def take_output(self) -> list[Send]:
        """What has to be sent now, in order."""
        output, self._layer.output = self._layer.output, []
        return output

    def take_events(self) -> list[Event]:
        """What has happened, in order."""
        events, self._context.events = self._context.events, []
        return events

    def transport_failed(self, to: Flow | Destination, now: float) -> None:
        """There is no way there (refused, name unknown, connection lost): what waits for an answer fails with 503, and
        phones registered over a lost connection are forgotten."""
        self._layer.now = max(now, self._layer.now)
        for transaction in [one for one in self._layer.clients.values() if one.to == to]:
            transaction.fail(503, "Service Unavailable")
        if isinstance(to, Flow):
            self._registrar.connection_lost(to)
        else:
            for registering in self._registrations.values():
                registering.connection_lost(to)

    # what the owner starts

    def invite(
        self,
        target: str,
        destination: Destination | Flow,
        *,
        from_: Address,
        to: Address | None = None,
        sdp: Session | None,
        headers: Lines = (),
        body_parts: Iterable[tuple[str, bytes]] = (),
        credentials: Credentials | None = None,
        replaces: Replaces | None = None,
        timeout: float = 180.0,
        now: float,
    ) -> Call:
        """Call `target`. `sdp` of None asks the peer for the offer. `body_parts` (media type, bytes) go along with the
        SDP as multipart/mixed. After `timeout` seconds without answer the call is given up and Failed with 408.
        Raises BadUri for a target or an address that is none, ValueError for a header that is none."""
        self._context.enter(now)
        layer, context = self._layer, self._context
        request = self._outside_request("INVITE", target, from_, to or Address(target))
        contact = layer.local.contact(destination.transport, from_.parsed.user)
        fields = request.headers.fields
        fields["Contact"], fields["Allow"], fields["Supported"] = [contact], [ALLOW], [SUPPORTED]
        if replaces is not None:
            request.headers.add("Replaces", format_replaces(replaces))
        for name, value in headers:
            request.headers.add(name, value)
        put_body(request, sdp, body_parts)
        call = Call(context, request, "out", contact, credentials)
        call.local_sdp = sdp
        for name, value in call.session.asked():
            request.headers.add(name, value)
        call.begin_outbound(destination, timeout)
        return call

    def _outside_request(self, method: str, target: str, from_: Address, to: Address) -> Request:
        for uri in (target, from_.uri, to.uri):
            parse_uri(uri)
        request = Request(method, target)
        fields = request.headers.fields
        fields["Via"] = []
        fields["Max-Forwards"] = [MAX_FORWARDS]
        fields["From"] = [str(from_.with_params(tag=self._layer.ids()))]
        fields["To"] = [str(to.with_params())]
        fields["Call-ID"] = [self._layer.ids()]
        fields["CSeq"] = [f"1 {method}"]
        self._context.dress(request)
        return request

    def options(self, target: str, destination: Destination | Flow, *, now: float) -> str:
        """Ping; Pinged with the returned name follows."""
        self._context.enter(now)
        name, sent_at = self._layer.ids(), self._layer.now
        me = Address(self._layer.local.contact(destination.transport)[1:-1])
        request = self._outside_request("OPTIONS", target, me, Address(target))
        request.headers.set("Accept", SDP)

        def answered(response: Response) -> None:
            if response.code >= 200:
                self._context.emit(Pinged(name, response.code, self._layer.now - sent_at))

        def failed(_code: int, _why: str) -> None:
            self._context.emit(Pinged(name, 0, self._layer.now - sent_at))

        self._layer.request(request, destination, answered, failed)
        return name

    def register(self, registration: Registration, *, now: float) -> str:
        """Register and keep registered; Registered and RegistrationFailed with the returned name follow."""
        self._context.enter(now)
        registering = Registering(self._context, registration)
        self._registrations[registering.name] = registering
        registering.send()
        return registering.name

    def unregister(self, name: str, *, now: float) -> None:
        """Take a registration back; Registered with `expires` 0 follows."""
        self._context.enter(now)
        registering = self._registrations.pop(name, None)
        if registering is not None:
            registering.stop()

    # what the owner may ask

    def bindings(self, user: str) -> list[Binding]:
        """Where the phones of a user are, best first: call with `invite(binding.contact, binding.flow, ...)`."""
        return self._registrar.bindings(user)

    def find(self, replaces: Replaces) -> Call | None:
        """The call that a Replaces names."""
        call = self._context.dialogs.get((replaces.call_id, replaces.to_tag, replaces.from_tag))
        return None if call is None or (replaces.early_only and call.answered) else call

    def calls(self) -> list[Call]:
        """Every call that is not over."""
        return list(self._context.calls.values())

    @property
    def state_size(self) -> int:
        """How many transactions, dialogs, calls and timers are held; 0 when nothing goes on."""
        layer, context = self._layer, self._context
        held = (layer.clients, layer.servers, context.dialogs, context.calls, layer.timers, self._invites)
        return sum(len(one) for one in held)

    # requests of others

    def _receive_request(self, request: Request, flow: Flow) -> None:
        transaction = self._layer.find_server(request)
        if transaction is not None and not (request.method == "ACK" and transaction.state == "accepted"):
            transaction.receive(request)
            return
        key = request.call_id, request.to.tag, request.from_.tag
        call = self._context.dialogs.get(key)
        if request.method == "ACK":
            if call is not None:
                call.acknowledged(request)
        elif request.method == "CANCEL":
            self._cancel(request, flow)
        elif call is not None:
            call.receive(self._layer.serve(request, flow, trusted=True), key)
        else:
            self._receive_outside(request, flow)

    def _cancel(self, request: Request, flow: Flow) -> None:
        invite = self._layer.find_invite(request)
        if invite is not None and invite.flow.remote[0] == flow.remote[0]:
            self._reply(request, flow, 200)
            if invite.on_cancel is not None and not invite.answered:
                invite.on_cancel(request)
        else:
            self._receive_outside(request, flow)

    def _receive_outside(self, request: Request, flow: Flow) -> None:
        verdict: Verdict = None if self._screen is None else self._screen(request, flow, self._layer.now)
        if isinstance(verdict, Drop):
            return
        if isinstance(verdict, Reject):
            self._reply(request, flow, verdict.code, verdict.reason, verdict.headers)
            return
        refusal = self._unserved(request)
        if refusal is not None:
            self._reply(request, flow, *refusal)
            return
        accepted = verdict if isinstance(verdict, Accept) else Accept(trusted=False)
        if isinstance(verdict, Challenge) or (request.method == "REGISTER" and not accepted.user):
            user = self._prove(request, flow)
            if not user:
                return
            accepted = Accept(trusted=True, user=user)
        match request.method:
            case "INVITE":
                self._invited(request, flow, accepted)
            case "REGISTER":
                self._registrar.receive(self._layer.serve(request, flow, trusted=True), accepted.user)
            case _:
                self._reply(request, flow, 200, "", CAPABILITIES)

    def _unserved(self, request: Request) -> tuple[int, str, Lines] | None:
        """The refusal of a request that cannot be served, whoever sends it (section 8.2)."""
        method = request.method
        if request.to.tag or method == "CANCEL" or method in _IN_DIALOG_ONLY:
            return 481, "", ()
        if method not in _METHODS and (method != "REGISTER" or self._digest is None):
            return (405, "", [("Allow", ALLOW)]) if method in _OTHER_METHODS else (501, "", ())
        unknown = request.headers.tokens("Require") - EXTENSIONS
        if unknown:
            return 420, "", [("Unsupported", ", ".join(sorted(unknown)))]
        return None

    def _prove(self, request: Request, flow: Flow) -> str:
        """Who the sender is by its digest; challenges it otherwise."""
        server, now = self._digest, self._layer.now
        if server is None:
            self._reply(request, flow, 403)
            return ""
        values = request.headers.all("Authorization")
        user, stale = server.verify(values, request.method, request.uri, now)
        if not user:
            challenges = [("WWW-Authenticate", value) for value in server.challenge(now, stale=stale)]
            self._reply(request, flow, 401, "", challenges)
        return user

    def _invited(self, request: Request, flow: Flow, accepted: Accept) -> None:
        merge = request.call_id, request.from_.tag, request.cseq[0]
        if merge in self._invites and not self._invites[merge].over:
            self._reply(request, flow, 482)
            return
        refusal = self._unacceptable(request)
        if refusal is not None:
            self._reply(request, flow, *refusal)
            return
        try:
            sdp, dialog = read_sdp(request), dialog_as_server(request, self._layer.ids())
        except (BadSdp, BadUri):
            self._reply(request, flow, 400)
            return
        contact = self._layer.local.contact(flow.transport, request.target.user)
        call = Call(self._context, request, "in", contact)
        self._invites[merge] = call
        call.on_close = lambda: self._invites.pop(merge, None)
        call.begin_inbound(self._layer.serve(request, flow, trusted=accepted.trusted), dialog)
        replaces = parse_replaces(request.headers.get("Replaces") or "")
        self._context.emit(Incoming(call, request, flow, sdp, accepted.user, replaces))

    def _unacceptable(self, request: Request) -> tuple[int, str, Lines] | None:
        kind = request.content_type
        if request.body and kind != SDP and not kind.startswith("multipart/"):
            return 415, "", [("Accept", SDP)]
        if (request.headers.get("Content-Encoding") or "identity").lower() != "identity":
            return 415, "", [("Accept-Encoding", "identity")]
        accept = {one.partition(";")[0].strip() for one in request.headers.tokens("Accept")}
        if accept and not accept & {SDP, "application/*", "*/*"}:
            return 406, "", [("Accept", SDP)]
        if "timer" in request.headers.tokens("Supported") and too_small(request, self._context.min_se):
            return 422, "", [("Min-SE", str(self._context.min_se))]
        return None

    # answers without state

    def _reply(self, request: Request, flow: Flow, code: int, reason: str = "", lines: Lines = ()) -> None:
        """Answer once and forget. The tag is the same for each copy of a request (section 8.2.7)."""
        text = f"{self._secret}{request.call_id}{request.from_.tag}{request.via.branch}"
        tag = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        response = request.response(code, reason, tag, lines)
        self._layer.send(reply_to(request, flow), response.encode())

    def _refuse_malformed(self, error: Malformed, request: Request, flow: Flow) -> None:
        request.flow = flow
        if self._screen is not None:
            try:
                verdict = self._screen(request, flow, self._layer.now)
            except ValueError:
                return
            if isinstance(verdict, Drop | Reject):
                return
        stamp(request, flow)
        response = request.response(error.code, "" if error.code != 400 else f"Bad Request ({error})"[:80])
        self._layer.send(reply_to(request, flow), response.encode())
