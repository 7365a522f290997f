"""Whether a call may leave, and with which caller ID (numbers-outbound.md, sections 5 and 6)."""

import re

import phonenumbers

from switchroom.base.errors import ServiceError, invalid_parameter, limit_exceeded
from switchroom.core.config import Configuration, QueueSettings
from switchroom.core.turn import Turn

EMERGENCY = frozenset({"911", "933"})
"""Dialled without looking at countries or quotas; 933 is the test of the former (NUM-65, NUM-66)."""
_E164 = re.compile(r"\+[1-9][0-9]{3,14}")
_UIFN = re.compile(r"\+800[0-9]{8}")


def normal_number(raw: str, country: str = "US") -> str:
    """A number in E.164, from international form or the national form of a country (NUM-53).

    Raises InvalidParameterException.
    """
    text = raw.strip()
    if text in EMERGENCY:
        return text
    compact = re.sub(r"[\s().\-]", "", text)
    if _E164.fullmatch(compact):
        return compact
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise invalid_parameter(f"{raw} is not a phone number; write it as +, country code, number") from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def country_of(number: str) -> str:
    """ISO code of the country of an E.164 number; empty when it has none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    if region is None and parsed.country_code is not None:
        region = phonenumbers.region_code_for_country_code(parsed.country_code)
    return region if region and len(region) == 2 and region != "ZZ" else ""


def admit(turn: Turn, number: str) -> None:
    """Checks 1, 4, 5, 6 and 8 on an outbound leg; the first failure ends the attempt."""
    voice = turn.config.voice
    if not voice.outbound:
        raise ServiceError("OutboundContactNotPermittedException", "This instance may not make outbound calls")
    if number in EMERGENCY:
        return
    if _UIFN.fullmatch(number):
        raise ServiceError("DestinationNotAllowedException", f"{number} is a universal freephone number")
    allowed = country_of(number) in voice.countries and not number.startswith(voice.blocked_prefixes)
    if number not in turn.config.numbers and not allowed:
        raise ServiceError("DestinationNotAllowedException", f"Calls to {number} are not allowed")
    check_quota(turn)


def check_quota(turn: Turn) -> None:
    """Concurrent calls of the instance."""
    limit = turn.config.quotas.calls
    if len(turn.state.calls) >= limit:
        raise limit_exceeded(f"The quota of {limit} concurrent active calls is reached")


def caller_of(config: Configuration, queue: QueueSettings | None, chosen: str | None = None) -> str:
    """The caller ID number (NUM-54..58): what a flow chose, else the queue's.

    A chosen text that is no E.164 number falls back to the queue's; one that is not the instance's own is refused.
    Raises OutboundContactNotPermittedException.
    """
    if chosen and _E164.fullmatch(chosen):
        if chosen in config.numbers:
            return chosen
        raise ServiceError("OutboundContactNotPermittedException", f"{chosen} is not a number of this instance")
    number = queue.outbound_caller_number if queue is not None else None
    if number is None:
        name = queue.name if queue is not None else "none"
        raise ServiceError(
            "OutboundContactNotPermittedException", f"The outbound queue ({name}) has no outbound caller ID number"
        )
    return number


def check_pair(config: Configuration, caller: str | None, number: str) -> None:
    """A caller ID that its kind of number does not allow for this destination (NUM-59, NUM-60)."""
    own = config.numbers.get(caller or "")
    if own is None or number in EMERGENCY:
        return
    if own.type == "UIFN":
        raise ServiceError("OutboundContactNotPermittedException", "A universal freephone number cannot be a caller ID")
    abroad = own.country and country_of(number) not in ("", own.country)
    if own.type == "TOLL_FREE" and abroad:
        raise ServiceError(
            "OutboundContactNotPermittedException",
            "A toll-free number cannot be the caller ID of an international call",
        )
