"""Header fields: names in their canonical form, values as text until someone asks for their meaning."""

import re
from collections.abc import Iterable, Iterator

_LONG = [
    "Accept", "Accept-Contact", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Allow-Events",
    "Authentication-Info", "Authorization", "Call-ID", "Call-Info", "Contact", "Content-Disposition",
    "Content-Encoding", "Content-ID", "Content-Language", "Content-Length", "Content-Transfer-Encoding",
    "Content-Type", "CSeq", "Date", "Diversion", "Error-Info", "Event", "Expires", "From", "Geolocation",
    "Geolocation-Error", "Geolocation-Routing", "History-Info", "In-Reply-To", "Info-Package", "Join",
    "Max-Forwards", "MIME-Version", "Min-Expires", "Min-SE", "Organization", "P-Asserted-Identity",
    "P-Preferred-Identity", "Path", "Priority", "Privacy", "Proxy-Authenticate", "Proxy-Authorization",
    "Proxy-Require", "RAck", "Reason", "Record-Route", "Recv-Info", "Refer-Sub", "Refer-To", "Referred-By",
    "Reject-Contact", "Remote-Party-ID", "Replaces", "Reply-To", "Request-Disposition", "Require",
    "Retry-After", "Route", "RSeq", "Server", "Service-Route", "Session-Expires", "SIP-ETag", "SIP-If-Match",
    "Subject", "Subscription-State", "Supported", "Target-Dialog", "Timestamp", "To", "Unsupported",
    "User-Agent", "User-to-User", "Via", "Warning", "WWW-Authenticate",
]  # fmt: skip
_SHORT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition", "e": "Content-Encoding",
    "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported", "l": "Content-Length", "m": "Contact",
    "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires",
}  # fmt: skip
KNOWN = {name: name for name in _LONG} | {name.lower(): name for name in _LONG}
KNOWN |= {name.upper(): name for name in _LONG} | _SHORT | {short.upper(): name for short, name in _SHORT.items()}
_NEEDS_QUOTES = re.compile(r'[\s",;<>\\]')
_PIECES = re.compile(r'"(?:\\.|[^"\\])*+(?:"|\\?$)|<[^>]*+(?:>|$)|[,;]', re.DOTALL)


def canonical(name: str) -> str:
    """The one spelling of a header name: `v` and `VIA` are `Via`; unknown names are written `X-Like-This`."""
    return (
        KNOWN.get(name) or KNOWN.get(name.lower()) or "-".join([part.capitalize() for part in name.lower().split("-")])
    )


def split_outside(value: str, separator: str) -> list[str]:
    """Split at a comma or semicolon that stands outside of quotes and angle brackets; the pieces are stripped."""
    if separator not in value:
        return [value.strip()]
    if '"' not in value and "<" not in value:
        return [piece.strip() for piece in value.split(separator)]
    pieces, start = [], 0
    for found in _PIECES.finditer(value):
        if found.group() == separator:
            pieces.append(value[start : found.start()].strip())
            start = found.end()
    pieces.append(value[start:].strip())
    return pieces


def parse_parameters(text: str) -> dict[str, str]:
    """`;a=1;b;c="x y"` as a dict with lower-case names; a parameter without value is an empty text."""
    parameters: dict[str, str] = {}
    for piece in split_outside(text, ";"):
        if piece:
            name, _, value = piece.partition("=")
            parameters[name.rstrip().lower()] = unquote(value.strip())
    return parameters


def format_parameters(parameters: dict[str, str]) -> str:
    """The text of parameters, each with its leading semicolon."""
    return "".join([f";{name}={_parameter(value)}" if value else f";{name}" for name, value in parameters.items()])


def _parameter(value: str) -> str:
    return quote(value) if _NEEDS_QUOTES.search(value) else value


def unquote(value: str) -> str:
    """The text inside quotes; text without quotes as it is."""
    if len(value) > 1 and value[0] == '"' and value[-1] == '"':
        value = value[1:-1]
        return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL) if "\\" in value else value
    return value


def quote(value: str) -> str:
    """A quoted string; control characters become spaces."""
    if not value.isprintable():
        value = "".join([one if one.isprintable() or ord(one) > 0xD7FF else " " for one in value])
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Headers:
    """The header fields of one message by canonical name. Order is kept among fields of one name, as RFC 3261 asks."""

    __slots__ = ("fields",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self.fields: dict[str, list[str]] = {}
        for name, value in items:
            self.add(name, value)

    def get(self, name: str) -> str | None:
        """The first value of a header, unparsed."""
        found = self.fields.get(name) or self.fields.get(canonical(name))
        return found[0] if found else None

    def all(self, name: str) -> list[str]:
        """Every value of a header, one a line."""
        return list(self.fields.get(canonical(name), ()))

    def listed(self, name: str) -> list[str]:
        """The elements of a header whose value is a comma-separated list, over all its lines."""
        lines = self.fields.get(name) or self.fields.get(canonical(name))
        if not lines:
            return []
        if len(lines) == 1 and "," not in lines[0]:
            return [lines[0]]
        return [piece for line in lines for piece in split_outside(line, ",") if piece]

    def tokens(self, name: str) -> frozenset[str]:
        """The elements of a list of tokens such as `Supported`, in lower case."""
        return frozenset([piece.lower() for piece in self.listed(name)])

    def add(self, name: str, value: str) -> None:
        """Add a line. Raises ValueError for a value or name that would break out of its line."""
        if "\r" in value or "\n" in value or "\0" in value or not name or ":" in name or not name.isprintable():
            raise ValueError(f"not a header line: {name[:40]!r}")
        self.fields.setdefault(canonical(name), []).append(value)

    def set(self, name: str, value: str) -> None:
        """Replace every line of this name by one."""
        self.fields.pop(canonical(name), None)
        self.add(name, value)

    def remove(self, name: str) -> None:
        """Take out every line of this name."""
        self.fields.pop(canonical(name), None)

    def items(self) -> Iterator[tuple[str, str]]:
        """Every line as name and value."""
        for name, values in self.fields.items():
            for value in values:
                yield name, value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and canonical(name) in self.fields

    def __repr__(self) -> str:
        return f"Headers({list(self.items())!r})"
