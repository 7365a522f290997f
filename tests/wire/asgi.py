"""Calls an ASGI application without a socket."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        return self.headers.get("x-amzn-errortype", "")

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


async def ask(
    app: Callable[[Any, Any, Any], Awaitable[None]],
    method: str,
    path: str,
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    pieces: list[bytes] | None = None,
    host: str = "127.0.0.1:8080",
) -> Reply:
    """One request; `pieces` are a body that comes in several messages without a length."""
    sent = {"host": host, **{name.lower(): value for name, value in (headers or {}).items()}}
    if pieces is None and body:
        sent.setdefault("content-length", str(len(body)))
    elif pieces is not None:
        sent["transfer-encoding"] = "chunked"
    parts = pieces if pieces is not None else [body]
    messages = [
        {"type": "http.request", "body": part, "more_body": index + 1 < len(parts)} for index, part in enumerate(parts)
    ]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("latin-1", "replace"),
        "query_string": query.encode("latin-1", "replace"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
        "client": ("192.0.2.7", 40000),
        "scheme": "http",
    }
    await app(scope, receive, send)
    received = {name.decode(): value.decode("latin-1") for name, value in answers[0]["headers"]}
    return Reply(answers[0]["status"], received, b"".join(answer["body"] for answer in answers[1:]))
