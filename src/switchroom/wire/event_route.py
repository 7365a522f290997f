"""Webhooks of applications outside: `POST /events/CONNECTION` (ROUT-102, ROUT-103)."""

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.features.rules.intake import MOST_BYTES, Intake
from switchroom.wire.door import Answer, Receive, read_body, refusal
from switchroom.wire.request_id import random_uuid

ROUTE = "/events/"


async def take_event(intake: Intake, path: str, method: str, headers: dict[str, str], receive: Receive) -> Answer:
    """202 once the event is durable, the same for one that came before."""
    try:
        if method != "POST":
            raise ServiceError("UnknownOperationException", "Events are sent with POST")
        body = await read_body(headers, receive, MOST_BYTES)
        accepted = await intake.webhook(path.removeprefix(ROUTE), headers, body)
    except ServiceError as error:
        return refusal(None, error, random_uuid())
    answer = {"eventId": accepted.id, "duplicate": not accepted.new}
    kind, fresh = (b"content-type", b"application/json"), (b"cache-control", b"no-store")
    return Answer(202, msgspec.json.encode(answer), [kind, fresh])
