"""Where an emergency call comes from (NUM-67): the civic address as a PIDF-LO (RFC 4119, RFC 5139) beside the SDP."""

import logging
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import msgspec

log = logging.getLogger(__name__)

_PIDF = "urn:ietf:params:xml:ns:pidf"
_GEOPRIV = "urn:ietf:params:xml:ns:pidf:geopriv10"
_CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
_ELEMENTS = ("country", "A1", "A3", "RD", "PRD", "POD", "STS", "HNO", "HNS", "LOC", "NAM", "PC")
"""Civic elements in the order they are sent (RFC 4119, RFC 5139)."""
_ALIASES = {"HN": "HNS"}

for _prefix, _uri in (("", _PIDF), ("gp", _GEOPRIV), ("ca", _CIVIC)):
    register_namespace(_prefix, _uri)


def location_parts(location: str, caller: str) -> list[tuple[str, bytes]]:
    """The body part of a civic address given as JSON; nothing when it says nothing that can be sent."""
    try:
        given = msgspec.json.decode(location, type=dict[str, str | int | None])
    except msgspec.DecodeError:
        log.warning("the address of an emergency call is not JSON")
        return []
    presence = Element(f"{{{_PIDF}}}presence", entity=f"tel:{caller}" if caller else "pres:unknown@invalid")
    status = SubElement(SubElement(presence, f"{{{_PIDF}}}tuple", id="location"), f"{{{_PIDF}}}status")
    info = SubElement(SubElement(status, f"{{{_GEOPRIV}}}geopriv"), f"{{{_GEOPRIV}}}location-info")
    address = SubElement(info, f"{{{_CIVIC}}}civicAddress")
    known = {_ALIASES.get(name, name): str(value) for name, value in given.items() if value not in (None, "")}
    if known.get("country") == "USA":
        known["country"] = "US"
    for name in _ELEMENTS:
        if name in known:
            SubElement(address, f"{{{_CIVIC}}}{name}").text = known[name]
    if not len(address):
        return []
    return [("application/pidf+xml", tostring(presence, encoding="utf-8", xml_declaration=True))]
