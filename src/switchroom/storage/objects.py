"""Objects: recordings, transcripts, attachments, exports. A local directory, or any S3-compatible store by URL.

Objects are handed to people by presigned URLs. Those of a directory are ours: `/objects/KEY?expires=...&signature=...`
at our own origin; the door serves them and asks `verify` first. Those of S3 are S3's.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import obstore
from obstore.store import LocalStore, S3Store, from_url

from switchroom.base.clock import now_ms
from switchroom.base.errors import access_denied, not_found

ROUTE = "/objects/"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a presigned URL allows: `method` (GET or PUT) on `key`, and how the bytes are labelled.

    `max_bytes` limits a PUT; `content_type` is required of a PUT and sent with a GET; `filename` names the download.
    """

    method: str
    key: str
    content_type: str | None = None
    filename: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """An object without its bytes: `size` in bytes, `version` changes with each write, `modified` in epoch ms."""

    size: int
    version: str
    modified: int


class ObjectStore:
    """Objects by key, a path with `/` between its parts. `secret` signs the URLs of a directory."""

    def __init__(self, location: Path | str, secret: bytes) -> None:
        self._secret = secret
        if isinstance(location, Path):
            location.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store: Any = LocalStore(prefix=location, automatic_cleanup=True)
        else:
            self._store = from_url(location)

    async def put(self, key: str, data: bytes, content_type: str | None = None) -> None:
        """Store or replace an object; readers see the old bytes or the new, never a part."""
        labelled = content_type is not None and isinstance(self._store, S3Store)
        attributes: Any = {"Content-Type": content_type} if labelled else None
        await obstore.put_async(self._store, _checked(key), data, attributes=attributes, use_multipart=False)

    async def get(self, key: str) -> bytes:
        """The bytes of an object. ServiceError ResourceNotFoundException if there is none."""
        try:
            result = await obstore.get_async(self._store, _checked(key))
            return bytes(await result.bytes_async())
        except FileNotFoundError:
            raise not_found("Object", key) from None

    async def get_range(self, key: str, first: int, last: int) -> bytes:
        """Bytes `first` to `last` of an object, both included. ServiceError ResourceNotFoundException."""
        try:
            found = await obstore.get_range_async(self._store, _checked(key), start=first, end=last + 1)
        except FileNotFoundError:
            raise not_found("Object", key) from None
        return bytes(found)

    async def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        return await self.size(key) is not None

    async def size(self, key: str) -> int | None:
        """Bytes of an object; None if there is none."""
        facts = await self.facts(key)
        return facts.size if facts else None

    async def facts(self, key: str) -> Facts | None:
        """What is known of an object without reading it; None if there is none."""
        try:
            meta = await obstore.head_async(self._store, _checked(key))
        except FileNotFoundError:
            return None
        modified = int(meta["last_modified"].timestamp() * 1_000)
        return Facts(meta["size"], meta["e_tag"] or f"{modified}-{meta['size']}", modified)

    async def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
        try:
            await obstore.delete_async(self._store, _checked(key))
        except FileNotFoundError:
            return

    async def list(self, prefix: str = "") -> AsyncIterator[tuple[str, int]]:
        """Keys below a prefix of whole path parts, each with its bytes."""
        async for page in obstore.list(self._store, prefix=prefix or None):
            for facts in page:
                yield facts["path"], facts["size"]

    async def presign_get(
        self,
        key: str,
        seconds: int,
        *,
        origin: str = "",
        content_type: str | None = None,
        filename: str | None = None,
    ) -> str:
        """A URL that reads one object for some seconds. `origin` is scheme://host:port as the client sees us."""
        if isinstance(self._store, S3Store):
            return await self._presign_s3("GET", key, seconds)
        return self._presign(Grant("GET", _checked(key), content_type, filename), seconds, origin)

    async def presign_put(self, key: str, seconds: int, content_type: str, max_bytes: int, *, origin: str = "") -> str:
        """A URL that writes one object of one type, once or more, for some seconds. S3 does not enforce the size."""
        if isinstance(self._store, S3Store):
            return await self._presign_s3("PUT", key, seconds)
        return self._presign(Grant("PUT", _checked(key), content_type, None, max_bytes), seconds, origin)

    def verify(self, method: str, key: str, query: Mapping[str, str]) -> Grant:
        """What the URL with this (decoded) key and query allows. ServiceError AccessDeniedException if nothing."""
        grant = Grant(
            "GET" if method == "HEAD" else method,
            key,
            query.get("content-type"),
            query.get("filename"),
            int(query["max-bytes"]) if query.get("max-bytes", "").isdecimal() else None,
        )
        expires = query.get("expires", "")
        if not hmac.compare_digest(self._sign(grant, expires).encode(), query.get("signature", "").encode()):
            raise access_denied("The signature of this URL is not valid")
        if int(expires) < now_ms() // 1000:
            raise access_denied("This URL has expired")
        return grant

    async def _presign_s3(self, method: Any, key: str, seconds: int) -> str:
        return await obstore.sign_async(self._store, method, _checked(key), timedelta(seconds=seconds))

    def _presign(self, grant: Grant, seconds: int, origin: str) -> str:
        expires = str(now_ms() // 1000 + seconds)
        query = {
            "expires": expires,
            "content-type": grant.content_type,
            "filename": grant.filename,
            "max-bytes": grant.max_bytes,
            "signature": self._sign(grant, expires),
        }
        given = {name: value for name, value in query.items() if value is not None}
        return f"{origin}{ROUTE}{quote(grant.key)}?{urlencode(given)}"

    def _sign(self, grant: Grant, expires: str) -> str:
        parts = (grant.method, grant.key, expires, grant.content_type, grant.filename, grant.max_bytes)
        text = "\n".join("" if part is None else quote(str(part)) for part in parts)
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _checked(key: str) -> str:
    """A key names something inside the store. Raises ValueError."""
    if not key or key.startswith("/") or any(part in {"", ".", ".."} for part in key.split("/")):
        raise ValueError(f"not an object key: {key!r}")
    return key
