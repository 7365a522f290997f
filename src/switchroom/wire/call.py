"""One request as a handler sees it."""

from dataclasses import dataclass, field

from switchroom.wire.caller import Caller
from switchroom.wire.context import Services


@dataclass(slots=True)
class Call:
    """One request. `now` is in epoch milliseconds; `origin` is `scheme://host:port` as the client sees us;
    `headers` has lower-case names; `response_headers` are sent with the answer."""

    caller: Caller
    services: Services
    service: str
    operation: str
    request_id: str
    source_ip: str
    origin: str
    now: int
    headers: dict[str, str]
    response_headers: list[tuple[str, str]] = field(default_factory=list)
