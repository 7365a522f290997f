"""API keys in memory: the root key of the installation and those of the table."""

from dataclasses import dataclass, field

from switchroom.base.arns import Site
from switchroom.base.settings import Settings
from switchroom.storage.security import ApiKey, ApiKeys
from switchroom.wire.caller import Caller
from switchroom.wire.policies import Policy, parse_policy


@dataclass(frozen=True, slots=True)
class _Known:
    secret: str
    caller: Caller
    policy: Policy | None


@dataclass(slots=True)
class Keys:
    """Looks up API keys. The root key may do everything."""

    site: Site
    store: ApiKeys | None = None
    _known: dict[str, _Known] = field(default_factory=dict, repr=False)
    _root: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings, store: ApiKeys | None = None) -> "Keys":
        """With the root key of the settings, if they carry one."""
        keys = cls(settings.site, store)
        if settings.access_key_id and settings.secret_access_key:
            keys.add_root(settings.access_key_id, settings.secret_access_key)
        return keys

    def add_root(self, access_key_id: str, secret: str) -> None:
        """Know the root key."""
        self._root = access_key_id
        caller = Caller("key", access_key_id, "root", f"arn:aws:iam::{self.site.account}:root")
        self._known[access_key_id] = _Known(secret, caller, None)

    def add(self, key: ApiKey) -> None:
        """Know one more key."""
        caller = Caller("key", key.access_key_id, key.name, f"arn:aws:iam::{self.site.account}:user/{key.name}")
        policy = parse_policy(key.policy) if key.policy else None
        self._known[key.access_key_id] = _Known(key.secret, caller, policy)

    async def refresh(self) -> None:
        """Take over what the table holds now."""
        if self.store is None:
            return
        stored = await self.store.all()
        root = self._known.get(self._root) if self._root else None
        self._known = {self._root: root} if self._root and root else {}
        for key in stored:
            if key.access_key_id != self._root:
                self.add(key)

    def secret(self, access_key_id: str) -> str | None:
        """The secret of a key, None if it is unknown."""
        known = self._known.get(access_key_id)
        return known.secret if known else None

    def caller(self, access_key_id: str) -> Caller:
        """Who a known key is."""
        return self._known[access_key_id].caller

    def policy(self, access_key_id: str) -> Policy | None:
        """What a known key is limited to; None means not at all."""
        return self._known[access_key_id].policy
