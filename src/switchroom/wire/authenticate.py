"""Who calls: API key by signature, person by session, participant by token."""

from collections.abc import Callable, Mapping

from switchroom.base.errors import ServiceError
from switchroom.wire.caller import ANONYMOUS, Caller
from switchroom.wire.context import Services
from switchroom.wire.endpoint import Endpoint
from switchroom.wire.sessions import CSRF_HEADER, cookie_token, right_csrf
from switchroom.wire.sigv4 import SignatureChecker, Signed
from switchroom.wire.sockets import participant

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Authenticator:
    """Tells the caller of a request, as the operation's binding wants it."""

    def __init__(self, services: Services, clock: Callable[[], float]) -> None:
        self._services = services
        self._keys = services.keys
        self._signatures = SignatureChecker(services.keys.secret, clock) if services.keys else None

    def key(self, endpoint: Endpoint, request: Signed) -> Caller | None:
        """The short way of most calls: an API key, where one will do. None means to ask `caller`."""
        assert endpoint.binding is not None
        return self.by_signature(endpoint, request) if endpoint.binding.auth in ("caller", "signed") else None

    def by_signature(self, endpoint: Endpoint, request: Signed) -> Caller | None:
        """The API key that signed; None if the request is not signed. Raises ServiceError for a bad signature."""
        if not is_signed(request) or self._signatures is None or self._keys is None:
            return None
        key = self._signatures.check(request, endpoint.operation.auth_type == "v4-unsigned-body")
        return self._keys.caller(key)

    async def caller(self, endpoint: Endpoint, request: Signed) -> Caller:
        """The caller. Raises ServiceError if there is none that will do."""
        assert endpoint.binding is not None
        auth = endpoint.binding.auth
        if auth == "bearer":
            return self._participant(endpoint, request)
        if auth == "none":
            return await self._anyone(endpoint, request)
        if auth == "session" and is_signed(request):
            self.by_signature(endpoint, request)
            raise ServiceError("AccessDeniedException", f"{endpoint.operation.name} is for signed-in people only")
        caller = self.key(endpoint, request)
        if caller is not None:
            return caller
        if auth == "signed":
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        return await self._person(request)

    def _participant(self, endpoint: Endpoint, request: Signed) -> Caller:
        token = request.headers.get("x-amz-bearer")
        if not token:
            raise ServiceError("AccessDeniedException", "The header X-Amz-Bearer is missing")
        return participant(self._services, token, endpoint.token_kind)

    async def _anyone(self, endpoint: Endpoint, request: Signed) -> Caller:
        caller = self.by_signature(endpoint, request)
        if caller is not None or session_token(request.headers)[0] is None:
            return caller or ANONYMOUS
        try:
            return await self._person(request)
        except ServiceError:
            return ANONYMOUS

    async def _person(self, request: Signed) -> Caller:
        token, from_cookie = session_token(request.headers)
        if token is None:
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        if self._services.sessions is None:
            raise ServiceError("AccessDeniedException", "Sessions are not set up")
        unsafe = from_cookie and request.method not in _SAFE_METHODS
        if unsafe and not right_csrf(token, request.headers.get(CSRF_HEADER)):
            raise ServiceError("AccessDeniedException", "The header X-Switchroom-CSRF is missing or wrong")
        return await self._services.sessions.authenticate(token)


def session_token(headers: Mapping[str, str]) -> tuple[str | None, bool]:
    """The session token of a request, and whether it came by cookie."""
    header = headers.get("authorization")
    if header is not None and header[:7].lower() == "bearer ":
        return header[7:].strip() or None, False
    return cookie_token(headers.get("cookie")), True


def is_signed(request: Signed) -> bool:
    """Whether the request claims to carry a signature."""
    header = request.headers.get("authorization")
    if header is not None:
        return header[:7].lower() != "bearer "
    return "X-Amz-Signature=" in request.query or "X-Amz-Credential=" in request.query
