"""Objects by presigned URL: `/objects/KEY?expires=...&signature=...`."""

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from switchroom.base.errors import ServiceError, not_found
from switchroom.storage.objects import ROUTE, Grant, ObjectStore
from switchroom.wire.door import Answer, Receive, Scope, read_body, refusal
from switchroom.wire.request_id import random_uuid

_MOST_BYTES = 64 * 1024 * 1024
_MOST_AT_ONCE = 8 * 1024 * 1024
"""Bytes of one answer to a range: whoever plays an hour of sound asks for the next part when it is time."""
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})").fullmatch
_ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cache-control", b"private, no-store"),
]


async def serve_object(objects: ObjectStore, scope: Scope, receive: Receive, headers: dict[str, str]) -> Answer:
    """Read or write one object, as the signature of the URL allows."""
    try:
        key = unquote(scope["raw_path"].decode("latin-1")[len(ROUTE) :])
        grant = _grant(objects, scope, key)
        if grant.method == "PUT":
            return await _write(objects, grant, receive, headers)
        if grant.method == "GET":
            return await _read(objects, grant, scope["method"], headers)
        raise ServiceError("AccessDeniedException", "Objects can be read and written only")
    except ServiceError as error:
        answer = refusal(None, error, random_uuid())
        answer.headers.extend(_ALWAYS[:2])
        return answer


def _grant(objects: ObjectStore, scope: Scope, key: str) -> Grant:
    query: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    try:
        return objects.verify(scope["method"], key, query)
    except (TypeError, ValueError):
        raise ServiceError("AccessDeniedException", "The signature of this URL is not valid") from None


async def _write(objects: ObjectStore, grant: Grant, receive: Receive, headers: dict[str, str]) -> Answer:
    given = headers.get("content-type")
    if grant.content_type and given is not None and given.partition(";")[0].strip() != grant.content_type:
        raise ServiceError("InvalidRequestException", f"This URL takes {grant.content_type} only")
    body = await read_body(headers, receive, min(grant.max_bytes or _MOST_BYTES, _MOST_BYTES))
    await objects.put(grant.key, body, grant.content_type)
    return Answer(200, b"", list(_ALWAYS))


async def _read(objects: ObjectStore, grant: Grant, method: str, headers: dict[str, str]) -> Answer:
    size = await objects.size(grant.key)
    if size is None:
        raise not_found("Object", grant.key)
    answer_headers = [
        *_ALWAYS,
        (b"content-type", (grant.content_type or "application/octet-stream").encode("latin-1", "replace")),
        (b"accept-ranges", b"bytes"),
    ]
    if grant.filename is not None:
        answer_headers.append(
            (b"content-disposition", f"attachment; filename*=UTF-8''{quote(grant.filename)}".encode())
        )
    found = _RANGE(headers.get("range", ""))
    if found is None or method == "HEAD":
        return Answer(200, b"" if method == "HEAD" else await objects.get(grant.key), answer_headers)
    first = int(found[1])
    last = min(int(found[2] or size), size - 1, first + _MOST_AT_ONCE - 1)
    if first > last:
        return Answer(416, b"", [*answer_headers, (b"content-range", f"bytes */{size}".encode())])
    answer_headers.append((b"content-range", f"bytes {first}-{last}/{size}".encode()))
    return Answer(206, await objects.get_range(grant.key, first, last), answer_headers)
