"""How long a caller may take, and which keys end what they type: the `x-amz-lex:` session attributes as plain data.

Attributes name an intent and a slot, each of which may be `*`; the most exact one counts (BLK-074, BLK-076..079).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_SPEECH_MS = 15_000
MOST_DIGITS = 1_024
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Turn:
    """Times in ms. `max_ms`: longest speech; `start_ms`: time to begin; `end_ms`: silence that ends it.

    `interruptible`: speech stops the prompt. Keys stop it in any case.
    """

    max_ms: int = 12_000
    start_ms: int = 3_000
    end_ms: int = 600
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class Keys:
    """How typed digits end: by the `end` key, `timeout_ms` after the last, or `most` of them; `delete` clears them."""

    end: str = "#"
    delete: str = "*"
    timeout_ms: int = 5_000
    most: int = MOST_DIGITS


_TURN, _DIALLED = Turn(), Keys()


class BadAttribute(ValueError):
    """A session attribute is not what it must be; the block goes to its Error branch."""


def turn_of(attributes: Mapping[str, str], intent: str = _ANY, slot: str = _ANY, *, classic: bool = False) -> Turn:
    """The turn that a block's session attributes ask for. `classic`: bots of the first generation.

    Raises BadAttribute, also for a longest speech of more than 15 s.
    """
    names = _CLASSIC if classic else _CURRENT
    found = {part: _find(attributes, name, intent, slot) for part, name in names.items()}
    turn = Turn(
        max_ms=_number(found["max"], _TURN.max_ms),
        start_ms=_number(found["start"], _TURN.start_ms),
        end_ms=_number(found["end"], _TURN.end_ms),
        interruptible=_switch(found["interrupt"], not classic),
    )
    if turn.max_ms > LONGEST_SPEECH_MS:
        raise BadAttribute(f"speech may last {LONGEST_SPEECH_MS} ms, not {turn.max_ms}")
    return turn


def keys_of(attributes: Mapping[str, str], intent: str = _ANY, slot: str = _ANY) -> Keys:
    """The keys that a block's session attributes ask for. Raises BadAttribute."""
    found = {part: _find(attributes, f"x-amz-lex:dtmf:{name}", intent, slot) for part, name in _KEYS.items()}
    most = _number(found["most"], MOST_DIGITS)
    if most > MOST_DIGITS:
        raise BadAttribute(f"at most {MOST_DIGITS} digits can be typed")
    return Keys(
        end=_key(found["end"], _DIALLED.end),
        delete=_key(found["delete"], _DIALLED.delete),
        timeout_ms=_number(found["timeout"], _DIALLED.timeout_ms),
        most=most,
    )


_CURRENT = {
    "max": "x-amz-lex:audio:max-length-ms",
    "start": "x-amz-lex:audio:start-timeout-ms",
    "end": "x-amz-lex:audio:end-timeout-ms",
    "interrupt": "x-amz-lex:allow-interrupt",
}
_CLASSIC = {
    "max": "x-amz-lex:max-speech-duration-ms",
    "start": "x-amz-lex:start-silence-threshold-ms",
    "end": "x-amz-lex:end-silence-threshold-ms",
    "interrupt": "x-amz-lex:barge-in-enabled",
}
_KEYS = {"end": "end-character", "delete": "deletion-character", "timeout": "end-timeout-ms", "most": "max-length"}


def _find(attributes: Mapping[str, str], name: str, intent: str, slot: str) -> str | None:
    for where in ((intent, slot), (intent, _ANY), (_ANY, slot), (_ANY, _ANY)):
        value = attributes.get(f"{name}:{where[0]}:{where[1]}")
        if value is not None:
            return value.strip()
    return None


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdecimal() or not text.isascii() or not 0 < int(text) < 10_000_000:
        raise BadAttribute(f"{text!r} is not a time or number")
    return int(text)


def _switch(text: str | None, otherwise: bool) -> bool:
    if text is None:
        return otherwise
    if text.lower() not in ("true", "false"):
        raise BadAttribute(f"{text!r} is neither true nor false")
    return text.lower() == "true"


def _key(text: str | None, otherwise: str) -> str:
    if text is None:
        return otherwise
    if len(text) != 1 or text not in "0123456789*#":
        raise BadAttribute(f"{text!r} is not a key of a telephone")
    return text
