"""What the operator decides before the first request, from options or `SWITCHROOM_...` variables."""

from dataclasses import dataclass, field
from pathlib import Path

from switchroom.base.arns import Site

ROLES = ("api", "centre", "media", "worker")


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
    sip_host: str | None = None
    """Address SIP and RTP listen on; None: `host`."""
    sip_tls_port: int | None = None
    """TCP port of SIP over TLS; None: the one above `sip_port`; 0: no TLS."""
    sip_certificate: Path | None = None
    """PEM file with key and chain; without it one is made and signed by itself."""
    public_address: str | None = None
    """Address that phones and browsers reach this machine at, where it is another than `sip_host` (NAT)."""
    rtp_ports: str = "20000-29999"
    """First and last UDP port of media."""
    browser_codecs: str = "PCMU,PCMA,opus"
    """Audio codecs of browsers, best first. G.711 is mixed as it comes, Opus costs several times as much."""
    no_voice: bool = False
    no_browser: bool = False
    throttling: bool = False
    roles: frozenset[str] = frozenset(ROLES)
    site: Site = field(default_factory=Site)
    access_key_id: str | None = None
    secret_access_key: str | None = None
    demo_password: str | None = None
    object_store_url: str | None = None
    prompt_buckets: str | None = None
    """Where the buckets are that flows play audio from: `name=place,...`; a place is a directory or a store's URL."""
    prompt_hosts: str | None = None
    """Hosts of the operator's own network that flows may play audio from by http: `host,...`."""
    functions: Path | None = None
    smtp_url: str | None = None
    """The mail server: `smtp://user:password@host:587` or `smtps://...`; None: no mail is sent."""
    mail_from: str | None = None
    """The address mail is sent from."""
    public_url: str | None = None
    """Where people reach the pages, for links in mail; None: where this node listens."""

    @property
    def pages(self) -> str:
        """The origin of the pages, for links."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = self.host if self.host not in ("0.0.0.0", "::") else "localhost"  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
