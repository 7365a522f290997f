"""Pieces to samples: which engine says what, sentence by sentence, and how it is coloured."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from switchroom.speech import ssml
from switchroom.speech.effects import bleep, coloured, whispered
from switchroom.speech.pieces import Bleep, Pause, Say, Style
from switchroom.speech.reading import language_of, readable
from switchroom.speech.voice import Voice
from switchroom.speech.voices import Speaker, Voices
from switchroom.speech.wav import RATE, Floats, resampled

MAX_CHARACTERS = 6_000
_BETWEEN_SENTENCES_MS = 120
_LONGEST_SENTENCE = {"ja": 80}
_LONGEST_OTHER = 240
_CLAUSE = re.compile(r"(?<=[,;:、，])|(?<=\s)")

Part = Callable[[], Floats]
"""Some of the sound, at 8 kHz; each takes tens of milliseconds to make, so that others get their turn in between."""


class Unspeakable(ValueError):
    """The text cannot be spoken; the message says why."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """Makes parts of texts."""

    voices: Voices

    def parts(self, text: str, marked: bool, speaker: Speaker) -> list[Part]:
        """What a text consists of; `marked` texts are SSML. Raises Unspeakable, MalformedSsml."""
        if len(text) > MAX_CHARACTERS:
            raise Unspeakable(f"a text may have {MAX_CHARACTERS} characters")
        text = text.encode("utf-8", "ignore").decode()
        pieces = ssml.parse(text, speaker.language) if marked else (Say(text),)
        parts: list[Part] = []
        for piece in pieces:
            if isinstance(piece, Pause):
                parts.append(_silence(piece.ms))
            elif isinstance(piece, Bleep):
                parts.append(_bleep(piece))
            else:
                parts.extend(self._sentences(piece, speaker))
        return parts

    def _sentences(self, piece: Say, speaker: Speaker) -> list[Part]:
        language = piece.language or speaker.language
        engine = self.voices.engine(language)
        text = engine.sayable(readable(piece.text, language_of(language)))
        if not text:
            return []
        if piece.phonemes:
            return [_spoken(engine, text, piece.style, speaker, piece.phonemes)]
        parts: list[Part] = []
        longest = _LONGEST_SENTENCE.get(engine.language, _LONGEST_OTHER)
        for sentence in engine.sentences(text):
            if parts:
                parts.append(_silence(_BETWEEN_SENTENCES_MS))
            parts.extend(_spoken(engine, clause, piece.style, speaker) for clause in _clauses(sentence, longest))
        return parts


def _clauses(sentence: str, longest: int) -> Iterator[str]:
    """A sentence that an engine would take too long for, or lose its breath in, cut where that is heard least."""
    pieces = (part[at : at + longest] for part in _CLAUSE.split(sentence) for at in range(0, len(part), longest))
    clause = ""
    for piece in pieces:
        if clause and len(clause) + len(piece) > longest:
            yield clause
            clause = ""
        clause += piece
    if clause.strip():
        yield clause


def _spoken(engine: Voice, sentence: str, style: Style, speaker: Speaker, phonemes: str | None = None) -> Part:
    def make() -> Floats:
        pitch = speaker.tone * style.pitch
        # The lower voice is the same samples played slower: so they are spoken faster first.
        sound = coloured(engine.say(sentence, style.rate * speaker.rate / pitch, phonemes), pitch)
        if style.whispered:
            sound = whispered(sound, engine.rate)
        return resampled(sound, engine.rate) * np.float32(style.volume)

    return make


def _silence(ms: int) -> Part:
    return lambda: np.zeros(ms * RATE // 1_000, np.float32)


def _bleep(piece: Bleep) -> Part:
    return lambda: bleep(piece.ms, RATE) * np.float32(piece.style.volume)
