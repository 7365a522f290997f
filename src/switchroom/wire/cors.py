"""Cross-origin requests: SDKs in browsers call from anywhere with signatures or tokens, cookies only from origins that
an instance approved."""

from typing import Any

Headers = list[tuple[bytes, bytes]]

_METHODS = b"GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD"
_HEADERS = (
    b"authorization, content-type, content-encoding, amz-sdk-invocation-id, amz-sdk-request, x-amz-bearer,"
    b" x-amz-content-sha256, x-amz-date, x-amz-region-set, x-amz-security-token, x-amz-target, x-amz-user-agent,"
    b" x-amzn-platform-id, x-amzn-trace-id, x-switchroom-csrf, x-amz-resource-id, x-amz-last-modified-time,"
    b" x-amz-last-modified-region"
)
_EXPOSED = (b"access-control-expose-headers", b"x-amzn-errortype, x-amzn-requestid, x-amz-request-id, date")
_ANY = (b"access-control-allow-origin", b"*")
_VARY = (b"vary", b"Origin")


class Cors:
    """Headers of answers to pages of other origins. `catalogue` knows the approved origins of the instances."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def answer(self, origin: str, with_cookie: bool) -> Headers:
        """Headers for an answer; credentials are allowed to approved origins alone."""
        if with_cookie:
            if not self.approved(origin):
                return [_VARY]
            return [
                (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
                (b"access-control-allow-credentials", b"true"),
                _EXPOSED,
                _VARY,
            ]
        return [_ANY, _EXPOSED]

    def preflight(self, origin: str, requested: str | None) -> Headers:
        """Headers for the answer to an OPTIONS request."""
        allowed = _HEADERS
        if requested and len(requested) < 2000 and all(char.isalnum() or char in "-_, " for char in requested):
            allowed = requested.encode("latin-1", "replace")
        headers = [
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", allowed),
            (b"access-control-max-age", b"600"),
            _VARY,
        ]
        if self.approved(origin):
            return [
                (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
                (b"access-control-allow-credentials", b"true"),
                *headers,
            ]
        return [_ANY, *headers]

    def approved(self, origin: str) -> bool:
        """Whether any instance has approved this origin."""
        return origin in self.origins()

    def origins(self, instance: str | None = None) -> set[str]:
        """The approved origins of an instance, or of all."""
        if self._catalogue is None:
            return set()
        instances = [instance] if instance else [document.id for document in self._catalogue.instances()]
        return {
            document.body.get("Origin", document.name)
            for identifier in instances
            for document in self._catalogue.all(identifier, "approved-origin")
        }
