"""One request as a handler sees it, and who sent it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from switchroom.wire.tokens import Claims

if TYPE_CHECKING:
    from switchroom.wire.context import Services

CallerKind = Literal["key", "person", "participant", "anonymous"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an API key, a signed-in person, or a participant of a contact.

    `id` is the access key id, the user id or the participant id. `instance` is None for API keys, which see all
    instances. `permissions` are those of a person's security profiles; API keys have none and need none.
    `claims` are those of a participant's token. `session` names a person's session, which began at `since` (epoch
    milliseconds).
    """

    kind: CallerKind
    id: str
    name: str
    arn: str
    instance: str | None = None
    permissions: frozenset[str] = frozenset()
    claims: Claims | None = None
    session: str | None = None
    since: int | None = None

    def may(self, *permissions: str) -> bool:
        """True if this caller holds any of `permissions`; API keys hold all."""
        return self.kind == "key" or not self.permissions.isdisjoint(permissions)


ANONYMOUS = Caller(kind="anonymous", id="anonymous", name="anonymous", arn="")


@dataclass(slots=True)
class Call:
    """One request. `now` is in epoch milliseconds; `origin` is `scheme://host:port` as the client sees us;
    `headers` has lower-case names; `response_headers` are sent with the answer."""

    caller: Caller
    services: "Services"
    service: str
    operation: str
    request_id: str
    source_ip: str
    origin: str
    now: int
    headers: dict[str, str]
    response_headers: list[tuple[str, str]] = field(default_factory=list)
