"""Setting up and stopping what the door knows of callers: keys, tokens, sessions, audit."""

import configparser
import os
import secrets
import string
from pathlib import Path

from switchroom.base.clock import now_ms
from switchroom.base.settings import Settings
from switchroom.storage.audit import AuditStore
from switchroom.storage.security import ApiKeys, Secrets
from switchroom.wire.audit import Audit
from switchroom.wire.context import Services
from switchroom.wire.keys import Keys
from switchroom.wire.sessions import Sessions
from switchroom.wire.tokens import Tokens

PROFILE = "switchroom"


async def open_identity(services: Services) -> None:
    """Fill `keys`, `tokens`, `sessions` and `audit` of services that have database, envelope and catalogue."""
    services.tokens = Tokens(await Secrets(services.database, services.envelope).get("participant-tokens"))
    services.keys = Keys(services.site, ApiKeys(services.database, services.envelope))
    services.keys.add_root(*root_key(services.settings))
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


def root_key(settings: Settings) -> tuple[str, str]:
    """The root key: of the settings, else of `DATA/credentials`, which is made (mode 0600) if it is not there."""
    if settings.access_key_id and settings.secret_access_key:
        return settings.access_key_id, settings.secret_access_key
    file = settings.data / "credentials"
    found = _read_credentials(file)
    if found is None:
        _write_credentials(file)
        found = _read_credentials(file)
    if found is None:
        raise ValueError(f"{file} has no profile [{PROFILE}] with a key")
    return found


def _read_credentials(file: Path) -> tuple[str, str] | None:
    parser = configparser.RawConfigParser()
    if not file.exists() or not parser.read(file) or not parser.has_section(PROFILE):
        return None
    section = parser[PROFILE]
    key, secret = section.get("aws_access_key_id"), section.get("aws_secret_access_key")
    return (key, secret) if key and secret else None


def _write_credentials(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    key = "AKSW" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16))
    text = f"[{PROFILE}]\naws_access_key_id = {key}\naws_secret_access_key = {secrets.token_urlsafe(30)}\n"
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
