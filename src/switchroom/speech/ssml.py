"""SSML as Connect speaks it (FLOW-71): text with tags in, pieces to say out. Tags it does not know are ignored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers import expat

from switchroom.speech.pieces import Bleep, Pause, Piece, Say, Style
from switchroom.speech.reading import language_of, read_as

LONGEST_BREAK_MS = 10_000
_BREAKS = {"none": 0, "x-weak": 100, "weak": 250, "medium": 500, "strong": 750, "x-strong": 1_200}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.35, "x-fast": 1.75, "default": 1.0}
_PITCHES = {"x-low": 0.75, "low": 0.87, "medium": 1.0, "high": 1.15, "x-high": 1.33, "default": 1.0}
_DECIBELS = {"silent": -200.0, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 8.0}
_PARAGRAPH_MS, _SENTENCE_MS = 700, 350
_DEEPEST = 64
_TIME = re.compile(r"\+?(\d+(?:\.\d*)?|\.\d+)(ms|s)").fullmatch
_PERCENT = re.compile(r"([+-]?)(\d+(?:\.\d*)?)%").fullmatch
_DECIBEL = re.compile(r"([+-]?\d+(?:\.\d*)?)dB", re.IGNORECASE).fullmatch
_SEMITONES = re.compile(r"([+-]?\d+(?:\.\d*)?)st").fullmatch
_SPEAK = re.compile(r"\s*(<\?xml[^>]*\?>\s*)?<speak[\s/>]", re.IGNORECASE).match


class MalformedSsml(ValueError):
    """The text is not well-formed XML, or holds declarations."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds inside the tags that are open."""

    style: Style = field(default_factory=Style)
    language: str | None = None
    read: Callable[[str, str], str] | None = None
    phonemes: str | None = None
    bleeped: bool = False
    spoken: bool = True


def parse(text: str, language: str = "en-US") -> tuple[Piece, ...]:
    """The pieces of an SSML text in the voice's `language`; `<speak>` is put around it where it is missing.

    Raises MalformedSsml.
    """
    whole = text.strip()
    if not _SPEAK(whole):
        whole = f"<speak>{whole}</speak>"
    reader = _Reader(language)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    try:
        parser.Parse(whole.encode(), True)
    except expat.ExpatError as error:
        raise MalformedSsml(f"the SSML is not well formed: {error}") from None
    return tuple(reader.pieces)


def _refuse(*_: Any) -> None:
    raise MalformedSsml("SSML may hold no declarations")


class _Reader:
    """Collects pieces while the parser walks through the tags."""

    def __init__(self, language: str) -> None:
        self.pieces: list[Piece] = []
        self._language = language
        self._scopes = [_Scope()]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._scopes) > _DEEPEST:
            raise MalformedSsml("the SSML is nested too deeply")
        name = tag.lower()
        self._pause(_pause_at(name, attributes))
        scope = self._scopes[-1]
        opened = _OPENED.get(name)
        self._scopes.append(opened(scope, attributes) if opened else scope)
        if name == "sub" and attributes.get("alias"):
            self._say(scope, attributes["alias"])

    def end(self, tag: str) -> None:
        self._scopes.pop()
        self._pause(_pause_at(tag.lower(), {}) if tag.lower() != "break" else 0)

    def characters(self, text: str) -> None:
        self._say(self._scopes[-1], text)

    def _say(self, scope: _Scope, text: str) -> None:
        if not scope.spoken:
            return
        before = self.pieces[-1] if self.pieces else None
        if not text.strip():
            if isinstance(before, Say) and not before.text.endswith(" "):
                self.pieces[-1] = replace(before, text=f"{before.text} ")
            return
        if scope.bleeped:
            self.pieces.append(Bleep(min(2_000, 250 + 60 * len(text.strip())), scope.style))
            return
        said = Say(self._read(scope, text), scope.style, scope.language, scope.phonemes)
        if isinstance(before, Say) and _alike(before, said):
            self.pieces[-1] = replace(before, text=before.text + said.text)
        else:
            self.pieces.append(said)

    def _read(self, scope: _Scope, text: str) -> str:
        if scope.read is None:
            return text
        inner = text.strip()
        head, _, tail = text.partition(inner)
        return head + scope.read(inner, scope.language or self._language) + tail

    def _pause(self, ms: int) -> None:
        before = self.pieces[-1] if self.pieces else None
        if ms and isinstance(before, Pause):
            self.pieces[-1] = Pause(before.ms + ms)
        elif ms:
            self.pieces.append(Pause(ms))


def _alike(one: Say, other: Say) -> bool:
    plain = one.phonemes is None and other.phonemes is None
    return plain and (one.style, one.language) == (other.style, other.language)


def _pause_at(name: str, attributes: Mapping[str, str]) -> int:
    """Milliseconds of silence that a tag makes; half of it where it opens, half where it closes, for p and s."""
    if name == "p":
        return _PARAGRAPH_MS // 2
    if name == "s":
        return _SENTENCE_MS // 2
    if name != "break":
        return 0
    given = _TIME(attributes.get("time", "").strip())
    if given:
        return min(LONGEST_BREAK_MS, round(float(given[1]) * (1_000 if given[2] == "s" else 1)))
    return _BREAKS.get(attributes.get("strength", "medium").strip(), _BREAKS["medium"])


def _lang(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    return replace(scope, language=attributes.get("xml:lang") or scope.language)


def _prosody(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    style = scope.style
    return replace(
        scope,
        style=replace(
            style,
            rate=_bounded(style.rate * _factor(attributes.get("rate", ""), _RATES, relative=False), 0.2, 3.0),
            pitch=_bounded(style.pitch * _pitch(attributes.get("pitch", "")), 0.5, 2.0),
            volume=_bounded(style.volume * _gain(attributes.get("volume", "")), 0.0, 4.0),
        ),
    )


def _say_as(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    kind = attributes.get("interpret-as", "").strip().lower()
    if kind == "expletive":
        return replace(scope, bleeped=True)
    form = attributes.get("format", "").strip().lower()

    def read(text: str, language: str) -> str:
        return read_as(kind, text, form, language_of(language))

    return replace(scope, read=read)


def _phoneme(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    known = attributes.get("alphabet", "ipa").strip().lower() == "ipa" and attributes.get("ph", "").strip()
    return replace(scope, phonemes=known or None)


def _sub(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    return replace(scope, spoken=not attributes.get("alias") and scope.spoken)


def _effect(scope: _Scope, attributes: Mapping[str, str]) -> _Scope:
    whispered = attributes.get("name", "").strip().lower() == "whispered"
    return replace(scope, style=replace(scope.style, whispered=True)) if whispered else scope


_OPENED: dict[str, Callable[[_Scope, Mapping[str, str]], _Scope]] = {
    "speak": _lang,
    "lang": _lang,
    "p": _lang,
    "s": _lang,
    "prosody": _prosody,
    "say-as": _say_as,
    "phoneme": _phoneme,
    "sub": _sub,
    "amazon:effect": _effect,
}


def _factor(text: str, names: Mapping[str, float], *, relative: bool) -> float:
    """`medium`, `80%`, `+10%`; without a sign a percentage is of the whole, unless it is always `relative`."""
    given = _PERCENT(text.strip())
    if given is None:
        return names.get(text.strip(), 1.0)
    share = float(given[2]) / 100
    if not given[1] and not relative:
        return share
    return 1 + (-share if given[1] == "-" else share)


def _pitch(text: str) -> float:
    given = _SEMITONES(text.strip())
    return float(2 ** (float(given[1]) / 12)) if given else _factor(text, _PITCHES, relative=True)


def _gain(text: str) -> float:
    given = _DECIBEL(text.strip())
    decibels = float(given[1]) if given else _DECIBELS.get(text.strip(), 0.0)
    return float(10 ** (decibels / 20))


def _bounded(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
