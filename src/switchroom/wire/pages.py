"""What is not an operation: health, preflights, stored objects, the built pages."""

import asyncio
import mimetypes
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.wire.context import Services
from switchroom.wire.cors import Cors, Headers
from switchroom.wire.door import Answer, Receive, Scope, Send, refusal, respond
from switchroom.wire.embedding import Embedding, frame_ancestors
from switchroom.wire.event_route import ROUTE as EVENTS
from switchroom.wire.event_route import take_event
from switchroom.wire.object_route import serve_object
from switchroom.wire.request_id import random_uuid

WEB = Path(str(files("switchroom"))) / "web"

_PAGES = {
    "/": "index.html",
    "/workspace": "workspace.html",
    "/agent-app-v2": "workspace.html",
    "/ccp-v2": "ccp.html",
    "/login": "ccp.html",
    "/request-storage-access": "ccp.html",
    "/test-chat": "test-chat.html",
    "/endpoint-test": "endpoint-test.html",
}
_BELOW = ("/ccp-v2", "/agent-app-v2")
"""Pages with further addresses below them, such as `/ccp-v2/chat`."""
_PANEL = b"/ccp-v2/"
_FOLDERS = ("assets/", "widget/")
_MISSING_PAGE = (
    b"<!doctype html><meta charset=utf-8><title>Switchroom</title><p>The pages are not built. Run <code>make run</code>"
    b" or build them in <code>web/</code>."
)
_COMMON: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=()"),
]


class Pages:
    """Everything that GET and OPTIONS can ask for beside operations."""

    def __init__(self, services: Services, cors: Cors) -> None:
        self._services = services
        self._cors = cors
        self._embedding = Embedding(services, cors)

    async def serve(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], path: str) -> None:
        """Answer a request that no operation matches."""
        method = scope["method"]
        if method == "OPTIONS" and "origin" in headers:
            preflight = self._cors.preflight(headers["origin"], headers.get("access-control-request-headers"))
            await respond(send, Answer(204, b"", preflight))
        elif path == "/health":
            await respond(send, self._health())
        elif path.startswith(EVENTS) and self._services.event_intake is not None:
            await respond(send, await take_event(self._services.event_intake, path, method, headers, receive))
        elif path.startswith("/objects/") and self._services.objects is not None:
            await respond(send, await serve_object(self._services.objects, scope, receive, headers))
        elif method in ("GET", "POST") and (found := await self._embedding.serve(path, headers)) is not None:
            await respond(send, found)
        elif method in ("GET", "HEAD") and path.removeprefix("/connect").rstrip("/") == "/ccp":
            await respond(send, _to_panel(scope["query_string"]))
        elif method in ("GET", "HEAD") and (answer := await asyncio.to_thread(self._page, path, headers)) is not None:
            await respond(send, answer if method == "GET" else answer._replace(body=b""))
        else:
            error = ServiceError("UnknownOperationException", f"There is no operation {method} {path[:256]}")
            answer = refusal(None, error, random_uuid())
            if "origin" in headers:
                answer.headers.extend(self._cors.answer(headers["origin"], False))
            await respond(send, answer)

    def _health(self) -> Answer:
        ready = self._services.ready
        body: dict[str, Any] = {"status": "ok" if ready else "starting", **self._services.health}
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        return Answer(200 if ready else 503, msgspec.json.encode(body), headers)

    def _page(self, path: str, headers: dict[str, str]) -> Answer | None:
        name = _page_of(path)
        if name is None and not path[1:].startswith(_FOLDERS) and path not in ("/favicon.ico", "/favicon.svg"):
            return None
        content = _file(name or path[1:])
        if content is None:
            return Answer(503, _MISSING_PAGE, [(b"content-type", b"text/html; charset=utf-8")]) if name else None
        modified, body = content
        kind = mimetypes.guess_type(name or path)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind.endswith(("javascript", "json")):
            kind += "; charset=utf-8"
        caching = b"public, max-age=31536000, immutable" if path.startswith("/assets/") else b"no-cache"
        tag = f'"{modified:x}-{len(body):x}"'.encode()
        answer_headers = [(b"content-type", kind.encode()), (b"cache-control", caching), (b"etag", tag), *_COMMON]
        if name is not None:
            answer_headers += self._page_policy(name)
        elif path.startswith("/widget/"):
            answer_headers.append((b"access-control-allow-origin", b"*"))
        if headers.get("if-none-match", "").encode("latin-1") == tag:
            return Answer(304, b"", answer_headers)
        return Answer(200, body, answer_headers)

    def _page_policy(self, name: str) -> Headers:
        ancestors, sounds = "'self'", ""
        if name in ("ccp.html", "workspace.html"):
            ancestors = frame_ancestors(self._cors.origins())
            sounds = ancestors.removeprefix("'self'") + " https:"  # an embedding page may bring its own ringtone
        elsewhere = " https:" if name == "endpoint-test.html" else ""  # it measures the way to other sites
        pictures = "" if name == "endpoint-test.html" else " https:"  # those of interactive chat messages
        policy = (
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            f" img-src 'self' data: blob:{pictures}; media-src 'self' data: blob:{sounds}; font-src 'self' data:;"
            f" connect-src 'self' ws: wss:{elsewhere};"
            " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self';"
            f" frame-ancestors {ancestors}"
        )
        return [(b"content-security-policy", policy.encode("latin-1", "replace"))]


def _page_of(path: str) -> str | None:
    """The page at an address; agents' pages also below `/connect`, where they were once."""
    path = path.rstrip("/") or "/"
    if path.startswith("/connect/"):
        path = path.removeprefix("/connect")
    if (found := _PAGES.get(path)) is not None:
        return found
    return next((_PAGES[page] for page in _BELOW if path.startswith(page + "/")), None)


def _to_panel(query: bytes) -> Answer:
    """DESK-20: the panel's first address leads to its present one."""
    return Answer(302, b"", [(b"location", _PANEL + (b"?" + query if query else b"")), (b"cache-control", b"no-cache")])


@lru_cache(maxsize=512)
def _read(file: Path, modified: int) -> bytes:
    return file.read_bytes()


def _file(name: str) -> tuple[int, bytes] | None:
    file = (WEB / name).resolve()
    if not file.is_relative_to(WEB.resolve()) or not file.is_file():
        return None
    modified = file.stat().st_mtime_ns
    return modified, _read(file, modified)
