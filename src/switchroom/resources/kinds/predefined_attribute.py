"""Predefined attributes (ROUT-43..45): the names and values that proficiencies and routing criteria may use."""

import regex

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Resource, View, declare

MAX_LENGTH = 64
_FORM = regex.compile(r"^(?!(?:aws:|connect:))[\p{L}\p{Z}\p{N}_.:/=+\-@']+$")

LANGUAGES = [
    "Arabic",
    "Chinese",
    "Danish",
    "Dutch",
    "English",
    "French",
    "German",
    "Hindi",
    "Italian",
    "Japanese",
    "Korean",
    "Polish",
    "Portuguese",
    "Russian",
    "Spanish",
    "Swedish",
    "Turkish",
]
SYSTEM = {
    "connect:Language": [f"connect:{language}" for language in LANGUAGES],
    "connect:Subtype": [f"connect:{subtype}" for subtype in ("Task", "Chat", "SMS", "Telephony", "WebRTC", "Guide")],
}
"""Attributes every instance has, with the values nobody can change (ROUT-44)."""


def values(document: Document) -> list[str]:
    """The values of an attribute."""
    found: list[str] = (document.body.get("Values") or {}).get("StringList") or []
    return found


def _check(view: View, document: Document, before: Document | None) -> None:
    fixed = SYSTEM.get(document.name)
    if fixed is None:
        _check_text(document.name, "name")
    elif document.name == "connect:Subtype" and values(document) != fixed:
        raise invalid_parameter("The values of connect:Subtype cannot be changed")
    elif not set(fixed) <= set(values(document)):
        raise invalid_parameter(f"The values of {document.name} that start with connect: cannot be removed")
    own = [value for value in values(document) if value not in (fixed or ())]
    for value in own:
        _check_text(value, "value")
    folded = [value.casefold() for value in values(document)]
    if len(set(folded)) != len(folded):
        raise ServiceError("InvalidParameterException", "The values must differ in more than upper and lower case")
    limit = quotas.applied(view, document.instance, "PREDEFINED_ATTRIBUTE_VALUES")
    if len(own) > limit:
        raise invalid_parameter(f"An attribute can have at most {limit} values")


def _check_text(text: str, what: str) -> None:
    if len(text) > MAX_LENGTH:
        raise invalid_parameter(f"The {what} of a predefined attribute has at most {MAX_LENGTH} characters")
    if not _FORM.match(text):
        raise invalid_parameter(
            f"The {what} {text!r} of a predefined attribute has characters that are not allowed, or starts with "
            "aws: or connect:"
        )


PREDEFINED_ATTRIBUTE = declare(
    Resource(
        kind="predefined-attribute",
        label="Predefined attribute",
        arn="predefined-attribute/{id}",
        names=Names.FOLDED,
        quota=Quota("PREDEFINED_ATTRIBUTES"),
        counted=lambda document: document.name not in SYSTEM,
        check=_check,
    )
)
