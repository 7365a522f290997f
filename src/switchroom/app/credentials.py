"""The root key of an installation, in the file format of the AWS command line."""

import configparser
import io
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from switchroom.app.files import write_private
from switchroom.base.settings import Settings

PROFILE = "switchroom"
_ALPHABET = string.ascii_uppercase + string.digits


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key with every right."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id!r})"


def root_key(settings: Settings) -> Credentials:
    """The key of the settings if both halves are given; else that of `DATA/credentials`, made on first use (0600)."""
    if settings.access_key_id and settings.secret_access_key:
        return Credentials(settings.access_key_id, settings.secret_access_key)
    path = settings.data / "credentials"
    if not path.exists():
        write_private(path, _render(_generate(), settings.site.region))
    return _read(path)


def _generate() -> Credentials:
    name = "AKIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return Credentials(name, secrets.token_urlsafe(30))


def _render(key: Credentials, region: str) -> str:
    file = configparser.ConfigParser(interpolation=None)
    file[PROFILE] = {
        "aws_access_key_id": key.access_key_id,
        "aws_secret_access_key": key.secret_access_key,
        "region": region,
    }
    text = io.StringIO()
    file.write(text)
    return text.getvalue()


def _read(path: Path) -> Credentials:
    file = configparser.ConfigParser(interpolation=None)
    file.read(path)
    try:
        return Credentials(file[PROFILE]["aws_access_key_id"], file[PROFILE]["aws_secret_access_key"])
    except KeyError as error:
        raise ValueError(f"{path} has no {error} for the profile {PROFILE}; remove it to have a new one made") from None
