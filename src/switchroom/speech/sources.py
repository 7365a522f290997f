"""Where the audio of prompts is: keys of the object store, buckets, addresses (FLOW-67, BLK-102)."""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from switchroom.base.errors import ServiceError
from switchroom.speech.fetch import Fetcher
from switchroom.speech.settings import Place, SpeechSettings
from switchroom.speech.wav import MAX_BYTES
from switchroom.storage.objects import ObjectStore

_OURS = frozenset({"connect", "prompts", "speech", "uploads", "recordings", "attachments", "reports", "exports"})
_FRESH_SECONDS = 60.0
_MOST_FETCHED = 256
_VIRTUAL_HOST = re.compile(r"([a-z0-9][a-z0-9.-]+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?").fullmatch
_PATH_HOST = re.compile(r"s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?").fullmatch


class NoAudio(ValueError):
    """There is no such audio, or it may not be played; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Audio that can be read. `identity` is another when the bytes are others; `key` if it is in the object store."""

    identity: str
    read: Callable[[], Awaitable[bytes]]
    key: str | None = None


class Sources:
    """Finds audio."""

    def __init__(
        self,
        objects: ObjectStore,
        settings: SpeechSettings,
    ) -> None:
        self._objects = objects
        self._buckets = {name: ObjectStore(place, b"") for name, place in settings.buckets.items()}
        self._store = _bucket_of(settings.objects)
        self._fetcher = Fetcher(settings.hosts, MAX_BYTES)
        self._fetched: dict[str, tuple[float, Source]] = {}

    async def object(self, key: str) -> Source:
        """A file of the object store. Raises NoAudio."""
        return await self._keyed(self._objects, "", key)

    async def uri(self, uri: str) -> Source:
        """`s3://bucket/key`, the https addresses of S3, or any other http(s) address. Raises NoAudio, NotFetched."""
        place = bucket_and_key(uri)
        if place is not None:
            bucket, key = place
            if bucket in self._buckets:
                return await self._keyed(self._buckets[bucket], bucket, key)
            own = self._own(bucket, key)
            if uri.startswith("s3:") or await self._objects.exists(own):
                return await self._keyed(self._objects, "", own)
        if not uri.startswith(("http://", "https://")):
            raise NoAudio("audio is at s3://bucket/key or at an http(s) address")
        return await self._http(uri)

    def _own(self, bucket: str, key: str) -> str:
        """The key in the object store of what `bucket` calls `key`. Raises NoAudio for what is not for callers."""
        whole = f"{bucket}/{key}"
        inner = whole.removeprefix(f"{self._store}/")
        if inner.partition("/")[0] in _OURS or ".." in inner.split("/"):
            raise NoAudio(f"there is no bucket {bucket}")
        return inner

    async def _keyed(self, store: ObjectStore, name: str, key: str) -> Source:
        try:
            facts = await store.facts(key)
        except ValueError:
            facts = None
        if facts is None:
            raise NoAudio(f"there is no audio {f'{name}/' if name else ''}{key}")
        if facts.size >= MAX_BYTES:
            raise NoAudio("a prompt must be smaller than 50 MB")

        async def read() -> bytes:
            try:
                return await store.get(key)
            except ServiceError as error:
                raise NoAudio(error.message) from None

        return Source(f"{name}\n{key}\n{facts.version}", read, None if name else key)

    async def _http(self, uri: str) -> Source:
        """Read now, unless it was a minute ago; the bytes say whether they are others."""
        known = self._fetched.get(uri)
        now = time.monotonic()
        if known is not None and now < known[0]:
            return known[1]
        data = await self._fetcher.get(uri)
        identity = hashlib.sha256(data).hexdigest()

        async def given() -> bytes:
            return data

        async def again() -> bytes:
            return await self._fetcher.get(uri)

        self._fetched[uri] = (now + _FRESH_SECONDS, Source(identity, again))
        while len(self._fetched) > _MOST_FETCHED:
            self._fetched.pop(next(iter(self._fetched)))
        return Source(identity, given)


def bucket_and_key(uri: str) -> tuple[str, str] | None:
    """The bucket and key that an s3:// or S3 https address names; None for any other address."""
    parts = urlsplit(uri)
    path = unquote(parts.path).removeprefix("/")
    host = (parts.hostname or "").lower()
    if parts.scheme == "s3":
        return (parts.netloc, path) if parts.netloc and path else None
    if parts.scheme != "https":
        return None
    virtual = _VIRTUAL_HOST(host)
    if virtual and path:
        return virtual[1], path
    bucket, _, key = path.partition("/")
    return (bucket, key) if _PATH_HOST(host) and bucket and key else None


OWN_BUCKET = "switchroom"
"""What records call the object store where it is a directory."""


def _bucket_of(place: Place) -> str:
    """The bucket, and the place in it, that the object store itself is: `bucket/prefix`."""
    if not isinstance(place, str) or not place.startswith("s3://"):
        return OWN_BUCKET
    return place.removeprefix("s3://").partition("?")[0].strip("/")
