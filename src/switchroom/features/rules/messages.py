"""Events of rules on the stream `RULE_EVENTS`, in the envelope of an event bus."""

import uuid
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.storage.bus import Bus
from switchroom.storage.outbox import Message
from switchroom.views.streams import KEPT_SECONDS, message

STREAM, WORD = "RULE_EVENTS", "rule-events"
FAILED = "Amazon Connect Rules Action Execution Failed"
_SPACE = uuid.UUID("0c9dcb7e-3d7a-4d0e-9a4e-6d7c7d2c6f11")


async def ensure_stream(bus: Bus) -> None:
    """Create the stream; events are kept for seven days."""
    await bus.ensure_stream(STREAM, [f"{WORD}.*"], max_age_seconds=KEPT_SECONDS)


def envelope(site: Site, instance: str, kind: str, detail: dict[str, Any], key: str, now: int) -> Message:
    """An event for the stream; the same `key` gives the same id."""
    value = {
        "version": "0",
        "id": str(uuid.uuid5(_SPACE, f"{kind} {key}")),
        "detail-type": kind,
        "source": "aws.connect",
        "account": site.account,
        "time": iso_s(now),
        "region": site.region,
        "resources": [site.instance(instance)],
        "detail": detail,
    }
    return message(WORD, instance, f"rule/{kind}/{key}", value)
