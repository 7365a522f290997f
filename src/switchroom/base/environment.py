"""Settings from the environment and back: how `switchroom up` hands them to the processes it starts."""

from collections.abc import Mapping
from pathlib import Path

from switchroom.base.arns import Site
from switchroom.base.settings import Settings

_TEXTS = (
    "host",
    "database_url",
    "nats_url",
    "access_key_id",
    "secret_access_key",
    "demo_password",
    "object_store_url",
    "prompt_buckets",
    "prompt_hosts",
    "sip_host",
    "public_address",
    "rtp_ports",
    "browser_codecs",
    "smtp_url",
    "mail_from",
    "public_url",
)
_NUMBERS = ("port", "sip_port", "sip_tls_port")
_SWITCHES = ("demo", "no_voice", "no_browser", "throttling")
_PATHS = ("data", "functions", "sip_certificate")
_TRUE = frozenset({"1", "true", "yes", "on"})


def variable(name: str) -> str:
    """The environment variable of a setting: `sip_port` is `SWITCHROOM_SIP_PORT`."""
    return f"SWITCHROOM_{name.upper()}"


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables that make `from_environment` return `settings` again."""
    values: dict[str, object] = {name: getattr(settings, name) for name in (*_TEXTS, *_NUMBERS, *_PATHS)}
    values |= {name: "1" for name in _SWITCHES if getattr(settings, name)}
    values |= {
        "roles": ",".join(sorted(settings.roles)),
        "region": settings.site.region,
        "account": settings.site.account,
    }
    return {variable(name): str(value) for name, value in values.items() if value is not None}


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that the variables name, defaults for the rest. Raises ValueError for a number that is none."""
    given = {
        name: environment[variable(name)]
        for name in (*_TEXTS, *_NUMBERS, *_SWITCHES, *_PATHS, "roles", "region", "account")
        if environment.get(variable(name))
    }
    values: dict[str, object] = {name: given[name] for name in _TEXTS if name in given}
    values |= {name: int(given[name]) for name in _NUMBERS if name in given}
    values |= {name: given[name].lower() in _TRUE for name in _SWITCHES if name in given}
    values |= {name: Path(given[name]) for name in _PATHS if name in given}
    if "roles" in given:
        values["roles"] = frozenset(given["roles"].split(","))
    site = Site()
    values["site"] = Site(given.get("region", site.region), given.get("account", site.account))
    return Settings(**values)  # type: ignore[arg-type]
