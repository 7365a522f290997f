"""Pages of a list, with opaque signed tokens."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.wire.call import Call

T = TypeVar("T")
_NOT_PART_OF_THE_QUESTION = frozenset({"NextToken", "nextToken", "MaxResults", "maxResults"})


class _Position(msgspec.Struct, frozen=True, array_like=True):
    question: bytes
    offset: int
    after: Any


def paginate(
    call: Call,
    items: Sequence[T],
    request: dict[str, Any],
    *,
    default: int = 100,
    maximum: int | None = None,
    key: Callable[[T], Any] | None = None,
) -> tuple[Sequence[T], str | None]:
    """The page of `items` that `request` asks for by NextToken and MaxResults, and the token of the next page.

    A token continues only the request (operation and filters) that it came from; any other gives
    InvalidRequestException. With `key`, by which `items` must be sorted, a page starts after the last item of the
    page before it, so nothing is skipped or shown twice while items come and go; without it, by position.
    """
    text = request.get("NextToken") or request.get("nextToken")
    size = request.get("MaxResults") or request.get("maxResults") or default
    size = min(size, maximum) if maximum else size
    if text is None and len(items) <= size:
        return items, None
    start = _start(call, items, request, text, key) if text else 0
    page = items[start : start + size]
    end = start + len(page)
    if end >= len(items):
        return page, None
    after = key(page[-1]) if key and page else None
    position = _Position(_question(call, request), end, after)
    return page, _tokens(call).seal("page", msgspec.msgpack.encode(position))


def _start(call: Call, items: Sequence[T], request: dict[str, Any], text: str, key: Callable[[T], Any] | None) -> int:
    payload = _tokens(call).unseal("page", text)
    position = msgspec.msgpack.decode(payload, type=_Position) if payload else None
    if position is None or position.question != _question(call, request):
        raise ServiceError("InvalidRequestException", "NextToken is not one that this request gave")
    if key is None or position.after is None:
        return position.offset
    after = msgspec.convert(position.after, tuple) if isinstance(position.after, list) else position.after
    return next((index for index, item in enumerate(items) if key(item) > after), len(items))


def _question(call: Call, request: dict[str, Any]) -> bytes:
    filters = {name: value for name, value in request.items() if name not in _NOT_PART_OF_THE_QUESTION}
    encoded = msgspec.json.encode([call.service, call.operation, filters], order="deterministic")
    return sha256(encoded).digest()[:12]


def _tokens(call: Call) -> Any:
    if call.services.tokens is None:
        raise RuntimeError("paginate needs Services.tokens")
    return call.services.tokens
