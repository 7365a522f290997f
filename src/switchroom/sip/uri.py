"""SIP, SIPS and tel URIs, and the name-addr form of From, To, Contact and their like (RFC 3261 section 19.1, 20.10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote as percent_encode
from urllib.parse import unquote as percent_decode

from switchroom.sip.headers import format_parameters, parse_parameters, quote, unquote

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.\-]+))(?::(\d{1,5}))?", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*", re.ASCII)
_BAD = re.compile(r'[\s<>"\x00-\x1f\x7f]')
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*+)"\s*', re.DOTALL)
_DISPLAY = re.compile(r"[^\x00-\x08\x0a-\x1f\"<>,;:@()\[\]\\]*")
_COMMON = re.compile(
    r'(?:"([\w .+-]*)"\s*|([\w.+-]+(?: [\w.+-]+)*)\s*)?<(sips?:[\w.+%@:-]+)>(?:;tag=([\w.%!*+~-]+))?', re.ASCII
)
_USER_SAFE = "-_.!~*'()&=+$,;?/:"
_SEPARATORS = str.maketrans("", "", "-.() ")


class BadUri(ValueError):
    """Text that is no URI or no address."""


@dataclass(frozen=True, slots=True)
class Uri:
    """A SIP, SIPS or tel URI.

    `user` is decoded (`%2B` is `+`) and includes user parameters such as `;phone-context=`; for tel it is the
    subscriber and `host` is empty. `host` is without the brackets of IPv6. URIs of other schemes keep everything
    behind the colon in `user`.
    """

    scheme: str
    user: str = ""
    host: str = ""
    port: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    headers: str = ""
    password: str | None = None

    @property
    def number(self) -> str:
        """The user part without user parameters and without visual separators: `+1 (555) 0100` is `+15550100`."""
        user = self.user.partition(";")[0]
        stripped = user.translate(_SEPARATORS)
        return stripped if stripped.lstrip("+*#").isdigit() else user

    @property
    def hostport(self) -> str:
        """`host` or `host:port`, with brackets around IPv6."""
        return host_port(self.host, self.port)

    def __str__(self) -> str:
        if self.scheme not in ("sip", "sips"):
            return f"{self.scheme}:{self.user}{format_parameters(dict(self.params))}"
        user = escape_user(self.user)
        secret = "" if self.password is None else ":" + percent_encode(self.password, safe="&=+$,-_.!~*'()")
        at = f"{user}{secret}@" if user else ""
        headers = f"?{self.headers}" if self.headers else ""
        return f"{self.scheme}:{at}{self.hostport}{format_parameters(dict(self.params))}{headers}"


def escape_user(user: str) -> str:
    """A decoded user part as it is written in a URI."""
    return percent_encode(user, safe=_USER_SAFE, errors="surrogateescape")


def host_port(host: str, port: int | None) -> str:
    """A host and maybe a port as one text; IPv6 in brackets."""
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def parse_host_port(text: str) -> tuple[str, int | None]:
    """The reverse of `host_port`. Raises BadUri."""
    found = _HOST.fullmatch(text)
    if found is None:
        raise BadUri(f"not a host: {text[:80]!r}")
    port = None if found[3] is None else int(found[3])
    if port is not None and not 0 < port < 65536:
        raise BadUri(f"not a port: {port}")
    return found[1] or found[2], port


@lru_cache(maxsize=2048)
def parse_uri(text: str) -> Uri:
    """Raises BadUri. Any scheme is accepted; only sip and sips are looked into deeply."""
    scheme, colon, rest = text.partition(":")
    if not colon or not rest or _SCHEME.fullmatch(scheme) is None or _BAD.search(text):
        raise BadUri(f"not a URI: {text[:80]!r}")
    scheme = scheme.lower()
    if scheme == "tel":
        number, _, params = rest.partition(";")
        return Uri("tel", number, params=parse_parameters(params))
    if scheme not in ("sip", "sips"):
        return Uri(scheme, rest)
    userinfo, at, rest = rest.rpartition("@") if "@" in rest else ("", "", rest)
    if at and not userinfo:
        raise BadUri("an empty user")
    rest, _, headers = rest.partition("?")
    where, _, params = rest.partition(";")
    host, port = parse_host_port(where)
    user, has_password, password = userinfo.partition(":")
    return Uri(
        scheme,
        percent_decode(user),
        host.lower(),
        port,
        parse_parameters(params) if params else {},
        headers,
        percent_decode(password) if has_password else None,
    )


@dataclass(frozen=True, slots=True)
class Address:
    """A name-addr: display name, URI as text (so that it can be echoed byte for byte) and header parameters."""

    uri: str
    display: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def parsed(self) -> Uri:
        """The URI taken apart. Raises BadUri."""
        return parse_uri(self.uri)

    @property
    def tag(self) -> str:
        """The dialog tag, or nothing."""
        return self.params.get("tag", "")

    def with_params(self, **params: str) -> "Address":
        """The same with other header parameters."""
        return Address(self.uri, self.display, params)

    def __str__(self) -> str:
        name = f"{quote(self.display)} " if self.display else ""
        return f"{name}<{self.uri}>{format_parameters(dict(self.params))}"


def parse_address(value: str) -> Address:
    """Read `"Name" <sip:...>;tag=x` or `sip:...;tag=x`. Raises BadUri; the URI itself is checked when it is used."""
    common = _COMMON.fullmatch(value)
    if common is not None:
        return Address(common[3], common[1] or common[2] or "", {"tag": common[4]} if common[4] else {})
    value = value.strip()
    display = ""
    if value.startswith('"'):
        quoted = _QUOTED.match(value)
        if quoted is None or quoted.end() == len(value) or value[quoted.end()] != "<":
            raise BadUri("a display name without its end")
        display, value = unquote(f'"{quoted[1]}"'), value[quoted.end() :]
    bracket = value.find("<")
    if bracket < 0:
        uri, _, params = value.partition(";")
        if not uri or "," in uri or "?" in uri:
            raise BadUri(f"not an address: {value[:80]!r}")
        uri = uri.rstrip()
    else:
        if bracket:
            display = value[:bracket].strip()
            if _DISPLAY.fullmatch(display) is None:
                raise BadUri("a display name that needs quotes")
        end = value.find(">", bracket)
        if end < 0:
            raise BadUri("an address without its end")
        uri, params = value[bracket + 1 : end], value[end + 1 :].strip()
        if params and params[0] != ";":
            raise BadUri("text behind an address")
        params = params[1:]
    if _BAD.search(uri) or ":" not in uri:
        raise BadUri(f"not a URI: {uri[:80]!r}")
    return Address(uri, display, parse_parameters(params) if params else {})
