"""Who calls."""

from dataclasses import dataclass
from typing import Literal

from switchroom.resources.access import Access
from switchroom.wire.tokens import Claims

CallerKind = Literal["key", "person", "participant", "anonymous"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an API key, a signed-in person, or a participant of a contact.

    `id` is the access key id, the user id or the participant id. `instance` is None for API keys, which see all
    instances. `permissions` are those of a person's security profiles; API keys have none and need none.
    `claims` are those of a participant's token. `session` names a person's session, which began at `since` (epoch
    milliseconds). `access` says which records a person reaches; None: all of the instance.
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
    access: Access | None = None

    def may(self, *permissions: str) -> bool:
        """True if this caller holds any of `permissions`; API keys hold all."""
        return self.kind == "key" or not self.permissions.isdisjoint(permissions)


ANONYMOUS = Caller(kind="anonymous", id="anonymous", name="anonymous", arn="")
