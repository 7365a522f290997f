"""Setting up and stopping what the door knows of callers: keys, tokens, sessions, audit."""

from switchroom.base.clock import now_ms
from switchroom.storage.audit import AuditStore
from switchroom.storage.security import ApiKeys
from switchroom.wire.audit import Audit
from switchroom.wire.context import Services
from switchroom.wire.keys import Keys
from switchroom.wire.sessions import Sessions
from switchroom.wire.tokens import Tokens


async def open_identity(services: Services, access_key_id: str, secret_access_key: str) -> None:
    """Fill `keys`, `tokens`, `sessions` and `audit` of services that have database, envelope and catalogue.

    The key given is the root key of the installation.
    """
    services.tokens = Tokens(services.envelope.derive("participant tokens"))
    services.keys = Keys(services.site, ApiKeys(services.database, services.envelope))
    services.keys.add_root(access_key_id, secret_access_key)
    await services.keys.refresh()
    services.sessions = Sessions(services.site, services.catalogue, services.database, now_ms)
    await services.sessions.start(services.keys.refresh)
    services.audit = Audit(services.site, AuditStore(services.database))
    services.audit.start()


async def close_identity(services: Services) -> None:
    """Write what the audit log still holds, stop following changes."""
    if services.audit is not None:
        await services.audit.stop()
    if services.sessions is not None:
        await services.sessions.stop()
