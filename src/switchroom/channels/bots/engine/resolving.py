"""From words to the value of a slot: built-in types, and lists of values with synonyms."""

import datetime as dt
from typing import Any

import msgspec
import regex
from rapidfuzz import fuzz

from switchroom.channels.bots.engine.builtin import ANYTHING, MENTIONED, READERS, free_form
from switchroom.channels.bots.engine.definition import Locale, Slot, SlotType, mapping
from switchroom.channels.bots.engine.numerals import numeralise

_ALIKE = 84
_MENTIONED_ALIKE = 90
_PATTERN_SECONDS = 0.05
_MORE = regex.compile(r"\s*(?:,|、|\band\b|と|および|\bplus\b)\s*", regex.IGNORECASE)


class SlotValue(msgspec.Struct, frozen=True):
    """What a slot holds. `values` is set where a slot takes several."""

    original: str
    interpreted: str
    resolved: tuple[str, ...] = ()
    values: tuple["SlotValue", ...] = ()

    def written(self) -> dict[str, Any]:
        """In the form of the Lex V2 runtime."""
        value = {
            "originalValue": self.original,
            "interpretedValue": self.interpreted,
            "resolvedValues": list(self.resolved),
        }
        if self.values:
            return {"shape": "List", "value": value, "values": [one.written() for one in self.values]}
        return {"shape": "Scalar", "value": value}


class Resolver:
    """Reads slot values of one locale on one day."""

    def __init__(self, locale: Locale, today: dt.date) -> None:
        self._locale = locale
        self._today = today

    def resolve(self, slot: Slot, text: str, *, strict: bool = False) -> SlotValue | None:
        """The value that a text gives a slot; None when it gives none. `strict`: nothing but the value."""
        if not text.strip():
            return None
        if slot.multiple:
            parts = [self._one(slot, part, strict) for part in _MORE.split(text) if part.strip()]
            known = tuple(part for part in parts if part is not None)
            if len(known) > 1 and len(known) == len(parts):
                return SlotValue(text.strip(), ", ".join(one.interpreted for one in known), values=known)
            one = self._one(slot, text, strict)
            return msgspec.structs.replace(one, values=(one,)) if one is not None else None
        return self._one(slot, text, strict)

    def mentioned(self, slot: Slot, text: str) -> SlotValue | None:
        """The value of a slot that stands somewhere in a sentence, for types that can be told from other words."""
        custom = self._locale.types.get(slot.type)
        if custom is not None:
            return _among(custom, text) if custom.values else None
        if slot.type not in MENTIONED:
            return None
        return self._one(slot, text, False)

    def takes_anything(self, slot: Slot) -> bool:
        """Whether a slot takes whatever is said."""
        custom = self._locale.types.get(slot.type)
        return slot.type in ANYTHING or (custom is not None and not custom.closed and not custom.parent)

    def _one(self, slot: Slot, text: str, strict: bool) -> SlotValue | None:
        custom = self._locale.types.get(slot.type)
        if custom is not None:
            return self._custom(custom, text, strict)
        found = READERS.get(slot.type, free_form)(text, self._today, strict)
        return _single(*found) if found is not None else None

    def _custom(self, kind: SlotType, text: str, strict: bool) -> SlotValue | None:
        if kind.pattern or kind.parent:
            found = READERS.get(kind.parent or "AMAZON.AlphaNumeric", free_form)(text, self._today, strict)
            if found is None or (kind.pattern and not _fits(kind.pattern, found)):
                return None
            if not kind.values:
                return _single(*found)
        listed = _listed(kind, text)
        if listed is not None or kind.closed:
            return listed
        said = " ".join(text.split()).strip(" .,!?。、！？")
        return _single(said, said) if said else None


def read_value(written: Any) -> SlotValue | None:
    """A slot value as a session or a function tells it; None where it is empty."""
    value = mapping(mapping(written).get("value"))
    interpreted = value.get("interpretedValue", value.get("originalValue"))
    several = mapping(written).get("values")
    inner = tuple(filter(None, map(read_value, several))) if isinstance(several, list) else ()
    if interpreted in (None, ""):
        if not inner:
            return None
        interpreted = ", ".join(one.interpreted for one in inner)
    resolved = value.get("resolvedValues")
    known = tuple(str(one) for one in resolved) if isinstance(resolved, list) else ()
    return SlotValue(str(value.get("originalValue") or interpreted), str(interpreted), known, inner)


def _single(original: str, interpreted: str) -> SlotValue:
    return SlotValue(original, interpreted, (interpreted,))


def _fits(pattern: str, found: tuple[str, str]) -> bool:
    """A pattern that cannot be used, or takes too long, lets everything pass."""
    try:
        compiled = regex.compile(pattern)
        candidates = (found[1], found[0], found[1].lower())
        return any(compiled.fullmatch(one, timeout=_PATTERN_SECONDS) for one in candidates)
    except (regex.error, TimeoutError):
        return True


def _listed(kind: SlotType, text: str) -> SlotValue | None:
    """The value that a text is, or is nearly."""
    said = numeralise(text).strip(" .,!?。、！？")
    best, score = None, 0.0
    for value, names in _names(kind):
        for name in names:
            alike = 101.0 if name == said else fuzz.ratio(name, said)
            if alike > score:
                best, score = value, alike
    if best is not None and score >= _ALIKE:
        return _single(text.strip(), best)
    return _among(kind, text)


def _among(kind: SlotType, text: str) -> SlotValue | None:
    """The value that stands in a sentence; the longest name wins."""
    said = numeralise(text)
    found: tuple[int, str, str] | None = None
    for value, names in _names(kind):
        for name in names:
            if name and _within(name, said) and (found is None or len(name) > found[0]):
                found = (len(name), name, value)
    return _single(found[1], found[2]) if found else None


def _within(name: str, said: str) -> bool:
    if name.isascii():
        if regex.search(rf"(?<!\w){regex.escape(name)}(?!\w)", said):
            return True
        return len(name) >= 5 and fuzz.partial_ratio(name, said) >= _MENTIONED_ALIKE and len(said) >= len(name)
    return name in said


def _names(kind: SlotType) -> list[tuple[str, list[str]]]:
    return [(value, [numeralise(one) for one in (value, *synonyms)]) for value, synonyms in kind.values]
