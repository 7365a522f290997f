"""Trunks: the lines to carriers and other telephone systems, and the site's line to itself."""

import ipaddress
from typing import Any

import regex

from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Resource, View, declare

TRANSPORTS = ("UDP", "TCP", "TLS")
SRTP = ("OFF", "OPTIONAL", "REQUIRED")
CODECS = ("PCMU", "PCMA", "G722", "OPUS")
MOST_RULES = 50
MOST_ADDRESSES = 100


def _check(view: View, document: Document, before: Document | None) -> None:
    body = document.body
    inbound, outbound = body.get("Inbound") or {}, body.get("Outbound") or {}
    _check_addresses(inbound.get("Addresses") or [])
    _check_rules(body.get("NumberRules") or [])
    if inbound.get("Username"):
        if not inbound.get("Secret"):
            raise invalid_parameter("Inbound.Username needs Inbound.Secret")
        for other in view.all(document.instance, "trunk"):
            same = (other.body.get("Inbound") or {}).get("Username") == inbound["Username"]
            if same and other.id != document.id:
                raise invalid_parameter(f"Trunk {other.name} has the inbound user name {inbound['Username']} already")
    if outbound.get("Register") and not (outbound.get("Host") and outbound.get("Username")):
        raise invalid_parameter("A trunk that registers needs Outbound.Host and Outbound.Username")
    if body.get("Loopback") and outbound.get("Host"):
        raise invalid_parameter("A loopback trunk has no Outbound.Host")


def _check_addresses(addresses: list[str]) -> None:
    if len(addresses) > MOST_ADDRESSES:
        raise invalid_parameter(f"At most {MOST_ADDRESSES} inbound addresses")
    for text in addresses:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise invalid_parameter(f"{text} is no address or network, such as 192.0.2.7 or 192.0.2.0/24") from None


def _check_rules(rules: list[dict[str, Any]]) -> None:
    if len(rules) > MOST_RULES:
        raise invalid_parameter(f"At most {MOST_RULES} number rules")
    for rule in rules:
        try:
            pattern = regex.compile(rule["Match"])
            groups = {int(number) for number in regex.findall(r"\\(\d+)", rule.get("Replace") or "")}
            if groups and max(groups) > pattern.groups:
                raise invalid_parameter(f"Number rule {rule['Match']!r} has no group {max(groups)}")
        except regex.error as wrong:
            raise invalid_parameter(f"Number rule {rule['Match']!r} cannot be used: {wrong}") from None


TRUNK = declare(
    Resource(kind="trunk", label="Trunk", arn="trunk/{id}", names=Names.FOLDED, check=_check),
)
"""Body: `Enabled`, `Inbound` (`Addresses`, `Username`, `Secret` sealed), `Outbound` (`Host`, `Port`, `Transport`,
`Register`, `Username`, `Secret` sealed, `Domain`, `ExpiresSeconds`), `Srtp`, `Codecs`, `NumberRules` (`Direction`,
`Match`, `Replace`), `PingSeconds`, `Loopback`, `MaximumCalls`."""
