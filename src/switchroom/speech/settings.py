"""What the speech process is told by its environment."""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


def _workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """`nats_url` and `objects` (a directory, or the URL of a store) as every process has them.

    `buckets`: where `s3://NAME/...` of flows is found, by name: a directory or the URL of a store (FLOW-67).
    `hosts`: hosts whose http addresses may be played though they are private. `workers`: sentences made at once.
    `keep_days`: how long a spoken text that nobody asks for stays in the store.
    """

    nats_url: str
    objects: Path | str
    buckets: Mapping[str, Path | str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    workers: int = field(default_factory=_workers)
    keep_days: float = 7.0
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])


def from_environment(environment: Mapping[str, str]) -> SpeechSettings:
    """Settings from `SWITCHROOM_NATS_URL`, `_DATA`, `_OBJECT_STORE_URL`, `_PROMPT_BUCKETS` (`name=place,...`),
    `_PROMPT_HOSTS` (`host,...`), `_SPEECH_WORKERS`, `_SPEECH_KEEP_DAYS`. Raises ValueError for what is missing or none.
    """

    def given(name: str) -> str:
        return environment.get(f"SWITCHROOM_{name}", "")

    if not given("NATS_URL"):
        raise ValueError("the speech process needs SWITCHROOM_NATS_URL")
    data = Path(given("DATA") or ".switchroom")
    buckets = {}
    for entry in filter(None, (part.strip() for part in given("PROMPT_BUCKETS").split(","))):
        name, equals, place = entry.partition("=")
        if not equals or not name or not place:
            raise ValueError("SWITCHROOM_PROMPT_BUCKETS has the form name=place,name=place")
        buckets[name.strip()] = place_of(place.strip())
    return SpeechSettings(
        nats_url=given("NATS_URL"),
        objects=given("OBJECT_STORE_URL") or data / "objects",
        buckets=buckets,
        hosts=frozenset(host.strip().lower() for host in given("PROMPT_HOSTS").split(",") if host.strip()),
        workers=int(given("SPEECH_WORKERS") or _workers()),
        keep_days=float(given("SPEECH_KEEP_DAYS") or 7.0),
    )


def place_of(text: str) -> Path | str:
    """A URL stays one, anything else is a directory."""
    return text if "://" in text else Path(text)
