"""What the speech process needs of the settings."""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from switchroom.base.settings import Settings

Place = Path | str
"""A directory, or the URL of a store."""


def _workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """`objects`: the object store. `buckets`: where `s3://NAME/...` of flows is found, by name (FLOW-67).

    `hosts`: hosts whose http addresses may be played though they are private. `workers`: sentences made at once.
    `keep_days`: how long a spoken text that nobody asks for stays in the store.
    """

    objects: Place
    buckets: Mapping[str, Place] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    workers: int = field(default_factory=_workers)
    keep_days: float = 7.0
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])


def speech_settings(settings: Settings) -> SpeechSettings:
    """Those of a node's settings. Raises ValueError for buckets that are not written as they must be."""
    return SpeechSettings(
        objects=settings.object_store_url or settings.data / "objects",
        buckets=_buckets(settings.prompt_buckets or ""),
        hosts=frozenset(host.strip().lower() for host in (settings.prompt_hosts or "").split(",") if host.strip()),
    )


def _buckets(text: str) -> dict[str, Place]:
    buckets: dict[str, Place] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, equals, place = (part.strip() for part in entry.partition("="))
        if not equals or not name or not place:
            raise ValueError("SWITCHROOM_PROMPT_BUCKETS has the form name=place,name=place")
        buckets[name] = place if "://" in place else Path(place)
    return buckets
