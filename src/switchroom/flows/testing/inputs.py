"""What the customer of a scenario does, and how it is written.

- "1"                    keys where keys are awaited, else words
- says: I want to buy    words, in a chat or on a call
- keys: "123#"
- waits                  until whatever the flow waits for takes its course; `waits: 10m` for that long
- silence                nothing, where an answer is awaited
- returns                writes again after a pause
- answers                the telephone that was called, by the customer or a third party
- leaves, busy, no answer    what a third party does; what the bot that a Wait block waits for does
- hangs up               ends the contact
"""

import re
from typing import Any, Literal

import msgspec

from switchroom.flows.language import text_of

InputKind = Literal[
    "any", "says", "keys", "waits", "silence", "returns", "answers", "leaves", "busy", "no answer", "hangs up"
]

_WORDS: tuple[InputKind, ...] = ("waits", "silence", "returns", "answers", "leaves", "busy", "no answer", "hangs up")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")


class DescriptionError(Exception):
    """The description of a scenario cannot be used; the text tells why."""


class Input(msgspec.Struct, frozen=True):
    """One thing the customer does. `ms` is the time of `waits`, None: as long as it takes."""

    kind: InputKind
    text: str = ""
    ms: int | None = None


def read_input(raw: Any) -> Input:
    """An input as it is written in a description. Raises DescriptionError."""
    if isinstance(raw, dict) and len(raw) == 1:
        (kind, value), *_ = raw.items()
        if kind == "waits":
            return Input("waits", ms=milliseconds(value))
        if kind in ("says", "keys"):
            return Input(kind, text_of(value))
    if isinstance(raw, (str, int, float)) and not isinstance(raw, bool):
        text = text_of(raw)
        for word in _WORDS:
            if text == word:
                return Input(word)
        return Input("any", text)
    raise DescriptionError(f"A customer cannot do {raw!r}")


def milliseconds(value: Any) -> int:
    """A time: `90` (seconds), `90s`, `10m`, `2h`, `250ms`. Raises DescriptionError."""
    found = _TIME.fullmatch(str(value).strip())
    if found is None:
        raise DescriptionError(f"{value!r} is not a time; write 90s, 10m or 2h")
    return round(float(found.group(1)) * _UNITS[found.group(2) or "s"])
