"""The Via header: where a response goes back to (RFC 3261 section 18.2.2, RFC 3581)."""

import re
from dataclasses import dataclass

from switchroom.sip.headers import format_parameters, parse_parameters
from switchroom.sip.uri import BadUri, host_port, parse_host_port

_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9\-]+)\s+([^\s;:]*(?:\[[0-9A-Fa-f:.]+\])?(?:\s*:\s*\d+)?)\s*(;.*)?",
    re.IGNORECASE | re.DOTALL,
)
COOKIE = "z9hG4bK"


@dataclass(slots=True)
class Via:
    """One hop: transport in lower case, sent-by and parameters."""

    transport: str
    host: str
    port: int | None
    params: dict[str, str]

    @property
    def branch(self) -> str:
        """The transaction's name, or nothing for peers older than RFC 3261."""
        return self.params.get("branch", "")

    def __str__(self) -> str:
        return f"SIP/2.0/{self.transport.upper()} {host_port(self.host, self.port)}{format_parameters(self.params)}"


def parse_via(value: str) -> Via:
    """Raises BadUri."""
    found = _VIA.fullmatch(value)
    if found is None:
        raise BadUri(f"not a Via: {value[:80]!r}")
    host, port = parse_host_port("".join(found[2].split()))
    return Via(found[1].lower(), host, port, parse_parameters(found[3]) if found[3] else {})
