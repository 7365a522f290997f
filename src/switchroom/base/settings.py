"""What the operator decides before the first request, from options or `SWITCHROOM_...` variables."""

from dataclasses import dataclass, field
from pathlib import Path

from switchroom.base.arns import Site


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one node. `database_url` and `nats_url` of None mean the embedded engines."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path(".switchroom")
    demo: bool = False
    database_url: str | None = None
    nats_url: str | None = None
    sip_port: int = 5060
    no_voice: bool = False
    no_browser: bool = False
    throttling: bool = False
    roles: frozenset[str] = frozenset({"api", "centre", "media", "worker"})
    site: Site = field(default_factory=Site)
    access_key_id: str | None = None
    secret_access_key: str | None = None
    demo_password: str | None = None
    object_store_url: str | None = None
    functions: Path | None = None
