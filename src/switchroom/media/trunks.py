"""Trunks as their documents describe them: who may call in, where calls go out, how numbers are written."""

import contextlib
import ipaddress
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

import msgspec
import regex

from switchroom.media.secrets import unseal
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document
from switchroom.sip.digest import Credentials
from switchroom.sip.offers import Srtp
from switchroom.sip.sdp import EVENTS, G722, OPUS, PCMA, PCMU, Codec
from switchroom.sip.transport import Destination, Transport
from switchroom.storage.envelope import Envelope

log = logging.getLogger(__name__)

KIND = "trunk"
STATE = "trunks.state"
"""Subject on which each media process publishes the state of its trunks, a msgpack list of `TrunkState`."""
CODECS: dict[str, Codec] = {"PCMU": PCMU, "PCMA": PCMA, "G722": G722, "OPUS": OPUS}
DEFAULT_CODECS = ("PCMU", "PCMA")
_RULE_SECONDS = 0.02

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Direction = Literal["INBOUND", "OUTBOUND"]


class TrunkState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How a trunk fares on one media process. Times in epoch ms."""

    instance: str
    trunk: str
    media: str
    at: int = 0
    registered: bool | None = None
    """None: it does not register."""
    reachable: bool | None = None
    """By options ping; None: not asked, or not answered yet."""
    rtt_ms: float | None = None
    calls: int = 0
    error: str = ""
    """The last one."""
    error_at: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A number that fits `match` is written as `replace` (`\\1` stands for a group)."""

    match: "regex.Pattern[str]"
    replace: str


@dataclass(frozen=True, slots=True)
class Trunk:
    """One trunk. `destination` of None: no calls go out through it, unless it is the `loopback`."""

    id: str
    instance: str
    name: str
    networks: tuple[Network, ...] = ()
    username: str = ""
    secret: str = ""
    destination: Destination | None = None
    register: bool = False
    credentials: Credentials | None = None
    domain: str = ""
    expires: int = 3600
    srtp: Srtp = "off"
    codecs: tuple[Codec, ...] = (PCMU, PCMA, EVENTS)
    inbound_rules: tuple[Rule, ...] = ()
    outbound_rules: tuple[Rule, ...] = ()
    ping_seconds: int = 0
    loopback: bool = False
    maximum_calls: int = 0
    """0: no limit."""

    @property
    def dials(self) -> bool:
        """Whether calls can go out through it."""
        return self.destination is not None or self.loopback

    def registered_as(self, user: str) -> bool:
        """Whether calls to this user are calls to our registration, so that only `To` tells the number."""
        return self.register and self.credentials is not None and self.credentials.username == user

    def rewrite(self, number: str, direction: Direction) -> str:
        """The number as the first rule that fits writes it."""
        for rule in self.inbound_rules if direction == "INBOUND" else self.outbound_rules:
            try:
                found = rule.match.fullmatch(number, timeout=_RULE_SECONDS)
                if found is not None:
                    return str(found.expand(rule.replace))
            except (TimeoutError, regex.error, IndexError):
                log.warning("trunk %s: a number rule cannot be used", self.name)
        return number


LOOPBACK = Trunk(id="loopback", instance="", name="loopback", loopback=True)
"""What a demo without any trunk calls out through: the site itself."""


def read(document: Document, envelope: Envelope) -> Trunk | None:
    """The trunk of a document; None when it is switched off. Raises ValueError for one that makes no sense."""
    body = document.body
    if not body.get("Enabled", True):
        return None
    inbound, outbound = body.get("Inbound") or {}, body.get("Outbound") or {}
    destination = _destination(outbound)
    return Trunk(
        id=document.id,
        instance=document.instance,
        name=document.name,
        networks=_networks(inbound, outbound),
        username=inbound.get("Username") or "",
        secret=_secret(document, inbound, envelope),
        destination=destination,
        register=bool(outbound.get("Register")),
        credentials=_credentials(document, outbound, envelope),
        domain=outbound.get("Domain") or (destination.host if destination else ""),
        expires=int(outbound.get("ExpiresSeconds") or 3600),
        srtp=cast(Srtp, str(body.get("Srtp") or "OFF").lower()),
        codecs=(*(CODECS[name.upper()] for name in body.get("Codecs") or DEFAULT_CODECS), EVENTS),
        inbound_rules=_rules(body, "INBOUND"),
        outbound_rules=_rules(body, "OUTBOUND"),
        ping_seconds=int(body.get("PingSeconds") or 0),
        loopback=bool(body.get("Loopback")),
        maximum_calls=int(body.get("MaximumCalls") or 0),
    )


def _networks(inbound: dict[str, Any], outbound: dict[str, Any]) -> tuple[Network, ...]:
    """Those named, and the registrar where it is an address: whom we register with may call us."""
    named = [ipaddress.ip_network(text, strict=False) for text in inbound.get("Addresses") or ()]
    if outbound.get("Register") and outbound.get("Host"):
        with contextlib.suppress(ValueError):
            named.append(ipaddress.ip_network(outbound["Host"].strip("[]")))
    return tuple(named)


def _destination(outbound: dict[str, Any]) -> Destination | None:
    host = outbound.get("Host")
    if not host:
        return None
    transport = cast(Transport, str(outbound.get("Transport") or "UDP").lower())
    return Destination(transport, host, int(outbound.get("Port") or (5061 if transport == "tls" else 5060)))


def _secret(document: Document, side: dict[str, Any], envelope: Envelope) -> str:
    sealed = side.get("Secret")
    secret = unseal(envelope, document.instance, sealed) if sealed else ""
    if secret is None:
        raise ValueError("its secret cannot be opened")
    return secret


def _credentials(document: Document, outbound: dict[str, Any], envelope: Envelope) -> Credentials | None:
    username = outbound.get("Username")
    return Credentials(username, _secret(document, outbound, envelope)) if username else None


def _rules(body: dict[str, Any], direction: Direction) -> tuple[Rule, ...]:
    given = [rule for rule in body.get("NumberRules") or () if rule.get("Direction") == direction]
    return tuple(Rule(regex.compile(rule["Match"]), rule.get("Replace") or "") for rule in given)


class Trunks:
    """All trunks of the site, kept in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, envelope: Envelope, *, demo: bool = False) -> None:
        self._catalogue = catalogue
        self._envelope = envelope
        self._demo = demo
        self._trunks: dict[str, Trunk] = {}
        self._registrars: dict[str, frozenset[str]] = {}
        self._configured = False
        self._listeners: list[Callable[[], None]] = []
        self._unsubscribe = catalogue.on_change(self._on_change)
        self._read()

    def close(self) -> None:
        """Follow no more."""
        self._unsubscribe()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call when trunks have changed."""
        self._listeners.append(listener)

    @property
    def open_door(self) -> bool:
        """A demo in which nobody has set up a trunk to somewhere: calls are taken from everywhere."""
        return self._demo and not self._configured

    def all(self) -> list[Trunk]:
        """Those that are switched on."""
        return list(self._trunks.values())

    def get(self, identifier: str) -> Trunk | None:
        """One of them."""
        return self._trunks.get(identifier)

    def by_address(self, address: str) -> Trunk | None:
        """The trunk whose calls come from this IP address: of several the one with the narrowest network."""
        source = ipaddress.ip_address(address)
        best: tuple[int, Trunk] | None = None
        for trunk in self._trunks.values():
            if trunk.register and address in self._registrars.get(trunk.id, ()):
                return trunk
            for network in trunk.networks:
                if source in network and (best is None or network.prefixlen > best[0]):
                    best = (network.prefixlen, trunk)
        return best[1] if best else None

    def registered_at(self, trunk: str, addresses: frozenset[str]) -> None:
        """Where the registrar of a trunk was found, under its host name: calls from there are the trunk's."""
        self._registrars[trunk] = addresses

    def by_username(self, username: str) -> Trunk | None:
        """The trunk that proves itself by this name."""
        return next((trunk for trunk in self._trunks.values() if trunk.username and trunk.username == username), None)

    def outbound(self, instance: str) -> list[Trunk]:
        """What an instance may call out through, by name; a demo without trunks reaches itself."""
        own = [trunk for trunk in self._trunks.values() if trunk.instance == instance and trunk.dials]
        if not own and self.open_door:
            return [LOOPBACK]
        return sorted(own, key=lambda trunk: trunk.name)

    def _on_change(self, change: Document | Deleted) -> None:
        if change.kind == KIND:
            self._read()
            for listener in self._listeners:
                listener()

    def _read(self) -> None:
        documents = self._catalogue.site_wide(KIND)
        self._configured = any(not document.body.get("Loopback") for document in documents)
        self._trunks = {}
        for document in documents:
            try:
                trunk = read(document, self._envelope)
            except (ValueError, KeyError, regex.error) as error:
                log.warning("trunk %s is left out: %s", document.name, error)
                continue
            if trunk is not None:
                self._trunks[trunk.id] = trunk
