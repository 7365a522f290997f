"""The way of one operation call: route, read, authenticate, check, authorize, admit, run, answer, audit."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from switchroom.base.arns import parse_id
from switchroom.base.clock import now_ms
from switchroom.base.errors import ServiceError
from switchroom.wire.authenticate import Authenticator, session_token
from switchroom.wire.authorize import Authorizer
from switchroom.wire.call import Call
from switchroom.wire.caller import ANONYMOUS, Caller
from switchroom.wire.cloudtrail import Record
from switchroom.wire.context import Services
from switchroom.wire.cors import Cors, Headers
from switchroom.wire.endpoint import Endpoint, ServiceEndpoints
from switchroom.wire.errors import render
from switchroom.wire.operation import Binding
from switchroom.wire.request_id import random_uuid
from switchroom.wire.service_model import SERVICES, ServiceModel, load_service
from switchroom.wire.sigv4 import Signed, credential_service
from switchroom.wire.throttle import Throttle

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_BODY_BYTES = 2 * 1024 * 1024
"""Room for a flow of 1 MB as a text inside JSON."""
MOST_HEADER_BYTES = 32 * 1024
BODY_SECONDS = 30.0

_JSON = (b"content-type", b"application/json")
_NO_STORE = (b"cache-control", b"no-store")
_NO_SNIFF = (b"x-content-type-options", b"nosniff")


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: Headers


class Visit:
    """One call on its way: what came, and what is known so far. `path` and `query` still encoded, `now` in ms."""

    __slots__ = ("caller", "endpoint", "error", "headers", "labels", "now", "output", "path", "query", "request",
                 "request_id", "scope", "source_ip")  # fmt: skip

    def __init__(
        self, endpoint: Endpoint, labels: dict[str, str], headers: dict[str, str], path: str, query: str, scope: Scope,
        now: int,
    ) -> None:  # fmt: skip
        self.endpoint = endpoint
        self.labels = labels
        self.headers = headers
        self.path = path
        self.query = query
        self.scope = scope
        self.now = now
        client = scope.get("client")
        self.source_ip: str = client[0] if client else "127.0.0.1"
        self.request_id = random_uuid()
        self.caller: Caller = ANONYMOUS
        self.request: dict[str, Any] | None = None
        self.output: dict[str, Any] | None = None
        self.error: ServiceError | None = None

    def record(self) -> Record:
        """For the audit log."""
        endpoint, error, request = self.endpoint, self.error, self.request
        read_only = endpoint.operation.read_only
        instance = self.caller.instance
        if request is not None and endpoint.instance_member in request:
            instance = parse_id(request[endpoint.instance_member])
        return Record(
            self.now,
            endpoint.model.name,
            endpoint.model.signing_name,
            endpoint.operation.name,
            read_only,
            self.caller,
            instance,
            self.source_ip,
            self.headers.get("user-agent", ""),
            self.request_id,
            request,
            None if read_only else self.output,
            error.code if error else None,
            error.message if error else None,
            endpoint.redact_request,
            endpoint.redact_response,
        )


class Door:
    """Serves the operations of all services. `clock` gives epoch milliseconds, `timer` seconds for throttling."""

    def __init__(
        self,
        services: Services,
        bindings: dict[tuple[str, str], Binding],
        *,
        models: Iterable[ServiceModel] | None = None,
        clock: Callable[[], int] = now_ms,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.services = services
        self.models = list(models) if models is not None else [load_service(name) for name in SERVICES]
        self._endpoints = [ServiceEndpoints(model, bindings) for model in self.models]
        self._by_signing_name: dict[str, list[ServiceEndpoints]] = {}
        for endpoints in self._endpoints:
            self._by_signing_name.setdefault(endpoints.model.signing_name, []).append(endpoints)
        self.clock = clock
        self._authenticator = Authenticator(services, lambda: clock() / 1000)
        self._authorizer = Authorizer(services)
        self._throttle = Throttle(timer) if services.settings.throttling else None
        self.cors = Cors(services.catalogue)

    def route(
        self, method: str, path: str, query: str, headers: Mapping[str, str]
    ) -> tuple[Endpoint, dict[str, str]] | None:
        """The operation a request is for: by the service it is signed for, then by path."""
        service = credential_service(headers, query)
        candidates = self._by_signing_name.get(service, self._endpoints) if service else self._endpoints
        for endpoints in candidates:
            found = endpoints.router.match(method, path)
            if found is not None:
                return found
        return None

    async def serve(self, visit: "Visit", receive: Receive, send: Send) -> None:
        """Answer one call of a known operation."""
        model = visit.endpoint.model
        try:
            answer = await self._perform(visit, receive)
        except ServiceError as refused:
            visit.error = refused
            answer = refusal(model, refused, visit.request_id)
        except Exception:
            log.exception("%s:%s failed, request %s", model.name, visit.endpoint.operation.name, visit.request_id)
            text = f"Something went wrong here. Request {visit.request_id}"
            visit.error = ServiceError("InternalServiceException", text)
            answer = refusal(model, visit.error, visit.request_id)
        origin = visit.headers.get("origin")
        if origin is not None:
            with_cookie = session_token(visit.headers)[1] and "cookie" in visit.headers
            answer.headers.extend(self.cors.answer(origin, with_cookie))
        await respond(send, answer)
        if self.services.audit is not None:
            self.services.audit.note(visit.record())

    async def _perform(self, visit: "Visit", receive: Receive) -> Answer:
        endpoint, headers = visit.endpoint, visit.headers
        binding, reader = endpoint.binding, endpoint.reader
        if binding is None or reader is None:
            name = f"{endpoint.model.name}:{endpoint.operation.name}"
            raise ServiceError("NotImplementedException", f"Switchroom has not got {name} yet")
        body = b""
        if "content-length" in headers or "transfer-encoding" in headers:
            body = await read_body(headers, receive)
        signed = Signed(endpoint.operation.method, visit.path, visit.query, headers, body)
        caller = self._authenticator.key(endpoint, signed) or await self._authenticator.caller(endpoint, signed)
        visit.caller = caller
        if self._throttle is not None:
            self._admit(endpoint, caller)
        request = visit.request = reader.read(visit.labels, visit.query, headers, body)
        self._authorizer.check(endpoint, caller, request)
        call = Call(
            caller=caller,
            services=self.services,
            service=binding.service,
            operation=binding.name,
            request_id=visit.request_id,
            source_ip=visit.source_ip,
            origin=origin_of(visit.scope, headers),
            now=visit.now,
            headers=headers,
        )
        result = binding.handler(call, request)
        output = await cast(Awaitable[Any], result) if binding.is_async else cast(Any, result)
        visit.output = output
        answer_headers: Headers = [_JSON, (b"x-amzn-requestid", visit.request_id.encode()), _NO_STORE]
        if call.response_headers:
            answer_headers += [(name.lower().encode(), value.encode()) for name, value in call.response_headers]
        if endpoint.headers is not None and output:
            answer_headers += endpoint.headers(output)
        return Answer(endpoint.operation.status, endpoint.write(output), answer_headers)

    def _admit(self, endpoint: Endpoint, caller: Caller) -> None:
        assert self._throttle is not None
        owner = (caller.instance or "") if caller.kind == "participant" else ""
        if not self._throttle.admit(endpoint.model.name, endpoint.operation.name, owner):
            raise ServiceError("ThrottlingException", "Rate exceeded")


def refusal(model: ServiceModel | None, error: ServiceError, request_id: str) -> Answer:
    """The answer for an error."""
    status, code, body = render(model, error.code, error.message, error.fields)
    headers: Headers = [
        _JSON,
        (b"x-amzn-requestid", request_id.encode()),
        (b"x-amzn-errortype", code.encode("latin-1", "replace")),
        _NO_STORE,
    ]
    return Answer(status, body, headers)


async def respond(send: Send, answer: Answer) -> None:
    """Send an answer."""
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def read_body(headers: Mapping[str, str], receive: Receive, most: int = MOST_BODY_BYTES) -> bytes:
    """The whole body. Raises RequestEntityTooLargeException or RequestTimeoutException."""
    announced = headers.get("content-length", "")
    length = int(announced) if announced.isascii() and announced.isdecimal() and len(announced) < 16 else -1
    if length > most:
        raise _too_large(most)
    if length == 0:
        return b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _receive_body(receive, length, most)
    except TimeoutError:
        raise ServiceError("RequestTimeoutException", f"The body did not arrive in {BODY_SECONDS:.0f} s") from None


async def _receive_body(receive: Receive, length: int, most: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if len(body) == length or not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body") and size != length:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> ServiceError:
    return ServiceError("RequestEntityTooLargeException", f"The body is larger than {most} bytes")


def origin_of(scope: Scope, headers: Mapping[str, str]) -> str:
    """`scheme://host:port` as the client sees it."""
    scheme = "https" if headers.get("x-forwarded-proto") == "https" else scope.get("scheme", "http")
    return f"{scheme}://{headers.get('host', 'localhost')}"
